"""What is known of a line of capacity: class, certificate, amount in time, age and price."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from virkestoff.facilities.amounts import exact, in_unit, rounded_down
from virkestoff.facilities.capability_check import Stated
from virkestoff.facilities.reason import Reason, no, unknown, yes
from virkestoff.facilities.request import NOT_NEEDED, Need, earliest
from virkestoff.facilities.settings import Settings
from virkestoff.facilities.window import Window, available, last_day
from virkestoff.language import format_date, format_number

__all__ = ["amount_wanted", "capacity_days", "least_wanted", "window_reasons"]

_MONEY_UNIT = "NOK/"


def needs_gmp(need: Need) -> bool:
    """Whether a GMP class is asked for."""
    return need.gmp is not None and need.gmp != NOT_NEEDED


def capacity_days(need: Need, window: Window, on: date) -> tuple[date, date]:
    """First and last day whose capacity counts.

    None before the day of the question or the request's first day, none after its last day, and
    none after the certificate has expired where GMP is needed.
    """
    last = min(last_day(window), need.to) if need.to else last_day(window)
    if needs_gmp(need) and window.certificate is not None:
        last = min(last, window.certificate.expires)
    return earliest(need, on), last


def amount_wanted(need: Need, window: Window) -> Fraction | None:
    """The quantity in the unit of the window; ``None`` if it does not convert.

    Batches become volume or mass, and the other way, where the batch size is known.
    """
    assert need.quantity is not None
    direct = need.quantity.of(window.unit)
    if direct is not None or need.batch_size is None:
        return direct
    size, quantity = need.batch_size, need.quantity
    if quantity.unit == "batch":
        return in_unit(quantity.exact * size.exact, size.unit, window.unit)
    if window.unit == "batch":
        whole = quantity.of(size.unit)
        return None if whole is None else -(-whole // size.exact) + Fraction(0)
    return None


def _class(need: Need, at: Stated, window: Window) -> Reason | None:
    if need.modality is None or not window.excludes:
        return None
    for excluded in window.excludes:
        if at.vocabulary.covers(need.modality, excluded):
            return no("class", f"Linjen tar ikke {at.name(excluded, 'nb')}",
                      f"The line does not take {at.name(excluded, 'en')}")  # fmt: skip
        if at.vocabulary.covers(excluded, need.modality):
            return unknown("class", f"Linjen tar ikke {at.name(excluded, 'nb')}",
                           f"The line does not take {at.name(excluded, 'en')}")  # fmt: skip
    return None


def _certificate(need: Need, at: Stated, window: Window) -> Reason | None:
    if not needs_gmp(need):
        return None
    assert need.gmp is not None
    held = window.certificate
    if held is None:
        return unknown("certificate", "Sertifikat er ikke oppgitt", "No certificate is stated")
    nb, en = (", ".join(at.name(s, lang) for s in held.scope) for lang in ("nb", "en"))
    until_nb, until_en = format_date(held.expires, "nb"), format_date(held.expires, "en")
    relation = at.vocabulary.best_relation(held.scope, need.gmp)
    if relation in ("same", "narrower"):
        return yes("certificate", f"{nb}, til {until_nb}", f"{en}, until {until_en}")
    if relation == "broader":
        return unknown("certificate", f"Oppgitt er {nb}", f"Stated is {en}")
    return no("certificate", f"Sertifikatet gjelder {nb}", f"The certificate covers {en}")


def _capacity(need: Need, window: Window, on: date) -> Reason:
    first, last = capacity_days(need, window, on)
    found = available(window, first, last)
    unit = window.unit
    nb, en = (f"{format_number(float(found.amount), lang)} {unit}" for lang in ("nb", "en"))
    wanted = amount_wanted(need, window) if need.quantity is not None else None
    if need.quantity is not None and wanted is None:
        if not found.amount and not found.has_unknown:
            return no("capacity", "Ingenting ledig i tiden", "Nothing free in the time")
        return unknown("capacity", f"Ledig: {nb}; mengden er oppgitt i {need.quantity.unit}",
                       f"Free: {en}; the quantity is in {need.quantity.unit}")  # fmt: skip
    is_enough = found.amount > 0 if wanted is None else found.amount >= rounded_up(wanted, unit)
    if is_enough:
        return yes("capacity", f"Ledig i tiden: {nb}", f"Free in the time: {en}")
    if found.has_unknown:
        return unknown("capacity", "Hvor mye som er ledig, er ikke oppgitt",
                       "How much is free is not stated")  # fmt: skip
    if not found.amount:
        return no("capacity", "Ingenting ledig i tiden", "Nothing free in the time")
    return no("capacity", f"Ledig i tiden: bare {nb}", f"Free in the time: only {en}")


def least_wanted(need: Need, window: Window) -> Fraction | None:
    """What must be free in the unit of the window; ``None``: more than nothing."""
    wanted = amount_wanted(need, window) if need.quantity is not None else None
    return None if wanted is None else rounded_up(wanted, window.unit)


def rounded_up(number: Fraction, unit: str) -> Fraction:
    """``number``, or the whole units that it takes where half a unit is none."""
    down = rounded_down(number, unit)
    return down if down == number else down + 1


def _freshness(window: Window, on: date, settings: Settings) -> Reason:
    age = window.age_days(on)
    nb = f"Bekreftet {format_date(window.verified, 'nb')}"
    en = f"Confirmed on {format_date(window.verified, 'en')}"
    if age < 0:
        return unknown("freshness", f"{nb}, som ligger frem i tid", f"{en}, which lies ahead")
    if age > settings.stale_after_days:
        return unknown("freshness", f"{nb}: for gammelt til å bygge på",
                       f"{en}: too old to rely on")  # fmt: skip
    if window.confidence == "indicative":
        return unknown("freshness", f"{nb}, bare antydet", f"{en}, indicative only")
    return yes("freshness", nb, en)


def price_of(need: Need, window: Window) -> Fraction | None:
    """The lowest price of what is wanted, in NOK; ``None`` if it is not known."""
    price = window.price
    if price is None or price.low is None or price.unit is None or need.quantity is None:
        return None
    per = price.unit.removeprefix(_MONEY_UNIT)
    amount = need.quantity.of(per)
    if amount is None and per == window.unit:
        amount = amount_wanted(need, window)
    if amount is None:
        return None
    return exact(price.low) * rounded_up(amount, per)


def _price(need: Need, window: Window) -> Reason | None:
    if need.budget is None:
        return None
    price = window.price
    cost = price_of(need, window)
    if price is None or cost is None:
        return unknown("price", "Prisen er ikke kjent", "The price is not known")
    nb, en = (f"{format_number(float(cost), lang)}" for lang in ("nb", "en"))
    if price.price_year != need.budget.price_year:
        return unknown("price", f"Fra {nb} kroner i {price.price_year}-priser; budsjettet er i "
                       f"{need.budget.price_year}-priser",
                       f"From NOK {en} in prices of {price.price_year}; the budget is in prices "
                       f"of {need.budget.price_year}")  # fmt: skip
    if cost <= exact(need.budget.high):
        return yes("price", f"Fra {nb} kroner", f"From NOK {en}")
    return no("price", f"Fra {nb} kroner", f"From NOK {en}")


def window_reasons(need: Need, at: Stated, on: date, settings: Settings) -> list[Reason]:
    """Every constraint that the line of capacity decides, in the order of the constraints."""
    window = at.window
    if window is None:
        found: tuple[Reason | None, ...] = (
            unknown("capacity", "Ledig kapasitet er ikke oppgitt", "Free capacity is not stated"),
            unknown("price", "Prisen er ikke kjent", "The price is not known")
            if need.budget is not None else None,
        )  # fmt: skip
    else:
        found = (
            _class(need, at, window), _certificate(need, at, window), _capacity(need, window, on),
            _freshness(window, on, settings), _price(need, window),
        )  # fmt: skip
    return [reason for reason in found if reason is not None]
