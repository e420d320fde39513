"""Whatever stands in a study's files: either it loads, or one error lists faults with their place.

Oracle: no exception other than ``InputError`` may leave the loader, for every leaf of the example
study replaced by every odd value, and for every key left out.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library, read_yaml
from virkestoff.reports.study_report import check_prose
from virkestoff.studies import load_definition

ODD = (None, -1, 0.5, "", "x", True, [], {}, ["x"], {"x": 1}, "2026-13-45", 10**400)
EXAMPLE = content_root() / "studies" / "example"


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key path in nested mappings and lists."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield (*above, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*above, key))


def changed(data: Any, place: tuple[Any, ...], value: Any, *, is_left_out: bool = False) -> Any:
    result = copy.deepcopy(data)
    inner = result
    for key in place[:-1]:
        inner = inner[key]
    if is_left_out:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return result


@pytest.fixture(scope="module")
def our_library() -> Library:
    return load_library(content_root() / "library")


def _is_refused(folder: Path, data: Any, library: Library) -> bool:
    """Whether the study is refused; any other exception than an InputError goes through."""
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    try:
        definition, joined = load_definition(folder, library)
        check_prose(folder, definition, joined, ("nb",))
    except InputError as problem:
        assert problem.faults
        assert all(fault.where and fault.what for fault in problem.faults)
        return True
    return False


def test_every_leaf_of_study_yaml_may_be_odd(tmp_path: Path, our_library: Library) -> None:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    data = read_yaml(EXAMPLE / "study.yaml")
    all_places = list(places(data))
    n_refused = 0
    for i, place in enumerate(all_places):
        for value in (ODD[i % len(ODD)], ODD[(5 * i + 3) % len(ODD)], ODD[(7 * i + 1) % len(ODD)]):
            n_refused += _is_refused(folder, changed(data, place, value), our_library)
        _is_refused(folder, changed(data, place, None, is_left_out=True), our_library)
    assert n_refused > len(all_places), "nearly all odd values are refused"
    assert not _is_refused(folder, data, our_library)


def test_what_no_study_can_lack_is_missed(tmp_path: Path, our_library: Library) -> None:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    data = read_yaml(EXAMPLE / "study.yaml")
    needed = (
        "study", "title", "question", "commission", "as_of", "price_year", "years", "baseline",
        "actors", "levers", "alternatives", "outcomes",
    )  # fmt: skip
    for key in needed:
        assert _is_refused(folder, changed(data, (key,), None, is_left_out=True), our_library), key


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "x", "a: b: c", "\ufeff", "{", "a: &x 1\nb: *x", "? [a]\n: 1", "<<: {a: 1}",
        "a: !!python/object:os.system x", "\x00", "- " * 3000,
    ],
)  # fmt: skip
def test_files_that_are_no_study(tmp_path: Path, our_library: Library, text: str) -> None:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"example/study\.yaml"):
        load_definition(folder, our_library)
