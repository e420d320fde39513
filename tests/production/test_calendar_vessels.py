"""Vessels and years: laws, the arithmetic of scale, and the slow twin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from virkestoff.errors import InputError
from virkestoff.production.calendar import Group, binomial_inverse, changeover_hours, run_years
from virkestoff.production.reference import (
    cheapest_group_slowly,
    failed_batches,
    run_years_slowly,
)
from virkestoff.production.vessels import (
    cheapest,
    fewest_vessels,
    sufficient_groups,
    undominated,
    whole_batches,
)

SIZES = (10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 125.0, 150.0, 200.0)
BATCH_100_M3_KG = 100 * 0.80 * 45 * 0.91  # 3,276 kg: arithmetic of the reference notes


def column(*values: float) -> np.ndarray:
    return np.array([values], dtype=np.float64)


def choose(
    peak: list[float],
    rho: list[float],
    hours: list[float],
    there: float,
    cost=None,
    sizes=SIZES,
    most: int | None = None,
) -> tuple[float, int, float]:
    """Size, number and cost of the cheapest group, by the steps that the design takes."""
    price = cost or made_up_cost(1.0, 0.6, 0.1, 40)
    one = column(there)
    size, number = sufficient_groups(
        column(*peak), column(*rho), column(*hours), one, sizes, "", most
    )
    starts = whole_batches(column(*peak)[:, :, None], column(*rho)[:, :, None] * size).sum(axis=1)
    lines = np.ceil(starts / price.batches_a_line)
    cost = np.where(undominated(number, lines), price(size, number, lines), np.inf)
    pick = cheapest(cost, np.broadcast_to(size, number.shape), number)[0, 0]
    return size[0, pick], int(number[0, pick]), cost[0, pick]


class made_up_cost:
    """Vessels by the power law, and lines that need a machine per 30 m3 of batch: made up."""

    def __init__(self, vessel: float, exponent: float, line: float, batches_a_line: int) -> None:
        self.vessel, self.exponent, self.line = vessel, exponent, line
        self.batches_a_line = batches_a_line

    def __call__(self, size, number, lines):
        machines = lines * np.ceil(size / 30.0)
        return self.vessel * number * size**self.exponent + self.line * machines


def test_a_batch_of_100_m3_makes_3_3_tonnes() -> None:
    # Oracle: production-economics, "One 100 m3 batch ... gives 3.3 t".
    assert pytest.approx(3300, rel=0.01) == BATCH_100_M3_KG


@pytest.mark.parametrize(("tonnes", "batches"), [(13.1, 4), (61.8, 19), (175.3, 53)])
def test_batches_of_three_markets(tonnes: float, batches: int) -> None:
    # Oracle: production-economics, "Norway 4 batches a year, Nordic 19, Europe 53" (rounded).
    assert tonnes * 1000 / BATCH_100_M3_KG == pytest.approx(batches, abs=0.6)
    whole = float(whole_batches(column(tonnes * 1000), column(BATCH_100_M3_KG))[0, 0])
    assert whole in (batches, batches + 1)


def test_one_vessel_of_20_m3_serves_norway_at_half_use() -> None:
    # Oracle: production-supply-notes, about 20 batches a year at 49 % use (170 h + 24 h, 90 %).
    starts = whole_batches(column(13_100), column(BATCH_100_M3_KG / 5))
    hours = 0.90 * 8760
    number = fewest_vessels(starts[:, :, None], column(194.0), column(hours))
    assert starts[0, 0] == 20 and number[0, 0] == 1
    assert starts[0, 0] * 194.0 / hours == pytest.approx(0.49, abs=0.005)


def test_a_vessel_makes_31_to_41_batches() -> None:
    # Oracle: production-economics, "31-41 batches a year (170-230 h plus 24 h, 90 % uptime)".
    for hours, batches in ((170 + 24, 40), (230 + 24, 31)):
        fits = fewest_vessels(column(batches)[:, :, None], column(hours), column(0.90 * 8760))
        over = fewest_vessels(column(batches + 1)[:, :, None], column(hours), column(0.90 * 8760))
        assert fits[0, 0] == 1 and over[0, 0] == 2


def test_nothing_wanted_needs_no_vessel() -> None:
    assert choose([0.0], [30.0], [194.0], 7884.0) == (10.0, 0, 0.0)


def test_an_impossible_year_is_a_fault() -> None:
    with pytest.raises(InputError, match="no number of vessels"):
        choose([5.0], [30.0], [9000.0], 7884.0)


def test_of_equal_cost_the_least_volume_then_the_fewest_are_taken() -> None:
    cost = np.array([[5.0, 3.0, 3.0, 3.0]])
    size, number = np.array([[10.0, 20.0, 40.0, 50.0]]), np.array([[1.0, 4.0, 2.0, 2.0]])
    assert cheapest(cost, size, number)[0, 0] == 2


products = st.integers(1, 3)
kg = st.floats(0.0, 2e6)
density = st.floats(5.0, 50.0)
cycle = st.floats(20.0, 400.0)
available = st.floats(1500.0, 8760.0)


costs = st.builds(
    made_up_cost,
    st.floats(0.1, 10.0),
    st.floats(0.3, 1.0),
    st.floats(0.0, 50.0),
    st.integers(20, 400),
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_search_equals_the_slow_twin(data: st.DataObject) -> None:
    n = data.draw(products)
    peak = [data.draw(kg) for _ in range(n)]
    rho = [data.draw(density) for _ in range(n)]
    hours = [data.draw(cycle) for _ in range(n)]
    there, price = data.draw(available), data.draw(costs)
    most = data.draw(st.sampled_from([None, 1, 2, 4]))

    def slow_cost(size: float, number: int, starts: int) -> float:
        machines = math.ceil(starts / price.batches_a_line) * math.ceil(size / 30.0)
        return price.vessel * number * size**price.exponent + price.line * machines

    slow = cheapest_group_slowly(peak, rho, hours, there, SIZES, slow_cost, most)
    assert slow == choose(peak, rho, hours, there, price, SIZES, most)[:2]


@given(peak=kg, rho=density, more=st.floats(1.0, 3.0), hours=cycle, there=available, price=costs)
@settings(max_examples=150, deadline=None)
def test_more_titre_never_costs_more(
    peak: float, rho: float, more: float, hours: float, there: float, price: made_up_cost
) -> None:
    # Law: the groups that suffice at a titre suffice at a higher one, with no more batches.
    rest = ([hours], there, price)
    before = choose([peak], [rho], *rest, SIZES, 4)
    after = choose([peak], [rho * more], *rest, SIZES, 4)
    assert after[2] <= before[2] * (1 + 1e-9)
    assert (
        choose([peak], [rho * more], *rest, (100.0,))[1]
        <= choose([peak], [rho], *rest, (100.0,))[1]
    )


@given(peak=kg, more=st.floats(1.0, 3.0), rho=density, hours=cycle, there=available, price=costs)
@settings(max_examples=150, deadline=None)
def test_more_demand_never_costs_less(
    peak: float, more: float, rho: float, hours: float, there: float, price: made_up_cost
) -> None:
    # Law: the groups that suffice for a need are among those that suffice for a smaller one.
    rest = ([rho], [hours], there, price, SIZES, 4)
    assert choose([peak * more], *rest)[2] >= choose([peak], *rest)[2] * (1 - 1e-9)
    args = (column(rho), column(hours), column(there), SIZES, "", 4)
    fewer = sufficient_groups(column(peak), *args)[1]
    assert np.all(sufficient_groups(column(peak * more), *args)[1] >= fewer)


def group(n: int, batch: list[float], failure: list[float], hours: list[float], there: float):
    names = tuple(f"p{i}" for i in range(len(batch)))
    return Group(
        "test",
        names,
        column(100.0),
        column(n),
        column(there),
        column(0.0),
        column(1.0),
        {p: column(b) for p, b in zip(names, batch, strict=True)},
        {p: column(f) for p, f in zip(names, failure, strict=True)},
        {p: column(h) for p, h in zip(names, hours, strict=True)},
    )


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_years_equal_the_slow_twin(data: st.DataObject) -> None:
    n, n_years = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 6))
    amount = st.floats(0.0, 60_000.0)
    wanted = [[data.draw(amount) for _ in range(n_years)] for _ in range(n)]
    batch = [data.draw(st.floats(200.0, 5000.0)) for _ in range(n)]
    failure = [data.draw(st.floats(0.0, 0.3)) for _ in range(n)]
    hours = [data.draw(st.floats(50.0, 300.0)) for _ in range(n)]
    vessels = data.draw(st.integers(0, 3))
    there = data.draw(st.floats(2000.0, 8000.0))
    noise = None
    if data.draw(st.booleans()):
        open_unit = st.floats(0.001, 0.999)
        noise = [[data.draw(open_unit) for _ in range(n_years)] for _ in range(n)]
    slow = run_years_slowly(wanted, batch, failure, hours, vessels, there, noise)
    fast = run_years(
        group(vessels, batch, failure, hours, there),
        {f"p{i}": np.array([row]) for i, row in enumerate(wanted)},
        {f"p{i}": np.array([row]) for i, row in enumerate(noise)} if noise else None,
    )
    for i, row in enumerate(slow):
        np.testing.assert_allclose(fast.starts[f"p{i}"][0], [y.starts for y in row], atol=1e-9)
        made = [y.made_kg for y in row]
        np.testing.assert_allclose(fast.made_kg[f"p{i}"][0], made, rtol=1e-9, atol=1e-6)
        short = [y.short_kg for y in row]
        np.testing.assert_allclose(fast.shortfall_kg[f"p{i}"][0], short, rtol=1e-6, atol=1e-3)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_batches_are_whole_and_hours_stay_in_the_calendar(data: st.DataObject) -> None:
    batch, failure, hours = [1000.0, 700.0], [0.05, 0.02], [194.0, 150.0]
    vessels, there = data.draw(st.integers(0, 4)), data.draw(st.floats(1000.0, 8000.0))
    wanted = {
        p: np.array([[data.draw(st.floats(0.0, 2e5)) for _ in range(4)]]) for p in ("p0", "p1")
    }
    year = run_years(group(vessels, batch, failure, hours, there), wanted)
    used = np.zeros((1, 4))
    for p, h in (("p0", hours[0]), ("p1", hours[1])):
        assert np.array_equal(year.starts[p], np.round(year.starts[p]))
        used += year.starts[p] * h
    assert np.all(used <= vessels * there + 1e-6)
    # What is wanted is delivered from production and stock, or counted as short.
    for p in wanted:
        delivered = wanted[p] - year.shortfall_kg[p]
        assert np.all(np.cumsum(year.made_kg[p]) >= np.cumsum(delivered) - 1e-3)


def test_stock_is_carried_over_so_four_batches_a_year_suffice_for_norway() -> None:
    # Oracle: 13.1 t / 3.276 t = 4.0 batches a year over the long run.
    plant = group(1, [BATCH_100_M3_KG], [0.0], [194.0], 7884)
    year = run_years(plant, {"p0": np.full((1, 40), 13_100.0)})
    assert year.starts["p0"].mean() == pytest.approx(13_100 / BATCH_100_M3_KG, abs=1 / 40)
    assert year.starts["p0"].max() == 4


@given(u=st.floats(0.001, 0.999), n=st.integers(0, 80), p=st.floats(0.0, 0.6))
@settings(max_examples=200, deadline=None)
def test_binomial_by_inverse_distribution(u: float, n: int, p: float) -> None:
    # Oracle: scipy's quantile, and the twin that walks up the distribution.
    ours = int(binomial_inverse(np.array([u]), np.array([float(n)]), np.array([p]))[0])
    # exactly at a step of the distribution rounding decides, so such noise says nothing
    steps = stats.binom.cdf(np.arange(n + 1), n, p)
    if np.min(np.abs(steps - u)) > 1e-12:
        assert ours == failed_batches(u, n, p) == int(stats.binom.ppf(u, n, p))


def test_one_product_needs_no_changeover() -> None:
    hours, count = changeover_hours([column(5.0), column(0.0)], column(2.0), column(120.0))
    assert hours[0, 0] == 0.0 and count[0, 0] == 1.0
    hours, count = changeover_hours([column(5.0), column(1.0)], column(1.4), column(120.0))
    assert hours[0, 0] == 4 * 120.0 and count[0, 0] == 4.0  # 1.4 campaigns are two whole ones


def test_random_failures_average_to_their_share() -> None:
    # Oracle: mean of the binomial distribution.
    generator = np.random.default_rng(5)
    failed = binomial_inverse(generator.random(20_000), np.full(20_000, 30.0), np.array([0.05]))
    assert failed.mean() == pytest.approx(1.5, abs=4 * math.sqrt(1.425 / 20_000))
