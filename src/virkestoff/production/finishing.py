"""Finished forms: lines, campaigns and hours for tablets, mixtures and vials.

Three suites are kept apart: oral solids (granulation, press, coating, blister), dry powder for
mixture (bottles), aseptic filling of sterile powder (vials). All lines of a suite stand in the
same hours of the year; each presentation runs in campaigns with a changeover before each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Area, Array, Duty
from virkestoff.production.balance import molar_masses
from virkestoff.production.calendar import HOURS_A_YEAR
from virkestoff.production.process import Presentation, Processes
from virkestoff.production.vessels import ROUNDING

__all__ = [
    "FinishingDesign",
    "design_finishing",
    "operate_finishing",
    "packs_from_kg",
    "substance_for",
]

_SUITES: dict[str, Area] = {
    "tablet": "oral_solids",
    "mixture": "powder_mixture",
    "vial": "aseptic",
}
_LINES = {
    "tablet": ("granulation", "press", "coating", "blister"),
    "mixture": ("bottle",),
    "vial": ("vial",),
}
_CHANGEOVER = {
    "tablet": "changeover",
    "mixture": "mixture_changeover",
    "vial": "aseptic_changeover",
}
_WHOLE_BATCHES = {"granulation": "granulation_hours", "coating": "coating_hours"}
_MG_A_KG = 1e6


@dataclass(frozen=True)
class FinishingDesign:
    """A finishing plant.

    Attributes
    ----------
    presentations : that it makes
    lines : number of equal lines per kind (press, blister, bottle ...), each (n_draws, 1)
    line_hours : hours that one line can be scheduled in a year, (n_draws, 1)
    duties : equipment list
    """

    processes: Processes
    presentations: Mapping[str, Presentation]
    lines: Mapping[str, Array]
    line_hours: Array
    duties: tuple[Duty, ...]


def _pack_mass(
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


def _yield_of(form: str, parameters: Parameters) -> Array:
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
        _, basis, _ = _pack_mass(name, processes, parameters, masses)
        form = processes.presentations[name].form
        kg = number * basis / _yield_of(form, parameters)
        product = processes.presentations[name].substance
        total[product] = total[product] + kg if product in total else kg
    return total


def packs_from_kg(
    presentation: str, sold_kg: Array, processes: Processes, parameters: Parameters
) -> Array:
    """Packs that hold `sold_kg` (process basis) of substance on the label, not rounded."""
    masses = molar_masses(processes, parameters)
    _, basis, _ = _pack_mass(presentation, processes, parameters, masses)
    return sold_kg / basis


def _line_hours(
    name: str,
    packs: Array,
    processes: Processes,
    parameters: Parameters,
    masses: Mapping[str, float],
) -> dict[str, Array]:
    """Hours of use of each kind of line for `packs` of one presentation, changeovers apart."""
    units, basis, salt = _pack_mass(name, processes, parameters, masses)
    form = processes.presentations[name].form
    made = packs / _yield_of(form, parameters)  # what is lost has been run through the line too
    if form == "mixture":
        rate = parameters("production.finishing.bottle_rate", "bottle/hour") * parameters(
            "production.finishing.efficiency", "1"
        )
        return {"bottle": made * units / rate}
    if form == "vial":
        rate = parameters("production.finishing.vial_rate", "vial/hour") * parameters(
            "production.finishing.aseptic_efficiency", "1"
        )
        return {"vial": made * units / rate}
    efficiency = parameters("production.finishing.efficiency", "1")
    press = parameters("production.finishing.press_rate", "tablet/hour")
    blister = parameters("production.finishing.blister_rate", "unit/hour") * parameters(
        "production.finishing.tablets_per_blister", "1"
    )
    blend = made * basis * salt * (1.0 + parameters("production.finishing.tablet_excipients", "1"))
    pan = parameters("production.finishing.granulation_batch", "kg")
    drum = parameters("production.finishing.coating_batch", "kg")
    granules = np.ceil(blend / pan - ROUNDING)
    coats = np.ceil(blend / drum - ROUNDING)
    return {
        "granulation": granules * parameters("production.finishing.granulation_hours", "hour"),
        "press": made * units / (press * efficiency),
        "coating": coats * parameters("production.finishing.coating_hours", "hour"),
        "blister": made * units / (blister * efficiency),
    }


def _changeovers(form: str, made: Array, parameters: Parameters) -> tuple[Array, Array]:
    """Campaigns of one presentation and hours of changeover on each line of its suite."""
    whole = np.ceil(parameters("production.finishing.campaigns", "1") - ROUNDING)
    campaigns = whole * np.asarray(made > 0.0, dtype=np.float64)
    each = parameters(f"production.finishing.{_CHANGEOVER[form]}", "hour")
    return campaigns, campaigns * each


def _hours(
    packs: Mapping[str, Array], processes: Processes, parameters: Parameters
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Hours per kind of line with changeovers, and campaigns per form."""
    masses = molar_masses(processes, parameters)
    hours: dict[str, Array] = {}
    campaigns: dict[str, Array] = {}
    for name, number in packs.items():
        form = processes.presentations[name].form
        count, lost = _changeovers(form, number, parameters)
        campaigns[form] = campaigns[form] + count if form in campaigns else count
        for line, used in _line_hours(name, number, processes, parameters, masses).items():
            taken = used + lost
            hours[line] = hours[line] + taken if line in hours else taken
    return hours, campaigns


