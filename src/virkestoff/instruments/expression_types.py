"""Types and units of an expression, checked before any fact is read.

Comparing text with a number, kroner with euros, or a date with a text is a fault here and never a
result later. Units of one dimension are converted by a factor put into the tree; nothing else is
ever coerced.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from virkestoff.errors import InputError, suggest
from virkestoff.instruments.expression import (
    Between,
    Clamp,
    Comparison,
    Constant,
    EvaluationDate,
    ExpressionError,
    Extremum,
    FactName,
    Kind,
    Membership,
    Negative,
    Node,
    ParameterName,
    Product,
    Scaled,
    Shift,
    Sum,
    facts_of,
)
from virkestoff.instruments.vocabulary import Vocabulary
from virkestoff.quantities import check_unit, factor

__all__ = ["ParameterType", "Scope", "Typed", "check_amount", "check_leaf"]

LARGEST_RESULT = 1e100  # constant: bound of what arithmetic on facts may reach; never infinite
_SHORTEST = ("1", "NOK", "EUR")
_DURATIONS = {"year": 12, "month": 1}
_FACTOR_DIGITS = 12  # constant: conversion factors are rounded to what floating point keeps
_NOUNS = {"number": "a number", "bool": "true or false", "choice": "a choice", "date": "a date",
          "text": "a text"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParameterType:
    """What a parameter gives: a number with a unit, a date, or a list of a fact's choices."""

    kind: Literal["number", "date", "list"]
    unit: str | None = None
    of: str | None = None
    largest: float = 0.0


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use.

    ``is_number_allowed`` is false in scheme files: there a threshold is a parameter with a source.
    """

    vocabulary: Vocabulary
    parameters: Mapping[str, ParameterType]
    is_number_allowed: bool = True


@dataclass(frozen=True, slots=True)
class Typed:
    """A node with what it gives. ``unit`` is ``None`` for nought, which fits every unit."""

    node: Node
    kind: Kind
    unit: str | None = None
    term: str | None = None
    size: float = 0.0


def check_leaf(node: Node, scope: Scope) -> Node:
    """The typed tree of a condition.

    Raises
    ------
    ExpressionError
        unknown name, wrong type or unit, a number without a parameter, or no condition at all.
    """
    typed = _Checker(scope).checked(node)
    if typed.kind != "bool":
        raise ExpressionError(
            node.column, f"gives {_NOUNS[typed.kind]} where a condition is meant",
            next_step="Compare it with something",
        )  # fmt: skip
    if not facts_of(typed.node):
        raise ExpressionError(node.column, "reads no fact", "it would always be the same")
    return typed.node


def check_amount(node: Node, scope: Scope) -> tuple[Node, str]:
    """The typed tree of an amount, and its unit."""
    typed = _Checker(scope).checked(node)
    if typed.kind != "number":
        raise ExpressionError(node.column, f"gives {_NOUNS[typed.kind]} where a number is meant")
    return typed.node, typed.unit or "1"


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def checked(self, node: Node) -> Typed:
        match node:
            case Constant():
                return self._constant(node)
            case FactName():
                return self._fact(node)
            case ParameterName():
                return self._parameter(node)
            case EvaluationDate():
                return Typed(node, "date")
            case Sum():
                return self._sum(node)
            case Product():
                return self._product(node)
            case Negative():
                inner = self._number(node.operand)
                return replace(inner, node=Negative(inner.node, column=node.column))
            case Extremum():
                parts = self._alike([self._number(p) for p in node.parts])
                whole = Extremum(node.which, tuple(p.node for p in parts), column=node.column)
                return Typed(whole, "number", parts[0].unit, size=max(p.size for p in parts))
            case Clamp():
                parts = self._alike([self._number(p) for p in (node.operand, node.low, node.high)])
                x, low, high = (p.node for p in parts)
                clamped = Clamp(x, low, high, column=node.column)
                return Typed(clamped, "number", parts[0].unit, size=max(p.size for p in parts))
            case Comparison():
                return self._comparison(node)
            case Between():
                return self._between(node)
            case Membership():
                return self._membership(node)
        raise AssertionError(f"the parser does not give {node!r}")

    # ---- what stands alone

    def _constant(self, node: Constant) -> Typed:
        value = node.value
        if isinstance(value, bool):
            return Typed(node, "bool")
        if isinstance(value, float):
            is_count = value in (0.0, 1.0) and node.unit is None
            if not self.scope.is_number_allowed and not is_count:
                raise ExpressionError(
                    node.column, f"the number {value:g} has no source",
                    "a threshold without a source does not load",
                    "Make it a parameter with source and place, and write parameter.<name>",
                )  # fmt: skip
            if node.unit is not None:
                self._check_unit(node.unit, node.column)
            unit = node.unit or (None if value == 0 else "1")
            return Typed(node, "number", unit, size=abs(value))
        if isinstance(value, str):
            return Typed(node, "text")
        if not self.scope.is_number_allowed:
            raise ExpressionError(
                node.column, f"the date {value} has no source",
                "a threshold without a source does not load",
                "Make it a parameter with unit: date, and write parameter.<name>",
            )  # fmt: skip
        return Typed(node, "date")

    def _check_unit(self, unit: str, column: int) -> None:
        try:
            check_unit(unit)
        except InputError:
            raise ExpressionError(column, f"'{unit}' is not a unit") from None

    def _fact(self, node: FactName) -> Typed:
        term = self.scope.vocabulary.terms.get(node.name)
        if term is None:
            step = self.scope.vocabulary.suggestion(node.name)
            if not step and suggest(node.name, self.scope.parameters):
                step = f"Write parameter.{node.name}"
            raise ExpressionError(node.column, f"unknown fact '{node.name}'", next_step=step)
        size = max(abs(end) for end in term.range) if term.range else 0.0
        return Typed(node, term.type, term.unit, term.id, size)

    def _parameter(self, node: ParameterName) -> Typed:
        found = self.scope.parameters.get(node.name)
        if found is None:
            step = suggest(node.name, self.scope.parameters)
            raise ExpressionError(
                node.column, f"unknown parameter '{node.name}'",
                next_step=step or "Add it under parameters:",
            )  # fmt: skip
        if found.kind == "list":
            raise ExpressionError(node.column, f"parameter.{node.name} is a list",
                                  next_step="Write x in parameter." + node.name)  # fmt: skip
        return Typed(node, found.kind, found.unit, size=found.largest)

    # ---- arithmetic

    def _number(self, node: Node) -> Typed:
        return self._meant(self.checked(node))

    def _meant(self, typed: Typed) -> Typed:
        """The same, if it is a number."""
        if typed.kind != "number":
            raise ExpressionError(
                typed.node.column, f"{_NOUNS[typed.kind]} stands where a number is meant",
                next_step=self._about_dates(typed),
            )  # fmt: skip
        return typed

    @staticmethod
    def _about_dates(typed: Typed) -> str:
        return "Dates are moved by parameters in year or month" if typed.kind == "date" else ""

    def _alike(self, parts: list[Typed]) -> list[Typed]:
        """The parts in the unit of the first that has one."""
        unit = next((p.unit for p in parts if p.unit is not None), None)
        return [self._in_unit(p, unit) for p in parts]

    def _in_unit(self, typed: Typed, unit: str | None) -> Typed:
        if typed.unit is None or unit is None or typed.unit == unit:
            return replace(typed, unit=unit if typed.unit is None else typed.unit)
        try:
            by = float(f"{factor(typed.unit, unit):.{_FACTOR_DIGITS}g}")
        except InputError as problem:
            raise ExpressionError(
                typed.node.column, f"is in {typed.unit}, where {unit} is meant",
                problem.faults[0].why,
                "Multiply with a rate of exchange such as market.nok_per_eur"
                if {"NOK", "EUR"} <= {*re.findall(r"\w+", f"{typed.unit} {unit}")} else "",
            ) from None  # fmt: skip
        if by == 1.0:
            return replace(typed, unit=unit)
        scaled = Scaled(typed.node, by, column=typed.node.column)
        return replace(typed, node=scaled, unit=unit, size=typed.size * by)

    def _sized(self, typed: Typed) -> Typed:
        if not typed.size < LARGEST_RESULT:
            raise ExpressionError(typed.node.column, "may become too large to be computed with")
        return typed

    def _sum(self, node: Sum) -> Typed:
        left = self.checked(node.left)
        if left.kind == "date":
            return self._moved(left, node)
        left, right = self._alike([self._meant(left), self._number(node.right)])
        added = Sum(left.node, right.node, node.is_difference, column=node.column)
        return self._sized(Typed(added, "number", left.unit, size=left.size + right.size))

    def _moved(self, left: Typed, node: Sum) -> Typed:
        right = self.checked(node.right)
        is_fixed = isinstance(right.node, Constant | ParameterName)
        if right.kind != "number" or right.unit not in _DURATIONS or not is_fixed:
            raise ExpressionError(
                node.right.column, "a date is moved by whole years or months only",
                next_step="Use a parameter with unit: year or unit: month",
            )  # fmt: skip
        months: Node = right.node
        if right.unit == "year":
            months = Scaled(months, float(_DURATIONS["year"]), column=months.column)
        if isinstance(right.node, Constant):
            number = float(right.node.value) * _DURATIONS[right.unit]  # type: ignore[arg-type]
            if number != round(number):
                raise ExpressionError(node.right.column, "is not a whole number of months")
        return Typed(Shift(left.node, months, node.is_difference, column=node.column), "date")

    def _product(self, node: Product) -> Typed:
        left, right = self._number(node.left), self._number(node.right)
        whole = Product(left.node, right.node, column=node.column)
        units = [u for u in (left.unit, right.unit) if u not in (None, "1")]
        unit = "*".join(f"({u})" if "/" in u else u for u in units if u) or "1"
        if left.unit is None or right.unit is None:
            unit = units[0] if units and units[0] else "1"
        return self._sized(Typed(whole, "number", _tidy(unit), size=left.size * right.size))

    # ---- conditions

    def _comparison(self, node: Comparison) -> Typed:
        left, right = self.checked(node.left), self.checked(node.right)
        left, right = self._same_kind(left, right)
        if node.operator not in ("=", "!=") and left.kind not in ("number", "date"):
            raise ExpressionError(
                node.column, f"{_NOUNS[left.kind]} is neither more nor less than another",
                next_step="Write = or in [..]",
            )  # fmt: skip
        if left.kind == "number":
            left, right = self._alike([left, right])
        if left.kind in ("bool", "choice", "text") and not isinstance(right.node, Constant):
            raise ExpressionError(
                node.right.column, f"{_NOUNS[left.kind]} is compared with a fact",
                next_step="Write the fact first, and then what it is to be",
            )  # fmt: skip
        return Typed(
            Comparison(node.operator, left.node, right.node, column=node.column), "bool"
        )

    def _same_kind(self, left: Typed, right: Typed) -> tuple[Typed, Typed]:
        """Both sides, a written text read as a choice where a choice is meant."""
        for one, other in ((left, right), (right, left)):
            if one.kind == "choice" and other.kind == "text" and isinstance(other.node, Constant):
                self._check_choice(one, other.node)
                return (left, replace(right, kind="choice")) if one is left else (
                    replace(left, kind="choice"), right)  # fmt: skip
        if left.kind != right.kind:
            text = next((t for t in (left, right) if t.kind == "text"), None)
            is_date = "date" in (left.kind, right.kind) and text is not None
            raise ExpressionError(
                right.node.column, f"{_NOUNS[left.kind]} is compared with {_NOUNS[right.kind]}",
                next_step="Write the date without quotes" if is_date else "",
            )  # fmt: skip
        if left.kind == "text":
            for one, other in ((left, right), (right, left)):
                if isinstance(one.node, FactName) and isinstance(other.node, Constant):
                    self._check_choice(one, other.node)
        return left, right

    def _check_choice(self, fact: Typed, constant: Constant) -> None:
        term = self.scope.vocabulary.terms[fact.term or ""]
        value = constant.value
        if not isinstance(value, str):
            raise ExpressionError(constant.column, f"is not a text, but {fact.term} is compared "
                                  "with texts")  # fmt: skip
        if term.choices is not None and value not in term.choices:
            known = suggest(value, term.choices) or f"One of {', '.join(term.choices)}"
            raise ExpressionError(
                constant.column, f"'{value}' is not a choice of {term.id}", next_step=known
            )
        if term.pattern is not None and not re.fullmatch(term.pattern, value):
            raise ExpressionError(
                constant.column, f"'{value}' does not have the form of {term.id}",
                next_step=f"Its form is {term.pattern}",
            )  # fmt: skip

    def _between(self, node: Between) -> Typed:
        parts = [self.checked(p) for p in (node.operand, node.low, node.high)]
        for part in parts[1:]:
            self._same_kind(parts[0], part)
        if parts[0].kind not in ("number", "date"):
            raise ExpressionError(node.column, f"{_NOUNS[parts[0].kind]} lies between nothing")
        if parts[0].kind == "number":
            parts = self._alike(parts)
        low, high = parts[1].node, parts[2].node
        if isinstance(low, Constant) and isinstance(high, Constant) and low.value > high.value:  # type: ignore[operator]
            raise ExpressionError(low.column, "the lower end is above the upper")
        return Typed(
            Between(parts[0].node, low, high, node.is_negated, column=node.column), "bool"
        )

    def _membership(self, node: Membership) -> Typed:
        operand = self.checked(node.operand)
        if operand.kind not in ("choice", "text") or not isinstance(operand.node, FactName):
            raise ExpressionError(
                node.operand.column, f"{_NOUNS[operand.kind]} is not looked up in a list",
                next_step="Lists hold choices; use between or comparisons for numbers and dates",
            )  # fmt: skip
        if isinstance(node.items, ParameterName):
            found = self.scope.parameters.get(node.items.name)
            if found is None or found.kind != "list":
                step = suggest(node.items.name, self.scope.parameters)
                raise ExpressionError(node.items.column, f"parameter.{node.items.name} is not a "
                                      "list of this scheme", next_step=step)  # fmt: skip
            if found.of != operand.term:
                raise ExpressionError(
                    node.items.column, f"parameter.{node.items.name} lists {found.of}",
                    f"it is compared with {operand.term}",
                )  # fmt: skip
        else:
            for item in node.items:
                self._check_choice(operand, item)
        return Typed(
            Membership(operand.node, node.items, node.is_negated, column=node.column), "bool"
        )


def _tidy(unit: str) -> str:
    """A product of units in its shortest known form: ``EUR*(NOK/EUR)`` is ``NOK``."""
    if unit in _SHORTEST:
        return unit
    for rate, other in (("(NOK/EUR)", "EUR"), ("(EUR/NOK)", "NOK")):
        if unit in (f"{other}*{rate}", f"{rate}*{other}"):
            return rate.strip("()").split("/")[0]  # as the parser of units, without loading it
    for known in _SHORTEST:
        try:
            by = factor(unit, known)
        except InputError:
            continue
        if math.isclose(by, 1.0):
            return known
    return unit
