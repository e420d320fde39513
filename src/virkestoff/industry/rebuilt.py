"""The published end of a projection beside the rebuilt one, and what would explain the gap."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.evidence import Library, Statistic
from virkestoff.evidence.intervals import Interval, allowed
from virkestoff.industry.projections import (
    Base,
    Path,
    Scenario,
    base_value,
    contains,
    rebuild,
    yearly_growth,
)
from virkestoff.quantities import factor

__all__ = ["Came", "Comparison", "OtherBase", "bounded", "compare", "what_came"]


@dataclass(frozen=True)
class OtherBase:
    """What another base, carried by the same growth, gives in the published year."""

    base: Base
    middle: float
    interval: Interval
    is_within: bool


@dataclass(frozen=True)
class Comparison:
    """A published figure of a scenario and the rebuilt one, in one unit.

    ``is_within`` tells whether rounding alone can explain the difference. ``implied_base`` is the
    base that leads to the published figure by the stated growth, ``implied_growth`` the yearly
    growth that leads there from the rebuilt base; both as intervals of rounding.
    """

    scenario: Scenario
    published: Statistic
    year: int
    unit: str
    stated: float | None
    rebuilt: float | None
    interval: Interval | None
    is_within: bool | None
    implied_base: Interval | None
    implied_growth: Interval | None
    others: tuple[OtherBase, ...] = ()

    @property
    def difference(self) -> float | None:
        """Published minus rebuilt."""
        if self.stated is None or self.rebuilt is None:
            return None
        return self.stated - self.rebuilt


@dataclass(frozen=True)
class Came:
    """What was observed after a projection was made, beside what it said for that year."""

    scenario: Scenario
    observed: Statistic
    year: int
    unit: str
    value: float
    projected: float | None
    interval: Interval | None

    @property
    def deviation(self) -> float | None:
        """Observed over projected, minus one."""
        return None if not self.projected else self.value / self.projected - 1


def _stated(statistic: Statistic, unit: str) -> tuple[float, Interval] | None:
    value = statistic.value
    if value is None:
        return None
    scale = factor(statistic.unit, unit)
    middle = sum(value) / len(value) if isinstance(value, tuple) else float(value)
    low, high = allowed(statistic)
    return middle * scale, (low * scale, high * scale)


def compare(library: Library, scenario: Scenario) -> tuple[Comparison, ...]:
    """Each published figure of the scenario beside the rebuilt path."""
    unit = library.subjects[scenario.measure].unit
    path = rebuild(library, scenario)
    return tuple(
        _compare_one(library, scenario, library.statistics[name], unit, path)
        for name in scenario.published
    )


def _compare_one(
    library: Library, scenario: Scenario, published: Statistic, unit: str, path: Path | None
) -> Comparison:
    year = published.year or scenario.until
    stated = _stated(published, unit)
    if path is None or year not in path.years:
        value = stated[0] if stated else None
        return Comparison(scenario, published, year, unit, value, None, None, None, None, None)
    low, middle, high = path.at(year)
    if stated is None:
        return Comparison(
            scenario, published, year, unit, None, middle, (low, high), None, None, None
        )
    n = year - scenario.base.year
    rate = yearly_growth(library, scenario)
    assert rate is not None
    base = base_value(library, scenario.base, unit)
    others = tuple(
        _other(library, scenario, base, published, year) for base in scenario.other_bases
    )
    return Comparison(
        scenario,
        published,
        year,
        unit,
        stated[0],
        middle,
        (low, high),
        contains(published, path, year),
        (stated[1][0] / rate[1][1] ** n, stated[1][1] / rate[1][0] ** n),
        (
            max(stated[1][0] / base[1][1], 0.0) ** (1 / n) - 1,
            (stated[1][1] / base[1][0]) ** (1 / n) - 1,
        ),
        others,
    )


def _other(
    library: Library, scenario: Scenario, base: Base, published: Statistic, year: int
) -> OtherBase:
    replaced = scenario.model_copy(update={"base": base, "growths": scenario.growths[:1]})
    path = rebuild(library, replaced)
    assert path is not None
    low, middle, high = path.at(year)
    return OtherBase(base, middle, (low, high), contains(published, path, year))


def bounded(library: Library, scenario: Scenario) -> float | None:
    """What the scenario stays below in its last year, where only a bound of growth is stated.

    ``base x (1 + bound)^n`` with the middle figures; ``None`` without a bound.
    """
    if scenario.bound is None:
        return None
    unit = library.subjects[scenario.measure].unit
    capped = scenario.model_copy(update={"growth_yearly": scenario.bound, "bound": None})
    path = rebuild(library, capped)
    assert path is not None and path.unit == unit
    return path.at(scenario.until)[1]


def what_came(library: Library, scenario: Scenario) -> tuple[Came, ...]:
    """Observations of the scenario's measure and branch after its base year.

    All of them are listed, those that disagree with one another too.
    """
    unit = library.subjects[scenario.measure].unit
    path = rebuild(library, scenario)
    found = []
    for statistic in library.statistics.values():
        fits = (
            statistic.subject == scenario.measure
            and (statistic.branch or "all") == scenario.branch
            and not statistic.group
            and statistic.kind in ("observed", "estimate")
            and statistic.year is not None
            and scenario.base.year < statistic.year <= scenario.until
        )
        stated = _stated(statistic, unit) if fits else None
        if stated is None:
            continue
        year = statistic.year
        assert year is not None
        low, middle, high = path.at(year) if path else (None, None, None)
        interval = None if low is None or high is None else (low, high)
        found.append(Came(scenario, statistic, year, unit, stated[0], middle, interval))
    return tuple(sorted(found, key=lambda c: (c.year, c.observed.id)))
