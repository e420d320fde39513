"""J-curve companies of the synthetic population: staff and pay first, sales as a part of costs.

A J-curve company lives on capital. Its staff are paid as the branch pays, its costs are the wages
and what goes beside them, and it sells nothing, or less than half of what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.industry.definitions import BRANCHES, thresholds
from virkestoff.industry.population_draws import draws
from virkestoff.industry.population_plan import Plan
from virkestoff.industry.population_totals import Totals

__all__ = ["EarlyAccounts", "early_accounts"]

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class EarlyAccounts:
    """Persons, shape (n,), and NOK by year, shape (n, 11), as if every company were one."""

    employees: Whole
    wage_costs: Whole
    costs: Whole
    sales: Whole


def early_accounts(
    ids: list[str], branch: Whole, plan: Plan, totals: Totals, seed: int
) -> EarlyAccounts:
    """What each company would have as a J-curve company.

    ``wages = staff x mean pay of the branch x own level``, above the wage floor of the definition;
    ``costs = wages x (1 + other costs)``; ``sales = share x costs``, the share below one over the
    definition's cost ratio, or nothing. In each branch so many sell as the plan assumes: none in
    pharmaceuticals, where the lowest margin that the source gives leaves no room for them.
    """
    limits = thresholds(plan.library)
    u = draws(seed, ids, "j_curve_accounts", 2)
    most = int(plan.assumed("j_curve_employees"))
    staff = 2 + np.floor(u[:, 0] * (most - 1)).astype(np.int64)
    low = plan.assumed("j_curve_pay_lowest")
    level = low + 2 * (1 - low) * draws(seed, ids, "pay")[:, 0]  # even about the branch's mean
    pay = (totals.wage_costs / totals.employees)[branch]
    wages = np.ceil(np.maximum(staff[:, None] * pay * level[:, None], limits.wage_floor_nok + 1))
    costs = np.ceil(wages * (1 + plan.assumed("j_curve_other_costs") * u[:, 1])[:, None])
    sold = draws(seed, ids, "j_curve_sales", 2)
    least, highest = (plan.assumed(f"j_curve_sales_{end}") for end in ("lowest", "highest"))
    share = least + (highest - least) * sold[:, 1]
    selling = np.array([plan.assumed(f"j_curve_selling_{b}") for b in BRANCHES])[branch]
    share = np.where(sold[:, 0] < selling, share, 0.0)
    sales = np.minimum(np.floor(share[:, None] * costs), np.ceil(costs / limits.cost_ratio) - 1)
    kinds = (staff, wages, costs, sales)
    return EarlyAccounts(*(np.asarray(kind).astype(np.int64) for kind in kinds))
