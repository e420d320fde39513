"""Finished forms first, and the substance later if shortage has been seen by then.

The decision uses what is known in its year alone: the shortage days of the years before, in a
Norway that has the plant for finished forms. A step to a larger market is no part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import Plant, levelised_cost, plan
from virkestoff.studies import Case
from virkestoff.timeline import Years

from .preparedness import observed_days
from .supply_measures import Supplier

__all__ = ["STAGED_OUTCOMES", "Staged", "add_substance", "measure_staged"]

Array = np.ndarray
STAGED_OUTCOMES = ("staged_signal", "staged_go", "staged_own_year")


@dataclass(frozen=True)
class Staged:
    """A plant for finished forms with the substance added where the signal says so.

    Attributes
    ----------
    signal : shortage days a year that were seen before the decision, (n_draws,)
    goes : whether the substance is added, (n_draws,)
    """

    plant: Plant
    supplier: Supplier
    signal: Array
    goes: Array


def add_substance(case: Case, p: Parameters, first: Plant, supplier: Supplier) -> Staged:
    """The plant with the second step in the draws in which it is taken."""
    wait = round(case.number("decision_year"))
    signal = observed_days(case, supplier, wait)
    goes = signal >= case.number("signal_days")
    later = Years(case.years.first + wait, case.years.last)
    wanted = {name: kg[:, wait:] for name, kg in first.sold_kg.items()}
    second = plan(
        "api_and_finished", {}, later, p, bulk_kg=wanted,
        mode=case.choice("site"), holder=case.choice("holder"),
    )  # fmt: skip
    need, made = _sum(wanted), _sum(second.sold_kg)
    own = np.zeros(case.shape)
    own[:, wait:] = np.clip(made / np.where(need > 0, need, 1.0), 0.0, 1.0) * goes[:, None]
    plant = joined(p, first, second, goes, own, wait)
    makes = own > 0
    start = np.where(makes.any(axis=1), makes.argmax(axis=1), case.years.size).astype(np.float64)
    return Staged(plant, replace(supplier, own_from=start[:, None]), signal, goes)


def measure_staged(case: Case, ledger: Ledger, staged: Staged) -> tuple[Plant, Supplier]:
    """What was seen, whether the substance was added, and when it was first made."""
    year = staged.supplier.own_from[:, 0]
    ledger.measure("staged_signal", staged.signal)
    ledger.measure("staged_go", staged.goes * 1.0)
    ledger.measure("staged_own_year", np.where(year < case.years.size, year, np.nan))
    return staged.plant, staged.supplier


def joined(p: Parameters, first: Plant, second: Plant, goes: Array, own: Array, wait: int) -> Plant:
    """Both plants' payments, people and flows; bought substance falls by the share that is made.

    The second step carries its own administration and laboratory: what they could share is not
    taken off, so that the cost is rather too high.

    Parameters
    ----------
    own : share of the substance that is made at home, (n_draws, n_years)
    wait : years before the second step
    """
    go = goes[:, None]

    def moved(amount: Array) -> Array:
        whole = np.zeros(own.shape)
        whole[:, wait:] = amount * go
        return whole

    def both(one: Mapping[str, Array], other: Mapping[str, Array]) -> dict[str, Array]:
        nothing = np.zeros(own.shape)
        return {
            name: one.get(name, nothing) + (moved(other[name]) if name in other else 0.0)
            for name in (*one, *(n for n in other if n not in one))
        }

    saved = first.operating_parts["substance"] * own
    operating = both(first.operating_parts, second.operating_parts)
    operating["substance"] = operating["substance"] - saved
    one, other = first.outlays, second.outlays
    outlays = replace(
        one,
        operating=one.operating - saved + moved(other.operating),
        machinery=one.machinery + moved(other.machinery),
        buildings=one.buildings + moved(other.buildings),
        end_value=one.end_value + moved(other.end_value),
    )
    physical = both(first.physical, second.physical)
    bought = sum(
        (kg for name, kg in first.activity.materials_kg.items() if name.startswith("substance_")),
        np.zeros(own.shape),
    )
    factor = p("production.emission.substance", "kg/kg")
    physical["co2e_kg"] = physical["co2e_kg"] - bought * factor * own
    cost = levelised_cost(first.rewarded_kg, outlays, first.investor.required_return)
    more = cost / first.unit_cost  # packs carry the second step in the same proportion
    invested, added = first.investment_plan, second.investment_plan
    parts = {
        name: invested.parts.get(name, 0.0) + added.parts.get(name, 0.0) * go
        for name in (*invested.parts, *(n for n in added.parts if n not in invested.parts))
    }
    return replace(
        first,
        investment_plan=replace(
            invested, parts=parts,
            decommissioning=invested.decommissioning + added.decommissioning * go,
        ),
        investment_parts=both(first.investment_parts, second.investment_parts),
        operating_parts=operating,
        outlays=outlays,
        staff=both(first.staff, second.staff),
        unit_cost=cost,
        pack_cost={name: value * more for name, value in first.pack_cost.items()},
        product_cost={name: value * more for name, value in first.product_cost.items()},
        physical=physical,
    )  # fmt: skip


def _sum(amounts: Mapping[str, Array]) -> Array:
    values = list(amounts.values())
    return np.asarray(sum(values[1:], values[0]))
