"""Amounts across currencies and years. Oracle: the formula in the module, by hand."""

import pytest

from virkestoff.errors import InputError, MissingFact
from virkestoff.money import Indices, require_same_price_year

INDICES = Indices(
    rates={"EUR": {2014: 8.0, 2025: 12.0}},
    prices={"EUR": {2014: 100.0, 2025: 130.0}, "NOK": {2014: 100.0, 2025: 140.0}},
)


def test_prices_grow_where_the_thing_is_made_and_are_exchanged_in_the_target_year() -> None:
    assert INDICES.to_nok(10.0, "EUR", 2014, 2025) == pytest.approx(10 * 1.3 * 12.0)
    assert INDICES.to_nok(10.0, "NOK", 2014, 2025) == pytest.approx(14.0)
    assert INDICES.to_nok(10.0, "EUR", 2025, 2025) == pytest.approx(120.0)


def test_all_missing_years_are_named_at_once() -> None:
    with pytest.raises(MissingFact) as caught:
        INDICES.factor("EUR", 1990, 2030)
    assert len(caught.value.faults) == 3  # index 1990, index 2030, rate 2030
    with pytest.raises(MissingFact, match="no year is known"):
        INDICES.factor("USD", 2014, 2025)


def test_mixed_price_years_raise_and_name_each() -> None:
    assert require_same_price_year({"a": 2025, "b": 2025}) == 2025
    with pytest.raises(InputError, match=r"a \(2024\), b \(2025\)"):
        require_same_price_year({"a": 2024, "b": 2025})
