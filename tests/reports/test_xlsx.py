"""Workbooks. Oracle: openpyxl reads them back; the file format's rules on formulas and names."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from virkestoff.errors import InputError
from virkestoff.reports import Column, Sheet, write_xlsx

DAY = date(2026, 11, 1)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    texts = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", '=HYPERLINK("x")', "http://x.example", "\x07a")
    write_xlsx(tmp_path / "a.xlsx", [Sheet("s", ("t",), tuple((t,) for t in texts))], DAY, "en")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["s"]
    cells = [page.cell(i, 1) for i in range(2, 2 + len(texts))]
    assert [c.data_type for c in cells] == ["s"] * len(texts)
    assert [c.value for c in cells] == [*texts[:-1], "a"]
    assert all(c.hyperlink is None for c in cells)


def test_units_notes_and_numbers(tmp_path: Path) -> None:
    sheet = Sheet(
        "kost/nad",
        (Column("Alternativ"), Column("Kostnad", "NOK/kg"), Column("År")),
        (("a", 1234.5, 2025), ("b", float("nan"), None), ("", 0, 2025)),
        ("Priser fra basisåret.",),
    )
    write_xlsx(tmp_path / "a.xlsx", [sheet], DAY, "nb")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    page = book["kost nad"]
    rows = [[c.value for c in row] for row in page.iter_rows(max_row=5)]
    assert rows == [
        ["Alternativ", "Kostnad", "År"], [None, "NOK/kg", None], ["a", 1234.5, 2025],
        ["b", None, None], [None, 0, 2025],
    ]  # fmt: skip
    assert page["A5"].data_type == "n"  # as openpyxl calls a cell without a value; a text is "s"
    assert page["A7"].value == "Priser fra basisåret."
    assert book.properties.created == datetime(2026, 11, 1)


def test_equal_sheets_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, [Sheet("s", ("t",), (("x",), ("y",)))], DAY, "en")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_all_faults_are_told(tmp_path: Path) -> None:
    sheets = [Sheet("s", ("t",), ((1, 2),)), Sheet("S", ("t",), ())]
    with pytest.raises(InputError) as caught:
        write_xlsx(tmp_path / "a.xlsx", sheets, DAY, "en")
    assert len(caught.value.faults) == 2
    assert not (tmp_path / "a.xlsx").exists()


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_xlsx(tmp_path / "no" / "a.xlsx", [Sheet("s", ("t",), ())], DAY, "en")
