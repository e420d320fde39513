"""The nucleolus: the split whose loudest objection is quietest, then the next loudest, and so on.

The objection of a coalition is what it pays above its own cost, ``e(S, x) = x(S) - c(S)``. The
nucleolus is the split, with nobody paying more than alone, whose objections in falling order are
lexicographically least (Schmeidler 1969, "The nucleolus of a characteristic function game", SIAM
Journal on Applied Mathematics 17, 1163-1170). It is one point, and lies in the core whenever the
core is not empty.

It is found by successive linear programs (Kopelowitz 1967; Maschler, Peleg and Shapley 1979,
"Geometric properties of the kernel, nucleolus, and related solution concepts", Mathematics of
Operations Research 4, 303-338):

    minimise e   where  x(S) - c(S) <= e   for every coalition not yet settled,
                        x(S) - c(S)  = e_S  for the settled ones,   x(N) = c(N)

A coalition with positive weight (dual) is at its limit in every solution, so it is settled at e.
Coalitions whose vector is spanned by settled ones have an objection that no longer moves, and are
dropped. Each program settles at least one independent vector, so at most n - 1 programs are solved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array, CostGame, membership
from virkestoff.costsharing.programs import Program, normalised, solve
from virkestoff.costsharing.properties import closeness
from virkestoff.errors import Fault, InputError

__all__ = ["Settling", "nucleolus", "nucleolus_settling", "prenucleolus"]

_POSITIVE = 1e-8
"""Weights of one program add up to one; a smaller weight is rounding."""
_SPANNED = 1e-6
"""A vector of zeros and ones outside a span of such vectors is further from it than this."""


@dataclass(frozen=True)
class Settling:
    """One program: its loudest objection left, NOK, and the coalitions that it settled."""

    objection: float
    coalitions: tuple[frozenset[str], ...]


def nucleolus(game: CostGame) -> Array:
    """The nucleolus of every draw, NOK, shape (n_draws, n_players).

    Raises
    ------
    InputError
        where all together cost more than all apart, so that no split keeps everybody at or below
        what they pay alone; :func:`prenucleolus` is defined there too.

    Notes
    -----
    It is not linear: the mean over draws is not the nucleolus of ``game.mean()``. An agreement made
    beforehand rests on expected costs, so on the latter.
    """
    shortfall = game.total - game.alone.sum(axis=1)
    n_bad = int((shortfall > closeness(game)).sum())
    if n_bad:
        raise InputError(
            Fault(
                "nucleolus",
                f"in {n_bad} of {game.n_draws} draws all together cost more than all apart",
                "no split keeps everybody at or below what they pay alone",
                "Take subadditive_cover(game), where a coalition may also act in parts",
            )
        )
    return _all_draws(game, is_individually_rational=True)


def prenucleolus(game: CostGame) -> Array:
    """The same, where players may pay more than alone, NOK, shape (n_draws, n_players).

    It equals the nucleolus if the game is subadditive for one player against any coalition.
    """
    return _all_draws(game, is_individually_rational=False)


def nucleolus_settling(game: CostGame) -> tuple[Settling, ...]:
    """How the prenucleolus of expected costs came about: one entry for each linear program."""
    expected = game.mean()
    steps = _settle(expected.costs[0], membership(game.n_players), False)[1]
    return tuple(Settling(e, tuple(game.coalition(int(m)) for m in masks)) for e, masks in steps)


def _all_draws(game: CostGame, is_individually_rational: bool) -> Array:
    inside = membership(game.n_players)
    rows = [_settle(costs, inside, is_individually_rational)[0] for costs in game.costs]
    return np.stack(rows)


def _settle(
    costs: Array, inside: Array, is_individually_rational: bool
) -> tuple[Array, list[tuple[float, npt.NDArray[np.int64]]]]:
    """The split of one draw, shape (n_players,), and the steps that led there."""
    limits, alone, scale = normalised(costs, inside)
    n = inside.shape[1]
    steps: list[tuple[float, npt.NDArray[np.int64]]] = []
    if scale == 0.0:
        return alone, steps
    open_masks = np.arange(1, inside.shape[0] - 1)
    basis = np.full((1, n), 1.0 / np.sqrt(n))
    ceiling = 0.0 if is_individually_rational else None
    if is_individually_rational:
        limits[-1] = min(limits[-1], 0.0)  # above zero by rounding only: see nucleolus()
    settled, values = inside[-1:], limits[-1:]
    while basis.shape[0] < n:
        tight, level = _loudest(inside, limits, open_masks, settled, values, ceiling)
        steps.append((scale * level, tight))
        for mask in tight:
            rest = inside[mask] - (inside[mask] @ basis.T) @ basis
            if (length := float(np.linalg.norm(rest))) > _SPANNED:
                basis = np.vstack([basis, rest / length])
                settled = np.vstack([settled, inside[mask]])
                values = np.append(values, limits[mask] + level)
        vectors = inside[open_masks]
        distance = np.linalg.norm(vectors - (vectors @ basis.T) @ basis, axis=1)
        open_masks = open_masks[distance > _SPANNED]
    split = np.linalg.solve(settled, values)
    return np.asarray(alone + scale * split), steps


def _loudest(
    inside: Array,
    limits: Array,
    open_masks: npt.NDArray[np.int64],
    settled: Array,
    values: Array,
    ceiling: float | None,
) -> tuple[npt.NDArray[np.int64], float]:
    """The coalitions at their limit in every solution of one program, and the loudest objection."""
    n = inside.shape[1]
    found = solve(
        Program(
            objective=np.append(np.zeros(n), 1.0),
            upper=np.column_stack([inside[open_masks], np.full(open_masks.size, -1.0)]),
            upper_limit=limits[open_masks],
            equal=np.column_stack([settled, np.zeros(settled.shape[0])]),
            equal_to=values,
            ceiling=ceiling,
        )
    )
    is_tight = found.weights > _POSITIVE
    is_tight[int(found.weights.argmax())] = True
    return open_masks[is_tight], found.value
