"""What a cost game is like, and what that promises.

| property | says | promises |
|---|---|---|
| monotone | more members never cost less | no share is below zero in the Shapley value |
| subadditive | two coalitions cost no more together than apart | nobody pays more than alone |
| concave | a newcomer adds less to a larger coalition | the Shapley value is in the core |

A concave cost game is one whose game of savings is convex (Shapley 1971, "Cores of convex games",
International Journal of Game Theory 1, 11-26).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array, CostGame

__all__ = [
    "closeness",
    "is_concave",
    "is_monotone",
    "is_subadditive",
    "savings",
    "subadditive_cover",
]

Flags = npt.NDArray[np.bool_]

_RELATIVE = 1e-9
"""Differences below this share of the largest cost are rounding."""


def closeness(game: CostGame) -> Array:
    """What counts as equal: a billionth of the largest cost, NOK, shape (n_draws,)."""
    return np.asarray(_RELATIVE * np.abs(game.costs).max(axis=1))


def savings(game: CostGame) -> Array:
    """What a coalition saves by acting together, ``sum_{i in S} c(i) - c(S)``.

    NOK, shape (n_draws, 2^n_players).
    """
    apart = np.zeros_like(game.costs)
    for k in range(game.n_players):
        apart[:, _with(game, k)] += game.alone[:, [k]]
    return np.asarray(apart - game.costs)


def is_monotone(game: CostGame) -> Flags:
    """Whether ``c(S) <= c(S + i)`` for every S and i, shape (n_draws,)."""
    holds = np.ones(game.n_draws, dtype=np.bool_)
    for k in range(game.n_players):
        inside = _with(game, k)
        step = game.costs[:, inside] - game.costs[:, inside - (1 << k)]
        holds &= step.min(axis=1) >= -closeness(game)
    return holds


def is_subadditive(game: CostGame) -> Flags:
    """Whether ``c(S + T) <= c(S) + c(T)`` for every two coalitions apart, shape (n_draws,)."""
    holds = np.ones(game.n_draws, dtype=np.bool_)
    for mask, part in _cuts(game.n_players):
        apart = (game.costs[:, part] + game.costs[:, mask - part]).min(axis=1)
        holds &= game.costs[:, mask] <= apart + closeness(game)
    return holds


def is_concave(game: CostGame) -> Flags:
    """Whether ``c(S + i) + c(S + j) >= c(S + i + j) + c(S)`` throughout, shape (n_draws,)."""
    holds = np.ones(game.n_draws, dtype=np.bool_)
    for i in range(game.n_players):
        for j in range(i):
            both = np.intersect1d(_with(game, i), _with(game, j))
            one, other, none = both - (1 << i), both - (1 << j), both - (1 << i) - (1 << j)
            c = game.costs
            gain = c[:, one] + c[:, other] - c[:, both] - c[:, none]
            holds &= gain.min(axis=1) >= -closeness(game)
    return holds


def subadditive_cover(game: CostGame) -> CostGame:
    """The game in which a coalition may also act in parts if that is cheaper.

    ``cover(S) = min over partitions of S of the sum of c``. It is the largest subadditive game
    that is nowhere above c, and c itself if c is subadditive.
    """
    costs = game.costs.copy()
    for mask, part in _cuts(game.n_players):
        apart = (costs[:, part] + costs[:, mask - part]).min(axis=1)
        np.minimum(costs[:, mask], apart, out=costs[:, mask])
    return CostGame(game.players, costs)


def _with(game: CostGame, player: int) -> npt.NDArray[np.int64]:
    """The bitmasks of the coalitions that hold a player."""
    masks = np.arange(game.costs.shape[1])
    return np.asarray(masks[masks >> player & 1 == 1])


def _cuts(n_players: int) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Each coalition of two or more, and one side of every cut of it in two, smaller ones first."""
    for mask in range(1, 2**n_players):
        rest = mask & (mask - 1)  # without the lowest member, who stays on the other side
        if rest:
            sides = np.arange(1, rest + 1)
            yield mask, sides[(sides & ~rest) == 0]
