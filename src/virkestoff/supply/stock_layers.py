"""Stocks of finished goods, in layers per country.

For each layer, presentation and month

    stock at the end = stock at the start - expired - released - drawn + put in

``released`` is what lies above a target that has fallen; it meets demand before orders are placed.
A layer's *rank* is its place in the order of use in its country. Arrays have draws last.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.supply import flow_kernel
from virkestoff.supply.disruption import row
from virkestoff.supply.network import BulkStock, Network, StockLayer

__all__ = ["LayerStocks"]

Array = npt.NDArray[np.float64]


def months_at(layer: StockLayer | BulkStock, t: int) -> Array:
    """The full target of month `t` in months of mean demand, shape (n_draws,) or (1,)."""
    months = np.asarray(layer.months, dtype=np.float64)
    return months[:, t] if months.ndim == 2 and months.shape[1] > 1 else months.reshape(-1)


def filled_share(layer: StockLayer | BulkStock, t: int) -> Array:
    """Share of the full target that is aimed at in month `t`, shape (n_draws,) or (1,)."""
    since, over = np.broadcast_arrays(t + 1 - row(layer.first_month), row(layer.build_up_months))
    step = np.maximum(over, 1.0)
    return np.asarray(np.clip(since / step, 0.0, 1.0))


def starts_full(layer: StockLayer | BulkStock) -> npt.NDArray[np.bool_]:
    """Whether it is full before the first month, shape (n_draws,) or (1,)."""
    return np.asarray((row(layer.first_month) <= 0.0) & (row(layer.build_up_months) <= 0.0))


def _settled_from(layer: StockLayer) -> float:
    """The month from which on the target in months of demand no longer changes."""
    months = np.asarray(layer.months)
    if months.ndim == 2 and months.shape[1] > 1:
        return np.inf
    return float(np.max(row(layer.first_month) + np.maximum(row(layer.build_up_months), 1.0)))


class LayerStocks:
    """The state of all layers, shape (n_presentations, n_ranks, n_countries, n_draws)."""

    def __init__(self, network: Network, mean: Array) -> None:
        n_presentations, n_countries, n_draws = mean.shape
        self.places: list[tuple[int, int]] = []
        used = [0] * n_countries
        for layer in network.layers:
            c = network.countries.index(layer.country)
            self.places.append((used[c], c))
            used[c] += 1
        self.layers = network.layers
        self.n_ranks = max(used, default=0)
        shape = (n_presentations, self.n_ranks, n_countries, n_draws)
        self.stock, self.target = np.zeros(shape), np.zeros(shape)
        self.wish, self.expired = np.zeros(shape), np.zeros(shape)
        self.released, self.put_in, self.drawn = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._factor = np.zeros((self.n_ranks, n_countries, n_draws))
        self._limit, self._loss = np.zeros_like(self._factor), np.zeros_like(self._factor)
        self._holds = np.zeros((n_presentations, self.n_ranks, n_countries))
        for (rank, c), layer in zip(self.places, self.layers, strict=True):
            self._loss[rank, c] = row(layer.loss_per_month)
            self._holds[:, rank, c] = [
                layer.presentations is None or p in layer.presentations
                for p in network.presentations
            ]
            full = months_at(layer, 0) * starts_full(layer)
            self.stock[:, rank, c] = mean[:, c] * full * self._holds[:, rank, c, None]
        self._settled = [_settled_from(layer) for layer in self.layers]
        self.extra = np.array(
            [(rank, c) for (rank, c), y in zip(self.places, self.layers, strict=True) if y.is_extra]
        ).reshape(-1, 2)

    def begin(self, t: int, mean: Array, need: Array) -> None:
        """Lose what is too old, set targets and wishes, release what lies over; lowers `need`.

        Parameters
        ----------
        mean : mean monthly demand of the year, shape (n_presentations, n_countries, n_draws)
        need : demand of the month, same shape; changed in place
        """
        for place, layer, settled in zip(self.places, self.layers, self._settled, strict=True):
            if t <= settled:  # after it the target in months of demand stays as it is
                full = months_at(layer, t)
                self._factor[place] = full * filled_share(layer, t)
                self._limit[place] = full / row(layer.refill_months)
        state = (
            self.stock, self.expired, self.target, self.wish,
            self.put_in, self.drawn, self.released,
        )  # fmt: skip
        flow_kernel.begin_layers(
            state, self._factor, self._limit, self._loss, self._holds, mean, need
        )

    def wanted(self) -> Array:
        """Orders to fill all layers, DDD, shape (n_presentations, n_countries, n_draws)."""
        total: Array = np.zeros((self.wish.shape[0], *self.wish.shape[2:]))
        for rank in range(self.n_ranks):
            total += self.wish[:, rank]
        return total

    def wanted_extra(self, country: int) -> Array:
        """Orders to fill the extra layers of a country, shape (n_presentations, n_draws)."""
        total: Array = np.zeros((self.wish.shape[0], self.wish.shape[3]))
        for rank, c in self.extra:
            if c == country:
                total += self.wish[:, rank, c]
        return total

    def settle(self, delivered: Array, from_bulk: Array, need: Array, demand: Array) -> Array:
        """Meet need from what arrives, fill the layers in order, and draw on them for the rest.

        Parameters
        ----------
        delivered : shape (n_presentations, n_sources, n_countries, n_draws)
        from_bulk, need, demand : shape (n_presentations, n_countries, n_draws)

        Returns
        -------
        what is missing after that, shape of ``need``
        """
        short = np.empty(need.shape)
        flow_kernel.settle(
            delivered, from_bulk, need, demand,
            self.stock, self.wish, self.put_in, self.drawn, short,
        )  # fmt: skip
        return short

    def by_layer(self, amount: Array) -> Array:
        """An array of the state, per layer of the network: shape (n_layers, P, n_draws)."""
        if not self.places:
            return np.zeros((0, self.stock.shape[0], self.stock.shape[3]))
        return np.stack([amount[:, rank, c] for rank, c in self.places])
