"""Who would object to a split, who would leave, and what it takes to keep all together.

The core holds the splits of ``c(N)`` under which no coalition pays more than its own cost:
``x(S) <= c(S)`` for every S. The largest violation is the loudest objection.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array, Coalition, CostGame, membership
from virkestoff.costsharing.programs import Program, normalised, solve
from virkestoff.costsharing.properties import closeness
from virkestoff.errors import FaultCollector

__all__ = [
    "Departure",
    "LeastCore",
    "Objection",
    "Stability",
    "cost_of_stability",
    "departures",
    "excesses",
    "is_in_core",
    "least_core",
    "objections",
]

_POSITIVE = 1e-8


@dataclass(frozen=True)
class Objection:
    """A coalition that pays more than its own cost, and how much more, NOK."""

    coalition: Coalition
    amount: float


@dataclass(frozen=True)
class Departure:
    """The best that one player can do by leaving, in expected costs.

    Attributes
    ----------
    player : who
    partners : with whom it leaves; empty if alone
    gain : what the leaving coalition saves together, ``x(S) - c(S)``, NOK; the price that keeps it
    loss_of_others : what those who stay pay more when left alone, ``c(N - S) - x(N - S)``, NOK.
        It is at least the gain exactly when ``c(S) + c(N - S) >= c(N)``, and then the others can
        pay the price and still be better off.
    """

    player: str
    partners: Coalition
    gain: float
    loss_of_others: float


@dataclass(frozen=True, eq=False)
class LeastCore:
    """The smallest charge on leaving that makes some split stable.

    Attributes
    ----------
    epsilon : the loudest objection of the best split, NOK, shape (n_draws,). At or below zero the
        core is not empty, and ``-epsilon`` is what every coalition can be made to gain.
    allocation : one such split, NOK, shape (n_draws, n_players); there may be others
    has_core : whether the core is not empty, shape (n_draws,)
    """

    epsilon: Array
    allocation: Array
    has_core: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stability:
    """What somebody outside must pay so that nobody leaves.

    Attributes
    ----------
    subsidy : ``c(N)`` less the most that can be collected with ``x(S) <= c(S)`` for every S, NOK,
        shape (n_draws,); zero if the core is not empty
    allocation : what the players then pay, NOK, shape (n_draws, n_players)
    blocking : the coalitions that limit it in expected costs, with their balancing weights: each
        player's coalitions have weights that add up to one (Bondareva 1963; Shapley 1967)
    """

    subsidy: Array
    allocation: Array
    blocking: tuple[tuple[Coalition, float], ...]


def excesses(game: CostGame, allocation: npt.ArrayLike) -> Array:
    """The objection of every coalition, ``x(S) - c(S)``, NOK, shape (n_draws, 2^n_players).

    Parameters
    ----------
    allocation : NOK, shape (n_players,) or (n_draws, n_players), in the order of the players

    Raises
    ------
    InputError
        if the shares have another shape, are not finite or do not add up to the total cost.
    """
    shares = _checked(game, allocation)
    inside = membership(game.n_players)
    paid = np.zeros_like(game.costs)
    for k in range(game.n_players):  # one player at a time: the same bits for any block of draws
        paid += shares[:, [k]] * inside[:, k]
    return np.asarray(paid - game.costs)


def is_in_core(game: CostGame, allocation: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether no coalition objects, shape (n_draws,)."""
    return np.asarray(excesses(game, allocation).max(axis=1) <= closeness(game))


def objections(game: CostGame, allocation: npt.ArrayLike) -> tuple[Objection, ...]:
    """The coalitions that object in expected costs, the loudest first.

    Costs and shares are averaged over draws first: who joins decides before the draw is known.
    """
    expected = excesses(game, allocation).mean(axis=0)
    floor = float(closeness(game.mean())[0])
    loud = [int(m) for m in np.argsort(-expected, kind="stable") if expected[m] > floor]
    return tuple(Objection(game.coalition(m), float(expected[m])) for m in loud)


