"""What a rule's expression is: a small closed tree of named nodes, and what it is bound to.

An expression passes four stages: text, tree (``parser``), typed tree (``expression_types``), and
bound tree, where parameters are numbers of one date. Back ends read bound trees alone. Columns are
places in the text, from 1; they never count when trees are compared.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from virkestoff.errors import Fault, InputError

__all__ = [
    "Between",
    "Bound",
    "Clamp",
    "Comparison",
    "Constant",
    "EvaluationDate",
    "ExpressionError",
    "Extremum",
    "FactName",
    "Kind",
    "Membership",
    "Negative",
    "Node",
    "ParameterName",
    "Product",
    "Scaled",
    "Shift",
    "Sum",
    "add_months",
    "facts_of",
    "nodes_of",
    "parameters_of",
]

Kind = Literal["number", "bool", "choice", "date", "text"]
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Scalar: TypeAlias = float | bool | str | date


class ExpressionError(InputError):
    """An expression that cannot mean anything; ``column`` is the place in its text, from 1."""

    def __init__(self, column: int, what: str, why: str = "", next_step: str = "") -> None:
        self.column = column
        super().__init__(Fault(f"character {column}", what, why, next_step))


def _column() -> int:
    column: int = field(default=1, compare=False, repr=False)
    return column


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, choice, text, date, or true or false; ``unit`` as written, ``None`` if none was."""

    value: Scalar
    unit: str | None = None
    column: int = _column()


@dataclass(frozen=True, slots=True)
class FactName:
    """A fact of the vocabulary."""

    name: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class ParameterName:
    """A dated parameter of the scheme."""

    name: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class EvaluationDate:
    """The date for which is asked: an input, never today."""

    column: int = _column()


