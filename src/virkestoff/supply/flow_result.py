"""What a supply simulation reports, and how months are added up to years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.supply.allocation import summed
from virkestoff.supply.bulk_finishing import BulkState
from virkestoff.supply.network import Amount, Network
from virkestoff.supply.stock_layers import LayerStocks

__all__ = ["Rules", "SupplyResult"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """How the simulation counts.

    Attributes
    ----------
    shortage_threshold : a month counts as a shortage month for a presentation in a country when
        more than this share of its demand is missing
    movable_share : share of unmet orders that other sources can be asked for in the same month
    report : countries in the result; None is all
    builder : country whose extra stocks are filled; ``SupplyResult.taken`` measures what that
        costs the others
    """

    shortage_threshold: float
    movable_share: Amount = 1.0
    report: tuple[str, ...] | None = None
    builder: str | None = None


@dataclass(frozen=True)
class SupplyResult:
    """Yearly results; DDD unless said otherwise; every array begins (n_draws, n_years, ...).

    P presentations, C countries reported, K all countries, S sources, A lines of advice, L layers
    of stock, B bulk stocks, N nodes, each in the order of the network.

    Attributes
    ----------
    countries : names of the countries reported
    demand : (..., P, C)
    missing_before : demand not met from deliveries and stock of the same presentation, (..., P, C)
    missing : what is missing after substitution, (..., P, C)
    substituted : DDD of the wanted presentation that were replaced, by line of advice, (..., A, C)
    shortage_months_before, shortage_months : months with more missing than the threshold, before
        and after substitution, (..., P, C)
    episodes_before, episodes : runs of such months, counted in the year they begin, (..., P, C)
    delivered : by source, substitutes included, (..., S, P, C)
    stock_end : at the end of the year, (..., L, P)
    expired : grown too old, (..., L, P)
    taken : what orders for the builder's extra stocks took from the other countries in the months
        in which they were placed, (..., P, K); may be made good later
    bulk_end, bulk_expired : (..., B)
    bulk_finished : sent to the finisher, (..., B)
    output : mean output share of nodes, (..., N)
    months : monthly arrays by name, if asked for; else empty
    """

    countries: tuple[str, ...]
    demand: Array
    missing_before: Array
    missing: Array
    substituted: Array
    shortage_months_before: Array
    shortage_months: Array
    episodes_before: Array
    episodes: Array
    delivered: Array
    stock_end: Array
    expired: Array
    taken: Array
    bulk_end: Array
    bulk_expired: Array
    bulk_finished: Array
    output: Array
    months: Mapping[str, Array]


class Tally:
    """Adds months up to years; arrays have the year first and draws last until the end."""

    def __init__(
        self,
        network: Network,
        rules: Rules,
        n_years: int,
        n_draws: int,
        output: Mapping[str, Array],
        keeps_months: bool,
    ) -> None:
        names = network.countries if rules.report is None else rules.report
        self.countries = names
        self._is_all = names == network.countries
        self._at = [network.countries.index(c) for c in names]
        self._threshold = rules.shortage_threshold
        p, c, all_c = len(network.presentations), len(names), len(network.countries)
        s, a, b = len(network.sources), len(network.advice), len(network.bulk)
        layers = len(network.layers)
        sizes: dict[str, tuple[int, ...]] = {
            **dict.fromkeys(_BY_COUNTRY, (p, c)),
            "substituted": (a, c),
            "delivered": (s, p, c),
            "stock_end": (layers, p),
            "expired": (layers, p),
            "taken": (p, all_c),
            "bulk_end": (b,),
            "bulk_expired": (b,),
            "bulk_finished": (b,),
        }
        self._sums = {name: np.zeros((n_years, *size, n_draws)) for name, size in sizes.items()}
        self._was_short = {"before": np.zeros((p, c, n_draws), dtype=bool)}
        self._was_short["after"] = self._was_short["before"]
        self._output = np.stack(
            [
                summed(output[node.name].reshape(n_years, 12, n_draws).swapaxes(0, 1)) / 12.0
                for node in network.nodes
            ],
            axis=1,
        )
        self._keeps_months = keeps_months
        self._months: dict[str, list[Array]] = {}

    def _of(self, amount: Array) -> Array:
        """The countries reported, of an array (..., n_countries, n_draws)."""
        return amount if self._is_all else amount[..., self._at, :]

    def add(
        self,
        t: int,
        flows: Mapping[str, Array | None],
        replaced: Array,
        delivered: Array,
        stocks: LayerStocks,
        bulk: list[BulkState],
        further: Mapping[str, Array],
    ) -> None:
        """Add month `t`."""
        year = t // 12
        sums = self._sums
        for name in ("demand", "missing_before", "missing"):
            amount = flows[name]
            assert amount is not None
            sums[name][year] += self._of(amount)
        if flows["taken"] is not None:
            sums["taken"][year] += flows["taken"]
        sums["substituted"][year] += self._of(replaced)
        sums["delivered"][year] += self._of(delivered)
        sums["expired"][year] += stocks.by_layer(stocks.expired)
        for k, state in enumerate(bulk):
            sums["bulk_expired"][year, k] += state.expired
            for sent in state.sent:
                sums["bulk_finished"][year, k] += sent
        if t % 12 == 11:  # constant: the last month of a year
            sums["stock_end"][year] = stocks.by_layer(stocks.stock)
            for k, state in enumerate(bulk):
                sums["bulk_end"][year, k] = state.substance
        for when, missing in (("before", flows["missing_before"]), ("after", flows["missing"])):
            self._count(year, when, missing, flows["demand"])
        if self._keeps_months:
            kept = {**flows, **further, "replaced": replaced, "delivered": delivered}
            self._keep(kept, stocks, bulk)

    def _count(self, year: int, when: str, missing: Array | None, demand: Array | None) -> None:
        assert missing is not None and demand is not None
        is_short = self._of(missing) > self._threshold * self._of(demand)
        suffix = "_before" if when == "before" else ""
        self._sums[f"shortage_months{suffix}"][year] += is_short
        self._sums[f"episodes{suffix}"][year] += is_short & ~self._was_short[when]
        self._was_short[when] = is_short

    def _keep(
        self,
        flows: Mapping[str, Array | None],
        stocks: LayerStocks,
        bulk: list[BulkState],
    ) -> None:
        kept = {name: np.array(amount) for name, amount in flows.items() if amount is not None}
        for name in ("stock", "expired", "released", "put_in", "drawn", "target"):
            kept[f"layer_{name}"] = stocks.by_layer(getattr(stocks, name)).copy()
        for name in ("substance", "expired", "filled", "sent", "ready"):
            for k, state in enumerate(bulk):
                kept[f"bulk_{name}.{k}"] = np.array(getattr(state, name))
        for name, amount in kept.items():
            self._months.setdefault(name, []).append(amount)

    def result(self) -> SupplyResult:
        """The yearly results, draws first."""
        first = {
            name: np.ascontiguousarray(np.moveaxis(amount, -1, 0))
            for name, amount in self._sums.items()
        }
        return SupplyResult(
            countries=self.countries,
            output=np.ascontiguousarray(np.moveaxis(self._output, -1, 0)),
            months={name: np.stack(amounts) for name, amounts in self._months.items()},
            **first,
        )


_BY_COUNTRY = (
    "demand", "missing_before", "missing",
    "shortage_months_before", "shortage_months", "episodes_before", "episodes",
)  # fmt: skip
