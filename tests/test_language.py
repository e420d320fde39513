"""Numbers and dates in the reader's locale. Oracle: Språkrådet's rules for numbers, by hand."""

from datetime import date

import pytest

from virkestoff.language import Text, format_date, format_money, format_number, format_range

THIN, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("number", "nb", "en"),
    [
        (0.0, "0", "0"),
        (1234567.0, f"1{THIN}230{THIN}000", "1,230,000"),
        (0.04567, "0,0457", "0.0457"),
        (-3.0, "\u22123", "\u22123"),
        (999.6, f"1{THIN}000", "1,000"),
        (0.0999999, "0,1", "0.1"),
        (12.50, "12,5", "12.5"),
    ],
)
def test_at_most_three_significant_digits(number: float, nb: str, en: str) -> None:
    assert format_number(number, "nb") == nb
    assert format_number(number, "en") == en


def test_what_is_not_defined_is_a_dash_and_not_zero() -> None:
    assert format_number(float("nan"), "en") == "–"
    assert "–" in format_money(float("nan"), "nb")


def test_zero_after_rounding_has_no_minus() -> None:
    assert format_number(-0.001, "en", decimals=1) == "0.0"


def test_money_picks_the_scale_after_rounding() -> None:
    assert format_money(999.6e6, "en") == f"NOK{HARD}1{HARD}billion"
    assert format_money(2.345e9, "nb") == f"2,35{HARD}mrd.{HARD}kr".replace("2,35", "2,35")
    assert format_money(-5e6, "en") == f"NOK{HARD}\u22125{HARD}million"


def test_a_range_of_equal_numbers_is_one_number() -> None:
    assert format_range(1.0, 1.0001, "en") == "1"
    assert format_range(1.0, 2.0, "nb") == f"1{HARD}til{HARD}2"


def test_dates() -> None:
    assert format_date(date(2026, 11, 1), "nb") == f"1.{HARD}november{HARD}2026"
    assert format_date(date(2026, 11, 1), "en") == f"1{HARD}November{HARD}2026"


def test_a_text_needs_both_languages() -> None:
    assert Text(nb="a", en="b").in_("nb") == "a"
    with pytest.raises(ValueError, match="en"):
        Text.model_validate({"nb": "a"})
