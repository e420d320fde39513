"""What would have to change for a scheme to be within reach: one fact, or two.

For conditions that fail, the facts that an applicant can change (`guide.yaml`) are set to every
value at which a condition of the scheme turns, and the scheme is asked again; brute force, since a
scheme reads few facts. A change is a near miss if no condition fails any more. Pairs are tried only
of facts that are not enough alone. Everything else in the profile stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

from virkestoff.instruments.engine import CompiledScheme, Engine, Evaluation, Status
from virkestoff.instruments.engine_tree import NOT_MET, RESULT_OF, UNDECIDED
from virkestoff.instruments.expression_constraints import Span
from virkestoff.instruments.guide_rules import GuideRules, Way
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.vocabulary import Term
from virkestoff.language import Text

__all__ = ["Change", "NearMiss", "near_misses"]

_BY_RESULT: tuple[Status, ...] = ("eligible", "needs_person", "undecided", "rule_not_known")
MOST = 4  # constant: near misses that are shown of a scheme
_DAY = timedelta(days=1)
_MOST_FACTS = 12  # constant: changeable facts of a scheme that are tried in pairs


@dataclass(frozen=True, slots=True)
class Change:
    """A fact and what it would have to be.

    Attributes
    ----------
    before : what it is
    low, high : of a number or date: from and to; an end of what can be meant is no bound
    choices : of a choice, text, or yes and no
    phrase : how the change is said, if `guide.yaml` says it
    """

    fact: str
    before: Value
    low: Any = None
    high: Any = None
    choices: tuple[Any, ...] = ()
    phrase: Text | None = None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Changes after which no condition fails, and what the rules say then."""

    changes: tuple[Change, ...]
    then: Status


def near_misses(
    engine: Engine, evaluation: Evaluation, key: str, rules: GuideRules
) -> tuple[NearMiss, ...]:
    """The near misses of a scheme that the profile does not meet, single changes first.

    Empty if the scheme's conditions do not fail, or if no one or two changes are enough.
    """
    search = _Search(engine, evaluation, key, rules)
    if evaluation.results[key].rules != "not_eligible" or not search.may_help(search.values):
        return ()
    found = [miss for fact in search.values if (miss := search.single(fact))]
    alone = {miss.changes[0].fact for miss in found}
    rest = [f for f in search.values if f not in alone][:_MOST_FACTS]
    for one, other in combinations(rest, 2):
        if search.may_help((one, other)) and (miss := search.pair(one, other)):
            found.append(miss)
    order = {status: k for k, status in enumerate(_BY_RESULT)}
    found.sort(key=lambda m: (len(m.changes), order[m.then]))
    return tuple(found[:MOST])


