"""What is wrong with a network, its demand and the rules: every fault, by name, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import numpy as np

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.supply.flow_result import Rules
from virkestoff.supply.monthly_demand import Demand
from virkestoff.supply.network import Amount, BulkStock, Network, Source, StockLayer

__all__ = ["check_network"]

TOLERANCE = 1e-9


class _Checks(FaultCollector):
    """Fault collector that knows how many draws and months there are."""

    n_draws: int = 1
    n_months: int = 0

    def amount(
        self,
        where: str,
        amount: Amount,
        least: float = 0.0,
        most: float = float("inf"),
        may_be_infinite: bool = False,
        is_dated: bool = False,
    ) -> None:
        """Shape, numbers and bounds of one amount."""
        array = np.asarray(amount, dtype=np.float64)
        shapes = {(), (1,), (1, 1), (self.n_draws, 1)}
        if is_dated:
            shapes |= {(1, self.n_months), (self.n_draws, self.n_months)}
        if array.shape not in shapes:
            wanted = f"a number or shape ({self.n_draws}, 1)"
            if is_dated:
                wanted += f" or ({self.n_draws}, {self.n_months})"
            self.add(where, f"has shape {array.shape}", why=f"needs {wanted}")
            return
        if np.isnan(array).any() or (np.isinf(array).any() and not may_be_infinite):
            self.add(where, "holds a value that is not a number")
            return
        if array.size and array.min() < least:
            kind = "negative" if least == 0.0 else f"below {least:g}"
            self.add(where, f"{array.min():g} is {kind}", next_step="Correct the value")
        if array.size and array.max() > most:
            self.add(where, f"{array.max():g} is over {most:g}", next_step="Correct the value")

    def known(self, where: str, name: str, names: Collection[str], kind: str) -> bool:
        """Whether a name is known; else a fault."""
        if name in names:
            return True
        self.add(where, f"{kind} '{name}' is not known", next_step=suggest(name, names))
        return False

    def unique(self, kind: str, names: Iterable[str]) -> None:
        """Each name once."""
        for name, count in Counter(names).items():
            if count > 1:
                self.add(f"{kind} '{name}'", f"is given {count} times")


def check_network(network: Network, demand: Demand, rules: Rules, n_draws: int) -> None:
    """Raise one error that lists all faults.

    Raises
    ------
    InputError
        for unknown or doubled names, a cycle among nodes (named), shares that do not sum to 1,
        a country that no source serves, probabilities and shares outside 0 to 1, negative rates,
        wrong shapes.
    """
    checks = _Checks()
    checks.n_draws, checks.n_months = n_draws, 12 * demand.n_years
    for kind, names in (
        ("presentation", network.presentations),
        ("country", network.countries),
        ("node", [node.name for node in network.nodes]),
        ("source", [source.name for source in network.sources]),
        ("stock layer", [layer.name for layer in network.layers]),
        ("bulk stock", [bulk.name for bulk in network.bulk]),
        ("export ban of", [ban.country for ban in network.bans]),
        ("shock", [shock.name for shock in demand.shocks]),
    ):
        checks.unique(kind, names)
    _nodes(network, checks)
    _outages_and_bans(network, checks)
    for source in network.sources:
        _source(source, network, checks)
    _claims(network, checks)
    _shares(network, checks)
    _stocks(network, checks)
    _advice(network, checks)
    _demand(network, demand, checks)
    _rules(network, rules, checks)
    checks.raise_if_any(InputError)


def _nodes(network: Network, checks: _Checks) -> None:
    names = [node.name for node in network.nodes]
    for node in network.nodes:
        where = f"node '{node.name}'"
        checks.amount(f"{where}: failures_per_year", node.failures_per_year)
        checks.amount(f"{where}: mean_months", node.mean_months)
        checks.amount(f"{where}: lost_share", node.lost_share, most=1.0)
        if node.log_spread is not None:
            checks.amount(f"{where}: log_spread", node.log_spread)
        for entry in node.inputs:
            checks.amount(f"{where}: stock_months", entry.stock_months)
            checks.amount(f"{where}: refill_per_month", entry.refill_per_month)
            if not entry.nodes:
                checks.add(where, "has an input without a node")
            for name, share in entry.nodes.items():
                checks.known(f"{where}: inputs", name, names, "node")
                checks.amount(f"{where}: share of '{name}'", share)
            # In every draw: the shares of one draw belong together.
            whole = sum((np.asarray(share, dtype=np.float64) for share in entry.nodes.values()),
                        np.zeros(()))  # fmt: skip
            total = float(whole.min())
            if entry.nodes and total < 1.0 - TOLERANCE:
                checks.add(
                    f"{where}: input from {', '.join(entry.nodes)}",
                    f"shares sum to {total:g}",
                    why="below 1 the node could never give its full output",
                )
    cycle = _cycle({n.name: [m for entry in n.inputs for m in entry.nodes] for n in network.nodes})
    if cycle:
        checks.add("bill of materials", f"goes in a circle: {' -> '.join(cycle)}")


def _cycle(upstream: dict[str, list[str]]) -> list[str]:
    """The first circle found, its first name repeated at the end; empty if there is none."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in upstream.get(name, []):
            found = follow(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in upstream if (found := follow(name, []))), [])


