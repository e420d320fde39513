"""Running the substance plant: batches, materials, utilities and waste of every year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from virkestoff.errors import FaultCollector
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Array
from virkestoff.production.calendar import Group, Year, run_years
from virkestoff.production.remembered import remember
from virkestoff.production.substance import SubstanceDesign, feed_need
from virkestoff.production.substance_use import (
    Sums,
    add_downstream,
    add_fermentation,
    add_reactor,
    add_work_up,
    positions_on_duty,
    take_back_returns,
)
from virkestoff.production.vessels import ROUNDING

__all__ = ["operate_substance"]


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
    sums = Sums(shape)
    hours: dict[str, Array] = {}
    batches: dict[str, Array] = {}
    made: dict[str, Array] = {}
    for train, group in design.groups.items():
        year = years[train]
        for name in group.products:
            process = design.processes.processes[name]
            batches[name], made[name] = year.starts[name], year.made_kg[name]
            if process.fermentation is not None:
                add_fermentation(sums, group, process, year, parameters)
            else:
                add_reactor(sums, design, group, process, year, parameters)
            add_work_up(sums, design, group, process, year, parameters)
        active = np.asarray(sum(year.starts.values()) > 0.0, dtype=np.float64)
        hours[train] = sum(year.starts[p] * group.cycle_h[p] for p in group.products) + active * (
            group.changeover_h * group.n_vessels
        )
        sums.add("campaigns", group.campaigns * active)
    add_downstream(sums, design, years, hours, parameters)
    take_back_returns(sums, design, made)
    positions = positions_on_duty(design, parameters)
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
