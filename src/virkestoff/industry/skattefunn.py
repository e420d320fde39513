"""SkatteFUNN: applications for the R&D tax deduction, from two workbooks of different layout.

The older workbook (2002-2024) and the newer (from May 2024) overlap in 2024. Each import is a
snapshot of its own file; ``skattefunn_projects`` joins them and takes each project once. The files
hold no amounts of a company.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virkestoff.errors import Fault, InputError
from virkestoff.industry.holdings import held, holdings
from virkestoff.industry.reading import (
    Faulty,
    Reading,
    Request,
    Rows,
    a_date,
    a_text,
    needed_columns,
    organisation,
    table_of,
)
from virkestoff.industry.register_files import FileHead

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_skattefunn", "skattefunn_projects"]

_OLD = {
    "project_number": "prosjektnummer",
    "application_number": "",
    "title": "prosjekttittel",
    "county": "fylke",
    "municipality_name": "kommunenavn",
    "organisation_number": "organisasjonsnummer",
    "applied": "innsendt dato",
    "decided": "vedtaksdato",
}
_NEW = {
    "project_number": "prosjektnummer",
    "application_number": "søknadsnummer",
    "title": "prosjekttittel",
    "county": "fylke",
    "municipality_name": "kommune",
    "organisation_number": "org.nr",
    "applied": "søknadsdato",
    "decided": "vedtaksdato",
}
_TEXTS = ("project_number", "application_number", "title", "county", "municipality_name")
_YES, _NO = ("ja", "x", "1", "true", "sann"), ("nei", "", "0", "false", "usann")


def _schema() -> dict[str, Any]:
    import polars as pl

    return {
        "record": pl.Int64,
        "project_number": pl.String,
        "application_number": pl.String,
        "organisation_number": pl.String,
        "title": pl.String,
        "applied": pl.Date,
        "decided": pl.Date,
        "is_approved": pl.Boolean,
        "start_year": pl.Int64,
        "end_year": pl.Int64,
        "county": pl.String,
        "municipality_name": pl.String,
        "layout": pl.String,
    }


def read_skattefunn(request: Request) -> Reading:
    """Read one workbook of either layout. Company names are not kept: some are persons'."""
    rows = Rows()
    for head in request.heads:
        is_old = "organisasjonsnummer" in head.small_keys
        wanted = _OLD if is_old else _NEW
        verdict = ("søknad godkjent", "søknad avslått") if is_old else ("godkjent?",)
        spelt = needed_columns(head, [name for name in wanted.values() if name] + list(verdict))
        years = _year_columns(spelt, is_old)
        limit = request.rules.limits.text_characters
        for record in _sheet(head):
            read = partial(_project, record, wanted, is_old, years, limit)
            rows.take(read, record.get("prosjektnummer") or "")
    rows.set_duplicates_apart(("project_number", "application_number"), "duplicate_project")
    reading = Reading(rows.n_records, set_apart=rows.set_apart)
    reading.add("skattefunn", table_of(rows.good, _schema()), request.work)
    reading.say(
        "filen har ingen beløp per foretak", "the file holds no amounts of a company"
    )
    return reading


def _year_columns(spelt: dict[str, str], is_old: bool) -> tuple[str, str]:
    marks = ("fra-år", "til-år") if is_old else ("fra-dato", "til-dato")
    found = [next((name for name in spelt if mark in name), "") for mark in marks]
    return found[0], found[1]


def _sheet(head: FileHead) -> Iterator[dict[str, Any]]:
    """Rows below the heading by column name in small letters; empty rows at the end are none."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(head.path, read_only=True, data_only=True)
        try:
            rows = book.worksheets[0].iter_rows(values_only=True)
            names = [str(c).strip().lower() if c is not None else "" for c in next(rows, ())]
            for row in rows:
                if any(cell is not None for cell in row):
                    yield dict(zip(names, row, strict=False))
        finally:
            book.close()
    except (KeyError, ValueError, zipfile.BadZipFile, OSError) as problem:
        raise InputError(
            Fault(str(head.path), f"cannot be read as a workbook: {problem}", "", "Fetch it again")
        ) from None


def _project(
    record: dict[str, Any],
    wanted: dict[str, str],
    is_old: bool,
    years: tuple[str, str],
    limit: int,
) -> dict[str, Any]:
    texts = {
        name: a_text(_cell(record.get(wanted[name])), limit, wanted[name])
        if wanted[name]
        else None
        for name in _TEXTS
    }
    if not texts["project_number"]:
        raise Faulty("no_project_number")
    dates = {key: a_date(record.get(wanted[key]), wanted[key]) for key in ("applied", "decided")}
    start, end = (_year(record.get(name), name) for name in years)
    return {
        **texts,
        "organisation_number": organisation(_cell(record.get(wanted["organisation_number"]))),
        **dates,
        "is_approved": _verdict(record, is_old),
        "start_year": start,
        "end_year": end,
        "layout": "old" if is_old else "new",
    }


def _cell(value: Any) -> Any:
    """A whole number of a spreadsheet without its decimals."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _year(value: Any, column: str) -> int | None:
    """A year from a year or a date."""
    if value in (None, ""):
        return None
    if not isinstance(value, int | float | str):
        return int(value.year)
    text = str(_cell(value)).strip()
    if len(text) == 4 and text.isdigit():
        return int(text)
    day = a_date(value if isinstance(value, str) else text, column)
    return day.year if day else None


def _mark(value: Any, column: str) -> bool:
    text = str(_cell(value) if value is not None else "").strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Faulty("wrong_verdict", f"{column}: {value}")


def _verdict(record: dict[str, Any], is_old: bool) -> bool | None:
    """Approved, rejected, or neither yet; both at once is a fault."""
    if not is_old:
        value = record.get("godkjent?")
        return None if value in (None, "") else _mark(value, "GODKJENT?")
    marks = [_mark(record.get(k), k) for k in ("søknad godkjent", "søknad avslått")]
    if all(marks):
        raise Faulty("wrong_verdict", "both approved and rejected")
    return True if marks[0] else (False if marks[1] else None)


def skattefunn_projects(folder: Path) -> tuple[pl.DataFrame, int]:
    """All projects of the newest snapshot of each layout, and how many overlapped.

    A project number that stands in both is taken from the newer layout.

    Raises
    ------
    MissingFact
        if none is imported.
    """
    import polars as pl

    held(folder, "skattefunn")  # a fault that names what to do, if there is none
    newest: dict[str, pl.DataFrame] = {}
    for one in sorted(
        (h for h in holdings(folder) if h.manifest.kind == "skattefunn"),
        key=lambda h: (h.manifest.as_of, h.manifest.imported_at),
    ):
        table = pl.read_parquet(one.table("skattefunn"))
        for layout in table["layout"].unique().to_list():
            newest[layout] = table.filter(pl.col("layout") == layout)
    new, old = newest.get("new"), newest.get("old")
    if new is None or old is None:
        only = new if new is not None else old
        assert only is not None  # held() above
        return only, 0
    rest = old.join(new.select("project_number").unique(), on="project_number", how="anti",
                    maintain_order="left")  # fmt: skip
    return pl.concat([rest, new]), old.height - rest.height
