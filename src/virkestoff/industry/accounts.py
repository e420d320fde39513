"""Regnskapsregisteret: key figures of annual accounts, one response of the interface a company.

The open interface gives the last year only and there is no bulk file. What is not stated stays
unknown: ``driftsinntekter: {}`` is no revenue line, not revenue of zero. Amounts stand in whole
units of the stated currency and are never taken for kroner. The accounts of a company (SELSKAP)
and of its group (KONSERN) are different records and are never added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from virkestoff.industry.reading import (
    Faulty,
    Reading,
    Request,
    Rows,
    a_boolean,
    a_date,
    a_number,
    a_text,
    organisation,
    table_of,
)
from virkestoff.industry.register_files import json_records

if TYPE_CHECKING:
    import polars as pl

__all__ = ["AMOUNTS", "balance_gap", "read_accounts"]

_PROFIT = "resultatregnskapResultat"
_EQUITY = "egenkapitalGjeld"
AMOUNTS: dict[str, tuple[str, ...]] = {  # the interface's own spelling, misspellings included
    "revenue": (_PROFIT, "driftsresultat", "driftsinntekter", "sumDriftsinntekter"),
    "operating_costs": (_PROFIT, "driftsresultat", "driftskostnad", "sumDriftskostnad"),
    "operating_profit": (_PROFIT, "driftsresultat", "driftsresultat"),
    "financial_income": (_PROFIT, "finansresultat", "finansinntekt", "sumFinansinntekter"),
    "financial_costs": (_PROFIT, "finansresultat", "finanskostnad", "sumFinanskostnad"),
    "net_finance": (_PROFIT, "finansresultat", "nettoFinans"),
    "profit_before_tax": (_PROFIT, "ordinaertResultatFoerSkattekostnad"),
    "profit": (_PROFIT, "aarsresultat"),
    "total_profit": (_PROFIT, "totalresultat"),
    "assets": ("eiendeler", "sumEiendeler"),
    "fixed_assets": ("eiendeler", "anleggsmidler", "sumAnleggsmidler"),
    "current_assets": ("eiendeler", "omloepsmidler", "sumOmloepsmidler"),
    "equity": (_EQUITY, "egenkapital", "sumEgenkapital"),
    "paid_in_equity": (_EQUITY, "egenkapital", "innskuttEgenkapital", "sumInnskuttEgenkaptial"),
    "retained_equity": (
        _EQUITY, "egenkapital", "opptjentEgenkapital", "sumOpptjentEgenkapital"
    ),
    "debt": (_EQUITY, "gjeldOversikt", "sumGjeld"),
    "short_term_debt": (_EQUITY, "gjeldOversikt", "kortsiktigGjeld", "sumKortsiktigGjeld"),
    "long_term_debt": (_EQUITY, "gjeldOversikt", "langsiktigGjeld", "sumLangsiktigGjeld"),
    "equity_and_debt": (_EQUITY, "sumEgenkapitalGjeld"),
}  # fmt: skip
TYPES = ("SELSKAP", "KONSERN")
_KEY = ("organisation_number", "account_type", "period_start", "period_end")


def _schema() -> dict[str, Any]:
    import polars as pl

    return {
        "record": pl.Int64,
        "organisation_number": pl.String,
        "account_type": pl.String,
        "year": pl.Int64,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "currency": pl.String,
        "layout": pl.String,
        "is_liquidation": pl.Boolean,
        "is_parent": pl.Boolean,
        "is_unaudited": pl.Boolean,
        "is_small": pl.Boolean,
        **dict.fromkeys(AMOUNTS, pl.Float64),
        "balance_gap_share": pl.Float64,
        "is_balanced": pl.Boolean,
    }


def read_accounts(request: Request) -> Reading:
    """Read responses: a file each, a folder of them, or a response a line.

    Sole proprietors' accounts are counted and dropped, like the sole proprietors themselves.
    """
    rows = Rows()
    for record in _records(request):
        number = record.get("virksomhet") if isinstance(record, dict) else None
        key = number.get("organisasjonsnummer") if isinstance(number, dict) else None
        is_hidden = _is_person(record, request.rules.person_forms)
        rows.take(partial(_account, record, request), "" if is_hidden else key)
    rows.set_duplicates_apart(_KEY, "duplicate_account")
    table = table_of(rows.good, _schema())
    reading = Reading(rows.n_records, set_apart=rows.set_apart, n_persons=rows.n_persons)
    reading.add("accounts", table, request.work)
    _say_what_stands_out(reading, table, request)
    return reading


def _records(request: Request) -> Iterator[Any]:
    for head in request.heads:
        for response in json_records(head):
            if isinstance(response, list):
                yield from response
            else:
                yield response


def _is_person(record: Any, forms: tuple[str, ...]) -> bool:
    company = record.get("virksomhet") if isinstance(record, dict) else None
    return isinstance(company, dict) and company.get("organisasjonsform") in forms


def _account(record: Any, request: Request) -> dict[str, Any] | None:
    if not isinstance(record, dict):
        raise Faulty("not_a_record", json.dumps(record))
    company = _inner(record, "virksomhet")
    number = organisation(company.get("organisasjonsnummer"))
    if _is_person(record, request.rules.person_forms):
        return None
    kind = record.get("regnskapstype")
    if kind not in TYPES:
        raise Faulty("wrong_account_type", kind)
    period = _inner(record, "regnskapsperiode")
    start, end = (a_date(period.get(key), key) for key in ("fraDato", "tilDato"))
    if end is None:
        raise Faulty("no_period")
    if start is not None and start > end:
        raise Faulty("impossible_date", f"from {start} to {end}")
    currency = record.get("valuta")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isupper()):
        raise Faulty("no_currency", currency)
    amounts = {name: _amount(record, path) for name, path in AMOUNTS.items()}
    gap = balance_gap(amounts)
    limit = request.rules.limits.balance_gap_share
    principles, audit = _inner(record, "regnkapsprinsipper"), _inner(record, "revisjon")
    return {
        "organisation_number": number,
        "account_type": kind,
        "year": end.year,
        "period_start": start,
        "period_end": end,
        "currency": currency,
        "layout": a_text(record.get("oppstillingsplan"), 100, "oppstillingsplan"),
        "is_liquidation": a_boolean(record.get("avviklingsregnskap"), "avviklingsregnskap"),
        "is_parent": a_boolean(company.get("morselskap"), "morselskap"),
        "is_unaudited": a_boolean(audit.get("ikkeRevidertAarsregnskap"), "revisjon"),
        "is_small": a_boolean(principles.get("smaaForetak"), "smaaForetak"),
        **amounts,
        "balance_gap_share": gap,
        "is_balanced": None if gap is None else gap <= limit,
    }


def _inner(record: dict[str, Any], key: str) -> dict[str, Any]:
    value = record.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Faulty("wrong_type", f"{key}: {type(value).__name__}")
    return value


def _amount(record: dict[str, Any], path: tuple[str, ...]) -> float | None:
    for key in path[:-1]:
        record = _inner(record, key)
    value = record.get(path[-1])
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Faulty("wrong_type", f"{path[-1]}: {value}")
    return a_number(value, path[-1])


def balance_gap(amounts: dict[str, float | None]) -> float | None:
    """``|assets - (equity + debt)| / assets``; ``None`` where one is not stated or assets are 0.

    With assets of zero it is 0 if equity and debt cancel, else unknown.
    """
    assets, equity, debt = (amounts[name] for name in ("assets", "equity", "debt"))
    if assets is None or equity is None or debt is None:
        return None
    gap = abs(assets - (equity + debt))
    if assets == 0:
        return 0.0 if gap == 0 else None
    return gap / abs(assets)


def _say_what_stands_out(reading: Reading, table: pl.DataFrame, request: Request) -> None:
    import polars as pl

    foreign = table.filter(pl.col("currency") != "NOK")
    unbalanced = table.filter(~pl.col("is_balanced"))
    unknown = table.filter(pl.col("is_balanced").is_null())
    years = sorted(set(table["year"].to_list()))
    reading.say(
        "regnskap for {years}; grensesnittet gir bare siste år for hvert foretak, så andre år "
        "mangler og er ikke null",
        "accounts of {years}; the interface gives the last year of each company only, so other "
        "years are missing and not zero",
        years=", ".join(map(str, years)) or "-",
    )
    if foreign.height:
        reading.say(
            "{n} regnskap er i annen valuta: {kinds}",
            "{n} accounts are in other currencies: {kinds}",
            n=foreign.height,
            kinds=", ".join(sorted(set(foreign["currency"].to_list()))),
        )
    if unbalanced.height:
        reading.say(
            "{n} regnskap der eiendeler avviker fra egenkapital og gjeld med mer enn {share}: "
            "{numbers}",
            "{n} accounts where assets differ from equity and debt by more than {share}: {numbers}",
            n=unbalanced.height,
            share=f"{request.rules.limits.balance_gap_share:.1%}",
            numbers=", ".join(unbalanced["organisation_number"].head(10).to_list()),
        )
    if unknown.height:
        reading.say(
            "{n} regnskap der balansen ikke kan kontrolleres",
            "{n} accounts whose balance cannot be checked",
            n=unknown.height,
        )
