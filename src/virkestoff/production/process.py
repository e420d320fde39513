"""Process data: what is made from what, in which steps, at which yield.

A process file (``library/production/processes/<name>.yaml``) holds the steps and names the facts
that hold the numbers; compounds are known by their formula, so that every reaction can be checked
atom by atom and every molar mass is computed and never typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from virkestoff.language import Text

__all__ = [
    "Compound",
    "Presentation",
    "Process",
    "Processes",
    "Reaction",
    "Returned",
    "Solvent",
    "Step",
    "Train",
    "elements_of",
]

FactId = Annotated[str, Field(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")]
TrainName = Literal["fermentation", "enzyme", "synthesis", "sterile_substance"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Compound(_Frozen):
    """A pure substance, known by its formula."""

    name: Text
    formula: str = Field(pattern=r"^([A-Z][a-z]?\d*)+$")


class Reaction(_Frozen):
    """Whole stoichiometric coefficients by compound."""

    consumes: dict[str, Annotated[int, Field(gt=0)]]
    forms: dict[str, Annotated[int, Field(gt=0)]]


class Solvent(_Frozen):
    """A solvent in circulation: charged per kg of step output, of which a share comes back."""

    charge: FactId
    recovery: FactId


class Returned(_Frozen):
    """A by-product that goes back upstream, mol for mol in place of a purchased material."""

    share: FactId
    replaces: str


class Step(_Frozen):
    """One step from `input` to `output`.

    With a reaction, `yield` is the molar yield on `input`; without, it is the share of the
    substance in `input` that `output` holds. `charged` gives mol of a reagent per mol of `input`
    where that is more than the equation needs. `aids` are kg per kg of step output that take no
    part in the equation.
    """

    step: str = Field(pattern=r"^[a-z0-9_]+$")
    input: str
    output: str
    yield_: FactId = Field(alias="yield")
    reaction: Reaction | None = None
    charged: dict[str, FactId] = {}
    returned: dict[str, Returned] = {}
    aids: dict[str, FactId] = {}
    solvents: dict[str, Solvent] = {}


class Fermentation(_Frozen):
    """How the substance is made in the fermenter."""

    titre: FactId
    glucose_yield: FactId
    precursor: str
    precursor_use: FactId
    media: dict[str, FactId] = {}
    batch_time: FactId
    turnaround: FactId
    failure: FactId


class BatchData(_Frozen):
    """How a batch in a reactor train is sized."""

    volume_per_kg: FactId
    hours: FactId
    turnaround: FactId
    failure: FactId


class Process(_Frozen):
    """From a feed, or from sugar, to one substance.

    Attributes
    ----------
    process : name of the substance made; kilograms are counted as compound `basis`
    sold_as : compound that leaves the process (salt, hydrate)
    feed : process whose `sold_as` goes in; ``None`` for a fermentation
    """

    process: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Text
    train: TrainName
    basis: str
    sold_as: str
    feed: str | None = None
    origin: Text
    fermentation: Fermentation | None = None
    batch: BatchData | None = None
    steps: tuple[Step, ...] = Field(min_length=1)


class Train(_Frozen):
    """A group of equal vessels that products share in campaigns.

    More than `most_vessels` are chosen only in the largest size of the catalogue.
    """

    train: TrainName
    item: str
    catalogue_m3: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1)
    most_vessels: Annotated[int, Field(gt=0)]
    working_share: FactId
    uptime: FactId
    changeover: FactId
    campaigns: FactId


class Presentation(_Frozen):
    """A finished form of one substance in one pack size."""

    name: Text
    substance: str
    form: Literal["tablet", "mixture", "vial"]
    strength: FactId
    strength_of: str
    units_per_pack: FactId


@dataclass(frozen=True)
class Processes:
    """All process data, checked as one."""

    processes: Mapping[str, Process]
    compounds: Mapping[str, Compound]
    trains: Mapping[str, Train]
    presentations: Mapping[str, Presentation]

    def order(self, names: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Names with every feed before what is made from it."""
        wanted = tuple(self.processes) if names is None else names
        placed: list[str] = []

        def place(name: str) -> None:
            feed = self.processes[name].feed
            if feed in wanted and feed not in placed:
                place(str(feed))
            if name not in placed:
                placed.append(name)

        for name in wanted:
            place(name)
        return tuple(placed)


@lru_cache(maxsize=1024)
def elements_of(formula: str) -> Mapping[str, int]:
    """Return atoms by element.

    Examples
    --------
    >>> dict(elements_of("C2H6O"))
    {'C': 2, 'H': 6, 'O': 1}
    """
    atoms: dict[str, int] = {}
    for element, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        atoms[element] = atoms.get(element, 0) + int(count or 1)
    return MappingProxyType(atoms)
