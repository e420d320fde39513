"""Ordinary shares and capacity of the sources, month by month, with draws last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from virkestoff.supply.allocation import Claim, over_countries, summed
from virkestoff.supply.disruption import row
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
    built_up = built(t + 1 - start) - built(t - start)
    return np.asarray(built_up * np.clip(end - t, 0.0, 1.0))


class SourcePlan:
    """What the sources are asked for and can do in ordinary months.

    Entrants take their shares as they open; the shares of the others fill the rest, in proportion
    to share x open.
    """

    def __init__(
        self, network: Network, factors: DemandFactors, output: Mapping[str, Array]
    ) -> None:
        self.sources, self.factors = network.sources, factors
        places = [(p, c) for p in network.presentations for c in network.countries]
        shape = (len(network.presentations), len(network.countries), -1)
        self.standing: list[Array] = []
        self.reach: list[Array] = []
        self.output = [output[source.node] for source in network.sources]
        for source in network.sources:
            given = [row(network.share(c, source.name, p)) for p, c in places]
            shares = np.broadcast_arrays(*given)
            self.standing.append(np.stack(shares).reshape(shape))
            makes = [source.presentations is None or p in source.presentations for p, _ in places]
            goes = [source.serves is None or c in source.serves for _, c in places]
            self.reach.append((np.array(makes) & np.array(goes)).astype(np.float64).reshape(shape))
        self.claims = [
            Claim(s, network.countries.index(country), row(share))
            for s, source in enumerate(network.sources)
            for country, share in source.claims.items()
        ]
        self.capacities = [
            [(p, row(source.capacity[name])) for p, name in enumerate(network.presentations)
             if name in source.capacity]
            for source in network.sources
        ]  # fmt: skip
        self._year = -1
        self._open: list[Array] = []
        self.shares: list[Array] = []
        self._flow: list[Array] = []

    def advance(self, t: int) -> None:
        """Go to month `t`; what has not changed is kept."""
        opens = [open_share(source, t) for source in self.sources]
        year = t // 12
        is_changed = not self._open or any(
            not np.array_equal(a, b) for a, b in zip(opens, self._open, strict=True)
        )
        if is_changed:
            self._open, self.shares = opens, self._effective(opens)
        if is_changed or year != self._year:
            yearly = self.factors.yearly[year]
            self._flow = [over_countries(yearly * share) for share in self.shares]
        self._year = year

    def _effective(self, opens: Sequence[Array]) -> list[Array]:
        weights = [share * is_open for share, is_open in zip(self.standing, opens, strict=True)]
        old = [w for w, s in zip(weights, self.sources, strict=True) if not s.is_entrant]
        new = [w for w, s in zip(weights, self.sources, strict=True) if s.is_entrant]
        rest = 1.0 - summed(np.broadcast_arrays(*new)) if new else np.ones(())
        total = summed(np.broadcast_arrays(*old)) if old else np.zeros(())
        scale = np.divide(
            rest, total, out=np.zeros(np.broadcast_shapes(rest.shape, total.shape)),
            where=total > 0.0,
        )  # fmt: skip
        return [
            w if s.is_entrant else w * scale for w, s in zip(weights, self.sources, strict=True)
        ]

    def capacity(self, t: int, unmet_months: Array) -> list[Array]:
        """DDD that each source can deliver in month `t`, shape (n_presentations, n_draws).

        Parameters
        ----------
        unmet_months : months in a row with unmet orders, shape (n_presentations, n_draws)
        """
        season = self.factors.season[t % 12][:, None]
        capacities = []
        for s, source in enumerate(self.sources):
            surge = row(source.surge) * (
                (unmet_months > 0.0) & (unmet_months >= row(source.surge_after_months))
            )
            can = self._flow[s] * season * (1.0 + row(source.spare) + surge)
            for p, stated in self.capacities[s]:
                can[p] = stated * self._open[s] * (1.0 + surge[p])
            capacities.append(can * self.output[s][t])
        return capacities
