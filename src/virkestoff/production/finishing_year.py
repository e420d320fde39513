"""Running the finishing plant: packs, hours, materials and crews of every year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Array
from virkestoff.production.balance import molar_masses
from virkestoff.production.finishing import (
    LINES,
    SUITES,
    WHOLE_BATCHES,
    FinishingDesign,
    changeovers,
    check_packs,
    hours_of_lines,
    hours_of_packs,
)
from virkestoff.production.packs import pack_mass, substance_for, yield_of
from virkestoff.production.process import Processes
from virkestoff.production.remembered import remember
from virkestoff.production.vessels import ROUNDING

__all__ = ["operate_finishing"]


def operate_finishing(
    design: FinishingDesign, packs: Mapping[str, Array], parameters: Parameters
) -> Activity:
    """Run the finishing plant for the wanted packs.

    Where the lines of a suite lack hours, all its presentations are cut by the same share; the
    substance that is not finished is the shortfall.

    Parameters
    ----------
    packs : per presentation, shape (n_draws, n_years)

    Returns
    -------
    Activity whose ``output_kg`` is empty: finished forms use substance, they make none.
    ``materials_kg`` holds the substance used under ``substance_<product>`` (process basis),
    excipients and packaging.
    """
    parameters = remember(parameters)
    check_packs(packs, design.processes)
    processes = design.processes
    shape = (parameters.n_draws, np.shape(next(iter(packs.values())))[-1])
    wanted = {name: np.broadcast_to(number, shape) for name, number in packs.items()}
    made, runs = _within_hours(design, wanted, parameters)
    hours, campaigns = hours_of_packs(made, processes, parameters, runs)
    short = substance_for({n: wanted[n] - made[n] for n in made}, processes, parameters)
    positions, shifts = _crews(design, hours, parameters, shape)
    washing = {form: count * len(LINES[form]) for form, count in campaigns.items()}
    water = sum(washing.values(), np.zeros(shape)) * parameters(
        "production.finishing.cleaning_water", "m^3"
    )
    masses = molar_masses(processes, parameters)
    for name, number in made.items():
        if processes.presentations[name].form == "vial":
            units, _, _ = pack_mass(name, processes, parameters, masses)
            per_vial = parameters("production.finishing.vial_water", "m^3")
            water = water + number * units * per_vial
    return Activity(
        shortfall_kg=short,
        packs=made,
        campaigns=sum(campaigns.values(), np.zeros(shape)),
        materials_kg=_materials(made, processes, parameters, masses),
        electricity_kwh=_electricity(hours, parameters, shape),
        steam_kg=np.zeros(shape),
        water_m3=water,
        effluent_m3=water,
        mycelium_kg=np.zeros(shape),
        solvent_waste_kg=np.zeros(shape),
        shift_positions=positions,
        shifts=shifts,
        hours=hours,
    )


def _within_hours(
    design: FinishingDesign, wanted: Mapping[str, Array], parameters: Parameters
) -> tuple[dict[str, Array], dict[str, dict[str, Array]]]:
    """Cut packs to the hours of the lines, rounding up to whole batches included.

    Returns the packs, and the hours of use of those that were not cut.
    """
    made: dict[str, Array] = dict(wanted)
    known: dict[str, dict[str, Array]] = {}
    masses = molar_masses(design.processes, parameters)
    for form, kinds in LINES.items():
        names = [n for n in wanted if design.processes.presentations[n].form == form]
        if not names:
            continue
        shape = wanted[names[0]].shape
        runs = [hours_of_lines(n, wanted[n], design.processes, parameters, masses) for n in names]
        lost = _sum((changeovers(form, wanted[n], parameters)[1] for n in names), shape)
        share = np.ones(shape)
        for line in kinds:
            used = _sum((run[line] for run in runs), shape)
            there = design.lines.get(line, np.zeros((1, 1))) * design.line_hours
            # Changeovers are lost on one line of each kind only; further lines run on.
            left = np.maximum(there - lost, 0.0)
            enough = used <= left + ROUNDING
            if enough.all():
                continue
            if line in WHOLE_BATCHES:
                # after the cut each presentation may still round up by one batch
                hours = parameters(f"production.finishing.{WHOLE_BATCHES[line]}", "hour")
                left = np.maximum(left - len(names) * hours, 0.0)
            fits = np.divide(left, used, out=np.ones(shape), where=used > 0.0)
            share = np.minimum(share, np.where(enough, 1.0, np.minimum(fits, 1.0)))
        if np.all(share == 1.0):
            known.update(zip(names, runs, strict=True))
            continue
        for name in names:
            made[name] = wanted[name] * share
    return made, known


def _sum(parts: Iterable[Array], shape: tuple[int, ...]) -> Array:
    total = np.zeros(shape)
    for part in parts:
        total = total + part
    return total


def _crews(
    design: FinishingDesign,
    hours: Mapping[str, Array],
    parameters: Parameters,
    shape: tuple[int, int],
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Persons on duty and shifts per suite.

    crew-shifts = ceil(hours of the busiest kind, all its lines / hours of one crew in a year)
    shifts = min(crew-shifts, ceil(hours that a line can be scheduled / hours of one crew))
    persons on duty = crew of one line x crew-shifts / shifts

    Persons employed, on duty x shifts, are then a crew for every crew-shift: one more line spreads
    the same hours over fewer shifts, but never needs fewer people. Persons on duty are an average
    over the shifts; lines that no crew serves in a shift stand still.
    """
    per_crew = parameters("production.finishing.shift_hours", "hour/year")
    most = np.ceil(design.line_hours / per_crew - ROUNDING)
    positions: dict[str, Array] = {}
    shifts: dict[str, Array] = {}
    for form in dict.fromkeys(p.form for p in design.presentations.values()):
        busiest = np.zeros(shape)
        n_lines = np.zeros((shape[0], 1))
        for line in LINES[form]:
            busiest = np.maximum(busiest, hours[line])
            n_lines = np.maximum(n_lines, design.lines[line])
        # A suite that stands idle keeps one crew: it is the standing capacity that is paid for.
        standing = np.minimum(n_lines, 1.0)
        crews = np.maximum(np.ceil(busiest / per_crew - ROUNDING), standing)
        suite = SUITES[form]
        shifts[suite] = np.minimum(crews, most)
        at_once = np.divide(crews, shifts[suite], out=np.zeros(shape), where=crews > 0.0)
        positions[suite] = parameters(f"production.finishing.{suite}_crew", "1") * at_once
    return positions, shifts


