"""Units and amounts in words. Oracle: written by hand as a reader of each language expects them."""

from __future__ import annotations

import pytest

from virkestoff.language import Lang
from virkestoff.reports.units import amount_text, range_text, scaled, unit_words


def plain(text: str) -> str:
    """With ordinary spaces: the hard and narrow ones are for the line breaker."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "unit", "nb", "en"),
    [
        (2.346e9, "NOK", "2,35 mrd. kr", "NOK 2.35 billion"),
        (4.14e6, "NOK/year", "4,14 mill. kr per år", "NOK 4.14 million a year"),
        (9.9999e8, "NOK", "1 mrd. kr", "NOK 1 billion"),
        (-3.2e6, "NOK", "−3,2 mill. kr", "NOK −3.2 million"),
        (88_240, "NOK/kg", "88 200 kr per kg", "NOK 88,200 per kg"),
        (0.456, "1", "45,6 %", "45.6%"),
        (6, "month", "6 måneder", "6 months"),
        (8.234, "year", "8,23 år", "8.23 years"),
        (0.0123, "m^3/kg", "0,0123 m³ per kg", "0.0123 m³ per kg"),
        (5, "furlong", "5 furlong", "5 furlong"),
        (0, "NOK", "0 kr", "NOK 0"),
        (50e6, "EUR", "50 mill. EUR", "EUR 50 million"),
        (1.25e9, "SEK/year", "1,25 mrd. SEK per år", "SEK 1.25 billion a year"),
        (9.9999e5, "EUR", "1 mill. EUR", "EUR 1 million"),
        (400_000, "SEK", "400 000 SEK", "SEK 400,000"),
        (21.5, "EUR/person", "21,5 EUR per person", "EUR 21.5 per person"),
        (2_000_000, "DDD", "2 000 000 døgndoser", "2,000,000 daily doses"),
    ],
)
def test_amounts(value: float, unit: str, nb: str, en: str) -> None:
    assert plain(amount_text(value, unit, "nb")) == nb
    assert plain(amount_text(value, unit, "en")) == en


@pytest.mark.parametrize(
    ("low", "high", "unit", "nb", "en"),
    [
        (0.9e9, 2.2e9, "NOK", "0,9 til 2,2 mrd. kr", "NOK 0.9 to 2.2 billion"),
        (3e6, 5e6, "NOK/year", "3 til 5 mill. kr per år", "NOK 3 to 5 million a year"),
        (-2e9, 1e6, "NOK", "−2 til 0,001 mrd. kr", "NOK −2 to 0.001 billion"),
        (0.1, 0.25, "1", "10 til 25 prosent", "10 to 25 per cent"),
        (1500, 13_200, "kg/year", "1,5 til 13,2 tonn per år", "1.5 to 13.2 tonnes a year"),
        (2, 2.001, "year", "2 år", "2 years"),
        (50e6, 180e6, "EUR", "50 til 180 mill. EUR", "EUR 50 to 180 million"),
    ],
)
def test_ranges_have_one_unit(low: float, high: float, unit: str, nb: str, en: str) -> None:
    assert plain(range_text(low, high, unit, "nb")) == nb
    assert plain(range_text(low, high, unit, "en")) == en


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize(
    ("unit", "largest", "size"),
    [("NOK", 999_999, 1), ("NOK", 1e6, 1e6), ("NOK/year", 1e9, 1e9), ("NOK", -2e9, 1e9),
     ("kg/year", 999, 1), ("kg/year", 1000, 1000), ("1", 0.3, 0.01), ("NOK/kg", 1e9, 1)],
)  # fmt: skip
def test_scale_of_a_column(lang: Lang, unit: str, largest: float, size: float) -> None:
    assert scaled(unit, largest, lang)[0] == size


@pytest.mark.parametrize("unit", ["NOK/pack", "fte", "kg/year", "NOK/DDD"])
def test_units_are_words_in_both_languages(unit: str) -> None:
    assert unit_words(unit, "nb") != unit_words(unit, "en")
    assert "/" not in unit_words(unit, "nb") + unit_words(unit, "en")


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_number_and_its_unit_never_part_at_a_line_end(lang: Lang) -> None:
    for unit in ("year", "NOK/kg", "m^3"):
        assert "\u00a0" in amount_text(3.0, unit, lang)
        number, _, _ = amount_text(12345.0, unit, lang).partition("\u00a0")
        assert " " not in number
