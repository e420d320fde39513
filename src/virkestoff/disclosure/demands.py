"""Which readers must be kept how far from which cells.

For each sensitive cell:

- the strongest reader, the second largest contributor, must not bound the cell closer than its
  protection level, above or below (Handbook, table of upper protection levels);
- any other contributor r of any hidden cell must not bound the largest amount that is not its own
  closer than ``p/q``: level ``p/q x_s - (X - x_r - x_s)``, with ``x_r = 0`` if r is not in the
  cell. A contributor that is alone in a hidden cell knows it (the singleton attack).

For each published sum with two or more hidden parts, the sum of the hidden parts is as good as
published. If one contributor is in several of them, that sum must be safe too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.disclosure.rules import Rules, Sensitivity, ranked, sensitivity
from virkestoff.disclosure.system import Array, Knowledge, System
from virkestoff.disclosure.witness import Demand

__all__ = ["Readers", "first_demands", "insider_demands", "primary_cells", "union_demands"]

Bools = npt.NDArray[np.bool_]
_TINY = 1e-9


def primary_cells(system: System, rules: Rules) -> dict[int, Sensitivity]:
    """The sensitive cells and why, in the order of the cells."""
    positive = np.abs(system.values[system.values != 0.0])
    smallest = float(positive.min()) if positive.size else 1.0
    found: dict[int, Sensitivity] = {}
    for cell in range(system.n_cells):
        if system.levels[cell] > 0:
            found[cell] = Sensitivity(float(system.levels[cell]), ("given",))
        elif system.is_count[cell]:
            count = _count(system, cell, rules)
            if count is not None:
                found[cell] = count
        else:
            reason = sensitivity(system.protected(cell), rules, smallest)
            if reason is not None:
                found[cell] = reason
    return found


def _count(system: System, cell: int, rules: Rules) -> Sensitivity | None:
    """A count is sensitive below the threshold; it must look as if it could reach it."""
    if not system.contributors[cell]:
        n = int(system.values[cell])
    else:
        n = len(system.protected(cell))
        if n == 0 and system.values[cell] > 0:
            return None  # all of them are open to the public
    if n >= rules.minimum_frequency or (n == 0 and not rules.has_sensitive_zeros):
        return None
    return Sensitivity(float(rules.minimum_frequency - n), ("zero" if n == 0 else "frequency",))


@dataclass(eq=False)
class Readers:
    """Knowledge by contributor, worked out once."""

    system: System
    _kept: dict[str, Knowledge]

    def __init__(self, system: System) -> None:
        self.system = system
        self._kept = {}

    def __getitem__(self, who: str) -> Knowledge:
        if who not in self._kept:
            self._kept[who] = self.system.insider(who)
        return self._kept[who]


def _pair(
    cells: tuple[int, ...], reason: Sensitivity, level: float, room: float, sliding: float
) -> Iterator[Demand]:
    """Demands above and below; below, no further than the reader's own floor."""
    below = min(level, room)
    above = max(level, sliding * level - max(below, 0.0))
    yield Demand(cells, 1, above, reason.attacker, reason.target)
    if below > _TINY * level:
        yield Demand(cells, -1, below, reason.attacker, reason.target)


def first_demands(
    system: System, primary: Mapping[int, Sensitivity], rules: Rules, readers: Readers
) -> list[Demand]:
    """Above and below each sensitive cell, against its strongest reader.

    A count must only look as if it reached the threshold: above.
    """
    demands: list[Demand] = []
    for cell, reason in primary.items():
        room = float(system.values[cell] - readers[reason.attacker].lower[cell])
        pair = list(_pair((cell,), reason, reason.level, room, rules.sliding))
        demands += pair[:1] if system.is_count[cell] and "given" not in reason.rules else pair
    return demands


def _needed(amounts: list[tuple[str, float]], who: str, closeness: float) -> tuple[float, str]:
    """The level against one contributor, and whom it would give away."""
    own = math.fsum(x for name, x in amounts if name == who)
    others = [(name, x) for name, x in amounts if name != who]
    if not others:
        return 0.0, ""
    target, largest = others[0]
    rest = math.fsum(x for _, x in amounts) - own - largest
    return closeness * largest - max(rest, 0.0), target


def insider_demands(
    system: System,
    demand: Demand,
    witness: Array,
    rules: Rules,
    readers: Readers,
) -> list[Demand]:
    """Demands of the readers that see through a witness found against another reader.

    Only a contributor that knows a cell the witness moves can see through it: the cell would fall
    below what the contributor itself has there, or the contributor is alone there. The witness,
    shrunk to the level that reader calls for, serves against everybody else.
    """
    if demand.is_lone or system.is_count[demand.cells[0]]:
        return []
    if system.levels[list(demand.cells)].any():
        return []
    amounts = _together(system, demand.cells)
    suspects: set[str] = set()
    for cell in np.flatnonzero(witness):
        suspects |= _seers(system, int(cell), float(witness[cell]))
    new = []
    for who in sorted(suspects - {demand.who}):
        level, target = _needed(amounts, who, rules.closeness)
        if level <= _TINY * demand.amount:
            continue
        known = readers[who]
        if demand.sign < 0:
            room = float((system.values - known.lower)[list(demand.cells)].sum())
            level = min(level, room)
            if level <= _TINY * demand.amount:
                continue
        moved = witness != 0.0
        shrunk = witness * (level / demand.amount)
        floor = (known.lower - system.values)[moved] - _TINY * demand.amount
        if np.any(known.is_known & moved) or np.any(shrunk[moved] < floor):
            new.append(Demand(demand.cells, demand.sign, level, who, target, True))
    return new


def _seers(system: System, cell: int, change: float) -> set[str]:
    """Contributors whose knowledge of a cell may forbid its change."""
    amounts = system.protected(cell)
    if len(amounts) == 1 and not system.n_unknown[cell]:
        return {amounts[0][0]}
    if change > 0:
        return set()
    if system.is_signed[cell]:
        return {who for who, _ in amounts}
    left = float(system.values[cell] - system.outsider.lower[cell]) + change
    return {who for who, x in amounts if x > left}


def _together(system: System, cells: tuple[int, ...]) -> list[tuple[str, float]]:
    """Contributors of several cells, each once, largest first."""
    if len(cells) == 1:
        return ranked(system.protected(cells[0]))
    amounts: dict[str, list[float]] = {}
    for cell in cells:
        for who, x in system.protected(cell):
            amounts.setdefault(who, []).append(x)
    return ranked((who, math.fsum(x)) for who, x in amounts.items())


def union_demands(
    system: System, hidden: Bools, primary: Mapping[int, Sensitivity], rules: Rules,
    readers: Readers,
) -> list[Demand]:  # fmt: skip
    """Demands on the hidden parts of published sums, taken together."""
    demands: list[Demand] = []
    for total, parts in system.parts:
        cells = tuple(c for c in parts if hidden[c])
        if hidden[total] or len(cells) < 2 or not any(c in primary for c in cells):
            continue
        if system.is_count[total] or system.levels[list(cells)].any():
            continue
        amounts = _together(system, cells)
        if len(amounts) == sum(len(system.protected(c)) for c in cells):
            continue  # everybody once: insiders of each part are met one by one
        reason = sensitivity(amounts, rules)
        if reason is not None and reason.level > 0:
            known = readers[reason.attacker]
            room = float((system.values - known.lower)[list(cells)].sum())
            demands += _pair(cells, reason, reason.level, room, rules.sliding)
    return demands
