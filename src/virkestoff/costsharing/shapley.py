"""The Shapley value: each country pays what it adds on average over all orders of joining.

    x_i = sum over S without i of  |S|! (n - |S| - 1)! / n!  x  (c(S + i) - c(S))

It is the one rule that shares the whole cost, treats equals equally, charges nothing to who adds
nothing, and adds over games (Shapley 1953, "A value for n-person games", Contributions to the
Theory of Games II, 307-317).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import (
    Array,
    Coalition,
    CostFunction,
    CostGame,
    check_players,
    membership,
    named,
)
from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.randomness import stream

__all__ = ["SampledShapley", "shapley", "shapley_sampled", "shapley_weights"]


def shapley_weights(n_players: int) -> Array:
    """The weight of each coalition's cost in each player's share, shape (2^n, n).

    With s members, ``(s - 1)! (n - s)! / n!`` for those inside and ``-s! (n - s - 1)! / n!`` for
    those outside.
    """
    inside = membership(n_players)
    size = inside.sum(axis=1).astype(np.int64)
    ways = math.factorial(n_players)
    joins, stays_out = np.zeros(n_players + 1), np.zeros(n_players + 1)
    for s in range(n_players + 1):
        if s > 0:
            joins[s] = math.factorial(s - 1) * math.factorial(n_players - s) / ways
        if s < n_players:
            stays_out[s] = math.factorial(s) * math.factorial(n_players - s - 1) / ways
    return np.asarray(np.where(inside > 0, joins[size][:, None], -stays_out[size][:, None]))


def shapley(game: CostGame) -> Array:
    """The Shapley value of every draw, exact, NOK, shape (n_draws, n_players).

    Each draw is summed alone in one fixed order, so blocks of draws join to the same bits.
    """
    weights = shapley_weights(game.n_players)
    shares = np.empty((game.n_draws, game.n_players))
    for k in range(game.n_players):
        column = np.ascontiguousarray(weights[:, k])
        shares[:, k] = np.einsum("ij,j->i", game.costs, column, optimize=False)
    return shares


@dataclass(frozen=True, eq=False)
class SampledShapley:
    """An estimate of the Shapley value.

    Attributes
    ----------
    players : names
    share : NOK, shape (n_draws, n_players); each draw adds up to the cost of all together
    standard_error : of the sampling of orders, NOK, same shape
    n_orders : orders of joining that were tried
    """

    players: tuple[str, ...]
    share: Array
    standard_error: Array
    n_orders: int


def shapley_sampled(
    players: Sequence[str],
    cost: CostFunction,
    n_orders: int,
    seed: int,
    *key: str | int,
) -> SampledShapley:
    """The Shapley value from random orders of joining, for more players than a table can hold.

    Orders come in pairs, each with its reverse: who joins early in one joins late in the other, so
    the mean of a pair varies less. The pair means are independent, and the standard error is their
    standard deviation over the root of their number (Castro, Gomez and Tejada 2009, "Polynomial
    calculation of the Shapley value based on sampling", Computers & Operations Research 36;
    the pairing is the antithetic variate of simulation).

    Parameters
    ----------
    players : names, any number
    cost : coalition -> NOK, a number or shape (n_draws,); called ``n_orders * (n_players + 1)``
        times at most
    n_orders : an even number, at least four
    seed, key : the name of the random stream (convention 4)

    Raises
    ------
    InputError
        with all faults at once: names, number of orders; and for a cost that is not finite.
    """
    names = tuple(players)
    faults = FaultCollector()
    check_players(players, faults, limit=max(len(names), 1))
    if n_orders < 4 or n_orders % 2:
        faults.add(
            "n_orders", f"{n_orders} is not an even number from 4", "orders are tried in pairs"
        )
    faults.raise_if_any()
    generator = stream(seed, "shapley", *key)
    n_pairs = n_orders // 2
    mean: Array | float = 0.0
    squares: Array | float = 0.0
    for pair in range(1, n_pairs + 1):
        order = generator.permutation(len(names))
        found = (_added(names, cost, order) + _added(names, cost, order[::-1])) / 2.0
        step = found - mean  # Welford's update: no cancellation when shares are nearly equal
        mean = mean + step / pair
        squares = squares + step * (found - mean)
    error = np.sqrt(np.asarray(squares) / (n_pairs - 1) / n_pairs)
    return SampledShapley(names, np.asarray(mean), error, n_orders)


def _added(players: tuple[str, ...], cost: CostFunction, order: npt.NDArray[np.int64]) -> Array:
    """What each player adds in one order of joining, shape (n_draws, n_players)."""
    members: list[str] = []
    before: Array = np.zeros(1)
    columns: dict[int, Array] = {}
    for k in order:
        members.append(players[k])
        after = _cost_of(players, cost, frozenset(members))
        columns[int(k)] = after - before
        before = after
    return np.stack(np.broadcast_arrays(*(columns[k] for k in range(len(players)))), axis=1)


def _cost_of(players: tuple[str, ...], cost: CostFunction, members: Coalition) -> Array:
    """The cost of one coalition, shape (n_draws,), or a fault that names it."""
    where = f"cost of {named(players, sum(1 << players.index(p) for p in members))}"
    try:
        found = np.atleast_1d(np.asarray(cost(members), dtype=np.float64))
    except LookupError as error:
        raise InputError(Fault(where, "is not given")) from error
    if found.ndim != 1 or not np.isfinite(found).all():
        raise InputError(Fault(where, "is not a finite number in every draw"))
    return found
