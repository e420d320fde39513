"""From a scheme's file to rules on a date: expressions typed once, then bound to the date.

On a date a condition is an expression without parameters, or it has a reason why nothing can be
computed: the term was not found (``term``), no rule is known for the date (``rule``), or a person
must judge (``judgement``). A value of another date is never used instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from virkestoff.errors import FaultCollector
from virkestoff.evidence.fact import Validity
from virkestoff.instruments.expression import (
    ExpressionError,
    Node,
    Scalar,
    bind,
    facts_of,
    parameters_of,
)
from virkestoff.instruments.expression_types import (
    ParameterType,
    Scope,
    check_amount,
    check_leaf,
)
from virkestoff.instruments.parser import parse_amount, parse_leaf
from virkestoff.instruments.scheme import (
    AllOf,
    AnyOf,
    Leaf,
    LeafVersion,
    NotOf,
    Parameter,
    ParameterValue,
    Reference,
    Scheme,
    UnknownTerm,
)
from virkestoff.instruments.vocabulary import Vocabulary

__all__ = [
    "AMOUNTS_OF_SUPPORT",
    "AmountNode",
    "DatedLeaf",
    "DatedScheme",
    "Part",
    "ReadParameter",
    "TypedScheme",
    "bind_scheme",
    "note_expression",
    "parameter_type",
    "type_scheme",
]

AMOUNTS_OF_SUPPORT = ("rate", "formula", "cap", "exceptional_cap", "minimum", "own_share")
Part = Literal["applicant", "project"]
Cause = Literal["term", "rule", "judgement"]
Tree: TypeAlias = tuple[Literal["all", "any", "not", "leaf"], Any]
"""``(all, (tree, ...))``, ``(any, (tree, ...))``, ``(not, tree)`` or ``(leaf, index)``."""
AmountNode: TypeAlias = tuple[tuple[Node | None, Node], ...]
"""Cases of an amount: condition (``None`` = always) and what it is then."""
Place = Callable[[tuple[str | int, ...], int], str]
"""Words for a place: keys in the file, and the column in the text that stands there."""


@dataclass(frozen=True)
class ReadParameter:
    """A parameter as it was used."""

    name: str
    words: Any
    value: Scalar | tuple[str, ...] | None
    unit: str | None
    record: ParameterValue | None


@dataclass(frozen=True)
class DatedLeaf:
    """A condition on a date.

    Attributes
    ----------
    node : what is computed; ``None`` if nothing can be
    cause : why nothing can be computed
    unknown : the term that was not found
    parameters : those that were read
    """

    leaf: Leaf
    part: Part
    reference: Reference | None
    expression: str | None = None
    node: Node | None = None
    cause: Cause | None = None
    unknown: UnknownTerm | None = None
    parameters: tuple[ReadParameter, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TypedScheme:
    """A scheme whose expressions are known to mean something.

    Attributes
    ----------
    leaves : id of a leaf -> its versions with their typed expressions
    amounts : base, rate, cap, minimum, own_share, formula -> cases, as far as they are written
    units : unit of each amount
    """

    scheme: Scheme
    leaves: Mapping[str, tuple[tuple[LeafVersion, Node | None], ...]]
    amounts: Mapping[str, AmountNode]
    units: Mapping[str, str]


@dataclass(frozen=True)
class DatedScheme:
    """The rules of a scheme on a date.

    Attributes
    ----------
    tree : over indices into ``leaves``; ``None`` if the rules are not known on the date
    """

    typed: TypedScheme
    on: date
    tree: Tree | None
    leaves: tuple[DatedLeaf, ...]
    parameters: Mapping[str, ReadParameter]
    is_known: bool

    def bound_amount(self, name: str) -> tuple[AmountNode | None, tuple[ReadParameter, ...]]:
        """An amount without parameters, or ``None`` if one has no value; and those it reads."""
        cases = self.typed.amounts[name]
        names = dict.fromkeys(
            p for case in cases for node in case if node is not None for p in parameters_of(node)
        )
        read = tuple(self.parameters[n] for n in names)
        values = {p.name: p.value for p in read}
        bound: list[tuple[Node | None, Node]] = []
        for when, then in cases:
            condition = None if when is None else bind(when, values, self.on)
            amount = bind(then, values, self.on)
            if amount is None or (when is not None and condition is None):
                return None, read
            bound.append((condition, amount))
        return tuple(bound), read


def parameter_type(parameter: Parameter) -> ParameterType:
    """What an expression may do with a parameter."""
    if parameter.of is not None:
        return ParameterType("list", of=parameter.of)
    if parameter.unit == "date":
        return ParameterType("date")
    sizes = [abs(v.value) for v in parameter.values if isinstance(v.value, float)]
    return ParameterType("number", parameter.unit, largest=max(sizes, default=0.0))


def type_scheme(
    scheme: Scheme, vocabulary: Vocabulary, place: Place, faults: FaultCollector
) -> TypedScheme:
    """The scheme with every expression parsed and typed; faults are collected with their places."""
    types = {name: parameter_type(p) for name, p in scheme.parameters.items()}
    scope = Scope(vocabulary, types, is_number_allowed=False)

    def leaf_node(text: str, keys: tuple[str | int, ...]) -> Node | None:
        try:
            return check_leaf(parse_leaf(text), scope)
        except ExpressionError as problem:
            note_expression(problem, place(keys, problem.column), faults)
            return None

    def amount_node(text: str, keys: tuple[str | int, ...]) -> tuple[Node, str] | None:
        try:
            return check_amount(parse_amount(text), scope)
        except ExpressionError as problem:
            note_expression(problem, place(keys, problem.column), faults)
            return None

    leaves: dict[str, tuple[tuple[LeafVersion, Node | None], ...]] = {}
    for keys, leaf in leaf_places(scheme):
        if leaf.id in leaves:
            faults.add(place((*keys, "id"), 1), f"the leaf '{leaf.id}' stands twice",
                       next_step="Give each condition its own id")  # fmt: skip
            continue
        versions = []
        for number, version in enumerate(leaf.dated(scheme.valid)):
            at = (*keys, "versions", number) if leaf.versions else keys
            text = version.expression
            node = None if text is None else leaf_node(text, (*at, "expression"))
            versions.append((version, node))
        leaves[leaf.id] = tuple(versions)
    amounts, units = _amounts(scheme, leaf_node, amount_node)
    return TypedScheme(scheme, leaves, amounts, units)


def note_expression(problem: ExpressionError, where: str, faults: FaultCollector) -> None:
    """Collect the faults of an expression at a place of a file."""
    for fault in problem.faults:
        faults.add(where, f"{fault.where}: {fault.what}", fault.why, fault.next_step)


def _amounts(
    scheme: Scheme,
    leaf_node: Callable[[str, tuple[str | int, ...]], Node | None],
    amount_node: Callable[[str, tuple[str | int, ...]], tuple[Node, str] | None],
) -> tuple[dict[str, AmountNode], dict[str, str]]:
    written: dict[str, tuple[Any, tuple[str | int, ...]]] = {}
    if scheme.costs is not None and scheme.costs.base is not None:
        written["base"] = (scheme.costs.base, ("costs", "base"))
    if scheme.support is not None:
        for name in AMOUNTS_OF_SUPPORT:
            text = getattr(scheme.support, name)
            if text is not None and not isinstance(text, UnknownTerm) and text != "none":
                written[name] = (text, ("support", name))
    amounts: dict[str, AmountNode] = {}
    units: dict[str, str] = {}
    for name, (text, keys) in written.items():
        cases: list[tuple[Node | None, Node]] = []
        rows = [(None, text, keys)] if isinstance(text, str) else [
            (case.when, case.then, (*keys, number)) for number, case in enumerate(text)
        ]  # fmt: skip
        for when, then, at in rows:
            condition = None if when is None else leaf_node(when, (*at, "when"))
            found = amount_node(then, at if when is None else (*at, "then"))
            if found is not None:
                cases.append((condition, found[0]))
                units.setdefault(name, found[1])
        amounts[name] = tuple(cases)
    return amounts, units


def leaf_places(scheme: Scheme) -> list[tuple[tuple[str | int, ...], Leaf]]:
    """Every leaf with its keys in the file."""
    found: list[tuple[tuple[str | int, ...], Leaf]] = []

    def walk(tree: Any, keys: tuple[str | int, ...]) -> None:
        match tree:
            case Leaf():
                found.append((keys, tree))
            case NotOf():
                walk(tree.not_, (*keys, "not"))
            case AllOf():
                for number, part in enumerate(tree.all):
                    walk(part, (*keys, "all", number))
            case AnyOf():
                for number, part in enumerate(tree.any):
                    walk(part, (*keys, "any", number))

    for part in ("applicant", "project"):
        tree = getattr(scheme.conditions, part)
        if tree is not None:
            walk(tree, ("conditions", part))
    return found


def bind_scheme(typed: TypedScheme, on: date) -> DatedScheme:
    """The rules on a date; nothing of another date is used."""
    scheme = typed.scheme
    is_known = scheme.valid.period.holds_on(on)
    parameters = {
        name: _value_on(name, parameter, scheme.valid, on, is_known)
        for name, parameter in scheme.parameters.items()
    }
    leaves: list[DatedLeaf] = []
    trees: list[Tree] = []
    for part in ("applicant", "project"):
        tree = getattr(scheme.conditions, part)
        if tree is not None:
            found = _dated_tree(tree, part, typed, parameters, on, is_known, leaves)
            trees += [] if found is None else [found]
    return DatedScheme(typed, on, ("all", tuple(trees)), tuple(leaves), parameters, is_known)


def _value_on(
    name: str, parameter: Parameter, whole: Validity, on: date, is_known: bool
) -> ReadParameter:
    for record in parameter.values if is_known else ():
        if (record.valid or whole).period.holds_on(on):
            return ReadParameter(name, parameter.name, record.value, parameter.unit, record)
    return ReadParameter(name, parameter.name, None, parameter.unit, None)


def _dated_tree(
    tree: Any, part: Part, typed: TypedScheme, parameters: Mapping[str, ReadParameter],
    on: date, is_known: bool, leaves: list[DatedLeaf],
) -> Tree | None:  # fmt: skip
    """The tree on a date; a condition that is not required then leaves it."""
    match tree:
        case Leaf():
            dated = _dated_leaf(tree, part, typed, parameters, on, is_known)
            if dated is None:
                return None
            leaves.append(dated)
            return ("leaf", len(leaves) - 1)
        case NotOf():
            inner = _dated_tree(tree.not_, part, typed, parameters, on, is_known, leaves)
            return None if inner is None else ("not", inner)
        case AllOf() | AnyOf():
            sort: Any = "all" if isinstance(tree, AllOf) else "any"
            parts = [
                _dated_tree(p, part, typed, parameters, on, is_known, leaves)
                for p in getattr(tree, sort)
            ]
            kept = tuple(p for p in parts if p is not None)
            return (sort, kept) if kept else None
    raise AssertionError(f"{tree!r} is no tree")


def _dated_leaf(
    leaf: Leaf, part: Part, typed: TypedScheme, parameters: Mapping[str, ReadParameter],
    on: date, is_known: bool,
) -> DatedLeaf | None:  # fmt: skip
    for version, node in typed.leaves[leaf.id] if is_known else ():
        if not version.valid.period.holds_on(on):
            continue
        if version.is_required is False:
            return None
        if version.judgement:
            return DatedLeaf(leaf, part, version.reference, cause="judgement")
        if node is None:
            return DatedLeaf(leaf, part, version.reference, cause="term",
                             unknown=version.unknown, facts=leaf.facts)  # fmt: skip
        return _computed(leaf, part, version, node, parameters, on)
    return DatedLeaf(leaf, part, leaf.reference, cause="rule")


def _computed(
    leaf: Leaf, part: Part, version: LeafVersion, node: Node,
    parameters: Mapping[str, ReadParameter], on: date,
) -> DatedLeaf:  # fmt: skip
    read = tuple(parameters[name] for name in parameters_of(node))
    missing = [p for p in read if p.value is None]
    bound = bind(node, {p.name: p.value for p in read}, on)
    cause: Cause | None = None
    unknown: UnknownTerm | None = None
    if missing:
        cause = "rule" if any(p.record is None for p in missing) else "term"
        unknown = missing[0].record.unknown if missing[0].record else None
    return DatedLeaf(leaf, part, version.reference, version.expression, bound, cause, unknown, read,
                     facts_of(node))  # fmt: skip
