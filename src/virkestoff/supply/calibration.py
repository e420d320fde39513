"""Ordinary shortages calibrated to shortages seen, and the hindcast that leaves each one out.

Failure rates of sites are uncertain, so all of them share a multiplier m with a prior. Simulation
on a grid of m gives the expected number of shortages lambda_k(m) in each cell k (a presentation in
a period). What was seen, n_k, is counted shortages; company notices are not shortages. With

    log L(m) = sum over k of  n_k log lambda_k(m) - lambda_k(m) - log n_k!

the posterior density on the grid is prior x L, taken as linear between the points of a finer grid.
Where lambda is linear in m and the prior is a gamma distribution the posterior is that gamma
distribution updated, which the tests use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtri

from virkestoff.errors import Fault, FaultCollector, InputError

__all__ = [
    "HindcastRow",
    "Posterior",
    "Prior",
    "calibrate",
    "hindcast",
    "lognormal_prior",
    "predictive",
]

Array = npt.NDArray[np.float64]
POINTS = 2000
"""Points of the fine grid between the ends of the simulated one."""
TENTHS = (0.1, 0.9)  # constant: the percentiles that all results of a study show
Prior = Callable[[Array], Array]
"""The prior density at multipliers, of any scale."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """A density of the multiplier, linear between the points of a grid.

    Attributes
    ----------
    grid : multipliers, rising, shape (n_points,)
    density : at each of them; the area under it is 1
    """

    grid: Array
    density: Array

    def weights(self) -> Array:
        """Weight of each point in a mean over the density (trapezoid rule), sum 1."""
        width = np.diff(self.grid)
        weights = np.zeros_like(self.grid)
        weights[:-1] += width / 2.0
        weights[1:] += width / 2.0
        return np.asarray(weights * self.density)

    def mean(self, of: Array | None = None) -> float:
        """The mean of the multiplier, or of values given at its points."""
        values = self.grid if of is None else of
        return float((self.weights() * values).sum())

    def cumulative(self) -> Array:
        """Distribution function at each point, from 0 to 1."""
        area = np.diff(self.grid) * (self.density[:-1] + self.density[1:]) / 2.0
        rising = np.concatenate([[0.0], np.cumsum(area)])
        return np.asarray(rising / rising[-1])

    def sample(self, u: Array) -> Array:
        """The multiplier of each draw, shape (n_draws, 1), from uniforms of any shape that fits.

        The inverse of the distribution function, exact for the linear density: within a cell of
        width w, density a to b, ``a x + (b - a) x^2 / (2 w) = r`` has the root
        ``x = 2 r / (a + sqrt(a^2 + 2 (b - a) r / w))``.
        """
        uniform = np.asarray(u, dtype=np.float64).reshape(-1)
        if not ((uniform >= 0.0) & (uniform <= 1.0)).all():
            raise InputError(Fault("uniforms", "lie outside 0 to 1"))
        rising = self.cumulative()
        cell = np.clip(np.searchsorted(rising, uniform, side="right") - 1, 0, rising.size - 2)
        width = np.diff(self.grid)[cell]
        a, b = self.density[cell], self.density[cell + 1]
        rest = uniform - rising[cell]
        root = np.sqrt(np.maximum(a * a + 2.0 * (b - a) * rest / width, 0.0))
        step = np.divide(2.0 * rest, a + root, out=np.zeros_like(rest), where=a + root > 0.0)
        return np.asarray((self.grid[cell] + np.minimum(step, width))[:, None])


@dataclass(frozen=True)
class HindcastRow:
    """One cell, predicted by a calibration that did not see it.

    Attributes
    ----------
    name : of the cell
    observed : shortages seen
    mean, p10, p90 : predicted number
    probability : that exactly the observed number comes
    at_least_one : probability of one or more
    is_inside : whether the observed number lies within p10 to p90
    months_observed, months_mean, months_p10, months_p90, months_inside : the same for months of
        shortage; None where none were given
    """

    name: str
    observed: int
    mean: float
    p10: float
    p90: float
    probability: float
    at_least_one: float
    is_inside: bool
    months_observed: float | None = None
    months_mean: float | None = None
    months_p10: float | None = None
    months_p90: float | None = None
    months_inside: bool | None = None


def lognormal_prior(low: float, high: float) -> Prior:
    """A lognormal density whose fifth and ninety-fifth percentiles are given."""
    if not 0.0 < low < high:
        raise InputError(Fault("prior of the multiplier", f"bounds {low} and {high} do not rise"))
    z = float(ndtri(0.95))  # constant: the outer percentiles of a library range
    middle, spread = np.log(low * high) / 2.0, np.log(high / low) / (2.0 * z)

    def density(multiplier: Array) -> Array:
        scaled = (np.log(multiplier) - middle) / spread
        scale = multiplier * spread * np.sqrt(2.0 * np.pi)
        return np.asarray(np.exp(-scaled * scaled / 2.0) / scale)

    return density


def calibrate(
    grid: Array,
    expected_events: Array,
    observed: npt.NDArray[np.int64] | Sequence[int],
    prior: Prior,
) -> Posterior:
    """The multiplier after what was seen.

    Parameters
    ----------
    grid : simulated multipliers, rising and above zero, shape (G,)
    expected_events : expected shortages per cell by simulation, shape (G, K)
    observed : shortages seen, shape (K,)
    prior : prior density as a function of multipliers, of any scale; what lies outside the grid
        is left out, so the grid should span it

    Expected numbers are linear in m between simulated points, so an expected number that is linear
    in m is met exactly.

    Raises
    ------
    InputError
        lists every shape, sign and order that is wrong, and a cell that was seen but that the
        simulation never gives.
    """
    counts = np.asarray(observed, dtype=np.int64).reshape(-1)
    _check(grid, expected_events, counts)
    fine = np.geomspace(grid[0], grid[-1], POINTS)
    fine[0], fine[-1] = grid[0], grid[-1]
    before = prior(fine)
    if not (np.isfinite(before) & (before > 0.0)).all():
        raise InputError(Fault("calibration, prior", "is not a density above zero on the grid"))
    logs = np.log(before)
    for k, count in enumerate(counts):
        logs = logs + _log_poisson(int(count), np.interp(fine, grid, expected_events[:, k]))
    if not np.isfinite(logs).any():
        raise InputError(Fault("calibration", "no multiplier of the grid can give what was seen"))
    density = np.exp(logs - logs.max())
    width = np.diff(fine)
    area = float((width * (density[:-1] + density[1:]) / 2.0).sum())
    return Posterior(fine, density / area)


def predictive(posterior: Posterior, grid: Array, expected: Array, n_most: int) -> Array:
    """Probability of 0 .. ``n_most`` shortages in a cell, shape (n_most + 1,).

    ``integral of Poisson(n | lambda(m)) x density(m)``; with a gamma density and lambda linear in
    m it is negative binomial.

    Parameters
    ----------
    grid, expected : expected shortages of the cell at each simulated multiplier, shape (G,)
    """
    level = np.interp(posterior.grid, grid, expected)
    weights = posterior.weights()
    counts = range(n_most + 1)
    return np.array([(weights * np.exp(_log_poisson(n, level))).sum() for n in counts])


def hindcast(
    names: Sequence[str],
    grid: Array,
    expected_events: Array,
    observed: npt.NDArray[np.int64] | Sequence[int],
    prior: Prior,
    months: Array | None = None,
    months_observed: Sequence[float] | None = None,
) -> list[HindcastRow]:
    """Each cell predicted from all others.

    Parameters
    ----------
    names : of the cells, shape (K,)
    grid, expected_events, observed, prior : as in ``calibrate``
    months : months of shortage per cell in simulated histories, shape (G, n_histories, K)
    months_observed : seen, shape (K,); give both or neither

    Returns
    -------
    a row for each cell, misses included; nothing is dropped for fitting badly.
    """
    counts = np.asarray(observed, dtype=np.int64).reshape(-1)
    _check(grid, expected_events, counts)
    if len(names) != counts.size or (months is None) != (months_observed is None):
        raise InputError(Fault("hindcast", "names, counts and months do not belong together"))
    rows = []
    for k, name in enumerate(names):
        others = np.arange(counts.size) != k
        left_out = calibrate(grid, expected_events[:, others], counts[others], prior)
        row = _row(name, int(counts[k]), left_out, grid, expected_events[:, k])
        if months is not None and months_observed is not None:
            row = _with_months(row, left_out, grid, months[:, :, k], float(months_observed[k]))
        rows.append(row)
    return rows


def _row(name: str, count: int, left_out: Posterior, grid: Array, expected: Array) -> HindcastRow:
    most = max(count, int(np.ceil(10.0 * (expected.max() + 1.0))))
    pmf = predictive(left_out, grid, expected, most)
    rising = np.cumsum(pmf)
    # The distribution function may end a rounding error below one.
    low, high = (int(np.searchsorted(rising, q * rising[-1])) for q in TENTHS)
    return HindcastRow(
        name=name,
        observed=count,
        mean=left_out.mean(np.interp(left_out.grid, grid, expected)),
        p10=float(low),
        p90=float(high),
        probability=float(pmf[count]),
        at_least_one=float(1.0 - pmf[0]),
        is_inside=low <= count <= high,
    )


def _with_months(
    row: HindcastRow, left_out: Posterior, grid: Array, months: Array, seen: float
) -> HindcastRow:
    """Months of shortage: histories of each simulated multiplier weighted by the posterior."""
    weight = _coarse_weights(left_out, grid)
    values = months.reshape(-1)
    weights = np.repeat(weight / months.shape[1], months.shape[1])
    order = np.argsort(values, kind="stable")
    rising = np.cumsum(weights[order])
    at = np.minimum(np.searchsorted(rising, np.array(TENTHS) * rising[-1]), values.size - 1)
    low, high = (float(values[order[i]]) for i in at)
    return HindcastRow(
        **{
            **row.__dict__,
            "months_observed": seen,
            "months_mean": float((weights * values).sum()),
            "months_p10": low,
            "months_p90": high,
            "months_inside": low <= seen <= high,
        }
    )


def _coarse_weights(posterior: Posterior, grid: Array) -> Array:
    """Posterior weight of each simulated multiplier: each fine point shared by its neighbours."""
    weights = posterior.weights()
    cell = np.clip(np.searchsorted(grid, posterior.grid, side="right") - 1, 0, grid.size - 2)
    part = (posterior.grid - grid[cell]) / np.diff(grid)[cell]
    shared = np.bincount(cell, weights * (1.0 - part), grid.size)
    shared += np.bincount(cell + 1, weights * part, grid.size)
    return np.asarray(shared / shared.sum())


def _log_poisson(count: int, level: Array) -> Array:
    """Logarithm of the Poisson probability; -infinity where the level is zero and count not."""
    if count == 0:
        return -level
    logs = np.full(level.shape, -np.inf)
    np.log(level, out=logs, where=level > 0.0)
    return np.asarray(count * logs - level - gammaln(count + 1))


def _check(grid: Array, expected: Array, counts: npt.NDArray[np.int64]) -> None:
    faults = FaultCollector()
    if grid.ndim != 1 or grid.size < 2 or expected.shape != (grid.size, counts.size):
        raise InputError(
            Fault(
                "calibration",
                f"grid has shape {grid.shape}, expected events {expected.shape} and observed "
                f"events {counts.shape}",
                next_step="Give (G,), (G, K) and (K,) with two points or more.",
            )
        )
    if not (grid > 0.0).all() or not (np.diff(grid) > 0.0).all():
        faults.add("calibration, grid", "does not rise from above zero")
    if not np.isfinite(expected).all() or (expected < 0.0).any():
        faults.add("calibration, expected events", "hold a negative or unknown number")
    if (counts < 0).any():
        faults.add("calibration, observed events", "are negative")
    for k in np.flatnonzero(counts > 0):
        if not (expected[:, k] > 0.0).any():
            faults.add(
                f"calibration, cell {k}",
                "was seen but the simulation never gives it",
                next_step="Give the network a way in which it can come about.",
            )
    faults.raise_if_any()
