"""Another table that a reader cannot tell from the true one.

A hidden cell is safe from a reader if there is a second table that agrees with every published
cell and with all that the reader knows, and in which the cell lies far enough from its true value.
Such a table is a *witness*. It is found by linear programming (HiGHS) and checked by addition
alone, so a fault of the solver can cost a cell, and never let one through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, hstack

from virkestoff.disclosure.system import Array, Knowledge, System

__all__ = ["Demand", "Moves", "Pool", "bound", "find_witness", "holds"]

_REACH = 1e3  # constant: a witness moves no cell by more than so many levels; a limit of scale
_TINY = 1e-6
_ADDED = 1e-6
_INFEASIBLE = 2
_KEPT = 60  # constant: witnesses tried before a new one is sought
_NODES = 2000  # constant: nodes of the search for whole numbers, so that it ends on any machine


@dataclass(frozen=True)
class Demand:
    """A reader's bound on some hidden cells must stay ``amount`` away from the truth.

    Attributes
    ----------
    cells : cells whose sum is meant, most often one
    sign : +1 for the upper bound, -1 for the lower
    amount : in the unit of the cells, above zero
    who : the reader, a contributor; empty: an outsider
    target : whom it would give away
    is_lone : raised against this reader alone, who sees through the witness found for the others
    """

    cells: tuple[int, ...]
    sign: int
    amount: float
    who: str = ""
    target: str = ""
    is_lone: bool = False


Bools = npt.NDArray[np.bool_]


def _limits(system: System, known: Knowledge, amount: float) -> tuple[Array, Array]:
    """How far each cell may fall and rise, in multiples of ``amount``."""
    down = np.clip((system.values - known.lower) / amount, 0.0, _REACH)
    up = np.full(system.n_cells, _REACH)
    down[known.is_known] = 0.0
    up[known.is_known] = 0.0
    return down, up


def find_witness(
    system: System, demand: Demand, known: Knowledge, is_free: Bools, cost: Array
) -> Array | None:
    """The cheapest change of the free cells that meets a demand, or None.

    Minimises ``sum cost_c |d_c|`` subject to ``sums @ d = 0``, ``sign * sum d_c = amount`` over
    the cells of the demand, ``value + d >= lower``, and ``d_c = 0`` where the reader knows the
    cell or the cell is published.

    Parameters
    ----------
    is_free : cells that are hidden or may become so, shape (n_cells,)
    cost : at least zero, shape (n_cells,)

    Returns
    -------
    d, in the unit of the table, shape (n_cells,)
    """
    down, up = _limits(system, known, demand.amount)
    free = np.flatnonzero(is_free & ((up > 0) | (down > 0)))
    if not np.isin(demand.cells, free).any():
        return None
    rows = csc_array(system.sums[:, free])
    kept = np.diff(rows.tocsr().indptr) > 0
    rows = csc_array(rows.tocsr()[kept])
    target = np.isin(free, demand.cells).astype(np.float64) * demand.sign
    matrix = hstack([rows, -rows]).tocsc()
    aim = np.concatenate([target, -target])[None, :]
    moves = None
    for presolve in (False, True):  # few cells move: without presolve it is twice as fast
        result = milp(
            np.tile(cost[free], 2),
            constraints=[
                LinearConstraint(matrix, 0.0, 0.0),
                LinearConstraint(aim, 1.0, 1.0),
            ],
            bounds=Bounds(np.zeros(2 * free.size), np.concatenate([up[free], down[free]])),
            options={"presolve": presolve},
        )
        moves = result.x
        if moves is not None or result.status == _INFEASIBLE:
            break
    if moves is None:
        return None
    change = np.zeros(system.n_cells)
    change[free] = (moves[: free.size] - moves[free.size :]) * demand.amount
    change[np.abs(change) < _TINY * demand.amount] = 0.0
    if bool(system.is_count[list(demand.cells)].all()):
        change = np.asarray(_whole(system, demand, known, is_free, cost, change))
    return change if holds(system, demand, known, is_free, change) else None


def _whole(
    system: System, demand: Demand, known: Knowledge, is_free: Bools, cost: Array, change: Array
) -> Array:
    """The change in whole companies: a reader knows that there are no halves."""
    rounded = np.round(change)
    if np.abs(change - rounded).max() < _TINY and demand.amount == round(demand.amount):
        return rounded
    free = np.flatnonzero(is_free & ~known.is_known)
    rows = csc_array(system.sums[:, free])
    target = np.isin(free, demand.cells).astype(np.float64) * demand.sign
    room = np.maximum(np.floor(system.values - known.lower + _TINY), 0.0)[free]
    reach = np.full(free.size, _REACH)
    result = milp(
        np.tile(cost[free], 2),
        integrality=np.ones(2 * free.size, dtype=np.int64),
        constraints=[
            LinearConstraint(hstack([rows, -rows]).tocsc(), 0.0, 0.0),
            LinearConstraint(np.concatenate([target, -target])[None, :], demand.amount, np.inf),
        ],
        bounds=Bounds(np.zeros(2 * free.size), np.concatenate([reach, room])),
        options={"node_limit": _NODES, "presolve": False},
    )
    found = np.zeros(system.n_cells)
    if result.x is not None:
        found[free] = np.round(result.x[: free.size] - result.x[free.size :])
    return found


def holds(
    system: System, demand: Demand, known: Knowledge, is_free: Bools, change: Array
) -> bool:
    """Whether ``values + change`` is a witness, by addition alone (no solver)."""
    margin = _ADDED * demand.amount
    moved = change != 0.0
    if np.any(moved & (~is_free | known.is_known)):
        return False
    if np.any(change[moved] < (known.lower - system.values)[moved] - margin):
        return False
    if float(np.abs(system.sums @ change).max(initial=0.0)) > margin:
        return False
    return demand.sign * float(change[list(demand.cells)].sum()) >= demand.amount - margin


@dataclass(frozen=True, eq=False)
class Moves:
    """A change kept small: the cells that it moves, and by how much."""

    cells: npt.NDArray[np.intp]
    by: Array

    @classmethod
    def of(cls, change: Array) -> Moves:
        """From a change, shape (n_cells,)."""
        cells = np.flatnonzero(change)
        return cls(cells, change[cells])

    def change(self, n_cells: int) -> Array:
        """The change, shape (n_cells,)."""
        out = np.zeros(n_cells)
        out[self.cells] = self.by
        return out


class Pool:
    """Witnesses found so far: one that serves against one reader often serves against others."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._by_cell: dict[int, list[Array]] = {}

    def add(self, change: Array) -> None:
        """Keep a witness under each cell that it moves."""
        for cell in np.flatnonzero(change):
            self._by_cell.setdefault(int(cell), []).append(change)

    def find(self, demand: Demand, known: Knowledge, is_free: Bools) -> Array | None:
        """A kept witness, scaled or turned round, that meets a demand; None if there is none.

        The newest are tried first, and only so many of them: a miss costs a linear programme.
        """
        cells = list(demand.cells)
        for change in self._by_cell.get(cells[0], ())[: -_KEPT - 1 : -1]:
            step = demand.sign * float(change[cells].sum())
            if step == 0.0:
                continue
            scaled = change * (demand.amount / step)
            if self._system.is_count[cells[0]] and np.any(scaled != np.round(scaled)):
                continue
            if holds(self._system, demand, known, is_free, scaled):
                return scaled
        return None


def bound(
    system: System, cells: tuple[int, ...], sign: int, known: Knowledge, is_free: Bools
) -> float:
    """The highest (+1) or lowest (-1) value a reader can think of for the sum of some cells.

    Infinite where nothing holds it; the true value where nothing is free.
    """
    true = float(system.values[list(cells)].sum())
    scale = max(float(np.abs(system.values).max(initial=0.0)), 1.0)
    free = np.flatnonzero(is_free & ~known.is_known)
    if not np.isin(cells, free).any():
        return true
    rows = csc_array(system.sums[:, free])
    aim = np.isin(free, cells).astype(np.float64) * sign
    low = ((known.lower - system.values) / scale)[free]
    result = milp(
        -aim,
        constraints=[LinearConstraint(rows, 0.0, 0.0)],
        bounds=Bounds(np.minimum(low, 0.0), np.full(free.size, np.inf)),
    )
    if result.x is None:
        return sign * np.inf
    return true + sign * float(aim @ result.x) * scale