def design_finishing(
    packs: Mapping[str, Array], processes: Processes, parameters: Parameters
) -> FinishingDesign:
    """Fewest lines of each kind that make the packs of the largest year.

    Parameters
    ----------
    packs : per presentation in the largest year, shape (n_draws, 1)

    Raises
    ------
    InputError
        for unknown presentations or negative numbers.
    """
    _check(packs, processes)
    one = np.ones((parameters.n_draws, 1))
    peak = {name: np.asarray(number, dtype=np.float64) * one for name, number in packs.items()}
    hours, _ = _hours(peak, processes, parameters)
    limit = parameters("production.finishing.line_hours", "hour/year")
    limit = np.minimum(limit, HOURS_A_YEAR)
    lines = {line: np.ceil(used / limit - ROUNDING) for line, used in hours.items()}
    wanted = {name: processes.presentations[name] for name in packs}
    return FinishingDesign(processes, wanted, lines, limit, _duties(wanted, lines, parameters))


def _check(packs: Mapping[str, Array], processes: Processes) -> None:
    faults = FaultCollector()
    if not packs:
        faults.add("packs", "name at least one presentation")
    for name, number in packs.items():
        if name not in processes.presentations:
            next_step = suggest(name, processes.presentations)
            faults.add(f"presentation '{name}'", "is not described", next_step=next_step)
        amounts = np.asarray(number, dtype=np.float64)
        if np.any(amounts < 0.0) or not np.all(np.isfinite(amounts)):
            faults.add(f"presentation '{name}'", "packs must be a number of zero or more")
    faults.raise_if_any()


