"""The linear programs of cooperative games, on one draw, solved by HiGHS.

Every program here is solved on the game of savings, scaled: from the cost of each coalition what
its members pay alone is taken away, and the rest is divided by the largest remainder. This moves
and stretches the answer in a known way (covariance under strategic equivalence) and leaves the
solver with numbers around one whatever the currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from virkestoff.costsharing.game import Array
from virkestoff.errors import Fault, VirkestoffError

__all__ = ["Program", "Solution", "normalised", "normalised_draws", "solve"]

_TOLERANCE = 1e-10
_ROUNDING = 1e-12
"""Savings below this share of the largest cost are rounding, and the game saves nothing."""


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise ``objective x`` where ``upper x <= upper_limit`` and ``equal x = equal_to``.

    The last variable is free; the others are at most ``ceiling``.
    """

    objective: Array
    upper: Array
    upper_limit: Array
    equal: Array
    equal_to: Array
    ceiling: float | None = None


@dataclass(frozen=True, eq=False)
class Solution:
    """Where the minimum is, its value, and the weight (dual) of each inequality, none negative."""

    x: Array
    value: float
    weights: Array


def solve(program: Program) -> Solution:
    """The solution of a program that is known to have one.

    Raises
    ------
    VirkestoffError
        if the solver does not find it.
    """
    n = program.objective.size
    bounds: list[tuple[float | None, float | None]] = [(None, program.ceiling)] * (n - 1)
    found = linprog(
        program.objective,
        A_ub=program.upper,
        b_ub=program.upper_limit,
        A_eq=program.equal,
        b_eq=program.equal_to,
        bounds=[*bounds, (None, None)],
        method="highs",
        options={
            "primal_feasibility_tolerance": _TOLERANCE,
            "dual_feasibility_tolerance": _TOLERANCE,
        },
    )
    if found.status != 0 or found.fun is None:
        raise VirkestoffError(
            Fault("linear program of a cost game", str(found.message), "it should have a solution")
        )
    weights = np.maximum(-np.asarray(found.ineqlin.marginals, dtype=np.float64), 0.0)
    return Solution(np.asarray(found.x, dtype=np.float64), float(found.fun), weights)


def normalised(costs: Array, inside: Array) -> tuple[Array, Array, float]:
    """The scaled game of savings of one draw, and how to come back.

    Parameters
    ----------
    costs : NOK, shape (2^n,)
    inside : :func:`membership`

    Returns
    -------
    costs ``b`` of the scaled game, the costs alone ``c_i``, and the scale, so that
    ``c(S) = sum_{i in S} c_i + scale b(S)``. The scale is zero if nobody saves or loses anything.
    """
    limits, alone, scale = normalised_draws(costs[None, :], inside)
    return limits[0], alone[0], float(scale[0])


def normalised_draws(costs: Array, inside: Array) -> tuple[Array, Array, Array]:
    """The same for many draws: shapes (n_draws, 2^n), (n_draws, n) and (n_draws,)."""
    n = inside.shape[1]
    alone = costs[:, 1 << np.arange(n)]
    rest = costs.copy()
    for k in range(n):  # one player at a time: the same bits for any block of draws
        rest -= alone[:, [k]] * inside[:, k]
    scale = np.abs(rest).max(axis=1)
    scale[scale <= _ROUNDING * np.abs(costs).max(axis=1)] = 0.0
    return rest / np.where(scale > 0.0, scale, np.inf)[:, None], alone, scale
