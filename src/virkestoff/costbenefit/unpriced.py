"""Effects without a price: importance x extent = consequence (the plus-minus method).

The consequence is a step on an ordinal scale from ---- to ++++. It is no quantity: consequences
are listed, and neither added nor averaged. The cells of the table are facts of the library; no
document that was read confirms them, so each carries its confidence and can be replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from virkestoff.effects import EXTENTS, IMPORTANCES, Extent, Importance, UnpricedEffect
from virkestoff.errors import FaultCollector, InputError, MissingFact
from virkestoff.evidence import Library
from virkestoff.evidence.fact import Confidence
from virkestoff.language import Text

__all__ = [
    "EXTENT_NAMES",
    "IMPORTANCE_NAMES",
    "ConsequenceTable",
    "UnpricedRow",
    "consequence_table",
    "unpriced_rows",
]

_CELL = "costbenefit.plus_minus"
_STEPS = 4  # constant: the scale has four steps each way
_MINUS = "\u2212"

IMPORTANCE_NAMES: Mapping[Importance, Text] = {
    "small": Text(nb="liten", en="small"),
    "medium": Text(nb="middels", en="medium"),
    "large": Text(nb="stor", en="large"),
}
EXTENT_NAMES: Mapping[Extent, Text] = {
    "large_negative": Text(nb="stort negativt", en="large negative"),
    "medium_negative": Text(nb="middels negativt", en="medium negative"),
    "small_negative": Text(nb="lite negativt", en="small negative"),
    "none": Text(nb="intet", en="none"),
    "small_positive": Text(nb="lite positivt", en="small positive"),
    "medium_positive": Text(nb="middels positivt", en="medium positive"),
    "large_positive": Text(nb="stort positivt", en="large positive"),
}


@dataclass(frozen=True)
class ConsequenceTable:
    """The consequence, from -4 to 4, of each importance and positive extent.

    Attributes
    ----------
    cells : (importance, size of extent) -> step
    confidence : the weakest confidence among the cells
    facts : ids of the facts that were read
    """

    cells: Mapping[tuple[Importance, str], int]
    confidence: Confidence
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = FaultCollector()
        for (importance, size), step in self.cells.items():
            if not 0 <= step <= _STEPS:
                faults.add(f"{_CELL}.{importance}_{size}", f"{step} is not a step from 0 to 4")
        faults.raise_if_any()

    def step(self, importance: Importance, extent: Extent) -> int:
        """The consequence; negative extents mirror positive ones."""
        if extent == "none":
            return 0
        size, _, direction = extent.partition("_")
        step = self.cells[importance, size]
        return step if direction == "positive" else -step


@dataclass(frozen=True)
class UnpricedRow:
    """One line of the table of effects without a price."""

    effect: UnpricedEffect
    step: int

    @property
    def symbol(self) -> str:
        """``+++``, a minus sign for each step down, or ``0``."""
        return ("+" if self.step > 0 else _MINUS) * abs(self.step) or "0"


def consequence_table(library: Library) -> ConsequenceTable:
    """The table, from the library.

    Raises
    ------
    MissingFact
        lists every cell that is missing.
    """
    faults = FaultCollector()
    cells: dict[tuple[Importance, str], int] = {}
    kinds: set[Confidence] = set()
    ids: list[str] = []
    for importance in IMPORTANCES:
        for size in (e.removesuffix("_positive") for e in EXTENTS if e.endswith("_positive")):
            fact_id = f"{_CELL}.{importance}_{size}"
            try:
                fact = library.fact(fact_id)
            except InputError as problem:
                faults.extend(problem)
                continue
            if not fact.central.is_integer():
                faults.add(fact_id, f"{fact.central:g} is not a whole step")
                continue
            cells[importance, size] = int(fact.central)
            kinds.add(fact.confidence)
            ids.append(fact_id)
    faults.raise_if_any(MissingFact)
    order: tuple[Confidence, ...] = ("assumption", "unverified", "read")
    weakest = next(kind for kind in order if kind in kinds)
    return ConsequenceTable(cells, weakest, tuple(ids))


def unpriced_rows(
    effects: Iterable[UnpricedEffect], table: ConsequenceTable
) -> tuple[UnpricedRow, ...]:
    """Each effect with its consequence, in the order they were entered."""
    return tuple(UnpricedRow(e, table.step(e.importance, e.extent)) for e in effects)
