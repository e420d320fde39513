"""Running the substance plant: batches, materials, utilities and waste of every year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from virkestoff.errors import FaultCollector
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Array
from virkestoff.production.balance import molar_masses
from virkestoff.production.calendar import Group, Year, run_years
from virkestoff.production.process import Process
from virkestoff.production.remembered import remember
from virkestoff.production.substance import SubstanceDesign, feed_need
from virkestoff.production.substance_duties import fermenter_power
from virkestoff.production.vessels import ROUNDING

__all__ = ["operate_substance"]

FERMENTERS_A_CREW = 4  # the crews of the source serve two to four vessels


@dataclass
class _Sums:
    """Yearly sums while a plant is walked through; never leaves this module."""

    shape: tuple[int, int]
    materials: dict[str, Array] = field(default_factory=dict)
    totals: dict[str, Array] = field(default_factory=dict)

    def material(self, name: str, kg: Array) -> None:
        self.materials[name] = self.materials[name] + kg if name in self.materials else kg

    def add(self, name: str, amount: Array) -> None:
        self.totals[name] = self.totals[name] + amount if name in self.totals else amount

    def total(self, name: str) -> Array:
        return self.totals.get(name, np.zeros(self.shape))


def operate_substance(
    design: SubstanceDesign,
    output_kg: Mapping[str, Array],
    parameters: Parameters,
    uniforms: Mapping[str, Array] | None = None,
) -> Activity:
    """Run the plant for the wanted output.

    Parameters
    ----------
    output_kg : per product, kg counted as the basis, shape (n_draws, n_years)
    uniforms : noise in (0, 1) per process, shape (n_draws, n_years), for random batch failures;
        without it the expected share fails

    Raises
    ------
    InputError
        for a product that the plant was not designed for, or a negative amount.
    """
    parameters = remember(parameters)
    wanted = _wanted(design, output_kg, parameters)
    shape = next(iter(wanted.values())).shape
    years: dict[str, Year] = {}
    reach: dict[str, Array] = {}  # share of the wanted amount that is delivered, if not all
    for train, group in design.groups.items():
        noise = {p: u for p, u in (uniforms or {}).items() if p in group.products} or None
        years[train] = _run_group(design, group, wanted, reach, noise)
    return _activity(design, output_kg, wanted, years, parameters, shape)


def _run_group(
    design: SubstanceDesign,
    group: Group,
    wanted: Mapping[str, Array],
    reach: dict[str, Array],
    noise: Mapping[str, Array] | None,
) -> Year:
    """Run one group; a product is cut to its feed, and scarce feed is shared out evenly.

    `reach` is read for feeds made before and written for the products of the group.
    """
    feeds = {p: design.processes.processes[p].feed for p in group.products}
    for p in group.products:
        if feeds[p] in reach:
            reach[p] = reach[str(feeds[p])]
    # A feed made in the same group is known only after a run, so its users are then run again.
    for _ in group.products:
        asked = {p: wanted[p] * reach[p] if p in reach else wanted[p] for p in group.products}
        year = run_years(group, asked, noise)
        before = dict(reach)
        for p in group.products:
            if not year.shortfall_kg[p].any():
                continue
            own = _delivered_share(asked[p] - year.shortfall_kg[p], wanted[p])
            for q in group.products:
                if feeds[q] == p:
                    reach[q] = np.minimum(reach[q], own) if q in reach else own
        if all(p in before and np.all(reach[p] >= before[p] - ROUNDING) for p in reach):
            break
    short: dict[str, Array] = {}
    for p in group.products:
        short[p] = wanted[p] - asked[p] + year.shortfall_kg[p]
        if short[p].any():
            reach[p] = _delivered_share(wanted[p] - short[p], wanted[p])
    return Year(year.starts, year.made_kg, short)


def _delivered_share(delivered: Array, wanted: Array) -> Array:
    return np.divide(delivered, wanted, out=np.ones_like(delivered), where=wanted > 0.0)


def _wanted(
    design: SubstanceDesign, output_kg: Mapping[str, Array], parameters: Parameters
) -> dict[str, Array]:
    faults = FaultCollector()
    for name, kg in output_kg.items():
        if name not in design.order:
            faults.add(f"product '{name}'", "the plant was not designed for it")
        if np.any(kg < 0.0) or not np.all(np.isfinite(kg)):
            faults.add(f"product '{name}'", "the wanted output must be a number of zero or more")
    faults.raise_if_any()
    shape = (parameters.n_draws, np.shape(next(iter(output_kg.values())))[-1])
    wanted = {
        name: np.broadcast_to(output_kg[name], shape) if name in output_kg else np.zeros(shape)
        for name in design.order
    }
    for name in reversed(design.order):
        process = design.processes.processes[name]
        if process.feed in wanted:
            need = feed_need(process, design.recipes[name], parameters)
            wanted[process.feed] = wanted[process.feed] + need * wanted[name]
    return wanted


def _activity(
    design: SubstanceDesign,
    output_kg: Mapping[str, Array],
    wanted: Mapping[str, Array],
    years: Mapping[str, Year],
    parameters: Parameters,
    shape: tuple[int, int],
) -> Activity:
    sums = _Sums(shape)
    hours: dict[str, Array] = {}
    batches: dict[str, Array] = {}
    made: dict[str, Array] = {}
    for train, group in design.groups.items():
        year = years[train]
        for name in group.products:
            process = design.processes.processes[name]
            batches[name], made[name] = year.starts[name], year.made_kg[name]
            if process.fermentation is not None:
                _add_fermentation(sums, group, process, year, parameters)
            else:
                _add_reactor(sums, design, group, process, year, parameters)
            _add_work_up(sums, design, group, process, year, parameters)
        active = np.asarray(sum(year.starts.values()) > 0.0, dtype=np.float64)
        hours[train] = sum(year.starts[p] * group.cycle_h[p] for p in group.products) + active * (
            group.changeover_h * group.n_vessels
        )
        sums.add("campaigns", group.campaigns * active)
    _add_downstream(sums, design, years, hours, parameters)
    _take_back_returns(sums, design, made)
    positions = _positions(design, parameters)
    return Activity(
        output_kg={name: made[name] for name in output_kg},
        shortfall_kg={
            name: _own_shortfall(
                np.broadcast_to(output_kg[name], shape),
                wanted[name],
                years[design.processes.processes[name].train].shortfall_kg[name],
            )
            for name in output_kg
        },
        batches=batches,
        campaigns=sums.total("campaigns"),
        materials_kg=sums.materials,
        electricity_kwh=sums.total("electricity"),
        steam_kg=sums.total("steam"),
        water_m3=sums.total("water"),
        effluent_m3=sums.total("water"),
        mycelium_kg=sums.total("mycelium"),
        solvent_waste_kg=sums.total("solvent_waste"),
        shift_positions={"substance": np.broadcast_to(positions, shape)},
        shifts={
            "substance": np.broadcast_to(
                parameters("production.substance.crews_per_position", "1"), shape
            )
        },
        hours=hours,
    )


def _own_shortfall(sold: Array, wanted: Array, short: Array) -> Array:
    """What buyers go without, when the product is also a feed: shared out evenly."""
    share = np.divide(sold, wanted, out=np.zeros(wanted.shape), where=wanted > 0.0)
    return np.asarray(short * share)


def _add_fermentation(
    sums: _Sums, group: Group, process: Process, year: Year, parameters: Parameters
) -> None:
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


def _add_reactor(
    sums: _Sums,
    design: SubstanceDesign,
    group: Group,
    process: Process,
    year: Year,
    parameters: Parameters,
) -> None:
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


def _add_work_up(
    sums: _Sums,
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


def _add_downstream(
    sums: _Sums,
    design: SubstanceDesign,
    years: Mapping[str, Year],
    hours: dict[str, Array],
    parameters: Parameters,
) -> None:
    if "fermentation" not in years:
        return
    sums.add(
        "electricity",
        sums.total("broth") * parameters("production.downstream.electricity", "kWh/m^3"),
    )
    starts = sum(years["fermentation"].starts.values(), np.zeros(sums.shape))
    hours["downstream"] = starts * parameters("production.downstream.hours_per_batch", "hour")


def _take_back_returns(sums: _Sums, design: SubstanceDesign, made: Mapping[str, Array]) -> None:
    """What a step returns is not bought; more than is used cannot be returned."""
    for name, kg in made.items():
        for material, per_kg in design.recipes[name].returned_kg.items():
            if material in sums.materials:
                left = sums.materials[material] - kg * per_kg
                sums.materials[material] = np.maximum(left, 0.0)


def _positions(design: SubstanceDesign, parameters: Parameters) -> Array:
    """Persons on duty round the clock for the sections that the plant has, shape (n_draws, 1)."""
    total = np.zeros((parameters.n_draws, 1))
    groups = design.groups
    if "fermentation" in groups:
        n = groups["fermentation"].n_vessels
        crews = np.ceil(n / FERMENTERS_A_CREW - ROUNDING)
        total = total + crews * parameters("production.fermentation.crew", "1")
        total = total + design.downstream_lines * parameters("production.downstream.crew", "1")
    chemistry = [groups[t].n_vessels for t in ("enzyme", "synthesis") if t in groups]
    if chemistry:
        present = np.minimum(reduce(np.add, chemistry), 1.0)
        total = total + present * parameters("production.synthesis.crew", "1")
    if "sterile_substance" in groups:
        present = np.minimum(groups["sterile_substance"].n_vessels, 1.0)
        total = total + present * parameters("production.sterile_substance.crew", "1")
    return total
