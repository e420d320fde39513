"""One solution of the nucleolus that serves many draws, with its proof in each of them.

The nucleolus is piecewise linear in costs: as long as the same coalitions are loudest, next
loudest, and so on, the split is one linear function of the costs. ``Levels`` holds these
coalitions and that function. Whether it is the answer in another draw is proved there, not
assumed (Kohlberg 1971, "On the nucleolus of a characteristic function game", SIAM Journal on
Applied Mathematics 20, 62-66): the weights that balance each level depend on its coalitions alone,
so the split is right exactly if in this draw every coalition of a level has the same objection and
every coalition that is still open has a smaller one.

A draw where two levels touch is not accepted but solved alone. So the levels of an accepted draw
are unique and its bits do not depend on which draw they were found in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array

__all__ = ["SPANNED", "Levels", "found_levels", "is_spanned", "with_span"]

Masks = npt.NDArray[np.int64]

SPANNED = 1e-6
"""A vector of zeros and ones outside a span of such vectors is further from it than this."""
_SOLVED = 1e-8
"""Objections of one solved draw that differ by less belong to one level: the solver is so exact."""
_EQUAL = 1e-10
"""Objections that are one level differ by less in an accepted draw; the largest saving is one."""
_APART = 1e-6
"""Levels and coalitions below them are further apart than this in an accepted draw."""


def is_spanned(vectors: Array, basis: Array) -> npt.NDArray[np.bool_]:
    """Whether each row lies in the span of an orthonormal basis (rows)."""
    rest = vectors - (vectors @ basis.T) @ basis
    return np.asarray(np.linalg.norm(rest, axis=1) <= SPANNED)


def with_span(basis: Array, vector: Array) -> Array:
    """The orthonormal basis with one more vector; the same basis if that is already spanned."""
    rest = vector - (vector @ basis.T) @ basis
    length = float(np.linalg.norm(rest))
    return np.vstack([basis, rest / length]) if length > SPANNED else basis


@dataclass(frozen=True, eq=False)
class Levels:
    """The coalitions that decide the split, level by level, and the split as a function of costs.

    Attributes
    ----------
    tight : for each level the coalitions (bitmasks) whose objection is the level's
    below : for each level the open coalitions whose objection is smaller
    used : the coalitions whose costs decide, everybody first
    operator : shape (n_used, n_players); ``x = sum over used S of c(S) operator(S)``
    """

    tight: tuple[Masks, ...]
    below: tuple[Masks, ...]
    used: Masks
    operator: Array

    def split(self, limits: Array, inside: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The split of scaled games of savings, and in which draws it is proved.

        Parameters
        ----------
        limits : costs of the scaled games, shape (n_draws, 2^n_players)
        inside : :func:`membership`

        Returns
        -------
        shares, shape (n_draws, n_players), and flags, shape (n_draws,)
        """
        n_draws, n = limits.shape[0], inside.shape[1]
        shares = np.zeros((n_draws, n))
        for row, mask in enumerate(self.used):  # a fixed order: the same bits in any block
            shares += limits[:, [int(mask)]] * self.operator[row]
        objection = -limits
        for k in range(n):
            objection += shares[:, [k]] * inside[:, k]
        holds = np.ones(n_draws, dtype=np.bool_)
        for tight, below in zip(self.tight, self.below, strict=True):
            level = objection[:, tight].max(axis=1)
            holds &= level - objection[:, tight].min(axis=1) <= _EQUAL
            if below.size:
                holds &= objection[:, below].max(axis=1) < level - _APART
        return shares, holds


def found_levels(
    shares: Array, limits: Array, inside: Array, steps: list[tuple[float, Masks]]
) -> Levels | None:
    """The levels of one solved draw, or nothing if two of them touch.

    Parameters
    ----------
    shares : its split, of the scaled game of savings, shape (n_players,)
    limits : its costs, shape (2^n_players,)
    steps : from each linear program the objection and the coalitions with positive weight
    """
    n = inside.shape[1]
    objection = inside @ shares - limits
    still_open = np.arange(1, inside.shape[0] - 1)
    basis = np.full((1, n), 1.0 / np.sqrt(n))
    tight: list[Masks] = []
    below: list[Masks] = []
    position = 0
    while position < len(steps):
        level = steps[position][0]
        while position < len(steps) and level - steps[position][0] <= _SOLVED:
            for mask in steps[position][1]:  # programs at one height settle one level together
                basis = with_span(basis, inside[mask])
            position += 1
        is_tight = np.abs(objection[still_open] - level) <= _SOLVED
        loud, quiet = still_open[is_tight], still_open[~is_tight]
        if not loud.size or not is_spanned(inside[loud], basis).all():
            return None
        if quiet.size and objection[quiet].max() >= level - _APART:
            return None
        tight.append(loud)
        below.append(quiet)
        still_open = quiet[~is_spanned(inside[quiet], basis)]
    if basis.shape[0] < n:
        return None
    return _solved(tuple(tight), tuple(below), inside)


def _solved(tight: tuple[Masks, ...], below: tuple[Masks, ...], inside: Array) -> Levels | None:
    """``x(S) - e_j = c(S)`` for every S of level j and ``x(N) = c(N)``, solved for x and e."""
    n, last = inside.shape[1], inside.shape[0] - 1
    used = np.concatenate([np.array([last]), *tight])
    equations = np.zeros((used.size, n + len(tight)))
    equations[:, :n] = inside[used]
    row = 1
    for j, level in enumerate(tight):
        equations[row : row + level.size, n + j] = -1.0
        row += level.size
    if np.linalg.matrix_rank(equations) < n + len(tight):
        return None
    operator = np.ascontiguousarray(np.linalg.pinv(equations)[:n].T)
    operator[np.abs(operator) < _EQUAL] = 0.0
    return Levels(tight, below, used, operator)
