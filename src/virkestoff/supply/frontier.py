"""What protection costs: break-even values, cost per shortage avoided, and the efficient frontier.

A ratio has a meaning only where something is avoided: elsewhere it is NaN, never zero or infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, FaultCollector, InputError

__all__ = ["Frontier", "Standing", "break_even_frequency", "cost_per_avoided", "frontier"]

Array = npt.NDArray[np.float64]
Standing = Literal["efficient", "dominated", "extended_dominated"]


def cost_per_avoided(extra_cost: npt.ArrayLike, avoided: npt.ArrayLike) -> Array:
    """NOK per DDD (or shortage-day, or patient) avoided; also the break-even value of one.

    ``extra_cost / avoided`` against the same alternative. Used on missing DDD it is the value at
    which a missing DDD must be put for the alternative to pay. Below zero it saves money and
    avoids shortage. NaN where nothing is avoided or more is missing than before. For an expected
    value pass means: the mean of ratios over draws is another thing and has no finite value where
    few draws hold a shortage.

    Examples
    --------
    >>> cost_per_avoided([10.0, 10.0, -4.0], [5.0, 0.0, 2.0]).tolist()
    [2.0, nan, -2.0]
    """
    cost, less = np.broadcast_arrays(
        np.asarray(extra_cost, dtype=np.float64), np.asarray(avoided, dtype=np.float64)
    )
    return np.asarray(
        np.divide(cost, less, out=np.full(cost.shape, np.nan), where=less > 0.0), dtype=np.float64
    )


def break_even_frequency(yearly_cost: npt.ArrayLike, loss_avoided: npt.ArrayLike) -> Array:
    """Crises a year at which readiness pays, ``yearly cost / loss avoided per crisis``, 1/year.

    Zero where readiness costs nothing or saves money; NaN where a crisis does no less harm with
    it. A value over one says that it pays only with more than one crisis a year. It is a
    threshold, not a forecast: compare it with what the reader thinks of crises.

    Parameters
    ----------
    yearly_cost : extra cost of readiness a year, NOK/year, without what it saves in a crisis
    loss_avoided : NOK per crisis

    Examples
    --------
    >>> break_even_frequency([2e6, -1.0, 2e6], [1e8, 1e8, 0.0]).tolist()
    [0.02, 0.0, nan]
    """
    return np.asarray(np.maximum(cost_per_avoided(yearly_cost, loss_avoided), 0.0))


@dataclass(frozen=True, eq=False)
class Frontier:
    """Which alternatives are worth looking at.

    Attributes
    ----------
    standing : of each alternative, in the order given. ``dominated``: another one costs no more
        and leaves no more missing, and is better in one. ``extended_dominated``: a mix of two
        others leaves no more missing at less cost
    order : numbers of the efficient alternatives from cheap to dear; of equals, the first
    step_cost : NOK per further DDD avoided between one and the next, shape (len(order),); the
        first is NaN. It never falls along the order
    """

    standing: tuple[Standing, ...]
    order: tuple[int, ...]
    step_cost: Array


def frontier(costs: Sequence[float] | Array, missing: Sequence[float] | Array) -> Frontier:
    """The efficient frontier of cost and missing treatment.

    Parameters
    ----------
    costs : expected cost of each alternative or combination, NOK, shape (n_alternatives,)
    missing : expected missing DDD (or shortage-days) of each, shape (n_alternatives,)

    Raises
    ------
    InputError
        if shapes differ, none is given, or a value is not finite (unknown is not zero).
    """
    cost, left = np.asarray(costs, dtype=np.float64), np.asarray(missing, dtype=np.float64)
    _check(cost, left)
    standing: list[Standing] = [
        "dominated" if _is_dominated(i, cost, left) else "efficient" for i in range(cost.size)
    ]
    ranked = sorted(
        (i for i in range(cost.size) if standing[i] == "efficient" and not _repeats(i, cost, left)),
        key=lambda i: cost[i],
    )
    hull: list[int] = []
    for i in ranked:
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], i, cost, left):
            standing[hull.pop()] = "extended_dominated"
        hull.append(i)
    standing = [standing[_first_equal(i, cost, left)] for i in range(cost.size)]
    steps = np.full(len(hull), np.nan)
    for k in range(1, len(hull)):
        a, b = hull[k - 1], hull[k]
        steps[k] = cost_per_avoided(cost[b] - cost[a], left[a] - left[b]).item()
    return Frontier(tuple(standing), tuple(hull), steps)


def _first_equal(i: int, cost: Array, left: Array) -> int:
    return int(np.flatnonzero((cost == cost[i]) & (left == left[i]))[0])


def _repeats(i: int, cost: Array, left: Array) -> bool:
    """Whether an earlier alternative costs and leaves exactly the same."""
    return _first_equal(i, cost, left) != i


def _is_dominated(i: int, cost: Array, left: Array) -> bool:
    no_worse = (cost <= cost[i]) & (left <= left[i])
    better = (cost < cost[i]) | (left < left[i])
    return bool((no_worse & better).any())


def _turns_up(a: int, b: int, c: int, cost: Array, left: Array) -> bool:
    """Whether b lies above the line from a to c: a mix of a and c is cheaper at its protection."""
    return bool(
        (cost[b] - cost[a]) * (left[a] - left[c]) > (cost[c] - cost[a]) * (left[a] - left[b])
    )


def _check(cost: Array, left: Array) -> None:
    faults = FaultCollector()
    if cost.ndim != 1 or cost.shape != left.shape or cost.size == 0:
        raise InputError(
            Fault(
                "frontier",
                f"costs have shape {cost.shape} and missing amounts {left.shape}",
                next_step="Give one cost and one missing amount for each alternative.",
            )
        )
    for name, values in (("cost", cost), ("missing amount", left)):
        for i in np.flatnonzero(~np.isfinite(values)):
            faults.add(f"frontier, alternative {i}", f"its {name} is not a finite number")
    faults.raise_if_any()
