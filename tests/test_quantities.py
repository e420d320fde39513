"""Units. Oracle: the definitions of the units."""

import pytest

from virkestoff.errors import InputError
from virkestoff.quantities import convert, currency_of, parse_unit, with_currency


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
