"""Cash flow. Oracles: annuity formulas, IRR of textbook flows, a plain loop, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.production.cashflow import (
    Investor,
    Outlays,
    cash_flow,
    discounted,
    levelised_cost,
    return_factors,
    tax_depreciation,
    tax_due,
)
from virkestoff.production.returns import internal_rate_of_return, required_price
from virkestoff.production.returns_readable import bisected_rate, bracketed_price


def _column(value: float) -> np.ndarray:
    return np.array([[value]])


def _investor(**changes: float) -> Investor:
    plain = {
        "required_return": 0.08, "tax_rate": 0.22, "inflation": 0.02, "machinery_rate": 0.2,
        "building_rate": 0.04, "working_capital_share": 0.25,
    }  # fmt: skip
    return Investor(**{k: _column(v) for k, v in {**plain, **changes}.items()})


def _outlays(operating: list[float], machinery: list[float], end: float = 0.0) -> Outlays:
    n = len(operating)
    last = np.zeros((1, n))
    last[0, -1] = end
    return Outlays(np.array([operating]), np.array([machinery]), np.zeros((1, n)), last)


def test_levelised_cost_without_tax_is_the_annuity() -> None:
    """100 today at 5 % over ten yearly sales costs 100 x 0.05 / (1 - 1.05^-10) a year."""
    outlays = _outlays([0.0] * 11, [100.0] + [0.0] * 10)
    volume = np.array([[0.0] + [1.0] * 10])
    annuity = 100 * 0.05 / (1 - 1.05**-10)
    assert levelised_cost(volume, outlays, _column(0.05)) == pytest.approx(annuity)
    free = _investor(tax_rate=0.0, working_capital_share=0.0, required_return=0.05)
    assert required_price(volume, outlays, free) == pytest.approx(annuity)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100.0, 110.0], 0.10),
        ([-100.0, 60.0, 60.0], (60 + np.sqrt(60**2 + 4 * 100 * 60)) / 200 - 1),
        ([-1000.0] + [0.0] * 9 + [2000.0], 2 ** (1 / 10) - 1),
        ([-100.0, 50.0], -0.5),
    ],
)
def test_internal_rate_of_return_in_closed_form(flows: list[float], rate: float) -> None:
    assert internal_rate_of_return(np.array([flows])) == pytest.approx(rate, abs=1e-7)


def test_a_return_that_does_not_exist_is_not_a_number() -> None:
    flows = np.array([[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0]])
    assert np.isnan(internal_rate_of_return(flows)).all()


def test_declining_balance_by_hand_without_inflation() -> None:
    """100 at 20 %: 20, 16, 12.8, and the rest of 51.2 in the last year."""
    written = tax_depreciation(np.array([[100.0, 0, 0, 0]]), _column(0.2), _column(0.0))
    assert written[0].tolist() == pytest.approx([20.0, 16.0, 12.8, 51.2])


def test_inflation_erodes_what_is_written_off_later() -> None:
    plain = tax_depreciation(np.array([[100.0, 0, 0, 0]]), _column(0.2), _column(0.0))
    eroded = tax_depreciation(np.array([[100.0, 0, 0, 0]]), _column(0.2), _column(0.1))
    expected = plain / 1.1 ** np.arange(4)
    np.testing.assert_allclose(eroded, expected)


def test_losses_are_carried_forward_by_hand() -> None:
    """-10, 4, 10 at 22 %: nothing, nothing, and tax on the 4 that is left."""
    due = tax_due(np.array([[-10.0, 4.0, 10.0]]), _column(0.22), _column(0.0))
    assert due[0].tolist() == pytest.approx([0.0, 0.0, 0.88])


money = st.floats(0.0, 1e9)


@given(
    st.lists(st.tuples(money, money, st.floats(0, 1e7)), min_size=2, max_size=15),
    st.floats(0.001, 0.3),
    st.floats(0.0, 0.5),
    st.floats(0.0, 0.1),
    st.floats(-1e8, 1e8),
)
def test_at_the_required_price_the_owner_earns_exactly_the_required_return(
    years: list[tuple[float, float, float]], rate: float, tax: float, inflation: float, end: float
) -> None:
    operating, machinery, volume = (list(column) for column in zip(*years, strict=True))
    volume[-1] += 1.0
    outlays = _outlays(operating, machinery, end)
    investor = _investor(required_return=rate, tax_rate=tax, inflation=inflation)
    sold = np.array([volume])
    price = required_price(sold, outlays, investor)
    flow = cash_flow(sold * price[:, None], outlays, investor)
    spent = outlays.operating + outlays.investment + abs(outlays.end_value)
    size = discounted(spent, _column(rate))
    assert discounted(flow.net, _column(rate))[0] == pytest.approx(0.0, abs=1e-6 * size[0] + 1e-3)


@given(st.lists(st.tuples(money, money, money), min_size=1, max_size=12))
def test_equals_a_plain_loop(years: list[tuple[float, float, float]]) -> None:
    revenue, operating, machinery = (list(c) for c in zip(*years, strict=True))
    flow = cash_flow(np.array([revenue]), _outlays(operating, machinery), _investor())
    balance = loss = bound = 0.0
    for t, (sales, cost, spent) in enumerate(years):
        is_last = t == len(years) - 1
        balance += spent
        written = balance if is_last else 0.2 * balance
        profit = sales - cost - written - loss
        tax = 0.22 * max(profit, 0.0)
        loss = max(-profit, 0.0) / 1.02
        balance *= 0.8 / 1.02
        wanted = 0.0 if is_last else 0.25 * sales
        net = sales - cost - spent - tax - (wanted - bound)
        bound = wanted
        assert flow.net[0, t] == pytest.approx(net, rel=1e-9, abs=1e-3)


def test_what_is_never_sold_has_no_price() -> None:
    outlays = _outlays([1.0, 1.0], [1.0, 0.0])
    nothing = np.zeros((1, 2))
    assert np.isnan(required_price(nothing, outlays, _investor())).all()
    assert np.isnan(levelised_cost(nothing, outlays, _column(0.04))).all()


def _plants(n_draws: int, n_years: int, seed: int) -> tuple[np.ndarray, Outlays, Investor]:
    """Synthetic plants: built in three years, sold from the fourth, closed at a cost or a gain."""
    rng = np.random.default_rng(seed)

    def between(low: float, high: float, *shape: int) -> np.ndarray:
        return rng.uniform(low, high, (n_draws, *shape))

    volume = between(0.0, 2.0, n_years)
    volume[:, :3] = 0.0
    machinery = between(0.0, 1e6, n_years) * (rng.random((n_draws, n_years)) < 0.2)
    buildings = np.zeros((n_draws, n_years))
    buildings[:, :3] = between(0.0, 1e8, 3)
    end_value = np.zeros((n_draws, n_years))
    end_value[:, -1] = between(-1e8, 1e8)
    outlays = Outlays(between(0.0, 1e7, n_years), machinery, buildings, end_value)
    ranges = ((0.02, 0.2), (0.0, 0.4), (0.0, 0.06), (0.1, 0.3), (0.02, 0.06), (0.0, 0.4))
    return volume, outlays, Investor(*(between(low, high, 1) for low, high in ranges))


@pytest.mark.parametrize(("n_years", "seed"), [(5, 1), (17, 2), (40, 3)])
def test_newton_gives_the_price_of_the_slow_search(n_years: int, seed: int) -> None:
    """Oracle: bisection on the whole cash flow."""
    plants = _plants(200, n_years, seed)
    np.testing.assert_allclose(required_price(*plants), bracketed_price(*plants), rtol=1e-9)


def test_a_negative_nominal_return_is_left_to_the_slow_search() -> None:
    """Losses that gain in worth by waiting break what Newton's steps rest on."""
    volume, outlays, investor = _plants(100, 30, 4)
    falling = Investor(
        investor.required_return * 0.0 - 0.05,
        investor.tax_rate,
        investor.inflation,
        investor.machinery_rate,
        investor.building_rate,
        investor.working_capital_share,
    )
    found = required_price(volume, outlays, falling)
    np.testing.assert_allclose(found, bracketed_price(volume, outlays, falling), rtol=1e-9)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_a_draws_price_and_return_do_not_depend_on_its_block(size: int) -> None:
    volume, outlays, investor = _plants(129, 40, 5)
    price = required_price(volume, outlays, investor)
    net = cash_flow(volume * (1.1 * price)[:, None], outlays, investor).net
    rate = internal_rate_of_return(net)
    for start in range(0, 129, size):
        cut = slice(start, start + size)
        part = required_price(
            volume[cut],
            Outlays(*(a[cut] for a in vars(outlays).values())),
            Investor(*(a[cut] for a in vars(investor).values())),
        )
        assert part.tobytes() == price[cut].tobytes()
        assert internal_rate_of_return(net[cut]).tobytes() == rate[cut].tobytes()


