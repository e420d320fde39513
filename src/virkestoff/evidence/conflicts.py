"""Figures on one subject that disagree: both are kept and listed (convention 2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from virkestoff.evidence.fact import Statistic
from virkestoff.evidence.library import Library
from virkestoff.quantities import factor, parse_unit

__all__ = ["Conflict", "find_conflicts"]


@dataclass(frozen=True)
class Conflict:
    """Statistics on one subject, year and population whose intervals do not meet."""

    subject: str
    year: int | None
    population: str | None
    statistics: tuple[Statistic, ...]

    @property
    def spread(self) -> float:
        """Largest over smallest middle value, in the unit of the first."""
        middles = [abs(_middle(s, self.statistics[0].unit)) for s in self.statistics]
        return max(middles) / min(middles) if min(middles) > 0 else float("inf")


def _interval(statistic: Statistic) -> tuple[float, float]:
    """The values that the statement allows: its qualifier widens it by its meaning."""
    value = statistic.value
    assert value is not None
    if isinstance(value, tuple):
        return min(value), max(value)
    low = high = float(value)
    if statistic.qualifier == "more_than":
        high = float("inf")
    elif statistic.qualifier in ("up_to", "less_than"):
        low = float("-inf")
    elif statistic.qualifier == "about":
        # "about" is read as the last significant digit being rounded
        step = _last_digit(low)
        low, high = low - step / 2, high + step / 2
    return low, high


def _last_digit(x: float) -> float:
    digits = f"{abs(x):.6e}".split("e")
    mantissa = digits[0].rstrip("0").rstrip(".")
    decimals = len(mantissa.partition(".")[2])
    return float(10.0 ** (int(digits[1]) - decimals))


def _middle(statistic: Statistic, unit: str) -> float:
    value = statistic.value
    assert value is not None
    middle = sum(value) / len(value) if isinstance(value, tuple) else float(value)
    return middle * factor(statistic.unit, unit)


def find_conflicts(library: Library) -> list[Conflict]:
    """All groups of statistics with equal subject, year and population that cannot all hold.

    Two statements conflict when the intervals that they allow do not overlap, after conversion to
    one unit. Statements of different price years are not compared.
    """
    groups: dict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    for statistic in library.statistics.values():
        if statistic.subject and statistic.value is not None:
            dimension = str(parse_unit(statistic.unit).dimensionality)
            key = (
                statistic.subject,
                statistic.year,
                statistic.period,
                statistic.population,
                statistic.price_year,
                dimension,
            )
            groups[key].append(statistic)
    conflicts = []
    for members in groups.values():
        if len(members) > 1 and not _all_meet(members):
            first = members[0]
            ordered = tuple(sorted(members, key=lambda s: s.id))
            conflicts.append(
                Conflict(first.subject or "", first.year, first.population, ordered)
            )
    return sorted(conflicts, key=lambda c: (c.subject, c.year or 0))


def _all_meet(members: list[Statistic]) -> bool:
    unit = members[0].unit
    lows, highs = [], []
    for member in members:
        scale = factor(member.unit, unit)
        low, high = _interval(member)
        lows.append(low * scale)
        highs.append(high * scale)
    return max(lows) <= min(highs)