def departures(game: CostGame, allocation: npt.ArrayLike) -> tuple[Departure, ...]:
    """For each player who gains by leaving, the most profitable way to leave, in expected costs.

    Of the coalitions that hold the player the one with the largest gain per member is taken, since
    that is what each can be promised; of equals the smaller.
    """
    expected = excesses(game, allocation).mean(axis=0)
    mean = game.mean()
    floor = float(closeness(mean)[0])
    size = membership(game.n_players).sum(axis=1)
    found = []
    for k, player in enumerate(game.players):
        masks = np.array([m for m in range(1, expected.size) if m >> k & 1])
        masks = masks[np.argsort(size[masks], kind="stable")]
        best = int(masks[(expected[masks] / size[masks]).argmax()])
        if expected[best] > floor:
            rest = expected.size - 1 - best
            partners = game.coalition(best) - {player}
            found.append(Departure(player, partners, float(expected[best]), -float(expected[rest])))
    return tuple(found)


def least_core(game: CostGame) -> LeastCore:
    """The least core of every draw (Maschler, Peleg and Shapley 1979).

    ``epsilon = min over x with x(N) = c(N) of max over S of x(S) - c(S)``; nobody and everybody
    are left out of S.
    """
    inside = membership(game.n_players)
    n, last = game.n_players, inside.shape[0] - 1
    epsilon, split = np.zeros(game.n_draws), np.empty((game.n_draws, n))
    for d, costs in enumerate(game.costs):
        limits, alone, scale = normalised(costs, inside)
        split[d] = alone
        if scale > 0.0:
            found = solve(
                Program(
                    objective=np.append(np.zeros(n), 1.0),
                    upper=np.column_stack([inside[1:last], np.full(last - 1, -1.0)]),
                    upper_limit=limits[1:last],
                    equal=np.append(inside[last], 0.0)[None, :],
                    equal_to=limits[last:],
                )
            )
            epsilon[d] = scale * found.value
            split[d] += scale * found.x[:n]
    return LeastCore(epsilon, split, epsilon <= closeness(game))


def cost_of_stability(game: CostGame) -> Stability:
    """The least subsidy that leaves no objection (Bachrach and others 2009).

    ``subsidy = c(N) - max { x(N) : x(S) <= c(S) for every S }``, by linear programming. By duality
    the maximum is the cheapest balanced cover of the players by coalitions.
    """
    subsidy, split = np.zeros(game.n_draws), np.empty((game.n_draws, game.n_players))
    for d, costs in enumerate(game.costs):
        split[d], _ = _most_collected(costs, game.n_players)
        subsidy[d] = max(float(costs[-1] - split[d].sum()), 0.0)
    floor = closeness(game)
    subsidy[subsidy <= floor] = 0.0
    weights = _most_collected(game.mean().costs[0], game.n_players)[1]
    blocking = tuple((game.coalition(m), w) for m, w in weights if w > _POSITIVE)
    return Stability(subsidy, split, blocking)


def _most_collected(costs: Array, n: int) -> tuple[Array, list[tuple[int, float]]]:
    """Shares of the largest sum without an objection, and the weight of each coalition."""
    inside = membership(n)
    limits, alone, scale = normalised(costs, inside)
    if scale == 0.0:
        return alone, [(inside.shape[0] - 1, 1.0)]
    found = solve(
        Program(
            objective=np.append(np.full(n, -1.0), 0.0),
            upper=np.column_stack([inside[1:], np.zeros(inside.shape[0] - 1)]),
            upper_limit=limits[1:],
            equal=np.append(np.zeros(n), 1.0)[None, :],
            equal_to=np.zeros(1),
        )
    )
    return alone + scale * found.x[:n], [(m + 1, float(w)) for m, w in enumerate(found.weights)]


def _checked(game: CostGame, allocation: npt.ArrayLike) -> Array:
    shares = np.atleast_2d(np.asarray(allocation, dtype=np.float64))
    faults = FaultCollector()
    if shares.ndim != 2 or shares.shape[1] != game.n_players:
        faults.add("allocation", f"shape {shares.shape} is not (n_draws, {game.n_players})")
    elif shares.shape[0] not in (1, game.n_draws):
        faults.add("allocation", f"{shares.shape[0]} draws do not fit {game.n_draws}")
    elif not np.isfinite(shares).all():
        faults.add("allocation", "is not a finite number for everybody")
    elif np.any((off := np.abs(shares.sum(axis=1) - game.total)) > closeness(game)):
        faults.add(
            "allocation",
            f"misses the total cost by {off.max():g}",
            next_step="Shares must add up to the cost of all together in every draw",
        )
    faults.raise_if_any()
    return shares
