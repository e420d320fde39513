"""Trees of conditions over a population, as and, or, not of words of 64 rows.

The five results are ordered (``engine_tree``), so a result is four planes of bits:

    plane r: the rows whose result is r or worse        r = 1 (a person must judge) .. 4 (not met)

``all`` takes the worst, so its planes are the ``or`` of those of its parts. ``not`` turns met and
not met round and leaves what is open. ``any`` is ``all`` of the turned parts, turned. A tree without
fixed results has two planes that differ: not surely met, and failed. That are Kleene's tables.

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

__all__ = ["Gate", "Planes", "WordTrees", "fixed_planes", "run_gates"]

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

    Words stand in rows: no row of the population, every row, of each condition where it is not
    surely met, of each where it fails, then the gates in the order in which they are computed.

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
        """The planes of condition ``k``: open is worse than met, false is worst."""
        unmet, failed = _FIRST_LEAF + k, _FIRST_LEAF + self.n_conditions + k
        return unmet, unmet, failed, failed

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
            self.gate("or", [planes[r] for planes in parts]) for r in range(NOT_MET)
        )
        return one, two, three, four

    def turned(self, planes: Planes) -> Planes:
        """Met and not met turned round."""
        one, two, three, four = planes
        failed, unmet = self.negated(one), self.negated(four)
        if two == one:  # nobody needs a judgement
            second = unmet
        else:
            second = self.gate("or", [self.gate("and", [two, unmet]), failed])
        if three == four:  # no rule lacks
            third = failed
        elif three == two:  # nobody is undecided
            third = second
        else:
            third = self.gate("or", [self.gate("and", [three, unmet]), failed])
        return unmet, second, third, failed

    def negated(self, part: int) -> int:
        """The rows that are not among these."""
        if part < _FIRST_LEAF:
            return _EVERY_ROW - part
        gate = self._gates[part - self._first_gate] if part >= self._first_gate else None
        return gate.parts[0] if gate and gate.sort == "not" else self._place("not", (part,))

    def gate(self, sort: Literal["and", "or"], parts: Iterable[int]) -> int:
        """And, or or of some rows, without gates where the result is plain."""
        neutral, decides = (_NO_ROW, _EVERY_ROW) if sort == "or" else (_EVERY_ROW, _NO_ROW)
        left = sorted(set(parts) - {neutral})
        if decides in left:
            return decides
        if len(left) < 2:  # constant: nothing to join
            return left[0] if left else neutral
        if all(self._is_negation(part) for part in left):
            inner = [self.negated(part) for part in left]
            return self.negated(self.gate("and" if sort == "or" else "or", inner))
        return self._place(sort, tuple(left))

    def _is_negation(self, part: int) -> bool:
        return part >= self._first_gate and self._gates[part - self._first_gate].sort == "not"

    def _place(self, sort: Literal["and", "or", "not"], parts: tuple[int, ...]) -> int:
        place = self._made.setdefault((sort, parts), self._first_gate + len(self._gates))
        if place == self._first_gate + len(self._gates):
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
        _EVERY_ROW if result >= r else _NO_ROW for r in range(1, NOT_MET + 1)
    )
    return one, two, three, four


def run_gates(
    gates: Sequence[Gate], true: Words, known: Words, every: Words, words: Words
) -> None:
    """Write all words: none, every, not surely met, failed, and what the gates give.

    Parameters
    ----------
    true, known : a row per condition, a word per 64 rows of the population
    every : the rows that there are
    words : written to: ``n_leaf_words`` rows and one for each gate
    """
    first_failed, first_gate = _FIRST_LEAF + len(true), _FIRST_LEAF + 2 * len(true)
    words[_NO_ROW] = 0
    words[_EVERY_ROW] = every
    np.bitwise_xor(true, every, out=words[_FIRST_LEAF:first_failed])
    np.bitwise_xor(true, known, out=words[first_failed:first_gate])
    for gate in gates:
        into, first = words[gate.place], words[gate.parts[0]]
        if gate.sort == "not":
            np.bitwise_xor(first, every, out=into)
            continue
        join = np.bitwise_and if gate.sort == "and" else np.bitwise_or
        join(first, words[gate.parts[1]], out=into)
        for part in gate.parts[2:]:
            join(into, words[part], out=into)
