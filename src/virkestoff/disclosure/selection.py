"""Which further cells must be hidden, at the least loss.

For each demand the cheapest witness is sought (linear programming); the cells it moves are hidden.
Cells hidden already cost next to nothing, so later witnesses reuse them. Cells that no witness
needs are shown again, the dearest first (repair and release). On small systems the exact model

    min   sum w_c y_c,   y_c in {0, 1}
    s.t.  for each demand k a change d^k with  sums @ d^k = 0,  sign_k sum d^k_c >= amount_k,
          -(value_c - lower^k_c) y_c <= d^k_c <= U y_c

is solved (HiGHS), with demands added as readers are found that see through (lazy rows). After
Fischetti and Salazar (2000), who prove the model; the search for witnesses is the heuristic of
Kelly, Golden and Assad (1992) with insiders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.disclosure.demands import (
    Readers,
    first_demands,
    insider_demands,
    union_demands,
)
from virkestoff.disclosure.rules import Rules, Sensitivity
from virkestoff.disclosure.system import Array, Knowledge, System
from virkestoff.disclosure.witness import Demand, Moves, Pool, find_witness
from virkestoff.errors import Fault, FaultCollector, InputError

__all__ = ["Pattern", "Search", "weights"]

Bools = npt.NDArray[np.bool_]
_NEW = 1000.0  # constant: scale of the cost of a cell more against one hidden already
_REUSE = 1e-3  # constant: a witness that moves fewer cells serves against more readers
_ALONE = 30.0  # constant: a cell known whole to its one contributor serves against fewer
_ROUNDS = 50  # constant: rounds after which cells are no longer shown again, so that it ends
_TRIES = 0  # constant: releases tried one by one on a large system
_SMALL = 150  # constant: systems up to this size try every release


@dataclass(frozen=True, eq=False)
class Pattern:
    """Cells to hide, and a witness for each demand.

    Attributes
    ----------
    hidden : shape (n_cells,)
    witnesses : demand -> change of the table
    loss : sum of the weights of the cells that are hidden beside the sensitive ones
    """

    hidden: Bools
    witnesses: Mapping[Demand, Moves]
    loss: float


def weights(system: System, rules: Rules) -> Array:
    """What hiding a cell costs, in (0, 1], shape (n_cells,)."""
    if rules.loss == "value":
        w = np.abs(system.values)
    elif rules.loss == "count":
        counts = [len(c) for c in system.contributors]
        w = np.where(system.is_count, system.values, np.array(counts, dtype=np.float64))
    else:
        w = np.ones(system.n_cells)
    top = float(w.max(initial=0.0))
    share = w / top if top > 0 else w
    # one cell more always counts, also where its value is nothing
    return np.asarray((share + 1.0 / system.n_cells) / (1.0 + 1.0 / system.n_cells))


@dataclass(eq=False)
class Search:
    """The search for a pattern on one system.

    Attributes
    ----------
    system, rules, primary : the task
    twins : groups of cells that are hidden together
    """

    system: System
    rules: Rules
    primary: Mapping[int, Sensitivity]
    twins: tuple[tuple[int, ...], ...] = ()
    readers: Readers = field(init=False)
    weight: Array = field(init=False)
    reuse: Array = field(init=False)
    largest: Array = field(init=False)
    allowed: Bools = field(init=False)
    must: Bools = field(init=False)
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.readers = Readers(self.system)
        self.pool = Pool(self.system)
        self.weight = weights(self.system, self.rules)
        alone = [len(self.system.protected(c)) == 1 for c in range(self.system.n_cells)]
        self.reuse = np.where(alone, _ALONE * _REUSE, _REUSE)
        self.must = self.closed(np.isin(np.arange(self.system.n_cells), list(self.primary)))
        self.allowed = ~self.system.is_fixed & ~self.system.outsider.is_known
        for group in self.twins:
            cells = list(group)
            if self.system.is_fixed[cells].any():
                self.allowed[cells] = False
        self.largest = self._largest()
        self._check_fixed()
        self.allowed |= self.must

    def _largest(self) -> Array:
        """The most that one contributor and the public ones have in a cell of several."""
        floor = self.system.outsider.lower.copy()
        for cell in np.flatnonzero(~self.system.is_count & ~self.system.is_signed):
            amounts = [x for _, x in self.system.protected(int(cell))]
            if len(amounts) > 1:
                floor[cell] += max(amounts)
        return floor

    def _check_fixed(self) -> None:
        faults = FaultCollector()
        for cell in np.flatnonzero(self.must & self.system.is_fixed):
            faults.add(
                self.system.label(int(cell)), "is published already and would have to be hidden",
                "a number that is out cannot be called back",
                "Publish a table that is coarser here, or tell who published it",
            )  # fmt: skip
        faults.raise_if_any()

    def closed(self, hidden: Bools) -> Bools:
        """The cells and their twins; a twin that everybody knows to be zero stays."""
        out = hidden.copy()
        for group in self.twins:
            cells = [c for c in group if not self.system.outsider.is_known[c]]
            if out[cells].any():
                out[cells] = True
        return out

    def loss(self, hidden: Bools) -> float:
        """The weight of what is hidden beside what must be."""
        return float(self.weight[hidden & ~self.must].sum())

    def heuristic(self) -> Pattern:
        """A pattern by one witness after another, then releases.

        Raises
        ------
        InputError
            if a demand has no witness even with every cell hidden that may be.
        """
        hidden = self.must.copy()
        witnesses: dict[Demand, Moves] = {}
        wanted = first_demands(self.system, self.primary, self.rules, self.readers)
        for round_ in range(10 * _ROUNDS):
            hidden = self._meet(wanted, hidden, witnesses)
            if round_ < _ROUNDS:
                hidden = self._needed_only(witnesses)
            wanted = [
                d
                for d in union_demands(
                    self.system, hidden, self.primary, self.rules, self.readers
                )
                if d not in witnesses
            ]
            if not wanted:
                break
        return self.released(Pattern(hidden, witnesses, self.loss(hidden)))

    def _needed_only(self, witnesses: Mapping[Demand, Moves]) -> Bools:
        """What must be hidden and what a witness moves."""
        used = self.must.copy()
        for change in witnesses.values():
            used[change.cells] = True
        return self.closed(used)

    def _meet(
        self, wanted: Iterable[Demand], hidden: Bools, witnesses: dict[Demand, Moves]
    ) -> Bools:
        """Meet demands, the largest first, and those of readers who see through the witnesses."""
        queue = sorted(wanted, key=lambda d: (-d.amount, d.cells, -d.sign))
        hidden = hidden.copy()
        while queue:
            demand = queue.pop(0)
            if demand in witnesses:
                continue
            cost = np.where(hidden, self.reuse, _NEW * self.weight)
            change = self.witness(demand, hidden, hidden | self.allowed, cost)
            if change is None:
                raise InputError(self._hopeless(demand))
            hidden = self.closed(hidden | (change != 0.0))
            witnesses[demand] = Moves.of(change)
            queue += insider_demands(self.system, demand, change, self.rules, self.readers)
        return hidden

    def witness(
        self, demand: Demand, hidden: Bools, is_free: Bools, cost: Array
    ) -> Array | None:
        """A witness: one that is kept and moves hidden cells only, else the cheapest."""
        known = self.readers[demand.who]
        kept = self.pool.find(demand, known, hidden)
        if kept is not None:
            return kept
        for reader in (self.cautious(demand), known):
            change = find_witness(self.system, demand, reader, is_free, cost)
            if change is not None:
                self.pool.add(change)
                return change
        return None

    def cautious(self, demand: Demand) -> Knowledge:
        """A reader that knows more than any: the largest contribution to each other cell.

        A witness against it serves against every contributor that is not alone in a cell it moves.
        """
        known = self.readers[demand.who]
        if demand.is_lone:
            return known
        lower = np.maximum(known.lower, self.largest)
        lower[list(demand.cells)] = known.lower[list(demand.cells)]
        return Knowledge(known.who, lower, known.is_known)

    def _hopeless(self, demand: Demand) -> list[Fault]:
        faults = FaultCollector()
        cells = " and ".join(self.system.label(c) for c in demand.cells)
        side = "above" if demand.sign > 0 else "below"
        fixed = int(self.system.is_fixed.sum())
        why = f"no second table agrees with what is published and lies far enough {side}"
        if fixed:
            why += f"; {fixed} cells are published already"
        faults.add(
            cells, "cannot be protected, whatever else is hidden", why,
            "Merge it with a neighbour, drop a dimension, or leave the table unpublished",
        )  # fmt: skip
        return faults.faults

    def released(self, pattern: Pattern) -> Pattern:
        """The pattern with the cells shown again that are not needed, the dearest first."""
        order = np.flatnonzero(pattern.hidden & ~self.must)
        order = order[np.lexsort((order, -self.weight[order]))]
        tries = order if self.system.n_cells <= _SMALL else order[:_TRIES]
        best = pattern
        for cell in tries:
            if best.hidden[cell]:
                best = self._without(int(cell), best) or best
        return best

    def _without(self, cell: int, pattern: Pattern) -> Pattern | None:
        """The pattern with a cell shown, if every demand can be met with what else is hidden."""
        group = next((g for g in self.twins if cell in g), (cell,))
        hidden = pattern.hidden.copy()
        hidden[list(group)] = False
        return self.completed(hidden, pattern.witnesses)

    def completed(self, hidden: Bools, known: Mapping[Demand, Moves]) -> Pattern | None:
        """A witness within ``hidden`` for each demand, or None if there is not one for each.

        ``known`` are witnesses found before; those that move other cells are sought anew.
        """
        witnesses = {d: w for d, w in known.items() if hidden[w.cells].all()}
        queue = [d for d in known if d not in witnesses]
        queue += [
            d
            for d in union_demands(self.system, hidden, self.primary, self.rules, self.readers)
            if d not in witnesses
        ]
        while queue:
            demand = queue.pop()
            if demand in witnesses:
                continue
            change = self.witness(demand, hidden, hidden, self.reuse)
            if change is None:
                return None
            witnesses[demand] = Moves.of(change)
            queue += insider_demands(self.system, demand, change, self.rules, self.readers)
        return Pattern(hidden, witnesses, self.loss(hidden))
