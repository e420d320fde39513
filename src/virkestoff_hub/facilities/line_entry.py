"""A line of capacity as a provider writes it, in the form or in a sheet, made a window.

Every rule that the engine puts on a window is told here in both languages and at its field; the
engine's own check stands behind as the last guard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from virkestoff.facilities import Register, Window
from virkestoff.facilities.amounts import exact
from virkestoff.facilities.provider import PHASES
from virkestoff.facilities.window import VIEWERS
from virkestoff.language import Text
from virkestoff_hub.facilities.entry import Entry
from virkestoff_hub.facilities.words import BASES, CONFIDENCES
from virkestoff_hub.fault_words import in_words

__all__ = ["COLUMN_WORDS", "HEAD", "NAME", "PERIOD", "LineRead", "head_of", "periods_of",
           "read_line"]  # fmt: skip

HEAD = (
    "does", "unit", "batch_from", "batch_to", "batch_unit", "confidence", "visibility",
    "price_basis", "price_low", "price_high", "price_per", "price_year", "price_visibility",
    "outside_normal_operation", "excludes", "phases", "certificate_scope", "certificate_expires",
)  # fmt: skip
"""What a line says once."""
PERIOD = ("from", "to", "total", "committed", "reserve", "offerable")
"""What it says of each period."""
MOST_PERIODS = 400
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True)
class LineRead:
    """A line that was read: the window, or what is wrong with it.

    ``faults`` are by field; ``period_faults`` by the number of the period from 0, then by field.
    """

    window: Window | None
    faults: Mapping[str, Text]
    period_faults: Mapping[int, Mapping[str, Text]]


def read_line(
    raw: Mapping[str, Any], periods: Sequence[Mapping[str, Any]], provider: str,
    register: Register, on: date,
) -> LineRead:  # fmt: skip
    """A window from what was written; empty periods are passed over.

    Parameters
    ----------
    raw, periods : the fields of ``HEAD``, and of ``PERIOD`` for each period
    on : the day on which the provider says so
    """
    entry = Entry(raw)
    data = _head(entry, provider, register)
    held: list[dict[str, Any]] = []
    period_faults: dict[int, Mapping[str, Text]] = {}
    for index, written in enumerate(periods):
        if any(str(written.get(name) or "").strip() for name in PERIOD):
            own = Entry(written)
            found = _period(own)
            held.append({**found, "index": index})
            if own.faults:
                period_faults[index] = own.faults
    _between(held, period_faults)
    if not held:
        entry.fault("periods", "Fyll ut minst én periode.", "Fill in one period at least.")
    elif len(held) > MOST_PERIODS:
        entry.fault("periods", f"Har flere enn {MOST_PERIODS} perioder.",
                    f"Has more than {MOST_PERIODS} periods.")  # fmt: skip
    window = None
    if not entry.faults and not period_faults:
        plain = [{k: v for k, v in p.items() if k != "index"} for p in held]
        data |= {"provider": provider, "verified": on, "periods": plain}
        try:
            window = Window.model_validate(data)
        except ValidationError as problem:
            first = str(problem.errors()[0]["msg"])
            entry.fault("periods", in_words(first, "nb"), in_words(first, "en"))
    return LineRead(window, entry.faults, period_faults)


def _head(entry: Entry, provider: str, register: Register) -> dict[str, Any]:
    """What a line says once, as the engine names it."""
    words = register.vocabulary
    stated = {c.does for c in register.providers[provider].capabilities}
    products = words.of_facets(("product",))
    found: dict[str, Any] = {
        "does": entry.choice("does", stated, is_needed=True),
        "unit": entry.unit("unit", is_needed=True),
        "confidence": entry.choice("confidence", CONFIDENCES, is_needed=True),
        "visibility": entry.choice("visibility", VIEWERS, is_needed=True),
        "is_outside_normal_operation": entry.is_ticked("outside_normal_operation"),
        "excludes": entry.many("excludes", products), "phases": entry.many("phases", PHASES),
        "batch": _batch(entry), "price": _price(entry),
        "certificate": _certificate(entry, register),
    }  # fmt: skip
    if register.providers[provider].kind == "hospital":
        _hospital(entry, found)
    return found


def _batch(entry: Entry) -> dict[str, Any] | None:
    low = entry.number("batch_from", is_positive=True)
    high = entry.number("batch_to", is_positive=True)
    has_size = low is not None or high is not None
    unit = entry.unit("batch_unit", is_needed=has_size)
    if low is not None and high is not None and high < low:
        entry.fault("batch_to", "Er mindre enn den minste.", "Is less than the smallest.")
    return {"from": low, "to": high, "unit": unit} if has_size else None


def _price(entry: Entry) -> dict[str, Any] | None:
    basis = entry.choice("price_basis", BASES)
    low, high = entry.number("price_low"), entry.number("price_high")
    year, per = entry.year("price_year"), entry.unit("price_per")
    seen = entry.choice("price_visibility", VIEWERS)
    has_amount = low is not None or high is not None
    if has_amount:
        entry.unit("price_per", is_needed=True)
        if year is None:
            entry.fault("price_year", "En pris trenger et prisår.", "A price needs a price year.")
    if low is not None and high is not None and high < low:
        entry.fault("price_high", "Er lavere enn den laveste.", "Is below the lowest.")
    if basis is None:
        if has_amount or year or per or seen:
            entry.fault("price_basis", "Velg hva prisen bygger på.",
                        "Choose what the price rests on.")  # fmt: skip
        return None
    price = {"basis": basis, "low": low, "high": high, "price_year": year,
             "unit": f"NOK/{per}" if per else None}  # fmt: skip
    return {**price, "visibility": seen} if seen else price


def _certificate(entry: Entry, register: Register) -> dict[str, Any] | None:
    scope = entry.many("certificate_scope", register.vocabulary.of_facets(("gmp",)))
    expires = entry.day("certificate_expires")
    if bool(scope) != (expires is not None):
        name = "certificate_expires" if scope else "certificate_scope"
        entry.fault(name, "Et sertifikat trenger både omfang og siste dag.",
                    "A certificate needs both scope and last day.")  # fmt: skip
    return {"scope": scope, "expires": expires} if scope and expires else None


def _hospital(entry: Entry, found: Mapping[str, Any]) -> None:
    """Only what normal operation leaves, at actual cost (source_003, lines 337-340)."""
    if not found["is_outside_normal_operation"]:
        entry.fault("outside_normal_operation",
                    "Sykehus kan bare leie ut det den ordinære driften ikke trenger.",
                    "Hospitals may rent out only what normal operation does not need.")  # fmt: skip
    if found["price"] is None or found["price"]["basis"] != "actual_cost":
        entry.fault("price_basis", "For sykehus skal bare faktiske kostnader dekkes.",
                    "For hospitals only actual costs are to be covered.")  # fmt: skip


def _period(entry: Entry) -> dict[str, Any]:
    first, last = entry.day("from"), entry.day("to")
    for name, value in (("from", first), ("to", last)):
        if value is None:
            entry.fault(name, "Må fylles ut.", "Must be filled in.")
    if first and last and last < first:
        entry.fault("to", "Slutter før den begynner.", "Ends before it starts.")
    amounts = {name: entry.number(name) for name in PERIOD[2:]}
    parts = [exact(v) for k, v in amounts.items() if k != "total" and v is not None]
    total = amounts["total"]
    if total is not None and sum(parts, Fraction(0)) > exact(total):
        entry.fault("total", "Opptatt, reserve og ledig er til sammen mer enn alt.",
                    "Committed, reserve and free are together more than the total.")  # fmt: skip
    return {"from": first, "to": last, **amounts}


def _between(held: Sequence[Mapping[str, Any]], faults: dict[int, Mapping[str, Text]]) -> None:
    """Two periods must not hold the same day, whose amount would count twice."""
    whole = [p for p in held if p["from"] and p["to"]]
    for one, two in pairwise(sorted(whole, key=lambda p: p["from"])):
        if two["from"] <= one["to"]:
            said = Text(nb="Overlapper med en annen periode: dagen ville telle to ganger.",
                        en="Overlaps another period: the day would count twice.")  # fmt: skip
            faults[two["index"]] = {"from": said, **faults.get(two["index"], {})}


def head_of(window: Window) -> dict[str, Any]:
    """What a window says once, as it is written in a form or a sheet."""
    price, held, batch = window.price, window.certificate, window.batch
    return {
        "does": window.does, "unit": window.unit,
        "batch_from": _written(batch.from_) if batch else "",
        "batch_to": _written(batch.to) if batch else "", "batch_unit": batch.unit if batch else "",
        "confidence": window.confidence, "visibility": window.visibility,
        "price_basis": price.basis if price else "",
        "price_low": _written(price.low) if price else "",
        "price_high": _written(price.high) if price else "",
        "price_per": price.unit.removeprefix("NOK/") if price and price.unit else "",
        "price_year": str(price.price_year) if price and price.price_year else "",
        "price_visibility": price.visibility if price else "",
        "outside_normal_operation": "ja" if window.is_outside_normal_operation else "",
        "excludes": ",".join(window.excludes), "phases": ",".join(window.phases),
        "certificate_scope": ",".join(held.scope) if held else "",
        "certificate_expires": held.expires.isoformat() if held else "",
    }  # fmt: skip


def periods_of(window: Window) -> list[dict[str, str]]:
    """The periods of a window, as they are written in a form or a sheet."""
    return [
        {"from": p.from_.isoformat(), "to": p.to.isoformat(), "total": _written(p.total),
         "committed": _written(p.committed), "reserve": _written(p.reserve),
         "offerable": _written(p.offerable)}
        for p in window.periods
    ]  # fmt: skip


def _written(number: float | None) -> str:
    """A number so that it is read again to the same, without a mark that reads in two ways."""
    if number is None:
        return ""
    text = repr(number)
    whole, _, decimals = text.partition(".")
    if "e" in text or not decimals.strip("0"):
        return f"{number:.0f}" if float(f"{number:.0f}") == number else f"{number:f}"
    return f"{text}0" if len(decimals) == 3 and len(whole) <= 3 else text


COLUMN_WORDS: dict[str, Text] = {
    "line": Text(nb="navn på linjen; én linje kan ha flere rader, en for hver periode",
                 en="name of the line; a line may have several rows, one for each period"),
    "version": Text(nb="fylles ut av filen du laster ned; tom for en ny linje",
                    en="filled in by the file that you download; empty for a new line"),
    "from": Text(nb="periodens første dag", en="first day of the period"),
    "to": Text(nb="periodens siste dag", en="last day of the period"),
    "total": Text(nb="alt i perioden", en="the total in the period"),
    "committed": Text(nb="opptatt", en="committed"),
    "reserve": Text(nb="holdt av til beredskap", en="held for preparedness"),
    "offerable": Text(nb="ledig for andre; ikke det samme som resten",
                      en="free for others; not the same as the rest"),
    "does": Text(nb="hva linjen gjør", en="what the line does"),
    "unit": Text(nb="enheten mengdene telles i", en="the unit that amounts are counted in"),
    "batch_from": Text(nb="minste batch", en="smallest batch"),
    "batch_to": Text(nb="største batch", en="largest batch"),
    "batch_unit": Text(nb="enhet for batchen", en="unit of the batch"),
    "confidence": Text(nb="hvor sikkert: sikker, sannsynlig eller bare antydet",
                       en="how sure: firm, likely or indicative only"),
    "visibility": Text(nb="hvem som ser linjen: alle, innloggede eller bare megleren",
                       en="who sees the line: everybody, those who have signed in, or the "
                       "broker alone"),
    "price_basis": Text(nb="hva prisen bygger på: faktisk kostnad, markedspris eller støttet pris",
                        en="what the price rests on: actual cost, market price or subsidised "
                        "price"),
    "price_low": Text(nb="laveste pris i kroner uten merverdiavgift",
                      en="lowest price in NOK without VAT"),
    "price_high": Text(nb="høyeste pris", en="highest price"),
    "price_per": Text(nb="pris per (enhet)", en="price per (unit)"),
    "price_year": Text(nb="prisår", en="price year"),
    "price_visibility": Text(nb="hvem som ser prisen; tom: bare megleren",
                             en="who sees the price; empty: the broker alone"),
    "outside_normal_operation": Text(nb="utenfor ordinær drift (sykehus må si ja)",
                                     en="outside normal operation (hospitals must say yes)"),
    "excludes": Text(nb="produkter linjen ikke tar", en="products that the line does not take"),
    "phases": Text(nb="faser linjen tar; tom: de oppgitte",
                   en="phases that the line takes; empty: those stated"),
    "certificate_scope": Text(nb="GMP-klasser sertifikatet gjelder",
                              en="GMP classes that the certificate covers"),
    "certificate_expires": Text(nb="sertifikatets siste dag", en="last day of the certificate"),
}  # fmt: skip
"""What each column of a sheet, and each field of the form, means."""
