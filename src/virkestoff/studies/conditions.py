"""Under which conditions something happens: a small PRIM over the draws.

The patient rule induction method (Friedman and Fisher 1999) peels a twentieth of the draws in a box
off the end of one fact at a time, always where the share of draws in which the thing happens rises
most. Of the boxes on the way the one with the largest ``share of draws x (density - base rate)`` is
kept, brought down to three facts, and pasted back where that adds to it. One half of the draws
finds the box. The other half, which did not, gives what is reported:

    coverage = of the draws in which it happens, the share inside the box
    density  = of the draws inside the box, the share in which it happens
    p        = chance of at least that density without a condition, given the others: the
               quasi-p-value of Bryant and Lempert (2010)

A condition whose p is above 0.05, divided by the number of conditions, is dropped. If none is left
there is no box, which is an answer: nothing that is known of the facts says when it happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtrc

from virkestoff.studies.sensitivity import first_order

__all__ = ["Box", "Condition", "find_box"]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Limits = dict[str, tuple[float, float]]

PEEL = 0.05  # constant: share of a box that one peel takes, as Friedman and Fisher advise
LEAST = 0.02  # constant: share of all draws below which a box is not peeled further
FEWEST = 10  # constant: draws of either kind, in half of the draws, below which nothing is said
CHANCE = 0.05  # constant: level of the quasi-p-value
MOST_FACTS = 3  # constant: more conditions than a reader keeps in mind
SEARCHED = 20  # constant: facts that are peeled, those with the largest first-order index


@dataclass(frozen=True)
class Condition:
    """A fact lies between two values, in its unit; ``None`` where an end is not limited."""

    fact: str
    low: float | None
    high: float | None
    p: float


@dataclass(frozen=True)
class Box:
    """Conditions under which something happens, judged on draws that did not find them."""

    conditions: tuple[Condition, ...]
    coverage: float
    density: float
    base_rate: float


def find_box(columns: Mapping[str, Array], happens: Flags) -> Box | None:
    """The box in which it happens most, or ``None`` if no condition stands the test.

    Parameters
    ----------
    columns : fact -> its draws, shape (n_draws,)
    happens : shape (n_draws,)
    """
    finding, judging = slice(0, None, 2), slice(1, None, 2)
    found, judged = happens[finding], happens[judging]
    if any(min(h.sum(), h.size - h.sum()) < FEWEST for h in (found, judged)):
        return None
    seen = {name: column[finding] for name, column in columns.items()}
    y = found.astype(np.float64)
    strength = {name: first_order(seen[name], y) for name in sorted(seen)}
    names = sorted(strength, key=lambda n: (-strength[n], n))[:SEARCHED]
    limits = _best(_peeled(seen, found, names), seen, found)
    limits = _fewer(limits, seen, found)
    limits = _pasted(_best(_peeled(seen, found, sorted(limits)), seen, found), seen, found)
    unseen = {name: columns[name][judging] for name in limits}
    return _judged(limits, unseen, judged)


def inside(limits: Limits, columns: Mapping[str, Array], n: int) -> Flags:
    """The draws in a box."""
    flags = np.ones(n, dtype=np.bool_)
    for name, (low, high) in limits.items():
        flags &= (columns[name] >= low) & (columns[name] <= high)
    return flags


def _quality(limits: Limits, columns: Mapping[str, Array], happens: Flags) -> float:
    flags = inside(limits, columns, happens.size)
    n = int(flags.sum())
    if n == 0:
        return 0.0
    return n / happens.size * (float(happens[flags].mean()) - float(happens.mean()))


def _peeled(columns: Mapping[str, Array], happens: Flags, names: Sequence[str]) -> list[Limits]:
    """The boxes on the way from all draws to the smallest, the whole space first."""
    boxes: list[Limits] = [{}]
    if not names:
        return boxes
    x = np.stack([columns[name] for name in names], axis=1)
    y = happens.astype(np.float64)
    limits: Limits = {}
    least = max(FEWEST, int(LEAST * y.size))
    while y.size > least:
        low, high = np.quantile(x, [PEEL, 1 - PEEL], axis=0, method="higher")
        keeps = np.concatenate([x >= low, x <= np.maximum(low, _below(x, high))], axis=1)
        counts = keeps.sum(axis=0)
        is_peel = (counts < y.size) & (counts >= FEWEST)
        if not is_peel.any():
            break
        density = np.where(is_peel, (keeps * y[:, None]).sum(axis=0) / np.maximum(counts, 1), -1.0)
        at = int(np.argmax(density))
        name = names[at % len(names)]
        x, y = x[keeps[:, at]], y[keeps[:, at]]
        column = x[:, at % len(names)]
        before = limits.get(name, (-np.inf, np.inf))
        is_low = at < len(names)
        limits = {
            **limits,
            name: (float(column.min()), before[1]) if is_low else (before[0], float(column.max())),
        }
        boxes.append(limits)
    return boxes


def _below(x: Array, high: Array) -> Array:
    """For every fact the largest value in the box below ``high``."""
    return np.asarray(np.where(x < high, x, -np.inf).max(axis=0))


def _best(boxes: Sequence[Limits], columns: Mapping[str, Array], happens: Flags) -> Limits:
    return max(boxes, key=lambda box: _quality(box, columns, happens))


def _fewer(limits: Limits, columns: Mapping[str, Array], happens: Flags) -> Limits:
    """At most three facts: the one whose loss costs least goes first."""
    while len(limits) > MOST_FACTS:
        without = [{n: v for n, v in limits.items() if n != name} for name in sorted(limits)]
        limits = _best(without, columns, happens)
    return limits


def _pasted(limits: Limits, columns: Mapping[str, Array], happens: Flags) -> Limits:
    """Limits moved outward by a peel at a time as long as the box gains by it."""
    best = _quality(limits, columns, happens)
    while True:
        wider = [w for name in sorted(limits) for w in _wider(limits, name, columns, happens.size)]
        quality, at = max(
            ((_quality(w, columns, happens), -i) for i, w in enumerate(wider)), default=(best, 0)
        )
        if quality <= best:
            return limits
        best, limits = quality, wider[-at]


def _wider(limits: Limits, name: str, columns: Mapping[str, Array], n: int) -> list[Limits]:
    others = {k: v for k, v in limits.items() if k != name}
    values = np.sort(columns[name][inside(others, columns, n)])
    low, high = limits[name]
    step = max(1, int(PEEL * values.size))
    first, last = np.searchsorted(values, low), np.searchsorted(values, high, "right") - 1
    found = []
    if np.isfinite(low):
        new = float(values[first - step]) if first >= step else -np.inf
        found.append({**limits, name: (new, high)})
    if np.isfinite(high):
        new = float(values[last + step]) if last + step < values.size else np.inf
        found.append({**limits, name: (low, new)})
    return found


def _quasi_p(limits: Limits, name: str, columns: Mapping[str, Array], happens: Flags) -> float:
    """Chance of the density of the box if the condition on ``name`` picked draws blindly."""
    others = {k: v for k, v in limits.items() if k != name}
    n = happens.size
    rate = float(happens[inside(others, columns, n)].mean())
    within = happens[inside(limits, columns, n)]
    hits = int(within.sum())
    return 1.0 if hits == 0 else float(bdtrc(hits - 1, within.size, rate))


def _judged(limits: Limits, columns: Mapping[str, Array], happens: Flags) -> Box | None:
    """Drop what does not stand the test, the weakest first, and count what is left."""
    limits = {k: v for k, v in limits.items() if np.isfinite(v).any()}
    while limits:
        if inside(limits, columns, happens.size).sum() < FEWEST:
            return None
        tests = {name: _quasi_p(limits, name, columns, happens) for name in sorted(limits)}
        weakest = max(tests, key=lambda name: tests[name])
        if tests[weakest] <= CHANCE / len(tests):
            break
        del limits[weakest]
    else:
        return None
    flags = inside(limits, columns, happens.size)
    conditions = tuple(
        Condition(
            name,
            low if np.isfinite(low) else None,
            high if np.isfinite(high) else None,
            tests[name],
        )
        for name, (low, high) in sorted(limits.items(), key=lambda item: tests[item[0]])
    )
    coverage = float(happens[flags].sum() / happens.sum())
    return Box(conditions, coverage, float(happens[flags].mean()), float(happens.mean()))
