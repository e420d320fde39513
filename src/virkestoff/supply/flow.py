"""The supply chain month by month: orders, deliveries, stock, shortage, substitution.

In each month, for all draws at once:

1. goods that are too old are lost; stock above a lowered target and finished bulk meet demand
2. orders = demand left + what fills the stock layers
3. sources share the orders (``supply.allocation``), each within capacity x output of its node
4. deliveries meet demand, then fill layers; what is short comes out of the layers in their order
5. what is missing is replaced by ranked advice (``supply.substitution``)
6. substance goes to the finisher where orders went unmet; governments and sources look at the
   shortage for the next month

Inside, arrays have draws last, so that every operation runs over contiguous draws; results have
draws first. Nothing depends on the other draws of a block.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.supply.allocation import (
    Allocation,
    Terms,
    allocate,
    draws_with,
    of_draws,
    over_countries,
    over_sources,
)
from virkestoff.supply.bulk_finishing import BulkState
from virkestoff.supply.disruption import by_draw, node_outputs, overlap, row
from virkestoff.supply.flow_result import Rules, SupplyResult, Tally
from virkestoff.supply.monthly_demand import Demand, demand_factors
from virkestoff.supply.network import Network, Noise
from virkestoff.supply.network_checks import check_network
from virkestoff.supply.source_capacity import SourcePlan
from virkestoff.supply.stock_layers import LayerStocks
from virkestoff.supply.substitution import Substitution

__all__ = ["simulate"]

Array = npt.NDArray[np.float64]


def simulate(
    network: Network,
    demand: Demand,
    noise: Noise,
    n_draws: int,
    rules: Rules,
    keeps_months: bool = False,
) -> SupplyResult:
    """Run the network through all months of the years that the demand covers.

    Parameters
    ----------
    noise : uniforms by purpose, ``noise(purpose, *shape)`` of shape (n_draws, *shape)
    n_draws : draws of the block; every array amount has as many rows, or one
    keeps_months : keep monthly arrays too (for checks; they are large)

    Raises
    ------
    InputError
        lists everything that is wrong with the network, the demand or the rules.
    """
    check_network(network, demand, rules, n_draws)
    run = _Run(network, demand, noise, n_draws, rules, keeps_months)
    for t in range(12 * demand.n_years):
        run.month(t)
    return run.tally.result()


class _Bans:
    """Which countries keep their sources for themselves, and how likely each event is.

    Noise: ``supply.export_ban.<country>``, shape (n_draws, n_years): how the government acts on
    events that begin in that year.
    """

    def __init__(self, network: Network, noise: Noise, n_draws: int, n_months: int) -> None:
        self.network = network
        n_presentations = len(network.presentations)
        self._free = np.ones((n_presentations, len(network.sources), len(network.countries), 1))
        self.is_cause = [np.zeros((n_presentations, n_draws), dtype=bool) for _ in network.bans]
        self.is_on = [np.zeros((n_presentations, n_draws), dtype=bool) for _ in network.bans]
        self._drawn = [
            noise(f"supply.export_ban.{ban.country}", n_months // 12).T for ban in network.bans
        ]
        self._crisis = []
        for ban in network.bans:
            shape = np.zeros((n_months, n_draws))
            for crisis in network.crises:
                if ban.country in crisis.countries:
                    shape += overlap(row(crisis.first_month), row(crisis.months), n_months)
            self._crisis.append(shape > 0.0)

    def advance(self, t: int, missing_share: Array) -> None:
        """Look at the shortage of the month before, shape (P, C, n_draws)."""
        for k, ban in enumerate(self.network.bans):
            cause = np.broadcast_to(self._crisis[k][t], self.is_cause[k].shape)
            if ban.country in self.network.countries:
                home = self.network.countries.index(ban.country)
                cause = cause | (missing_share[:, home] > row(ban.trigger))
            acts = self._drawn[k][t // 12] < row(ban.probability)
            begins = cause & ~self.is_cause[k]
            self.is_on[k] = cause & np.where(begins, acts, self.is_on[k])
            self.is_cause[k] = cause

    def allowed(self) -> Array:
        """1 where a source may deliver, else 0, shape (P, S, C, n_draws or 1 without bans)."""
        may = self._free
        for k, ban in enumerate(self.network.bans):
            if not self.is_on[k].any():
                continue
            for s, source in enumerate(self.network.sources):
                if ban.country == source.country:
                    if may is self._free:
                        may = np.repeat(self._free, self.is_on[k].shape[1], axis=3)
                    claims = tuple(source.claims) if ban.allows_claims else ()
                    within = (ban.country, *ban.area, *claims)
                    for c, country in enumerate(self.network.countries):
                        if country not in within:
                            may[:, s, c] = ~self.is_on[k]
        return may


class _Run:
    """The state of one block between months."""

    def __init__(
        self,
        network: Network,
        demand: Demand,
        noise: Noise,
        n_draws: int,
        rules: Rules,
        keeps_months: bool,
    ) -> None:
        n_months = 12 * demand.n_years
        self.network, self.rules = network, rules
        self.factors = demand_factors(network, demand, noise, n_draws)
        output = node_outputs(network, noise, n_draws, n_months)
        self.plan = SourcePlan(network, self.factors, output)
        mean = self.factors.yearly[0] / 12.0
        self.stocks = LayerStocks(network, mean)
        self.bulk = [
            BulkState(b, network, mean, output[b.supplier], output[b.finisher])
            for b in network.bulk
        ]
        self.bans = _Bans(network, noise, n_draws, n_months)
        self.advice = Substitution(network, n_draws)
        self.movable = by_draw([rules.movable_share], n_draws)[0]
        self.missing_share = np.zeros(mean.shape)
        self.unmet_months = np.zeros((mean.shape[0], n_draws))
        self.builder = -1 if rules.builder is None else network.countries.index(rules.builder)
        self.tally = Tally(network, rules, demand.n_years, n_draws, output, keeps_months)

    def month(self, t: int) -> None:
        """One month."""
        demand = self.factors.month(t)
        mean = self.factors.yearly[t // 12] / 12.0
        need = demand.copy()
        self.stocks.begin(t, mean, need)
        wish = self.stocks.wanted()
        orders = need + wish
        for bulk in self.bulk:
            bulk.begin(t)
            bulk.hand_over(orders)
        from_bulk = need + wish - orders
        self.plan.advance(t)
        self.bans.advance(t, self.missing_share)
        plan = self.plan
        terms = Terms(
            plan.shares, plan.capacity(t, self.unmet_months), self.bans.allowed(), plan.reach,
            plan.claim_places, plan.claim_share, self.movable,
        )  # fmt: skip
        got = allocate(orders, terms)
        taken = self._taken(orders, terms, got)
        short = self.stocks.settle(got.delivered, from_bulk, need, demand)
        before = short.copy()
        replaced = self.advice.replace(short, got, terms, self.stocks)
        for bulk in self.bulk:
            bulk.end(t, mean, orders, got.unmet)
        self._look(demand, before, orders, got.unmet)
        self.tally.add(
            t,
            {"demand": demand, "missing_before": before, "missing": short, "taken": taken},
            replaced,
            got.delivered.swapaxes(0, 1),
            self.stocks,
            self.bulk,
            {"capacity": terms.capacity.swapaxes(0, 1), "orders": orders, "from_bulk": from_bulk},
        )

    def _taken(self, orders: Array, terms: Terms, got: Allocation) -> Array | None:
        """What others would have had more, had the builder not ordered for its extra stocks."""
        if self.builder < 0:
            return None
        fill = self.stocks.wanted_extra(self.builder)
        # Where all orders were met, nobody can have lost anything.
        draws = draws_with(fill.any(axis=0) * got.unmet)
        if not draws.size:
            return None
        without = orders.take(draws, axis=-1)
        without[:, self.builder] = np.maximum(
            without[:, self.builder] - of_draws(fill, draws), 0.0
        )
        other = allocate(without, terms.of(draws))
        loss = np.zeros_like(orders)
        had = over_sources(of_draws(got.delivered, draws))
        loss[..., draws] = over_sources(other.delivered) - had
        loss[:, self.builder] = 0.0
        return loss

    def _look(self, demand: Array, before: Array, orders: Array, unmet: Array) -> None:
        """Remember what governments and sources react to in the next month."""
        self.missing_share = np.divide(
            before, demand, out=np.zeros_like(demand), where=demand > 0.0
        )
        is_unmet = over_countries(unmet) > self.rules.shortage_threshold * over_countries(orders)
        self.unmet_months = np.where(is_unmet, self.unmet_months + 1.0, 0.0)

