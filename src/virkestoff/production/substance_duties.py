"""Equipment list of the substance plant, sized from its vessels and its largest batch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Area, Array, Duty
from virkestoff.production.balance import Recipe
from virkestoff.production.calendar import Group
from virkestoff.production.vessels import ROUNDING

__all__ = [
    "air_power",
    "fermentation_crew",
    "fermentation_duties",
    "fermenter_power",
    "reactor_duties",
]

FERMENTERS_A_CREW = 4  # the crews of the source serve two to four vessels
COMPRESSORS = 2  # two of half the size, so that one can be serviced between batches


def air_power(parameters: Parameters) -> Array:
    """Compressor power per m3 of broth, kW/m3: aeration x density x energy per kg."""
    return (
        parameters("production.fermentation.aeration", "1/hour")
        * parameters("production.fermentation.air_density", "kg/m^3")
        * parameters("production.fermentation.air_energy", "kWh/kg")
    )


def fermenter_power(parameters: Parameters) -> Array:
    """Electric power per m3 of broth, kW/m3: agitation, air and chiller.

    The chiller removes the heat of respiration and of stirring.
    """
    stirring = parameters("production.fermentation.agitation_power", "kW/m^3")
    respiration = parameters("production.fermentation.oxygen_uptake", "mol/m^3/s") * parameters(
        "production.fermentation.metabolic_heat", "kJ/mol"
    )
    chiller = (stirring + respiration) * parameters("production.fermentation.chiller_power", "1")
    return np.asarray(stirring + air_power(parameters) + chiller)


def fermentation_crew(n_vessels: Array, lines: Array, parameters: Parameters) -> Array:
    """Persons on duty round the clock at fermenters and downstream lines."""
    crews = np.ceil(n_vessels / FERMENTERS_A_CREW - ROUNDING)
    return crews * parameters("production.fermentation.crew", "1") + lines * parameters(
        "production.downstream.crew", "1"
    )


def fermentation_duties(
    group: Group, recipes: Mapping[str, Recipe], lines: Array, parameters: Parameters
) -> list[Duty]:
    """Fermenters with their air, medium and seed, and the downstream line."""
    broth = group.vessel_m3 * parameters("production.fermentation.working_share", "1")
    n = group.n_vessels
    any_vessel = np.minimum(n, 1.0)
    stir = broth * parameters("production.fermentation.agitation_power", "kW/m^3")
    seed_size = group.vessel_m3 * parameters("production.fermentation.seed_share", "1")
    cycle = reduce(np.minimum, (group.cycle_h[p] for p in group.products))
    seed_time = parameters("production.fermentation.seed_time", "hour")
    n_seed = np.ceil(n * seed_time / cycle - ROUNDING)
    air = air_power(parameters) * broth * n / COMPRESSORS
    filling = broth / parameters("production.fermentation.filling_time", "hour")
    duties = [
        _duty("fermenter", group.vessel_m3, "m^3", n, "substance", "fermentation"),
        _duty("agitator", stir, "kW", n, "substance", "fermentation"),
        _duty("seed_fermenter", seed_size, "m^3", n_seed, "substance", "inoculum"),
        _duty("air_compressor", air, "kW", COMPRESSORS * any_vessel, "substance", "sterile air"),
        _duty("medium_steriliser", filling, "m^3/hour", any_vessel, "substance", "medium"),
    ]
    return duties + _downstream_duties(group, recipes, broth, lines, parameters)


def _downstream_duties(
    group: Group, recipes: Mapping[str, Recipe], broth: Array, lines: Array, parameters: Parameters
) -> list[Duty]:
    hours = parameters("production.downstream.hours_per_batch", "hour")
    wet_hours = hours * parameters("production.downstream.filtration_share", "1")
    flow = broth / wet_hours
    area = flow / parameters("production.downstream.filter_flux", "m/hour")
    crystals = _largest({p: group.batch_kg[p] * recipes[p].sold_kg for p in group.products})
    tank = crystals / parameters("production.downstream.crystal_slurry", "kg/m^3")
    dryer = crystals / parameters("production.downstream.dryer_load", "kg/m^2")
    solvent = _largest(
        {p: group.batch_kg[p] * recipes[p].solvent_charge_kg for p in group.products}
    )
    return [
        _duty("broth_filter", area, "m^2", lines, "substance", "mycelium removal"),
        _duty("extractor", flow, "m^3/hour", lines, "substance", "solvent extraction"),
        _duty("centrifuge", flow, "m^3/hour", lines, "substance", "phase separation"),
        _duty("crystalliser", tank, "m^3", lines, "substance", "salt crystallisation"),
        _duty("filter_dryer", dryer, "m^2", lines, "substance", "isolation and drying"),
        _duty("solvent_recovery", solvent / hours, "kg/hour", lines, "substance", "distillation"),
    ]


def reactor_duties(
    group: Group, item: str, recipes: Mapping[str, Recipe], parameters: Parameters
) -> list[Duty]:
    """Reactors of an enzyme, synthesis or sterile group with what follows them."""
    area: Area = "aseptic" if group.name == "sterile_substance" else "substance"
    n = group.n_vessels
    any_vessel = np.minimum(n, 1.0)
    crystals = _largest({p: group.batch_kg[p] * recipes[p].sold_kg for p in group.products})
    dryer = crystals / parameters("production.downstream.dryer_load", "kg/m^2")
    rate = _largest(
        {
            p: group.batch_kg[p] * recipes[p].solvent_charge_kg / group.cycle_h[p]
            for p in group.products
        }
    )
    duties = [_duty(item, group.vessel_m3, "m^3", n, area, group.name)]
    if group.name == "synthesis":
        duties.append(_duty("crystalliser", group.vessel_m3, "m^3", n, area, group.name))
    duties.append(_duty("filter_dryer", dryer, "m^2", n, area, group.name))
    if np.any(rate > 0.0):
        duties.append(
            _duty("solvent_recovery", rate * n, "kg/hour", any_vessel, "substance", group.name)
        )
    return duties


def _largest(amounts: Mapping[str, Array]) -> Array:
    return reduce(np.maximum, amounts.values())


def _duty(item: str, size: Array, unit: str, count: Array, area: Area, purpose: str) -> Duty:
    size, count = np.broadcast_arrays(size, count)
    return Duty(item, size, unit, count, area, purpose)
