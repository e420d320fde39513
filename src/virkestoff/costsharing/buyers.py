"""Who buys penicillins in Norway, from ``library/costsharing/buyers.yaml``.

Three settings (prescriptions, nursing homes, hospitals), who buys and who pays in each with its
source, and the payers' parts as facts. A study takes :func:`norwegian_use` for its volumes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.costsharing.game import Array
from virkestoff.costsharing.national import PAYERS, use_by_payer
from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import (
    Parameters,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)
from virkestoff.language import Text

__all__ = ["Buyers", "Setting", "load_buyers", "norwegian_use"]

REST = "rest"
BLUE = "blue"
_BLUE_SHARE = "costsharing.buyer.blue_prescription"
_BLUE_COPAYMENT = "costsharing.buyer.blue_copayment"


class Setting(BaseModel):
    """Where a medicine is used.

    Attributes
    ----------
    name : in both languages
    buyer : who buys and who pays, in words
    volume : the fact that holds its share of use, or ``rest``
    pays : payer -> fact that holds its part, ``blue`` (what blue prescriptions cover) or ``rest``
    source, place, how : where it is read, as for a fact
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    buyer: Text
    volume: str
    pays: dict[str, str]
    source: str
    place: str
    how: Literal["read", "read_secondary", "derived", "recalled", "assumption"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: dict[str, Setting]


@dataclass(frozen=True)
class Buyers:
    """The settings by id."""

    settings: Mapping[str, Setting]


@kept_per_library
def load_buyers(path: Path | None = None) -> Buyers:
    """Read who buys.

    Parameters
    ----------
    path : default ``library/costsharing/buyers.yaml`` of the content root

    Raises
    ------
    InputError
        lists all faults: unknown payers, and settings or payers without exactly one ``rest``.
    """
    file = path or library_folder() / "costsharing" / "buyers.yaml"
    data: dict[str, Any] = read_yaml(file)
    faults = FaultCollector()
    try:
        table = _Table.model_validate({k: v for k, v in data.items() if k == "settings"})
    except ValidationError as problem:
        faults.faults.extend(validation_faults(file, file.name, (), problem))
        faults.raise_if_any()
        raise
    if [s.volume for s in table.settings.values()].count(REST) != 1:
        faults.add(f"{file.name}: settings", "exactly one must have the volume 'rest'")
    for key, setting in table.settings.items():
        where = f"{file.name}: settings.{key}.pays"
        for payer in setting.pays:
            if payer not in PAYERS:
                faults.add(where, f"'{payer}' is no payer", next_step=suggest(payer, PAYERS))
        if list(setting.pays.values()).count(REST) != 1:
            faults.add(where, "exactly one payer must have the part 'rest'")
    faults.raise_if_any()
    return Buyers(MappingProxyType(table.settings))


def norwegian_use(
    volume: npt.ArrayLike, parameters: Parameters, buyers: Buyers | None = None
) -> dict[str, Array]:
    """Who pays for how much of Norway's use, payer -> volume, shape (n_draws,) or (1,).

    Parameters
    ----------
    volume : use a year in any unit, a number or shape (n_draws,)
    parameters : facts

    Raises
    ------
    InputError
        for volumes that :func:`use_by_payer` refuses, or shares that leave no rest.
    """
    settings = (buyers or load_buyers()).settings
    parts = _with_rest({key: s.volume for key, s in settings.items()}, parameters)
    pays = {key: _with_rest(s.pays, parameters) for key, s in settings.items()}
    return use_by_payer({key: np.asarray(volume) * part for key, part in parts.items()}, pays)


def _with_rest(parts: Mapping[str, str], parameters: Parameters) -> dict[str, Array]:
    """The shares of some names; what facts do not give goes to the one that takes the rest."""
    found = {key: _share(part, parameters) for key, part in parts.items() if part != REST}
    left = np.ones(1)
    for share in found.values():
        left = left - share
    return {key: found.get(key, left) for key in parts}


def _share(part: str, parameters: Parameters) -> Array:
    if part == BLUE:
        covered = 1.0 - parameters(_BLUE_COPAYMENT, "1")[:, 0]
        return parameters(_BLUE_SHARE, "1")[:, 0] * covered
    return parameters(part, "1")[:, 0]
