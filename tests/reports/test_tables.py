"""Column widths. Oracle: letters counted by hand; every column stands in exactly one part."""

from __future__ import annotations

from virkestoff.reports import Column, Table
from virkestoff.reports.tables import column_widths, is_tight, whole_columns


def table(n_columns: int, cell: str = "1\u202f234") -> Table:
    heads = (Column("Alternativ"), *(Column(f"k{i}", "", "right") for i in range(n_columns)))
    return Table("t", "c", heads, (("lager", *([cell] * n_columns)),))


def test_a_narrow_table_stays_narrow_and_whole() -> None:
    assert sum(column_widths(table(2), "nb", 100)) < 0.5
    assert whole_columns(table(2), "nb", 100) == (table(2),)


def test_a_wide_table_is_divided_and_loses_no_column() -> None:
    parts = whole_columns(table(12, "2\u202f350 (1\u202f410 til 4\u202f000)"), "nb", 100)
    assert len(parts) > 1
    assert all(part.columns[0].title == "Alternativ" for part in parts)
    shown = [column.title for part in parts for column in part.columns[1:]]
    assert shown == [f"k{i}" for i in range(12)]
    assert not any(is_tight(part, "nb", 100) for part in parts)


def test_a_number_with_a_thin_space_is_one_word() -> None:
    wide, narrow = (column_widths(table(1, cell), "nb", 100)[1] for cell in ("1\u202f234", "1"))
    assert wide > narrow


def test_widths_never_exceed_the_page() -> None:
    for letters in (10, 50, 200):
        assert sum(column_widths(table(8, "x" * 30), "nb", letters)) <= 1 + 1e-9
