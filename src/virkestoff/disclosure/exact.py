"""The least loss: secondary suppression as an integer programme, on small systems."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, diags_array

from virkestoff.disclosure.demands import first_demands, insider_demands, union_demands
from virkestoff.disclosure.selection import Pattern, Search
from virkestoff.disclosure.system import Array
from virkestoff.disclosure.witness import Demand, Moves

__all__ = ["least_loss"]

Bools = npt.NDArray[np.bool_]
_REACH = 50.0  # constant: how far the model moves a cell, in levels; larger moves lose no safety
_LARGE = 1_500  # constant: cells times demands above which the model is not tried
_NODES = 4000  # constant: nodes of the search, so that it ends in the same place on any machine
_ROUNDS = 30  # constant: rounds of readers added


def least_loss(search: Search) -> Pattern | None:
    """The pattern of least loss, or None if the system is too large for the exact model.

    Optimal within the moves of ``_REACH`` levels; demands of insiders and of unions are added
    until nobody sees through.
    """
    demands = first_demands(search.system, search.primary, search.rules, search.readers)
    n_free = int((search.allowed | search.must).sum())
    for _ in range(_ROUNDS):
        if n_free * len(demands) > _LARGE:
            return None
        hidden = _solved(search, demands)
        if hidden is None:
            return None
        new, witnesses = _seen_through(search, hidden, demands)
        if witnesses is None:
            return None
        if not new:
            return Pattern(hidden, witnesses, search.loss(hidden))
        demands += new
    return None


def _seen_through(
    search: Search, hidden: Bools, demands: Iterable[Demand]
) -> tuple[list[Demand], dict[Demand, Moves] | None]:
    """Demands that the pattern does not meet, and witnesses for those that it does."""
    known = set(demands)
    witnesses: dict[Demand, Moves] = {}
    new: list[Demand] = []
    queue = list(known) + union_demands(
        search.system, hidden, search.primary, search.rules, search.readers
    )
    queue.sort(key=lambda d: (-d.amount, d.cells, d.sign, d.who))
    while queue:
        demand = queue.pop(0)
        if demand in witnesses or demand in new:
            continue
        change = search.witness(demand, hidden, hidden, search.weight)
        if change is None:
            if demand in known:
                return [], None  # the model and the check disagree: leave it to the heuristic
            new.append(demand)
            continue
        witnesses[demand] = Moves.of(change)
        queue += insider_demands(
            search.system, demand, change, search.rules, search.readers
        )
    return new, witnesses


def _solved(search: Search, demands: list[Demand]) -> Bools | None:
    """The cheapest cells in which every demand has a change."""
    free = np.flatnonzero(search.allowed | search.must)
    n = free.size
    sums = csr_array(search.system.sums[:, free])
    rows: list[list[csr_array | None]] = []
    low: list[Array] = []
    high: list[Array] = []
    for k, demand in enumerate(demands):
        down, up = _reach(search, demand, free)
        aim = csr_array((np.isin(free, demand.cells) * float(demand.sign))[None, :])
        for block, switch, least, most in (
            (sums, None, 0.0, 0.0),
            (aim, None, 1.0, np.inf),
            (csr_array(diags_array(np.ones(n))), csr_array(diags_array(-up)), -np.inf, 0.0),
            (csr_array(diags_array(np.ones(n))), csr_array(diags_array(down)), 0.0, np.inf),
        ):
            empty = csr_array((block.shape[0], n))
            line: list[csr_array | None] = [empty if switch is None else switch]
            line += [block if k == j else None for j in range(len(demands))]
            rows.append(line)
            low.append(np.full(block.shape[0], least))
            high.append(np.full(block.shape[0], most))
    if not demands:
        return search.must.copy()
    lower, upper, whole = _columns(search, demands, free)
    result = milp(
        np.concatenate([search.weight[free], np.zeros(n * len(demands))]),
        integrality=whole,
        constraints=LinearConstraint(
            block_array(rows, format="csc"), np.concatenate(low), np.concatenate(high)
        ),
        bounds=Bounds(lower, upper),
        # presolve of some HiGHS versions writes to the screen
        options={"node_limit": _NODES, "mip_rel_gap": 0.0, "presolve": False},
    )
    if result.x is None or result.status != 0:
        return None
    hidden = search.must.copy()
    hidden[free[result.x[:n] > 0.5]] = True
    return search.closed(hidden)


def _reach(
    search: Search, demand: Demand, free: npt.NDArray[np.intp]
) -> tuple[Array, Array]:
    """How far each free cell may fall and rise for one reader, in levels."""
    known = search.readers[demand.who]
    room = (search.system.values - known.lower)[free] / demand.amount
    is_open = ~known.is_known[free]
    return np.clip(room, 0.0, _REACH) * is_open, np.full(free.size, _REACH) * is_open


def _columns(
    search: Search, demands: list[Demand], free: npt.NDArray[np.intp]
) -> tuple[Array, Array, npt.NDArray[np.int64]]:
    """Bounds and kinds of the columns: first whether a cell is hidden, then the changes."""
    n = free.size
    lower = [search.must[free].astype(np.float64)]
    upper = [np.ones(n)]
    for demand in demands:
        down, up = _reach(search, demand, free)
        lower.append(-down)
        upper.append(up)
    whole = np.zeros(n * (1 + len(demands)), dtype=np.int64)
    whole[:n] = 1
    return np.concatenate(lower), np.concatenate(upper), whole
