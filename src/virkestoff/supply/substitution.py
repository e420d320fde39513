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
    at_first = missing.copy()
    order = sorted(range(len(network.advice)), key=lambda k: network.advice[k].rank)
    for k in order:
        line = network.advice[k]
        wanted = network.presentations.index(line.wanted)
        instead = network.presentations.index(line.instead)
        allowed = np.minimum(row(line.acceptable) * at_first[wanted], missing[wanted])
        draws = draws_with(allowed)
        if not draws.size:
            continue
        needs = row(line.needs)
        goods = allowed * needs
        fresh = np.zeros((missing.shape[1], draws.size))
        left = [s[instead : instead + 1, draws] for s in spare]
        paths = [of_draws(_of(gate, instead), draws) for gate in gates]
        asked = (goods[:, draws] * of_draws(movable, draws))[None]
        for s, part in enumerate(spread_over_spare(asked, left, paths)):
            fresh += part[0]
            delivered[s][instead][:, draws] += part[0]
            spare[s][instead, draws] = left[s][0]
        got = np.zeros_like(goods)
        got[:, draws] = np.minimum(fresh, goods[:, draws])
        got += stocks.draw_one(instead, goods - got)
        replaced[k] = np.minimum(got / needs, missing[wanted])
        missing[wanted] -= replaced[k]
    return replaced


def _of(gate: Array, presentation: int) -> Array:
    """The row of one presentation, first axis kept, of an array that may hold for all."""
    return gate if gate.shape[0] == 1 else gate[presentation : presentation + 1]
