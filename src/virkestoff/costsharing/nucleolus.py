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

Over draws the programs are solved only where the answer to a draw solved before cannot be proved to
hold (:mod:`virkestoff.costsharing.levels`). The bound by the costs alone is left out at first: the
split without it is the nucleolus wherever it keeps the bound, and the other draws are solved again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array, CostGame, membership
from virkestoff.costsharing.levels import found_levels, is_spanned, with_span
from virkestoff.costsharing.programs import Program, normalised, normalised_draws, solve
from virkestoff.costsharing.properties import closeness
from virkestoff.errors import Fault, InputError

__all__ = ["Settling", "nucleolus", "nucleolus_settling", "prenucleolus"]

_POSITIVE = 1e-8
"""Weights of one program add up to one; a smaller weight is rounding."""


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
    inside = membership(game.n_players)
    limits, _, scale = normalised(game.mean().costs[0], inside)
    steps = _settle(limits, inside, False)[1] if scale > 0.0 else []
    return tuple(
        Settling(scale * e, tuple(game.coalition(int(m)) for m in masks)) for e, masks in steps
    )


def _all_draws(game: CostGame, is_individually_rational: bool) -> Array:
    """Every draw: the levels of a solved draw are tried on all others and proved there."""
    inside = membership(game.n_players)
    limits, alone, scale = normalised_draws(game.costs, inside)
    if is_individually_rational:
        limits[:, -1] = np.minimum(limits[:, -1], 0.0)  # above zero by rounding: see nucleolus()
    shares = np.zeros_like(alone)
    pending = np.flatnonzero(scale > 0.0)
    while pending.size:
        first = int(pending[0])
        solved, steps = _settle(limits[first], inside, False)
        shares[first], is_done = solved, np.zeros(pending.size, dtype=np.bool_)
        levels = found_levels(solved, limits[first], inside, steps)
        if levels is not None:
            found, is_done = levels.split(limits[pending], inside)
            shares[pending[is_done]] = found[is_done]
        is_done[0] = True
        pending = pending[~is_done]
    if is_individually_rational:
        over = shares.max(axis=1) > _POSITIVE
        for draw in np.flatnonzero(over):
            shares[draw] = _settle(limits[draw], inside, True)[0]
    return np.asarray(alone + scale[:, None] * shares)


def _settle(
    limits: Array, inside: Array, is_individually_rational: bool
) -> tuple[Array, list[tuple[float, npt.NDArray[np.int64]]]]:
    """The split of one scaled game of savings, shape (n_players,), and the steps that led there."""
    n = inside.shape[1]
    steps: list[tuple[float, npt.NDArray[np.int64]]] = []
    open_masks = np.arange(1, inside.shape[0] - 1)
    basis = np.full((1, n), 1.0 / np.sqrt(n))
    ceiling = 0.0 if is_individually_rational else None
    settled, values = inside[-1:], limits[-1:]
    while basis.shape[0] < n:
        tight, level = _loudest(inside, limits, open_masks, settled, values, ceiling)
        steps.append((level, tight))
        for mask in tight:
            wider = with_span(basis, inside[mask])
            if wider.shape[0] > basis.shape[0]:
                basis = wider
                settled = np.vstack([settled, inside[mask]])
                values = np.append(values, limits[mask] + level)
        open_masks = open_masks[~is_spanned(inside[open_masks], basis)]
    return np.asarray(np.linalg.solve(settled, values)), steps


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
