"""Quantities that may be unknown or known to lie in a band, and euro at the rate of the day.

A rate is known for the days that were given. On any other day it is unknown: the nearest is never
taken.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence import Library
from virkestoff.instruments.intervals import Band

__all__ = [
    "Currency",
    "DayRates",
    "Quantity",
    "Range",
    "ends",
    "in_euro",
    "read_day_rates",
    "total",
    "year_rate",
]

Quantity: TypeAlias = float | Band | None
Currency: TypeAlias = Literal["NOK", "EUR"]
YEARLY = "evidence.exchange_rate.EUR"


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the largest value that is possible, both included."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether one value is possible."""
        return self.low == self.high

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def times(self, factor: float) -> Range:
        """Both ends times a factor from zero up."""
        return Range(self.low * factor if factor else 0.0, self.high * factor if factor else 0.0)

    def plus(self, other: Range) -> Range:
        """The sum of two ranges."""
        return Range(self.low + other.low, self.high + other.high)


def ends(quantity: Quantity, where: str = "quantity") -> Range:
    """The range of a quantity from zero up: a point, a band, or anything where it is unknown.

    Raises
    ------
    InputError
        for a negative number, no number, or a band whose low end lies above its high end.
    """
    if quantity is None:
        return Range(0.0, math.inf)
    if isinstance(quantity, Band):
        low = 0.0 if quantity.low is None else float(quantity.low)
        high = math.inf if quantity.high is None else float(quantity.high)
    else:
        low = high = float(quantity)
    if math.isnan(low) or math.isnan(high) or low < 0 or low > high or math.isinf(low):
        raise InputError(
            Fault(where, f"{quantity} is no amount from zero up",
                  next_step="Give a number, [low, high], or leave it out if it is unknown")
        )  # fmt: skip
    return Range(low, high)


def total(ranges: Iterable[Range]) -> Range:
    """The sum of ranges: exact to rounding, and the same in any order."""
    kept = tuple(ranges)
    return Range(math.fsum(r.low for r in kept), math.fsum(r.high for r in kept))


@dataclass(frozen=True)
class DayRates:
    """NOK per euro by day."""

    known: Mapping[date, float] = field(default_factory=dict)

    def on(self, day: date) -> float | None:
        """The rate of the day; ``None`` if it was not given."""
        return self.known.get(day)

    def joined(self, other: DayRates) -> DayRates:
        """Both sets.

        Raises
        ------
        InputError
            if they differ on a day.
        """
        faults = FaultCollector()
        for day in sorted(self.known.keys() & other.known.keys()):
            if self.known[day] != other.known[day]:
                faults.add(f"rate of {day}", f"is {self.known[day]} and {other.known[day]}",
                           next_step="Keep the official rate of the day")  # fmt: skip
        faults.raise_if_any()
        return DayRates({**self.known, **other.known})


def read_day_rates(path: Path) -> DayRates:
    """Rates from a CSV file with the columns ``date`` (2025-03-14) and ``nok_per_eur``.

    Raises
    ------
    InputError
        lists every row that is no date or rate, or stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(Fault(path.name, "cannot be read", why=str(problem))) from None
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames is None or {"date", "nok_per_eur"} - set(reader.fieldnames):
        raise InputError(Fault(path.name, "needs the columns date and nok_per_eur"))
    faults = FaultCollector()
    known: dict[date, float] = {}
    for row in reader:
        where = f"{path.name}:{reader.line_num}"
        try:
            day, rate = date.fromisoformat(row["date"] or ""), float(row["nok_per_eur"] or "")
        except ValueError:
            faults.add(where, f"{row['date']}, {row['nok_per_eur']} is no date and rate")
            continue
        if not (math.isfinite(rate) and rate > 0):
            faults.add(where, f"{rate:g} is no rate")
        elif day in known:
            faults.add(where, f"{day} stands twice")
        known[day] = rate
    faults.raise_if_any()
    return DayRates(known)


def in_euro(quantity: Quantity, currency: Currency, rate: float | None) -> Quantity:
    """A quantity in euro; unknown if it is in NOK and the rate is unknown.

    ``euro = NOK / (NOK per euro)``.
    """
    if currency == "EUR" or quantity is None:
        return quantity
    if rate is None:
        return 0.0 if quantity == 0 else None
    if isinstance(quantity, Band):
        low, high = quantity.low, quantity.high
        return Band(None if low is None else low / rate, None if high is None else high / rate)
    return quantity / rate


def year_rate(library: Library, year: int) -> float | None:
    """The mean NOK per euro of a year; ``None`` if the library does not hold it.

    Status by size uses the mean of the year of the accounts: EFTA Surveillance Authority, rates
    applicable to EFTA States, exchange rates, point 2.
    """
    fact = library.facts.get(YEARLY)
    return (fact.series or {}).get(year) if fact else None