def _outages_and_bans(network: Network, checks: _Checks) -> None:
    names = [node.name for node in network.nodes]
    for outage in network.outages:
        where = f"outage of '{outage.node}'"
        checks.known(where, outage.node, names, "node")
        checks.amount(f"{where}: first_month", outage.first_month)
        checks.amount(f"{where}: months", outage.months)
        checks.amount(f"{where}: lost_share", outage.lost_share, most=1.0)
    homes = {source.country for source in network.sources}
    for ban in network.bans:
        where = f"export ban of '{ban.country}'"
        checks.amount(f"{where}: probability", ban.probability, most=1.0)
        checks.amount(f"{where}: trigger", ban.trigger, most=1.0)
        for name in ban.area:
            checks.known(f"{where}: area", name, network.countries, "country")
        if ban.country not in homes:
            checks.add(where, "no source lies there", next_step=suggest(ban.country, homes))
    for crisis in network.crises:
        checks.amount("crisis: first_month", crisis.first_month)
        checks.amount("crisis: months", crisis.months)
        for country in crisis.countries:
            checks.known("crisis", country, homes | set(network.countries), "country")


def _source(source: Source, network: Network, checks: _Checks) -> None:
    where = f"source '{source.name}'"
    checks.known(where, source.node, [node.name for node in network.nodes], "node")
    for name in (*(source.presentations or ()), *source.capacity):
        checks.known(where, name, network.presentations, "presentation")
    for name in (*(source.serves or ()), *source.claims):
        checks.known(where, name, network.countries, "country")
    for name, amount in source.capacity.items():
        checks.amount(f"{where}: capacity of '{name}'", amount)
    for field in ("spare", "surge", "surge_after_months", "start_month", "ramp_months"):
        checks.amount(f"{where}: {field}", getattr(source, field))
    checks.amount(f"{where}: end_month", source.end_month, may_be_infinite=True)
    has_orders = any(
        np.asarray(network.share(c, source.name, p)).max(initial=0.0) > 0.0
        for c in network.countries
        for p in network.presentations
    )
    if not has_orders and not source.capacity:
        checks.add(
            where,
            "can never deliver",
            why="it has neither ordinary shares nor a stated capacity",
            next_step="Give capacity per presentation",
        )


def _claims(network: Network, checks: _Checks) -> None:
    for source in network.sources:
        for country, share in source.claims.items():
            checks.amount(f"source '{source.name}': claim of '{country}'", share, most=1.0)
        total = sum(np.asarray(s, dtype=np.float64).max() for s in source.claims.values())
        if total > 1.0 + TOLERANCE:
            checks.add(f"source '{source.name}': claims", f"sum to {total:g}, over 1")


def _shares(network: Network, checks: _Checks) -> None:
    sources = {source.name: source for source in network.sources}
    for country, by_source in network.shares.items():
        where = f"shares of '{country}'"
        checks.known(where, country, network.countries, "country")
        for name, given in by_source.items():
            checks.known(where, name, sources, "source")
            for presentation, share in (
                given.items() if not isinstance(given, (float, int, np.ndarray)) else [("", given)]
            ):
                if presentation:
                    checks.known(where, presentation, network.presentations, "presentation")
                checks.amount(f"{where} in '{name}'", share, most=1.0)
    for country in network.countries:
        if not network.shares.get(country):
            checks.add(f"country '{country}'", "no source serves it", why="it has no shares")
            continue
        for presentation in network.presentations:
            _share_sums(country, presentation, network, checks)


