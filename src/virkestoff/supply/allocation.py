"""Who gets what a source can deliver in a month.

1. Orders go to sources by ordinary share. A source that cannot meet them all meets the same share
   of each.
2. A country with a claim on a source, whose orders are not met, gets up to its claim on the
   capacity: first from what is left, then from deliveries to others beyond claims of their own.
3. Orders still unmet go once more to sources with capacity left, in proportion to what is left.

Arrays have draws last. Sums over sources and countries are taken in fixed order, one by one, so
that a draw gives the same bits in any block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.supply import flow_kernel

__all__ = [
    "Allocation",
    "Terms",
    "allocate",
    "draws_with",
    "of_draws",
    "over_countries",
    "over_sources",
    "summed",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """What the sources are bound to in a month; X is n_draws, or 1 where all draws have the same.

    Attributes
    ----------
    shares : ordinary share, shape (n_presentations, n_sources, n_countries, n_draws)
    capacity : DDD of the month, shape (n_presentations, n_sources, n_draws)
    allowed : 0 where an export ban holds, else 1, shape
        (n_presentations, n_sources, n_countries, X)
    reach : 1 where a source may deliver beyond its ordinary share, else 0, shape
        (n_presentations, n_sources, n_countries)
    claim_places : source and country of each contract with priority, shape (n_claims, 2)
    claim_share : share of the capacity that it gets first, shape (n_claims, X)
    movable : share of unmet orders that other sources can be asked for in the same month, shape
        (n_draws,)
    """

    shares: Array
    capacity: Array
    allowed: Array
    reach: Array
    claim_places: npt.NDArray[np.int64]
    claim_share: Array
    movable: Array

    def of(self, draws: npt.NDArray[np.intp]) -> Terms:
        """The terms of some draws."""
        return Terms(
            of_draws(self.shares, draws),
            of_draws(self.capacity, draws),
            of_draws(self.allowed, draws),
            self.reach,
            self.claim_places,
            of_draws(self.claim_share, draws),
            of_draws(self.movable, draws),
        )


@dataclass(frozen=True)
class Allocation:
    """What one month's orders bring.

    Attributes
    ----------
    delivered : shape (n_presentations, n_sources, n_countries, n_draws)
    spare : capacity left, shape (n_presentations, n_sources, n_draws)
    unmet : shape (n_presentations, n_countries, n_draws)
    """

    delivered: Array
    spare: Array
    unmet: Array


def summed(parts: Sequence[Array] | Array) -> Array:
    """The sum over the first axis, one by one in order."""
    total: Array = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def over_countries(amount: Array) -> Array:
    """The sum over countries of an array (n_presentations, n_countries, n_draws)."""
    if amount.shape[2] == 1:  # here numpy would run along the countries, in another order
        return summed(amount.swapaxes(0, 1))
    return np.asarray(np.add.reduce(amount, axis=1))


def over_sources(amount: Array) -> Array:
    """The sum over sources of an array (n_presentations, n_sources, n_countries, n_draws)."""
    return summed(amount.swapaxes(0, 1))


def of_draws(array: Array, draws: npt.NDArray[np.intp]) -> Array:
    """The columns of some draws, to be read only; what holds for all draws stays as it is."""
    return array if array.shape[-1] == 1 else array.take(draws, axis=-1)


def draws_with(amount: Array) -> npt.NDArray[np.intp]:
    """The draws in which anything of an array (..., n_draws) is not zero."""
    return np.flatnonzero(amount.reshape(-1, amount.shape[-1]).any(axis=0))


def allocate(orders: Array, terms: Terms) -> Allocation:
    """Share one month's orders among the sources.

    Parameters
    ----------
    orders : DDD, shape (n_presentations, n_countries, n_draws)
    """
    got = Allocation(
        np.empty(terms.shares.shape),
        np.empty(terms.capacity.shape),
        np.empty(orders.shape),
    )
    flow_kernel.allocate(
        np.ascontiguousarray(orders),
        terms.shares,
        terms.capacity,
        terms.allowed,
        terms.reach,
        terms.claim_places,
        terms.claim_share,
        terms.movable,
        got.delivered,
        got.spare,
        got.unmet,
    )
    return got
