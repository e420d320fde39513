"""What a scheme gives to some rows of a population: arithmetic over arrays, NaN where unknown.

    amount = min(rate x base, (1 - own share) x base, cap), or what the formula says

as for one profile (``engine_amount``), but an amount that only its bounds would settle is unknown.
Facts are never NaN themselves (``check_frame``), and every operation here carries NaN on. Which
case of an amount holds is a condition, and it is computed as all others are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from virkestoff.instruments.closures import compile_point, compile_value
from virkestoff.instruments.engine_amount import AmountPart
from virkestoff.instruments.expression import (
    Clamp,
    Extremum,
    FactName,
    Negative,
    Node,
    Product,
    Scaled,
    Sum,
    facts_of,
)

__all__ = ["Amounts", "Rows", "compile_amounts", "sum_rounded"]

Numbers: TypeAlias = NDArray[np.float64]


class Rows(Protocol):
    """Some rows of a population."""

    def number(self, fact: str) -> Numbers:
        """A fact of each row; NaN where it is unknown."""
        ...

    def truth(self, condition: Node) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Where a condition is true, and where it is known."""
        ...


Amounts: TypeAlias = Callable[[Rows], Numbers | float]
"""Amounts of some rows, NaN where not known; one number if it is the same for all."""


def compile_amounts(parts: Mapping[str, AmountPart], *, is_uncapped: bool) -> Amounts | None:
    """The amount of a scheme over rows; ``None`` if it never is known."""
    found = {name: _part(part) for name, part in parts.items() if part.cases is not None}
    base, rate = found.get("base"), found.get("rate")
    if "formula" in parts:
        amount = found.get("formula")
        needs_cap = "cap" in parts and not is_uncapped
    else:
        amount = _product(rate, base) if rate and base else None
        needs_cap = not is_uncapped
        if amount and base and "own_share" in parts:
            own = found.get("own_share")
            amount = _least(amount, _product(_rest(own), base)) if own else None
    if amount and needs_cap:
        amount = _least(amount, found["cap"]) if "cap" in found else None
    if amount and "minimum" in parts:
        amount = _not_below(amount, found["minimum"]) if "minimum" in found else None
    return amount


def sum_rounded(amounts: Numbers | float, n_rows: int) -> tuple[int, int]:
    """Sum and number of known amounts of rows, each rounded half up to a whole number."""
    if not isinstance(amounts, np.ndarray):  # one amount for all
        return (0, 0) if math.isnan(amounts) else (math.floor(amounts + 0.5) * n_rows, n_rows)
    whole = np.floor(amounts + 0.5)
    known = whole == whole  # false for NaN alone
    n_known = int(np.count_nonzero(known))
    if n_known < whole.size:
        whole = whole[known]
    if not n_known:
        return 0, 0
    if float(whole.max()) * n_known < 2.0**62:  # constant: the sum is held by 64 bits
        return int(whole.astype(np.int64).sum()), n_known
    return sum(int(amount) for amount in whole.tolist()), n_known


# ---- parts


def _part(part: AmountPart) -> Amounts:
    """A part within its bounds: a share is in 0..1, money at least nought."""
    assert part.cases is not None
    high = 1.0 if part.name in ("rate", "own_share") else math.inf
    shown: Amounts = _constant(math.nan)
    for when, then in reversed(part.cases):
        holds = True if when is None else _fixed_truth(when)
        value = _value(then)
        if when is not None and facts_of(when):
            shown = _case(when, value, shown)
        elif holds is not False:
            shown = value if holds else _constant(math.nan)
    bounded = _between(shown, 0.0, high)
    return bounded if part.facts else _constant(float(bounded(_NoRows())))


def _between(amounts: Amounts, low: float, high: float) -> Amounts:
    if math.isinf(high):
        return lambda rows: _plain(np.maximum(amounts(rows), low))
    return lambda rows: _plain(np.minimum(np.maximum(amounts(rows), low), high))


def _constant(number: float) -> Amounts:
    return lambda rows: number


def _fixed_truth(when: Node) -> bool | None:
    """What a condition without facts says."""
    return None if facts_of(when) else compile_point(when)({})


class _NoRows:
    """What amounts that read no fact are asked for."""

    def number(self, fact: str) -> Numbers:
        raise AssertionError(f"{fact} is read by an amount without facts")

    def truth(self, condition: Node) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        raise AssertionError(f"{condition!r} is read by an amount without facts")


def _plain(value: Numbers | float) -> Numbers | float:
    return value if isinstance(value, np.ndarray) else float(value)


def _case(when: Node, value: Amounts, other: Amounts) -> Amounts:
    def one_of(rows: Rows) -> Numbers:
        true, known = rows.truth(when)
        chosen = np.where(true, value(rows), other(rows))
        return np.where(known, chosen, np.nan)

    return one_of


def _product(left: Amounts, right: Amounts) -> Amounts:
    return lambda rows: left(rows) * right(rows)


def _rest(share: Amounts) -> Amounts:
    return lambda rows: 1.0 - share(rows)


def _least(left: Amounts, right: Amounts) -> Amounts:
    return lambda rows: _plain(np.minimum(left(rows), right(rows)))


def _not_below(amount: Amounts, least: Amounts) -> Amounts:
    """Nought where the amount is below the least; unknown where either is."""

    def given(rows: Rows) -> Numbers | float:
        found, bound = amount(rows), least(rows)
        return _plain(np.where(found < bound, 0.0, found) + 0.0 * bound)

    return given


# ---- arithmetic


def _value(node: Node) -> Amounts:
    """Arithmetic over numbers; NaN where a fact is unknown."""
    if not facts_of(node):
        fixed = compile_value(node)({})
        return _constant(math.nan if fixed is None else float(fixed))
    match node:
        case FactName():
            name = node.name
            return lambda rows: rows.number(name)
        case Sum():
            left, right = _value(node.left), _value(node.right)
            if node.is_difference:
                return lambda rows: left(rows) - right(rows)
            return lambda rows: left(rows) + right(rows)
        case Product():
            return _product(_value(node.left), _value(node.right))
        case Negative():
            operand = _value(node.operand)
            return lambda rows: -operand(rows)
        case Scaled():
            scaled, factor = _value(node.operand), node.factor
            return lambda rows: factor * scaled(rows)
        case Extremum():
            parts = [_value(part) for part in node.parts]
            pick = np.minimum if node.which == "min" else np.maximum
            return lambda rows: pick.reduce(np.broadcast_arrays(*(p(rows) for p in parts)))
        case Clamp():
            return _clamp(node)
    raise AssertionError(f"{node!r} gives no number")


def _clamp(node: Clamp) -> Amounts:
    operand, least, most = (_value(p) for p in (node.operand, node.low, node.high))

    def clamped(rows: Rows) -> Numbers | float:
        low, high = least(rows), most(rows)
        inside = np.maximum(low, np.minimum(operand(rows), high))
        return np.where(np.less_equal(low, high), inside, np.nan)

    return clamped
