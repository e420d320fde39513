"""The conditions of a scheme as lines that a person reads: what must hold, what need not.

A condition under ``not`` is printed as what must not be so, and its result is that of the whole; of
alternatives, the line above them says that one is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from virkestoff.instruments.engine import LeafResult, SchemeResult
from virkestoff.instruments.scheme_rules import Tree
from virkestoff.language import Text

__all__ = ["ConditionRow", "condition_rows", "first_reason"]

_ONE_OF = Text(nb="Minst ett av disse:", en="At least one of these:")
_ALL_OF = Text(nb="Alle disse:", en="All of these:")


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A line: a condition, or the head of a group of conditions.

    Attributes
    ----------
    depth : how many groups it stands in
    text : what must hold
    truth : whether it holds, ``None`` while it is open
    leaf : the condition; ``None`` for the head of a group
    is_negated : the condition's own text must not hold
    """

    depth: int
    text: Text
    truth: bool | None
    leaf: LeafResult | None
    is_negated: bool

    @property
    def part(self) -> Literal["applicant", "project", ""]:
        """What the condition is about."""
        return "" if self.leaf is None else self.leaf.dated.part


def condition_rows(result: SchemeResult) -> tuple[ConditionRow, ...]:
    """The lines of a scheme in the order of its file."""
    tree = result.compiled.dated.tree
    assert tree is not None
    found: list[ConditionRow] = []
    for part in tree[1]:
        found += _rows(part, result.leaves, 0, False)
    return tuple(found)


def _rows(
    tree: Tree, leaves: tuple[LeafResult, ...], depth: int, is_negated: bool
) -> Iterator[ConditionRow]:
    sort, inner = tree
    if sort == "leaf":
        leaf = leaves[inner]
        text = _negated(leaf.text) if is_negated else leaf.text
        yield ConditionRow(depth, text, _truth(tree, leaves, is_negated), leaf, is_negated)
    elif sort == "not":
        yield from _rows(inner, leaves, depth, not is_negated)
    elif (sort == "all") != is_negated:
        # all of them, or none of several: every line must hold, so no head is needed at the top
        if depth == 0 or len(inner) == 1:
            for part in inner:
                yield from _rows(part, leaves, depth, is_negated)
            return
        yield ConditionRow(depth, _ALL_OF, _truth(tree, leaves, is_negated), None, False)
        for part in inner:
            yield from _rows(part, leaves, depth + 1, is_negated)
    elif len(inner) == 1:
        yield from _rows(inner[0], leaves, depth, is_negated)
    else:
        yield ConditionRow(depth, _ONE_OF, _truth(tree, leaves, is_negated), None, False)
        for part in inner:
            yield from _rows(part, leaves, depth + 1, is_negated)


def _negated(text: Text) -> Text:
    return Text(nb=f"Ikke: {_lowered(text.nb)}", en=f"Not: {_lowered(text.en)}")


def _lowered(text: str) -> str:
    """A sentence that stands after a colon; an abbreviation keeps its letters."""
    is_word = len(text) > 1 and text[1].islower()
    return text[0].lower() + text[1:] if is_word else text


def _truth(tree: Tree, leaves: tuple[LeafResult, ...], is_negated: bool) -> bool | None:
    found = _kleene(tree, leaves)
    return found if found is None or not is_negated else not found


def _kleene(tree: Tree, leaves: tuple[LeafResult, ...]) -> bool | None:
    sort, inner = tree
    if sort == "leaf":
        return leaves[inner].truth
    if sort == "not":
        found = _kleene(inner, leaves)
        return None if found is None else not found
    parts = [_kleene(part, leaves) for part in inner]
    dominating = sort == "any"
    if dominating in parts:
        return dominating
    return None if None in parts else not dominating


def first_reason(result: SchemeResult) -> Text | None:
    """The first condition that fails, in a sentence; of alternatives that all fail, all of them."""
    rows = condition_rows(result)
    for k, row in enumerate(rows):
        if row.truth is not False or row.depth:
            continue
        if row.leaf is not None:
            return row.text
        inner = [r.text for r in _within(rows, k) if r.leaf is not None]
        return Text(nb=f"{row.text.nb} {' / '.join(t.nb for t in inner)}",
                    en=f"{row.text.en} {' / '.join(t.en for t in inner)}")  # fmt: skip
    return None


def _within(rows: tuple[ConditionRow, ...], k: int) -> Iterator[ConditionRow]:
    """The lines of the group whose head stands at ``k``."""
    for row in rows[k + 1 :]:
        if row.depth <= rows[k].depth:
            return
        yield row
