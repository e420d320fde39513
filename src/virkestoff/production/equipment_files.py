"""The catalogue of equipment: reading and checking ``library/production/equipment.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import (
    Library,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)
from virkestoff.language import Text
from virkestoff.quantities import parse_unit

__all__ = ["Catalogue", "Estimate", "Item", "load_catalogue"]

_SECTIONS = ("sources", "facts", "statistics", "items")


class Estimate(BaseModel):
    """What one source says: ``cost x material x (S / base_size)^exponent``.

    Attributes
    ----------
    cost : fact, purchased cost of one unit of `base_size`
    base_size : in the ``size_unit`` of the item
    exponent : fact, dimensionless
    material : fact, what the cost is multiplied by to be in the material needed
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cost: str
    base_size: float = Field(gt=0)
    exponent: str
    material: str | None = None


class Item(BaseModel):
    """One kind of equipment.

    Attributes
    ----------
    bounds : sizes that the sources cover, in ``size_unit``
    largest : largest single unit; beyond it several equal units are bought
    installation : fact, installed over purchased cost
    why : what the estimates stand for
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    size_unit: str
    bounds: tuple[float, float]
    largest: float = Field(gt=0)
    installation: str
    why: str
    estimates: tuple[Estimate, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        low, high = self.bounds
        if not 0.0 <= low <= high:
            raise ValueError("bounds must rise from low to high")
        try:
            parse_unit(self.size_unit)
        except InputError as problem:
            raise ValueError(str(problem)) from None
        return self

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts that a price of this item reads."""
        ids = [self.installation]
        for one in self.estimates:
            ids += [one.cost, one.exponent, *([one.material] if one.material else [])]
        return tuple(ids)


@dataclass(frozen=True)
class Catalogue:
    """Every item that an equipment list may name."""

    items: Mapping[str, Item]


def load_catalogue(path: Path | None = None, library: Library | None = None) -> Catalogue:
    """Read and check the catalogue; the library's own one is read once.

    Parameters
    ----------
    path : default ``library/production/equipment.yaml`` of the content root
    library : if given, every fact that an item names must be in it

    Raises
    ------
    InputError
        lists all faults of the file: unknown keys, missing keys, impossible bounds, unknown units,
        facts that are missing.
    """
    if path is None and library is None:
        return _of_library()
    return _read(path or _place(), library)


def _place() -> Path:
    return library_folder() / "production" / "equipment.yaml"


@kept_per_library
def _of_library() -> Catalogue:
    return _read(_place(), None)


def _read(path: Path, library: Library | None) -> Catalogue:
    data = read_yaml(path, path.name)
    faults = FaultCollector()
    items: dict[str, Item] = {}
    for unknown in data.keys() - set(_SECTIONS):
        next_step = suggest(unknown, _SECTIONS)
        faults.add(f"{path.name}: {unknown}", "is not a known key", next_step=next_step)
    records = data.get("items")
    if not isinstance(records, dict) or not records:
        faults.add(f"{path.name}: items", "names no equipment")
        records = {}
    for key, record in records.items():
        try:
            items[key] = Item.model_validate(record)
        except ValidationError as problem:
            found = validation_faults(path, path.name, ("items", key), problem)
            faults.extend(InputError(found))
            continue
        for fact_id in items[key].facts:
            if library is not None and fact_id not in library.facts:
                next_step = suggest(fact_id, library.facts)
                faults.add(
                    f"{path.name}: items.{key}", f"fact '{fact_id}' is missing", "", next_step
                )
    faults.raise_if_any()
    return Catalogue(items)
