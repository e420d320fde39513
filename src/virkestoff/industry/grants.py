"""Grants: applications to the research council, awards of Innovation Norway.

Names and gender of project leaders are never read. Rows of Innovation Norway without an
organisation number are sole proprietors: they are counted by year and category, and dropped.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from virkestoff.errors import Fault, InputError
from virkestoff.industry.reading import (
    Faulty,
    Reading,
    Request,
    Rows,
    a_date,
    a_number,
    a_text,
    needed_columns,
    organisation,
    table_of,
)
from virkestoff.industry.register_files import FileHead, open_bytes

__all__ = ["csv_rows", "read_innovation", "read_research"]

_RESEARCH_TEXTS = {
    "project_number": "prosjektnummer",
    "title": "prosjekttittel",
    "phase": "prosjektfase",
    "project_type": "prosjekttype",
    "application_type": "soknadstype",
    "call": "utlysningtittel",
    "organisation_name": "prosjektansvarlig_navn",
    "organisation_type": "prosjektansvarlig_type",
    "sector": "sektor",
    "category": "kategori",
    "municipality": "kommunenummer",
    "county": "fylke",
    "instrument": "virkemiddel",
    "main_activity": "hovedaktivitet",
    "activity": "aktivitet",
    "field": "fagomraade",
    "subject": "fag",
    "discipline": "fagdisiplin",
}
_RESEARCH_DATES = {
    "application_deadline": "soknadsfrist",
    "application_date": "soknadsdato",
    "project_start": "prosjektstart",
    "project_end": "prosjektslutt",
}
_RESEARCH_NUMBERS = {
    "phd_years": "dr_stip_aarsverk",
    "postdoc_years": "postdok_aarsverk",
    "applied_nok": "sokt_belop",
    "granted_nok": "tildelt_belop",
}
PHASES = ("Mottatt", "Vurderes", "Avslag", "Bevilgning", "Avsluttet")
_INNOVATION_TEXTS = {
    "name": "bedriftsnavn",
    "county": "fylkesnavn",
    "municipality_name": "kommunenavn",
    "category": "virkemiddelkategori",
    "subcategory": "underkategori",
    "office": "beslutningsenhet",
    "industry_group": "næringshovedområde",
    "industry": "næring",
    "financing": "type finansiering",
}


def csv_rows(head: FileHead, spelt: dict[str, str], rows: Rows) -> Iterator[dict[str, str]]:
    """Records by column name in small letters; lines of another length are set apart.

    Raises
    ------
    InputError
        where the text is no CSV: a quote that is not closed, a field without end.
    """
    from virkestoff.evidence.snapshots import SetApart

    names = [key.strip().lower() for key in head.keys]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(Fault(f"{head.path}, header", f"has columns twice: {', '.join(twice)}"))
    encoding = "utf-8-sig" if head.encoding == "utf-8" else head.encoding
    with io.TextIOWrapper(open_bytes(head.path), encoding=encoding, newline="") as stream:
        lines = csv.reader(stream, delimiter=head.delimiter, strict=True)
        try:
            next(lines)
            for line in lines:
                if len(line) == len(names):
                    yield dict(zip(names, line, strict=True))
                elif line:
                    rows.n_records += 1
                    detail = f"{len(line)} fields where the header has {len(names)}"
                    rows.set_apart.append(
                        SetApart(rows.n_records, "", "wrong_number_of_fields", detail)
                    )
        except (csv.Error, UnicodeDecodeError) as problem:
            raise InputError(
                Fault(
                    f"{head.path}, record {rows.n_records + 1}",
                    f"is not CSV in {encoding}: {problem}",
                    "a quote opens here and is not closed, or another program saved the file",
                    "Fetch the file again and do not save it from a spreadsheet",
                )
            ) from None


def _read_csv(
    request: Request,
    needed: tuple[str, ...],
    read: Callable[[dict[str, str], Request], dict[str, Any] | None],
    key: str,
) -> Rows:
    rows = Rows()
    for head in request.heads:
        spelt = needed_columns(head, needed)
        for record in csv_rows(head, spelt, rows):
            rows.take(partial(read, record, request), record.get(key) or "")
    return rows


def read_research(request: Request) -> Reading:
    """Read ``soknader2``: every application, rejected ones included."""
    import polars as pl

    needed = ("prosjektnummer", "prosjekttittel", "prosjektfase", "organisasjonsnummer",
              "sokt_belop", "tildelt_belop")  # fmt: skip
    rows = _read_csv(request, needed, _application, "prosjektnummer")
    rows.set_duplicates_apart(("project_number",), "duplicate_project")
    schema: dict[str, Any] = {"record": pl.Int64, "project_number": pl.String, "title": pl.String}
    schema |= dict.fromkeys(_RESEARCH_TEXTS, pl.String)
    schema["organisation_number"] = pl.String
    schema |= dict.fromkeys(_RESEARCH_DATES, pl.Date) | dict.fromkeys(_RESEARCH_NUMBERS, pl.Float64)
    reading = Reading(rows.n_records, set_apart=rows.set_apart)
    table = table_of(rows.good, schema)
    reading.add("research", table, request.work)
    unknown = table["organisation_number"].null_count()
    reading.say(
        "{n} søknader oppgir ikke organisasjonsnummer (0 i filen)",
        "{n} applications name no organisation number (0 in the file)",
        n=unknown,
    )
    return reading


def _application(record: dict[str, str], request: Request) -> dict[str, Any]:
    limit = request.rules.limits.text_characters
    texts = {
        name: a_text(record.get(column), limit, column) for name, column in _RESEARCH_TEXTS.items()
    }
    if not texts["project_number"]:
        raise Faulty("no_project_number")
    if texts["phase"] not in PHASES:
        raise Faulty("wrong_phase", texts["phase"])
    return {
        **texts,
        "organisation_number": organisation(
            (record.get("organisasjonsnummer") or "").removesuffix(".0"), is_needed=False
        ),
        **{name: a_date(record.get(col), col) for name, col in _RESEARCH_DATES.items()},
        **{name: a_number(record.get(col), col) for name, col in _RESEARCH_NUMBERS.items()},
    }


def read_innovation(request: Request) -> Reading:
    """Read ``Tildelinger.csv``; sole proprietors (no number) are counted by year and category.

    The file has no record number, and one company may have two equal awards on a day: equal rows
    are kept and counted in a note.
    """
    import polars as pl

    persons: dict[tuple[int, str], list[float]] = defaultdict(list)
    needed = ("org-nr", "bedriftsnavn", "virkemiddelkategori", "innvilget beløp", "innvilget dato")
    rows = _read_csv(request, needed, partial(_award, persons), "org-nr")
    schema: dict[str, Any] = {"record": pl.Int64, "organisation_number": pl.String}
    schema |= dict.fromkeys(_INNOVATION_TEXTS, pl.String)
    schema |= {"amount_nok": pl.Float64, "granted": pl.Date}
    table = table_of(rows.good, schema)
    reading = Reading(rows.n_records, set_apart=rows.set_apart, n_persons=rows.n_persons)
    reading.add("innovation", table, request.work)
    counts = [
        {"year": year, "category": category, "n": len(amounts), "amount_nok": sum(amounts)}
        for (year, category), amounts in sorted(persons.items())
    ]
    kinds = {"year": pl.Int64, "category": pl.String, "n": pl.Int64, "amount_nok": pl.Float64}
    reading.add("persons", table_of(counts, kinds), request.work)
    equal = table.height - table.drop("record").unique().height
    if equal:
        reading.say(
            "{n} rader er like en annen rad i alle kolonner; alle er beholdt",
            "{n} rows equal another row in all columns; all are kept",
            n=equal,
        )
    return reading


def _award(
    persons: dict[tuple[int, str], list[float]], record: dict[str, str], request: Request
) -> dict[str, Any] | None:
    limit = request.rules.limits.text_characters
    amount = a_number(record.get("innvilget beløp"), "Innvilget beløp", ",")
    granted = a_date(record.get("innvilget dato"), "Innvilget dato")
    if amount is None or granted is None:
        raise Faulty("no_amount_or_date")
    number = organisation((record.get("org-nr") or "").strip(), is_needed=False)
    if number is None:
        category = a_text(record.get("virkemiddelkategori"), limit, "Virkemiddelkategori") or ""
        persons[granted.year, category].append(amount)
        return None
    texts = {name: a_text(record.get(col), limit, col) for name, col in _INNOVATION_TEXTS.items()}
    return {"organisation_number": number, **texts, "amount_nok": amount, "granted": granted}
