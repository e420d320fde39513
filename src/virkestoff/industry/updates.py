"""The change feed of Enhetsregisteret, and the changes of municipality numbers in Klass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from virkestoff.industry.reading import (
    Faulty,
    Reading,
    Request,
    Rows,
    a_date,
    a_text,
    organisation,
    table_of,
)
from virkestoff.industry.register_files import json_records

__all__ = ["CHANGES", "read_municipalities", "read_updates"]

CHANGES = ("Ny", "Endring", "Sletting", "Fjernet", "Ukjent")
_SHORT = 300  # constant: no code or name of these files is longer


def _embedded(request: Request, key: str) -> Iterator[Any]:
    """The records of saved pages. A page without ``_embedded`` is an empty one, not a fault."""
    for head in request.heads:
        for page in json_records(head):
            if isinstance(page, dict) and key in page:
                yield page
                continue
            if isinstance(page, list):
                yield from page
                continue
            inner = page.get("_embedded", page) if isinstance(page, dict) else {}
            lists = [v for v in inner.values() if isinstance(v, list)] if inner else []
            for rows in lists:
                yield from rows


def read_updates(request: Request) -> Reading:
    """Read pages of ``/oppdateringer/enheter``; its last moment is the date of the file."""
    import polars as pl

    rows = Rows()
    for record in _embedded(request, "oppdateringsid"):
        key = record.get("oppdateringsid") if isinstance(record, dict) else ""
        rows.take(partial(_update, record), key)
    rows.set_duplicates_apart(("update_id",), "duplicate_update")
    schema = {
        "record": pl.Int64,
        "update_id": pl.Int64,
        "time": pl.Datetime("us", "UTC"),
        "organisation_number": pl.String,
        "change": pl.String,
    }
    table = table_of(rows.good, schema)
    reading = Reading(rows.n_records, set_apart=rows.set_apart)
    reading.add("updates", table, request.work)
    times = [row["time"] for row in rows.good]
    if times:
        reading.as_of = max(times).date()
        reading.say(
            "oppdateringer fra {first} til {last}",
            "updates from {first} to {last}",
            first=min(times).date(),
            last=max(times).date(),
        )
    return reading


def _update(record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise Faulty("not_a_record", type(record).__name__)
    number = record.get("oppdateringsid")
    if isinstance(number, bool) or not isinstance(number, int):
        raise Faulty("wrong_type", f"oppdateringsid: {number}")
    change = record.get("endringstype")
    if change not in CHANGES:
        raise Faulty("wrong_change", change)
    try:
        time = datetime.fromisoformat(str(record.get("dato")))
    except ValueError:
        raise Faulty("impossible_date", f"dato: {record.get('dato')}") from None
    if time.tzinfo is None:
        raise Faulty("impossible_date", f"dato without a time zone: {record.get('dato')}")
    return {
        "update_id": number,
        "time": time.astimezone(UTC),
        "organisation_number": organisation(record.get("organisasjonsnummer")),
        "change": change,
    }


def read_municipalities(request: Request) -> Reading:
    """Read ``/classifications/131/changes``: which municipality number became which, and when."""
    import polars as pl

    rows = Rows()
    for record in _embedded(request, "oldCode"):
        key = record.get("oldCode") if isinstance(record, dict) else ""
        rows.take(partial(_renumbering, record), key)
    rows.set_duplicates_apart(("old", "new", "changed"), "duplicate_change")
    schema = {"record": pl.Int64, "old": pl.String, "new": pl.String, "changed": pl.Date}
    reading = Reading(rows.n_records, set_apart=rows.set_apart)
    reading.add("municipalities", table_of(rows.good, schema), request.work)
    return reading


def _renumbering(record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise Faulty("not_a_record", type(record).__name__)
    codes = [a_text(record.get(key), _SHORT, key) for key in ("oldCode", "newCode")]
    for code in codes:
        if code is None or len(code) != 4 or not code.isdigit():
            raise Faulty("wrong_code", code)
    changed = a_date(record.get("changeOccurred"), "changeOccurred")
    if changed is None:
        raise Faulty("impossible_date", "changeOccurred is not stated")
    return {"old": codes[0], "new": codes[1], "changed": changed}
