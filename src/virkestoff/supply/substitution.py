"""Substitution by ranked advice: who lacks one presentation may use another.

A line of the advice replaces at most ``acceptable`` of what was missing at first, and only with
goods: capacity that sources have left this month, then stock of the substitute in the country.
Substitutes that rest on the same failed node have neither.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.supply import flow_kernel
from virkestoff.supply.allocation import Allocation, Terms
from virkestoff.supply.disruption import by_draw
from virkestoff.supply.network import Network
from virkestoff.supply.stock_layers import LayerStocks

__all__ = ["Substitution"]

Array = npt.NDArray[np.float64]


class Substitution:
    """The advice of a network, in order of rank."""

    def __init__(self, network: Network, n_draws: int) -> None:
        advice, at = network.advice, network.presentations.index
        order = sorted(range(len(advice)), key=lambda k: advice[k].rank)
        lines = [(k, at(advice[k].wanted), at(advice[k].instead)) for k in order]
        self.lines = np.array(lines, dtype=np.int64).reshape(-1, 3)
        self.acceptable = by_draw([line.acceptable for line in advice], n_draws)
        self.needs = by_draw([line.needs for line in advice], n_draws)

    def replace(
        self, missing: Array, got: Allocation, terms: Terms, stocks: LayerStocks
    ) -> Array:
        """Replace what is missing; lowers ``missing``, what is spare and stocks, raises deliveries.

        Parameters
        ----------
        missing : DDD, shape (n_presentations, n_countries, n_draws)

        Returns
        -------
        DDD of the wanted presentation replaced by each line, shape (n_advice, n_countries, n_draws)
        """
        replaced = np.zeros((len(self.lines), *missing.shape[1:]))
        if len(self.lines) and missing.any():
            flow_kernel.substitute(
                self.lines,
                self.acceptable,
                self.needs,
                terms.movable,
                terms.allowed,
                terms.reach,
                missing,
                got.spare,
                got.delivered,
                stocks.stock,
                stocks.drawn,
                replaced,
            )
        return replaced

