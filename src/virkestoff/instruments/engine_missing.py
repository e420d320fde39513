"""Which fact to ask for next: the one that settles most schemes.

Of each missing fact, its possible values fall into classes that all conditions treat alike: for a
number or date the stretches between the thresholds that are asked of it, for a choice or a yes or
no its values. Every class of a number or date counts alike, and every value of a choice. The
measure is the expected number of undecided schemes that are decided once the fact is known,
computed exactly by trying every class. It assumes nothing about how likely a value is, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from virkestoff.instruments.closures import compile_value
from virkestoff.instruments.engine_tree import RESULT_OF, UNDECIDED
from virkestoff.instruments.expression import (
    Between,
    Comparison,
    Constant,
    Node,
    facts_of,
)
from virkestoff.instruments.expression_constraints import Constraint, constraint_of
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    from virkestoff.instruments.engine import Engine, Evaluation

__all__ = ["Question", "QuestionPlans", "filled_demand", "rank_questions"]

MOST_PLANS = 4096  # constant: plans kept at a time; they are made again when needed


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for.

    Attributes
    ----------
    settles : expected number of schemes whose status it settles
    schemes : the undecided schemes that ask for it
    """

    fact: str
    settles: float
    schemes: tuple[str, ...]
    term: Term


def rank_questions(engine: Engine, evaluation: Evaluation, n: int | None = None
                   ) -> tuple[Question, ...]:  # fmt: skip
    """The missing facts of the undecided schemes, the ones that settle most first.

    Equal ones stand in the order of how many schemes ask for them, then of the vocabulary.

    Parameters
    ----------
    n : how many are wanted (default: all)
    """
    asked: dict[str, list[str]] = {}
    for key, result in evaluation.results.items():
        if result.status == "undecided":
            for fact in result.missing:
                asked.setdefault(fact, []).append(key)
    plans, codes = engine.question_plans, list(evaluation.codes)
    order = plans.order
    ranked = sorted(
        (-_settles(engine, plans.of(fact, evaluation.facts), keys, codes), -len(keys), order[fact],
         fact)
        for fact, keys in asked.items()
    )  # fmt: skip
    terms = engine.vocabulary.terms
    return tuple(
        Question(fact, -settles, tuple(asked[fact]), terms[fact])
        for settles, _, _, fact in ranked[:n]
    )


@dataclass(frozen=True)
class _Plan:
    """What a fact that becomes known does to conditions.

    Attributes
    ----------
    touched : the conditions that read it
    classes : results of these for each class of its values, and what the class weighs
    whole : what all classes weigh together
    of_scheme : scheme -> where the results of its own touched conditions stand, and how they may
        fall out; classes that a scheme cannot tell apart are one
    """

    touched: tuple[int, ...]
    classes: tuple[tuple[tuple[int, ...], int], ...]
    whole: int
    of_scheme: dict[str, tuple[tuple[int, ...], tuple[tuple[tuple[int, ...], int], ...]]]


