"""What a coalition pays if it takes the cheapest of the ways that are open to it.

Import and stock, a contract for capacity, an own plant: each way gives a cost at which a coalition
reaches the same protection, or is closed to it. The risk that others ban exports is part of the
cost of a way for those who have no plant, so it belongs in the costs that are passed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import (
    Array,
    Coalition,
    CostFunction,
    CostGame,
    check_players,
    cost_game,
    named,
)
from virkestoff.errors import FaultCollector

__all__ = ["CheapestWays", "cheapest_ways"]


@dataclass(frozen=True, eq=False)
class CheapestWays:
    """The game of cheapest ways.

    Attributes
    ----------
    game : the cost of each coalition's cheapest way
    ways : names, in the order given
    chosen : index of the cheapest way, shape (n_draws, 2^n_players); the first of equals; -1 for
        nobody
    """

    game: CostGame
    ways: tuple[str, ...]
    chosen: npt.NDArray[np.int64]

    def shares(self, coalition: Coalition) -> dict[str, float]:
        """The share of draws in which each way is a coalition's cheapest."""
        column = self.chosen[:, self.game.mask(coalition)]
        return {way: float((column == k).mean()) for k, way in enumerate(self.ways)}


def cheapest_ways(
    players: Sequence[str],
    ways: Mapping[str, Mapping[Coalition, float | Array] | CostFunction],
) -> CheapestWays:
    """The game in which each coalition takes its cheapest way, draw by draw.

    ``c(S) = min over ways w that are open to S of c_w(S)``

    Parameters
    ----------
    players : names
    ways : way -> cost by coalition, as a mapping or a function. A coalition that a mapping leaves
        out, or for which a function raises ``KeyError``, cannot go that way.

    Raises
    ------
    InputError
        with all faults at once: a coalition to which no way is open, and all that
        :func:`cost_game` refuses.

    Examples
    --------
    >>> stock = {frozenset("a"): 3.0, frozenset("b"): 5.0, frozenset("ab"): 8.0}
    >>> plant = {frozenset("ab"): 6.0}
    >>> found = cheapest_ways(["a", "b"], {"stock": stock, "plant": plant})
    >>> found.shares(frozenset("ab"))
    {'stock': 0.0, 'plant': 1.0}
    """
    names = tuple(players)
    faults = FaultCollector()
    check_players(players, faults)
    if not ways:
        faults.add("ways", "there is none", next_step="Give at least import")
    for way, costs in ways.items():
        if not callable(costs):
            for key in costs:
                if not isinstance(key, frozenset) or not key <= set(names):
                    faults.add(f"way '{way}'", f"{key!r} is no coalition of the players")
    faults.raise_if_any()
    chosen_by: dict[int, npt.NDArray[np.int64]] = {}
    cheapest: dict[int, Array] = {}
    for mask in range(1, 2 ** len(names)):
        members = frozenset(p for k, p in enumerate(names) if mask >> k & 1)
        where = f"cost of {named(names, mask)}"
        columns = _open(members, where, ways, faults)
        if columns is not None:
            cheapest[mask] = columns.min(axis=0)
            chosen_by[mask] = columns.argmin(axis=0)
    faults.raise_if_any()
    game = cost_game(names, cheapest)
    chosen = np.full(game.costs.shape, -1, dtype=np.int64)
    for mask, column in chosen_by.items():
        chosen[:, mask] = column
    return CheapestWays(game, tuple(ways), chosen)


def _open(
    members: Coalition,
    where: str,
    ways: Mapping[str, Mapping[Coalition, float | Array] | CostFunction],
    faults: FaultCollector,
) -> Array | None:
    """Cost of each way, infinite where it is closed, shape (n_ways, n_draws)."""
    columns: list[Array] = []
    for way, costs in ways.items():
        try:
            value = costs(members) if callable(costs) else costs[members]
        except LookupError:
            columns.append(np.full(1, np.inf))
            continue
        cost = np.atleast_1d(np.asarray(value, dtype=np.float64))
        if cost.ndim != 1 or not np.isfinite(cost).all():
            faults.add(f"{where}, way '{way}'", "is not a finite number in every draw")
            return None
        columns.append(cost)
    sizes = {c.size for c in columns} - {1}
    if len(sizes) > 1:
        faults.add(where, f"ways differ in their number of draws: {sorted(sizes)}")
        return None
    if not any(np.isfinite(c).all() for c in columns):
        faults.add(where, "is not given: no way is open", "every coalition must be able to act")
        return None
    return np.stack(np.broadcast_arrays(*columns))