def _electricity(
    hours: Mapping[str, Array], parameters: Parameters, shape: tuple[int, int]
) -> Array:
    total = np.zeros(shape)
    for form, power in (("tablet", "oral"), ("mixture", "mixture"), ("vial", "aseptic")):
        used = [hours[line] for line in LINES[form] if line in hours]
        if used:
            kilowatt = parameters(f"production.finishing.{power}_power", "kW")
            total = total + np.maximum.reduce(used) * kilowatt
    return total


def _materials(
    made: Mapping[str, Array],
    processes: Processes,
    parameters: Parameters,
    masses: Mapping[str, float],
) -> dict[str, Array]:
    total: dict[str, Array] = {
        f"substance_{product}": kg
        for product, kg in substance_for(made, processes, parameters).items()
    }

    def add(name: str, amount: Array) -> None:
        total[name] = total[name] + amount if name in total else amount

    finish = "production.finishing."
    for name, number in made.items():
        units, basis, salt = pack_mass(name, processes, parameters, masses)
        form = processes.presentations[name].form
        run = number / yield_of(form, parameters)
        salt_kg = run * basis * salt
        if form == "tablet":
            share = parameters(finish + "tablet_excipients", "kg/kg")
            film = parameters(finish + "coating_material", "kg/kg")
            add("tablet_excipients", salt_kg * share)
            add("coating_material", salt_kg * (1.0 + share) * film)
            add("blister_foil", run * units * parameters(finish + "foil", "kg"))
        elif form == "mixture":
            add("mixture_excipients", salt_kg * parameters(finish + "mixture_excipients", "kg/kg"))
            add("mixture_bottle_pieces", run * units)
        else:
            add("vial_pieces", run * units)
        add("carton", number * parameters(finish + "carton", "kg"))
    return total