class QuestionPlans:
    """Plans of facts, kept while an engine lives.

    A plan depends on the fact, on the band it is known to lie in, and on the facts that its
    conditions read beside it; profiles that agree on these share it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.order = {name: k for k, name in enumerate(engine.vocabulary.terms)}
        self._beside: dict[str, tuple[str, ...]] = {}
        self._kept: dict[tuple[Any, ...], _Plan] = {}

    def of(self, fact: str, facts: Mapping[str, Value]) -> _Plan:
        """The plan of a fact of a profile."""
        beside = self._beside.get(fact)
        if beside is None:
            engine = self.engine
            read = {n for k in engine.conditions_on(fact) for n in engine.facts_read[k]}
            beside = self._beside[fact] = tuple(sorted(read - {fact}))
        get = facts.get
        key = (fact, get(fact), *[get(name) for name in beside]) if beside else (fact, get(fact))
        plan = self._kept.get(key)
        if plan is None:
            if len(self._kept) >= MOST_PLANS:
                self._kept.clear()
            plan = self._kept[key] = _planned(self.engine, fact, facts)
        return plan


def _planned(engine: Engine, fact: str, given: Mapping[str, Value]) -> _Plan:
    """Try every class of the values of a fact."""
    touched = engine.conditions_on(fact)
    facts = dict(given)
    before = facts.pop(fact, None)
    term = engine.vocabulary.terms[fact]
    values = _values(term, before, touched, engine, facts)
    found: dict[tuple[int, ...], int] = {}
    readers = engine.readers(touched, facts)
    for value in values:
        facts[fact] = value
        row = tuple([RESULT_OF[read(facts)] for read in readers])
        found[row] = found.get(row, 0) + 1
    if term.type in ("number", "date"):
        found = dict.fromkeys(found, 1)
    return _Plan(tuple(touched), tuple(found.items()), sum(found.values()), {})


def _of_scheme(
    engine: Engine, plan: _Plan, key: str
) -> tuple[tuple[int, ...], tuple[tuple[tuple[int, ...], int], ...]]:
    """The classes that a scheme can tell apart."""
    own = set(engine.schemes[key].places)
    where = [i for i, k in enumerate(plan.touched) if engine.place_of(k) in own]
    found: dict[tuple[int, ...], int] = {}
    for row, weight in plan.classes:
        part = tuple([row[i] for i in where])
        found[part] = found.get(part, 0) + weight
    places = tuple([engine.place_of(plan.touched[i]) for i in where])
    return places, tuple(found.items())


def _settles(engine: Engine, plan: _Plan, keys: Iterable[str], codes: list[int]) -> float:
    """Expected number of these schemes that are no longer undecided once the fact is known.

    ``codes`` is written to while it is tried, and is as before in the end.
    """
    total, schemes = 0, engine.schemes
    for key in keys:
        own = plan.of_scheme.get(key)
        if own is None:
            own = plan.of_scheme[key] = _of_scheme(engine, plan, key)
        places, rows = own
        root = schemes[key].root
        if len(places) == 1:  # most, and quicker
            (place,) = places
            kept = codes[place]
            for (code,), weight in rows:
                codes[place] = code
                if root(codes) != UNDECIDED:
                    total += weight
            codes[place] = kept
            continue
        before = [codes[place] for place in places]
        for row, weight in rows:
            for place, code in zip(places, row, strict=True):
                codes[place] = code
            if root(codes) != UNDECIDED:
                total += weight
        for place, code in zip(places, before, strict=True):
            codes[place] = code
    return total / plan.whole if plan.whole else 0.0


def _values(
    term: Term, before: Value, touched: Iterable[int], engine: Engine, facts: Mapping[str, Value]
) -> list[Any]:
    """One value or more of every class, within what is known already."""
    if term.type == "bool":
        return [True, False]
    if term.type == "choice":
        assert term.choices is not None
        return sorted(before.choices) if isinstance(before, OneOf) else list(term.choices)
    demands = [engine.demand_on(k, term.id, facts) for k in touched]
    if term.type == "text":
        named = {c for d in demands if d is not None and d.choices for c in d.choices}
        return [*sorted(named), ""]
    ends: tuple[Any, Any] = term.dates if term.type == "date" else (term.range or (0.0, 0.0))
    low, high = ends
    if isinstance(before, Band):
        low, high = before.low, before.high
    edges = {low, high}
    for demand in demands:
        for span in demand.spans if demand is not None else ():
            edges |= {span.low, span.high}
    return _between(term, sorted(e for e in edges if low <= e <= high))


def _between(term: Term, edges: list[Any]) -> list[Any]:
    """The edges, and a value between each two of them where there is one."""
    found: list[Any] = []
    for number, edge in enumerate(edges):
        found.append(edge)
        if number + 1 == len(edges):
            break
        after = edges[number + 1]
        if term.type == "date":
            middle: Any = edge + timedelta(days=1)
        elif term.is_whole:
            middle = edge + 1.0
        else:
            middle = (edge + after) / 2
        if edge < middle < after:
            found.append(middle)
    return found


def filled_demand(
    node: Node, fact: str, facts: Mapping[str, Value], vocabulary: Vocabulary
) -> Constraint | None:
    """What a condition asks of one fact when its other facts are known; ``None`` if not simple."""
    others = (facts.get(name) for name in facts_of(node) if name != fact)
    if any(isinstance(value, Band | OneOf) for value in others):
        return None  # of a band there is no one threshold
    filled = _filled(node, fact, facts)
    return None if filled is None else constraint_of(filled, vocabulary)


def _filled(node: Node, fact: str, facts: Mapping[str, Value]) -> Node | None:
    """The condition with every part that does not read the fact replaced by its value."""
    match node:
        case Comparison():
            left, right = _value(node.left, fact, facts), _value(node.right, fact, facts)
            if left is None or right is None:
                return None
            return Comparison(node.operator, left, right)
        case Between():
            x, low, high = (_value(p, fact, facts) for p in (node.operand, node.low, node.high))
            if x is None or low is None or high is None:
                return None
            return Between(x, low, high, node.is_negated)
    return None


def _value(node: Node, fact: str, facts: Mapping[str, Value]) -> Node | None:
    if fact in facts_of(node):
        return node
    value = compile_value(node)(facts)
    return None if value is None else Constant(value)

