"""Rules for a population: each condition an expression of polars over columns of facts.

Only a safe subset is used: comparison, Kleene's and, membership, plus, minus, times, least,
largest, shift by months. Never SQL, never a word of the rule's text. ``min_horizontal`` and
``max_horizontal`` skip nulls, so nought times each part is added, which is null where it is.
"""

from __future__ import annotations

from collections.abc import Callable
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

__all__ = ["Column", "condition_column", "value_column"]

Column = Callable[[str], pl.Expr]



def condition_column(node: Node, column: Column = pl.col) -> pl.Expr:
    """A condition over columns named as facts: Boolean, null where it is unknown.

    Parameters
    ----------
    column : from a fact's name to its column, for instance to some rows of it
    """
    match node:
        case FactName():
            return column(node.name)
        case Comparison():
            return _comparison(node, column)
        case Between():
            above = _comparison(Comparison(">=", node.operand, node.low), column)
            inside = above & _comparison(Comparison("<=", node.operand, node.high), column)
            return ~inside if node.is_negated else inside
        case Membership():
            assert isinstance(node.items, tuple)
            items = [str(item.value) for item in node.items]
            found = value_column(node.operand, column).is_in(items)
            return ~found if node.is_negated else found
    raise AssertionError(f"{node!r} is no condition")


def _comparison(node: Comparison, column: Column) -> pl.Expr:
    if not facts_of(node):  # columns of one literal would not take the height of the frame
        return pl.lit(compile_point(node)({}), dtype=pl.Boolean)
    left, right = value_column(node.left, column), value_column(node.right, column)
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


def value_column(node: Node, column: Column = pl.col) -> pl.Expr:
    """Arithmetic over columns named as facts; null where a fact is unknown."""
    if not facts_of(node):
        return _literal(compile_value(node)({}))
    match node:
        case FactName():
            return column(node.name)
        case Sum():
            left, right = value_column(node.left, column), value_column(node.right, column)
            return left - right if node.is_difference else left + right
        case Product():
            return value_column(node.left, column) * value_column(node.right, column)
        case Negative():
            return -value_column(node.operand, column)
        case Scaled():
            return node.factor * value_column(node.operand, column)
        case Shift():
            return value_column(node.operand, column).dt.offset_by(f"{node.months}mo")
        case Extremum():
            parts = [value_column(p, column) for p in node.parts]
            pick = pl.min_horizontal if node.which == "min" else pl.max_horizontal
            return pick(parts) + _nought(parts)
        case Clamp():
            x, low, high = (value_column(p, column) for p in (node.operand, node.low, node.high))
            nought = _nought([x, low, high])
            inside = pl.max_horizontal(low, pl.min_horizontal(x, high)) + nought
            nothing = nought * pl.lit(None, dtype=pl.Float64)
            return pl.when(low <= high).then(inside).otherwise(nothing)
    raise AssertionError(f"{node!r} gives no value")


def _nought(parts: list[pl.Expr]) -> pl.Expr:
    """Nought where all parts are known, null elsewhere, and always as long as the frame.

    A ``when`` whose condition holds nowhere gives one null and not a column of them, and then no
    longer fits beside a literal: so unknown is carried by arithmetic. Every part is finite.
    """
    return pl.sum_horizontal([part * 0.0 for part in parts], ignore_nulls=False)


def _literal(value: Any) -> pl.Expr:
    """A constant with its type said, so that no column's type bends it."""
    if isinstance(value, bool):
        return pl.lit(value, dtype=pl.Boolean)
    if isinstance(value, date):
        return pl.lit(value, dtype=pl.Date)
    if isinstance(value, str):
        return pl.lit(value)
    return pl.lit(None if value is None else float(value), dtype=pl.Float64)
