"""State aid: awards of the register, from the current interface or the older flat records.

Names of recipients are not kept: a recipient may be a sole proprietor, and the number says who it
is. An award without a recipient's number, or to a number that is none, is set apart.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from typing import Any

from virkestoff.industry.reading import (
    Faulty,
    Reading,
    Request,
    Rows,
    a_date,
    a_number,
    a_text,
    organisation,
    table_of,
)
from virkestoff.industry.register_files import FileHead, json_records, open_bytes

__all__ = ["read_aid"]

_SHORT = 300  # constant: no code, name or date of the register is longer


def _schema() -> dict[str, Any]:
    import polars as pl

    texts = ("region", "industry_code", "standard", "standard_reason", "instrument", "scheme",
             "purpose", "status", "layout")  # fmt: skip
    return {
        "record": pl.Int64,
        "award_id": pl.String,
        "recipient": pl.String,
        "giver": pl.String,
        "giver_name": pl.String,
        "amount": pl.Float64,
        "currency": pl.String,
        "granted": pl.Date,
        "received": pl.Date,
        "changed": pl.String,
        **dict.fromkeys(texts, pl.String),
    }


def read_aid(request: Request) -> Reading:
    """Read pages of ``/soek/stoettetildeling``, or flat records as JSON or CSV."""
    rows, limit = Rows(), request.rules.limits.text_characters
    for record in _records(request):
        is_flat = isinstance(record, dict) and "tildelingId" in record
        key = ""
        if isinstance(record, dict):
            key = record.get("tildelingId" if is_flat else "stoettetiltaksnummer") or ""
        read = _flat if is_flat else _award
        rows.take(partial(read, record, limit), key)
    # one measure may hold several awards: only a record that is equal in all is the same one
    rows.set_duplicates_apart(
        ("award_id", "recipient", "granted", "amount", "layout"), "duplicate_award"
    )
    reading = Reading(rows.n_records, set_apart=rows.set_apart)
    reading.add("aid", table_of(rows.good, _schema()), request.work)
    kinds = sorted({row["currency"] for row in rows.good if row["currency"] not in (None, "NOK")})
    if kinds:
        reading.say(
            "tildelinger i annen valuta enn NOK: {kinds}",
            "awards in other currencies than NOK: {kinds}",
            kinds=", ".join(kinds),
        )
    return reading


def _records(request: Request) -> Iterator[Any]:
    for head in request.heads:
        if head.layout == "csv":
            yield from _csv_records(head)
            continue
        for page in json_records(head):
            inner = page.get("stoettetildeling") if isinstance(page, dict) else None
            if isinstance(inner, list):
                yield from inner
            elif isinstance(page, list):
                yield from page
            else:
                yield page


def _csv_records(head: FileHead) -> Iterator[dict[str, Any]]:
    with io.TextIOWrapper(open_bytes(head.path), encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=head.delimiter)


def _award(record: Any, limit: int) -> dict[str, Any]:
    """A record of the current interface."""
    if not isinstance(record, dict):
        raise Faulty("not_a_record", type(record).__name__)
    recipient, _ = _role(record, "rolletype.stoettemottaker", limit)
    giver, giver_name = _role(record, "rolletype.stoettegiver", limit)
    amount = record.get("tildeltBeloep")
    if amount is not None and not isinstance(amount, dict):
        raise Faulty("wrong_type", f"tildeltBeloep: {amount}")
    amount = amount or {}
    return {
        "award_id": a_text(record.get("stoettetiltaksnummer"), _SHORT, "stoettetiltaksnummer"),
        "recipient": organisation(recipient),
        "giver": organisation(giver, is_needed=False),
        "giver_name": giver_name,
        **_money(amount.get("beloep"), amount.get("valuta")),
        "granted": a_date(record.get("tildelingsdato"), "tildelingsdato"),
        "received": a_date(record.get("mottattDato"), "mottattDato"),
        "changed": a_text(record.get("endret"), _SHORT, "endret"),
        "region": a_text(record.get("region"), _SHORT, "region"),
        **_code(record.get("naering")),
        "instrument": _tail(record.get("stoetteinstrument")),
        "scheme": a_text(record.get("tilknyttetStoetteordning"), limit, "stoetteordning"),
        "purpose": None,
        "status": _tail(record.get("status")),
        "layout": "api",
    }


def _role(record: dict[str, Any], wanted: str, limit: int) -> tuple[object, str | None]:
    """Number and name of who has a role; two recipients of one award cannot be told apart."""
    roles = record.get("rolle") or []
    if not isinstance(roles, list):
        raise Faulty("wrong_type", f"rolle: {type(roles).__name__}")
    found = [r for r in roles if isinstance(r, dict) and r.get("type") == wanted]
    if len(found) > 1:
        raise Faulty("several_organisations", wanted)
    company = found[0].get("rolleinnehaverVirksomhet") if found else None
    if not isinstance(company, dict):
        return None, None
    return company.get("organisasjonsnummer"), a_text(company.get("navn"), limit, "navn")


def _flat(record: dict[str, Any], limit: int) -> dict[str, Any]:
    """A record of the older layout: dates are dd.mm.yyyy, amounts are kroner."""

    def text(key: str) -> str | None:
        return a_text(record.get(key), limit, key)

    number = record.get("stottemottakerOrganisasjonsnummer")
    giver = record.get("stottegiverOrganisasjonsnummer")
    raw = record.get("tildeltBelop")
    return {
        "award_id": text("tildelingId"),
        "recipient": organisation(number),
        "giver": organisation(giver, is_needed=False),
        "giver_name": text("stottegiverNavn"),
        **_money(raw, "NOK", "," if isinstance(raw, str) and "," in raw else "."),
        "granted": a_date(record.get("tildelingsdato"), "tildelingsdato"),
        "received": None,
        "changed": None,
        "region": text("fylke"),
        **_code(None),
        "instrument": text("stotteinstrument"),
        "scheme": text("navnStotteordning"),
        "purpose": text("formaal"),
        "status": None,
        "layout": "flat",
    }


def _money(amount: object, currency: object, decimal: str = ".") -> dict[str, Any]:
    number = a_number(amount, "beloep", decimal)
    if number is not None and number < 0:
        raise Faulty("negative_amount", amount)
    is_named = isinstance(currency, str) and len(currency) == 3
    if number is not None and not is_named:
        raise Faulty("no_currency", currency)
    return {"amount": number, "currency": currency if is_named else None}


def _code(code: object) -> dict[str, Any]:
    text = a_text(code, _SHORT, "naering")
    reason = "ambiguous" if text else "no_code"  # the register does not say which standard
    return {"industry_code": text, "standard": None, "standard_reason": reason}


def _tail(value: object) -> str | None:
    text = a_text(value, _SHORT, "kode")
    return text.rpartition(".")[2] if text else None