@dataclass(frozen=True, slots=True)
class Sum:
    """``left + right``, or ``left - right``."""

    left: Node
    right: Node
    is_difference: bool = False
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Product:
    """``left * right``."""

    left: Node
    right: Node
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Negative:
    """``-operand``."""

    operand: Node
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Scaled:
    """``factor x operand``: a change of unit that the types put in."""

    operand: Node
    factor: float
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Extremum:
    """The least or the largest of its parts; unknown if any part is unknown."""

    which: Literal["min", "max"]
    parts: tuple[Node, ...]
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Clamp:
    """``max(low, min(operand, high))``; unknown if any part is, or if low is above high."""

    operand: Node
    low: Node
    high: Node
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Shift:
    """A date moved by whole months; the day is kept, or the last of the month where there is none.

    Before binding ``months`` holds the duration as a node, after it a number.
    """

    operand: Node
    months: Node | int
    is_back: bool = False
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``."""

    operator: Operator
    left: Node
    right: Node
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Between:
    """``low <= operand <= high`` by Kleene's and; ``is_negated`` turns it round."""

    operand: Node
    low: Node
    high: Node
    is_negated: bool = False
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether a choice or text is one of ``items``: constants, or one parameter that lists them."""

    operand: Node
    items: tuple[Constant, ...] | ParameterName
    is_negated: bool = False
    column: int = _column()


Node: TypeAlias = (
    Constant | FactName | ParameterName | EvaluationDate | Sum | Product | Negative | Scaled
    | Extremum | Clamp | Shift | Comparison | Between | Membership
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """A typed expression on one date.

    Attributes
    ----------
    node : without parameters and dates to be filled in; ``None`` if a parameter has no value then
    kind : what it gives
    facts : the facts it reads, in alphabetical order
    """

    node: Node | None
    kind: Kind
    facts: tuple[str, ...]


def children_of(node: Node) -> tuple[Node, ...]:
    """The parts of a node."""
    match node:
        case Sum() | Product() | Comparison():
            return (node.left, node.right)
        case Negative() | Scaled():
            return (node.operand,)
        case Extremum():
            return node.parts
        case Clamp() | Between():
            return (node.operand, node.low, node.high)
        case Shift():
            return (node.operand,) if isinstance(node.months, int) else (node.operand, node.months)
        case Membership():
            items = node.items
            return (node.operand, items) if isinstance(items, ParameterName) else (node.operand,)
    return ()


def nodes_of(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children_of(node):
        yield from nodes_of(child)


def facts_of(node: Node) -> tuple[str, ...]:
    """The facts that an expression reads, in alphabetical order."""
    return tuple(sorted({n.name for n in nodes_of(node) if isinstance(n, FactName)}))


def parameters_of(node: Node) -> tuple[str, ...]:
    """The parameters that an expression reads, in the order in which they stand."""
    found = (n.name for n in nodes_of(node) if isinstance(n, ParameterName))
    return tuple(dict.fromkeys(found))


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months; the day of the month is kept, or the month's last is taken.

    Examples
    --------
    >>> add_months(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def bind(
    node: Node, parameters: Mapping[str, Scalar | tuple[str, ...] | None], on: date
) -> Node | None:
    """The expression with the parameters of a date in it; ``None`` if one of them is unknown."""
    if any(parameters.get(name) is None for name in parameters_of(node)):
        return None
    return _Binder(parameters, on).bound(node)


@dataclass(frozen=True)
class _Binder:
    parameters: Mapping[str, Scalar | tuple[str, ...] | None]
    on: date

    def bound(self, node: Node) -> Node:
        match node:
            case ParameterName():
                value = self.parameters[node.name]
                assert value is not None
                assert not isinstance(value, tuple)
                return Constant(value)
            case EvaluationDate():
                return Constant(self.on)
            case Constant():
                return Constant(node.value)
            case FactName():
                return FactName(node.name)
            case Sum():
                return _folded(Sum(self.bound(node.left), self.bound(node.right),
                                   node.is_difference))  # fmt: skip
            case Product():
                return _folded(Product(self.bound(node.left), self.bound(node.right)))
            case Negative():
                return _folded(Negative(self.bound(node.operand)))
            case Scaled():
                return _folded(Scaled(self.bound(node.operand), node.factor))
            case Extremum():
                parts = tuple(self.bound(p) for p in node.parts)
                return _folded(Extremum(node.which, parts))
            case Clamp():
                return Clamp(
                    self.bound(node.operand), self.bound(node.low), self.bound(node.high)
                )
            case Shift():
                return self._shifted(node)
            case Comparison():
                return Comparison(node.operator, self.bound(node.left), self.bound(node.right))
            case Between():
                x, low, high = (self.bound(p) for p in (node.operand, node.low, node.high))
                return Between(x, low, high, node.is_negated)
            case Membership():
                return Membership(self.bound(node.operand), self._items(node), node.is_negated)

    def _items(self, node: Membership) -> tuple[Constant, ...]:
        if isinstance(node.items, ParameterName):
            listed = self.parameters[node.items.name]
            assert isinstance(listed, tuple)
            values: tuple[str, ...] = listed
        else:
            values = tuple(str(item.value) for item in node.items)
        return tuple(Constant(value) for value in sorted(set(values)))

    def _shifted(self, node: Shift) -> Node:
        operand = self.bound(node.operand)
        if isinstance(node.months, int):
            months = node.months
        else:
            number = self.bound(node.months)
            assert isinstance(number, Constant)
            months = round(float(number.value))  # type: ignore[arg-type]
        months = -months if node.is_back else months
        if isinstance(operand, Constant) and isinstance(operand.value, date):
            return Constant(add_months(operand.value, months))
        return Shift(operand, months)


def _folded(node: Sum | Product | Negative | Scaled | Extremum) -> Node:
    """The constant that arithmetic on constants gives; anything else as it is."""
    numbers = [c.value for c in children_of(node) if isinstance(c, Constant)]
    if len(numbers) < len(children_of(node)):
        return node
    values = [float(n) for n in numbers]  # type: ignore[arg-type]
    match node:
        case Sum():
            return Constant(values[0] - values[1] if node.is_difference else values[0] + values[1])
        case Product():
            return Constant(values[0] * values[1])
        case Negative():
            return Constant(-values[0])
        case Scaled():
            return Constant(node.factor * values[0])
        case Extremum():
            return Constant(min(values) if node.which == "min" else max(values))
