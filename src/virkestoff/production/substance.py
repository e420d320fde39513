"""The substance plant: vessels, downstream line and equipment list for a peak demand.

``design_substance`` finds the cheapest plant; ``substance_year.operate_substance`` runs it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Array, Duty
from virkestoff.production.balance import Recipe, molar_masses, recipe
from virkestoff.production.calendar import HOURS_A_YEAR, Group, changeover_hours
from virkestoff.production.process import Process, Processes
from virkestoff.production.remembered import remember
from virkestoff.production.substance_choice import batches_of, cheapest_group
from virkestoff.production.substance_duties import fermentation_duties, reactor_duties
from virkestoff.production.vessels import (
    ROUNDING,
    given_group,
    sufficient_groups,
)

__all__ = ["SubstanceDesign", "design_substance", "feed_need"]


@dataclass(frozen=True)
class SubstanceDesign:
    """A substance plant.

    Attributes
    ----------
    processes : the process data it was designed from
    order : processes run on site, feeds first
    bought : feeds that are bought instead
    recipes : kg per kg, by process
    groups : vessel groups by train
    downstream_lines : lines that take fermentation batches one after another, (n_draws, 1)
    peak_kg : designed for, intermediates included, each (n_draws, 1), counted as the basis
    duties : equipment list
    """

    processes: Processes
    order: tuple[str, ...]
    bought: tuple[str, ...]
    recipes: Mapping[str, Recipe]
    groups: Mapping[str, Group]
    downstream_lines: Array
    peak_kg: Mapping[str, Array]
    duties: tuple[Duty, ...]


def design_substance(
    processes: Processes,
    peak_kg: Mapping[str, Array],
    parameters: Parameters,
    n_vessels: float | Array | None = None,
    vessel_m3: float | Array | None = None,
    bought: Collection[str] = (),
) -> SubstanceDesign:
    """Find the plant that makes `peak_kg` in a year at least cost.

    Parameters
    ----------
    peak_kg : per product, kg counted as the basis of its process, shape (n_draws, 1)
    n_vessels, vessel_m3 : number and size of fermenters given instead of found; with one of them
        the other is the smallest that suffices, both together are taken as they are
    bought : feeds that are bought and not made, for example ``six_apa``

    Raises
    ------
    InputError
        for unknown products, negative or missing amounts, or a demand that no catalogue size meets.
    """
    parameters = remember(parameters)
    _check_peak(processes, peak_kg, bought)
    order = _closure(processes, peak_kg, bought)
    masses = molar_masses(processes, parameters)
    recipes = {
        name: recipe(processes.processes[name], processes, parameters, masses) for name in order
    }
    one = np.ones((parameters.n_draws, 1))
    wanted = {name: np.asarray(kg, dtype=np.float64) * one for name, kg in peak_kg.items()}
    peak = _with_feeds(processes, order, recipes, wanted, parameters)
    groups: dict[str, Group] = {}
    for train in processes.trains:
        members = tuple(n for n in order if processes.processes[n].train == train)
        if members:
            given = (vessel_m3, n_vessels) if train == "fermentation" else (None, None)
            groups[train] = _group(train, members, processes, recipes, peak, parameters, given)
    lines = np.zeros_like(one)
    duties: list[Duty] = []
    for group in groups.values():
        taken, listed = _equipment(group, processes, recipes, peak, parameters)
        lines = lines + taken
        duties += listed
    return SubstanceDesign(
        processes, order, tuple(bought), recipes, groups, lines, peak, tuple(duties)
    )


def _check_peak(
    processes: Processes, peak_kg: Mapping[str, Array], bought: Collection[str]
) -> None:
    faults = FaultCollector()
    for name, kg in peak_kg.items():
        if name not in processes.processes:
            next_step = suggest(name, processes.processes)
            faults.add(f"product '{name}'", "has no process", next_step=next_step)
        amounts = np.asarray(kg, dtype=np.float64)
        if np.any(amounts < 0.0) or not np.all(np.isfinite(amounts)):
            faults.add(f"product '{name}'", "the wanted amount must be a number of zero or more")
    for name in bought:
        if name not in processes.processes:
            next_step = suggest(name, processes.processes)
            faults.add(f"bought feed '{name}'", "has no process", next_step=next_step)
    faults.raise_if_any()


def _closure(
    processes: Processes, peak_kg: Mapping[str, Array], bought: Collection[str]
) -> tuple[str, ...]:
    names: list[str] = []
    queue = list(peak_kg)
    while queue:
        name = queue.pop(0)
        if name not in names:
            names.append(name)
            feed = processes.processes[name].feed
            if feed is not None and feed not in bought:
                queue.append(feed)
    return processes.order(tuple(names))


def failure_of(process: Process, parameters: Parameters) -> Array:
    """Share of started batches that fail, shape (n_draws, 1)."""
    data = process.fermentation or process.batch
    assert data is not None
    return parameters(data.failure, "1")


def feed_need(process: Process, one: Recipe, parameters: Parameters) -> Array:
    """Feed (counted as its basis) per kg of good product, failed batches included."""
    return one.feed_kg / (1.0 - failure_of(process, parameters))


def _with_feeds(
    processes: Processes,
    order: tuple[str, ...],
    recipes: Mapping[str, Recipe],
    wanted: Mapping[str, Array],
    parameters: Parameters,
) -> dict[str, Array]:
    first = next(iter(wanted.values()))
    total = {name: wanted.get(name, np.zeros_like(first)) for name in order}
    for name in reversed(order):
        process = processes.processes[name]
        if process.feed in total:
            need = feed_need(process, recipes[name], parameters)
            total[process.feed] = total[process.feed] + need * total[name]
    return total


def _kg_per_m3(process: Process, one: Recipe, working: Array, parameters: Parameters) -> Array:
    """Good product per nominal vessel volume and batch, kg/m3 counted as the basis."""
    if process.fermentation is not None:
        titre = parameters(process.fermentation.titre, "kg/m^3")
        return np.asarray(working * titre / one.feed_kg)
    assert process.batch is not None
    return np.asarray(working / parameters(process.batch.volume_per_kg, "m^3/kg"))


def _cycle(process: Process, parameters: Parameters) -> Array:
    if process.fermentation is not None:
        hours = parameters(process.fermentation.batch_time, "hour")
        return hours + parameters(process.fermentation.turnaround, "hour")
    assert process.batch is not None
    return parameters(process.batch.hours, "hour") + parameters(process.batch.turnaround, "hour")


def _group(
    train: str,
    members: tuple[str, ...],
    processes: Processes,
    recipes: Mapping[str, Recipe],
    peak: Mapping[str, Array],
    parameters: Parameters,
    given: tuple[float | Array | None, float | Array | None],
) -> Group:
    data = processes.trains[train]
    working = parameters(data.working_share, "1")
    failure = {n: failure_of(processes.processes[n], parameters) for n in members}
    density = {
        n: _kg_per_m3(processes.processes[n], recipes[n], working, parameters) for n in members
    }
    cycle = {n: _cycle(processes.processes[n], parameters) for n in members}
    lost, campaigns = changeover_hours(
        [peak[n] for n in members],
        parameters(data.campaigns, "1"),
        parameters(data.changeover, "hour"),
    )
    available = parameters(data.uptime, "1") * HOURS_A_YEAR - lost
    one = np.ones((parameters.n_draws, 1))
    good = [density[n] * (1.0 - failure[n]) for n in members]
    problem = (
        np.hstack([peak[n] for n in members]),
        np.hstack([kg * one for kg in good]),
        np.hstack([cycle[n] for n in members]),
        available,
    )
    where = f"vessels for {', '.join(members)}"
    size, number = (None if g is None else np.asarray(g, dtype=np.float64) * one for g in given)
    if size is None and number is None:
        sizes, fewest = sufficient_groups(*problem, data.catalogue_m3, where, data.most_vessels)
    else:
        sizes, fewest = given_group(*problem, size, number, data.catalogue_m3, where)
    group = Group(
        train,
        members,
        sizes,
        fewest,
        available,
        lost,
        campaigns,
        {n: density[n] * sizes * one for n in members},
        failure,
        cycle,
    )
    if sizes.shape == fewest.shape == one.shape:
        return group

    def equip(tried: Group) -> tuple[Array, list[Duty]]:
        return _equipment(tried, processes, recipes, peak, parameters)

    return cheapest_group(group, peak, equip, parameters)


def _equipment(
    group: Group,
    processes: Processes,
    recipes: Mapping[str, Recipe],
    peak: Mapping[str, Array],
    parameters: Parameters,
) -> tuple[Array, list[Duty]]:
    """Downstream lines and equipment list of a group."""
    lines = _lines_of(group, peak, parameters)
    if group.name == "fermentation":
        return lines, fermentation_duties(group, recipes, lines, parameters)
    return lines, reactor_duties(group, processes.trains[group.name].item, recipes, parameters)


def _lines_of(group: Group, peak: Mapping[str, Array], parameters: Parameters) -> Array:
    """Lines needed so that all batches of the peak year pass one after another."""
    if group.name != "fermentation":
        return np.zeros_like(group.n_vessels)
    hours = batches_of(group, peak) * parameters("production.downstream.hours_per_batch", "hour")
    return np.asarray(np.ceil(hours / group.available_h - ROUNDING))
