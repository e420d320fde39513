"""The simple rules that agreements use: equal, in proportion, and separable costs."""

from __future__ import annotations

import numpy as np

from virkestoff.costsharing.game import Array, CostGame

__all__ = ["equal", "proportional", "separable_cost"]


def equal(game: CostGame) -> Array:
    """``x_i = c(N) / n``, NOK, shape (n_draws, n_players)."""
    return np.repeat(game.total[:, None] / game.n_players, game.n_players, axis=1)


def proportional(game: CostGame) -> Array:
    """``x_i = c(N) c(i) / sum_j c(j)``: all save the same share of what they would pay alone.

    NOK, shape (n_draws, n_players). NaN (not defined) in draws where somebody's cost alone is
    negative, or where nobody has a cost alone and there is something to share.
    """
    alone = game.alone
    sums = alone.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = game.total[:, None] * alone / sums
    nothing = (sums == 0.0) & (game.total[:, None] == 0.0)
    shares = np.where(nothing, 0.0, shares)
    has_meaning = (alone.min(axis=1, keepdims=True) >= 0.0) & np.isfinite(shares)
    return np.where(has_meaning, shares, np.nan)


def separable_cost(game: CostGame) -> Array:
    """Separable cost, and the rest in proportion to remaining benefit (SCRB).

    NOK, shape (n_draws, n_players):

        s_i = c(N) - c(N - i),   r_i = max(c(i) - s_i, 0),
        x_i = s_i + r_i / sum_j r_j x (c(N) - sum_j s_j)

    It is the rule of water agencies, there with the lesser of benefit and cost alone in place of
    c(i), and the alternate-cost-avoided method of Straffin and Heaney 1981, "Game theory and the
    Tennessee Valley Authority", International Journal of Game Theory 10, 35-43. The rest may be
    negative. NaN (not defined) in draws where nobody has a remaining benefit and a rest is left.
    """
    separable = game.separable
    rest = game.total - separable.sum(axis=1)
    benefit = np.maximum(game.alone - separable, 0.0)
    sums = benefit.sum(axis=1, keepdims=True)
    tiny = 1e-12 * np.abs(game.costs).max(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(sums > tiny, benefit / sums * rest[:, None], np.nan)
    nothing_left = (sums <= tiny) & (np.abs(rest[:, None]) <= tiny)
    return np.where(nothing_left, separable + rest[:, None] / game.n_players, separable + part)
