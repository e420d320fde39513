"""A staged decision: finished forms, then substance, then scale, on what is known by then.

``values[:, k]`` is the value of going k steps and then stopping (k = 0: none), so that a plan is a
number of steps. ``signals[:, k]`` is what has been observed when step k + 1 is decided: a signal
that becomes known later has no place in it.

Three values bracket what learning is worth, and their order is a law:

    no learning <= the best threshold rule <= full learning.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from virkestoff.errors import FaultCollector

__all__ = [
    "Staged",
    "best_rule",
    "bounds",
    "full_learning",
    "no_learning",
    "rule_steps",
    "rule_value",
]

Array = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Staged:
    """The value of a staged decision without, with some, and with full learning, NOK.

    Attributes
    ----------
    fixed_steps : steps of the best plan without learning
    no_learning, rule, full_learning : expected values; ``rule`` is NaN without signals
    thresholds : of the best rule, by step; infinite where the step is always or never taken
    """

    fixed_steps: int
    no_learning: float
    rule: float
    full_learning: float
    thresholds: tuple[float, ...]


def _check(values: Array, signals: Array | None = None) -> None:
    faults = FaultCollector()
    if values.ndim != 2 or values.shape[1] < 2 or not values.shape[0]:
        faults.add("staged: values", f"has shape {values.shape}",
                   why="it needs draws, and a column for no step and for each step")  # fmt: skip
    elif not np.isfinite(values).all():
        faults.add("staged: values", "is not finite in some draw")
    elif signals is not None and signals.shape != (values.shape[0], values.shape[1] - 1):
        faults.add("staged: signals", f"has shape {signals.shape}",
                   why=f"one signal is needed for each of {values.shape[1] - 1} steps")  # fmt: skip
    elif signals is not None and np.isnan(signals).any():
        faults.add("staged: signals", "is missing in some draw")
    faults.raise_if_any()


def no_learning(values: Array) -> tuple[float, int]:
    """``max_k E[value_k]`` and its k: the plan is chosen before anything is seen."""
    _check(values)
    means = np.ascontiguousarray(values.T).mean(axis=1)  # added up as the rules' values are
    best = int(np.argmax(means))
    return float(means[best]), best


def full_learning(values: Array) -> float:
    """``E[max_k value_k]``: every draw is known before the first step."""
    _check(values)
    return float(values.max(axis=1).mean())


def rule_steps(signals: Array, thresholds: tuple[float, ...]) -> Steps:
    """Steps taken in each draw, (n_draws,): on while the signal reaches the step's threshold."""
    goes = np.logical_and.accumulate(signals >= np.asarray(thresholds), axis=1)
    steps: Steps = goes.sum(axis=1)
    return steps


def rule_value(values: Array, signals: Array, thresholds: tuple[float, ...]) -> Array:
    """Value in each draw under a threshold rule, (n_draws,)."""
    _check(values, signals)
    steps = rule_steps(signals, thresholds)
    taken: Array = np.take_along_axis(values, steps[:, None], axis=1)[:, 0]
    return taken


def best_rule(
    values: Array, signals: Array, n_candidates: int = 9
) -> tuple[float, tuple[float, ...]]:
    """The best threshold rule of a grid, and its expected value on the same draws.

    Candidates are quantiles of the signal, and always and never. Because always and never are among
    them, every fixed plan is, and the value is at least that without learning. A rule fitted to few
    draws flatters itself: value it with ``rule_value`` on other draws.
    """
    _check(values, signals)
    levels = np.linspace(0.0, 1.0, n_candidates + 2)[1:-1]
    choices = [
        (-np.inf, *(float(q) for q in np.quantile(signals[:, k], levels)), np.inf)
        for k in range(signals.shape[1])
    ]
    best, chosen = -np.inf, (np.inf,) * signals.shape[1]
    for thresholds in product(*choices):
        worth = float(rule_value(values, signals, thresholds).mean())
        if worth > best:
            best, chosen = worth, thresholds
    return best, chosen


def bounds(values: Array, signals: Array | None = None, n_candidates: int = 9) -> Staged:
    """All three values; without signals the rule is unknown and the two bounds are reported."""
    fixed, steps = no_learning(values)
    full = full_learning(values)
    if signals is None:
        return Staged(steps, fixed, np.nan, full, ())
    rule, thresholds = best_rule(values, signals, n_candidates)
    return Staged(steps, fixed, rule, full, thresholds)
