"""Workbooks by XlsxWriter: text stays text, units under the headings, repeatable bytes."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang, format_date
from virkestoff.reports.document import Column
from virkestoff.reports.output import printable, with_fixed_dates, write_whole
from virkestoff.reports.theme import GREY
from virkestoff.reports.words import word

__all__ = ["Sheet", "Value", "write_xlsx"]

Value = str | float | int | bool | date | None
WIDEST = 60
"""Letters a column shows before its text runs on."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_LONGEST_TEXT = 32767


@dataclass(frozen=True)
class Sheet:
    """A sheet: columns (a title, or a Column with its unit), rows, and notes below them."""

    name: str
    columns: tuple[str | Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()


def write_xlsx(path: Path, sheets: Sequence[Sheet], as_of: date, lang: Lang) -> None:
    """Write a workbook; equal sheets give equal bytes.

    A text that starts with ``=``, ``+``, ``-`` or ``@`` is written as text, never as a formula,
    and an address is never made a link. A number that is not finite is left empty, and an empty
    text is an empty cell, so that counts and filters of blanks find it.

    Raises
    ------
    InputError
        if two sheets have one name, a row has the wrong length, or the folder cannot be written.
    """
    _check(sheets)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {
                "author": "Virkestoff",
                "created": datetime(as_of.year, as_of.month, as_of.day),
                "comments": f"{word('as_of', lang)} {format_date(as_of, lang)}",
            }
        )
        formats = {
            "head": book.add_format({"bold": True, "bottom": 2, "text_wrap": True,
                                     "valign": "bottom"}),
            "unit": book.add_format({"font_color": GREY, "italic": True}),
            "note": book.add_format({"font_color": GREY}),
            "text": book.add_format({"valign": "top", "num_format": "@"}),
            "whole": book.add_format({"num_format": "0"}),
            "small": book.add_format({"num_format": "0.000"}),
            "large": book.add_format({"num_format": "#,##0"}),
            "middle": book.add_format({"num_format": "#,##0.0"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        }  # fmt: skip
        for sheet in sheets:
            _write(book.add_worksheet(_name(sheet.name)), sheet, formats, as_of, lang)
    write_whole(path, with_fixed_dates(buffer.getvalue(), as_of))


def _name(name: str) -> str:
    """A sheet name that spreadsheets accept."""
    plain = _FORBIDDEN.sub(" ", printable(name)).strip().strip("'")
    return plain[:_LONGEST_NAME] or "-"


def _check(sheets: Sequence[Sheet]) -> None:
    faults = []
    names = [_name(sheet.name).casefold() for sheet in sheets]
    for i, sheet in enumerate(sheets):
        if names[i] in names[:i]:
            faults.append(Fault(f"sheet '{sheet.name}'", "has the name of a sheet before it"))
        for r, row in enumerate(sheet.rows, 1):
            if len(row) != len(sheet.columns):
                faults.append(
                    Fault(
                        f"sheet '{sheet.name}' row {r}",
                        f"has {len(row)} values, and {len(sheet.columns)} columns",
                    )
                )
    if faults:
        raise InputError(faults)


def _write(page: Any, sheet: Sheet, formats: dict[str, Any], as_of: date, lang: Lang) -> None:
    columns = [c if isinstance(c, Column) else Column(c) for c in sheet.columns]
    has_units = any(column.unit for column in columns)
    for i, column in enumerate(columns):
        page.write_string(0, i, printable(column.title), formats["head"])
        if has_units:
            if column.unit:
                page.write_string(1, i, printable(column.unit), formats["unit"])
            else:
                page.write_blank(1, i, None, formats["unit"])
    first = 2 if has_units else 1
    for r, row in enumerate(sheet.rows, first):
        for i, value in enumerate(row):
            _cell(page, r, i, value, formats)
    end = first + len(sheet.rows)
    lines = (*sheet.notes, f"{word('as_of', lang)} {format_date(as_of, lang)}")
    for r, note in enumerate(lines, end + 1):
        page.write_string(r, 0, printable(note), formats["note"])
    page.freeze_panes(first, 1)
    if sheet.rows:
        page.autofilter(first - 1, 0, end - 1, len(columns) - 1)
    for i, column in enumerate(columns):
        shown = [len(str(row[i])) for row in sheet.rows if isinstance(row[i], str)]
        longest = max([len(column.title), len(column.unit), 10, *shown])
        page.set_column(i, i, min(WIDEST, longest + 2))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, first - 1)


def _cell(page: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None)
    elif isinstance(value, str):
        page.write_string(row, column, printable(value)[:_LONGEST_TEXT], formats["text"])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, int):
        page.write_number(row, column, value, formats["whole"])
    elif math.isfinite(value):
        size = abs(value)
        name = "large" if size >= 1000 else "middle" if size >= 10 else "small"
        page.write_number(row, column, value, formats[name])
    else:
        page.write_blank(row, column, None)
