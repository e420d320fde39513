"""The multi-tier bill of materials: what each product is made of, and of what that is made in turn.

Tier 1 is the product, tier 2 what goes straight into it, and so on; an item that is reached on
several ways has the lowest of its tiers. What follows from it is in ``supply.dependence``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import Fault, FaultCollector, MissingFact, suggest
from virkestoff.evidence import (
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)
from virkestoff.language import Text

__all__ = ["UNKNOWN", "Bill", "Item", "Kind", "Need", "Origin", "load_bill"]

Kind = Literal[
    "presentation", "substance", "intermediate", "chemical", "aid", "packaging", "strain"
]
UNKNOWN = "unknown"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(_Frozen):
    """Where an item comes from today.

    Attributes
    ----------
    places : regions, or ``unknown`` where no source names one
    confidence : of the origin
    sources : how many independent makers could supply it
    """

    places: tuple[str, ...] | Literal["unknown"]
    confidence: Literal["read", "unverified", "assumption"]
    sources: Literal["one", "several", "unknown"]
    source: str = ""
    note: str = ""


class Need(_Frozen):
    """One thing that an item is made of; ``amount`` is a fact in kg per kg, where known."""

    item: str
    amount: str | None = None


class Item(_Frozen):
    """One line of the bill.

    Attributes
    ----------
    step : the step that makes it; None is bought by everybody
    lead_time, storable, held : facts in months
    price : fact in NOK/kg, where known
    """

    name: Text
    kind: Kind
    step: str | None = None
    origin: Origin
    lead_time: str
    storable: str
    held: str
    price: str | None = None
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Bill:
    """All items by name; loaded bills have no cycle and no unknown item."""

    items: Mapping[str, Item]

    def tiers(self, product: str) -> dict[str, int]:
        """The tier of all that ``product`` rests on, itself first, near before far.

        Raises
        ------
        InputError
            if the product is not in the bill.
        """
        self.item(product)
        tiers, queue = {product: 1}, [product]
        for name in queue:
            for need in self.items[name].needs:
                if need.item not in tiers:
                    tiers[need.item] = tiers[name] + 1
                    queue.append(need.item)
        return tiers

    def item(self, name: str) -> Item:
        """The line of an item."""
        if name not in self.items:
            step = suggest(name, self.items)
            raise MissingFact(Fault(f"bill of materials, '{name}'", "is unknown", next_step=step))
        return self.items[name]

    def steps(self) -> frozenset[str]:
        """All steps that make something."""
        return frozenset(item.step for item in self.items.values() if item.step)


@kept_per_library
def load_bill(path: Path | None = None) -> Bill:
    """Read the bill of materials.

    Parameters
    ----------
    path : default ``library/supply/bill_of_materials.yaml`` of the content root

    Raises
    ------
    InputError
        lists all faults: missing origins, unknown items, items named twice, cycles.
    """
    file = path or library_folder() / "supply" / "bill_of_materials.yaml"
    entries = read_yaml(file).get("bill") or {}
    faults, items = FaultCollector(), {}
    for name, entry in entries.items():
        try:
            items[name] = Item.model_validate(entry)
        except ValidationError as problem:
            for fault in validation_faults(file, file.name, ("bill", name), problem):
                faults.faults.append(fault)
    if not entries:
        faults.add(f"{file.name}: bill", "is empty or missing")
    for name, item in items.items():
        where = f"{file.name}: bill.{name}"
        needed = [need.item for need in item.needs]
        for need in dict.fromkeys(needed):
            if need not in entries:
                faults.add(where, f"needs '{need}', which is unknown", "", suggest(need, entries))
            if needed.count(need) > 1:
                faults.add(where, f"needs '{need}' more than once")
        if item.origin.places == ():
            faults.add(f"{where}.origin", "names no place", next_step="Write unknown if it is.")
        if item.needs and item.step is None:
            faults.add(where, "is made of something but has no step that makes it")
    for cycle in _cycles(items):
        faults.add(f"{file.name}: bill", "goes round: " + " -> ".join(cycle))
    faults.raise_if_any()
    return Bill(items)


def _cycles(items: Mapping[str, Item]) -> list[list[str]]:
    """Each cycle that a walk along the needs meets, once, as names from start to start."""
    cycles: list[list[str]] = []
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            cycles.append([*path[path.index(name) :], name])
        elif name not in done and name in items:
            for need in items[name].needs:
                walk(need.item, [*path, name])
            done.add(name)

    for name in items:
        walk(name, [])
    return cycles
