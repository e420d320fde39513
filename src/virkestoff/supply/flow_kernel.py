"""The month of ``supply.flow`` as loops over presentations, countries and draws, compiled.

P presentations, C countries, S sources, R ranks of stock, A lines of advice, D draws, last. An
axis marked X has length D, or 1 where all draws have the same. Sums over sources and countries run
one by one in fixed order. ``supply.flow_readable`` says the same in the words of the model.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.compiled import compiled

__all__ = ["DUST", "allocate", "begin_layers", "settle", "substitute"]

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
DUST = 1e-12
"""Share of orders or demand below which what is unmet is rounding of the arithmetic."""


@compiled
def begin_layers(
    state: tuple[Array, ...], factor: Array, limit: Array, loss: Array, holds: Array,
    mean: Array, need: Array,
) -> None:  # fmt: skip
    """Expiry, targets, wishes and release of all layers; lowers ``need``.

    Parameters
    ----------
    state : stock, expired, target, wish, put_in, drawn, released, each (P, R, C, D)
    factor, limit, loss : target and limit in months of mean demand, share lost, (R, C, D)
    holds : 1 where the layer holds the presentation, (P, R, C)
    mean, need : (P, C, D)
    """
    stock, expired, target, wish, put_in, drawn, released = state
    n_p, n_ranks, n_c, n_draws = stock.shape
    for p in range(n_p):
        for c in range(n_c):
            for r in range(n_ranks):
                for d in range(n_draws):
                    old = stock[p, r, c, d] * loss[r, c, d]
                    left = stock[p, r, c, d] - old
                    held = holds[p, r, c] * mean[p, c, d]
                    aim = held * factor[r, c, d]
                    gap = aim - left
                    over = min(max(0.0, -gap), need[p, c, d])
                    need[p, c, d] -= over
                    expired[p, r, c, d] = old
                    target[p, r, c, d] = aim
                    wish[p, r, c, d] = min(max(0.0, gap), held * limit[r, c, d])
                    put_in[p, r, c, d] = 0.0
                    drawn[p, r, c, d] = 0.0
                    released[p, r, c, d] = over
                    stock[p, r, c, d] = left - over


@compiled
def _first_round(
    orders: Array, shares: Array, capacity: Array, allowed: Array,
    delivered: Array, spare: Array, unmet: Array, total: Array,
) -> bool:  # fmt: skip
    """Orders for one presentation by ordinary share, within capacity; whether any are unmet."""
    n_sources, n_c, n_draws = delivered.shape
    has_bans = allowed.shape[2] == n_draws
    for s in range(n_sources):
        for c in range(n_c):
            for d in range(n_draws):
                delivered[s, c, d] = orders[c, d] * shares[s, c, d]
            if has_bans:
                for d in range(n_draws):
                    delivered[s, c, d] *= allowed[s, c, d]
            for d in range(n_draws):
                total[d] = delivered[s, c, d] if c == 0 else total[d] + delivered[s, c, d]
        for d in range(n_draws):
            spare[s, d] = max(0.0, capacity[s, d] - total[d])
            total[d] = capacity[s, d] / total[d] if total[d] > capacity[s, d] else 1.0
        for c in range(n_c):
            for d in range(n_draws):
                delivered[s, c, d] *= total[d]
    is_unmet = False
    for c in range(n_c):
        for d in range(n_draws):
            total[d] = delivered[0, c, d]
        for s in range(1, n_sources):
            for d in range(n_draws):
                total[d] += delivered[s, c, d]
        for d in range(n_draws):
            left = orders[c, d] - total[d]
            unmet[c, d] = left if left > DUST * orders[c, d] else 0.0
            is_unmet |= unmet[c, d] != 0.0
    return is_unmet


@compiled
def _honour(
    claim: int, claim_places: Places, claim_share: Array, capacity: Array, allowed: Array,
    delivered: Array, spare: Array, unmet: Array, beyond: Array,
) -> None:  # fmt: skip
    """Give one claimant its due: from what is left, then from others beyond their claims."""
    s, c = claim_places[claim, 0], claim_places[claim, 1]
    n_c, n_draws = delivered.shape[1:]
    for d in range(n_draws):
        k = d if claim_share.shape[1] > 1 else 0
        can = capacity[s, d]
        may = allowed[s, c, d if allowed.shape[2] > 1 else 0]
        due = max(0.0, claim_share[claim, k] * can * may - delivered[s, c, d])
        wish = min(unmet[c, d], due)
        if wish == 0.0:
            continue
        for other in range(n_c):
            beyond[other] = delivered[s, other, d]
        for further in range(claim_places.shape[0]):
            if claim_places[further, 0] == s:
                other = claim_places[further, 1]
                beyond[other] = delivered[s, other, d] - claim_share[further, k] * can
        in_reach = 0.0
        for other in range(n_c):
            beyond[other] = 0.0 if other == c else max(0.0, beyond[other])
            in_reach += beyond[other]
        from_spare = min(wish, spare[s, d])
        taken = min(wish - from_spare, in_reach)
        part = taken / in_reach if in_reach > 0.0 else 0.0
        for other in range(n_c):
            delivered[s, other, d] -= beyond[other] * part
            unmet[other, d] += beyond[other] * part
        delivered[s, c, d] += from_spare + taken
        unmet[c, d] -= from_spare + taken
        spare[s, d] -= from_spare


@compiled
def _spread(
    wanted: Array, spare: Array, allowed: Array, reach: Array, given: Array, total: Array
) -> None:
    """Ask sources for ``wanted`` (C, D) in proportion to what each has left; lowers ``spare``.

    ``given`` (S, C, D) becomes the deliveries by source and country.
    """
    n_sources, n_c, n_draws = given.shape
    has_bans = allowed.shape[2] == n_draws
    for c in range(n_c):
        total[:] = 0.0
        for s in range(n_sources):
            for d in range(n_draws):
                may = allowed[s, c, d] if has_bans else 1.0
                given[s, c, d] = spare[s, d] * (may * reach[s, c])
                total[d] += given[s, c, d]
        for d in range(n_draws):
            total[d] = wanted[c, d] / total[d] if total[d] > 0.0 else 0.0
        for s in range(n_sources):
            for d in range(n_draws):
                given[s, c, d] *= total[d]
    for s in range(n_sources):
        total[:] = 0.0
        for c in range(n_c):
            for d in range(n_draws):
                total[d] += given[s, c, d]
        for d in range(n_draws):
            left = spare[s, d]
            spare[s, d] = left - min(total[d], left)
            total[d] = left / total[d] if total[d] > left else 1.0
        for c in range(n_c):
            for d in range(n_draws):
                given[s, c, d] *= total[d]


@compiled
def _second_round(
    orders: Array, allowed: Array, reach: Array, movable: Array, has_claims: bool,
    delivered: Array, spare: Array, unmet: Array, given: Array, wanted: Array, total: Array,
) -> None:  # fmt: skip
    """Orders for one presentation that are unmet go to sources that have capacity left."""
    n_sources, n_c, n_draws = delivered.shape
    for c in range(n_c):
        for d in range(n_draws):
            if has_claims:
                left = max(0.0, unmet[c, d])
                unmet[c, d] = left if left > DUST * orders[c, d] else 0.0
            wanted[c, d] = unmet[c, d] * movable[d]
    _spread(wanted, spare, allowed, reach, given, total)
    for c in range(n_c):
        for s in range(n_sources):
            for d in range(n_draws):
                delivered[s, c, d] += given[s, c, d]
                unmet[c, d] -= given[s, c, d]
        for d in range(n_draws):
            left = unmet[c, d]
            unmet[c, d] = left if left > DUST * orders[c, d] else 0.0


@compiled
def allocate(
    orders: Array, shares: Array, capacity: Array, allowed: Array, reach: Array,
    claim_places: Places, claim_share: Array, movable: Array,
    delivered: Array, spare: Array, unmet: Array,
) -> None:  # fmt: skip
    """Share one month's orders among the sources; see ``supply.allocation``.

    Parameters
    ----------
    orders : DDD, shape (P, C, D)
    shares : ordinary share per source, (P, S, C, D)
    capacity : DDD of the month per source, (P, S, D)
    allowed : 0 where an export ban holds, else 1, (P, S, C, X)
    reach : 1 where a source may deliver beyond its ordinary share, else 0, (P, S, C)
    claim_places : source and country of each contract with priority, (n_claims, 2)
    claim_share : share of the capacity that it gets first, (n_claims, X)
    movable : share of unmet orders that other sources can be asked for in the same month, (D,)
    delivered, spare, unmet : results, (P, S, C, D), (P, S, D), (P, C, D)
    """
    n_p, n_sources, n_c, n_draws = delivered.shape
    given, total = np.empty((n_sources, n_c, n_draws)), np.empty(n_draws)
    wanted, beyond = np.empty((n_c, n_draws)), np.empty(n_c)
    n_claims = claim_places.shape[0]
    for p in range(n_p):
        if not _first_round(
            orders[p], shares[p], capacity[p], allowed[p], delivered[p], spare[p], unmet[p], total
        ):
            continue
        for k in range(n_claims):
            _honour(
                k, claim_places, claim_share, capacity[p], allowed[p],
                delivered[p], spare[p], unmet[p], beyond,
            )  # fmt: skip
        _second_round(
            orders[p], allowed[p], reach[p], movable, n_claims > 0,
            delivered[p], spare[p], unmet[p], given, wanted, total,
        )  # fmt: skip


@compiled
def settle(
    delivered: Array, from_bulk: Array, need: Array, demand: Array,
    stock: Array, wish: Array, put_in: Array, drawn: Array, short: Array,
) -> None:  # fmt: skip
    """Deliveries meet need, then fill the layers in order; what is short comes out of them.

    ``short`` (P, C, D) becomes what is missing after that.
    """
    n_p, n_sources, n_c, n_draws = delivered.shape
    n_ranks = stock.shape[1]
    for p in range(n_p):
        for c in range(n_c):
            for d in range(n_draws):
                surplus = 0.0
                for s in range(n_sources):
                    surplus += delivered[p, s, c, d]
                surplus += from_bulk[p, c, d]
                used = min(surplus, need[p, c, d])
                missing = need[p, c, d] - used
                surplus -= used
                if not missing > DUST * demand[p, c, d]:
                    missing = 0.0
                for r in range(n_ranks):
                    put = min(surplus, wish[p, r, c, d])
                    put_in[p, r, c, d] = put
                    stock[p, r, c, d] += put
                    surplus -= put
                for r in range(n_ranks):
                    taken = min(stock[p, r, c, d], missing)
                    drawn[p, r, c, d] += taken
                    stock[p, r, c, d] -= taken
                    missing -= taken
                short[p, c, d] = missing


@compiled
def _from_stock(goods: Array, got: Array, stock: Array, drawn: Array) -> None:
    """Draw what is lacking of ``goods`` (C, D) from stock (R, C, D); raises ``got``."""
    n_ranks, n_c, n_draws = stock.shape
    for c in range(n_c):
        for d in range(n_draws):
            wanted = goods[c, d] - got[c, d]
            left = wanted
            for r in range(n_ranks):
                taken = min(stock[r, c, d], left)
                drawn[r, c, d] += taken
                stock[r, c, d] -= taken
                left -= taken
            got[c, d] += wanted - left


@compiled
def substitute(
    lines: Places, acceptable: Array, needs: Array, movable: Array, allowed: Array, reach: Array,
    missing: Array, spare: Array, delivered: Array, stock: Array, drawn: Array, replaced: Array,
) -> None:  # fmt: skip
    """Replace what is missing by ranked advice; see ``supply.substitution``.

    Parameters
    ----------
    lines : line of advice, wanted and instead by index, in order of rank, (A, 3)
    acceptable, needs : by line, (A, D)
    movable : share of what is wanted that sources can be asked for in the same month, (D,)
    missing, spare, delivered : changed in place, as in ``allocate``
    stock, drawn : changed in place, (P, R, C, D)
    replaced : DDD of the wanted presentation replaced by each line, (A, C, D); zeros at first
    """
    _, n_sources, n_c, n_draws = delivered.shape
    given, total = np.empty((n_sources, n_c, n_draws)), np.empty(n_draws)
    goods, asked, got = np.empty((3, n_c, n_draws))
    at_first = missing.copy()
    for row in range(lines.shape[0]):
        k, wanted, instead = lines[row, 0], lines[row, 1], lines[row, 2]
        if not missing[wanted].any():
            continue
        for c in range(n_c):
            for d in range(n_draws):
                most = min(acceptable[k, d] * at_first[wanted, c, d], missing[wanted, c, d])
                goods[c, d] = most * needs[k, d]
                asked[c, d] = goods[c, d] * movable[d]
        _spread(asked, spare[instead], allowed[instead], reach[instead], given, total)
        for c in range(n_c):
            got[c] = 0.0
            for s in range(n_sources):
                for d in range(n_draws):
                    got[c, d] += given[s, c, d]
                    delivered[instead, s, c, d] += given[s, c, d]
            for d in range(n_draws):
                got[c, d] = min(got[c, d], goods[c, d])
        _from_stock(goods, got, stock[instead], drawn[instead])
        for c in range(n_c):
            for d in range(n_draws):
                done = min(got[c, d] / needs[k, d], missing[wanted, c, d])
                replaced[k, c, d] = done
                missing[wanted, c, d] -= done
