"""Lines of capacity as a workbook: written to be filled in, and read as if it were an attack.

A file is bounded before it is opened, formulas and macros are refused, and every fault is named by
its row; either all lines of a file are taken or none.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree

from virkestoff.facilities import Register, Window
from virkestoff.language import Text
from virkestoff_hub.facilities.line_entry import (
    HEAD,
    NAME,
    PERIOD,
    head_of,
    periods_of,
    read_line,
)

__all__ = ["COLUMNS", "LARGEST_FILE", "RowFault", "SheetRead", "read_sheet", "write_sheet"]

COLUMNS = ("line", "version", *PERIOD, *HEAD)
SHEET = "windows"
LARGEST_FILE = 1_000_000
"""Bytes of an uploaded file."""
_LARGEST_OPENED = 20_000_000
_MOST_PARTS = 100
MOST_ROWS = 2_000
_MOST_SHOWN = 100
_REFUSED = ("vbaproject", "externallinks", "embeddings", "activex", "oleobject")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, ArithmeticError, AttributeError,
    AssertionError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What a broken archive or sheet makes its readers stumble over."""
_SHEET_TYPE = "xl/workbook.xml"


@dataclass(frozen=True)
class RowFault:
    """What is wrong, where: row of the sheet (0: the file), column, words."""

    row: int
    column: str
    text: Text


@dataclass(frozen=True)
class SheetRead:
    """Lines by name with the version that the file was made from, or everything that is wrong."""

    windows: Mapping[str, tuple[Window, int]]
    faults: Sequence[RowFault]


def write_sheet(lines: Mapping[str, tuple[Window, int]]) -> bytes:
    """A workbook with a row for each period of each line; a line says the rest in its first row."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(COLUMNS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for name, (window, version) in lines.items():
        head: dict[str, Any] = {**head_of(window), "version": str(version)}
        for index, period in enumerate(periods_of(window)):
            row = {"line": name, **period, **(head if index == 0 else {})}
            sheet.append([row.get(column, "") or None for column in COLUMNS])
    for letter in ("A", "C", "D", "I"):
        sheet.column_dimensions[letter].width = 18
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _file_fault(nb: str, en: str) -> SheetRead:
    return SheetRead({}, [RowFault(0, "", Text(nb=nb, en=en))])


def _bounded(data: bytes) -> SheetRead | None:
    """What is wrong with a file before it is opened; none if it may be."""
    if len(data) > LARGEST_FILE:
        return _file_fault("Filen er større enn 1 MB.", "The file is larger than 1 MB.")
    strange = _file_fault("Filen er ikke et regneark av typen XLSX.",
                          "The file is no workbook of the kind XLSX.")  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = [p.filename.casefold() for p in parts]
            if _SHEET_TYPE not in names:
                return strange
            if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > _LARGEST_OPENED:
                return _file_fault("Filen er for stor når den pakkes ut.",
                                   "The file is too large when it is unpacked.")  # fmt: skip
            if any(word in name for name in names for word in _REFUSED):
                return _file_fault("Filen har makroer, lenker til andre filer eller innebygde "
                                   "filer. Lagre den som XLSX uten dem.",
                                   "The file has macros, links to other files or embedded files. "
                                   "Save it as XLSX without them.")  # fmt: skip
            left = _LARGEST_OPENED
            for part in parts:
                with archive.open(part) as opened:  # the size in the directory may lie
                    text = opened.read(left + 1)
                left -= len(text)
                if left < 0:
                    return _file_fault("Filen er for stor når den pakkes ut.",
                                       "The file is too large when it is unpacked.")  # fmt: skip
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    return strange
    except _BROKEN:
        return strange
    return None


def _rows(data: bytes) -> list[tuple[Any, ...]] | None:
    """Cells row by row, formulas as they are written; none if the file cannot be read."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may lie
        found = []
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=len(COLUMNS) + 8):
            found.append(tuple(row))
        book.close()
    except _BROKEN:
        return None
    return found


