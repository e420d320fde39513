"""Units and amounts as a reader expects them: millions of kroner, per pack, years, per cent."""

from __future__ import annotations

import re

from virkestoff.language import Lang, format_money, format_number

__all__ = ["amount_text", "range_text", "scaled", "unit_words"]

_HARD = "\u00a0"
_UNITS: dict[str, tuple[str, str]] = {
    "NOK": ("kr", "NOK"),
    "NOK/year": ("kr per år", "NOK a year"),
    "NOK/kg": ("kr per kg", "NOK per kg"),
    "NOK/pack": ("kr per pakning", "NOK per pack"),
    "NOK/DDD": ("kr per døgndose", "NOK per daily dose"),
    "NOK/day": ("kr per dag", "NOK per day"),
    "NOK/person": ("kr per person", "NOK per person"),
    "EUR/person": ("EUR per person", "EUR per person"),
    "DDD": ("døgndoser", "daily doses"),
    "DDD/year": ("døgndoser per år", "daily doses a year"),
    "day": ("dager", "days"),
    "day/year": ("dager per år", "days a year"),
    "year": ("år", "years"),
    "month": ("måneder", "months"),
    "fte": ("årsverk", "full-time positions"),
    "kg/year": ("kg per år", "kg a year"),
    "t/year": ("tonn per år", "tonnes a year"),
    "kWh/kg": ("kWh per kg", "kWh per kg"),
    "kg/kg": ("kg per kg", "kg per kg"),
    "m^3/kg": ("m³ per kg", "m³ per kg"),
    "m^3": ("m³", "m³"),
    "kWh/year": ("kWh per år", "kWh a year"),
    "m^3/year": ("m³ per år", "m³ a year"),
    "g/L": ("g/L", "g/L"),
    "unit": ("stk.", "units"),
    "batch/year": ("batcher per år", "batches a year"),
    "NOK/fte/year": ("kr per årsverk og år", "NOK per position and year"),
    "NOK/bottle": ("kr per flaske", "NOK per bottle"),
    "NOK/tablet": ("kr per tablett", "NOK per tablet"),
    "NOK/batch": ("kr per batch", "NOK per batch"),
    "NOK/product": ("kr per produkt", "NOK per product"),
    "NOK/m^2": ("kr per m²", "NOK per m²"),
    "hour": ("timer", "hours"),
    "kg/hour": ("kg per time", "kg per hour"),
    "m^3/hour": ("m³ per time", "m³ per hour"),
    "hour/year": ("timer per år", "hours a year"),
    "m^2": ("m²", "m²"),
    "m^2/m^3": ("m² per m³", "m² per m³"),
    "kg/m^2": ("kg per m²", "kg per m²"),
    "EUR/year": ("EUR per år", "EUR a year"),
    "USD/unit": ("USD per stk.", "USD per unit"),
    "1": ("", ""),
    "percent": ("prosent", "per cent"),
    "1/year": ("per år", "a year"),
    "unit/year": ("per år", "a year"),
    "DDD/kiloinhabitant/day": (
        "døgndoser per tusen innbyggere per dag",
        "daily doses per thousand inhabitants and day",
    ),
}
_MONEY_SCALES: dict[Lang, tuple[tuple[float, str, str], ...]] = {
    "nb": ((1e9, "mrd. kr", "mrd. kr per år"), (1e6, "mill. kr", "mill. kr per år")),
    "en": ((1e9, "NOK billion", "NOK billion a year"), (1e6, "NOK million", "NOK million a year")),
}


_FOREIGN = re.compile(r"(?P<currency>(?!NOK|DDD)[A-Z]{3})(?P<yearly>/year)?")
_FOREIGN_SCALES = ((1e9, ("mrd.", "billion")), (1e6, ("mill.", "million")))


def _foreign(unit: str, largest: float, lang: Lang) -> tuple[float, str] | None:
    """Scale and words of another currency from a million up: ``mill. EUR``, ``EUR million``."""
    found = _FOREIGN.fullmatch(unit)
    if found is None:
        return None
    for size, (nb, en) in _FOREIGN_SCALES:
        if abs(largest) >= size:
            currency = found["currency"]
            if lang == "nb":
                return size, f"{nb}{_HARD}{currency}" + (" per år" if found["yearly"] else "")
            return size, f"{currency} {en}" + (" a year" if found["yearly"] else "")
    return None


def unit_words(unit: str, lang: Lang) -> str:
    """A unit in words; one that is not listed stands as it is written."""
    return _UNITS.get(unit, (unit, unit))[0 if lang == "nb" else 1]


def scaled(unit: str, largest: float, lang: Lang) -> tuple[float, str]:
    """What numbers of a column or axis are divided by, and the words for the unit then."""
    if unit in ("NOK", "NOK/year"):
        for size, once, yearly in _MONEY_SCALES[lang]:
            if abs(largest) >= size:
                return size, yearly if unit == "NOK/year" else once
    if (foreign := _foreign(unit, largest, lang)) is not None:
        return foreign
    if unit == "kg/year" and abs(largest) >= 1000:  # constant: kg in a tonne
        return 1000.0, unit_words("t/year", lang)
    if unit == "1":
        return 0.01, unit_words("percent", lang)
    return 1.0, unit_words(unit, lang)


def _joined(numbers: str, words: str, lang: Lang) -> str:
    """Numbers with their unit; English sets the currency before the number."""
    if not words:
        return numbers
    currency, _, rest = words.partition(" ")
    if lang == "en" and re.fullmatch("[A-Z]{3}", currency):
        return f"{currency}{_HARD}{numbers}" + (f"{_HARD}{rest}" if rest else "")
    return f"{numbers}{_HARD}{words}"


def amount_text(value: float, unit: str, lang: Lang, digits: int = 3) -> str:
    """A number with its unit for running text."""
    if unit in ("NOK", "NOK/year"):
        yearly = "" if unit == "NOK" else (" per år" if lang == "nb" else " a year")
        return format_money(value, lang, digits) + yearly
    if unit == "1":
        share = format_number(100 * value, lang, digits)
        return f"{share}{_HARD}%" if lang == "nb" else f"{share}%"
    # A number that rounds up to the next scale stands in it.
    size, words = _foreign(unit, float(f"{value:.{digits - 1}e}"), lang) or (
        1.0,
        unit_words(unit, lang),
    )
    return _joined(format_number(value / size, lang, digits), words, lang)


def range_text(low: float, high: float, unit: str, lang: Lang) -> str:
    """A range with one unit: ``3 til 5 mill. kr``."""
    to = "til" if lang == "nb" else "to"
    size, words = scaled(unit, max(abs(low), abs(high)), lang)
    left, right = format_number(low / size, lang), format_number(high / size, lang)
    numbers = left if left == right else f"{left} {to} {right}"
    return _joined(numbers, words, lang)
