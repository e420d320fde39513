"""From true tables to tables that may be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from virkestoff.disclosure.audit import Audit, audited
from virkestoff.disclosure.demands import Readers, primary_cells
from virkestoff.disclosure.exact import least_loss
from virkestoff.disclosure.rules import Rules
from virkestoff.disclosure.selection import Search
from virkestoff.disclosure.system import System, system_of
from virkestoff.disclosure.table import Dimension, Key, Table
from virkestoff.errors import FaultCollector

__all__ = [
    "SUPPRESSED",
    "Protection",
    "PublishedCell",
    "PublishedTable",
    "protect",
    "publish",
    "publish_linked",
]

SUPPRESSED = ":"
_INCOMPLETE = "i"
_LISTED = 10


@dataclass(frozen=True)
class PublishedCell:
    """One cell as the public sees it.

    Attributes
    ----------
    key : its codes
    value : exactly the true value, or None
    mark : ``:`` hidden, for whichever reason: to tell sensitive cells from others would help an
        attacker. ``i``: an amount that is withheld is missing from the sum. Else empty.
    """

    key: Key
    value: float | None
    mark: str


@dataclass(frozen=True)
class PublishedTable:
    """A table that has passed its audit. It holds no hidden value and no contributor."""

    variable: str
    dimensions: tuple[Dimension, ...]
    cells: tuple[PublishedCell, ...]

    @cached_property
    def _by_key(self) -> dict[Key, PublishedCell]:
        return {cell.key: cell for cell in self.cells}

    def cell(self, key: Key) -> PublishedCell:
        """The cell of a key."""
        return self._by_key[key]

    def is_suppressed(self, key: Key) -> bool:
        """Whether a cell is hidden."""
        return self._by_key[key].value is None

    @property
    def n_suppressed(self) -> int:
        """How many cells are hidden."""
        return sum(cell.value is None for cell in self.cells)


@dataclass(frozen=True)
class Protection:
    """What the analyst sees: the tables, the certificate, the cost. Not for publication.

    Attributes
    ----------
    public : the tables as published, in the order given
    audit : its certificate
    n_primary, n_secondary : sensitive cells, and cells hidden to protect them, each cell once
    is_optimal : whether the loss is the least there is for the readers examined
    loss : weight of the secondary cells, see `Rules.loss`; the heaviest cell weighs 1
    """

    public: tuple[PublishedTable, ...]
    audit: Audit
    n_primary: int
    n_secondary: int
    is_optimal: bool
    loss: float


def protect(
    tables: Sequence[Table], rules: Rules, *, same_pattern: bool = False
) -> Protection:
    """Hide what must be hidden, audit the result, and keep the certificate.

    Parameters
    ----------
    tables : tables that come out together. All tables of one variable and all variables that add
        up belong in one call; what came out earlier enters as ``fixed`` cells.
    rules : what counts as giving a company away
    same_pattern : a cell hidden for one sum is hidden for all sums of the same companies
        (turnover, value creation): one is a good guess at the other

    Raises
    ------
    InputError
        with the cells that cannot be protected and why, or if the audit fails.
    """
    system = system_of(tables, has_open_zeros=not rules.has_sensitive_zeros)
    primary = primary_cells(system, rules)
    search = Search(system, rules, primary, system.twins if same_pattern else ())
    best = least_loss(search) if not search.twins else None
    is_optimal = best is not None
    pattern = best if best is not None else search.heuristic()
    report = audited(system, pattern.hidden, rules, primary, Readers(system), pattern.witnesses)
    _refuse(report)
    return Protection(
        public=_published(tables, system, pattern.hidden),
        audit=report,
        n_primary=len(primary),
        n_secondary=int(pattern.hidden.sum()) - len(primary),
        is_optimal=is_optimal,
        loss=pattern.loss,
    )


def _refuse(report: Audit) -> None:
    """A table that fails its audit is not published; the words hold no true value."""
    faults = FaultCollector()
    for finding in report.findings[:_LISTED]:
        how = {
            "shown": "is sensitive and not hidden",
            "exact": "can be worked out exactly",
            "too_close": "can be worked out too closely",
        }[finding.kind]
        faults.add(
            " and ".join(finding.cells), how, "the audit failed; nothing is published",
            "Merge the cell with a neighbour, drop a dimension, or leave the table unpublished",
        )  # fmt: skip
    faults.raise_if_any()


def _published(
    tables: Sequence[Table], system: System, hidden: npt.NDArray[np.bool_]
) -> tuple[PublishedTable, ...]:
    out = []
    for table, place in zip(tables, system.places, strict=True):
        cells = []
        for key in table.keys:
            if hidden[place[key]]:
                cells.append(PublishedCell(key, None, SUPPRESSED))
            else:
                mark = _INCOMPLETE if table.n_unknown(key) else ""
                cells.append(PublishedCell(key, table.value(key), mark))
        out.append(PublishedTable(table.variable, table.dimensions, tuple(cells)))
    return tuple(out)


def publish(table: Table, rules: Rules) -> PublishedTable:
    """One table as it may be published; see `protect`.

    Raises
    ------
    InputError
        if it cannot be protected.
    """
    return protect([table], rules).public[0]


def publish_linked(
    tables: Sequence[Table], rules: Rules, *, same_pattern: bool = False
) -> tuple[PublishedTable, ...]:
    """Several tables as they may be published together; see `protect`."""
    return protect(tables, rules, same_pattern=same_pattern).public
