"""A planned plant: what it costs, employs, makes and emits, and what its figures rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from virkestoff.production.activity import Activity, Array
from virkestoff.production.capital import Investment
from virkestoff.production.cashflow import (
    CashFlow,
    Investor,
    Outlays,
    cash_flow,
    discounted,
)
from virkestoff.production.operations import VARIABLE_PARTS
from virkestoff.production.regulatory import TimeLine
from virkestoff.production.returns import internal_rate_of_return, required_price
from virkestoff.timeline import Years

__all__ = ["Plant", "total_of"]


def total_of(amounts: Mapping[str, Array]) -> Array:
    """Sum of all amounts of a mapping that is not empty."""
    values = list(amounts.values())
    return np.asarray(sum(values[1:], values[0]))


@dataclass(frozen=True)
class Plant:
    """One alternative; NOK of ``price_year``.

    Attributes
    ----------
    investment_plan : estimate by part before it is laid out over years, with rooms and equipment
    investment_parts : by part with renewal of machines, (n_draws, n_years); working capital follows
        sales and stands in the cash flow
    operating_parts : by part, (n_draws, n_years)
    outlays, investor : what the cash flow is made of; decommissioning is in ``outlays.end_value``
    staff : positions by group, (n_draws, n_years)
    packs, sold_kg : saleable per presentation and product, (n_draws, n_years)
    rewarded_kg : sold kg that is paid for, (n_draws, n_years)
    unit_cost : levelised cost before tax per kg that is paid for, (n_draws,); NaN if nothing is
    product_cost, pack_cost, substance_cost : by stated keys, per kg, pack and kg, each (n_draws,)
    first_pack_years : from the decision, (n_draws,); NaN without a holder
    utilisation : share of hours taken, per group of equipment, (n_draws, n_years)
    physical : energy, solvent, emissions, effluent, mycelium, water a year, (n_draws, n_years)
    marks : equipment priced outside the sizes that its sources cover
    """

    price_year: int
    years: Years
    mode: str
    investment_plan: Investment
    activity: Activity
    timeline: TimeLine
    investment_parts: Mapping[str, Array]
    operating_parts: Mapping[str, Array]
    outlays: Outlays
    investor: Investor
    staff: Mapping[str, Array]
    packs: Mapping[str, Array]
    sold_kg: Mapping[str, Array]
    rewarded_kg: Array
    unit_cost: Array
    product_cost: Mapping[str, Array]
    pack_cost: Mapping[str, Array]
    substance_cost: Mapping[str, Array]
    first_pack_years: Array
    utilisation: Mapping[str, Array]
    physical: Mapping[str, Array]
    marks: tuple[str, ...]

    @property
    def investment(self) -> Array:
        """All parts together, (n_draws, n_years)."""
        return total_of(self.investment_parts)

    @property
    def operating(self) -> Array:
        """All parts together, (n_draws, n_years)."""
        return total_of(self.operating_parts)

    @property
    def variable(self) -> Array:
        """Running cost that follows output, (n_draws, n_years)."""
        parts = {n: a for n, a in self.operating_parts.items() if n in VARIABLE_PARTS}
        return total_of(parts)

    def break_even_share(self, revenue: Array, share: Array) -> Array:
        """Share of the need at which sales just pay for the plant, before tax, (n_draws,).

        With contribution ``C = PV(revenue - variable cost)`` at the share that is sold, and the
        rest of the outlays ``F``, it is ``share x F / C``. NaN where a pack brings less than it
        costs to make one more, so that no share is enough, or where nothing is sold.

        Parameters
        ----------
        revenue : at the share that is sold, shape (n_draws, n_years)
        share : sold share of the need, shape (n_draws,)
        """
        rate = self.investor.required_return
        contribution = discounted(revenue - self.variable, rate)
        outlays = self.outlays
        spent = outlays.operating - self.variable + outlays.investment - outlays.end_value
        fixed = discounted(spent, rate)
        pays = contribution > 0.0
        needed = share * fixed / np.where(pays, contribution, 1.0)
        return np.where(pays, needed, np.nan)

    @property
    def total_staff(self) -> Array:
        """Positions, (n_draws, n_years)."""
        return total_of(self.staff)

    @cached_property
    def required_price(self) -> Array:
        """Per rewarded kg, with which the owner earns the required return after tax, (n_draws,).

        Found when first asked for, since the search takes longer than all the rest of a plan.
        """
        return required_price(self.rewarded_kg, self.outlays, self.investor)

    def physical_per_kg(self) -> dict[str, Array]:
        """Physical effects of all years per sold kg, (n_draws,); NaN where nothing is sold."""
        kg = total_of(self.sold_kg).sum(axis=1)
        return {
            name: np.divide(amount.sum(axis=1), kg, out=np.full_like(kg, np.nan), where=kg > 0.0)
            for name, amount in self.physical.items()
        }

    def cash(self, revenue: Array) -> CashFlow:
        """The owner's cash flow at a taxable `revenue`, (n_draws, n_years)."""
        return cash_flow(revenue, self.outlays, self.investor)

    def net_present_value(self, revenue: Array) -> Array:
        """Present value of the owner's cash at the required return, (n_draws,)."""
        return discounted(self.cash(revenue).net, self.investor.required_return)

    def rate_of_return(self, revenue: Array) -> Array:
        """Internal rate of return, (n_draws,); NaN where there is none."""
        return internal_rate_of_return(self.cash(revenue).net)
