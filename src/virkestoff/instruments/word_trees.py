"""Trees of conditions over a population, as and, or, not of words of 64 rows.

The five results are ordered (``engine_tree``), so a result is four planes of bits:

    plane r: the rows whose result is better than r     r = 1 (a person must judge) .. 4 (not met)

``all`` takes the worst, so its planes are the ``and`` of those of its parts. ``not`` turns met and
not met round and leaves what is open. ``any`` is ``all`` of the turned parts, turned. Without fixed
results only two planes differ: surely met, and not failed. That are Kleene's tables.

A gate is made once however many schemes need it. What the gates give is equal to ``compile_tree``
row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from virkestoff.instruments.bitmaps import Words
from virkestoff.instruments.engine_tree import NOT_MET
from virkestoff.instruments.scheme_rules import Tree

__all__ = ["Gate", "Planes", "WordTrees", "fixed_planes", "leaf_words", "run_gates"]

Planes: TypeAlias = tuple[int, int, int, int]
_NO_ROW, _EVERY_ROW, _FIRST_LEAF = range(3)


@dataclass(frozen=True, slots=True)
class Gate:
    """Words that are made from others: the place of the result, and of what it is made from."""

    sort: Literal["and", "or", "not"]
    place: int
    parts: tuple[int, ...]


class WordTrees:
    """The gates of many trees over the same conditions.

    Words stand in rows: no row of the population, every row, of each condition where it is surely
    met, of each where it does not fail, then the gates in the order in which they are computed.

    Parameters
    ----------
    n_conditions : how many conditions there are; a leaf names one by its number
    """

    def __init__(self, n_conditions: int) -> None:
        self.n_conditions = n_conditions
        self._first_gate = _FIRST_LEAF + 2 * n_conditions
        self._gates: list[Gate] = []
        self._made: dict[tuple[str, tuple[int, ...]], int] = {}

    @property
    def n_leaf_words(self) -> int:
        """Rows of words before those that gates give."""
        return self._first_gate

    def leaf(self, k: int) -> Planes:
        """The planes of condition ``k``: true is met, unknown is undecided, false is not met."""
        met, possible = _FIRST_LEAF + k, _FIRST_LEAF + self.n_conditions + k
        return met, met, possible, possible

    def planes(self, tree: Tree, leaves: Sequence[Planes]) -> Planes:
        """The planes of a tree, from those of its leaves (``leaf`` or ``fixed_planes``)."""
        sort, inner = tree
        if sort == "leaf":
            return leaves[inner]
        if sort == "not":
            return self.turned(self.planes(inner, leaves))
        parts = [self.planes(part, leaves) for part in inner]
        if sort == "all" or not parts:
            return self.worst(parts)
        return self.turned(self.worst([self.turned(part) for part in parts]))

    def worst(self, parts: Sequence[Planes]) -> Planes:
        """The planes of the worst of some results; met if there are none."""
        one, two, three, four = (
            self.gate("and", [planes[r] for planes in parts]) for r in range(NOT_MET)
        )
        return one, two, three, four

    def turned(self, planes: Planes) -> Planes:
        """Met and not met turned round: what is open stays, what failed is now met."""
        met, two, three, possible = planes
        failed, unmet = self.negated(possible), self.negated(met)
        if two == met:  # nobody waits for a judgement alone
            second = failed
        else:
            second = self.gate("or", [self.gate("and", [two, unmet]), failed])
        if three == possible:  # no rule lacks
            third = unmet
        elif three == two:  # nobody is undecided
            third = second
        else:
            third = self.gate("or", [self.gate("and", [three, unmet]), failed])
        return failed, second, third, unmet

    def negated(self, part: int) -> int:
        """The rows that are not among these."""
        if part < _FIRST_LEAF:
            return _EVERY_ROW - part
        if self._is_negation(part):
            return self._gates[part - self._first_gate].parts[0]
        return self._place("not", (part,))

    def gate(self, sort: Literal["and", "or"], parts: Iterable[int]) -> int:
        """And, or or of some rows of words, without a gate where the result is plain."""
        neutral, decides = (_NO_ROW, _EVERY_ROW) if sort == "or" else (_EVERY_ROW, _NO_ROW)
        left = sorted(set(parts) - {neutral})
        if decides in left:
            return decides
        if not left[1:]:  # none or one
            return left[0] if left else neutral
        if all(self._is_negation(part) for part in left):
            inner = [self.negated(part) for part in left]
            return self.negated(self.gate("and" if sort == "or" else "or", inner))
        return self._place(sort, tuple(left))

    def _is_negation(self, part: int) -> bool:
        return part >= self._first_gate and self._gates[part - self._first_gate].sort == "not"

    def _place(self, sort: Literal["and", "or", "not"], parts: tuple[int, ...]) -> int:
        last = self._first_gate + len(self._gates)
        place = self._made.setdefault((sort, parts), last)
        if place == last:
            self._gates.append(Gate(sort, place, parts))
        return place

    def needed(self, roots: Iterable[int]) -> tuple[tuple[Gate, ...], Mapping[int, int]]:
        """The gates that some places need, moved together, and where each place went."""
        wanted = set(roots)
        for gate in reversed(self._gates):
            if gate.place in wanted:
                wanted.update(gate.parts)
        moved = {place: place for place in range(self._first_gate)}
        kept: list[Gate] = []
        for gate in self._gates:
            if gate.place in wanted:
                moved[gate.place] = self._first_gate + len(kept)
                kept.append(Gate(gate.sort, moved[gate.place], tuple(moved[p] for p in gate.parts)))
        return tuple(kept), moved


def fixed_planes(result: int) -> Planes:
    """The planes of a result that is the same for every row."""
    one, two, three, four = (
        _EVERY_ROW if result < r else _NO_ROW for r in range(1, NOT_MET + 1)
    )
    return one, two, three, four


def leaf_words(words: Words, n_conditions: int) -> tuple[Words, Words]:
    """Where the bitmaps of conditions are read to: where each is true, and where not false."""
    first_possible = _FIRST_LEAF + n_conditions
    return words[_FIRST_LEAF:first_possible], words[first_possible : first_possible + n_conditions]


def run_gates(gates: Sequence[Gate], words: Words, every: Words) -> None:
    """Write all words, given those of ``leaf_words``.

    Parameters
    ----------
    words : a row for each place, a word per 64 rows of the population
    every : the rows that there are
    """
    words[_NO_ROW] = 0
    words[_EVERY_ROW] = every
    for gate in gates:
        into, first = words[gate.place], words[gate.parts[0]]
        if gate.sort == "not":
            np.bitwise_xor(first, every, out=into)
            continue
        join = np.bitwise_and if gate.sort == "and" else np.bitwise_or
        join(first, words[gate.parts[1]], out=into)
        for part in gate.parts[2:]:
            join(into, words[part], out=into)
