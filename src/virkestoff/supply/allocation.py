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

__all__ = ["Allocation", "allocate", "draws_with", "of_draws", "spread_over_spare"]

Array = npt.NDArray[np.float64]
DUST = 1e-12
"""Share of an order below which what is unmet is rounding of the arithmetic."""


@dataclass(frozen=True)
class Claim:
    """A contract: `country` gets first `share` of the capacity of `source` (both by index)."""

    source: int
    country: int
    share: Array


@dataclass(frozen=True)
class Allocation:
    """What one month's orders bring.

    Attributes
    ----------
    delivered : per source, shape (n_presentations, n_countries, n_draws)
    spare : capacity left per source, shape (n_presentations, n_draws)
    unmet : shape (n_presentations, n_countries, n_draws)
    """

    delivered: list[Array]
    spare: list[Array]
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


def of_draws(array: Array, draws: npt.NDArray[np.intp]) -> Array:
    """The columns of some draws, to be read only; what holds for all draws stays as it is."""
    return array if array.shape[-1] == 1 else array.take(draws, axis=-1)


def draws_with(amount: Array) -> npt.NDArray[np.intp]:
    """The draws in which anything of an array (..., n_draws) is not zero."""
    return np.flatnonzero(amount.reshape(-1, amount.shape[-1]).any(axis=0))


def _share_met(capacity: Array, wanted: Array) -> Array:
    """``min(1, capacity / wanted)``, and 1 where nothing is wanted."""
    return np.divide(capacity, wanted, out=np.ones_like(wanted), where=wanted > capacity)


def _without_dust(unmet: Array, orders: Array) -> Array:
    return np.where(unmet > DUST * orders, unmet, 0.0)


def allocate(
    orders: Array,
    shares: Sequence[Array],
    capacity: Sequence[Array],
    allowed: Sequence[Array],
    claims: Sequence[Claim],
    movable: Array,
    reach: Sequence[Array],
) -> Allocation:
    """Share one month's orders among the sources.

    Parameters
    ----------
    orders : DDD, shape (n_presentations, n_countries, n_draws)
    shares : ordinary share per source, broadcasts to the shape of orders
    capacity : DDD of the month per source, shape (n_presentations, n_draws)
    allowed : 0 where an export ban holds, else 1, per source, broadcasts to the shape of orders
    claims : contracts with priority
    movable : share of unmet orders that other sources can be asked for in the same month
    reach : 1 where a source may deliver beyond its ordinary share, else 0
    """
    delivered, spare = [], []
    for share, can, may in zip(shares, capacity, allowed, strict=True):
        ordered = orders * share
        if may.size > 1:  # a single number is 1: no ban
            ordered *= may
        wanted = over_countries(ordered)
        ordered *= _share_met(can, wanted)[:, None]
        delivered.append(ordered)
        spare.append(np.maximum(can - wanted, 0.0))
    unmet = _without_dust(orders - summed(delivered), orders)
    draws = draws_with(unmet)
    if not draws.size:
        return Allocation(delivered, spare, unmet)
    # Only the draws in which something is unmet go on.
    first = Allocation(
        [d.take(draws, axis=-1) for d in delivered],
        [s.take(draws, axis=-1) for s in spare],
        unmet.take(draws, axis=-1),
    )
    gates = [of_draws(may * can, draws) for may, can in zip(allowed, reach, strict=True)]
    second = _second_round(
        first,
        of_draws(orders, draws),
        [of_draws(can, draws) for can in capacity],
        gates,
        [Claim(c.source, c.country, of_draws(c.share, draws)) for c in claims],
        [of_draws(may, draws) for may in allowed],
        of_draws(movable, draws),
    )
    for k in range(len(delivered)):
        delivered[k][..., draws] = second.delivered[k]
        spare[k][..., draws] = second.spare[k]
    unmet[..., draws] = second.unmet
    return Allocation(delivered, spare, unmet)


def _second_round(
    got: Allocation,
    orders: Array,
    capacity: Sequence[Array],
    gates: Sequence[Array],
    claims: Sequence[Claim],
    allowed: Sequence[Array],
    movable: Array,
) -> Allocation:
    """Claims, and orders to sources that have capacity left; changes and returns ``got``."""
    unmet = got.unmet
    if claims:
        _honour(claims, allowed, capacity, got.delivered, got.spare, unmet)
        unmet = _without_dust(np.maximum(unmet, 0.0), orders)
    more = spread_over_spare(unmet * movable, got.spare, gates)
    for k, extra in enumerate(more):
        got.delivered[k][:] += extra
        unmet -= extra
    return Allocation(got.delivered, got.spare, _without_dust(unmet, orders))


def _honour(
    claims: Sequence[Claim],
    allowed: Sequence[Array],
    capacity: Sequence[Array],
    delivered: list[Array],
    spare: list[Array],
    unmet: Array,
) -> None:
    """Give claimants their due, unless a ban stands between.

    Changes ``delivered``, ``spare`` and ``unmet``.
    """
    for claim in claims:
        s, c = claim.source, claim.country
        may = allowed[s][:, c if allowed[s].shape[1] > 1 else 0]
        due = np.maximum(claim.share * capacity[s] * may - delivered[s][:, c], 0.0)
        wish = np.minimum(unmet[:, c], due)
        if not wish.any():
            continue
        from_spare = np.minimum(wish, spare[s])
        protected = np.zeros_like(delivered[s])
        for other in claims:
            if other.source == s:
                protected[:, other.country] = other.share * capacity[s]
        beyond = np.maximum(delivered[s] - protected, 0.0)
        beyond[:, c] = 0.0
        in_reach = over_countries(beyond)
        taken = np.minimum(wish - from_spare, in_reach)
        part = np.divide(taken, in_reach, out=np.zeros_like(taken), where=in_reach > 0.0)
        loss = beyond * part[:, None]
        delivered[s] -= loss
        unmet += loss
        gained = from_spare + taken
        delivered[s][:, c] += gained
        unmet[:, c] -= gained
        spare[s] -= from_spare


def spread_over_spare(wanted: Array, spare: list[Array], gates: Sequence[Array]) -> list[Array]:
    """Ask sources for ``wanted`` in proportion to what each has left; lowers ``spare``.

    Parameters
    ----------
    wanted : DDD, shape (n_presentations, n_countries, n_draws)
    spare : capacity left per source, shape (n_presentations, n_draws); changed in place
    gates : 1 where the source may deliver, else 0; broadcasts to the shape of wanted

    Returns
    -------
    deliveries per source, shape of ``wanted``
    """
    offers = [left[:, None] * gate for left, gate in zip(spare, gates, strict=True)]
    offered = summed(offers)
    per_offer = np.divide(wanted, offered, out=np.zeros_like(wanted), where=offered > 0.0)
    given = []
    for k, offer in enumerate(offers):
        asked = offer * per_offer
        total = over_countries(asked)
        asked *= _share_met(spare[k], total)[:, None]
        given.append(asked)
        spare[k] -= np.minimum(total, spare[k])
    return given
