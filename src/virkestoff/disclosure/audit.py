"""What a reader can recover from a table with hidden cells.

The audit takes any pattern, whoever chose it. Each demand on a sensitive cell is met by a witness,
which is checked by addition alone, or is reported with the bounds of the reader that comes too
close: the minimum and maximum of the cell over all tables that agree with what is published and
with what that reader knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from virkestoff.disclosure.demands import (
    Readers,
    first_demands,
    insider_demands,
    primary_cells,
    union_demands,
)
from virkestoff.disclosure.rules import Rules, Sensitivity
from virkestoff.disclosure.system import System, system_of
from virkestoff.disclosure.table import Key, Table
from virkestoff.disclosure.witness import Demand, Moves, Pool, bound, find_witness, holds
from virkestoff.errors import FaultCollector

__all__ = ["Audit", "Finding", "Interval", "audit", "audited", "intervals"]

Bools = npt.NDArray[np.bool_]
_EXACT = 1e-6


@dataclass(frozen=True)
class Finding:
    """One way in which the pattern gives a company away. For the analyst alone.

    Attributes
    ----------
    cells : the cell, or the cells whose sum is given away, in words
    attacker : the contributor that sees through; empty: any reader
    target : the contributor given away
    kind : ``shown`` (a sensitive cell is published), ``exact``, ``too_close``
    low, high : what the attacker knows of the sum of the cells
    true : its true value
    needed : how far each bound should be from it
    """

    cells: tuple[str, ...]
    attacker: str
    target: str
    kind: Literal["shown", "exact", "too_close"]
    low: float
    high: float
    true: float
    needed: float


@dataclass(frozen=True)
class Interval:
    """What any reader, without a company of its own, can work out of a hidden cell."""

    variable: str
    key: Key
    low: float
    high: float
    true: float

    @property
    def is_exact(self) -> bool:
        """Whether the value can be worked out."""
        return self.high - self.low <= _EXACT * max(abs(self.true), 1.0)


@dataclass(frozen=True)
class Audit:
    """The certificate of a pattern. For the analyst alone: it holds true values.

    Attributes
    ----------
    findings : every way in which it fails, by cell
    n_demands : bounds of readers that were examined
    n_primary : sensitive cells
    n_hidden : hidden cells
    """

    findings: tuple[Finding, ...]
    n_demands: int
    n_primary: int
    n_hidden: int

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def audit(
    tables: Sequence[Table], suppressed: Sequence[Collection[Key]], rules: Rules
) -> Audit:
    """Examine tables that are published together with some cells hidden.

    Parameters
    ----------
    tables : the true tables
    suppressed : for each table the keys that are hidden
    rules : what counts as too close

    Raises
    ------
    InputError
        if the tables do not fit together, or a hidden key is no cell.
    """
    system = system_of(tables, has_open_zeros=not rules.has_sensitive_zeros)
    hidden = hidden_cells(system, tables, suppressed)
    return audited(system, hidden, rules, primary_cells(system, rules), Readers(system), {})


def hidden_cells(
    system: System, tables: Sequence[Table], suppressed: Sequence[Collection[Key]]
) -> Bools:
    """The hidden cells of all tables, shape (n_cells,). A cell shown in one table is shown."""
    faults = FaultCollector()
    if len(suppressed) != len(tables):
        faults.add("suppressed", f"{len(suppressed)} patterns for {len(tables)} tables")
        faults.raise_if_any()
    hidden = np.zeros(system.n_cells, dtype=np.bool_)
    shown = np.zeros(system.n_cells, dtype=np.bool_)
    for table, keys, place in zip(tables, suppressed, system.places, strict=True):
        for key in sorted(set(keys) - set(place)):
            faults.add(f"hidden cell {key}", f"is no cell of {table.variable}")
        out = set(keys)
        for key, cell in place.items():
            (hidden if key in out else shown)[cell] = True
    faults.raise_if_any()
    return hidden & ~shown


def audited(
    system: System,
    hidden: Bools,
    rules: Rules,
    primary: Mapping[int, Sensitivity],
    readers: Readers,
    offered: Mapping[Demand, Moves],
) -> Audit:
    """The audit of a pattern. ``offered`` witnesses are checked before they are believed."""
    findings = [_shown(system, c, r) for c, r in primary.items() if not hidden[c]]
    inside = {c: r for c, r in primary.items() if hidden[c]}
    queue = first_demands(system, inside, rules, readers)
    queue += union_demands(system, hidden, inside, rules, readers)
    seen: set[Demand] = set()
    cost = np.ones(system.n_cells)
    pool = Pool(system)
    while queue:
        demand = queue.pop()
        if demand in seen:
            continue
        seen.add(demand)
        known = readers[demand.who]
        kept = offered.get(demand)
        change = None if kept is None else kept.change(system.n_cells)
        if change is None or not holds(system, demand, known, hidden, change):
            change = pool.find(demand, known, hidden)
        if change is None:
            change = find_witness(system, demand, known, hidden, cost)
            if change is not None:
                pool.add(change)
        if change is None:
            findings.append(_too_close(system, demand, hidden, readers))
        else:
            queue += insider_demands(system, demand, change, rules, readers)
    findings.sort(key=lambda f: (f.cells, f.kind, f.attacker))
    return Audit(
        tuple(dict.fromkeys(findings)), len(seen), len(primary), int(np.count_nonzero(hidden))
    )


def _shown(system: System, cell: int, reason: Sensitivity) -> Finding:
    true = float(system.values[cell])
    return Finding(
        (system.label(cell),), reason.attacker, reason.target, "shown", true, true, true,
        reason.level,
    )  # fmt: skip


def _too_close(system: System, demand: Demand, hidden: Bools, readers: Readers) -> Finding:
    known = readers[demand.who]
    low, high = (bound(system, demand.cells, s, known, hidden) for s in (-1, 1))
    true = float(system.values[list(demand.cells)].sum())
    exact = high - low <= _EXACT * max(abs(true), 1.0)
    return Finding(
        tuple(system.label(c) for c in demand.cells), demand.who, demand.target,
        "exact" if exact else "too_close", low, high, true, demand.amount,
    )  # fmt: skip


def intervals(
    tables: Sequence[Table], suppressed: Sequence[Collection[Key]]
) -> tuple[Interval, ...]:
    """Least and greatest value of each hidden cell for a reader without a company of its own.

    Two linear programmes a cell: meant for tables of a few hundred hidden cells.
    """
    system = system_of(tables)
    hidden = hidden_cells(system, tables, suppressed)
    found: dict[int, Interval] = {}
    for table, place in zip(tables, system.places, strict=True):
        for key in table.keys:
            cell = place[key]
            if hidden[cell] and cell not in found:
                low, high = (
                    bound(system, (cell,), s, system.outsider, hidden) for s in (-1, 1)
                )
                found[cell] = Interval(table.variable, key, low, high, table.value(key))
    return tuple(found[cell] for cell in sorted(found))
