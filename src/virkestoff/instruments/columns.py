"""Rules for a population: each condition an expression of polars over columns of facts.

Only a safe subset is used: comparison, Kleene's and, membership, plus, minus, times, least,
largest, shift by months. Never SQL, never a word of the rule's text. ``min_horizontal`` and
``max_horizontal`` skip nulls, so a null is put back where any part is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from virkestoff.instruments.closures import compile_point, compile_value
from virkestoff.instruments.expression import (
    Between,
    Clamp,
    Comparison,
    Extremum,
    FactName,
    Membership,
    Negative,
    Node,
    Product,
    Scaled,
    Shift,
    Sum,
    facts_of,
)

__all__ = ["condition_column", "value_column"]

_NULL = pl.lit(None)


def condition_column(node: Node) -> pl.Expr:
    """A condition over columns named as facts: Boolean, null where it is unknown."""
    match node:
        case FactName():
            return pl.col(node.name)
        case Comparison():
            return _comparison(node)
        case Between():
            above = _comparison(Comparison(">=", node.operand, node.low))
            inside = above & _comparison(Comparison("<=", node.operand, node.high))
            return ~inside if node.is_negated else inside
        case Membership():
            assert isinstance(node.items, tuple)
            found = value_column(node.operand).is_in([str(item.value) for item in node.items])
            return ~found if node.is_negated else found
    raise AssertionError(f"{node!r} is no condition")


def _comparison(node: Comparison) -> pl.Expr:
    if not facts_of(node):  # columns of one literal would not take the height of the frame
        return pl.lit(compile_point(node)({}), dtype=pl.Boolean)
    left, right = value_column(node.left), value_column(node.right)
    match node.operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right


def value_column(node: Node) -> pl.Expr:
    """Arithmetic over columns named as facts; null where a fact is unknown."""
    if not facts_of(node):
        return _literal(compile_value(node)({}))
    match node:
        case FactName():
            return pl.col(node.name)
        case Sum():
            left, right = value_column(node.left), value_column(node.right)
            return left - right if node.is_difference else left + right
        case Product():
            return value_column(node.left) * value_column(node.right)
        case Negative():
            return -value_column(node.operand)
        case Scaled():
            return node.factor * value_column(node.operand)
        case Shift():
            return value_column(node.operand).dt.offset_by(f"{node.months}mo")
        case Extremum():
            parts = [value_column(p) for p in node.parts]
            pick = pl.min_horizontal if node.which == "min" else pl.max_horizontal
            is_known = pl.all_horizontal([p.is_not_null() for p in parts])
            return pl.when(is_known).then(pick(parts)).otherwise(_NULL)
        case Clamp():
            x, low, high = (value_column(p) for p in (node.operand, node.low, node.high))
            is_known = x.is_not_null() & low.is_not_null() & high.is_not_null() & (low <= high)
            inside = pl.max_horizontal(low, pl.min_horizontal(x, high))
            return pl.when(is_known).then(inside).otherwise(_NULL)
    raise AssertionError(f"{node!r} gives no value")


def _literal(value: Any) -> pl.Expr:
    """A constant with its type said, so that no column's type bends it."""
    if isinstance(value, bool):
        return pl.lit(value, dtype=pl.Boolean)
    if isinstance(value, date):
        return pl.lit(value, dtype=pl.Date)
    if isinstance(value, str):
        return pl.lit(value)
    return pl.lit(None if value is None else float(value), dtype=pl.Float64)
