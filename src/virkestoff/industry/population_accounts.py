"""Yearly accounts of the synthetic companies: every column sums exactly to its branch's total.

In each branch and year the amounts that a source states stand first; what is left of the total is
spread over the others. Value creation is operating result plus depreciation plus wages in every
row, as :mod:`virkestoff.industry.definitions` has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from virkestoff.industry.apportionment import in_whole_numbers, scaled, shifted
from virkestoff.industry.population_companies import Companies
from virkestoff.industry.population_draws import draws
from virkestoff.industry.population_j_curve import early_accounts
from virkestoff.industry.population_plan import Plan
from virkestoff.industry.population_totals import YEARS, Totals

__all__ = ["Accounts", "keep_accounts"]

Whole = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Stated = dict[tuple[int, int, str], str]
_HIGHEST = 2**53
"""The largest whole number that a double holds exactly; above every amount."""


@dataclass
class Accounts:
    """Amounts in NOK and persons, shape (n, 11); 2020 apart, shape (n,).

    ``stated`` names the cells (company, year, column) that a statistic gives. ``exists`` is false
    where a company had no accounts.
    """

    exists: Flags
    turnover: Whole
    operating_result: Whole
    depreciation: Whole
    wage_costs: Whole
    employees: Whole
    turnover_2020: Whole
    exports_2020: Whole
    stated: Stated

    @property
    def value_creation(self) -> Whole:
        """Operating result plus depreciation plus wage costs."""
        return self.operating_result + self.depreciation + self.wage_costs


def keep_accounts(companies: Companies, plan: Plan, totals: Totals, seed: int) -> Accounts:
    """All accounts of all companies."""
    n, years = companies.n, len(YEARS)
    exists = companies.first_year[:, None] <= np.array(YEARS)[None, :]  # dormant ones too

    def empty(*shape: int) -> Whole:
        return np.zeros(shape, np.int64)

    accounts = Accounts(
        exists, empty(n, years), empty(n, years), empty(n, years), empty(n, years),
        empty(n, years), empty(n), empty(n), _stated(companies, plan),
    )  # fmt: skip
    maker = _Maker(companies, plan, totals, seed, accounts)
    for b in range(3):
        for t in range(years):
            here = np.flatnonzero((companies.branch == b) & exists[:, t] & ~companies.is_dormant)
            maker.turnover(b, t, here)
            maker.employees(b, t, here)
            maker.costs(b, t, here)
        maker.year_2020(b)
    return accounts


def _stated(companies: Companies, plan: Plan) -> Stated:
    """Cells that a source gives as they are; a bound is no value."""
    found: Stated = {}
    for place, key in enumerate(companies.named):
        for column, names in plan.named[key].figures.items() if key else ():
            for name in names:
                figure = plan.library.statistics[name]
                if figure.qualifier in ("exact", "about") and figure.year in YEARS:
                    found[place, YEARS.index(figure.year), column] = name
    return found


class _Maker:
    """Fills the accounts of one branch and year at a time."""

    def __init__(
        self, companies: Companies, plan: Plan, totals: Totals, seed: int, accounts: Accounts
    ) -> None:
        self.companies, self.plan, self.totals, self.accounts = companies, plan, totals, accounts
        ids = companies.ids
        years = len(YEARS) + 1
        self.is_calm = np.array([bool(name) for name in companies.named]) | (companies.lead >= 0)
        noise = plan.assumed("yearly_spread") * ndtri(draws(seed, ids, "years", years))
        self.noise = np.where(self.is_calm[:, None], 0.0, noise)
        self.margin = plan.assumed("margin_spread") * (
            ndtri(draws(seed, ids, "margin")) + ndtri(draws(seed, ids, "margins", years)) / 2
        )
        self.pay = draws(seed, ids, "pay")[:, 0]
        self.early = early_accounts(ids, companies.branch, plan, totals, seed)
        self.exporting = draws(seed, ids, "exports", 2)

    def _value(self, place: int, t: int, column: str) -> int | None:
        name = self.accounts.stated.get((place, t, column))
        return None if name is None else round(self.plan.stated(name))

    def _spread(
        self, out: Whole, here: Whole, fixed: Flags, parts: Array, total: int, low: Whole,
        high: Whole,
    ) -> None:  # fmt: skip
        """Give the open places of ``here`` what the fixed ones leave of the total."""
        left = total - int(out[here[fixed]].sum())
        places = here[~fixed]
        spread = scaled(parts, left, low.astype(float), high.astype(float))
        out[places] = in_whole_numbers(spread, left, low, high)

    def turnover(self, b: int, t: int, here: Whole) -> None:
        """2019 stands; before it a company follows its branch with its own noise."""
        out = self.accounts.turnover[:, t]
        base = self.companies.turnover_2019
        if t == len(YEARS) - 1:
            out[here] = base[here]
            return
        course = self.totals.turnover[b, t] / self.totals.turnover[b, -1]
        wanted = base * course * np.exp(self.noise[:, t])
        fixed = self.companies.is_j_curve[here]
        out[here[fixed]] = self.early.sales[here[fixed], t]
        for k, place in enumerate(here):
            value = self._value(int(place), t, "turnover_nok")
            if value is not None:
                out[place], fixed[k] = value, True
        places = here[~fixed]
        low, high = np.ones(places.size, np.int64), np.full(places.size, _HIGHEST)
        self._spread(out, here, fixed, wanted[places], int(self.totals.turnover[b, t]), low, high)

    def employees(self, b: int, t: int, here: Whole) -> None:
        """Stated headcounts follow the branch's; the others rise with turnover."""
        companies, out = self.companies, self.accounts.employees[:, t]
        fixed = companies.is_j_curve[here]
        out[here[fixed]] = self.early.employees[here[fixed]]
        total = self.totals.employees[b]
        for k, place in enumerate(here):
            for year in range(len(YEARS)):
                value = self._value(int(place), year, "employees")
                if value is not None:
                    out[place], fixed[k] = round(value * total[t] / total[year]), True
            value = self._value(int(place), t, "employees")
            out[place] = out[place] if value is None else value
        places = here[~fixed]
        sales = np.maximum(companies.turnover_2019[places], 1).astype(np.float64)
        weight = sales ** self.plan.assumed("employees_elasticity")
        low, high = np.ones(places.size, np.int64), np.full(places.size, _HIGHEST)
        self._spread(out, here, fixed, weight / weight.sum(), int(total[t]), low, high)

    def costs(self, b: int, t: int, here: Whole) -> None:
        """Wages, depreciation and operating result of one branch and year."""
        made = self.accounts
        wages, depreciation, result = (
            int(column[b, t])
            for column in (self.totals.wage_costs, self.totals.depreciation,
                           self.totals.operating_result)
        )  # fmt: skip
        is_j = self.companies.is_j_curve[here]
        places, j = here[~is_j], here[is_j]
        sales = made.turnover[places, t]
        pay = wages / int(made.employees[here, t].sum()) * (0.5 + self.pay)
        made.wage_costs[j, t] = self.early.wage_costs[j, t]
        most = self.plan.assumed("wage_share_highest")
        high = np.maximum(np.floor(most * sales), 1).astype(np.int64)
        low = np.ones(places.size, np.int64)
        column = made.wage_costs[:, t]
        self._spread(column, here, is_j, made.employees[places, t] * pay[places], wages, low, high)
        high = np.floor((1 - most) * sales).astype(np.int64)
        column = made.depreciation[:, t]
        self._spread(column, here, is_j, sales.astype(float), depreciation, 0 * high, high)
        self._results(t, here, is_j, result)

    def _results(self, t: int, here: Whole, is_j: Flags, result: int) -> None:
        made = self.accounts
        places, j = here[~is_j], here[is_j]
        made.operating_result[j, t] = made.turnover[j, t] - self.early.costs[j, t]
        left = result - int(made.operating_result[j, t].sum())
        sales = made.turnover[places, t].astype(np.float64)
        low = np.ceil(self.plan.assumed("margin_lowest") * sales)
        high = sales - made.wage_costs[places, t] - made.depreciation[places, t]
        raw = sales * np.where(self.is_calm[places], 0.0, self.margin[places, t])
        parts = shifted(raw, sales, left, low, high)
        made.operating_result[places, t] = in_whole_numbers(
            parts, left, low.astype(np.int64), high.astype(np.int64)
        )

    def year_2020(self, b: int) -> None:
        """Turnover and exports of 2020; nothing else is known of that year."""
        companies, made = self.companies, self.accounts
        here = np.flatnonzero((companies.branch == b) & ~companies.is_dormant)
        total = int(self.totals.turnover_2020[b])
        course = total / int(self.totals.turnover[b, -1])
        wanted = companies.turnover_2019 * course * np.exp(self.noise[:, -1])
        fixed = companies.is_j_curve[here] | (companies.lead[here] >= 0)
        made.turnover_2020[here[fixed]] = np.rint(wanted[here[fixed]]).astype(np.int64)
        places = here[~fixed]
        low, high = np.ones(places.size, np.int64), np.full(places.size, _HIGHEST)
        raw = np.asarray(wanted[places], dtype=np.float64)
        self._spread(made.turnover_2020, here, fixed, raw, total, low, high)
        self._exports(b, here)

    def _exports(self, b: int, here: Whole) -> None:
        """The four largest as set; others below the fourth, by a share of their own turnover."""
        companies, made = self.companies, self.accounts
        leads = companies.exports_lead[companies.lead >= 0]
        n_active = int((~companies.is_dormant).sum())
        able = ~companies.is_dormant & ~companies.is_j_curve
        order = np.lexsort((self.exporting[:, 0], -companies.size, ~able))
        chosen = np.zeros(companies.n, bool)
        chosen[order[: round(self.plan.assumed("exporter_share") * n_active)]] = True
        made.exports_2020[here] = companies.exports_lead[here]
        places = here[chosen[here] & (companies.lead[here] < 0)]
        sales = made.turnover_2020[places]
        share = self.plan.assumed("export_intensity_highest")
        high = np.minimum(np.floor(share * sales), int(leads.min()) - 1).astype(np.int64)
        left = int(self.totals.exports_2020[b] - companies.exports_lead[here].sum())
        low = np.minimum(high, 1)
        raw = np.asarray(self.exporting[places, 1] * sales, dtype=np.float64)
        spread = scaled(raw, left, low.astype(float), high.astype(float))
        made.exports_2020[places] = in_whole_numbers(spread, left, low, high)
