"""Growth, shares and ratios that a source states, against what its levels give."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from virkestoff.evidence.fact import Statistic, Subject
from virkestoff.evidence.intervals import Interval, allowed, meet
from virkestoff.evidence.library import Library
from virkestoff.quantities import factor

__all__ = ["implied_disagreements"]

_Rule = Literal["growth", "yearly_growth", "share", "ratio"]
Implied = tuple[_Rule, Statistic, tuple[Statistic, ...], Interval]
_Group = tuple[tuple[str, str], ...]
_Levels = Mapping[tuple[str, str, _Group, int], list[Statistic]]


def _over(top: Interval, bottom: Interval) -> Interval | None:
    """``top / bottom`` as an interval of positive numbers; ``None`` where it says nothing."""
    if bottom[0] <= 0 or top[0] < 0 or not all(map(math.isfinite, (*top, *bottom))):
        return None
    return top[0] / bottom[1], top[1] / bottom[0]


def _levels(library: Library) -> _Levels:
    found: dict[tuple[str, str, _Group, int], list[Statistic]] = defaultdict(list)
    for s in library.statistics.values():
        usable = s.subject and s.value is not None and s.year is not None and s.kind != "target"
        if usable and s.answer is None:
            assert s.subject is not None and s.year is not None
            found[s.subject, s.branch or "all", tuple(sorted(s.group.items())), s.year].append(s)
    return found


def _at(levels: _Levels, subject: str, like: Statistic, year: int | None) -> list[Statistic]:
    if year is None:
        return []
    group = tuple(sorted(like.group.items()))
    return levels.get((subject, like.branch or "all", group, year), [])


def _scaled(statistic: Statistic, unit: str) -> Interval:
    scale = factor(statistic.unit, unit)
    low, high = allowed(statistic)
    return low * scale, high * scale


def _growths(
    levels: _Levels, stated: Statistic, subject: str, yearly: bool
) -> Iterator[tuple[tuple[Statistic, ...], Interval]]:
    if stated.period is None:
        return
    first, last = stated.period
    for start in _at(levels, subject, stated, first):
        for end in _at(levels, subject, stated, last):
            ratio = _over(_scaled(end, start.unit), allowed(start))
            if ratio is None or start.source != end.source:
                continue
            power = 1 / (last - first) if yearly else 1.0
            yield (start, end), (ratio[0] ** power - 1, ratio[1] ** power - 1)


def _shares(
    levels: _Levels, stated: Statistic, subject: str
) -> Iterator[tuple[tuple[Statistic, ...], Interval]]:
    if stated.year is None:
        return
    wholes = levels.get((subject, "all", (), stated.year), [])
    for part in _at(levels, subject, stated, stated.year):
        for whole in wholes:
            if part is whole or part.source != whole.source:
                continue
            ratio = _over(_scaled(part, whole.unit), allowed(whole))
            if ratio is not None:
                yield (part, whole), ratio


def _ratios(
    levels: _Levels, stated: Statistic, subjects: tuple[str, str]
) -> Iterator[tuple[tuple[Statistic, ...], Interval]]:
    for top in _at(levels, subjects[0], stated, stated.year):
        for bottom in _at(levels, subjects[1], stated, stated.year):
            ratio = _over(allowed(top), allowed(bottom))
            if ratio is not None and top.source == bottom.source:
                scale = factor(f"({top.unit})/({bottom.unit})", stated.unit)
                yield (top, bottom), (ratio[0] * scale, ratio[1] * scale)


def _disagrees(
    stated: Interval, candidates: Iterable[tuple[tuple[Statistic, ...], Interval]]
) -> tuple[tuple[Statistic, ...], Interval] | None:
    """The nearest of the candidates, if the stated interval meets none of them."""
    found = list(candidates)
    if not found or any(meet(stated, interval) for _, interval in found):
        return None

    def gap(interval: Interval) -> float:
        return max(interval[0] - stated[1], stated[0] - interval[1])

    return min(found, key=lambda item: (gap(item[1]), tuple(s.id for s in item[0])))


def implied_disagreements(library: Library) -> list[Implied]:
    """Every stated growth, share or ratio that no pair of its source's own levels can give.

    Growth over a period ``(a, b)`` is ``x(b) / x(a) - 1``; growth a year its root of the number of
    years; a share is the part over the whole; intervals of the levels are carried through. A
    statement that some pair of published levels supports is no disagreement.
    """
    levels = _levels(library)
    result: list[Implied] = []
    for stated in library.statistics.values():
        subject = library.subjects.get(stated.subject or "")
        if subject is None or stated.value is None or stated.kind == "target" or stated.answer:
            continue
        scale = factor(stated.unit, subject.unit)
        low, high = allowed(stated)
        interval = (low * scale, high * scale)
        for rule, candidates in _candidates(levels, stated, subject):
            worst = _disagrees(interval, candidates)
            if worst is not None:
                result.append((rule, stated, *worst))
    return result


def _candidates(
    levels: _Levels, stated: Statistic, subject: Subject
) -> Iterator[tuple[_Rule, Iterator[tuple[tuple[Statistic, ...], Interval]]]]:
    """For each way in which the subject is made from others, what their levels give."""
    if subject.growth_of:
        yield "growth", _growths(levels, stated, subject.growth_of, yearly=False)
    if subject.yearly_growth_of:
        yield "yearly_growth", _growths(levels, stated, subject.yearly_growth_of, yearly=True)
    if subject.share_of:
        yield "share", _shares(levels, stated, subject.share_of)
    if subject.ratio_of:
        yield "ratio", _ratios(levels, stated, subject.ratio_of)