def test_rate_of_return_equals_slow_bisection() -> None:
    """Oracle: bisection of the sum of discounted flows; some flows change sign twice or never."""
    volume, outlays, investor = _plants(300, 40, 6)
    price = np.linspace(0.5, 3.0, 300) * required_price(volume, outlays, investor)
    net = cash_flow(volume * price[:, None], outlays, investor).net
    slow = bisected_rate(net)
    assert np.isnan(slow).any()
    assert np.isfinite(slow).any()
    np.testing.assert_allclose(internal_rate_of_return(net), slow, atol=2e-9)


@given(st.floats(-0.2, 0.5), st.integers(1, 60))
def test_discounting_equals_a_power(rate: float, n_years: int) -> None:
    amounts = np.arange(1.0, n_years + 1.0)
    plain = sum(float(a) / (1.0 + rate) ** t for t, a in enumerate(amounts))
    assert discounted(amounts[None, :], _column(rate))[0] == pytest.approx(plain, rel=1e-11)


def test_factors_that_are_kept_follow_the_rate() -> None:
    """Oracle: a power; a rate that can change is never taken from what is kept."""
    fixed, free = np.array([[0.05], [0.1]]), np.array([[0.05], [0.1]])
    fixed.flags.writeable = False
    for _ in range(2):
        np.testing.assert_allclose(return_factors(fixed, 3)[1], 1.1 ** -np.arange(3))
    np.testing.assert_allclose(return_factors(fixed, 5)[0], 1.05 ** -np.arange(5))
    return_factors(free, 3)
    free[:] = 0.2
    np.testing.assert_allclose(return_factors(free, 3)[0], 1.2 ** -np.arange(3))
