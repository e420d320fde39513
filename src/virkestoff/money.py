"""Amounts across currencies and price years.

An amount keeps its meaning in three steps: it is carried to the target year by the price index of
its own currency area, and exchanged at the mean rate of the target year:

    NOK(target) = amount x index_c(target) / index_c(price_year) x rate_c(target)

Exchanging at the target year and not at the price year lets the price level of the place where
the thing is made decide, which is what a buyer of imported equipment meets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact

__all__ = ["Indices", "require_same_price_year"]

Series = Mapping[int, float]


@dataclass(frozen=True)
class Indices:
    """Exchange rates and price indices that the engine converts with.

    Attributes
    ----------
    rates : currency -> year -> NOK per unit of the currency (mean of the year)
    prices : currency -> year -> price index of the currency area, any base
    """

    rates: Mapping[str, Series] = field(default_factory=dict)
    prices: Mapping[str, Series] = field(default_factory=dict)

    def factor(self, currency: str, price_year: int, target_year: int) -> float:
        """NOK of ``target_year`` for one unit of ``currency`` of ``price_year``.

        Raises
        ------
        MissingFact
            names every rate and index value that is missing.
        """
        faults = FaultCollector()
        growth = self._growth(currency, price_year, target_year, faults)
        rate = 1.0 if currency == "NOK" else self._value("rate", currency, target_year, faults)
        faults.raise_if_any(MissingFact)
        return growth * rate

    def to_nok(self, amount: float, currency: str, price_year: int, target_year: int) -> float:
        """An amount in ``currency`` of ``price_year`` as NOK of ``target_year``."""
        return amount * self.factor(currency, price_year, target_year)

    def _growth(
        self, currency: str, price_year: int, target_year: int, faults: FaultCollector
    ) -> float:
        if price_year == target_year:
            return 1.0
        start = self._value("price index", currency, price_year, faults)
        end = self._value("price index", currency, target_year, faults)
        return end / start

    def _value(self, kind: str, currency: str, year: int, faults: FaultCollector) -> float:
        table = self.rates if kind == "rate" else self.prices
        series = table.get(currency, {})
        if year in series:
            return series[year]
        known = f"known: {min(series)}-{max(series)}" if series else "no year is known"
        name = "exchange_rate" if kind == "rate" else "price_index"
        faults.add(
            f"evidence.{name}.{currency}",
            f"has no {kind} for {year}",
            why=known,
            next_step="Choose another price year or add the value with its source",
        )
        return float("nan")


def require_same_price_year(years: Mapping[str, int]) -> int:
    """The one price year of several amounts; mixed price years raise.

    Parameters
    ----------
    years : name of the amount -> its price year
    """
    distinct = set(years.values())
    if len(distinct) != 1:
        listed = ", ".join(f"{name} ({year})" for name, year in sorted(years.items()))
        raise InputError(Fault("price year", f"amounts of different years meet: {listed}"))
    return distinct.pop()
