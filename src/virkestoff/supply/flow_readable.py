"""The supply simulation again, slow and plain: one draw, one month, one name at a time.

It says what ``supply.flow`` computes in the words of the model and shares no arithmetic with it;
tests hold the two against each other. Follow it when a figure of the fast one is in doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from virkestoff.supply.flow_result import Rules
from virkestoff.supply.monthly_demand import Demand
from virkestoff.supply.network import BulkStock, Network, Noise, Source, StockLayer
from virkestoff.supply.world_readable import DrawnWorld

__all__ = ["simulate_one"]

Flow = dict[tuple[str, ...], float]
DUST = 1e-12


def simulate_one(
    network: Network, demand: Demand, noise: Noise, draw: int, rules: Rules
) -> dict[str, Flow]:
    """Results of one draw: name of the result -> (year, names ...) -> amount.

    Names of results are those of ``SupplyResult``; all countries are reported.
    """
    return _Draw(network, demand, noise, draw, rules).run()


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


class _Draw(DrawnWorld):
    def __init__(
        self, network: Network, demand: Demand, noise: Noise, draw: int, rules: Rules
    ) -> None:
        super().__init__(network, demand, noise, draw)
        self.rules = rules
        self.pairs = [(p, c) for p in network.presentations for c in network.countries]
        self.out: dict[str, Flow] = defaultdict(lambda: defaultdict(float))
        self.bans_drawn = {
            ban.country: self.uniforms(f"supply.export_ban.{ban.country}", demand.n_years)
            for ban in network.bans
        }
        self.stock: Flow = defaultdict(float)
        for layer in network.layers:
            for p in self.held(layer):
                if self.at(layer.first_month) <= 0 and self.at(layer.build_up_months) <= 0:
                    mean = self.mean(p, layer.country, 0)
                    self.stock[layer.name, p] = mean * self.at(layer.months, 0)
        self.substance: dict[str, float] = {}
        self.ready: Flow = defaultdict(float)
        self.under_way: dict[tuple[str, str, int], float] = defaultdict(float)
        for bulk in network.bulk:
            full = self.at(bulk.first_month) <= 0 and self.at(bulk.build_up_months) <= 0
            mean = sum(self.mean(p, bulk.country, 0) for p in bulk.presentations)
            self.substance[bulk.name] = mean * self.at(bulk.months, 0) if full else 0.0
        self.missing_share: Flow = defaultdict(float)
        self.unmet_months: dict[str, int] = defaultdict(int)
        self.ban: dict[tuple[str, str], bool] = defaultdict(bool)
        self.cause: dict[tuple[str, str], bool] = defaultdict(bool)
        self.was_short: dict[tuple[str, str, str], bool] = defaultdict(bool)

    # ---- sources

    def share(self, source: Source, p: str, c: str, t: int) -> float:
        """Share of the country's orders that the source gets in month `t`."""

        def weight(other: Source) -> float:
            return self.at(self.net.share(c, other.name, p)) * self.open(other, t)

        if source.is_entrant:
            return weight(source)
        rest = 1 - sum(weight(s) for s in self.net.sources if s.is_entrant)
        return rest * _ratio(
            weight(source), sum(weight(s) for s in self.net.sources if not s.is_entrant)
        )

    def capacity(self, source: Source, p: str, shares: Flow, t: int) -> float:
        """DDD that the source can deliver in month `t`."""
        unmet = self.unmet_months[p]
        surge = 0.0
        if unmet > 0 and unmet >= self.at(source.surge_after_months):
            surge = self.at(source.surge)
        if p in source.capacity:
            full = self.at(source.capacity[p]) * self.open(source, t) * (1 + surge)
        else:
            orders = sum(
                self.ordinary(p, c, t) * shares[source.name, p, c] for c in self.net.countries
            )
            full = orders * (1 + self.at(source.spare) + surge)
        return full * self.outputs[source.node][t]

    def may(self, source: Source, p: str, c: str) -> bool:
        """Whether no export ban stands between source and country."""
        if not self.ban[source.country, p] or c == source.country:
            return True
        ban = next(b for b in self.net.bans if b.country == source.country)
        return c in ban.area or (c in source.claims and ban.allows_claims)

    def goes(self, source: Source, p: str, c: str) -> bool:
        """Whether it may deliver beyond its ordinary share."""
        makes = source.presentations is None or p in source.presentations
        return makes and (source.serves is None or c in source.serves) and self.may(source, p, c)

    def look_for_bans(self, t: int) -> None:
        """Governments decide."""
        for ban in self.net.bans:
            crisis = any(
                ban.country in crisis.countries
                and min(t + 1, self.at(crisis.first_month) + self.at(crisis.months))
                > max(t, self.at(crisis.first_month))
                for crisis in self.net.crises
            )
            for p in self.net.presentations:
                cause = crisis or self.missing_share[p, ban.country] > self.at(ban.trigger)
                key = ban.country, p
                if cause and not self.cause[key]:
                    acts = self.bans_drawn[ban.country][t // 12] < self.at(ban.probability)
                    self.ban[key] = bool(acts)
                self.ban[key] = self.ban[key] and cause
                self.cause[key] = cause

    def allocate(self, orders: Flow, shares: Flow, capacity: Flow) -> tuple[Flow, Flow, Flow]:
        """Deliveries by (source, p, c), capacity left by (source, p), unmet orders by (p, c)."""
        countries, unmet = self.net.countries, dict(orders)
        got: Flow = {}
        spare: Flow = {}
        for p in self.net.presentations:
            for s in self.net.sources:
                asked = {
                    c: orders[p, c] * shares[s.name, p, c] * self.may(s, p, c) for c in countries
                }
                total = sum(asked.values())
                met = min(1.0, _ratio(capacity[s.name, p], total)) if total > 0 else 1.0
                for c in countries:
                    got[s.name, p, c] = asked[c] * met
                    unmet[p, c] -= asked[c] * met
                spare[s.name, p] = max(0.0, capacity[s.name, p] - total)
            self.dust(unmet, orders, p)
            for s in self.net.sources:
                for c in s.claims:
                    self.honour(s, p, c, capacity[s.name, p], got, spare, unmet)
            self.dust(unmet, orders, p)
            wish = {c: unmet[p, c] * self.at(self.rules.movable_share) for c in countries}
            for (name, c), more in self.ask_around(p, wish, spare).items():
                got[name, p, c] += more
                unmet[p, c] -= more
            self.dust(unmet, orders, p)
        return got, spare, unmet

    def dust(self, unmet: Flow, orders: Flow, p: str) -> None:
        """What is unmet by rounding alone is nothing."""
        for c in self.net.countries:
            if unmet[p, c] <= DUST * orders[p, c]:
                unmet[p, c] = 0.0

    def honour(
        self, s: Source, p: str, c: str, capacity: float, got: Flow, spare: Flow, unmet: Flow
    ) -> None:
        """Give a claimant its due: from what is left, then from others beyond their claims."""
        if not self.may(s, p, c):
            return
        due = max(0.0, self.at(s.claims[c]) * capacity - got[s.name, p, c])
        wish = min(unmet[p, c], due)
        from_spare = min(wish, spare[s.name, p])
        beyond = {
            other: max(0.0, got[s.name, p, other] - self.at(s.claims.get(other, 0.0)) * capacity)
            for other in self.net.countries
            if other != c
        }
        taken = min(wish - from_spare, sum(beyond.values()))
        for other, amount in beyond.items():
            loss = amount * _ratio(taken, sum(beyond.values()))
            got[s.name, p, other] -= loss
            unmet[p, other] += loss
        got[s.name, p, c] += from_spare + taken
        unmet[p, c] -= from_spare + taken
        spare[s.name, p] -= from_spare

    def ask_around(
        self, p: str, wish: Mapping[str, float], spare: Flow
    ) -> dict[tuple[str, str], float]:
        """Once more to sources with capacity left; deliveries by (source, country)."""
        given = {}
        left = {s.name: spare[s.name, p] for s in self.net.sources}
        for s in self.net.sources:
            asked = {}
            for c in self.net.countries:
                offered = sum(left[o.name] for o in self.net.sources if self.goes(o, p, c))
                mine = left[s.name] if self.goes(s, p, c) else 0.0
                asked[c] = wish[c] * _ratio(mine, offered)
            total = sum(asked.values())
            met = min(1.0, left[s.name] / total) if total > 0 else 1.0
            for c in self.net.countries:
                given[s.name, c] = asked[c] * met
            spare[s.name, p] = left[s.name] - min(total, left[s.name])
        return given

    # ---- stocks and months

    def held(self, layer: StockLayer) -> tuple[str, ...]:
        """What a layer holds."""
        return self.net.presentations if layer.presentations is None else layer.presentations

    def filled(self, stock: StockLayer | BulkStock, t: int) -> float:
        """Share of the full target aimed at in month `t`."""
        step = max(1.0, self.at(stock.build_up_months))
        return min(1.0, max(0.0, (t + 1 - self.at(stock.first_month)) / step))

    def begin_stocks(self, t: int, need: Flow) -> tuple[Flow, Flow]:
        """Expiry, targets, release; returns wishes to fill by (layer, p) and what they sum to."""
        wish: Flow = {}
        total: Flow = dict.fromkeys(self.pairs, 0.0)
        for layer in self.net.layers:
            c = layer.country
            for p in self.held(layer):
                key = layer.name, p
                old = self.stock[key] * self.at(layer.loss_per_month)
                self.stock[key] -= old
                self.out["expired"][str(t // 12), layer.name, p] += old
                full = self.mean(p, c, t) * self.at(layer.months, t)
                gap = full * self.filled(layer, t) - self.stock[key]
                wish[key] = min(max(gap, 0.0), full / self.at(layer.refill_months))
                total[p, c] += wish[key]
                released = min(max(-gap, 0.0), need[p, c])
                self.stock[key] -= released
                need[p, c] -= released
        return wish, total

    def run(self) -> dict[str, Flow]:
        """All months."""
        for t in range(self.n_months):
            self.month(t)
        for node in self.net.nodes:
            for year in range(self.dem.n_years):
                months = self.outputs[node.name][12 * year : 12 * year + 12]
                self.out["output"][str(year), node.name] = sum(months) / 12
        return self.out

    def month(self, t: int) -> None:
        """One month, in the order of ``supply.flow``."""
        demand: Flow = {(p, c): self.demand(p, c, t) for p, c in self.pairs}
        need = dict(demand)
        wish, filling = self.begin_stocks(t, need)
        orders: Flow = {k: need[k] + filling[k] for k in self.pairs}
        from_bulk: Flow = self.finished_bulk(t, orders)
        shares: Flow = {
            (s.name, p, c): self.share(s, p, c, t) for s in self.net.sources for p, c in self.pairs
        }
        capacity: Flow = {
            (s.name, p): self.capacity(s, p, shares, t)
            for s in self.net.sources
            for p in self.net.presentations
        }
        self.look_for_bans(t)
        got, spare, unmet = self.allocate(orders, shares, capacity)
        self.count_taken(t, orders, wish, shares, capacity, got)
        before: Flow = {}
        for p, c in self.pairs:
            arrived = sum(got[s.name, p, c] for s in self.net.sources) + from_bulk[p, c]
            short = need[p, c] - min(arrived, need[p, c])
            short = short if short > DUST * demand[p, c] else 0.0
            surplus = arrived - min(arrived, need[p, c])
            for layer in self.net.layers:
                if layer.country == c and p in self.held(layer):
                    put = min(surplus, wish[layer.name, p])
                    self.stock[layer.name, p] += put
                    surplus -= put
            before[p, c] = short - self.draw_stock(p, c, short)
        missing = dict(before)
        self.substitute(t, missing, spare, got)
        self.end_bulk(t, orders, unmet)
        self.count(t, demand, before, missing, got)
        self.look(demand, before, orders, unmet)

    def draw_stock(self, p: str, c: str, wanted: float) -> float:
        """Goods out of the layers in their order."""
        left = wanted
        for layer in self.net.layers:
            if layer.country == c and p in self.held(layer):
                taken = min(left, self.stock[layer.name, p])
                self.stock[layer.name, p] -= taken
                left -= taken
        return wanted - left

    def count_taken(
        self, t: int, orders: Flow, wish: Flow, shares: Flow, capacity: Flow, got: Flow
    ) -> None:
        """What the others lose to the builder's orders for its extra layers."""
        without = dict(orders)
        for layer in self.net.layers:
            if layer.is_extra and layer.country == self.rules.builder:
                for p in self.held(layer):
                    without[p, layer.country] -= wish[layer.name, p]
        without = {key: max(0.0, amount) for key, amount in without.items()}
        other = self.allocate(without, shares, capacity)[0]
        for (s, p, c), amount in other.items():
            if c != self.rules.builder:
                self.out["taken"][str(t // 12), p, c] += amount - got[s, p, c]

    def substitute(self, t: int, missing: Flow, spare: Flow, got: Flow) -> None:
        """Ranked advice."""
        at_first = dict(missing)
        lines = sorted(enumerate(self.net.advice), key=lambda pair: pair[1].rank)
        for number, line in lines:
            allowed, wish = {}, {}
            for c in self.net.countries:
                most = self.at(line.acceptable) * at_first[line.wanted, c]
                allowed[c] = min(most, missing[line.wanted, c])
                wish[c] = allowed[c] * self.at(line.needs) * self.at(self.rules.movable_share)
            fresh = self.ask_around(line.instead, wish, spare)
            for c in self.net.countries:
                goods = allowed[c] * self.at(line.needs)
                for s in self.net.sources:
                    got[s.name, line.instead, c] += fresh[s.name, c]
                have = min(goods, sum(fresh[s.name, c] for s in self.net.sources))
                have += self.draw_stock(line.instead, c, goods - have)
                replaced = min(have / self.at(line.needs), missing[line.wanted, c])
                missing[line.wanted, c] -= replaced
                self.out["substituted"][str(t // 12), str(number), c] += replaced

    # ---- bulk

    def finished_bulk(self, t: int, orders: Flow) -> Flow:
        """Expiry of substance, arrival of packs, and what of them meets orders at once."""
        used: Flow = dict.fromkeys(self.pairs, 0.0)
        for bulk in self.net.bulk:
            old = self.substance[bulk.name] * self.at(bulk.loss_per_month)
            self.substance[bulk.name] -= old
            self.out["bulk_expired"][str(t // 12), bulk.name] += old
            for p in bulk.presentations:
                self.ready[bulk.name, p] += self.under_way.pop((bulk.name, p, t), 0.0)
                given = min(self.ready[bulk.name, p], orders[p, bulk.country])
                self.ready[bulk.name, p] -= given
                orders[p, bulk.country] -= given
                used[p, bulk.country] += given
        return used

    def end_bulk(self, t: int, orders: Flow, unmet: Flow) -> None:
        """Order packs where orders went unmet, then fill the stock of substance."""
        for bulk in self.net.bulk:
            c, name = bulk.country, bulk.name
            mean = sum(self.mean(p, c, t) for p in bulk.presentations)
            lacking = sum(unmet[p, c] for p in bulk.presentations)
            sent = 0.0
            if lacking > self.at(bulk.trigger) * sum(orders[p, c] for p in bulk.presentations):
                most = self.at(bulk.rate) * mean * self.outputs[bulk.finisher][t]
                sent = min(self.substance[name], most, lacking)
            due = t + max(1, round(self.at(bulk.lead_months)))
            for p in bulk.presentations:
                self.under_way[name, p, due] += sent * _ratio(unmet[p, c], lacking)
            self.substance[name] -= sent
            self.out["bulk_finished"][str(t // 12), name] += sent
            full = self.at(bulk.months, t) * mean
            gap = max(0.0, full * self.filled(bulk, t) - self.substance[name])
            supply = full / self.at(bulk.refill_months) * self.outputs[bulk.supplier][t]
            self.substance[name] += min(gap, supply)
            if t % 12 == 11:  # constant: the last month of a year
                self.out["bulk_end"][str(t // 12), name] = self.substance[name]

    # ---- counting

    def count(self, t: int, demand: Flow, before: Flow, missing: Flow, got: Flow) -> None:
        """Add the month to the year."""
        year = str(t // 12)
        for p, c in self.pairs:
            self.out["demand"][year, p, c] += demand[p, c]
            self.out["missing_before"][year, p, c] += before[p, c]
            self.out["missing"][year, p, c] += missing[p, c]
            for suffix, amount in (("_before", before[p, c]), ("", missing[p, c])):
                is_short = amount > self.rules.shortage_threshold * demand[p, c]
                self.out[f"shortage_months{suffix}"][year, p, c] += is_short
                begins = is_short and not self.was_short[suffix, p, c]
                self.out[f"episodes{suffix}"][year, p, c] += begins
                self.was_short[suffix, p, c] = is_short
            for s in self.net.sources:
                self.out["delivered"][year, s.name, p, c] += got[s.name, p, c]
        if t % 12 == 11:  # constant: the last month of a year
            for layer in self.net.layers:
                for p in self.held(layer):
                    self.out["stock_end"][year, layer.name, p] = self.stock[layer.name, p]

    def look(self, demand: Flow, before: Flow, orders: Flow, unmet: Flow) -> None:
        """What governments and sources react to in the next month."""
        for p in self.net.presentations:
            lacking = sum(unmet[p, c] for c in self.net.countries)
            asked = sum(orders[p, c] for c in self.net.countries)
            is_unmet = lacking > self.rules.shortage_threshold * asked
            self.unmet_months[p] = self.unmet_months[p] + 1 if is_unmet else 0
            for c in self.net.countries:
                self.missing_share[p, c] = _ratio(before[p, c], demand[p, c])
