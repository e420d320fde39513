"""Units. Oracle: the definitions of the units."""

import pytest

from virkestoff.errors import InputError
from virkestoff.quantities import (
    CURRENCIES,
    check_unit,
    convert,
    currency_of,
    factor,
    parse_unit,
    with_currency,
)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (45.0, "g/L", "kg/m^3", 45.0),
        (1.0, "t/year", "kg/year", 1000.0),
        (51.7, "ore/kWh", "NOK/kWh", 0.517),
        (1.0, "kW/m^2", "W/m^2", 1000.0),
        (1.0, "1/day", "1/year", 365.0),
        (3.0, "percent", "1", 0.03),
        (1.0, "kWh", "MJ", 3.6),
    ],
)
def test_converts(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "target"),
    [("g/L", "g"), ("NOK/kg", "EUR/kg"), ("pack", "tablet"), ("fte", "person"), ("kg", "1")],
)
def test_mixed_units_raise(source: str, target: str) -> None:
    with pytest.raises(InputError, match="cannot be converted"):
        convert(1.0, source, target)


@pytest.mark.parametrize(
    "text", ["grams per", "__import__('os')", "kg**9999999", "a" * 100, "", "kg;m", "1e400*kg**2"]
)
def test_what_is_no_unit_is_named(text: str) -> None:
    with pytest.raises(InputError, match="unit"):
        parse_unit(text)


def test_currency() -> None:
    assert currency_of("NOK/kg") == "NOK"
    assert currency_of("ore/kWh") == "NOK"
    assert currency_of("kg") is None
    assert with_currency("EUR/m^2", "NOK") == "NOK/m^2"
    with pytest.raises(InputError, match="two currencies"):
        currency_of("NOK/EUR")


def test_plain_units_mean_what_the_parser_finds() -> None:
    """Oracle: the parser, on every plain unit and quotient."""
    names = ["1", *CURRENCIES, "person", "fte", "year", "month", "hour"]
    for unit in (*names, *(f"{a}/{b}" for a in names for b in names if a != b)):
        dimensions = str(parse_unit(unit).dimensionality)
        held = [c for c in CURRENCIES if f"[{c}]" in dimensions]
        check_unit(unit)
        assert factor(unit, unit) == pytest.approx(1.0)
        if len(held) < 2:
            assert currency_of(unit) == (held[0] if held else None), unit


@pytest.mark.parametrize("text", ["bogus", "NOK/bogus", "NOK/", "/NOK", ""])
def test_what_is_no_unit_is_a_fault_with_and_without_the_parser(text: str) -> None:
    with pytest.raises(InputError):
        parse_unit(text)
    with pytest.raises(InputError):
        check_unit(text)
