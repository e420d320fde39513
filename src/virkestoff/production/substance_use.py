"""What the substance plant uses in a year: materials, utilities, waste, persons on duty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Array
from virkestoff.production.balance import molar_masses
from virkestoff.production.calendar import Group, Year
from virkestoff.production.process import Process
from virkestoff.production.substance import SubstanceDesign
from virkestoff.production.substance_duties import fermentation_crew, fermenter_power

__all__ = [
    "Sums",
    "add_downstream",
    "add_fermentation",
    "add_reactor",
    "add_work_up",
    "positions_on_duty",
    "take_back_returns",
]


@dataclass
class Sums:
    """Yearly sums while a plant is walked through, each of shape (n_draws, n_years)."""

    shape: tuple[int, int]
    materials: dict[str, Array] = field(default_factory=dict)
    totals: dict[str, Array] = field(default_factory=dict)

    def material(self, name: str, kg: Array) -> None:
        """Add to the purchases of a material."""
        self.materials[name] = self.materials[name] + kg if name in self.materials else kg

    def add(self, name: str, amount: Array) -> None:
        """Add to a total such as ``steam``."""
        self.totals[name] = self.totals[name] + amount if name in self.totals else amount

    def total(self, name: str) -> Array:
        """A total; zeros if nothing was added."""
        return self.totals.get(name, np.zeros(self.shape))


def add_fermentation(
    sums: Sums, group: Group, process: Process, year: Year, parameters: Parameters
) -> None:
    """Medium, energy, water and mycelium of all started batches, failed ones included."""
    data = process.fermentation
    assert data is not None
    broth = (
        year.starts[process.process]
        * group.vessel_m3
        * parameters("production.fermentation.working_share", "1")
    )
    kg = broth * parameters(data.titre, "kg/m^3")  # a batch that fails has been fed as well
    sums.material("glucose", kg / parameters(data.glucose_yield, "kg/kg"))
    sums.material(data.precursor, kg * parameters(data.precursor_use, "kg/kg"))
    for name, fact in data.media.items():
        sums.material(name, kg * parameters(fact, "kg/kg"))
    batch_time = parameters(data.batch_time, "hour")
    sums.add("electricity", broth * (fermenter_power(parameters) * batch_time))
    seed = 1.0 + parameters("production.fermentation.seed_share", "1")
    sterilising = parameters("production.fermentation.sterilisation_steam", "kg/m^3") * seed
    sums.add("steam", broth * sterilising)
    sums.add("water", broth * parameters("production.fermentation.water", "1"))
    mycelium = parameters("production.fermentation.mycelium_dry", "kg/m^3") / parameters(
        "production.fermentation.mycelium_solids", "1"
    )
    sums.add("mycelium", broth * mycelium)
    sums.add("broth", broth)


def add_reactor(
    sums: Sums,
    design: SubstanceDesign,
    group: Group,
    process: Process,
    year: Year,
    parameters: Parameters,
) -> None:
    """Energy and water of all started batches, and feeds that are bought."""
    name, train = process.process, group.name
    filled = (
        year.starts[name]
        * group.vessel_m3
        * parameters(design.processes.trains[train].working_share, "1")
    )
    power = parameters(f"production.{train}.power", "kW/m^3")
    sums.add("electricity", filled * (power * group.cycle_h[name]))
    sums.add("steam", filled * parameters(f"production.{train}.steam", "kg/m^3"))
    sums.add("water", filled * parameters(f"production.{train}.water", "1"))
    if process.feed in design.bought:
        sold = _sold_per_basis(design, str(process.feed), parameters)
        charged = year.starts[name] * group.batch_kg[name]
        sums.material(str(process.feed), charged * (design.recipes[name].feed_kg * sold))


def _sold_per_basis(design: SubstanceDesign, name: str, parameters: Parameters) -> float:
    masses = molar_masses(design.processes, parameters)
    process = design.processes.processes[name]
    return masses[process.sold_as] / masses[process.basis]


def add_work_up(
    sums: Sums,
    design: SubstanceDesign,
    group: Group,
    process: Process,
    year: Year,
    parameters: Parameters,
) -> None:
    """Chemicals and solvents: failed fermentations are destroyed before recovery, others after."""
    one = design.recipes[process.process]
    if process.fermentation is not None:
        kg = year.made_kg[process.process]
    else:
        kg = year.starts[process.process] * group.batch_kg[process.process]
    for name, per_kg in one.materials_kg.items():
        sums.material(name, kg * per_kg)
    sums.add("solvent_waste", kg * one.solvent_waste_kg)
    distilling = one.solvent_charge_kg * parameters("production.downstream.solvent_steam", "kg/kg")
    drying = one.sold_kg * parameters("production.downstream.drying_steam", "kg/kg")
    sums.add("steam", kg * (distilling + drying))


def add_downstream(
    sums: Sums,
    design: SubstanceDesign,
    years: Mapping[str, Year],
    hours: dict[str, Array],
    parameters: Parameters,
) -> None:
    """Electricity and hours of the downstream lines."""
    if "fermentation" not in years:
        return
    sums.add(
        "electricity",
        sums.total("broth") * parameters("production.downstream.electricity", "kWh/m^3"),
    )
    starts = sum(years["fermentation"].starts.values(), np.zeros(sums.shape))
    hours["downstream"] = starts * parameters("production.downstream.hours_per_batch", "hour")


def take_back_returns(sums: Sums, design: SubstanceDesign, made: Mapping[str, Array]) -> None:
    """What a step returns is not bought; more than is used cannot be returned."""
    for name, kg in made.items():
        for material, per_kg in design.recipes[name].returned_kg.items():
            if material in sums.materials:
                left = sums.materials[material] - kg * per_kg
                sums.materials[material] = np.maximum(left, 0.0)


def positions_on_duty(design: SubstanceDesign, parameters: Parameters) -> Array:
    """Persons on duty round the clock for the sections that the plant has, shape (n_draws, 1)."""
    total = np.zeros((parameters.n_draws, 1))
    groups = design.groups
    if "fermentation" in groups:
        n = groups["fermentation"].n_vessels
        total = total + fermentation_crew(n, design.downstream_lines, parameters)
    chemistry = [groups[t].n_vessels for t in ("enzyme", "synthesis") if t in groups]
    if chemistry:
        present = np.minimum(reduce(np.add, chemistry), 1.0)
        total = total + present * parameters("production.synthesis.crew", "1")
    if "sterile_substance" in groups:
        present = np.minimum(groups["sterile_substance"].n_vessels, 1.0)
        total = total + present * parameters("production.sterile_substance.crew", "1")
    return total
