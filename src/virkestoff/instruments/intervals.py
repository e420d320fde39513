"""Rules over bands: what a condition says when a fact is known only to lie in a range.

A band holds between its ends, both included. The answer is true or false only if it is so for every
point of the band; else it is unknown. Sums, products and extrema of floating-point numbers are
monotone in each part, also after rounding, so the ends of an interval bound every point exactly. A
fact that is not known at all stays unknown, as with points: the back ends then agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from virkestoff.instruments.expression import (
    Between,
    Clamp,
    Comparison,
    Constant,
    Extremum,
    FactName,
    Membership,
    Negative,
    Node,
    Product,
    Scaled,
    Shift,
    Sum,
    add_months,
)

__all__ = [
    "Band",
    "Interval",
    "OneOf",
    "Value",
    "compile_band",
    "compile_interval",
    "ends_of",
    "may_be_equal",
    "times",
]


@dataclass(frozen=True, slots=True)
class Band:
    """A number or date known to lie between two ends, both included.

    An end that is ``None`` is open: nothing bounds it there.
    """

    low: Any
    high: Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice known to be one of several."""

    choices: frozenset[str]


Value: TypeAlias = bool | float | str | date | Band | OneOf | None
Interval: TypeAlias = tuple[Any, Any]
"""Two ends of numbers or dates, or the least and largest of a choice's ids with the set itself."""
Facts: TypeAlias = Mapping[str, Value]
_ROUNDING = 1e-9  # constant: of sums of shares and amounts


def compile_interval(node: Node) -> Callable[[Facts], Interval | None]:
    """What arithmetic gives: the two ends, or ``None`` if a fact is unknown.

    Where a clamp's low end may lie above its high end, nothing is said.
    """
    match node:
        case Constant():
            fixed = (node.value, node.value)
            return lambda facts: fixed
        case FactName():
            return _fact(node.name)
        case Sum():
            return _sum(node)
        case Product():
            return _product(node)
        case Negative():
            inner = compile_interval(node.operand)
            return _lifted(inner, lambda x: (-x[1], -x[0]))
        case Scaled():
            by = node.factor
            inner = compile_interval(node.operand)
            return _lifted(inner, lambda x: (times(by, x[0]), times(by, x[1])))
        case Shift():
            assert isinstance(node.months, int)
            months = node.months
            inner = compile_interval(node.operand)
            return _lifted(inner, lambda x: (_moved(x[0], months), _moved(x[1], months)))
        case Extremum():
            return _extremum(node)
        case Clamp():
            return _clamp(node)
    raise AssertionError(f"{node!r} gives no number or date")


def _fact(name: str) -> Callable[[Facts], Interval | None]:
    def read(facts: Facts) -> Interval | None:
        value = facts.get(name)
        if value is None:
            return None
        return ends_of(value) if isinstance(value, Band) else (value, value)

    return read


def ends_of(band: Band) -> Interval | None:
    """The ends of a band, an open one without bound; a band that says nothing is unknown."""
    low, high = band.low, band.high
    if low is not None and high is not None:
        return low, high
    if low is None and high is None:
        return None
    is_date = isinstance(high if low is None else low, date)
    least, most = (date.min, date.max) if is_date else (-math.inf, math.inf)
    return (least if low is None else low), (most if high is None else high)


def may_be_equal(x: Value, y: Value) -> bool:
    """Whether two statements of one fact can both be true; what is unknown contradicts nothing."""
    if x is None or y is None:
        return True
    if isinstance(x, str | bool | OneOf) or isinstance(y, str | bool | OneOf):
        return not _values_of(x).isdisjoint(_values_of(y))
    a: Interval | None = ends_of(x) if isinstance(x, Band) else (x, x)
    b: Interval | None = ends_of(y) if isinstance(y, Band) else (y, y)
    if a is None or b is None:
        return True
    if isinstance(a[0], date):
        return bool(a[0] <= b[1] and b[0] <= a[1])
    slack = _ROUNDING * max(1.0, *(abs(end) for end in (*a, *b) if math.isfinite(end)))
    return bool(a[0] <= b[1] + slack and b[0] <= a[1] + slack)


def _values_of(value: Any) -> frozenset[Any]:
    return value.choices if isinstance(value, OneOf) else frozenset((value,))


def times(x: float, y: float) -> float:
    """A product where nought times no bound is nought."""
    return 0.0 if x == 0 or y == 0 else x * y


def _moved(day: date, months: int) -> date:
    """A day moved by months; the first and last of all days are no bounds and stay."""
    return day if day in (date.min, date.max) else add_months(day, months)


def _lifted(
    inner: Callable[[Facts], Interval | None], apply: Callable[[Interval], Interval]
) -> Callable[[Facts], Interval | None]:
    def lifted(facts: Facts) -> Interval | None:
        x = inner(facts)
        return None if x is None else apply(x)

    return lifted


