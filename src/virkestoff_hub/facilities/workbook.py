"""Lines of capacity as a workbook: written to be filled in, and read as if it were an attack.

A file is bounded before it is opened, formulas and macros are refused, and every fault is named by
sheet, row and column; either all lines of a file are taken or none.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

from virkestoff.facilities import Register, Window
from virkestoff.language import Lang, Text
from virkestoff_hub.facilities.fields import upper
from virkestoff_hub.facilities.line_entry import (
    COLUMN_WORDS,
    HEAD,
    NAME,
    PERIOD,
    head_of,
    periods_of,
    read_line,
)
from virkestoff_hub.facilities.sheet_words import (
    COLUMN_NAMES,
    SHEET_NAMES,
    Choices,
    choices_for,
    column_of,
    keyed,
    worded,
)

__all__ = ["COLUMNS", "LARGEST_FILE", "RowFault", "SheetRead", "read_sheet", "write_sheet"]

COLUMNS = ("line", "version", *PERIOD, *HEAD)
SHEET = "windows"
"""The name of the sheet of lines in a file made by a machine."""
_NUMBERS = ("version", "total", "committed", "reserve", "offerable", "batch_from", "batch_to",
            "price_low", "price_high", "price_year")  # fmt: skip
_DAYS = ("from", "to", "certificate_expires")
_RECKONED = "=+-@\t\r"
"""What a text begins with that a program of sheets may take for a formula."""
_HELP = (
    Text(nb="Overskrifter og valg kan stå på norsk eller engelsk.",
         en="Headings and choices may be in Norwegian or English."),
    Text(nb="Flere valg i samme celle skilles med komma.",
         en="Several choices in one cell have commas between them."),
    Text(nb="En linje med flere perioder har en rad for hver. Resten står i den første raden.",
         en="A line with several periods has a row for each. The rest stands in the first row."),
    Text(nb="Er noe galt, lagres ingenting fra filen.",
         en="If anything is wrong, nothing of the file is stored."),
)  # fmt: skip
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
    """What is wrong, where: sheet, row (0: the file), column and its letter, words."""

    row: int
    column: str
    text: Text
    sheet: str = ""
    letter: str = ""

    def where(self, lang: Lang) -> str:
        """Sheet, row and column in words; empty for what is wrong with the file."""
        if not self.row:
            return ""
        nb = lang == "nb"
        parts = [f"{'Ark' if nb else 'Sheet'} {self.sheet}"] if self.sheet else []
        parts.append(f"{'rad' if nb else 'row'} {self.row}")
        if self.column:
            known = COLUMN_NAMES.get(self.column)
            name = known.in_(lang) if known else self.column
            at = f"{self.letter} ({name})" if self.letter else f"({name})"
            parts.append(f"{'kolonne' if nb else 'column'} {at}")
        return upper(", ".join(parts))


@dataclass(frozen=True)
class SheetRead:
    """Lines by name with the version that the file was made from, or everything that is wrong."""

    windows: Mapping[str, tuple[Window, int]]
    faults: Sequence[RowFault]


def write_sheet(
    lines: Mapping[str, tuple[Window, int]], provider: str, register: Register, lang: Lang
) -> bytes:
    """A workbook in a language: the lines, what the columns mean, and what may be chosen.

    There is a row for each period of each line; a line says the rest in its first row.
    """
    from openpyxl import Workbook

    book, choices = Workbook(), choices_for(provider, register)
    sheet = book.active
    sheet.title = SHEET_NAMES["lines"].in_(lang)
    _head(sheet, [COLUMN_NAMES[column].in_(lang) for column in COLUMNS])
    for name, (window, version) in lines.items():
        head: dict[str, Any] = {**head_of(window), "version": str(version)}
        for index, period in enumerate(periods_of(window)):
            row = {"line": name, **period, **(head if index == 0 else {})}
            sheet.append([
                _cell(sheet, column, worded(column, row.get(column, ""), choices, lang))
                for column in COLUMNS
            ])  # fmt: skip
    _help(book, lang)
    _choices(book, choices, lang)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _head(sheet: Any, names: Sequence[str]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(names))
    sheet.freeze_panes = "A2"
    for number, name in enumerate(names, 1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(12, len(name) + 3)


def _cell(sheet: Any, column: str, text: str) -> Any:
    """A cell: days and numbers as what they are, all else as text that no program reckons with."""
    from openpyxl.cell import WriteOnlyCell

    value: Any = text or None
    if value is not None and column in _NUMBERS:
        value = int(text) if text.isdigit() else float(text)
    elif value is not None and column in _DAYS:
        value = date.fromisoformat(text)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes a leading '=' for a formula
        if value[0] in _RECKONED:
            cell.quotePrefix = True
    return cell


def _help(book: Any, lang: Lang) -> None:
    """What each column means."""
    sheet = book.create_sheet(SHEET_NAMES["help"].in_(lang))
    _head(sheet, ("Kolonne", "Hva den betyr") if lang == "nb" else ("Column", "What it means"))
    for column in COLUMNS:
        sheet.append([COLUMN_NAMES[column].in_(lang), upper(COLUMN_WORDS[column].in_(lang))])
    for said in _HELP:
        sheet.append([None, said.in_(lang)])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 90


def _choices(book: Any, choices: Choices, lang: Lang) -> None:
    """What may be chosen in each column, and lists to choose from in the sheet of lines."""
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    lines, title = book.active, SHEET_NAMES["choices"].in_(lang)
    sheet = book.create_sheet(title)
    _head(sheet, [COLUMN_NAMES[column].in_(lang) for column in choices])
    for number, (column, known) in enumerate(choices.items(), 1):
        for row, text in enumerate(known.values(), 2):
            sheet.cell(row, number, text.in_(lang)).data_type = "s"
        if column in ("excludes", "phases", "certificate_scope"):
            continue  # several may be chosen, with commas between them
        letter, own = get_column_letter(number), get_column_letter(COLUMNS.index(column) + 1)
        at = f"{quote_sheetname(title)}!${letter}$2:${letter}${len(known) + 1}"
        rule = DataValidation("list", formula1=at, allow_blank=True, showErrorMessage=False)
        rule.add(f"{own}2:{own}{MOST_ROWS + 1}")
        lines.add_data_validation(rule)


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


def _rows(data: bytes) -> tuple[str, list[tuple[Any, ...]]] | None:
    """The sheet of lines and its cells row by row, formulas as they are written; none if the file
    cannot be read."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        known = {name.casefold() for name in (SHEET, *_names("lines"))}
        sheet = next((s for s in book.worksheets if s.title.casefold() in known),
                     book.worksheets[0])  # fmt: skip
        sheet.reset_dimensions()  # what the file says of its size may lie
        found = []
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=len(COLUMNS) + 8):
            found.append(tuple(row))
        title = str(sheet.title)
        book.close()
    except _BROKEN:
        return None
    return title, found


