"""The bulk file read in parts: the same tables, records and faults as the file read whole.

Oracle: the same records read whole (a file of one record a line is never cut), and what stands in
the file as written here.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from virkestoff.errors import InputError
from virkestoff.evidence.snapshots import Held
from virkestoff.industry import file_check
from virkestoff.industry.file_parts import Parts
from virkestoff.industry.orgnr import check_digit
from virkestoff.industry.register import import_files

DAY = date(2026, 10, 1)


def unit(k: int, **more: Any) -> dict[str, Any]:
    first = str(80_000_000 + k)
    last = check_digit(first)
    return {
        "organisasjonsnummer": f"{first}{'0' if last is None else last}",
        "navn": f'  FIKTIV "{k}" }},{{ \\ Å AS\u00a0',
        "organisasjonsform": {"kode": "ENK" if k % 5 == 0 else "AS"},
        "naeringskode1": {"kode": "21.200"},
        "stiftelsesdato": "2001-02-03",
        "vedtektsfestetFormaal": ["legemidler ", f"nummer {k}"],
        **more,
    }


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> list[Parts]:
    """Parts of some hundred bytes, from pieces of the same size; all that were made."""
    made: list[Parts] = []

    def parts(folder: Path, first_key: str) -> Parts:
        made.append(Parts(folder, first_key, size=2_000))
        return made[-1]

    monkeypatch.setattr(file_check, "Parts", parts)
    monkeypatch.setattr("virkestoff.industry.register_files._PART", 700)
    return made


def imported(path: Path, folder: Path) -> Held:
    return import_files([path], folder, as_of=DAY)[0].held


def tables(held: Held) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    apart = (held.folder / "set_apart.csv").read_text("utf-8")
    names = ("units", "persons")
    units, persons = (pl.read_parquet(held.folder / f"{name}.parquet") for name in names)
    return units, persons, apart


RECORDS = [unit(k) for k in range(1, 120)]
RECORDS[40] = RECORDS[40] | {"organisasjonsnummer": "123"}
RECORDS[90] = RECORDS[12]  # in another part
RECORDS[100] = RECORDS[30] | {"navn": "ANOTHER"}


@pytest.mark.parametrize("indent", [None, 1])
def test_parts_give_the_tables_of_the_whole(
    tmp_path: Path, small_parts: list[Parts], indent: int | None
) -> None:
    array, lines = tmp_path / "e.json", tmp_path / "lines.json"
    array.write_text(json.dumps(RECORDS, ensure_ascii=False, indent=indent), encoding="utf-8")
    lines.write_text(
        "\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS), encoding="utf-8"
    )
    cut, whole = imported(array, tmp_path / "a"), imported(lines, tmp_path / "b")
    (parts,) = small_parts
    assert parts.is_whole and parts._n > 5
    for one, other in zip(tables(cut), tables(whole), strict=True):
        assert one.equals(other) if isinstance(one, pl.DataFrame) else one == other
    assert cut.manifest.n_records == len(RECORDS)
    units, _, apart = tables(cut)
    assert {"41", "91", "101"} <= {line.split(",")[0] for line in apart.splitlines()}
    assert units["record"].to_list() == sorted(units["record"])
    assert units.filter(pl.col("record") == 119)["name"].to_list() == ['FIKTIV "119" },{ \\ Å AS']
    assert sorted(p.name for p in cut.folder.iterdir()) == sorted(
        p.name for p in whole.folder.iterdir()
    )


def test_records_inside_records_do_not_end_a_part(
    tmp_path: Path, small_parts: list[Parts]
) -> None:
    """A list of units inside a unit looks like the outer one: then the file is read whole."""
    inner = [{"organisasjonsnummer": str(k)} for k in range(400)]
    path = tmp_path / "e.json"
    path.write_text(json.dumps([unit(1), unit(2, andre=inner), unit(3)]), encoding="utf-8")
    units, _, apart = tables(imported(path, tmp_path / "a"))
    assert units["record"].to_list() == [1, 2, 3]
    assert apart.count("\n") == 1


def test_a_record_of_another_shape_is_named_as_in_the_whole(
    tmp_path: Path, small_parts: list[Parts]
) -> None:
    records = [*RECORDS[:60], unit(60, organisasjonsform="AS"), 5, *RECORDS[62:]]
    path = tmp_path / "e.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    units, _, apart = tables(imported(path, tmp_path / "a"))
    assert {"61", "62"} <= {line.split(",")[0] for line in apart.splitlines()}
    assert units["record"].max() == 119


@pytest.mark.parametrize(("end", "what"), [("", "is not JSON"), ("] x", "is not JSON")])
def test_a_file_that_is_no_json_is_refused(
    tmp_path: Path, small_parts: list[Parts], end: str, what: str
) -> None:
    path = tmp_path / "e.json"
    path.write_text(json.dumps(RECORDS)[:-1] + end, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        imported(path, tmp_path / "a")
    assert [p for p in (tmp_path / "a").rglob("*") if p.is_file()] == []


def test_a_file_that_is_not_sound_is_refused(tmp_path: Path, small_parts: list[Parts]) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(json.dumps(RECORDS, ensure_ascii=False).encode("cp1252"))
    with pytest.raises(InputError, match="not UTF-8"):
        imported(path, tmp_path / "a")


def test_parts_without_a_place_to_cut_are_given_up(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "p", "organisasjonsnummer", size=100)
    for _ in range(5):
        parts.take(b'[{"navn": "' + b"x" * 90)
    assert parts.is_closed
    parts.end()
    assert not parts.is_whole and parts.next() is None
