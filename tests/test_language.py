"""Numbers and dates in the reader's locale. Oracle: Språkrådet's rules for numbers, by hand."""

from datetime import date

import pytest

from virkestoff.language import (
    Text,
    format_date,
    format_money,
    format_number,
    format_range,
    place_in,
)

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


@pytest.mark.parametrize(
    ("place", "nb"),
    [
        ("section 5.1.1, line 232", "kapittel 5.1.1, linje 232"),
        ("sections 2.3.3 and 5.2.4", "kapittel 2.3.3 og 5.2.4"),
        ("table 3 and figure 3-12", "tabell 3 og figur 3-12"),
        ("theme 6, last paragraph", "tema 6, siste avsnitt"),
        ("Article 1(3) in Part I of Protocol 3", "artikkel 1(3) i del I av protokoll 3"),
        ("news item of 27 January 2022", "nyhet fra 27. januar 2022"),
        ("page of 2 February 2023", "side fra 2. februar 2023"),
        ("whole page", "hele siden"),
        ("theme 12, line 1736, citing Menon", "tema 12, linje 1736, som viser til Menon"),
        ("appendix B, question 19", "vedlegg B, spørsmål 19"),
        ("probably figure 1-7, without a caption in the copy",
         "trolig figur 1-7, uten bildetekst i avskriften"),
        ("tables 4 to 6, items on Siva", "tabell 4 til 6, punkter om Siva"),
        # What is no place word stays as it is written, also where it holds one within a word.
        ("heading Veien videre", "overskrift Veien videre"),
        ("timeline of the pipeline", "timeline of the pipeline"),
        ("J01CE_community", "J01CE_community"),
        ("fjerde avsnitt, tredje punktum", "fjerde avsnitt, tredje punktum"),
    ],
)
def test_places_in_norwegian(place: str, nb: str) -> None:
    """Oracle: written by hand."""
    assert place_in(place, "nb") == nb
    assert place_in(place, "en") == place
    assert place_in(nb, "nb") == nb
