"""Calibration and hindcast. Oracles: the gamma-Poisson closed form (scipy), and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from virkestoff.errors import InputError
from virkestoff.supply import calibrate, hindcast, lognormal_prior, predictive

GRID = np.geomspace(0.005, 40.0, 60)
SHAPE, RATE = 2.0, 1.5
PER_UNIT = np.array([0.4, 1.3])  # expected shortages per unit of the multiplier


def _gamma(m):
    return stats.gamma.pdf(m, SHAPE, scale=1.0 / RATE)


def _linear():
    return GRID[:, None] * PER_UNIT


def _conjugate(counts, per_unit=PER_UNIT):
    return stats.gamma(SHAPE + sum(counts), scale=1.0 / (RATE + per_unit.sum()))


@pytest.mark.parametrize("counts", [(0, 0), (1, 1), (3, 0), (2, 7)])
def test_posterior_is_the_updated_gamma(counts) -> None:
    found, exact = calibrate(GRID, _linear(), counts, _gamma), _conjugate(counts)
    # The grid begins at 0.005 and leaves out up to a ten-thousandth of the gamma below it.
    assert found.mean() == pytest.approx(exact.mean(), rel=3e-4)
    u = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    low, high = exact.cdf(GRID[[0, -1]])  # the closed form cut to the grid
    np.testing.assert_allclose(
        found.sample(u)[:, 0], exact.ppf(low + u * (high - low)), rtol=1e-4
    )


def test_predictive_is_negative_binomial() -> None:
    counts = (1, 1)
    found = calibrate(GRID, _linear(), counts, _gamma)
    pmf = predictive(found, GRID, _linear()[:, 1], 12)
    shape, rate = SHAPE + sum(counts), RATE + PER_UNIT.sum()
    exact = stats.nbinom.pmf(np.arange(13), shape, rate / (rate + PER_UNIT[1]))
    np.testing.assert_allclose(pmf, exact, rtol=1e-4)


def test_hindcast_leaves_each_cell_out_of_its_own_calibration() -> None:
    """Cell 1 is predicted by a gamma updated with cell 0 alone: negative binomial."""
    rows = hindcast(("a", "b"), GRID, _linear(), (1, 4), _gamma)
    shape, rate = SHAPE + 1, RATE + PER_UNIT[0]
    exact = stats.nbinom(shape, rate / (rate + PER_UNIT[1]))
    row = rows[1]
    assert row.observed == 4
    assert row.mean == pytest.approx(exact.mean(), rel=1e-4)
    assert row.probability == pytest.approx(exact.pmf(4), rel=1e-4)
    assert row.at_least_one == pytest.approx(1 - exact.pmf(0), rel=1e-4)
    assert (row.p10, row.p90) == (exact.ppf(0.1), exact.ppf(0.9))
    other = hindcast(("a", "b"), GRID, _linear(), (1, 9), _gamma)[1]
    assert (other.mean, other.p90) == (row.mean, row.p90), "it has seen what it predicts"


def test_a_miss_is_shown() -> None:
    rows = hindcast(("a", "b"), GRID, _linear(), (0, 30), _gamma)
    assert [row.is_inside for row in rows] == [False, False]
    assert rows[1].probability < 1e-6


def test_months_are_weighted_by_the_posterior_of_the_others() -> None:
    """Months that do not vary at a multiplier and rise with it: their mean is that of m."""
    months = np.repeat(GRID[:, None, None], 2, axis=2) * np.ones((1, 3, 1))
    rows = hindcast(("a", "b"), GRID, _linear(), (1, 2), _gamma, months, (5.0, 0.01))
    exact = stats.gamma(SHAPE + 1, scale=1.0 / (RATE + PER_UNIT[0]))
    assert rows[1].months_mean == pytest.approx(exact.mean(), rel=1e-3)
    step = GRID[1] / GRID[0]
    assert exact.ppf(0.1) / step < rows[1].months_p10 < exact.ppf(0.1) * step
    assert exact.ppf(0.9) / step < rows[1].months_p90 < exact.ppf(0.9) * step
    assert rows[1].months_inside is False
    assert rows[0].months_observed == 5.0


def test_the_lognormal_prior_has_the_percentiles_asked_for() -> None:
    grid = np.geomspace(0.01, 100.0, 5)
    found = calibrate(grid, np.zeros((5, 1)), [0], lognormal_prior(0.33, 3.0))
    np.testing.assert_allclose(found.sample(np.array([0.05, 0.95]))[:, 0], [0.33, 3.0], rtol=1e-4)
    spread = np.log(3 / 0.33) / 2 / stats.norm.ppf(0.95)
    exact = stats.lognorm.pdf(grid, spread, scale=np.sqrt(0.99))
    np.testing.assert_allclose(lognormal_prior(0.33, 3.0)(grid), exact, rtol=1e-12)


@given(st.integers(0, 6), st.integers(0, 6))
def test_more_seen_means_a_higher_multiplier(low: int, more: int) -> None:
    few = calibrate(GRID, _linear(), (low, 0), _gamma).mean()
    many = calibrate(GRID, _linear(), (low + more, 0), _gamma).mean()
    assert many >= few


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20))
def test_sampling_is_monotone_keeps_the_grid_and_inverts(u: list[float]) -> None:
    found = calibrate(GRID, _linear(), (1, 1), _gamma)
    ordered = np.sort(np.array(u))
    drawn = found.sample(ordered)
    assert drawn.shape == (len(u), 1)
    assert (np.diff(drawn[:, 0]) >= 0).all()
    assert (drawn >= GRID[0]).all()
    assert (drawn <= GRID[-1]).all()
    exact = _conjugate((1, 1)).cdf(drawn[:, 0])
    np.testing.assert_allclose(exact, ordered, atol=1e-4)


def test_bad_input_is_named_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        calibrate(np.array([2.0, 1.0]), np.array([[-1.0, 0], [1.0, 0]]), (1, -1), _gamma)
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match="Give \\(G,\\)"):
        calibrate(GRID, _linear(), (1,), _gamma)
    with pytest.raises(InputError, match="the simulation never gives it"):
        calibrate(GRID, np.zeros((60, 1)), (1,), _gamma)
    with pytest.raises(InputError, match="prior"):
        calibrate(GRID, _linear(), (1, 1), np.zeros_like)
    with pytest.raises(InputError, match="outside 0 to 1"):
        calibrate(GRID, _linear(), (1, 1), _gamma).sample(np.array([1.5]))
    with pytest.raises(InputError, match="do not belong together"):
        hindcast(("a",), GRID, _linear(), (1, 1), _gamma)
    with pytest.raises(InputError, match="do not rise"):
        lognormal_prior(3.0, 1.0)
