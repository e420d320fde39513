"""Levels that a source states, and those that its shares and growth give where it states none."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from virkestoff.evidence.fact import Statistic
from virkestoff.evidence.intervals import Interval, allowed
from virkestoff.evidence.library import Library
from virkestoff.quantities import factor

__all__ = ["Level", "Levels", "divided", "group_of", "interval_in", "multiplied"]

Group = tuple[tuple[str, str], ...]
SCENARIO = "scenario"
"""The group key of a projection's path; what lies before it has no such key."""


@dataclass(frozen=True)
class Level:
    """A quantity in one year: what it may be, in its subject's unit, and what says so."""

    interval: Interval
    members: tuple[Statistic, ...]

    @property
    def source(self) -> str:
        """The source that states it; a derived level rests on one source alone."""
        return self.members[0].source


def group_of(statistic: Statistic, scenario: bool = True) -> Group:
    """The parts of the population that it speaks of; without the scenario if so asked."""
    return tuple(sorted((k, v) for k, v in statistic.group.items() if scenario or k != SCENARIO))


def interval_in(library: Library, statistic: Statistic) -> Interval:
    """What the statement allows, in the unit of its subject."""
    subject = library.subjects.get(statistic.subject or "")
    low, high = allowed(statistic, reads_as=subject.reads_as if subject else "share")
    scale = factor(statistic.unit, subject.unit) if subject else 1.0
    return low * scale, high * scale


def divided(top: Interval, bottom: Interval) -> Interval | None:
    """``top / bottom`` of quantities that are not negative; ``None`` where it says nothing."""
    if bottom[1] <= 0 or top[1] < 0 or not math.isfinite(top[0] if top[0] > 0 else 0.0):
        return None
    low = max(top[0], 0.0) / bottom[1] if math.isfinite(bottom[1]) else 0.0
    high = top[1] / bottom[0] if bottom[0] > 0 else math.inf
    return None if low == 0 and math.isinf(high) else (low, high)


def multiplied(first: Interval, second: Interval) -> Interval:
    """The product of two quantities that are not negative."""
    low = max(first[0], 0.0) * max(second[0], 0.0)
    return low, math.inf if math.inf in (first[1], second[1]) else first[1] * second[1]


class Levels:
    """Every level by subject, branch, group and year.

    Stated levels come first. Where a source states none, its share of a whole gives one
    (share x whole), and so does its growth from an earlier level (level x (1 + growth)).
    """

    def __init__(self, library: Library) -> None:
        self._found: dict[tuple[str, str, Group, int], list[Level]] = defaultdict(list)
        self._library = library
        usable = [s for s in library.statistics.values() if _is_usable(s)]
        for s in usable:
            if s.year is not None and s.subject in library.subjects:
                self._found[_key(s, s.year)].append(Level(interval_in(library, s), (s,)))
        self.stated: Mapping[tuple[str, str, Group, int], list[Level]] = {
            key: list(levels) for key, levels in self._found.items()
        }
        for s in usable:
            subject = library.subjects.get(s.subject or "")
            if subject and subject.share_of and s.year is not None:
                self._add_part(s, subject.share_of, s.year)
        for s in usable:
            subject = library.subjects.get(s.subject or "")
            if subject and subject.growth_of and s.period:
                self._add_grown(s, subject.growth_of, s.period)

    def at(self, subject: str, branch: str | None, group: Group, year: int | None) -> list[Level]:
        """The levels of one quantity, stated and derived."""
        return self._found.get((subject, branch or "all", group, year or 0), [])

    def whole(self, subject: str, year: int, source: str) -> Iterator[Level]:
        """What one source states of the whole in a year."""
        for level in self.stated.get((subject, "all", (), year), []):
            if level.source == source:
                yield level

    def _states(self, key: tuple[str, str, Group, int], source: str) -> bool:
        return any(level.source == source for level in self.stated.get(key, []))

    def _add_part(self, share: Statistic, subject: str, year: int) -> None:
        key = (subject, share.branch or "all", group_of(share), year)
        if self._states(key, share.source) or key[1:3] == ("all", ()):
            return
        for whole in self.whole(subject, year, share.source):
            interval = multiplied(interval_in(self._library, share), whole.interval)
            self._found[key].append(Level(interval, (share, *whole.members)))

    def _add_grown(self, growth: Statistic, subject: str, period: tuple[int, int]) -> None:
        first, last = period
        key = (subject, growth.branch or "all", group_of(growth), last)
        if self._states(key, growth.source):
            return
        low, high = interval_in(self._library, growth)
        for start in self.stated.get((*key[:3], first), []):
            same = {s.population for s in start.members} == {growth.population}
            if start.source == growth.source and same:
                interval = multiplied((1 + low, 1 + high), start.interval)
                self._found[key].append(Level(interval, (growth, *start.members)))


def _is_usable(s: Statistic) -> bool:
    return bool(s.subject) and s.value is not None and s.kind != "target" and s.answer is None


def _key(s: Statistic, year: int) -> tuple[str, str, Group, int]:
    return s.subject or "", s.branch or "all", group_of(s), year
