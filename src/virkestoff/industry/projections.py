"""Projections of the industry: a source's scenario rebuilt by its stated formula and base year.

A scenario is a base (what is carried forward, in which year), a growth, and a last year. All of
them are published statistics, so the rebuilt path has the interval that their rounding leaves, and
stands beside the figure that the source prints for the last year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, Statistic, read_yaml, validation_faults
from virkestoff.evidence.intervals import Interval, allowed, meet
from virkestoff.language import Text
from virkestoff.quantities import factor

__all__ = [
    "Base", "Path", "Scenario", "Target", "Term",
    "base_value", "contains", "load_scenarios", "load_targets", "rebuild", "yearly_growth",
]  # fmt: skip

FILE = "industry/projections.yaml"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(_Record):
    """A part of the base: a level, times shares of it, times total growths up to the base year.

    ``level x share x (1 + growth) x ...``; every entry is the id of a statistic.
    """

    level: str
    share: str | None = None
    growths: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The statistics that it reads."""
        return (self.level, *((self.share,) if self.share else ()), *self.growths)


class Base(_Record):
    """What a path starts from: the sum of its terms, in ``year``."""

    year: int
    terms: tuple[Term, ...] = Field(min_length=1)
    name: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The statistics that it reads."""
        return tuple(name for term in self.terms for name in term.names)


class Scenario(_Record):
    """A published projection, with what rebuilds it.

    ``growth_yearly`` compounds: ``base x (1 + g)^(year - base year)``. ``growths`` are, term by
    term, total growths from the base year to ``until``; years between follow the constant rate
    that leads there. A scenario whose growth is lost has neither, and cannot be rebuilt: ``bound``
    may then name a statistic that its yearly growth stays below.
    """

    id: str
    name: Text
    measure: str
    branch: str = "all"
    base: Base
    growth_yearly: str | None = None
    growths: tuple[str, ...] = ()
    bound: str | None = None
    until: int
    published: tuple[str, ...] = ()
    other_bases: tuple[Base, ...] = ()
    source: str
    place: str
    note: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The statistics that it reads."""
        single = tuple(n for n in (self.growth_yearly, self.bound) if n)
        others = tuple(n for base in self.other_bases for n in base.names)
        return (*self.base.names, *single, *self.growths, *self.published, *others)


