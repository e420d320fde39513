"""Holding a stock. Oracles: the formula by hand on small cases, and laws that any stock obeys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.supply.stock import StockTerms, hold


def _terms(**changes: float) -> StockTerms:
    plain = {
        "shelf_life_months": 30.0, "remaining_months": 6.0, "write_off_share": 0.0,
        "storage_share": 0.0, "build_up_months": 12.0, "fill_premium": 0.0,
    }  # fmt: skip
    return StockTerms(**{k: np.array([[v]]) for k, v in {**plain, **changes}.items()})


USE = np.full((1, 5), 120.0)


def test_six_months_by_hand() -> None:
    stock = hold(6, USE, _terms(storage_share=0.1, write_off_share=0.05, fill_premium=0.2))
    assert stock.value.tolist() == [[60.0] * 5]
    assert stock.fill.tolist() == [[60.0, 0, 0, 0, 0]]
    assert stock.premium.tolist() == [[12.0, 0, 0, 0, 0]]
    assert stock.storage == pytest.approx(np.full((1, 5), 6.0))
    assert stock.replacement == pytest.approx(np.array([[0, 3.0, 3, 3, 3]]))
    assert stock.release.tolist() == [[0, 0, 0, 0, 60.0]]


def test_a_stock_longer_than_the_goods_live_is_thrown_away_in_part() -> None:
    stock = hold(48, USE, _terms())  # 24 usable months: half can rotate, half is lost every 2 years
    assert stock.rotated_share.tolist() == [[0.5]]
    assert stock.replacement[0, 1] == pytest.approx(480 * 0.5 * 12 / 24)


def test_a_slow_fill_is_phased() -> None:
    stock = hold(12, USE, _terms(build_up_months=30.0))
    assert stock.value[0].tolist() == pytest.approx([48.0, 96.0, 120.0, 120.0, 120.0])


@given(
    st.floats(0, 60),
    st.lists(st.floats(0, 1e6), min_size=1, max_size=12),
    st.floats(0, 0.5),
    st.floats(1, 60),
)
def test_purchases_less_losses_and_sales_equal_what_is_held(
    months: float, use: list[float], write_off: float, build_up: float
) -> None:
    rising = np.sort(np.array([use]))  # a stock never shrinks when use never falls
    stock = hold(months, rising, _terms(write_off_share=write_off, build_up_months=build_up))
    np.testing.assert_allclose(stock.fill.cumsum(axis=1), stock.value, rtol=1e-9, atol=1e-6)
    for amounts in (stock.fill, stock.premium, stock.replacement, stock.storage, stock.release):
        assert (amounts >= 0).all()
    assert (stock.release <= stock.value + 1e-9).all()


def test_no_stock_costs_nothing() -> None:
    stock = hold(0, USE, _terms(storage_share=1.0, write_off_share=1.0, fill_premium=1.0))
    assert all(
        not a.any() for a in (stock.fill, stock.premium, stock.replacement, stock.storage)
    )


@pytest.mark.parametrize(
    ("months", "use", "changes", "message"),
    [
        (-1.0, 1.0, {}, "negative"),
        (1.0, -1.0, {}, "demand is negative"),
        (1.0, 1.0, {"remaining_months": 40.0}, "live no longer"),
    ],
)
def test_bad_input_is_named(
    months: float, use: float, changes: dict[str, float], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        hold(months, np.full((1, 2), use), _terms(**changes))
