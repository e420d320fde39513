"""Which facts decide an outcome: first-order indices from the draws that the study already has.

The first-order index of fact x for outcome y is ``Var(E[y | x]) / Var(y)``: the share of the
variance that would go if x were known. It is estimated by sorting the draws by x into classes of
equal number (Plischke, Borgonovo and Smith 2013, "Global sensitivity measures from given data"),
with the bias of a finite class count taken off: ``(S - (m-1)/(n-1)) / (1 - (m-1)/(n-1))`` for m
classes and n draws (the adjusted correlation ratio, as adjusted R-squared).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri  # scipy.stats would take longer to load than the library

__all__ = ["Influence", "Order", "first_order", "orders_of", "rank"]

Array = npt.NDArray[np.float64]
Order = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Influence:
    """How much one fact decides one outcome.

    Attributes
    ----------
    fact : the fact's id
    first_order : share of the outcome's variance, 0 to 1; zero where it cannot be told from noise
    direction : Spearman's rank correlation, -1 to 1: its sign says which way
    at_low, at_high : mean outcome over the tenth of the draws where the fact is lowest, highest
    """

    fact: str
    first_order: float
    direction: float
    at_low: float
    at_high: float


def n_classes(n_draws: int) -> int:
    """Classes used for n draws: the cube root of n doubled, between 4 and 40."""
    return int(min(40, max(4, 2 * round(n_draws ** (1 / 3) / 2))))


def first_order(x: Array, y: Array, classes: int | None = None) -> float:
    """The first-order index of ``x`` for ``y``, both shape (n_draws,)."""
    n = y.size
    m = classes or n_classes(n)
    variance = float(np.var(y))
    if variance <= 0 or n <= m:
        return 0.0
    return _first_order(y[np.argsort(x, kind="stable")], variance, m)


def _first_order(ordered: Array, variance: float, m: int) -> float:
    """The index from the outcome in the order of the fact."""
    n = ordered.size
    edges = np.linspace(0, n, m + 1).astype(int)
    counts = np.diff(edges)
    means = np.add.reduceat(ordered, edges[:-1]) / counts
    between = float(np.sum(counts * (means - ordered.mean()) ** 2) / n)
    bias = (m - 1) / (n - 1)
    return max(0.0, (between / variance - bias) / (1 - bias))


CHANCE = 0.05  # constant: chance that any of the facts without influence passes the floor


def noise_level(n_draws: int, n_facts: int = 1, classes: int | None = None) -> float:
    """The index that the largest of ``n_facts`` without influence stays under, nineteen in twenty.

    Without influence ``(n-1)`` times the raw index is about chi-squared with m-1 degrees of freedom
    for m classes; the level is its quantile at ``1 - 0.05 / n_facts`` (Bonferroni), less the bias.
    """
    m = classes or n_classes(n_draws)
    highest = float(chdtri(m - 1, CHANCE / n_facts))
    return max(0.0, (highest - (m - 1)) / max(1, n_draws - m))


def orders_of(columns: Mapping[str, Array]) -> dict[str, Order]:
    """The places of each column's values in rising order; sorted once for many outcomes."""
    return {name: np.argsort(column, kind="stable") for name, column in columns.items()}


def _ranks(order: Order) -> Array:
    ranks = np.empty(order.size)
    ranks[order] = np.arange(order.size)
    return ranks


def rank(
    columns: Mapping[str, Array], outcome: Array, orders: Mapping[str, Order] | None = None
) -> list[Influence]:
    """All facts in ``columns`` in order of their influence on ``outcome``.

    Draws where the outcome is undefined (NaN) are left out of both.

    Parameters
    ----------
    orders : what :func:`orders_of` gives for the columns, to spare sorting them again
    """
    is_defined = np.isfinite(outcome)
    y = outcome[is_defined]
    if y.size < 8 or float(np.var(y)) <= 0:
        return []
    y_ranks = _ranks(np.argsort(y, kind="stable"))
    known = orders or orders_of(columns)
    place = np.cumsum(is_defined) - 1  # of a draw among those that are defined
    floor = noise_level(y.size, len(columns))
    variance, classes = float(np.var(y)), n_classes(y.size)
    tenth = max(1, y.size // 10)
    found = []
    for fact in columns:
        # Leaving draws out of a stable order leaves the stable order of those that remain.
        order = known[fact]
        order = place[order[is_defined[order]]]
        x_ranks = _ranks(order)
        direction = float(np.corrcoef(x_ranks, y_ranks)[0, 1])
        low = float(y[x_ranks < tenth].mean())
        high = float(y[x_ranks >= y.size - tenth].mean())
        share = _first_order(y[order], variance, classes) if y.size > classes else 0.0
        share = share if share > floor else 0.0
        found.append(Influence(fact, share, direction, low, high))
    return sorted(found, key=lambda i: (-i.first_order, -abs(i.direction), i.fact))
