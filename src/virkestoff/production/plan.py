"""A plant from need to cash flow: design, time line, investment, running, unit cost.

The order is the engineer's: what must be made decides vessels and lines, these decide capital and
crew, the time line decides when money is spent and packs are sold, and the cash flow gives the cost
of a kilogram and the price at which an owner earns the return required.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Parameters, kept_per_library
from virkestoff.production.activity import Activity, Area, Array, Duty, combine
from virkestoff.production.allocation import share_out
from virkestoff.production.capital import Investment, Mode, invest
from virkestoff.production.cashflow import investor_terms, levelised_cost
from virkestoff.production.finishing import SUITES, FinishingDesign, design_finishing
from virkestoff.production.finishing_year import operate_finishing
from virkestoff.production.operations import Operations, operating_cost
from virkestoff.production.packs import substance_for
from virkestoff.production.phasing import (
    operating_by_year,
    outlays_by_year,
    renewal_by_year,
)
from virkestoff.production.plant import Plant, total_of
from virkestoff.production.process import Processes
from virkestoff.production.process_files import load_processes
from virkestoff.production.regulatory import Dossier, Holder, Steps, TimeLine, time_line
from virkestoff.production.remembered import RememberedParameters, remember
from virkestoff.production.staffing import staff
from virkestoff.production.substance import SubstanceDesign, design_substance
from virkestoff.production.substance_year import operate_substance
from virkestoff.timeline import Years

__all__ = ["plan"]

# What the running cost calls the parts of an investment that carry no maintenance.
_UNWORN = {
    "owners_cost": "owner",
    "site": "buildings",
    "location_norway": "construction_management",
}


@kept_per_library
def _processes() -> Processes:
    return load_processes()


def plan(
    steps: Steps,
    packs: Mapping[str, Array],
    years: Years | Iterable[int],
    parameters: Parameters,
    *,
    bulk_kg: Mapping[str, Array] | None = None,
    sold_share: Mapping[str, Array] | None = None,
    mode: Mode = "greenfield",
    holder: Holder = "own",
    dossier: Dossier = "cep",
    rewarded: Collection[str] | None = None,
    bought: Collection[str] = (),
    failures: Mapping[str, Array] | None = None,
    processes: Processes | None = None,
) -> Plant:
    """Plan the smallest plant that meets a demand, and reckon what it costs.

    Parameters
    ----------
    steps : finished forms of bought substance, or substance and finished forms
    packs : wanted per presentation, shape (n_draws or 1, n_years)
    years : consecutive; the decision falls at the start of the first
    bulk_kg : substance wanted as such, per product, kg of the process basis, same shape
    sold_share : per presentation, the share of what is wanted that is sold, (n_draws, n_years);
        the plant is sized for what is wanted, and makes what it sells. Default all
    mode : new site, existing site, or a suite beside an existing site that is built for the whole
        need and kept qualified with a small share of it
    holder : of the marketing authorisation; with ``none`` the plant supplies nobody
    dossier : certificate of suitability or master file, for own substance
    rewarded : products that are paid for and so carry all cost, default all
    bought : feeds that are bought, for instance ``six_apa``
    failures : uniforms per process for random batch failures, (n_draws, n_years)

    Returns
    -------
    Plant; NOK of ``parameters.price_year``.

    Raises
    ------
    InputError
        for unknown names, impossible demand, and years that do not hold the construction.

    Warns
    -----
    RangeWarning
        once per item that is priced outside the sizes that its sources cover.
    """
    axis = years if isinstance(years, Years) else _axis(tuple(years))
    known = remember(parameters)
    book = processes or _processes()
    kept = known("production.operations.standby_batches", "1") if mode == "standby" else 1.0
    wanted = _checked(packs, book.presentations, axis, known)
    bulk = _checked(bulk_kg or {}, book.processes, axis, known)
    paid = _rewarded(rewarded, wanted, bulk, book, steps)
    course = time_line(steps, mode, holder, known, axis, dossier)
    _check_course(course, axis)
    substance, finishing = _design(steps, wanted, bulk, book, known, bought)
    duties = (substance.duties if substance else ()) + (finishing.duties if finishing else ())
    areas = _areas(duties, wanted, book)
    investment = invest(duties, areas, mode, known)
    # A standby suite is built for the whole need and kept qualified with a small share of it.
    share = course.output_share * kept
    won = _won(sold_share or {}, wanted)
    made = {name: number * share * won[name] for name, number in wanted.items()}
    loose = {name: kg * share for name, kg in bulk.items()}
    activity = _operate(substance, finishing, made, loose, book, known, failures)
    sold = _needed(activity.packs, loose, book, known)
    works = _Works(axis, mode, holder, course, substance, finishing, areas, investment, activity)
    return _reckon(works, sold, paid, book, known)


@dataclass(frozen=True)
class _Works:
    """The plant as designed and run, before money."""

    axis: Years
    mode: Mode
    holder: Holder
    course: TimeLine
    substance: SubstanceDesign | None
    finishing: FinishingDesign | None
    areas: tuple[Area, ...]
    investment: Investment
    activity: Activity


def _reckon(
    works: _Works,
    sold: dict[str, Array],
    paid: frozenset[str],
    book: Processes,
    known: RememberedParameters,
) -> Plant:
    """Staff, running cost, outlays and unit cost of a designed plant."""
    investment, activity, course = works.investment, works.activity, works.course
    crews = [area for area in works.areas if area in activity.shift_positions]
    people = staff(activity, crews, works.mode, known)
    running = operating_cost(
        activity,
        people,
        {_UNWORN.get(name, name): part for name, part in investment.parts.items()},
        works.mode,
        known,
        course.running_share,
        crew_share=course.crew_share,
        areas_m2=investment.rooms.by_grade,
        processes=book,
    )
    operating = operating_by_year(running, activity, course, works.holder, known)
    renewal = renewal_by_year(investment, course, works.axis.size)
    outlays = outlays_by_year(investment, operating, renewal, course)
    investor = investor_terms(known)
    volume = total_of({name: kg for name, kg in sold.items() if name in paid})
    shared = share_out(outlays, running, activity, sold, works.substance, investment, book, known)
    parts = {name: part * course.spend_share for name, part in investment.parts.items()}
    return Plant(
        price_year=known.price_year,
        years=works.axis,
        mode=works.mode,
        investment_plan=investment,
        activity=activity,
        timeline=course,
        investment_parts={**parts, "renewal": renewal},
        operating_parts=operating,
        outlays=outlays,
        investor=investor,
        staff={name: fte * course.crew_share for name, fte in people.groups.items()},
        packs=activity.packs,
        sold_kg=sold,
        rewarded_kg=volume,
        unit_cost=levelised_cost(volume, outlays, investor.required_return),
        product_cost=shared.product_cost,
        pack_cost=shared.pack_cost,
        substance_cost=shared.substance_cost,
        first_pack_years=course.first_pack_years,
        utilisation=_utilisation(works.substance, works.finishing, activity),
        physical=_physical(running, activity),
        marks=investment.extrapolated,
    )


def _axis(years: tuple[int, ...]) -> Years:
    faults = FaultCollector()
    if not years or list(years) != list(range(years[0], years[0] + len(years))):
        faults.add("years", "must be consecutive and at least one")
    faults.raise_if_any()
    return Years(years[0], years[-1])


def _checked(
    amounts: Mapping[str, Array],
    names: Collection[str],
    axis: Years,
    parameters: RememberedParameters,
) -> dict[str, Array]:
    """Demand as (n_draws, n_years)."""
    shape = (parameters.n_draws, axis.size)
    faults = FaultCollector()
    found = {}
    for name, amount in amounts.items():
        array = np.asarray(amount, dtype=np.float64)
        if name not in names:
            faults.add(f"demand '{name}'", "is not described", next_step=suggest(name, names))
        elif np.any(array < 0.0) or not np.all(np.isfinite(array)):
            faults.add(f"demand '{name}'", "must be numbers of zero or more")
        elif array.ndim != 2 or array.shape[1] != shape[1] or array.shape[0] not in (1, shape[0]):
            faults.add(f"demand '{name}'", f"has shape {array.shape}, not {shape}")
        else:
            found[name] = np.broadcast_to(array, shape)
    faults.raise_if_any()
    return found


def _rewarded(
    rewarded: Collection[str] | None,
    packs: Mapping[str, Array],
    bulk: Mapping[str, Array],
    book: Processes,
    steps: str,
) -> frozenset[str]:
    faults = FaultCollector()
    made = {book.presentations[name].substance for name in packs} | set(bulk)
    if not made:
        faults.add("packs", "name at least one presentation or product")
    if bulk and steps == "finished":
        faults.add("bulk_kg", "a plant for finished forms makes no substance")
    if rewarded is not None and not rewarded:
        faults.add("rewarded", "name at least one product")
    for name in rewarded or ():
        if name not in made:
            faults.add(f"rewarded '{name}'", "is not made here", next_step=suggest(name, made))
    faults.raise_if_any()
    return frozenset(made if rewarded is None else rewarded)


def _check_course(course: TimeLine, axis: Years) -> None:
    faults = FaultCollector()
    if np.any(course.ends["qualification"] >= axis.size):
        why = "part of the investment would fall outside and be lost"
        step = "Choose a later last year"
        faults.add("years", "do not hold construction and qualification", why, step)
    faults.raise_if_any()


def _won(sold_share: Mapping[str, Array], wanted: Mapping[str, Array]) -> dict[str, Array]:
    """The share sold per presentation, all of it where none is stated."""
    faults = FaultCollector()
    found = dict.fromkeys(wanted, np.ones((1, 1)))
    for name, share in sold_share.items():
        array = np.asarray(share, dtype=np.float64)
        if name not in wanted:
            faults.add(f"sold share of '{name}'", "is not made", next_step=suggest(name, wanted))
        elif not np.all((array >= 0.0) & (array <= 1.0 + 1e-9)):
            faults.add(f"sold share of '{name}'", "must lie between zero and one")
        else:
            found[name] = array
    faults.raise_if_any()
    return found


def _peak(amounts: Mapping[str, Array]) -> dict[str, Array]:
    return {name: amount.max(axis=1, keepdims=True) for name, amount in amounts.items()}


def _needed(
    packs: Mapping[str, Array], bulk: Mapping[str, Array], book: Processes, parameters: Parameters
) -> dict[str, Array]:
    total = substance_for(packs, book, parameters) if packs else {}
    for name, kg in bulk.items():
        total[name] = total[name] + kg if name in total else kg
    return total


def _design(
    steps: str,
    packs: Mapping[str, Array],
    bulk: Mapping[str, Array],
    book: Processes,
    parameters: Parameters,
    bought: Collection[str],
) -> tuple[SubstanceDesign | None, FinishingDesign | None]:
    substance = None
    if steps == "api_and_finished":
        peak = _peak(_needed(packs, bulk, book, parameters))
        substance = design_substance(book, peak, parameters, bought=bought)
    finishing = design_finishing(_peak(packs), book, parameters) if packs else None
    return substance, finishing


def _areas(
    duties: tuple[Duty, ...], packs: Mapping[str, Array], book: Processes
) -> tuple[Area, ...]:
    """Suites that hold equipment or packs."""
    suites = [SUITES[book.presentations[name].form] for name in packs]
    return tuple(dict.fromkeys([*(duty.area for duty in duties if duty.area != "shared"), *suites]))


def _operate(
    substance: SubstanceDesign | None,
    finishing: FinishingDesign | None,
    packs: Mapping[str, Array],
    bulk: Mapping[str, Array],
    book: Processes,
    parameters: Parameters,
    failures: Mapping[str, Array] | None,
) -> Activity:
    """Run both sections; packs for which own substance falls short are cut."""
    years: list[Activity] = []
    if substance is not None:
        needed = _needed(packs, bulk, book, parameters)
        years.append(operate_substance(substance, needed, parameters, failures))
        short = years[0].shortfall_kg
        met = {
            name: 1.0 - np.divide(short[name], kg, out=np.zeros_like(kg), where=kg > 0.0)
            for name, kg in needed.items()
        }
        packs = {n: number * met[book.presentations[n].substance] for n, number in packs.items()}
    if finishing is not None:
        years.append(operate_finishing(finishing, packs, parameters))
    return combine(*years)


def _utilisation(
    substance: SubstanceDesign | None, finishing: FinishingDesign | None, activity: Activity
) -> dict[str, Array]:
    """Share of the hours of each group of vessels or lines that is taken."""
    there: dict[str, Array] = {}
    if substance is not None:
        there.update({train: group.use for train, group in substance.groups.items()})
    if finishing is not None:
        there.update({n: count * finishing.line_hours for n, count in finishing.lines.items()})
    return {
        name: np.divide(
            activity.hours[name],
            hours,
            out=np.zeros_like(activity.hours[name]),
            where=hours > 0.0,
        )
        for name, hours in there.items()
        if name in activity.hours
    }


def _physical(running: Operations, activity: Activity) -> dict[str, Array]:
    return {
        "electricity_kwh": running.electricity_kwh,
        "solvent_kg": running.solvent_kg,
        "co2e_kg": running.co2e_kg,
        "effluent_m3": running.effluent_m3,
        "mycelium_kg": activity.mycelium_kg,
        "water_m3": activity.water_m3,
    }
