"""Floor area of a dedicated beta-lactam plant, what it costs to build, utilities it needs.

    suite:    clean area = area of the first line x (1 + share x (lines - 1)), lines at least one
    hall:     process hall = area per group of vessels + area per m3 x volume of vessels
    shared:   support and technical area per m2 clean, warehouse and offices per m2 of production,
              one quality laboratory

Suites for oral solids, powder mixture, aseptic filling and substance share neither rooms nor air,
so each that is in use brings its area, however little is made. Grades are those of EU GMP, annex 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Area, Array, Duty
from virkestoff.production.remembered import remember
from virkestoff.quantities import factor

__all__ = ["EFFLUENT", "GRADES", "RoomCosts", "Rooms", "plan_rooms", "room_costs", "site_duties"]

GRADES = ("a", "b", "c", "d")
_OF_SUITE: dict[Area, tuple[str, ...]] = {
    "oral_solids": ("d",),
    "powder_mixture": ("d",),
    "aseptic": GRADES,
    "substance": ("d",),
}
_LINE_ITEMS = {
    "oral_solids": ("tablet_press", "blister_line"),
    "powder_mixture": ("powder_bottle_line",),
    "aseptic": ("powder_vial_line", "crystalliser_sterile"),
    "substance": ("filter_dryer",),
}
_VESSELS = ("fermenter", "seed_fermenter", "enzyme_reactor", "reactor_glass_lined", "crystalliser")
_GROUPS = ("fermenter", "enzyme_reactor", "reactor_glass_lined")
EFFLUENT = "waste_water_plant"
_REACTORS = {"enzyme_reactor": "enzyme", "reactor_glass_lined": "synthesis"}
_U = "production.utilities."


@dataclass(frozen=True)
class Rooms:
    """Square metres, each of shape (n_draws, 1).

    Attributes
    ----------
    clean : by suite and grade
    lines : lines that the clean area of a suite holds
    hall, support, technical, warehouse, laboratory, offices : area without a grade
    """

    clean: Mapping[Area, Mapping[str, Array]]
    lines: Mapping[Area, Array]
    hall: Array
    support: Array
    technical: Array
    warehouse: Array
    laboratory: Array
    offices: Array

    def of_grade(self, grade: str) -> Array:
        """Clean area of one grade in all suites together."""
        found = (areas[grade] for areas in self.clean.values() if grade in areas)
        return _sum(found, np.zeros_like(self.hall))

    @property
    def all_clean(self) -> Array:
        """Clean area of every grade."""
        return _sum((self.of_grade(grade) for grade in GRADES), np.zeros_like(self.hall))

    @property
    def by_grade(self) -> dict[str, Array]:
        """Floor area by grade ``a`` to ``d``, and ``plain`` for all the rest."""
        graded = {grade: self.of_grade(grade) for grade in GRADES}
        return {**graded, "plain": self.total - self.all_clean}

    @property
    def production(self) -> Array:
        """Clean rooms, process hall and support area."""
        return self.all_clean + self.hall + self.support

    @property
    def total(self) -> Array:
        """The whole floor area."""
        return _sum(
            (self.technical, self.warehouse, self.laboratory, self.offices), self.production
        )


@dataclass(frozen=True)
class RoomCosts:
    """NOK, each of shape (n_draws, 1), at the price level that the facts state.

    Attributes
    ----------
    fit_out : clean rooms with their ventilation, by suite
    plain : fit-out of process hall and support area
    laboratory : fit-out of the quality laboratory, without instruments
    shell_production : building around clean rooms, hall, support and technical area
    shell_shared : building around warehouse and offices
    shell_laboratory : building around the laboratory
    """

    fit_out: Mapping[Area, Array]
    plain: Array
    laboratory: Array
    shell_production: Array
    shell_shared: Array
    shell_laboratory: Array


def plan_rooms(
    duties: Iterable[Duty], areas_in_use: Collection[Area], parameters: Parameters
) -> Rooms:
    """Areas that the lines and vessels of an equipment list need.

    Parameters
    ----------
    duties : sizes and counts of shape (n_draws, 1)
    areas_in_use : suites that are built; "shared" is always there and may be named

    Raises
    ------
    InputError
        for an unknown suite, and for equipment in a suite that is not in use.
    """
    parameters = remember(parameters)
    duties = tuple(duties)
    _check(duties, areas_in_use)
    zero = np.zeros((parameters.n_draws, 1))
    more = parameters("production.area.next_line", "1")
    lines: dict[Area, Array] = {}
    clean: dict[Area, dict[str, Array]] = {}
    for suite, grades in _OF_SUITE.items():
        if suite not in areas_in_use:
            continue
        lines[suite] = np.maximum(_lines(duties, suite, zero), 1.0)
        spread = 1.0 + more * (lines[suite] - 1.0)
        clean[suite] = {
            grade: spread * parameters(f"production.area.{suite}_{grade}", "m^2")
            for grade in grades
        }
    hall = _hall(duties, parameters, zero) if "substance" in areas_in_use else zero
    graded = _sum((area for areas in clean.values() for area in areas.values()), zero)
    support = graded * parameters("production.area.support", "1")
    production = graded + hall + support
    return Rooms(
        clean=clean,
        lines=lines,
        hall=hall,
        support=support,
        technical=graded * parameters("production.area.technical", "1"),
        warehouse=production * parameters("production.area.warehouse", "1"),
        laboratory=zero + parameters("production.area.qc", "m^2"),
        offices=production * parameters("production.area.offices_share", "1"),
    )


def room_costs(rooms: Rooms, parameters: Parameters) -> RoomCosts:
    """What the areas cost: fit-out per m2 and grade, and the shell around all of them.

    The laboratory is fitted out as grade D without the addition for beta-lactam containment.
    """
    parameters = remember(parameters)
    capital = "production.capital."
    price = {grade: parameters(f"{capital}grade_{grade}", "NOK/m^2") for grade in GRADES}
    containment = parameters(capital + "containment", "1")
    shell = parameters(capital + "shell", "NOK/m^2")
    zero = np.zeros_like(rooms.hall)
    fit_out = {
        suite: _sum((m2 * price[grade] for grade, m2 in areas.items()), zero) * containment
        for suite, areas in rooms.clean.items()
    }
    return RoomCosts(
        fit_out=fit_out,
        plain=(rooms.hall + rooms.support) * parameters(capital + "plain", "NOK/m^2"),
        laboratory=rooms.laboratory * price["d"],
        shell_production=(rooms.production + rooms.technical) * shell,
        shell_shared=(rooms.warehouse + rooms.offices) * shell,
        shell_laboratory=rooms.laboratory * shell,
    )


def _check(duties: tuple[Duty, ...], areas_in_use: Collection[Area]) -> None:
    faults = FaultCollector()
    known = get_args(Area)
    for area in areas_in_use:
        if area not in known:
            faults.add(f"area '{area}'", "is not a suite", next_step=suggest(area, known))
    for duty in duties:
        outside = duty.area not in areas_in_use and duty.area != "shared"
        if outside and np.any(duty.count > 0.0):
            where = f"equipment '{duty.item}'"
            faults.add(where, f"stands in the suite '{duty.area}', which is not in use")
    faults.raise_if_any()


def _lines(duties: tuple[Duty, ...], suite: Area, zero: Array) -> Array:
    """Lines side by side in a suite: machines of one kind are added, kinds in a row are not."""
    kinds: dict[str, Array] = {}
    for duty in duties:
        if duty.area == suite and duty.item in _LINE_ITEMS[suite]:
            kinds[duty.item] = kinds.get(duty.item, zero) + duty.count
    if suite == "aseptic":
        # Sterile substance and vial filling have a core each.
        core = np.minimum(kinds.get("crystalliser_sterile", zero), 1.0)
        return kinds.get("powder_vial_line", zero) + core
    lines = zero
    for count in kinds.values():
        lines = np.maximum(lines, count)
    return lines


def _hall(duties: tuple[Duty, ...], parameters: Parameters, zero: Array) -> Array:
    volume, groups = zero, zero
    for duty in duties:
        if duty.area == "substance" and duty.item in _VESSELS:
            volume = volume + duty.size * duty.count * factor(duty.size_unit, "m^3")
            if duty.item in _GROUPS:
                groups = groups + np.minimum(duty.count, 1.0)
    per_group = parameters("production.area.process_hall", "m^2")
    return groups * per_group + volume * parameters("production.area.hall_per_m3", "m^2/m^3")


def _sum(parts: Iterable[Array], zero: Array) -> Array:
    total = zero
    for part in parts:
        total = total + part
    return total


def site_duties(duties: tuple[Duty, ...], rooms: Rooms, parameters: Parameters) -> tuple[Duty, ...]:
    """Size the utilities from lines and vessels.

    Parameters
    ----------
    duties : equipment list of the suites
    rooms : whose lines need purified water, and water for injections where filling is aseptic

    Returns
    -------
    Duties of the area "shared"; none of a kind that no draw needs.
    """
    zero = np.zeros((parameters.n_draws, 1))
    lines = sum(rooms.lines.values(), zero)
    aseptic = rooms.lines.get("aseptic", zero)
    flow, heat, steam = _process_needs(duties, parameters, zero)
    wanted = [
        ("purified_water", lines * parameters(_U + "purified_water", "m^3/hour"), "m^3/hour"),
        ("water_for_injections", aseptic * parameters(_U + "wfi", "m^3/hour"), "m^3/hour"),
        ("clean_steam", aseptic * parameters(_U + "clean_steam", "kg/hour"), "kg/hour"),
        ("boiler", steam, "kg/hour"),
        ("chiller", heat, "kW"),
        (EFFLUENT, flow * parameters(_U + "peak", "1"), "m^3/hour"),
    ]
    return tuple(
        Duty(item, size, unit, np.asarray(size > 0.0, dtype=np.float64), "shared", "utilities")
        for item, size, unit in wanted
        if np.any(size > 0.0)
    )


def _process_needs(
    duties: tuple[Duty, ...], parameters: Parameters, zero: Array
) -> tuple[Array, Array, Array]:
    """Mean waste water m3/h, heat to remove kW, peak steam kg/h, each (n_draws, 1)."""
    flow, heat, steam = zero, zero, zero
    for duty in duties:
        if duty.area != "substance":
            continue
        if duty.item == "fermenter":
            broth = duty.size * duty.count * factor(duty.size_unit, "m^3")
            broth = broth * parameters("production.fermentation.working_share", "1")
            heat = heat + broth * _heat(parameters)
            cycle = parameters("production.fermentation.batch_time", "hour") + parameters(
                "production.fermentation.turnaround", "hour"
            )
            flow = flow + broth * parameters("production.fermentation.water", "1") / cycle
        elif duty.item == "medium_steriliser":
            rate = duty.size * duty.count * factor(duty.size_unit, "m^3/hour")
            steam = steam + rate * parameters(
                "production.fermentation.sterilisation_steam", "kg/m^3"
            )
        elif duty.item == "solvent_recovery":
            rate = duty.size * duty.count * factor(duty.size_unit, "kg/hour")
            steam = steam + rate * parameters("production.downstream.solvent_steam", "kg/kg")
        elif duty.item in _REACTORS:
            volume = duty.size * duty.count * factor(duty.size_unit, "m^3")
            used = parameters(f"production.{_REACTORS[duty.item]}.water", "1")
            flow = flow + volume * used / parameters(_U + "reactor_interval", "hour")
    return flow, heat, steam


def _heat(parameters: Parameters) -> Array:
    """Heat of stirring and respiration, kW per m3 of broth."""
    stirring = parameters("production.fermentation.agitation_power", "kW/m^3")
    respiration = parameters("production.fermentation.oxygen_uptake", "mol/m^3/s") * parameters(
        "production.fermentation.metabolic_heat", "kJ/mol"
    )
    return stirring + respiration
