"""The study to start from. Oracle: it loads as it is, under its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import content_root, read_yaml
from virkestoff.studies import template


def test_the_copy_has_its_own_name_and_all_else_of_the_example(tmp_path: Path) -> None:
    files = template.write_template(tmp_path / "my_study")
    assert [path.name for path in files] == [
        "brief.en.md", "brief.nb.md", "report.en.md", "report.nb.md", "study.py", "study.yaml",
    ]  # fmt: skip
    example = read_yaml(content_root() / "studies" / "example" / "study.yaml")
    copy = read_yaml(tmp_path / "my_study" / "study.yaml")
    assert copy.pop("study") == "my_study"
    assert example.pop("study") == "example"
    assert copy == example
    for name in ("brief.en.md", "brief.nb.md", "report.en.md", "report.nb.md", "study.py"):
        original = content_root() / "studies" / "example" / name
        assert (tmp_path / "my_study" / name).read_bytes() == original.read_bytes()


@pytest.mark.parametrize("name", ["Study", "1study", "my-study", "my study", "æøå", "x" * 61])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="is no name for a study"):
        template.write_template(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("x")
    (tmp_path / "a_folder").mkdir()
    for name in ("a_file", "a_folder"):
        with pytest.raises(InputError, match="is there already"):
            template.write_template(tmp_path / name)
    assert (tmp_path / "a_file").read_text() == "x"
    assert list((tmp_path / "a_folder").iterdir()) == []


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("x")
    with pytest.raises(InputError, match="is no folder"):
        template.write_template(tmp_path / "a_file" / "study")
    assert [p.name for p in tmp_path.iterdir()] == ["a_file"]
