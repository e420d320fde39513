"""The price at which an investor earns the required return, for the reduced process.

Straight-line depreciation, no loan, losses carried forward without interest: the cash flow that
flowsheet simulators use. Arrays have shape (n_draws,).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Plan", "plan", "required_sales"]

Array = NDArray[np.float64]

_MOST_ROUNDS = 60
_CLOSE = 1e-8  # relative; the price is stable to this


@dataclass(frozen=True)
class Plan:
    """Shares by operating year, and present values of one unit of each kind of flow.

    Attributes
    ----------
    shares : a year's discount factor, and its shares of a full year's sales, variable cost and
        fixed cost, and of the depreciable capital that is written off
    sales, variable, fixed, written : present value of the shares, summed
    capital : present value of one unit of fixed capital and the working capital bound to it
    """

    shares: tuple[tuple[float, float, float, float, float], ...]
    sales: float
    variable: float
    fixed: float
    written: float
    capital: float
    income_tax: float


def plan(finance: Mapping[str, float], construction_shares: tuple[float, ...]) -> Plan:
    """Lay out the years; operation starts in year 1 and capital is spent up to year 0.

    Parameters
    ----------
    finance : required_return, income_tax, operating_years, depreciation_years (straight line),
        startup_months and the startup shares, working_capital_share
    construction_shares : share of fixed capital spent in each year before the start
    """
    rate, start = 1.0 + finance["required_return"], finance["startup_months"] / 12.0
    last, writing = int(finance["operating_years"]), int(finance["depreciation_years"])
    rows: list[tuple[float, float, float, float, float]] = []
    for year in range(1, last + 1):
        idle = start if year == 1 else 0.0
        sold, variable, fixed = (
            1.0 - idle + idle * finance[f"startup_{kind}_share"]
            for kind in ("sales", "variable", "fixed")
        )
        written = 1.0 / writing if year <= writing else 0.0
        rows.append((rate**-year, sold, variable, fixed, written))
    before = len(construction_shares) - 1
    spent = sum(s * rate ** (before - n) for n, s in enumerate(construction_shares))
    working = finance["working_capital_share"] * (1.0 - rate**-last)
    sales, variable, fixed, written = (sum(row[0] * row[k] for row in rows) for k in range(1, 5))
    return Plan(
        tuple(rows), sales, variable, fixed, written, spent + working, finance["income_tax"]
    )


def required_sales(
    plan: Plan,
    depreciable: Array,
    fixed_capital: Array,
    variable_year: Array,
    fixed_year: Array,
) -> Array:
    """Sales in a full year at which net present value at the required return is zero.

    With d_t the discount factors, s_t, v_t, f_t the shares of a full year's sales and costs (below
    one in the start-up year), tax rate q and taxed profit T_t (losses carried forward),

        sum_t d_t (s_t R - v_t V - f_t F - q T_t(R)) = sum_t d_t k_t K + working capital.

    Without losses the equation is linear in R; the tax put off by losses is added by iterating with
    the slope of the linear case, which converges since put-off tax is small against tax.
    """
    tax = plan.income_tax
    outlay = fixed_capital * plan.capital + variable_year * plan.variable + fixed_year * plan.fixed
    deducted = variable_year * plan.variable + fixed_year * plan.fixed + depreciable * plan.written
    slope = (1.0 - tax) * plan.sales
    sales = (outlay - tax * deducted) / slope
    for _ in range(_MOST_ROUNDS):
        taxed = _discounted_tax_base(plan, sales, variable_year, fixed_year, depreciable)
        step = (outlay + tax * taxed) / slope - sales / (1.0 - tax)
        sales += step
        if (np.abs(step) <= _CLOSE * np.abs(sales)).all():
            return sales
    raise ArithmeticError("the required sales did not converge")


def _discounted_tax_base(
    plan: Plan, sales: Array, variable_year: Array, fixed_year: Array, depreciable: Array
) -> Array:
    """Present value of taxed profit; losses are carried forward without interest.

    What has been taxed up to a year is the highest cumulative profit so far, at least zero.
    """
    cumulative = np.zeros_like(sales)
    taxed = np.zeros_like(sales)
    present = np.zeros_like(sales)
    profit, seen = cumulative, None
    for year, (discount, *shares) in enumerate(plan.shares):
        if shares != seen:  # most years equal the one before
            sold, variable, fixed, written = seen = shares
            profit = sold * sales - variable * variable_year - fixed * fixed_year
            profit -= written * depreciable
            gains = year > 0 and bool((profit >= 0.0).all())
        cumulative += profit
        highest = np.maximum(taxed, cumulative)
        present += discount * (highest - taxed)
        taxed = highest
        # From the first full year profit never falls; once none carries a loss, tax is linear.
        if gains and (cumulative >= taxed).all():
            rest = [sum(row[0] * row[k] for row in plan.shares[year + 1 :]) for k in range(1, 5)]
            present += rest[0] * sales - rest[1] * variable_year
            present -= rest[2] * fixed_year + rest[3] * depreciable
            break
    return present