def _duties(
    presentations: Mapping[str, Presentation], lines: Mapping[str, Array], parameters: Parameters
) -> tuple[Duty, ...]:
    forms = {p.form for p in presentations.values()}
    duties: list[Duty] = []
    finish = "production.finishing."

    def add(item: str, fact: str, unit: str, line: str, form: str) -> None:
        count = lines[line]
        size = np.broadcast_to(parameters(finish + fact, unit), count.shape)
        duties.append(Duty(item, size, unit, count, _SUITES[form], line))

    if "tablet" in forms:
        add("granulator", "granulation_batch", "kg", "granulation", "tablet")
        add("tablet_press", "press_rate", "tablet/hour", "press", "tablet")
        add("coater", "coating_batch", "kg", "coating", "tablet")
        add("blister_line", "blister_rate", "unit/hour", "blister", "tablet")
    if "mixture" in forms:
        add("powder_bottle_line", "bottle_rate", "bottle/hour", "bottle", "mixture")
    if "vial" in forms:
        add("powder_vial_line", "vial_rate", "vial/hour", "vial", "vial")
        add("isolator", "vial_rate", "vial/hour", "vial", "vial")
    for form, line in (("tablet", "blister"), ("mixture", "bottle"), ("vial", "vial")):
        if form in forms:
            one = np.ones_like(lines[line])
            suite = _SUITES[form]
            duties.append(Duty("serialisation_line", one, "1", lines[line], suite, "packs"))
    return tuple(duties)


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
    _check(packs, design.processes)
    processes = design.processes
    shape = (parameters.n_draws, np.shape(next(iter(packs.values())))[-1])
    wanted = {name: np.broadcast_to(number, shape) for name, number in packs.items()}
    made = _within_hours(design, wanted, parameters)
    hours, campaigns = _hours(made, processes, parameters)
    short = substance_for({n: wanted[n] - made[n] for n in made}, processes, parameters)
    positions, shifts = _crews(design, hours, parameters, shape)
    washing = {form: count * len(_LINES[form]) for form, count in campaigns.items()}
    water = sum(washing.values(), np.zeros(shape)) * parameters(
        "production.finishing.cleaning_water", "m^3"
    )
    masses = molar_masses(processes, parameters)
    for name, number in made.items():
        if processes.presentations[name].form == "vial":
            units, _, _ = _pack_mass(name, processes, parameters, masses)
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
) -> dict[str, Array]:
    """Cut packs to the hours of the lines, rounding up to whole batches included."""
    made: dict[str, Array] = dict(wanted)
    masses = molar_masses(design.processes, parameters)
    for form, kinds in _LINES.items():
        names = [n for n in wanted if design.processes.presentations[n].form == form]
        if not names:
            continue
        shape = wanted[names[0]].shape
        share = np.ones(shape)
        for line in kinds:
            used, lost = np.zeros(shape), np.zeros(shape)
            for name in names:
                lost = lost + _changeovers(form, wanted[name], parameters)[1]
                used = (
                    used
                    + _line_hours(name, wanted[name], design.processes, parameters, masses)[line]
                )
            there = design.lines.get(line, np.zeros((1, 1))) * design.line_hours
            # Changeovers are lost on one line of each kind only; further lines run on.
            left = np.maximum(there - lost, 0.0)
            enough = used <= left + ROUNDING
            if line in _WHOLE_BATCHES:
                # after the cut each presentation may still round up by one batch
                hours = parameters(f"production.finishing.{_WHOLE_BATCHES[line]}", "hour")
                left = np.maximum(left - len(names) * hours, 0.0)
            fits = np.divide(left, used, out=np.ones(shape), where=used > 0.0)
            share = np.minimum(share, np.where(enough, 1.0, np.minimum(fits, 1.0)))
        for name in names:
            made[name] = wanted[name] * share
    return made


def _crews(
    design: FinishingDesign,
    hours: Mapping[str, Array],
    parameters: Parameters,
    shape: tuple[int, int],
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Positions and shift crews per suite: crews follow the hours of the busiest line."""
    per_crew = parameters("production.finishing.shift_hours", "hour/year")
    positions: dict[str, Array] = {}
    shifts: dict[str, Array] = {}
    for form in dict.fromkeys(p.form for p in design.presentations.values()):
        busiest = np.zeros(shape)
        n_lines = np.zeros((shape[0], 1))
        for line in _LINES[form]:
            busiest = np.maximum(busiest, hours[line] / np.maximum(design.lines[line], 1.0))
            n_lines = np.maximum(n_lines, design.lines[line])
        suite = _SUITES[form]
        crew = parameters(f"production.finishing.{suite}_crew", "1") * n_lines
        positions[suite] = np.broadcast_to(crew, shape)
        # A suite that stands idle keeps its crew: it is the standing capacity that is paid for.
        shifts[suite] = np.maximum(np.ceil(busiest / per_crew - ROUNDING), np.minimum(n_lines, 1.0))
    return positions, shifts


def _electricity(
    hours: Mapping[str, Array], parameters: Parameters, shape: tuple[int, int]
) -> Array:
    total = np.zeros(shape)
    for form, power in (("tablet", "oral"), ("mixture", "mixture"), ("vial", "aseptic")):
        used = [hours[line] for line in _LINES[form] if line in hours]
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
        units, basis, salt = _pack_mass(name, processes, parameters, masses)
        form = processes.presentations[name].form
        run = number / _yield_of(form, parameters)
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
