"""What imported packs and substances cost, and which price and share a new maker obtains.

The table of which fact prices which pack is data (``library/supply/market.yaml``): a reader who
holds a real price replaces the fact there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import (
    Parameters,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)

__all__ = [
    "Market",
    "PackPrice",
    "load_market",
    "pack_price",
    "purchase_values",
    "share_of_need",
    "substance_price",
]

Array = npt.NDArray[np.float64]
SHARES: Mapping[str, str] = {
    "norway": "supply.market.share_won.norway",
    "nordic": "supply.market.share_won.nordic",
    "eea": "supply.market.share_won.eea",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackPrice(_Frozen):
    """Which fact prices a presentation, and whether per pack or per unit in it."""

    fact: str
    unit: str
    per: Literal["unit", "pack"]


class _Table(_Frozen):
    purchase_prices: dict[str, PackPrice]
    substance_prices: dict[str, str]


@dataclass(frozen=True)
class Market:
    """The table of prices."""

    packs: Mapping[str, PackPrice]
    substances: Mapping[str, str]


@kept_per_library
def load_market(path: Path | None = None) -> Market:
    """Read the table of prices.

    Parameters
    ----------
    path : default ``library/supply/market.yaml`` of the content root

    Raises
    ------
    InputError
        lists all faults of the file.
    """
    file = path or library_folder() / "supply" / "market.yaml"
    data: dict[str, Any] = read_yaml(file)
    tables = {key: value for key, value in data.items() if key not in ("sources", "facts")}
    try:
        table = _Table.model_validate(tables)
    except ValidationError as problem:
        raise InputError(validation_faults(file, file.name, (), problem)) from None
    return Market(table.purchase_prices, table.substance_prices)


def pack_price(
    presentation: str, units_per_pack: Array, parameters: Parameters, market: Market | None = None
) -> Array:
    """Today's purchase price of an imported pack, NOK/pack, shape (n_draws, 1).

    Raises
    ------
    MissingFact
        if no fact prices the presentation.
    """
    packs = (market or load_market()).packs
    if presentation not in packs:
        raise MissingFact(
            Fault(
                f"library/supply/market.yaml: purchase_prices.{presentation}",
                "is missing",
                next_step=suggest(presentation, packs),
            )
        )
    row = packs[presentation]
    price = parameters(row.fact, row.unit)
    return price * units_per_pack if row.per == "unit" else price


def purchase_values(
    packs: Mapping[str, Array],
    parameters: Parameters,
    units_per_pack: Mapping[str, Array] | None = None,
    market: Market | None = None,
) -> dict[str, Array]:
    """What packs cost at today's purchase price, NOK, per presentation.

    Parameters
    ----------
    packs : presentation -> packs, shape (n_draws, n_years)
    units_per_pack : tablets or vials in a pack; default the library's pack sizes
    """
    values = {}
    for presentation, number in packs.items():
        if units_per_pack is not None:
            units = units_per_pack[presentation]
        else:
            units = parameters(f"production.presentation.{presentation}.units_per_pack", "1")
        values[presentation] = number * pack_price(presentation, units, parameters, market)
    return values


def substance_price(product: str, parameters: Parameters, market: Market | None = None) -> Array:
    """The price of imported active substance, NOK/kg, shape (n_draws, 1)."""
    substances = (market or load_market()).substances
    if product not in substances:
        raise MissingFact(
            Fault(
                f"library/supply/market.yaml: substance_prices.{product}",
                "is missing",
                next_step=suggest(product, substances),
            )
        )
    return parameters(substances[product], "NOK/kg")


def share_of_need(
    need_by_market: Mapping[str, Array], reach: str, parameters: Parameters
) -> tuple[Array, Array]:
    """What a maker sells at home and abroad when it reaches ``norway``, ``nordic`` or ``eea``.

    Parameters
    ----------
    need_by_market : need of each market (each holds the smaller one), shape (n_draws, n_years)
    reach : the widest market that it sells in

    Returns
    -------
    amounts sold in Norway and abroad. Each ring of countries has its own share: the Nordic share
    is won of the Nordic need outside Norway, the EEA share of the EEA need outside the Nordics.
    """
    rings = ("norway", "nordic", "eea")
    if reach not in rings:
        step = suggest(reach, rings)
        raise InputError(Fault(f"market '{reach}'", "is not known", next_step=step))
    home = need_by_market["norway"] * parameters(SHARES["norway"], "1")
    abroad = np.zeros_like(home)
    inner = need_by_market["norway"]
    for ring in rings[1 : rings.index(reach) + 1]:
        outer = need_by_market[ring]
        abroad = abroad + np.maximum(outer - inner, 0.0) * parameters(SHARES[ring], "1")
        inner = outer
    return home, abroad
