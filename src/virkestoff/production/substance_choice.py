"""Which of the groups of vessels that suffice is the cheapest to build and run.

    cost of a year = charge x (installed + integration) x (1 + what follows)
                     + batches x tests + crew

One large vessel may be cheaper than two small ones, yet its batch needs larger filters and dryers;
a small vessel is cheap, yet makes many batches, each of which is tested. So the whole equipment
list that a choice brings is priced, with what the capital estimate adds to equipment, upkeep, tests
and crew. Rooms and utilities are left out: they hardly differ.

Law: this cost never falls when the need rises. With given vessels neither equipment, lines, crew
nor batches fall, and what suffices for a need suffices for every smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Array, Duty
from virkestoff.production.calendar import Group
from virkestoff.production.equipment import Purchase, purchase
from virkestoff.production.remembered import remember
from virkestoff.production.substance_duties import fermentation_crew
from virkestoff.production.vessels import Columns, cheapest, undominated, whole_batches

__all__ = ["Equip", "batches_of", "cheapest_group", "equipment_a_year"]

Equip = Callable[[Group], tuple[Array, list[Duty]]]
_O = "production.operations."


def batches_of(group: Group, peak_kg: Mapping[str, Array]) -> Array:
    """Batches started in the largest year, all products together, one column per group."""
    return np.asarray(
        sum(
            whole_batches(peak_kg[p], group.batch_kg[p] * (1.0 - group.failure[p]))
            for p in group.products
        )
    )


def cheapest_group(
    every: Group, peak_kg: Mapping[str, Array], equip: Equip, parameters: Parameters
) -> Group:
    """Of groups side by side, the one whose year costs least.

    Parameters
    ----------
    every : columns are groups: `vessel_m3`, `n_vessels` (infinite where a size will not do) and
        `batch_kg` of shape (n_draws, n_groups)
    peak_kg : per product, shape (n_draws, 1)
    equip : gives downstream lines and equipment list of groups side by side

    Returns
    -------
    Group with arrays of shape (n_draws, 1).
    """
    number = every.n_vessels
    every = replace(every, n_vessels=np.where(np.isfinite(number), number, 0.0))
    tests = parameters(_O + "qc_substance_batch", "NOK/batch") * batches_of(every, peak_kg)
    lines, duties = equip(every)
    vessels = purchase(duties[:1], parameters)
    # Groups differ by their vessels and tests at least, whatever else the larger brings.
    kept = undominated(number, lines, equipment_a_year(vessels, parameters) + tests)
    cost = np.full(number.shape, np.inf)
    is_open = kept.sum() > len(kept)  # some draw has a choice
    cost[kept] = _listed(duties, kept, parameters) if is_open else 0.0
    cost = cost + tests
    if every.name == "fermentation":
        pay = parameters("evidence.labour.pharma", "NOK/fte/year") * (
            1.0 + parameters(_O + "overhead", "1")
        )
        crews = parameters("production.substance.crews_per_position", "1")
        cost = cost + fermentation_crew(every.n_vessels, lines, parameters) * crews * pay
    return _column(every, cheapest(cost, every.vessel_m3, every.n_vessels))


class _SideBySide:
    """Parameters of some draws in a row, as often as each is listed: shape (1, n_lists)."""

    n_draws = 1

    def __init__(self, parameters: Parameters, draws: Columns) -> None:
        self._parameters, self._draws = parameters, draws
        self.price_year = parameters.price_year

    def __call__(self, fact_id: str, unit: str) -> Array:
        values = self._parameters(fact_id, unit)
        every = np.broadcast_to(values, (self._parameters.n_draws, 1))
        return np.asarray(every[self._draws].T)

    def series(self, fact_id: str, unit: str, years: Sequence[int]) -> Array:
        return self._parameters.series(fact_id, unit, years)


def _listed(duties: list[Duty], kept: NDArray[np.bool_], parameters: Parameters) -> Array:
    """Yearly cost of the equipment lists that are kept, NOK, shape (n_kept,)."""
    facts = remember(_SideBySide(parameters, kept.nonzero()[0]))
    listed = [
        replace(duty, size=duty.size[kept][None, :], count=duty.count[kept][None, :])
        for duty in duties
    ]
    return np.asarray(equipment_a_year(purchase(listed, facts), facts)[0])


def equipment_a_year(bought: Purchase, parameters: Parameters) -> Array:
    """Yearly cost of equipment with all that follows from it, NOK, shaped as what is bought."""

    def share(name: str) -> Array:
        return parameters("production.capital." + name, "1")

    pipes = share("instrumentation") + share("piping") + share("electrical")
    installed = bought.installed + bought.total * pipes
    follows = (1.0 + share("contingency")) * (1.0 + share("owner") + share("spares"))
    whole = (1.0 + share("design") + share("validation")) * follows
    rate = parameters("production.finance.required_return", "1/year")
    life = np.maximum(parameters("production.capital.machine_life", "year"), 1.0)
    at_rate = np.where(rate > 0.0, rate, 1.0)
    charge = np.where(rate > 0.0, at_rate / (1.0 - (1.0 + at_rate) ** -life), 1.0 / life)
    yearly = whole * (charge + parameters(_O + "insurance", "1")) + parameters(
        _O + "maintenance", "1"
    )
    return np.asarray(installed * yearly) * parameters("production.estimate.accuracy", "1")


def _column(group: Group, column: Columns) -> Group:
    """The group that stands in one column per draw."""

    def taken(values: Array) -> Array:
        everywhere = np.broadcast_to(values, group.n_vessels.shape)
        return np.take_along_axis(everywhere, column, axis=1)

    return replace(
        group,
        vessel_m3=taken(group.vessel_m3),
        n_vessels=taken(group.n_vessels),
        batch_kg={name: taken(kg) for name, kg in group.batch_kg.items()},
    )