def read_sheet(
    data: bytes, provider: str, register: Register, versions: Mapping[str, int], on: date
) -> SheetRead:
    """Every line of a workbook, or everything that is wrong with it, by row.

    Parameters
    ----------
    versions : the version of each line that the provider has now
    """
    refused = _bounded(data)
    if refused is not None:
        return refused
    rows = _rows(data)
    if rows is None:
        return _file_fault("Filen kan ikke leses som et regneark.",
                           "The file cannot be read as a workbook.")  # fmt: skip
    if len(rows) > MOST_ROWS + 1:
        return _file_fault(f"Arket har flere enn {MOST_ROWS} rader.",
                           f"The sheet has more than {MOST_ROWS} rows.")  # fmt: skip
    header = [str(c.value or "").strip().casefold() for c in rows[0]] if rows else []
    faults = _header_faults(header)
    if faults:
        return SheetRead({}, faults)
    written: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, row in enumerate(rows[1:], 2):
        values = dict(zip(header, (c.value for c in row), strict=False))
        values.pop("", None)
        if all(v is None or str(v).strip() == "" for v in values.values()):
            continue
        _formulas(number, header, row, faults)
        name = str(values.get("line") or "").strip()
        if not NAME.fullmatch(name):
            faults.append(RowFault(number, "line", Text(
                nb="Gi linjen et navn av bokstaver, tall, strek og understrek (høyst 60 tegn).",
                en="Name the line with letters, digits, hyphen and underscore (60 at most).")))
            continue
        written.setdefault(name, []).append((number, values))
    windows = _lines(written, provider, register, versions, on, faults)
    if not written and not faults:
        return _file_fault("Arket har ingen rader.", "The sheet has no rows.")
    faults.sort(key=lambda f: f.row)
    return SheetRead({} if faults else windows, faults[:_MOST_SHOWN])


def _header_faults(header: Sequence[str]) -> list[RowFault]:
    given = [name for name in header if name]
    faults = [RowFault(1, name[:40], Text(nb="Kolonnen er ukjent.", en="The column is unknown."))
              for name in given if name not in COLUMNS]  # fmt: skip
    faults += [RowFault(1, name, Text(nb="Kolonnen står to ganger.",
                                      en="The column stands twice."))
               for name in dict.fromkeys(given) if given.count(name) > 1]  # fmt: skip
    faults += [RowFault(1, name, Text(nb="Kolonnen mangler.", en="The column is missing."))
               for name in COLUMNS if name not in given]  # fmt: skip
    return faults


def _formulas(
    number: int, header: Sequence[str], row: Sequence[Any], faults: list[RowFault]
) -> None:
    for column, cell in zip(header, row, strict=False):
        value = cell.value
        is_formula = getattr(cell, "data_type", "") == "f" or not isinstance(
            value, str | int | float | bool | date | None
        )
        if is_formula or (isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "@")):
            faults.append(RowFault(number, column, Text(
                nb="Er en formel. Lim inn verdien i stedet.",
                en="Is a formula. Paste the value instead.")))  # fmt: skip
        elif getattr(cell, "data_type", "") == "e":
            faults.append(RowFault(number, column, Text(nb="Er en feilverdi.",
                                                        en="Is an error value.")))  # fmt: skip


def _lines(
    written: Mapping[str, list[tuple[int, dict[str, Any]]]], provider: str, register: Register,
    versions: Mapping[str, int], on: date, faults: list[RowFault],
) -> dict[str, tuple[Window, int]]:  # fmt: skip
    """The window of each line; what is wrong goes to ``faults``."""
    windows = {}
    for name, rows in written.items():
        first, head = rows[0]
        for number, values in rows[1:]:
            faults += [
                RowFault(number, column, Text(
                    nb="Sier noe annet enn den første raden i linjen. La den stå tom.",
                    en="Says otherwise than the first row of the line. Leave it empty."))
                for column in ("version", *HEAD)
                if str(values.get(column) or "").strip() not in ("", str(head.get(column) or ""))
            ]  # fmt: skip
        _version_fault(first, name, head.get("version"), versions, faults)
        found = read_line(head, [v for _, v in rows], provider, register, on)
        faults += [RowFault(first, c if c != "periods" else "", t)
                   for c, t in found.faults.items()]  # fmt: skip
        for index, given in found.period_faults.items():
            faults += [RowFault(rows[index][0], c, t) for c, t in given.items()]
        if found.window is not None:
            windows[name] = (found.window, versions.get(name, 0))
    return windows


def _version_fault(
    number: int, name: str, given: Any, versions: Mapping[str, int], faults: list[RowFault]
) -> None:
    """A line that is there must be changed from the version that it now has."""
    text = str(int(given) if isinstance(given, float) and given.is_integer() else given or "")
    held = versions.get(name)
    if held is not None and text.strip() != str(held):
        faults.append(RowFault(number, "version", Text(
            nb="Linjen er endret siden filen ble lastet ned, eller finnes fra før. Last ned på "
               "nytt.",
            en="The line was changed since the file was downloaded, or is there already. Download "
               "it again.")))  # fmt: skip
    if held is None and text.strip():
        faults.append(RowFault(number, "version", Text(
            nb="Linjen finnes ikke lenger. La versjonen stå tom for å legge den til.",
            en="The line is no longer there. Leave the version empty to add it.")))  # fmt: skip
