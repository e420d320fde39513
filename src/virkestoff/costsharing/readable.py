"""The Shapley value as the definition reads: every order of joining, one draw, plain loops.

It is slow on purpose; a test holds :func:`virkestoff.costsharing.shapley` to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations

__all__ = ["shapley_by_hand"]


def shapley_by_hand(
    players: Sequence[str], cost: Callable[[frozenset[str]], float]
) -> dict[str, float]:
    """What each player adds, averaged over all orders.

    Examples
    --------
    >>> shapley_by_hand(["a", "b"], lambda s: {1: 6.0, 2: 8.0}[len(s)] if s else 0.0)
    {'a': 4.0, 'b': 4.0}
    """
    paid = dict.fromkeys(players, 0.0)
    n_orders = 0
    for order in permutations(players):
        n_orders += 1
        present: frozenset[str] = frozenset()
        for player in order:
            together = present | {player}
            paid[player] += cost(together) - (cost(present) if present else 0.0)
            present = together
    return {player: amount / n_orders for player, amount in paid.items()}
