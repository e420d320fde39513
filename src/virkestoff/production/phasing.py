"""Money laid out over the years: validation batches, renewal of machines, the owner's outlays.

The investment is spent during construction. Machines are renewed when their life is over, not in
the last half life before the horizon. The plant is decommissioned in the last year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Array
from virkestoff.production.capital import Investment
from virkestoff.production.cashflow import Outlays
from virkestoff.production.operations import Operations
from virkestoff.production.plant import total_of
from virkestoff.production.regulatory import TimeLine

__all__ = ["operating_by_year", "outlays_by_year", "renewal_by_year"]


def operating_by_year(
    running: Operations,
    activity: Activity,
    course: TimeLine,
    holder: str,
    parameters: Parameters,
) -> dict[str, Array]:
    """Running cost by part, with the validation batches that are lost."""
    parts = dict(running.parts)
    if holder != "own":  # a partner that holds the authorisation reports on safety itself
        parts["pharmacovigilance"] = np.zeros_like(parts["pharmacovigilance"])
    parts["validation_batches"] = _validation(running, activity, course, parameters)
    return parts


def _validation(
    running: Operations,
    activity: Activity,
    course: TimeLine,
    parameters: Parameters,
) -> Array:
    """Variable cost of batches that prove the process, as far as they are lost.

    A batch costs what the plant's average batch costs. Without own substance it is one granulation.
    """
    variable = running.variable.sum(axis=1, keepdims=True)
    if activity.batches:
        batches = total_of(activity.batches).sum(axis=1, keepdims=True)
        kinds = float(len(activity.batches))
    else:
        used = {n: kg for n, kg in activity.materials_kg.items() if n.startswith("substance_")}
        kg = total_of(used).sum(axis=1, keepdims=True)
        batches = kg / parameters("production.finishing.granulation_batch", "kg")
        kinds = float(len(activity.packs))
    each = np.divide(variable, batches, out=np.zeros_like(variable), where=batches > 0.0)
    falls = np.floor(course.ends["qualification"])[:, None] == np.arange(running.variable.shape[1])
    lost = parameters("production.timeline.validation_lost", "1")
    return np.asarray(falls * each * (course.validation_batches * kinds) * lost)


def renewal_by_year(investment: Investment, course: TimeLine, n_years: int) -> Array:
    """Machines renewed at the end of their life, not in the last half life before the end."""
    life = np.maximum(investment.machine_life, 1.0)
    cost = investment.machinery * investment.replacement_share
    year = np.arange(n_years)
    total = np.zeros((cost.shape[0], n_years))
    due = course.construction_end[:, None] + life
    while np.any(due < n_years - life / 2.0):
        total = total + cost * ((np.floor(due) == year) & (due < n_years - life / 2.0))
        due = due + life
    return total


def outlays_by_year(
    investment: Investment, operating: Mapping[str, Array], renewal: Array, course: TimeLine
) -> Outlays:
    """What the owner pays whatever the plant earns, (n_draws, n_years)."""
    end = np.zeros_like(renewal)
    end[:, -1:] = -investment.decommissioning
    return Outlays(
        operating=total_of(operating),
        machinery=investment.machinery * course.spend_share + renewal,
        buildings=investment.buildings * course.spend_share,
        end_value=end,
    )
