"""Substitution by ranked advice: who lacks one presentation may use another.

A line of the advice replaces at most ``acceptable`` of what was missing at first, and only with
goods: capacity that sources have left this month, then stock of the substitute in the country.
Substitutes that rest on the same failed node have neither.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from virkestoff.supply.allocation import draws_with, of_draws, spread_over_spare
from virkestoff.supply.disruption import row
from virkestoff.supply.network import Network
from virkestoff.supply.stock_layers import LayerStocks

__all__ = ["substitute"]

Array = npt.NDArray[np.float64]


def substitute(
    network: Network,
    missing: Array,
    spare: list[Array],
    gates: Sequence[Array],
    movable: Array,
    stocks: LayerStocks,
    delivered: list[Array],
) -> Array:
    """Replace what is missing; lowers ``missing``, ``spare`` and stocks, raises ``delivered``.

    Parameters
    ----------
    missing : DDD, shape (n_presentations, n_countries, n_draws)
    spare : capacity left per source, shape (n_presentations, n_draws)
    gates : 1 where a source may deliver, else 0, broadcasts to the shape of missing
    movable : share of what is wanted that sources can be asked for in the same month

    Returns
    -------
    DDD of the wanted presentation replaced by each line, shape (n_advice, n_countries, n_draws)
    """
    replaced = np.zeros((len(network.advice), *missing.shape[1:]))
    if not missing.any():
        return replaced
    at_first = missing.copy()
    order = sorted(range(len(network.advice)), key=lambda k: network.advice[k].rank)
    for k in order:
        line = network.advice[k]
        wanted = network.presentations.index(line.wanted)
        instead = network.presentations.index(line.instead)
        draws = draws_with(missing[wanted])  # only these go on
        if not draws.size:
            continue
        lacking = missing[wanted].take(draws, axis=-1)
        first = at_first[wanted].take(draws, axis=-1)
        needs = of_draws(row(line.needs), draws)
        goods = np.minimum(of_draws(row(line.acceptable), draws) * first, lacking) * needs
        # A source with nothing left gives nothing: adding its zeros would change no bit.
        held = {s: part[instead : instead + 1].take(draws, axis=-1) for s, part in enumerate(spare)}
        left = {s: part for s, part in held.items() if part.any()}
        paths = [of_draws(_of(gates[s], instead), draws) for s in left]
        asked = (goods * of_draws(movable, draws))[None]
        fresh = np.zeros_like(goods)
        offers = list(left.values())
        given = spread_over_spare(asked, offers, paths) if offers else []
        for s, part in zip(left, given, strict=True):
            if not part.any():
                continue
            fresh += part[0]
            delivered[s][instead][:, draws] += part[0]
            spare[s][instead, draws] = left[s][0]
        got = np.minimum(fresh, goods)
        got += stocks.draw_one(instead, goods - got, draws)
        done = np.minimum(got / needs, lacking)
        replaced[k][:, draws] = done
        missing[wanted][:, draws] = lacking - done
    return replaced


def _of(gate: Array, presentation: int) -> Array:
    """The row of one presentation, first axis kept, of an array that may hold for all."""
    return gate if gate.shape[0] == 1 else gate[presentation : presentation + 1]
