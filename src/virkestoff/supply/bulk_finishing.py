"""Active substance in bulk, and the packs that a finishing contract makes of it.

Finishing starts when orders of the country for its presentations went unmet, at most ``rate`` a
month, and packs come after the lead time. Packs that are ready meet demand and refill stocks before
orders are placed. The stock of substance is filled from its supplier's output.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.supply.disruption import row
from virkestoff.supply.network import BulkStock, Network
from virkestoff.supply.stock_layers import filled_share, months_at, starts_full

__all__ = ["BulkState"]

Array = npt.NDArray[np.float64]


class BulkState:
    """One bulk stock: substance (n_draws,), packs ready (n_presentations, n_draws)."""

    def __init__(
        self, bulk: BulkStock, network: Network, mean: Array, supplier: Array, finisher: Array
    ) -> None:
        self.bulk = bulk
        self.country = network.countries.index(bulk.country)
        self.presentations = [network.presentations.index(p) for p in bulk.presentations]
        self.supplier, self.finisher = supplier, finisher
        n_draws = mean.shape[2]
        lead = np.maximum(np.rint(np.broadcast_to(row(bulk.lead_months), (n_draws,))), 1.0)
        self._lead = lead.astype(np.int64)
        self._slots = int(self._lead.max(initial=1)) + 1
        self._draws = np.arange(n_draws)
        self._under_way = np.zeros((self._slots, len(self.presentations), n_draws))
        self.ready = np.zeros((len(self.presentations), n_draws))
        self.substance = self._yearly_mean(mean) * months_at(bulk, 0) * starts_full(bulk)
        self.expired = np.zeros(n_draws)
        self.sent = np.zeros((len(self.presentations), n_draws))
        self.filled = np.zeros(n_draws)

    def _yearly_mean(self, mean: Array) -> Array:
        total: Array = np.zeros(mean.shape[2])
        for p in self.presentations:
            total += mean[p, self.country]
        return total

    def begin(self, t: int) -> None:
        """Lose what is too old, and receive what the finisher has made."""
        self.expired = self.substance * row(self.bulk.loss_per_month)
        self.substance = self.substance - self.expired
        slot = t % self._slots
        self.ready += self._under_way[slot]
        self._under_way[slot] = 0.0

    def hand_over(self, wanted: Array) -> None:
        """Packs that are ready meet what is wanted; lowers `wanted` (P, C, n_draws)."""
        for k, p in enumerate(self.presentations):
            given = np.minimum(self.ready[k], wanted[p, self.country])
            self.ready[k] -= given
            wanted[p, self.country] -= given

    def end(self, t: int, mean: Array, orders: Array, unmet: Array) -> None:
        """Send substance to the finisher where orders went unmet, then fill the stock."""
        c = self.country
        mean_all = self._yearly_mean(mean)
        gap = np.stack([unmet[p, c] for p in self.presentations])
        missing, asked = np.zeros_like(mean_all), np.zeros_like(mean_all)
        for k, p in enumerate(self.presentations):
            missing += gap[k]
            asked += orders[p, c]
        can = np.minimum(self.substance, row(self.bulk.rate) * mean_all * self.finisher[t])
        is_on = missing > row(self.bulk.trigger) * asked
        total = np.where(is_on, np.minimum(can, missing), 0.0)
        part = np.divide(total, missing, out=np.zeros_like(total), where=missing > 0.0)
        self.sent = gap * part
        slot = (t + self._lead) % self._slots
        for k in range(len(self.presentations)):
            self._under_way[slot, k, self._draws] += self.sent[k]
        self.substance = np.maximum(self.substance - total, 0.0)
        full = months_at(self.bulk, t) * mean_all
        gap_left = np.maximum(full * filled_share(self.bulk, t) - self.substance, 0.0)
        supply = full / row(self.bulk.refill_months) * self.supplier[t]
        self.filled = np.minimum(gap_left, supply)
        self.substance = self.substance + self.filled
