"""Growth, shares and ratios that a source states, against what its levels give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from virkestoff.evidence.fact import Statistic, Subject
from virkestoff.evidence.intervals import Interval, meet
from virkestoff.evidence.levels import Level, Levels, divided, group_of, interval_in
from virkestoff.evidence.library import Library
from virkestoff.quantities import factor

__all__ = ["Implied", "ImpliedRule", "implied_disagreements", "worst_of"]

ImpliedRule = Literal["growth", "yearly_growth", "share", "ratio"]
Implied = tuple[ImpliedRule, Statistic, tuple[Statistic, ...], Interval]
Candidate = tuple[tuple[Statistic, ...], Interval]


def _joined(first: Level, second: Level) -> tuple[Statistic, ...]:
    return tuple({s.id: s for s in (*first.members, *second.members)}.values())


def _growths(
    levels: Levels, stated: Statistic, subject: str, yearly: bool
) -> Iterator[Candidate]:
    """From the levels at both ends; a scenario starts from what was, which has no scenario."""
    if stated.period is None:
        return
    first, last = stated.period
    group, before = group_of(stated), group_of(stated, scenario=False)
    starts = [
        level
        for g in dict.fromkeys((group, before))
        for level in levels.at(subject, stated.branch, g, first)
    ]
    for start in starts:
        for end in levels.at(subject, stated.branch, group, last):
            ratio = divided(end.interval, start.interval)
            if ratio is None or stated in end.members or not _of(stated, start, end):
                continue
            power = 1 / (last - first) if yearly else 1.0
            yield _joined(start, end), (ratio[0] ** power - 1, ratio[1] ** power - 1)


def _of(stated: Statistic, *levels: Level) -> bool:
    """Whether the levels are of the source that states it: those of another prove nothing."""
    return all(level.source == stated.source for level in levels)


def _shares(levels: Levels, stated: Statistic, subject: str) -> Iterator[Candidate]:
    if stated.year is None:
        return
    for part in levels.at(subject, stated.branch, group_of(stated), stated.year):
        for whole in levels.whole(subject, stated.year, stated.source):
            # a part that was made from a share and the whole only gives the share back
            if part.members == whole.members or len(part.members) > 1 or not _of(stated, part):
                continue
            ratio = divided(part.interval, whole.interval)
            if ratio is not None:
                yield _joined(part, whole), ratio


def _ratios(
    library: Library, levels: Levels, stated: Statistic, subjects: tuple[str, str]
) -> Iterator[Candidate]:
    of = [library.subjects[name].unit for name in subjects]
    scale = factor(f"({of[0]})/({of[1]})", library.subjects[stated.subject or ""].unit)
    group = group_of(stated)
    for top in levels.at(subjects[0], stated.branch, group, stated.year):
        for bottom in levels.at(subjects[1], stated.branch, group, stated.year):
            ratio = divided(top.interval, bottom.interval)
            if ratio is not None and _of(stated, top, bottom):
                yield _joined(top, bottom), (ratio[0] * scale, ratio[1] * scale)


def worst_of(stated: Interval, candidates: Iterable[Candidate]) -> Candidate | None:
    """The nearest of the candidates, if the stated interval meets none of them."""
    found = list(candidates)
    if not found or any(meet(stated, interval) for _, interval in found):
        return None

    def gap(interval: Interval) -> float:
        return max(interval[0] - stated[1], stated[0] - interval[1])

    return min(found, key=lambda item: (gap(item[1]), tuple(s.id for s in item[0])))


def implied_disagreements(library: Library, levels: Levels) -> list[Implied]:
    """Every stated growth, share or ratio that no pair of its source's own levels can give.

    Growth over a period ``(a, b)`` is ``x(b) / x(a) - 1``; growth a year its root of the number of
    years; a share is the part over the whole; intervals of the levels are carried through. A
    statement that some pair of published levels supports is no disagreement.
    """
    result: list[Implied] = []
    for stated in library.statistics.values():
        subject = library.subjects.get(stated.subject or "")
        if subject is None or stated.value is None or stated.kind == "target" or stated.answer:
            continue
        interval = interval_in(library, stated)
        for rule, candidates in _candidates(library, levels, stated, subject):
            worst = worst_of(interval, candidates)
            if worst is not None:
                result.append((rule, stated, *worst))
    return result


def _candidates(
    library: Library, levels: Levels, stated: Statistic, subject: Subject
) -> Iterator[tuple[ImpliedRule, Iterator[Candidate]]]:
    """For each way in which the subject is made from others, what their levels give."""
    if subject.growth_of:
        yield "growth", _growths(levels, stated, subject.growth_of, yearly=False)
    if subject.yearly_growth_of:
        yield "yearly_growth", _growths(levels, stated, subject.yearly_growth_of, yearly=True)
    if subject.share_of:
        yield "share", _shares(levels, stated, subject.share_of)
    if subject.ratio_of:
        yield "ratio", _ratios(library, levels, stated, subject.ratio_of)