def _sum(node: Sum) -> Callable[[Facts], Interval | None]:
    left, right = compile_interval(node.left), compile_interval(node.right)

    def add(facts: Facts) -> Interval | None:
        x, y = left(facts), right(facts)
        return None if x is None or y is None else (x[0] + y[0], x[1] + y[1])

    def subtract(facts: Facts) -> Interval | None:
        x, y = left(facts), right(facts)
        return None if x is None or y is None else (x[0] - y[1], x[1] - y[0])

    return subtract if node.is_difference else add


def _product(node: Product) -> Callable[[Facts], Interval | None]:
    left, right = compile_interval(node.left), compile_interval(node.right)

    def multiply(facts: Facts) -> Interval | None:
        x, y = left(facts), right(facts)
        if x is None or y is None:
            return None
        corners = [times(a, b) for a in x for b in y]
        return (min(corners), max(corners))

    return multiply


def _extremum(node: Extremum) -> Callable[[Facts], Interval | None]:
    parts = [compile_interval(p) for p in node.parts]
    pick = min if node.which == "min" else max

    def extremum(facts: Facts) -> Interval | None:
        found = [part(facts) for part in parts]
        if any(x is None for x in found):
            return None
        return (pick(x[0] for x in found if x), pick(x[1] for x in found if x))

    return extremum


def _clamp(node: Clamp) -> Callable[[Facts], Interval | None]:
    parts = [compile_interval(p) for p in (node.operand, node.low, node.high)]

    def clamp(facts: Facts) -> Interval | None:
        x, low, high = (part(facts) for part in parts)
        if x is None or low is None or high is None or low[1] > high[0]:
            return None
        return (max(low[0], min(x[0], high[0])), max(low[1], min(x[1], high[1])))

    return clamp


def compile_band(node: Node) -> Callable[[Facts], bool | None]:
    """What a condition says over bands: true, false, or ``None``."""
    match node:
        case FactName():
            name = node.name
            return lambda facts: facts.get(name)  # type: ignore[return-value]
        case Comparison():
            return _comparison(node)
        case Between():
            return _between(node)
        case Membership():
            return _membership(node)
    raise AssertionError(f"{node!r} is no condition")


def _is_of_choices(node: Node) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, str | bool)


def _set_of(node: Node) -> Callable[[Facts], frozenset[Any] | None]:
    if isinstance(node, Constant):
        fixed = frozenset((node.value,))
        return lambda facts: fixed
    assert isinstance(node, FactName)
    name = node.name

    def read(facts: Facts) -> frozenset[Any] | None:
        value = facts.get(name)
        if value is None:
            return None
        return value.choices if isinstance(value, OneOf) else frozenset((value,))

    return read


def _same(node: Comparison) -> Callable[[Facts], bool | None]:
    """Equality of choices, texts and conditions."""
    left, right = _set_of(node.left), _set_of(node.right)
    is_equal = node.operator == "="

    def same(facts: Facts) -> bool | None:
        x, y = left(facts), right(facts)
        if x is None or y is None:
            return None
        if not x & y:
            return not is_equal
        return is_equal if len(x) == 1 and x == y else None

    return same


def _comparison(node: Comparison) -> Callable[[Facts], bool | None]:
    if _is_of_choices(node.left) or _is_of_choices(node.right):
        return _same(node)
    left, right = compile_interval(node.left), compile_interval(node.right)
    operator = node.operator

    def compare(facts: Facts) -> bool | None:
        x, y = left(facts), right(facts)
        return None if x is None or y is None else ordered(operator, x, y)

    return compare


def ordered(operator: str, x: Interval, y: Interval) -> bool | None:
    """``x operator y`` for intervals: true or false only if it is so for all their points."""
    match operator:
        case "<":
            return True if x[1] < y[0] else False if x[0] >= y[1] else None
        case "<=":
            return True if x[1] <= y[0] else False if x[0] > y[1] else None
        case ">":
            return True if x[0] > y[1] else False if x[1] <= y[0] else None
        case ">=":
            return True if x[0] >= y[1] else False if x[1] < y[0] else None
    is_apart = x[1] < y[0] or x[0] > y[1]
    is_same = x[0] == x[1] == y[0] == y[1]
    if not is_apart and not is_same:
        return None
    return bool(is_same if operator == "=" else is_apart)


def _between(node: Between) -> Callable[[Facts], bool | None]:
    parts = [compile_interval(p) for p in (node.operand, node.low, node.high)]
    inside, outside = not node.is_negated, node.is_negated

    def between(facts: Facts) -> bool | None:
        x, low, high = (part(facts) for part in parts)
        above = None if x is None or low is None else ordered(">=", x, low)
        below = None if x is None or high is None else ordered("<=", x, high)
        if above is False or below is False:
            return outside
        return inside if above and below else None

    return between


def _membership(node: Membership) -> Callable[[Facts], bool | None]:
    assert isinstance(node.items, tuple)
    items = frozenset(item.value for item in node.items)
    operand = _set_of(node.operand)
    inside, outside = not node.is_negated, node.is_negated

    def member(facts: Facts) -> bool | None:
        x = operand(facts)
        if x is None:
            return None
        if x <= items:
            return inside
        return None if x & items else outside

    return member
