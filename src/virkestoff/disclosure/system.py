"""Several tables as one set of cells and sums: what a reader can add and subtract.

A cell that stands in two tables (the same variable, the same codes, totals left out) is one cell,
so what one table hides no other shows. A reader knows that every sum adds up, that amounts are not
negative (where that is so), and the amounts of contributors that are open to the public.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from virkestoff.disclosure.table import Key, Table
from virkestoff.errors import FaultCollector

__all__ = ["Array", "Knowledge", "System", "system_of"]

Array = npt.NDArray[np.float64]
Name = tuple[str, tuple[tuple[str, str], ...]]
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What one reader knows of the hidden cells before looking at the tables.

    Attributes
    ----------
    who : the contributor; empty: an outsider
    lower : the least each cell can be, shape (n_cells,)
    is_known : cells whose contributors the reader knows all, shape (n_cells,)
    """

    who: str
    lower: Array
    is_known: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class System:
    """Cells of all tables, each once, and the sums between them.

    Attributes
    ----------
    names : variable and codes that are no total, sorted
    values : shape (n_cells,)
    sums : shape (n_sums, n_cells): +1 for the total, -1 for each part; ``sums @ values`` is zero
    contributors : per cell (contributor, amount), known amounts only, sorted by name
    n_unknown : per cell, how many amounts are withheld, shape (n_cells,)
    is_count : cells that count companies, shape (n_cells,)
    is_signed : cells of a variable that may be negative, shape (n_cells,)
    is_fixed : cells published already, shape (n_cells,)
    levels : protection levels given with the table, zero where none, shape (n_cells,)
    public : contributors that are open to the public
    has_open_zeros : whether a reader knows which counts are zero (no rule hides them)
    places : one mapping per table from its keys to cells
    """

    names: tuple[Name, ...]
    values: Array
    sums: csr_array
    contributors: tuple[tuple[tuple[str, float], ...], ...]
    n_unknown: npt.NDArray[np.int64]
    is_count: npt.NDArray[np.bool_]
    is_signed: npt.NDArray[np.bool_]
    is_fixed: npt.NDArray[np.bool_]
    levels: Array
    public: frozenset[str]
    has_open_zeros: bool
    places: tuple[dict[Key, int], ...] = field(repr=False)

    @property
    def n_cells(self) -> int:
        """How many cells there are."""
        return len(self.names)

    def label(self, cell: int) -> str:
        """A cell in words for the analyst."""
        variable, codes = self.names[cell]
        return f"{variable}, {', '.join(code for _, code in codes) or 'total'}"

    def protected(self, cell: int) -> tuple[tuple[str, float], ...]:
        """The contributors of a cell that are not open to the public."""
        return self._protected[cell]

    @cached_property
    def _protected(self) -> tuple[tuple[tuple[str, float], ...], ...]:
        return tuple(
            tuple((who, x) for who, x in cell if who not in self.public)
            for cell in self.contributors
        )

    @cached_property
    def outsider(self) -> Knowledge:
        """What anyone knows: no cell is below its public part.

        Where amounts may be negative a reader is taken to know that no cell lies below minus the
        sum of the absolute amounts that are not public.
        """
        lower = np.zeros(self.n_cells)
        known = np.zeros(self.n_cells, dtype=np.bool_)
        for cell in range(self.n_cells):
            open_ = math.fsum(x for who, x in self.contributors[cell] if who in self.public)
            rest = math.fsum(abs(x) for _, x in self.protected(cell))
            if self.is_signed[cell] and not self.contributors[cell]:
                rest = abs(float(self.values[cell]))
            lower[cell] = open_ - (rest if self.is_signed[cell] else 0.0)
            known[cell] = self._is_whole(cell, "")
        return Knowledge("", lower, known)

    def _is_whole(self, cell: int, who: str) -> bool:
        """Whether nobody but the public contributors and ``who`` is in the cell."""
        if self.n_unknown[cell] or self.levels[cell] > 0:
            return False
        if not self.contributors[cell]:
            is_open = self.has_open_zeros or not self.is_count[cell]
            return is_open and bool(self.values[cell] == 0.0)
        return all(name == who for name, _ in self.protected(cell))

    def insider(self, who: str) -> Knowledge:
        """What a contributor knows besides: its own amount in each cell, and where it is alone."""
        if not who:
            return self.outsider
        lower, known = self.outsider.lower.copy(), self.outsider.is_known.copy()
        for cell, amount in self.where.get(who, ()):
            if not self.is_count[cell]:
                lower[cell] += amount + (abs(amount) if self.is_signed[cell] else 0.0)
                known[cell] = self._is_whole(cell, who)
        return Knowledge(who, lower, known)

    @cached_property
    def where(self) -> dict[str, tuple[tuple[int, float], ...]]:
        """Contributor -> the cells that it is in, with its amount."""
        found: dict[str, list[tuple[int, float]]] = {}
        for cell, amounts in enumerate(self.contributors):
            for who, amount in amounts:
                found.setdefault(who, []).append((cell, amount))
        return {who: tuple(cells) for who, cells in found.items()}

    @cached_property
    def parts(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Each sum as its total and its parts."""
        found = []
        for row in range(self.sums.shape[0]):
            begin, end = self.sums.indptr[row], self.sums.indptr[row + 1]
            cells, signs = self.sums.indices[begin:end], self.sums.data[begin:end]
            total = int(cells[signs > 0][0])
            found.append((total, tuple(sorted(int(c) for c in cells[signs < 0]))))
        return tuple(found)

    @cached_property
    def twins(self) -> tuple[tuple[int, ...], ...]:
        """Sums of several variables over the same companies: cells with the same codes."""
        found: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for cell, (_, codes) in enumerate(self.names):
            if not self.is_count[cell]:
                found.setdefault(codes, []).append(cell)
        return tuple(tuple(cells) for _, cells in sorted(found.items()) if len(cells) > 1)


def _name(table: Table, key: Key) -> Name:
    codes = zip(table.dimensions, key, strict=True)
    return table.variable, tuple(sorted((d.name, c) for d, c in codes if c != d.total))


def system_of(tables: Sequence[Table], *, has_open_zeros: bool = True) -> System:
    """The system of cells and sums of tables that are published together.

    ``has_open_zeros``: a reader knows which counts are zero; False where a rule hides them.

    Raises
    ------
    InputError
        with all faults: no table, a cell that two tables give different values or contributors,
        a variable of two kinds.
    """
    faults = FaultCollector()
    if not tables:
        faults.add("tables", "there is none")
    seen: dict[Name, tuple[Table, Key]] = {}
    kinds: dict[str, str] = {}
    for table in tables:
        if kinds.setdefault(table.variable, table.kind) != table.kind:
            faults.add(f"variable {table.variable}", "is both a sum and a count",
                       next_step="Give the counts a name of their own")  # fmt: skip
        for key in table.keys:
            name = _name(table, key)
            if name in seen:
                _check_same(name, seen[name], (table, key), faults)
            else:
                seen[name] = (table, key)
    faults.raise_if_any()
    return _built(tables, seen, has_open_zeros)


def _check_same(
    name: Name, first: tuple[Table, Key], second: tuple[Table, Key], faults: FaultCollector
) -> None:
    (table, key), (other, twin) = first, second
    a, b = table.value(key), other.value(twin)
    where = f"{name[0]}, {', '.join(c for _, c in name[1]) or 'total'}"
    if abs(a - b) > _SAME * max(abs(a), abs(b), 1.0):
        faults.add(where, f"is {a:.15g} in one table and {b:.15g} in another",
                   "two tables of one variable share this cell",
                   "Build both from the same companies, or name the variables apart")  # fmt: skip
    elif table.contributors.get(key, {}).keys() != other.contributors.get(twin, {}).keys():
        faults.add(where, "has different contributors in two tables",
                   next_step="Build both from the same companies")  # fmt: skip


def _built(
    tables: Sequence[Table], seen: dict[Name, tuple[Table, Key]], has_open_zeros: bool
) -> System:
    names = tuple(sorted(seen))
    index = {name: cell for cell, name in enumerate(names)}
    places = tuple({key: index[_name(t, key)] for key in t.keys} for t in tables)
    sources = [seen[name] for name in names]
    signed = {
        t.variable
        for t in tables
        if any(v < 0 for v in t.values.values())
        or any(x < 0 for cell in t.contributors.values() for x in cell.values())
    }
    rows: set[tuple[int, tuple[int, ...]]] = set()
    fixed = np.zeros(len(names), dtype=np.bool_)
    levels = np.zeros(len(names))
    for table, place in zip(tables, places, strict=True):
        for total, parts in table.equations():
            rows.add((place[total], tuple(sorted(place[p] for p in parts))))
        fixed[[place[key] for key in sorted(table.fixed)]] = True
        for key, level in table.levels.items():
            levels[place[key]] = max(levels[place[key]], level)
    return System(
        names=names,
        values=np.array([t.value(k) for t, k in sources]),
        sums=_sums(sorted(rows), len(names)),
        contributors=tuple(tuple(sorted(t.contributors.get(k, {}).items())) for t, k in sources),
        n_unknown=np.array([t.n_unknown(k) for t, k in sources], dtype=np.int64),
        is_count=np.array([t.kind == "frequency" for t, _ in sources]),
        is_signed=np.array([t.variable in signed for t, _ in sources]),
        is_fixed=fixed,
        levels=levels,
        public=frozenset().union(*(t.public for t in tables)),
        has_open_zeros=has_open_zeros,
        places=places,
    )


def _sums(rows: list[tuple[int, tuple[int, ...]]], n_cells: int) -> csr_array:
    """One row per sum: the total less its parts."""
    where, cells, signs = [], [], []
    for row, (total, parts) in enumerate(rows):
        where += [row] * (1 + len(parts))
        cells += [total, *parts]
        signs += [1.0] + [-1.0] * len(parts)
    return csr_array((signs, (where, cells)), shape=(len(rows), n_cells))
