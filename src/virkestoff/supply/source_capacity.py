"""Ordinary shares and capacity of the sources, month by month, with draws last."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from virkestoff.supply.allocation import over_countries, summed
from virkestoff.supply.disruption import by_draw, row
from virkestoff.supply.monthly_demand import DemandFactors
from virkestoff.supply.network import Network, Source

__all__ = ["SourcePlan", "open_share"]

Array = npt.NDArray[np.float64]


def open_share(source: Source, t: int) -> Array:
    """Mean share of month `t` to which the source is built up, shape (n_draws,) or (1,).

    Output rises linearly from 0 at ``start_month`` over ``ramp_months``; it ends at ``end_month``.
    """
    start, ramp, end = row(source.start_month), row(source.ramp_months), row(source.end_month)

    def built(at: Array) -> Array:
        """Integral of the rise up to `at` months after the start."""
        since = np.maximum(at, 0.0)
        rising = np.minimum(since, ramp)
        part = np.divide(rising * rising, 2.0 * ramp, out=np.zeros_like(rising), where=ramp > 0.0)
        return np.asarray(part + (since - rising))

    start, ramp = np.broadcast_arrays(start, ramp)
    # Exactly 1 from then on: a difference of integrals would be rounded otherwise every month.
    built_up = np.where(t >= start + ramp, 1.0, built(t + 1 - start) - built(t - start))
    return np.asarray(built_up * np.clip(end - t, 0.0, 1.0))


def _moving(source: Source, n_months: int) -> npt.NDArray[np.bool_]:
    """The months in which ``open_share`` may differ from the month before, (n_months,)."""
    months = np.arange(n_months)
    start, ramp, end = row(source.start_month), row(source.ramp_months), row(source.end_month)
    starts, ramps = np.broadcast_arrays(start, ramp)
    opens = starts < n_months  # those that open later are closed in every month
    moving = np.zeros(n_months, dtype=bool)
    if opens.any():
        first, last = starts[opens].min(), (starts + ramps)[opens].max()
        moving |= (months > first - 2.0) & (months < last + 2.0)
    ends = end[end < n_months]
    if ends.size:
        moving |= (months > ends.min() - 2.0) & (months < ends.max() + 2.0)
    return moving


class SourcePlan:
    """What the sources are asked for and can do in ordinary months.

    Entrants take their shares as they open; the shares of the others fill the rest, in proportion
    to share x open.

    Attributes
    ----------
    shares : of the month, shape (n_presentations, n_sources, n_countries, n_draws)
    reach, claim_places, claim_share : see ``allocation.Terms``
    """

    def __init__(
        self, network: Network, factors: DemandFactors, output: Mapping[str, Array]
    ) -> None:
        self.sources, self.factors = network.sources, factors
        places = [(p, c) for p in network.presentations for c in network.countries]
        shape = (len(network.presentations), len(network.countries))
        self.standing: list[Array] = []
        reach: list[Array] = []
        self.output = [output[source.node] for source in network.sources]
        for source in network.sources:
            given = [row(network.share(c, source.name, p)) for p, c in places]
            shares = np.broadcast_arrays(*given)
            self.standing.append(np.stack(shares).reshape(*shape, -1))
            makes = [source.presentations is None or p in source.presentations for p, _ in places]
            goes = [source.serves is None or c in source.serves for _, c in places]
            reach.append((np.array(makes) & np.array(goes)).astype(np.float64).reshape(shape))
        self.reach = np.stack(reach, axis=1)
        claims = [
            (s, network.countries.index(country), row(share))
            for s, source in enumerate(network.sources)
            for country, share in source.claims.items()
        ]
        self.claim_places = np.array([c[:2] for c in claims], dtype=np.int64).reshape(-1, 2)
        self.claim_share = by_draw([c[2] for c in claims], factors.yearly.shape[3])
        self.capacities = [
            [(p, row(source.capacity[name])) for p, name in enumerate(network.presentations)
             if name in source.capacity]
            for source in network.sources
        ]  # fmt: skip
        n_months = 12 * factors.yearly.shape[0]
        self._moves = np.any([_moving(source, n_months) for source in self.sources], axis=0)
        self._surges = [bool(row(source.surge).any()) for source in self.sources]
        self._year = -1
        self._open: list[Array] = []
        self.shares = np.zeros((shape[0], len(self.sources), shape[1], factors.yearly.shape[3]))
        self._flow: list[Array] = []

    def advance(self, t: int) -> None:
        """Go to month `t`, the month after the last; what has not changed is kept."""
        year = t // 12
        is_changed = not self._open or bool(self._moves[t])
        if is_changed:
            self._open = [open_share(source, t) for source in self.sources]
            self._set_shares()
        if is_changed or year != self._year:
            yearly = self.factors.yearly[year]
            self._flow = [
                over_countries(yearly * self.shares[:, s]) for s in range(len(self.sources))
            ]
        self._year = year

    def _set_shares(self) -> None:
        weights = [
            share * is_open for share, is_open in zip(self.standing, self._open, strict=True)
        ]
        old = [w for w, s in zip(weights, self.sources, strict=True) if not s.is_entrant]
        new = [w for w, s in zip(weights, self.sources, strict=True) if s.is_entrant]
        rest = 1.0 - summed(np.broadcast_arrays(*new)) if new else np.ones(())
        total = summed(np.broadcast_arrays(*old)) if old else np.zeros(())
        scale = np.divide(
            rest, total, out=np.zeros(np.broadcast_shapes(rest.shape, total.shape)),
            where=total > 0.0,
        )  # fmt: skip
        for k, (weight, source) in enumerate(zip(weights, self.sources, strict=True)):
            self.shares[:, k] = weight if source.is_entrant else weight * scale

    def capacity(self, t: int, unmet_months: Array) -> Array:
        """DDD that each source can deliver in month `t`, (n_presentations, n_sources, n_draws).

        Parameters
        ----------
        unmet_months : months in a row with unmet orders, shape (n_presentations, n_draws)
        """
        season = self.factors.season[t % 12][:, None]
        n_presentations, n_draws = unmet_months.shape
        capacity = np.empty((n_presentations, len(self.sources), n_draws))
        for s, source in enumerate(self.sources):
            surge = np.zeros((n_presentations, 1))
            if self._surges[s]:
                surge = row(source.surge) * (
                    (unmet_months > 0.0) & (unmet_months >= row(source.surge_after_months))
                )
            can = capacity[:, s]
            np.multiply(self._flow[s], season, out=can)
            can *= 1.0 + row(source.spare) + surge
            for p, stated in self.capacities[s]:
                can[p] = stated * self._open[s] * (1.0 + surge[p])
            can *= self.output[s][t]
        return capacity
