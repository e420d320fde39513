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
    from virkestoff.instruments.engine import CompiledScheme, Engine, Evaluation

__all__ = ["Question", "filled_demand", "rank_questions"]


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


def rank_questions(engine: Engine, evaluation: Evaluation) -> tuple[Question, ...]:
    """Every missing fact of the undecided schemes, the one that settles most first.

    Equal ones stand in the order of how many schemes ask for them, then of the vocabulary.
    """
    undecided = [(k, r) for k, r in evaluation.results.items() if r.status == "undecided"]
    asked: dict[str, list[str]] = {}
    for key, result in undecided:
        for fact in result.missing:
            asked.setdefault(fact, []).append(key)
    order = {name: k for k, name in enumerate(engine.vocabulary.terms)}
    found = [
        Question(fact, _settles(engine, evaluation, fact, [engine.schemes[k] for k in keys]),
                 tuple(keys), engine.vocabulary.terms[fact])
        for fact, keys in asked.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda q: (-q.settles, -len(q.schemes), order[q.fact])))


def _settles(
    engine: Engine, evaluation: Evaluation, fact: str, schemes: list[CompiledScheme]
) -> float:
    """Expected number of these schemes that are no longer undecided once the fact is known."""
    touched = engine.conditions_on(fact)
    codes = list(evaluation.codes)
    facts = dict(evaluation.facts)
    before = facts.pop(fact, None)
    term = engine.vocabulary.terms[fact]
    values = _values(term, before, touched, engine, facts)
    classes: dict[tuple[bool | None, ...], int] = {}
    readers = engine.readers(touched, facts)
    for value in values:
        facts[fact] = value
        row = tuple([read(facts) for read in readers])
        classes[row] = classes.get(row, 0) + 1
    is_counted_alike = term.type in ("number", "date")
    total, whole = 0.0, 0
    for row, n_values in classes.items():
        weight = 1 if is_counted_alike else n_values
        for k, truth in zip(touched, row, strict=True):
            codes[engine.place_of(k)] = RESULT_OF[truth]
        n_settled = sum(1 for scheme in schemes if scheme.root(codes) != UNDECIDED)
        total += weight * n_settled
        whole += weight
    return total / whole if whole else 0.0


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

