"""Figures on one subject that disagree: both are kept and listed (convention 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from virkestoff.evidence.crosschecks import CrossRule, crosschecks
from virkestoff.evidence.disagreement import Reason, load_reasons
from virkestoff.evidence.fact import Statistic
from virkestoff.evidence.implied import Implied, ImpliedRule, implied_disagreements
from virkestoff.evidence.intervals import Interval, agree, allowed
from virkestoff.evidence.levels import Levels
from virkestoff.evidence.library import Library
from virkestoff.evidence.subjects import is_subject_id
from virkestoff.quantities import factor, parse_unit

__all__ = ["Conflict", "Rule", "conflicts_touching", "find_conflicts"]

Rule = Literal["same_subject", "declared"] | ImpliedRule | CrossRule


@dataclass(frozen=True)
class Conflict:
    """Statistics that cannot all hold.

    ``rule`` says how it was found: they speak of the same thing and their intervals do not meet,
    or the first is a growth, share, ratio, sum or part that the others contradict, ``implied``
    being what they give; or the library declares it. ``reason`` is why they differ, where it is
    known.
    """

    subject: str
    year: int | None
    population: str | None
    statistics: tuple[Statistic, ...]
    rule: Rule = "same_subject"
    implied: Interval | None = None
    reason: Reason | None = None

    @property
    def spread(self) -> float:
        """Largest over smallest middle value, in the unit of the first."""
        middles = [abs(_middle(s, self.statistics[0].unit)) for s in self.statistics]
        return max(middles) / min(middles) if min(middles) > 0 else float("inf")

    @property
    def hints(self) -> tuple[str, ...]:
        """What differs between the records, and may be the reason."""
        members = self.statistics
        found = []
        if len({s.definition for s in members}) > 1:
            found.append("definition")
        if len({s.population for s in members}) > 1:
            found.append("population")
        if len({s.n for s in members}) > 1:
            found.append("n")
        if len({s.source for s in members}) == 1:
            found.append("same_source")
        return tuple(found)


def _middle(statistic: Statistic, unit: str) -> float:
    value = statistic.value
    assert value is not None
    middle = sum(value) / len(value) if isinstance(value, tuple) else float(value)
    return middle * factor(statistic.unit, unit)


def _key(statistic: Statistic) -> tuple[object, ...]:
    """Two statistics with one key speak of the same thing.

    A subject of the vocabulary says itself what it is about; one in plain words needs the
    population too. A target is no observation: they never conflict.
    """
    subject = statistic.subject or ""
    return (
        subject,
        statistic.branch or "all",
        tuple(sorted(statistic.group.items())),
        statistic.answer,
        statistic.year,
        statistic.period,
        None if is_subject_id(subject) else statistic.population,
        statistic.price_year,
        statistic.kind == "target",
        str(parse_unit(statistic.unit).dimensionality),
    )


def _same_subject(library: Library) -> Iterable[Conflict]:
    groups: dict[tuple[object, ...], list[Statistic]] = defaultdict(list)
    for statistic in library.statistics.values():
        subject = library.subjects.get(statistic.subject or "")
        is_limit = subject is not None and subject.is_limit  # compared by its wording instead
        if statistic.subject and statistic.value is not None and not is_limit:
            groups[_key(statistic)].append(statistic)
    for members in groups.values():
        if len(members) > 1 and not _all_agree(library, members):
            yield _conflict(tuple(sorted(members, key=lambda s: s.id)), "same_subject")


def _all_agree(library: Library, members: list[Statistic]) -> bool:
    """Whether one value fits all: intervals that meet two by two share a value."""
    subject = library.subjects.get(members[0].subject or "")
    spans = []
    for member in members:
        scale = factor(member.unit, members[0].unit)
        low, high = allowed(member, reads_as=subject.reads_as if subject else "share")
        spans.append((member, (low * scale, high * scale)))
    return all(agree(*first, *second) for first, second in combinations(spans, 2))


def _conflict(
    members: tuple[Statistic, ...],
    rule: Rule,
    implied: Interval | None = None,
    reason: Reason | None = None,
) -> Conflict:
    first = members[0]
    return Conflict(
        first.subject or "", first.year, first.population, members, rule, implied, reason
    )


def _against_levels(library: Library, levels: Levels) -> list[Conflict]:
    """Stated growth, shares and ratios; what says the same in several places is one conflict."""
    groups: dict[tuple[object, ...], list[Implied]] = defaultdict(list)
    for item in implied_disagreements(library, levels):
        rule, stated, basis, _ = item
        groups[(rule, tuple(b.id for b in basis), *_key(stated))].append(item)
    return [
        _conflict((*(i[1] for i in items), *items[0][2]), items[0][0], items[0][3])
        for items in groups.values()
    ]


def find_conflicts(library: Library) -> list[Conflict]:
    """All groups of statistics that cannot hold together.

    Two statements conflict when the intervals that they allow (``intervals.allowed``) do not
    overlap, after conversion to one unit. They are compared when subject, branch, group, answer,
    time and price year are equal; a growth, share or ratio is compared with what the levels give,
    and statements are held against each other by the rules of ``crosschecks``. What no rule finds
    is declared in ``evidence/conflicts.yaml`` of the library, with its reason.

    Raises
    ------
    InputError
        lists every reason that names an unknown statistic.
    """
    reasons = load_reasons(library)
    levels = Levels(library)
    found = [*_same_subject(library), *_against_levels(library, levels)]
    known = {c.statistics[0].id for c in found if c.implied is not None}
    for rule, members, implied in crosschecks(library, levels):
        if rule == "compound" and members[0].id in known:
            continue  # the levels contradict it already
        found.append(_conflict(members, rule, implied))
    explained = [_with_reason(conflict, reasons) for conflict in found]
    used = {c.reason.id for c in explained if c.reason}
    for reason in reasons:
        if reason.id not in used:
            members = tuple(library.statistics[name] for name in reason.statistics)
            explained.append(_conflict(members, "declared", reason=reason))
    return sorted(explained, key=lambda c: (c.subject, c.year or 0, c.rule, c.statistics[0].id))


def _with_reason(conflict: Conflict, reasons: Iterable[Reason]) -> Conflict:
    """The conflict with the reason that names most of its members."""
    members = {s.id for s in conflict.statistics}
    fitting = [r for r in reasons if members.issuperset(r.statistics)]
    if not fitting:
        return conflict
    best = max(fitting, key=lambda r: (len(r.statistics), r.id))
    return replace(conflict, reason=best)


def conflicts_touching(library: Library, names: Iterable[str]) -> list[Conflict]:
    """The conflicts that hold one of the statistics named: what a user of a figure must say."""
    wanted = set(names)
    return [c for c in find_conflicts(library) if wanted & {s.id for s in c.statistics}]
