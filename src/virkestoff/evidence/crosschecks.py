"""Statements that are held against each other: sums, compound growth, shares, limits, wholes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Literal

from virkestoff.evidence.fact import Statistic, Subject
from virkestoff.evidence.implied import worst_of
from virkestoff.evidence.intervals import Interval
from virkestoff.evidence.levels import Levels, group_of, interval_in, multiplied
from virkestoff.evidence.library import Library

__all__ = ["BRANCHES", "CrossRule", "Crossed", "crosschecks"]

CrossRule = Literal["sum", "compound", "share_level", "part_of", "limit"]
Crossed = tuple[CrossRule, tuple[Statistic, ...], Interval | None]
BRANCHES = ("pharmaceuticals", "medical_devices", "digital_health")
"""The three branches that make up the whole, by the definition of the mapping of 2021."""
WHOLE: Interval = (1.0, 1.0)


def crosschecks(library: Library, levels: Levels) -> Iterator[Crossed]:
    """Statements that cannot hold together, by five rules.

    - ``sum``: a total that no choice of its branches adds up to; shares that do not add up to one.
    - ``compound``: a growth ``g`` a year over ``n`` years that is not the growth stated for the
      same period, ``(1 + g)^n - 1``.
    - ``share_level``: a part that one source states, against share x whole of another.
    - ``part_of``: a part above the whole that it belongs to.
    - ``limit``: a bound of a definition that is worded in two ways.
    """
    yield from _sums(library, levels)
    yield from _share_sums(library)
    yield from _compounds(library)
    yield from _share_levels(library, levels)
    yield from _parts(library, levels)
    yield from _limits(library)


def _added(intervals: Iterable[Interval]) -> Interval:
    parts = list(intervals)
    return sum(p[0] for p in parts), sum(p[1] for p in parts)


def _additive(library: Library) -> list[str]:
    return sorted({s.share_of for s in library.subjects.values() if s.share_of})


def _sums(library: Library, levels: Levels) -> Iterator[Crossed]:
    additive = set(_additive(library))
    for (subject, branch, group, year), totals in levels.stated.items():
        if subject not in additive or branch != "all":
            continue
        for total in totals:
            parts = [
                [p for p in levels.stated.get((subject, b, group, year), ())
                 if p.source == total.source]
                for b in BRANCHES
            ]  # fmt: skip
            combined = (
                (tuple(m for p in chosen for m in p.members), _added(p.interval for p in chosen))
                for chosen in product(*parts)
            )
            worst = worst_of(total.interval, combined)
            if worst is not None:
                yield "sum", (*total.members, *worst[0]), worst[1]


def _share_sums(library: Library) -> Iterator[Crossed]:
    found: dict[tuple[object, ...], dict[str, list[Statistic]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for s in _valued(library, lambda subject: bool(subject.share_of)):
        if s.branch in BRANCHES:
            key = (s.subject, group_of(s), s.year, s.period, s.source, s.kind == "target")
            found[key][s.branch].append(s)
    for parts in found.values():
        combined = (
            (chosen, _added(interval_in(library, s) for s in chosen))
            for chosen in product(*(parts[b] for b in BRANCHES))
        )
        worst = worst_of(WHOLE, combined)
        if worst is not None:
            yield "sum", worst[0], worst[1]


def _valued(library: Library, wanted: Callable[[Subject], bool]) -> Iterator[Statistic]:
    """Statistics with a value whose subject of the vocabulary is wanted, without answers."""
    for s in library.statistics.values():
        subject = library.subjects.get(s.subject or "")
        if subject is not None and s.value is not None and s.answer is None and wanted(subject):
            yield s


def _compounds(library: Library) -> Iterator[Crossed]:
    def over(s: Statistic, of: str | None) -> tuple[object, ...]:
        return of, s.branch or "all", group_of(s), s.period, s.kind == "target"

    def subject(s: Statistic) -> Subject:
        return library.subjects[s.subject or ""]

    totals: dict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    for s in _valued(library, lambda x: bool(x.growth_of)):
        if s.period is not None:
            totals[over(s, subject(s).growth_of)].append(s)
    for yearly in _valued(library, lambda x: bool(x.yearly_growth_of)):
        if yearly.period is None:
            continue
        n_years = yearly.period[1] - yearly.period[0]
        low, high = interval_in(library, yearly)
        grown = (max(1 + low, 0.0) ** n_years - 1, max(1 + high, 0.0) ** n_years - 1)
        stated = totals.get(over(yearly, subject(yearly).yearly_growth_of), [])
        worst = worst_of(grown, (((s,), interval_in(library, s)) for s in stated))
        if worst is not None:
            yield "compound", (yearly, *worst[0]), grown


def _share_levels(library: Library, levels: Levels) -> Iterator[Crossed]:
    shares: dict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    for s in _valued(library, lambda x: bool(x.share_of)):
        if s.kind != "target" and s.year is not None:
            of = library.subjects[s.subject or ""].share_of
            shares[of, s.branch or "all", group_of(s), s.year].append(s)
    for key, stated in levels.stated.items():
        for part in stated:
            given = [
                ((share, *whole.members),
                 multiplied(interval_in(library, share), whole.interval))
                for share in shares.get(key, ())
                if share.source != part.source
                for whole in levels.whole(key[0], key[3], share.source)
            ]  # fmt: skip
            worst = worst_of(part.interval, given)
            if worst is not None:
                yield "share_level", (*part.members, *worst[0]), worst[1]


def _parts(library: Library, levels: Levels) -> Iterator[Crossed]:
    for name, subject in library.subjects.items():
        if not subject.part_of:
            continue
        for (of, branch, group, year), parts in levels.stated.items():
            if of != name or branch != "all" or group:
                continue
            wholes = levels.stated.get((subject.part_of, "all", (), year), [])
            for part, whole in product(parts, wholes):
                if part.interval[0] > whole.interval[1]:
                    yield "part_of", (*part.members, *whole.members), whole.interval


def _limits(library: Library) -> Iterator[Crossed]:
    found: dict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    for s in _valued(library, lambda x: x.is_limit):
        found[s.subject, s.branch or "all", group_of(s)].append(s)
    for members in found.values():
        if len({(s.value, s.qualifier) for s in members}) > 1:
            yield "limit", tuple(sorted(members, key=lambda s: s.id)), None
