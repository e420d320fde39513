"""Rules for one profile: each condition a Python closure over its facts, compiled once.

A closure takes the known facts by name and gives true, false or ``None`` (unknown). The forms that
almost all rules have (fact against constant) are compiled to one call; all others to a small tree.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
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

__all__ = ["compile_point", "compile_value"]

Facts: TypeAlias = Mapping[str, Any]
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def compile_point(node: Node) -> Callable[[Facts], bool | None]:
    """What a condition says of facts that are points or unknown: true, false, or ``None``."""
    match node:
        case FactName():
            name = node.name
            return lambda facts: facts.get(name)
        case Comparison():
            return _comparison(node)
        case Between():
            return _between(node)
        case Membership():
            return _membership(node)
    raise AssertionError(f"{node!r} is no condition")


def _comparison(node: Comparison) -> Callable[[Facts], bool | None]:
    compare = _OPERATORS[node.operator]
    if isinstance(node.left, FactName) and isinstance(node.right, Constant):
        name, fixed = node.left.name, node.right.value

        def against(facts: Facts) -> bool | None:
            x = facts.get(name)
            return None if x is None else compare(x, fixed)

        return against
    left, right = compile_value(node.left), compile_value(node.right)

    def both(facts: Facts) -> bool | None:
        x, y = left(facts), right(facts)
        return None if x is None or y is None else compare(x, y)

    return both


def _between(node: Between) -> Callable[[Facts], bool | None]:
    operand, low, high = (compile_value(p) for p in (node.operand, node.low, node.high))
    inside, outside = not node.is_negated, node.is_negated

    def between(facts: Facts) -> bool | None:
        x = operand(facts)
        if x is None:
            return None
        bottom, top = low(facts), high(facts)
        if (bottom is not None and x < bottom) or (top is not None and x > top):
            return outside
        return None if bottom is None or top is None else inside

    return between


def _membership(node: Membership) -> Callable[[Facts], bool | None]:
    assert isinstance(node.items, tuple)
    assert isinstance(node.operand, FactName)
    items, name = frozenset(item.value for item in node.items), node.operand.name
    is_negated = node.is_negated

    def member(facts: Facts) -> bool | None:
        x = facts.get(name)
        return None if x is None else (x in items) != is_negated

    return member


def compile_value(node: Node) -> Callable[[Facts], Any]:
    """What arithmetic gives for points: a number or date, or ``None`` if a fact is unknown."""
    match node:
        case Constant():
            fixed = node.value
            return lambda facts: fixed
        case FactName():
            name = node.name
            return lambda facts: facts.get(name)
        case Sum():
            return _of_two(node.left, node.right,
                           operator.sub if node.is_difference else operator.add)  # fmt: skip
        case Product():
            return _of_two(node.left, node.right, operator.mul)
        case Negative():
            return _of_one(node.operand, operator.neg)
        case Scaled():
            by = node.factor
            return _of_one(node.operand, lambda x: by * x)
        case Shift():
            assert isinstance(node.months, int)
            months = node.months
            return _of_one(node.operand, lambda x: add_months(x, months))
        case Extremum():
            return _extremum(node)
        case Clamp():
            return _clamp(node)
    raise AssertionError(f"{node!r} gives no value")


def _of_one(inner: Node, apply: Callable[[Any], Any]) -> Callable[[Facts], Any]:
    operand = compile_value(inner)

    def one(facts: Facts) -> Any:
        x = operand(facts)
        return None if x is None else apply(x)

    return one


def _of_two(left: Node, right: Node, apply: Callable[[Any, Any], Any]) -> Callable[[Facts], Any]:
    first, second = compile_value(left), compile_value(right)

    def two(facts: Facts) -> Any:
        x, y = first(facts), second(facts)
        return None if x is None or y is None else apply(x, y)

    return two


def _extremum(node: Extremum) -> Callable[[Facts], Any]:
    parts = [compile_value(p) for p in node.parts]
    pick = min if node.which == "min" else max

    def extremum(facts: Facts) -> Any:
        found = [part(facts) for part in parts]
        return None if None in found else pick(found)

    return extremum


def _clamp(node: Clamp) -> Callable[[Facts], Any]:
    parts = [compile_value(p) for p in (node.operand, node.low, node.high)]

    def clamp(facts: Facts) -> Any:
        x, low, high = (part(facts) for part in parts)
        if x is None or low is None or high is None or low > high:
            return None
        return max(low, min(x, high))

    return clamp
