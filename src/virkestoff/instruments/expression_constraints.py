"""What a condition asks of a single fact: the spans or choices that meet it.

Used to tell rules that can never be true or are always true, to say how near a miss is, and to find
the values of a missing fact between which a decision turns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from virkestoff.instruments.expression import (
    Between,
    Comparison,
    Constant,
    FactName,
    Membership,
    Node,
)
from virkestoff.instruments.vocabulary import Term, Vocabulary

__all__ = ["Constraint", "Span", "constraint_of"]

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers or dates from ``low`` to ``high``; an end that is open is not part of it."""

    low: Any
    high: Any
    is_low_open: bool = False
    is_high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies in it."""
        if self.low == self.high:
            return self.is_low_open or self.is_high_open
        return bool(self.low > self.high)

    def met(self, other: Span) -> Span:
        """What lies in both."""
        low = max((self.low, self.is_low_open), (other.low, other.is_low_open))
        high = min((self.high, not self.is_high_open), (other.high, not other.is_high_open))
        return Span(low[0], high[0], low[1], not high[1])


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a condition asks of one fact.

    Attributes
    ----------
    fact : its name
    spans : of a number or date: what meets the condition, in rising order
    choices : of a choice, text, or true and false: what meets it
    is_excluded : of a text: everything but ``choices`` meets it
    """

    fact: str
    spans: tuple[Span, ...] = ()
    choices: frozenset[Any] | None = None
    is_excluded: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing meets it."""
        if self.choices is None:
            return not self.spans
        return not self.choices and not self.is_excluded

    @property
    def low(self) -> Any:
        """The lowest value that meets it (or is its open end)."""
        return self.spans[0].low if self.spans else None

    @property
    def high(self) -> Any:
        """The highest value that meets it (or is its open end)."""
        return self.spans[-1].high if self.spans else None

    def met(self, other: Constraint) -> Constraint:
        """What meets both."""
        if self.choices is not None and other.choices is not None:
            return _met_choices(self, other)
        found = (a.met(b) for a in self.spans for b in other.spans)
        return Constraint(self.fact, tuple(s for s in found if not s.is_empty))


def _met_choices(one: Constraint, other: Constraint) -> Constraint:
    assert one.choices is not None
    assert other.choices is not None
    if one.is_excluded and other.is_excluded:
        return Constraint(one.fact, choices=one.choices | other.choices, is_excluded=True)
    if one.is_excluded:
        return Constraint(one.fact, choices=other.choices - one.choices)
    if other.is_excluded:
        return Constraint(one.fact, choices=one.choices - other.choices)
    return Constraint(one.fact, choices=one.choices & other.choices)


def constraint_of(node: Node, vocabulary: Vocabulary, *, is_true: bool = True) -> Constraint | None:
    """What a bound condition asks of the one fact it compares with constants, else ``None``.

    Parameters
    ----------
    is_true : whether the condition is to be true; if not, what makes it false
    """
    match node:
        case FactName():
            return Constraint(node.name, choices=frozenset((is_true,)))
        case Comparison(left=FactName() as fact, right=Constant() as constant):
            return _compared(vocabulary.terms[fact.name], node.operator, constant.value, is_true)
        case Comparison(left=Constant() as constant, right=FactName() as fact):
            turned = _FLIPPED[node.operator]
            return _compared(vocabulary.terms[fact.name], turned, constant.value, is_true)
        case Between(operand=FactName() as fact, low=Constant() as low, high=Constant() as high):
            term = vocabulary.terms[fact.name]
            is_inside = is_true != node.is_negated
            return _spans(term, _inside(term, low.value, high.value, is_inside))
        case Membership(operand=FactName() as fact):
            assert isinstance(node.items, tuple)
            listed = frozenset(item.value for item in node.items)
            return _chosen(vocabulary.terms[fact.name], listed, is_true != node.is_negated)
    return None


def _compared(term: Term, operator: str, value: Any, is_true: bool) -> Constraint:
    if term.type in ("bool", "choice", "text"):
        return _chosen(term, frozenset((value,)), (operator == "=") == is_true)
    low, high = _ends(term)
    below, above = Span(low, value, False, True), Span(value, high, True, False)
    upto, upward = Span(low, value), Span(value, high)
    point = Span(value, value)
    spans = {
        "<": ([below], [upward]), "<=": ([upto], [above]), ">": ([above], [upto]),
        ">=": ([upward], [below]), "=": ([point], [below, above]), "!=": ([below, above], [point]),
    }[operator]  # fmt: skip
    return _spans(term, spans[0] if is_true else spans[1])


def _inside(term: Term, low: Any, high: Any, is_inside: bool) -> list[Span]:
    lowest, highest = _ends(term)
    if is_inside:
        return [Span(low, high)]
    return [Span(lowest, low, False, True), Span(high, highest, True, False)]


def _ends(term: Term) -> tuple[Any, Any]:
    return term.dates if term.type == "date" else (term.range or (-math.inf, math.inf))


def _spans(term: Term, spans: Iterable[Span]) -> Constraint:
    whole = Span(*_ends(term))
    met = [_stepped(term, span.met(whole)) for span in spans]
    return Constraint(term.id, tuple(span for span in met if not span.is_empty))


def _stepped(term: Term, span: Span) -> Span:
    """Dates and whole numbers have a next one: their spans are closed."""
    low, high = span.low, span.high
    if term.type == "date":
        day = timedelta(days=1)
        is_edge = low == date.max or high == date.min
        if is_edge:
            return span
        return Span(low + day * span.is_low_open, high - day * span.is_high_open)
    if not term.is_whole:
        return span
    first, last = math.ceil(low), math.floor(high)
    first += first == low and span.is_low_open
    last -= last == high and span.is_high_open
    return Span(float(first), float(last))


def _chosen(term: Term, values: frozenset[Any], is_in: bool) -> Constraint:
    if is_in:
        return Constraint(term.id, choices=values)
    if term.type == "text":
        return Constraint(term.id, choices=values, is_excluded=True)
    whole = frozenset(term.choices or (True, False))
    return Constraint(term.id, choices=whole - values)
