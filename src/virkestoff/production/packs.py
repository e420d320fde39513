"""Packs and the substance in them: strengths, pack sizes, salts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Array
from virkestoff.production.balance import molar_masses
from virkestoff.production.process import Processes

__all__ = ["pack_mass", "packs_from_kg", "substance_for", "yield_of"]

_MG_A_KG = 1e6


def pack_mass(
    name: str, processes: Processes, parameters: Parameters, masses: Mapping[str, float]
) -> tuple[Array, Array, Array]:
    """Units per pack, kg of the process basis per pack, kg of sold salt per kg of basis."""
    presentation = processes.presentations[name]
    process = processes.processes[presentation.substance]
    units = np.round(parameters(presentation.units_per_pack, "1"))
    labelled = units * parameters(presentation.strength, "mg") / _MG_A_KG
    basis = labelled * (masses[process.basis] / masses[presentation.strength_of])
    salt = np.full_like(basis, masses[process.sold_as] / masses[process.basis])
    return units, basis, salt


def yield_of(form: str, parameters: Parameters) -> Array:
    """Substance in packs over substance used, shape (n_draws, 1)."""
    return parameters(f"production.finishing.{form}_yield", "1")


def substance_for(
    packs: Mapping[str, Array], processes: Processes, parameters: Parameters
) -> dict[str, Array]:
    """Substance that the packs take, losses included, in kg of the process basis.

    Parameters
    ----------
    packs : per presentation, any shape that broadcasts with (n_draws, 1)

    Returns
    -------
    kg per product, in the shape of `packs`.
    """
    masses = molar_masses(processes, parameters)
    total: dict[str, Array] = {}
    for name, number in packs.items():
        _, basis, _ = pack_mass(name, processes, parameters, masses)
        form = processes.presentations[name].form
        kg = number * basis / yield_of(form, parameters)
        product = processes.presentations[name].substance
        total[product] = total[product] + kg if product in total else kg
    return total


def packs_from_kg(
    presentation: str, sold_kg: Array, processes: Processes, parameters: Parameters
) -> Array:
    """Packs that hold `sold_kg` (process basis) of substance on the label, not rounded."""
    masses = molar_masses(processes, parameters)
    _, basis, _ = pack_mass(presentation, processes, parameters, masses)
    return sold_kg / basis
