"""What happens to one draw, in plain loops: demand, failures, output of nodes, opening of sources.

The half of the slow twin (``supply.flow_readable``) that does not depend on orders.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from virkestoff.supply.disruption import CHUNK
from virkestoff.supply.monthly_demand import Demand
from virkestoff.supply.network import Amount, Network, Node, Noise, Source

__all__ = ["DrawnWorld"]

Array = npt.NDArray[np.float64]


class DrawnWorld:
    """One draw of everything that is drawn."""

    def __init__(self, network: Network, demand: Demand, noise: Noise, draw: int) -> None:
        self.net, self.dem, self.noise, self.draw = network, demand, noise, draw
        self.n_months = 12 * demand.n_years
        self.outputs: dict[str, list[float]] = {}
        for node in network.nodes:
            self.output_of(node.name)
        self.shocks = {shock.name: self.shock_sizes(shock.name) for shock in demand.shocks}

    def uniforms(self, purpose: str, *shape: int) -> Array:
        """The noise of this draw."""
        return np.asarray(self.noise(purpose, *shape)[self.draw])

    def at(self, amount: Amount, t: int = 0) -> float:
        """The value of an amount in this draw (and month, if it is dated)."""
        array = np.asarray(amount, dtype=np.float64)
        if array.ndim == 0:
            return float(array)
        values = array[self.draw if array.shape[0] > 1 else 0]
        if array.ndim == 1:
            return float(values)
        return float(values[t] if values.size > 1 else values[0])

    def mean(self, p: str, c: str, t: int) -> float:
        """Mean monthly demand of the year of month `t`."""
        level = self.dem.yearly[c][p]
        return float(level[self.draw if level.shape[0] > 1 else 0, t // 12]) / 12

    def ordinary(self, p: str, c: str, t: int) -> float:
        """Demand of month `t` without shocks."""
        season = self.dem.season.get(p)
        return self.mean(p, c, t) * (12 * season[t % 12] if season else 1.0)

    def shock_sizes(self, name: str) -> list[float]:
        """Size of the shock that begins in each year, 0 where none does."""
        shock = next(s for s in self.dem.shocks if s.name == name)
        low, high = self.at(shock.low), self.at(shock.high)
        return [
            low + size * (high - low) if comes < self.at(shock.probability) else 0.0
            for comes, size in self.uniforms(f"supply.shock.{name}", self.dem.n_years, 2)
        ]

    def demand(self, p: str, c: str, t: int) -> float:
        """Demand of month `t`."""
        amount = self.ordinary(p, c, t)
        for shock in self.dem.shocks:
            if p not in (shock.presentations or (p,)) or c not in (shock.countries or (c,)):
                continue
            for year, size in enumerate(self.shocks[shock.name]):
                first = 12 * year + shock.first_month
                if first <= t < first + shock.months:
                    amount *= 1.0 + size
        return amount

    def duration(self, node: Node, uniform: float) -> float:
        """How long a failure lasts."""
        mean = self.at(node.mean_months)
        if node.log_spread is None:
            return -mean * math.log(uniform)
        spread = self.at(node.log_spread)
        return mean * math.exp(spread * NormalDist().inv_cdf(uniform) - spread * spread / 2)

    def failures(self, node: Node) -> list[tuple[float, float]]:
        """Beginning and end of each failure, in months."""
        rate = self.at(node.failures_per_year) / 12
        found: list[tuple[float, float]] = []
        if rate <= 0:
            return found
        is_down, length, left = self.uniforms(f"supply.node.{node.name}.start", 3)
        clock, mean = 0.0, self.at(node.mean_months)
        if is_down < rate * mean / (1 + rate * mean):
            clock = self.duration(node, length)
            if node.log_spread is not None:
                clock *= math.exp(self.at(node.log_spread) ** 2) * left
            found.append((0.0, clock))
        chunk = 0
        while clock < self.n_months:
            for up, down in self.uniforms(f"supply.node.{node.name}.{chunk}", CHUNK, 2):
                begin = clock - math.log(up) / rate
                clock = begin + self.duration(node, down)
                found.append((begin, clock))
            chunk += 1
        return found

    def own(self, node: Node) -> list[float]:
        """What own failures and outages leave of each month's output."""
        failures = self.failures(node)
        shares = []
        for t in range(self.n_months):
            down = sum(max(0.0, min(t + 1, end) - max(t, begin)) for begin, end in failures)
            share = 1 - self.at(node.lost_share) * down
            for outage in self.net.outages:
                if outage.node == node.name:
                    first, months = self.at(outage.first_month), self.at(outage.months)
                    lost = max(0.0, min(t + 1, first + months) - max(t, first))
                    share *= 1 - self.at(outage.lost_share) * lost
            shares.append(share)
        return shares

    def output_of(self, name: str) -> list[float]:
        """Output share of a node in each month."""
        if name in self.outputs:
            return self.outputs[name]
        node = next(n for n in self.net.nodes if n.name == name)
        own = self.own(node)
        stocks = [self.at(entry.stock_months) for entry in node.inputs]
        shares = []
        for t in range(self.n_months):
            arrives = [
                sum(self.at(share) * self.output_of(n)[t] for n, share in entry.nodes.items())
                for entry in node.inputs
            ]
            made = min([own[t], *(min(1, a) + s for a, s in zip(arrives, stocks, strict=True))])
            for k, entry in enumerate(node.inputs):
                drawn = max(0.0, made - min(1, arrives[k]))
                refill = self.at(entry.refill_per_month)
                left = max(0.0, arrives[k] * (1 + refill) - made)
                room = self.at(entry.stock_months) - (stocks[k] - drawn)
                stocks[k] += min(left, refill, room) - drawn
            shares.append(made)
        self.outputs[name] = shares
        return shares

    def open(self, source: Source, t: int) -> float:
        """Mean share of month `t` to which the source is built up."""
        start, ramp = self.at(source.start_month), self.at(source.ramp_months)
        bends = {x for x in (start, start + ramp) if t < x < t + 1}
        points = sorted({float(t), float(t + 1), *bends})

        def built(x: float) -> float:
            return 0.0 if x < start else 1.0 if x >= start + ramp else (x - start) / ramp

        area = 0.0
        for left, right in zip(points, points[1:], strict=False):
            area += (right - left) * built((left + right) / 2)  # linear between the points
        return area * max(0.0, min(1.0, self.at(source.end_month) - t))