def _share_sums(country: str, presentation: str, network: Network, checks: _Checks) -> None:
    where = f"shares of '{country}' for '{presentation}'"
    standing, entrant = np.zeros((1, 1)), np.zeros((1, 1))
    for source in network.sources:
        share = np.asarray(network.share(country, source.name, presentation), dtype=np.float64)
        share = share.reshape(-1, 1)
        makes = source.presentations is None or presentation in source.presentations
        if not makes and share.max() > 0.0:
            checks.add(where, f"source '{source.name}' does not make it")
        if share.shape[0] not in (1, checks.n_draws):
            return  # reported with the amounts
        if source.is_entrant:
            entrant = entrant + share
        else:
            standing = standing + share
    if np.abs(standing - 1.0).max() > TOLERANCE:
        worst = standing.flat[np.abs(standing - 1.0).argmax()]
        checks.add(where, f"sum to {worst:g}, not 1", why="entrants are not counted here")
    if entrant.max() > 1.0 + TOLERANCE:
        checks.add(where, f"entrants' shares sum to {entrant.max():g}, over 1")


def _stocks(network: Network, checks: _Checks) -> None:
    names = [node.name for node in network.nodes]
    stocks: tuple[StockLayer | BulkStock, ...] = (*network.layers, *network.bulk)
    for stock in stocks:
        where = f"stock '{stock.name}'"
        checks.known(where, stock.country, network.countries, "country")
        for presentation in stock.presentations or ():
            checks.known(where, presentation, network.presentations, "presentation")
        checks.amount(f"{where}: months", stock.months, is_dated=True)
        checks.amount(f"{where}: first_month", stock.first_month)
        checks.amount(f"{where}: build_up_months", stock.build_up_months)
        checks.amount(f"{where}: refill_months", stock.refill_months, least=1.0)
        checks.amount(f"{where}: loss_per_month", stock.loss_per_month, most=1.0)
    for bulk in network.bulk:
        where = f"stock '{bulk.name}'"
        checks.known(where, bulk.supplier, names, "node")
        checks.known(where, bulk.finisher, names, "node")
        checks.amount(f"{where}: lead_months", bulk.lead_months)
        checks.amount(f"{where}: rate", bulk.rate)
        checks.amount(f"{where}: trigger", bulk.trigger, most=1.0)


def _advice(network: Network, checks: _Checks) -> None:
    for line in network.advice:
        where = f"advice '{line.wanted}' -> '{line.instead}'"
        for name in (line.wanted, line.instead):
            checks.known(where, name, network.presentations, "presentation")
        if line.wanted == line.instead:
            checks.add(where, "replaces a presentation by itself")
        checks.amount(f"{where}: acceptable", line.acceptable, most=1.0)
        checks.amount(f"{where}: needs", line.needs, least=TOLERANCE)


def _demand(network: Network, demand: Demand, checks: _Checks) -> None:
    shapes = {(1, demand.n_years), (checks.n_draws, demand.n_years)}
    if demand.n_years < 1:
        checks.add("demand", "covers no year")
    for country in network.countries:
        for presentation in network.presentations:
            where = f"demand of '{country}' for '{presentation}'"
            level = demand.yearly.get(country, {}).get(presentation)
            if level is None:
                checks.add(where, "is missing", why="unknown is not zero", next_step="Give zeros")
            elif level.shape not in shapes:
                checks.add(where, f"has shape {level.shape}", why=f"needs one of {sorted(shapes)}")
            elif not np.isfinite(level).all() or level.min() < 0.0:
                checks.add(where, "is negative or not a number")
    for presentation, season in demand.season.items():
        where = f"season of '{presentation}'"
        checks.known(where, presentation, network.presentations, "presentation")
        if len(season) != 12 or abs(sum(season) - 1.0) > TOLERANCE or min(season) < 0.0:
            checks.add(where, f"{len(season)} shares sum to {sum(season):g}", why="needs 12, sum 1")
    for shock in demand.shocks:
        where = f"shock '{shock.name}'"
        checks.amount(f"{where}: probability", shock.probability, most=1.0)
        checks.amount(f"{where}: low", shock.low, least=-1.0)
        checks.amount(f"{where}: high", shock.high, least=-1.0)
        if not (0 <= shock.first_month < 12 and 1 <= shock.months <= 12):
            checks.add(where, "needs a first month of 0 to 11 and 1 to 12 months")
        for name in shock.presentations or ():
            checks.known(where, name, network.presentations, "presentation")
        for name in shock.countries or ():
            checks.known(where, name, network.countries, "country")


def _rules(network: Network, rules: Rules, checks: _Checks) -> None:
    checks.amount("rules: shortage_threshold", rules.shortage_threshold, most=1.0)
    checks.amount("rules: movable_share", rules.movable_share, most=1.0)
    for name in (*(rules.report or ()), *(() if rules.builder is None else (rules.builder,))):
        checks.known("rules", name, network.countries, "country")