class Target(_Record):
    """A level that somebody set for a year: a statistic, or a base times (1 + growth).

    ``from_observed`` are published levels from which the way to the target is reckoned.
    """

    id: str
    name: Text
    measure: str
    year: int
    level: str | None = None
    base: str | None = None
    growth: str | None = None
    from_observed: tuple[str, ...] = ()
    note: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The statistics that it reads."""
        return tuple(n for n in (self.level, self.base, self.growth) if n) + self.from_observed


@dataclass(frozen=True)
class Path:
    """A rebuilt path: years, and for each the middle and the interval of rounding."""

    scenario: Scenario
    years: tuple[int, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    unit: str

    def at(self, year: int) -> tuple[float, float, float]:
        """Low, middle and high in a year."""
        i = self.years.index(year)
        return self.low[i], self.middle[i], self.high[i]


def _product(parts: list[tuple[float, Interval]]) -> tuple[float, Interval]:
    """The product of positive numbers and its interval."""
    middle, low, high = 1.0, 1.0, 1.0
    for centre, interval in parts:
        middle, low, high = middle * centre, low * interval[0], high * interval[1]
    return middle, (low, high)


def _value(library: Library, name: str, unit: str) -> tuple[float, Interval]:
    """Middle and interval of a statistic in ``unit``.

    Raises
    ------
    InputError
        if it has no value, or is open to one side: such a figure starts no path.
    """
    statistic = library.statistics[name]
    if statistic.value is None:
        raise InputError(Fault(name, "has no value", why=statistic.note or ""))
    scale = factor(statistic.unit, unit)
    low, high = (x * scale for x in allowed(statistic))
    value = statistic.value
    middle = (sum(value) / len(value) if isinstance(value, tuple) else float(value)) * scale
    if not (math.isfinite(low) and math.isfinite(high)):
        # "more than 90" says no upper end: the printed number is carried, and its rounding
        low = high = middle
    return middle, (low, high)


def _growth(library: Library, name: str, unit: str = "1") -> tuple[float, Interval]:
    middle, (low, high) = _value(library, name, unit)
    return 1 + middle, (1 + low, 1 + high)


def _term(library: Library, term: Term, unit: str) -> tuple[float, Interval]:
    parts = [_value(library, term.level, unit)]
    if term.share:
        parts.append(_value(library, term.share, "1"))
    parts += [_growth(library, name) for name in term.growths]
    return _product(parts)


def base_value(library: Library, base: Base, unit: str) -> tuple[float, Interval]:
    """The base of a path in ``unit``: the sum of its terms, with the interval of rounding."""
    terms = [_term(library, term, unit) for term in base.terms]
    return sum(t[0] for t in terms), (sum(t[1][0] for t in terms), sum(t[1][1] for t in terms))


def yearly_growth(library: Library, scenario: Scenario) -> tuple[float, Interval] | None:
    """The factor a year of a scenario, ``1 + g``; ``None`` where its source does not state it."""
    if scenario.growth_yearly:
        return _growth(library, scenario.growth_yearly, "1/year")
    if not scenario.growths:
        return None
    unit = library.subjects[scenario.measure].unit
    start, end = _with_growths(library, scenario, unit)
    n = scenario.until - scenario.base.year
    return (
        (end[0] / start[0]) ** (1 / n),
        ((end[1][0] / start[1][0]) ** (1 / n), (end[1][1] / start[1][1]) ** (1 / n)),
    )


def _with_growths(
    library: Library, scenario: Scenario, unit: str
) -> tuple[tuple[float, Interval], tuple[float, Interval]]:
    """Base and end of a scenario whose terms grow each by its own total."""
    start = base_value(library, scenario.base, unit)
    ends = []
    growths = scenario.growths
    if len(growths) == 1:
        end = _product([start, _growth(library, growths[0])])
        return start, end
    for term, name in zip(scenario.base.terms, growths, strict=True):
        ends.append(_product([_term(library, term, unit), _growth(library, name)]))
    interval = (sum(e[1][0] for e in ends), sum(e[1][1] for e in ends))
    return start, (sum(e[0] for e in ends), interval)


def rebuild(library: Library, scenario: Scenario) -> Path | None:
    """The scenario's path from its base year to its last year; ``None`` if growth is not stated.

    ``level(t) = base x (1 + g)^(t - t0)``, with the interval that follows from the rounding of
    base and growth. Where terms grow by totals of their own, the last year is their sum and the
    years between follow the constant rate that leads there.
    """
    unit = library.subjects[scenario.measure].unit
    rate = yearly_growth(library, scenario)
    if rate is None:
        return None
    middle, (low, high) = base_value(library, scenario.base, unit)
    years = tuple(range(scenario.base.year, scenario.until + 1))
    steps = [year - scenario.base.year for year in years]
    return Path(
        scenario,
        years,
        tuple(middle * rate[0] ** n for n in steps),
        tuple(low * rate[1][0] ** n for n in steps),
        tuple(high * rate[1][1] ** n for n in steps),
        unit,
    )


def _load(library: Library, section: str, kind: type[_Record]) -> Mapping[str, _Record]:
    path = library.root / FILE
    if not path.is_file():
        return {}
    data = read_yaml(path, FILE)
    faults = FaultCollector()
    found = {}
    for key, record in (data.get(section) or {}).items():
        try:
            named = _with_bases(record, data.get("bases") or {})
            item = kind.model_validate({"id": key, **named})
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(path, FILE, (section, key), problem)))
            continue
        _check_names(library, item, f"{FILE}: {section}.{key}", faults)
        found[key] = item
    faults.raise_if_any()
    return found


def _with_bases(record: dict[str, Any], bases: Mapping[str, Any]) -> dict[str, Any]:
    """The record with the bases that it names put in; an unknown name stays, and is no base."""

    def look_up(item: Any) -> Any:
        return bases.get(item, item) if isinstance(item, str) else item

    found = dict(record)
    if isinstance(found.get("base"), str) and "terms" not in found and "until" in found:
        found["base"] = look_up(found["base"])
    if "other_bases" in found:
        found["other_bases"] = [look_up(item) for item in found["other_bases"]]
    return found


def _check_names(library: Library, item: _Record, where: str, faults: FaultCollector) -> None:
    assert isinstance(item, Scenario | Target)
    for name in item.names:
        if name not in library.statistics:
            step = suggest(name, library.statistics)
            faults.add(where, f"'{name}' is no statistic of the library", next_step=step)
    if item.measure not in library.subjects:
        step = suggest(item.measure, library.subjects)
        faults.add(f"{where}.measure", f"'{item.measure}' is no subject", next_step=step)
    if isinstance(item, Scenario):
        if item.until <= item.base.year:
            faults.add(f"{where}.until", f"{item.until} is not after {item.base.year}")
        if item.growth_yearly and item.growths:
            faults.add(where, "has both growth_yearly and growths", next_step="Keep one of them")
        if len(item.growths) not in (0, 1, len(item.base.terms)):
            faults.add(f"{where}.growths", "must be one, or one for each term of the base")
    elif (item.level is None) == (item.base is None or item.growth is None):
        faults.add(where, "needs either level, or base and growth")


def load_scenarios(library: Library) -> Mapping[str, Scenario]:
    """The published projections that the library can rebuild or must leave open.

    Raises
    ------
    InputError
        lists every fault: unknown statistics or subjects, years that do not follow.
    """
    return {k: s for k, s in _load(library, "projections", Scenario).items()
            if isinstance(s, Scenario)}  # fmt: skip


def load_targets(library: Library) -> Mapping[str, Target]:
    """The targets that were set for the industry."""
    return {k: t for k, t in _load(library, "targets", Target).items() if isinstance(t, Target)}


def contains(published: Statistic, path: Path, year: int) -> bool:
    """Whether a published figure and the rebuilt one can be the same number before rounding."""
    low, _, high = path.at(year)
    scale = factor(published.unit, path.unit)
    stated_low, stated_high = allowed(published)
    return meet((low, high), (stated_low * scale, stated_high * scale))
