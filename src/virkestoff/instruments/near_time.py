"""When time alone changes an answer: until which day the conditions hold, or from which.

Conditions that name the evaluation date turn as days go by (``company.founded > evaluation_date -
parameter.max_age``). Between the days on which a rule of the scheme changes, such a comparison
turns at most once, since dates only move forward; the day is found by halving. Only the scheme's
own rules are moved in time: the profile stays as it is, and nothing is said beyond the validity of
the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

from virkestoff.instruments.closures import compile_point
from virkestoff.instruments.engine import Evaluation
from virkestoff.instruments.engine_tree import (
    JUDGEMENT,
    MET,
    NOT_MET,
    RESULT_OF,
    RULE,
    UNDECIDED,
    compile_tree,
)
from virkestoff.instruments.expression import (
    Between,
    Comparison,
    EvaluationDate,
    Node,
    bind,
    facts_of,
    nodes_of,
)
from virkestoff.instruments.intervals import Band, OneOf, compile_band
from virkestoff.instruments.scheme_rules import DatedScheme, TypedScheme, bind_scheme

__all__ = ["Turn", "turn_of"]

_YEARS = 10  # constant: how far ahead is looked where the rules have no end
_DAY = timedelta(days=1)
_FIXED = {"judgement": JUDGEMENT, "term": UNDECIDED, "rule": RULE}


@dataclass(frozen=True, slots=True)
class Turn:
    """The first day on which the conditions turn, if only time passes.

    Attributes
    ----------
    day : from this day on the answer is another
    is_end : they are not failed now, and from the day on they fail, or may (where a fact is known
        to a band); else they are failed now, and from the day on need not be
    facts : the facts that the turning conditions compare with the date
    judged_from : from this earlier day on the conditions are no longer met by themselves, and only
        an exception that somebody judges keeps them from failing
    """

    day: date
    is_end: bool
    facts: tuple[str, ...]
    judged_from: date | None = None


def turn_of(evaluation: Evaluation, key: str) -> Turn | None:
    """When time alone makes a scheme's conditions fail, or no longer fail.

    ``None`` if no condition names the date, or nothing turns while the rules are known (at most
    ten years ahead).
    """
    engine, on = evaluation.engine, evaluation.on
    typed = engine.library.typed[key]
    moving = list(_moving(typed))
    if not moving or not typed.scheme.valid.period.holds_on(on):
        return None
    last = min(typed.scheme.valid.to or date.max, on.replace(year=on.year + _YEARS, day=1))
    asked = _Asked(typed, evaluation)
    begins = [on, *(day for day in _changes(typed) if on < day <= last)]
    days: set[date] = set(begins[1:])
    turns: dict[date, set[str]] = {}
    for first, after in zip(begins, [*begins[1:], last + _DAY], strict=True):
        for _, node in moving:
            for day in _turns(partial(asked.truth, node), first, after - _DAY):
                turns.setdefault(day, set()).update(facts_of(node))
    is_failed = asked.fails(on)
    if not is_failed and asked.may_fail(on):
        return None  # a band reaches over the turn already: no day is sure
    for day in sorted(days | turns.keys()):
        is_turned = not asked.fails(day) if is_failed else asked.may_fail(day)
        if is_turned:
            facts = turns.get(day, set())
            if not facts:
                return None
            judged = None if is_failed or asked.result(on) != MET else next(
                (d for d in sorted(days | turns.keys()) if d < day and asked.result(d) != MET),
                None)  # fmt: skip
            return Turn(day, not is_failed, tuple(sorted(facts)), judged)
    return None


def _moving(typed: TypedScheme) -> Iterator[tuple[str, Node]]:
    """The conditions that name the evaluation date and a fact that is known to lie in time."""
    for leaf, versions in typed.leaves.items():
        for _, node in versions:
            if node is not None and any(isinstance(n, EvaluationDate) for n in nodes_of(node)):
                yield from ((leaf, half) for half in _halves(node))


def _halves(node: Node) -> tuple[Node, ...]:
    """Comparisons that each turn once, of which the condition is made."""
    match node:
        case Between(operand=x, low=low, high=high):
            return Comparison(">=", x, low), Comparison("<=", x, high)
        case Comparison(operator="=" | "!=", left=left, right=right):
            return Comparison(">=", left, right), Comparison("<=", left, right)
    return (node,)


def _changes(typed: TypedScheme) -> list[date]:
    """The days on which a rule of the scheme changes."""
    spans = [v.valid for versions in typed.leaves.values() for v, _ in versions]
    spans += [v.valid for p in typed.scheme.parameters.values() for v in p.values if v.valid]
    found = {span.from_ for span in spans if span.from_}
    found |= {span.to + _DAY for span in spans if span.to and span.to < date.max}
    return sorted(found)


def _turns(truth: Callable[[date], Any], first: date, last: date) -> Iterator[date]:
    """The days on which a truth that turns in one direction becomes another."""
    while first <= last and truth(first) is not truth(last):
        before, low, high = truth(first), first, last
        while (high - low).days > 1:
            middle = low + (high - low) / 2
            if truth(middle) is before:
                low = middle
            else:
                high = middle
        yield high
        first = high


class _Asked:
    """A scheme asked on one day after another."""

    def __init__(self, typed: TypedScheme, evaluation: Evaluation) -> None:
        self.typed, self.facts = typed, evaluation.facts
        self.moving = frozenset(leaf for leaf, _ in _moving(typed))
        self.days: dict[date, DatedScheme] = {}

    def dated(self, day: date) -> DatedScheme:
        if day not in self.days:
            self.days[day] = bind_scheme(self.typed, day)
        return self.days[day]

    def of(self, node: Node) -> bool | None:
        is_banded = any(isinstance(self.facts.get(n), Band | OneOf) for n in facts_of(node))
        return (compile_band(node) if is_banded else compile_point(node))(self.facts)

    def truth(self, node: Node, day: date) -> bool | None:
        """What a condition says on a day."""
        values = {p.name: p.value for p in self.dated(day).parameters.values()}
        bound = bind(node, values, day)
        return None if bound is None else self.of(bound)

    def results(self, dated: DatedScheme) -> list[int]:
        """The result of each condition."""
        return [
            _FIXED[leaf.cause or "term"] if leaf.node is None else RESULT_OF[self.of(leaf.node)]
            for leaf in dated.leaves
        ]

    def fails(self, day: date) -> bool:
        """Whether the conditions fail on a day."""
        return self.result(day) == NOT_MET

    def result(self, day: date) -> int:
        """What the conditions together say on a day."""
        dated = self.dated(day)
        assert dated.tree is not None
        results = self.results(dated)
        return compile_tree(dated.tree, range(len(results)))(results)

    def may_fail(self, day: date) -> bool:
        """Whether the conditions fail, or would for a point of the bands of moving conditions."""
        dated = self.dated(day)
        assert dated.tree is not None
        results = self.results(dated)
        open_ = [k for k, leaf in enumerate(dated.leaves)
                 if results[k] == UNDECIDED and leaf.leaf.id in self.moving
                 and leaf.node is not None
                 and all(self.facts.get(n) is not None for n in facts_of(leaf.node))]  # fmt: skip
        root = compile_tree(dated.tree, range(len(results)))
        for tried in product((MET, NOT_MET), repeat=len(open_)):
            for k, result in zip(open_, tried, strict=True):
                results[k] = result
            if root(results) == NOT_MET:
                return True
        return False