def _names(sheet: str) -> tuple[str, str]:
    return SHEET_NAMES[sheet].nb, SHEET_NAMES[sheet].en


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
    read = _rows(data)
    if read is None:
        return _file_fault("Filen kan ikke leses som et regneark.",
                           "The file cannot be read as a workbook.")  # fmt: skip
    title, rows = read
    if len(rows) > MOST_ROWS + 1:
        return _file_fault(f"Arket har flere enn {MOST_ROWS} rader.",
                           f"The sheet has more than {MOST_ROWS} rows.")  # fmt: skip
    given = [str(c.value or "").strip() for c in rows[0]] if rows else []
    header = [column_of(name) or name.casefold() for name in given]
    faults = _header_faults(header)
    if faults:
        return SheetRead({}, _placed(faults, title, header))
    choices = choices_for(provider, register)
    written, word_faults = _written(header, rows, choices, faults)
    windows = _lines(written, provider, register, versions, on, faults, word_faults)
    if not written and not faults:
        return _file_fault("Arket har ingen rader.", "The sheet has no rows.")
    faults.sort(key=lambda f: f.row)
    return SheetRead({} if faults else windows, _placed(faults[:_MOST_SHOWN], title, header))


def _placed(faults: Sequence[RowFault], title: str, header: Sequence[str]) -> list[RowFault]:
    """Faults with the sheet, and the letter of a column that the sheet has."""
    from openpyxl.utils import get_column_letter

    letters = {name: get_column_letter(n) for n, name in reversed(list(enumerate(header, 1)))}
    return [replace(f, sheet=title, letter=letters.get(f.column, "")) for f in faults]


def _written(
    header: Sequence[str], rows: Sequence[tuple[Any, ...]], choices: Choices,
    faults: list[RowFault],
) -> tuple[dict[str, list[tuple[int, dict[str, Any]]]], dict[int, dict[str, Text]]]:  # fmt: skip
    """The rows of each line with keys for words, and the words by row that are no choice."""
    written: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    word_faults = {}
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
        values, word_faults[number] = keyed(values, choices)
        written.setdefault(name, []).append((number, values))
    return written, word_faults


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
    word_faults: Mapping[int, Mapping[str, Text]],
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
        wrong = {number: word_faults[number] for number, _ in rows}
        faults += [RowFault(n, c, t) for n, said in wrong.items() for c, t in said.items()]
        faults += [RowFault(first, c if c != "periods" else "", t)
                   for c, t in found.faults.items() if c not in wrong[first]]  # fmt: skip
        for index, given in found.period_faults.items():
            faults += [RowFault(rows[index][0], c, t) for c, t in given.items()]
        if found.window is not None and not any(wrong.values()):
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
