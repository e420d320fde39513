"""What can be said of a scheme file that is not whole: its expressions, with the first faults.

So that all faults are told at once, the expressions of a file with a wrong key or value are looked
at too. Of an expression whose parameters are themselves at fault only the writing is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from virkestoff.errors import Fault, FaultCollector
from virkestoff.instruments.expression import ExpressionError
from virkestoff.instruments.expression_types import ParameterType, Scope, check_leaf
from virkestoff.instruments.parser import parse_leaf
from virkestoff.instruments.scheme import Parameter
from virkestoff.instruments.scheme_rules import Place, note_expression, parameter_type
from virkestoff.instruments.vocabulary import Vocabulary

__all__ = ["Draft", "draft_faults", "merged_faults"]

_PARAMETER = re.compile(r"\bparameter\.([a-z][a-z0-9_]*)")
_Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Draft:
    """A file whose structure is faulty: what it holds, and words for places in it."""

    data: Mapping[str, Any]
    place: Place


def draft_faults(draft: Draft, vocabulary: Vocabulary, faults: FaultCollector) -> None:
    """The faults of the file's expressions."""
    written = draft.data.get("parameters")
    types: dict[str, ParameterType] = {}
    for name, record in written.items() if isinstance(written, Mapping) else ():
        try:
            types[str(name)] = parameter_type(Parameter.model_validate(record))
        except ValidationError:
            continue
    broken = frozenset(map(str, written or ())) - types.keys()
    scope = Scope(vocabulary, types, is_number_allowed=False)
    for keys, text in _expressions(draft.data.get("conditions"), ("conditions",)):
        try:
            node = parse_leaf(text)
            if not broken & set(_PARAMETER.findall(text)):
                check_leaf(node, scope)
        except ExpressionError as problem:
            note_expression(problem, draft.place(keys, problem.column), faults)


def _expressions(part: Any, keys: _Keys) -> Iterator[tuple[_Keys, str]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key == "expression" and isinstance(value, str):
                yield (*keys, key), value
            else:
                yield from _expressions(value, (*keys, str(key)))
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _expressions(value, (*keys, number))


def merged_faults(rows: list[tuple[_Keys, str, Fault]]) -> list[Fault]:
    """Faults a reader needs: one for a value of no kind, none that follows from another.

    ``rows`` hold the keys, the kind of error of the schema, and the fault. A value that may be a
    number, a date or a list fails once for each; a list whose entries all failed also counts as
    empty.
    """
    found: list[Fault] = []
    for at, kind, fault in rows:
        is_empty = kind == "too_short" and any(
            other[: len(at)] == at and len(other) > len(at) for other, *_ in rows
        )
        if is_empty:
            continue
        if len(at) > 1 and at[-2] == "value" and _KINDS & {str(at[-1]).split("[")[0]}:
            where = fault.where.removesuffix(f".{at[-1]}")
            fault = Fault(where, "is no number, date or list of words",
                          next_step="Write one of them, as 3, 2026-01-01 or [a, b]")  # fmt: skip
        found.append(fault)
    return list(dict.fromkeys(found))


_KINDS = frozenset(("float", "date", "tuple"))
