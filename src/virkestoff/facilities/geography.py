"""Where providers are: the counties of Norway, and other countries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import FaultCollector, InputError
from virkestoff.evidence import Library, read_yaml, validation_faults
from virkestoff.facilities.provider import Provider

__all__ = ["HOME", "UNSTATED", "Counties", "County", "load_counties"]

HOME = "NO"
UNSTATED = "NO-"
"""The area of a Norwegian provider of which no source says where it is."""


class County(BaseModel):
    """A county: its name, where it stands in the map of tiles, the places in it.

    ``tile`` is column and row from 0, from the north-west.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    short: str | None = None
    tile: tuple[int, int]
    places: tuple[str, ...] = Field(default=())
    source: str
    how: Literal["read", "unverified"]


@dataclass(frozen=True)
class Counties:
    """The counties by number, and the county of each place."""

    by_number: Mapping[str, County]

    def areas_of(self, provider: Provider) -> tuple[str, ...]:
        """``NO-03`` for a county, ``NO-`` where no place is stated, else the country.

        A provider with places in several counties is in each of them. A place that is in no
        county's list counts as not stated.
        """
        if provider.country != HOME:
            return (provider.country,)
        named = {place for c in provider.capabilities for place in c.places}
        found = sorted(
            f"{HOME}-{number}" for number, county in self.by_number.items()
            if named & set(county.places)
        )  # fmt: skip
        return tuple(found) or (UNSTATED,)


def load_counties(library: Library) -> Counties:
    """The counties of the library.

    Raises
    ------
    InputError
        lists every fault; two counties on one tile and a place in two counties among them.
    """
    path: Path = library.root / "facilities" / "counties.yaml"
    faults, found = FaultCollector(), {}
    tiles: dict[tuple[int, int], str] = {}
    places: dict[str, str] = {}
    for number, record in (read_yaml(path).get("counties") or {}).items():
        try:
            county = County.model_validate(record)
        except ValidationError as problem:
            given = validation_faults(path, path.name, ("counties", number), problem)
            faults.extend(InputError(given))
            continue
        found[str(number)] = county
        where = f"{path.name}: counties.{number}"
        if county.source not in library.sources:
            faults.add(where, f"'{county.source}' is not a source that the library holds")
        if tiles.setdefault(county.tile, number) != number:
            faults.add(where, f"stands on the tile of {tiles[county.tile]}")
        for place in county.places:
            if places.setdefault(place, number) != number:
                faults.add(where, f"'{place}' is already in {places[place]}")
    faults.raise_if_any()
    return Counties(found)
