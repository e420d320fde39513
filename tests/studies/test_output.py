"""Everything or nothing is written."""

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.studies import atomic_folder, check_writable, dump_json, read_results


def test_a_failed_run_leaves_the_old_results_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with atomic_folder(out) as draft:
        (draft / "a").write_text("old")
    with pytest.raises(RuntimeError), atomic_folder(out) as draft:
        (draft / "a").write_text("new")
        raise RuntimeError
    assert (out / "a").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is no folder"):
        check_writable(tmp_path / "file" / "out")


def test_json_is_rounded_and_refuses_what_is_not_finite() -> None:
    assert dump_json({"a": [1 / 3, -0.0]}) == '{\n "a": [\n  0.333333333,\n  0.0\n ]\n}\n'
    with pytest.raises(InputError, match="not finite"):
        dump_json({"a": float("nan")})


def test_reading_what_is_no_results_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Run the study first"):
        read_results(tmp_path)
    for text, message in (("{", "JSON"), ("{}", "no results file")):
        (tmp_path / "results.json").write_text(text)
        with pytest.raises(InputError, match=message):
            read_results(tmp_path)
