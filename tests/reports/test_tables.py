"""Column widths. Oracle: widths of the font, lines counted by hand; no column is lost."""

from __future__ import annotations

from virkestoff.reports import Column, Table
from virkestoff.reports.fonts import width_of
from virkestoff.reports.tables import column_widths, is_tight, row_lines, whole_columns


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


def test_long_text_takes_what_short_answers_leave() -> None:
    heads = tuple(Column(h) for h in ("Sted", "Tabletter", "Mikstur", "Virkestoff", "Hvorfor"))
    rows = tuple((f"Sted {i}", "ja", "nei", "uvisst", "lang begrunnelse " * 9) for i in range(31))
    widths = column_widths(Table("t", "c", heads, rows), "nb", 50)
    assert sum(widths) > 0.98
    assert widths[4] > 0.5
    assert max(widths[1:4]) < 0.16


def test_a_line_of_text_is_not_broken_where_that_saves_none() -> None:
    heads = (Column("a"), Column("b"))
    rows = (("to ord", "x " * 30), ("to ord", "x " * 30))
    made = Table("t", "c", heads, rows)
    assert column_widths(made, "nb", 20)[0] * 20 >= width_of("to ord")
    assert row_lines(made, "nb", 20) == [2, 2]


def test_the_width_of_letters_is_that_of_the_font() -> None:
    """The advance of every figure in Source Sans Pro Regular is 497 of 1000 units."""
    assert width_of("0123456789") == 4.97
    assert width_of("l") < width_of("m")
