"""The way to a target: which yearly growth leads there from each published level."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.evidence import Library, Statistic
from virkestoff.industry.projections import Target
from virkestoff.quantities import factor

__all__ = ["Way", "target_level", "ways"]


@dataclass(frozen=True)
class Way:
    """From an observed level to a target: ``growth`` a year for the years that are left.

    ``growth = (target / level)^(1 / (year - observed year)) - 1``; ``None`` where the observation
    is not before the target's year.
    """

    target: Target
    observed: Statistic
    level: float
    goal: float
    unit: str
    growth: float | None

    @property
    def missing(self) -> float:
        """What lacks to the target."""
        return self.goal - self.level


def _middle(statistic: Statistic, unit: str) -> float:
    value = statistic.value
    assert value is not None, f"{statistic.id} has no value"
    middle = sum(value) / len(value) if isinstance(value, tuple) else float(value)
    return middle * factor(statistic.unit, unit)


def target_level(library: Library, target: Target) -> float:
    """The level that the target asks for, in the unit of its measure: ``base x (1 + growth)``."""
    unit = library.subjects[target.measure].unit
    if target.level:
        return _middle(library.statistics[target.level], unit)
    assert target.base and target.growth
    base = _middle(library.statistics[target.base], unit)
    return base * (1 + _middle(library.statistics[target.growth], "1"))


def ways(library: Library, target: Target) -> tuple[Way, ...]:
    """The way to the target from each level that it names, in order of year."""
    unit = library.subjects[target.measure].unit
    goal = target_level(library, target)
    found = []
    for name in target.from_observed:
        statistic = library.statistics[name]
        level = _middle(statistic, unit)
        years = target.year - (statistic.year or target.year)
        growth = (goal / level) ** (1 / years) - 1 if years > 0 and level > 0 else None
        found.append(Way(target, statistic, level, goal, unit, growth))
    return tuple(sorted(found, key=lambda w: (w.observed.year or 0, w.observed.id)))