class _Search:
    def __init__(
        self, engine: Engine, evaluation: Evaluation, key: str, rules: GuideRules
    ) -> None:
        self.engine, self.facts, self.codes = engine, evaluation.facts, evaluation.codes
        self.phrases = rules.phrases
        self.scheme: CompiledScheme = engine.schemes[key]
        places = [place - engine.place_of(0) for place in self.scheme.places]
        self.conditions = {k: frozenset(engine.facts_read[k]) for k in places if k >= 0}
        read = dict.fromkeys(n for k in self.conditions for n in engine.facts_read[k])
        self.ways = {name: way for name in read
                     if name in self.facts and (way := rules.way(name))}  # fmt: skip
        self.values = {name: self._values(name, way) for name, way in self.ways.items()}
        self.values = {name: values for name, values in self.values.items() if values}

    def term(self, fact: str) -> Term:
        return self.engine.vocabulary.terms[fact]

    def _values(self, fact: str, way: Way) -> list[Any]:
        """Every value at which a condition turns, that the way allows, the nearest first."""
        term, before = self.term(fact), self.facts[fact]
        if term.type == "bool":
            return [v for v in (True, False) if v is not before and (way != "yes" or v)]
        if term.type == "choice":
            return [c for c in term.choices or {} if c != before]
        edges: set[Any] = set()
        for k, names in self.conditions.items():
            if fact not in names:
                continue
            is_banded = any(isinstance(self.facts.get(n), Band | OneOf) for n in names - {fact})
            demand = None if is_banded else self.engine.demand_on(k, fact, self.facts)
            if demand is None:
                edges |= self._turning(k, fact)
            for span in demand.spans if demand else ():
                edges |= _around(term, span)
        values = sorted(edges | _between(term, sorted(edges)))
        return [v for v in sorted(values, key=lambda v: _distance(v, before))
                if _is_allowed(v, before, way)]  # fmt: skip

    def _turning(self, k: int, fact: str) -> set[Any]:
        """Where a condition over several facts turns as one of them moves, found by halving.

        Between the ends of what can be meant and what the fact is now, one turn is found on each
        side; sums, products and limits turn no more than once there.
        """
        term, before = self.term(fact), self.facts[fact]
        if term.type == "text":
            return set()
        ends = term.dates if term.type == "date" else term.range
        assert ends is not None
        near: tuple[Any, Any] = (before, before)
        if isinstance(before, Band):
            near = (before.low, before.high)
        found: set[Any] = set()

        def code(value: Any) -> int:
            facts = {**self.facts, fact: value}
            return RESULT_OF[self.engine.readers((k,), facts)[0](facts)]

        sides: tuple[tuple[Any, Any], ...] = ((ends[0], near[0]), (near[1], ends[1]))
        for low, high in sides:
            first = code(low)
            while low < high and first != code(high):
                middle = _middle(term, low, high)
                if middle in (low, high):
                    found |= {low, high}
                    break
                low, high = (middle, high) if code(middle) == first else (low, middle)
        return found

    def result(self, changed: Mapping[str, Any]) -> int:
        """What the scheme says with some facts changed."""
        facts = {**self.facts, **changed}
        codes = list(self.codes)
        touched = [k for name in changed for k in self.engine.conditions_on(name)]
        for k, read in zip(touched, self.engine.readers(touched, facts), strict=True):
            codes[self.engine.place_of(k)] = RESULT_OF[read(facts)]
        return self.scheme.root(codes)

    def may_help(self, facts: Iterable[str]) -> bool:
        """Whether the scheme would not fail if nothing were known of these facts.

        If it fails even then, no value of them can help: unknown bounds every value.
        """
        codes = list(self.codes)
        for name in facts:
            for k in self.engine.conditions_on(name):
                codes[self.engine.place_of(k)] = UNDECIDED
        return self.scheme.root(codes) != NOT_MET

    def single(self, fact: str) -> NearMiss | None:
        if not self.may_help((fact,)):
            return None
        results = {v: self.result({fact: v}) for v in self.values[fact]}
        best = min((r for r in results.values() if r != NOT_MET), default=NOT_MET)
        if best == NOT_MET:
            return None
        first = next(v for v in self.values[fact] if results[v] == best)
        good = {v for v, r in results.items() if r == best}
        return NearMiss((self._change(fact, first, good),), _BY_RESULT[best])

    def pair(self, one: str, other: str) -> NearMiss | None:
        best, found = NOT_MET, None
        for x, y in product(self.values[one], self.values[other]):
            result = self.result({one: x, other: y})
            if result < best:
                best, found = result, (x, y)
        if found is None:
            return None
        changes = []
        for fact, value, rest, fixed in ((one, found[0], other, found[1]),
                                         (other, found[1], one, found[0])):  # fmt: skip
            good = {v for v in self.values[fact] if self.result({fact: v, rest: fixed}) == best}
            changes.append(self._change(fact, value, good))
        return NearMiss(tuple(changes), _BY_RESULT[best])

    def _change(self, fact: str, first: Any, good: set[Any]) -> Change:
        """The values around the nearest one that are as good, as a range or as choices."""
        term, before, phrase = self.term(fact), self.facts[fact], self.phrases.get(fact)
        if term.type in ("bool", "choice", "text"):
            order = [v for v in self.values[fact] if v in good]
            return Change(fact, before, choices=tuple(order), phrase=phrase)
        ranked = sorted(self.values[fact])
        at = ranked.index(first)
        low = high = at
        while low > 0 and ranked[low - 1] in good:
            low -= 1
        while high + 1 < len(ranked) and ranked[high + 1] in good:
            high += 1
        return Change(fact, before, ranked[low], ranked[high], phrase=phrase)


def _around(term: Term, span: Span) -> set[Any]:
    """The ends of a span and what lies next to them on either side, within what can be meant."""
    ends = term.dates if term.type == "date" else term.range
    assert ends is not None
    found = set()
    for end in (span.low, span.high):
        if term.type == "date":
            found |= {end, end - _DAY, end + _DAY}
        elif term.is_whole:
            found |= {end, end - 1.0, end + 1.0}
        else:
            found |= {end, math.nextafter(end, -math.inf), math.nextafter(end, math.inf)}
    return {v for v in found if ends[0] <= v <= ends[1]}


def _middle(term: Term, low: Any, high: Any) -> Any:
    """The value half way, as the fact can have it; an end if there is none between them."""
    if term.type == "date":
        return low + _DAY * ((high - low).days // 2)
    return float((low + high) // 2) if term.is_whole else (low + high) / 2


def _between(term: Term, edges: list[Any]) -> set[Any]:
    """A value between each two edges, where there is one."""
    found = set()
    for low, high in zip(edges, edges[1:], strict=False):
        if term.type == "date":
            middle: Any = low + _DAY
        else:
            middle = low + 1.0 if term.is_whole else (low + high) / 2
        if low < middle < high:
            found.add(middle)
    return found


def _distance(value: Any, before: Value) -> Any:
    if isinstance(before, Band):
        if before.low <= value <= before.high:
            return 0
        near = before.low if value < before.low else before.high
        return abs(_line(value) - _line(near))
    return abs(_line(value) - _line(before))


def _line(value: Any) -> float:
    return float(value.toordinal()) if isinstance(value, date) else float(value)


def _is_allowed(value: Any, before: Value, way: Way) -> bool:
    if isinstance(before, OneOf) or before is None:
        return True
    low, high = (before.low, before.high) if isinstance(before, Band) else (before, before)
    if value == low == high:
        return False
    return (way != "up" or value > high) and (way != "down" or value < low)
