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
from virkestoff.production.activity import Area, Array, Duty
from virkestoff.production.balance import molar_masses
from virkestoff.production.calendar import HOURS_A_YEAR
from virkestoff.production.packs import pack_mass, yield_of
from virkestoff.production.process import Presentation, Processes
from virkestoff.production.remembered import remember
from virkestoff.production.vessels import ROUNDING

__all__ = [
    "LINES",
    "SUITES",
    "WHOLE_BATCHES",
    "FinishingDesign",
    "changeovers",
    "check_packs",
    "design_finishing",
    "hours_of_lines",
    "hours_of_packs",
]

SUITES: dict[str, Area] = {
    "tablet": "oral_solids",
    "mixture": "powder_mixture",
    "vial": "aseptic",
}
LINES = {
    "tablet": ("granulation", "press", "coating", "blister"),
    "mixture": ("bottle",),
    "vial": ("vial",),
}
WHOLE_BATCHES = {"granulation": "granulation_hours", "coating": "coating_hours"}
_CHANGEOVER = {
    "tablet": "changeover",
    "mixture": "mixture_changeover",
    "vial": "aseptic_changeover",
}


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


def hours_of_lines(
    name: str,
    packs: Array,
    processes: Processes,
    parameters: Parameters,
    masses: Mapping[str, float],
) -> dict[str, Array]:
    """Hours of use of each kind of line for `packs` of one presentation, changeovers apart."""
    units, basis, salt = pack_mass(name, processes, parameters, masses)
    form = processes.presentations[name].form
    made = packs / yield_of(form, parameters)  # what is lost has been run through the line too
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


def changeovers(form: str, made: Array, parameters: Parameters) -> tuple[Array, Array]:
    """Campaigns of one presentation and hours of changeover on each line of its suite."""
    whole = np.ceil(parameters("production.finishing.campaigns", "1") - ROUNDING)
    campaigns = whole * np.asarray(made > 0.0, dtype=np.float64)
    each = parameters(f"production.finishing.{_CHANGEOVER[form]}", "hour")
    return campaigns, campaigns * each


def hours_of_packs(
    packs: Mapping[str, Array],
    processes: Processes,
    parameters: Parameters,
    runs: Mapping[str, Mapping[str, Array]] | None = None,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Hours per kind of line with changeovers, and campaigns per form.

    Parameters
    ----------
    runs : hours of use per presentation and line where they are known already
    """
    masses = molar_masses(processes, parameters)
    hours: dict[str, Array] = {}
    campaigns: dict[str, Array] = {}
    for name, number in packs.items():
        form = processes.presentations[name].form
        count, lost = changeovers(form, number, parameters)
        campaigns[form] = campaigns[form] + count if form in campaigns else count
        run = (runs or {}).get(name)
        if run is None:
            run = hours_of_lines(name, number, processes, parameters, masses)
        for line, used in run.items():
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
    parameters = remember(parameters)
    check_packs(packs, processes)
    one = np.ones((parameters.n_draws, 1))
    peak = {name: np.asarray(number, dtype=np.float64) * one for name, number in packs.items()}
    hours, _ = hours_of_packs(peak, processes, parameters)
    limit = parameters("production.finishing.line_hours", "hour/year")
    limit = np.minimum(limit, HOURS_A_YEAR)
    lines = {line: np.ceil(used / limit - ROUNDING) for line, used in hours.items()}
    wanted = {name: processes.presentations[name] for name in packs}
    return FinishingDesign(processes, wanted, lines, limit, _duties(wanted, lines, parameters))


def check_packs(packs: Mapping[str, Array], processes: Processes) -> None:
    """Refuse unknown presentations and numbers below zero, all at once."""
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
        duties.append(Duty(item, size, unit, count, SUITES[form], line))

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
            suite = SUITES[form]
            duties.append(Duty("serialisation_line", one, "1", lines[line], suite, "packs"))
    return tuple(duties)
