"""A fact's value in words, as lists and search results show it."""

from __future__ import annotations

from virkestoff.evidence import Fact
from virkestoff.language import Lang, format_number
from virkestoff.reports.units import amount_text, range_text

__all__ = ["fact_value"]

DIGITS = 6


def fact_value(fact: Fact, lang: Lang) -> str:
    """The value or the range of a fact with its unit; of a series its years and how many.

    A fact without a unit may be a share or a count, and stands as it is.
    """
    if fact.series:
        years = sorted(fact.series)
        word = "verdier" if lang == "nb" else "values"
        return f"{years[0]}–{years[-1]}: {len(years)} {word}"
    numbers = fact.numbers
    if fact.unit == "1":
        shown = [format_number(float(n), lang, DIGITS) for n in numbers]
        return shown[0] if len(shown) == 1 else f"{shown[0]}–{shown[-1]}"
    if len(numbers) == 1:
        return amount_text(numbers[0], fact.unit, lang, DIGITS)
    return range_text(numbers[0], numbers[-1], fact.unit, lang)
