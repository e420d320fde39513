"""The companies of the synthetic population: branch, size, turnover 2019, age, kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.industry.apportionment import crossed, in_whole_numbers, shares_of, warped
from virkestoff.industry.definitions import BRANCHES, SIZES, thresholds
from virkestoff.industry.population_draws import draws
from virkestoff.industry.population_j_curve import early_accounts
from virkestoff.industry.population_plan import Named, Plan
from virkestoff.industry.population_totals import FIRST, LAST, YEARS, Totals

__all__ = ["Companies", "settle"]

Whole = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_SMALL, _MEDIUM, _LARGE = range(3)
_PHARMA, _DEVICES, _DIGITAL = range(3)
_LEADS = (_PHARMA, _PHARMA, _DEVICES, _DEVICES)
"""Branches of the four largest exporters: two and two (source 004, section 4.2.2)."""


@dataclass
class Companies:
    """Columns over companies, shape (n,).

    ``lead`` is 0 to 3 for the four largest exporters, else -1; ``named`` the key of a company that
    the sources name, else empty; ``exports_lead`` their exports in NOK.
    """

    ids: list[str]
    named: list[str]
    branch: Whole
    size: Whole
    lead: Whole
    is_dormant: Flags
    is_j_curve: Flags
    first_year: Whole
    turnover_2019: Whole
    exports_lead: Whole

    @property
    def n(self) -> int:
        """Number of companies."""
        return len(self.ids)


def settle(plan: Plan, totals: Totals, seed: int) -> Companies:
    """All companies with their turnover in 2019.

    1. branches by share of companies, size classes by share of companies (IPF has no part here);
    2. companies without wages (dormant) are small and spread by branch;
    3. turnover by branch and size class by iterative fitting to both published margins;
    4. within a branch and class heavy-tailed amounts between the class's limits, summing exactly.
    """
    companies = _counted(plan, seed)
    _age(companies, plan, seed)
    _choose_j_curve(companies, plan, seed)
    _turnover(companies, plan, totals, seed)
    return companies


def _counted(plan: Plan, seed: int) -> Companies:
    """Branch and size class of each company; the named ones stand first among the large."""
    n = int(plan.value("companies"))
    shares = [plan.assumed("company_share_pharmaceuticals"),
              plan.assumed("company_share_medical_devices")]  # fmt: skip
    by_branch = shares_of(n, np.array([*shares, 1 - sum(shares)]))
    n_large = round(plan.value("company_share_large") * n)
    n_small = int(np.ceil(plan.assumed("company_share_small") * n))
    large = [plan.assumed("large_share_pharmaceuticals"), 0.0,
             plan.assumed("large_share_digital_health")]  # fmt: skip
    large[_DEVICES] = 1 - sum(large)
    by_large = shares_of(n_large, np.array(large))
    by_medium = shares_of(n - n_large - n_small, by_branch.astype(np.float64))
    by_small = by_branch - by_large - by_medium
    n_dormant = n - int(plan.value("active_companies"))
    by_dormant = shares_of(n_dormant, by_branch.astype(np.float64))
    branch, size, dormant = [], [], []
    for b in range(3):
        counts = (by_large[b], by_medium[b], by_small[b])
        for s, count in zip((_LARGE, _MEDIUM, _SMALL), counts, strict=True):
            branch += [b] * int(count)
            size += [s] * int(count)
            awake = int(count - (by_dormant[b] if s == _SMALL else 0))
            dormant += [False] * awake + [True] * (int(count) - awake)
    ids = [f"synthetic-{i:04d}" for i in range(1, n + 1)]
    companies = Companies(
        ids, [""] * n, np.array(branch), np.array(size), np.full(n, -1),
        np.array(dormant), np.zeros(n, bool), np.full(n, FIRST), np.zeros(n, np.int64),
        np.zeros(n, np.int64),
    )  # fmt: skip
    _place_named(companies, plan)
    return companies


def _place_named(companies: Companies, plan: Plan) -> None:
    """Named companies take the first large places of their branch; leads in exports are set."""
    for b, branch in enumerate(BRANCHES):
        places = np.flatnonzero((companies.branch == b) & (companies.size == _LARGE))
        here = [(key, named) for key, named in plan.named.items() if named.branch == branch]
        first = sorted(here, key=lambda pair: not pair[1].is_largest_exporter)
        for place, (key, named) in zip(places, first, strict=False):
            companies.ids[place], companies.named[place] = key, key
            if named.first_year:
                companies.first_year[place] = named.first_year
        free = [int(p) for p in places if not companies.named[p]]
        named_places = [int(p) for p in places if companies.named[p]]
        leading = [p for p in named_places if _of(companies, plan, p).is_largest_exporter]
        taken = [k for k, lead in enumerate(_LEADS) if lead == b]
        for k, leader in zip(taken, [*leading, *free], strict=False):
            companies.lead[leader] = k


def _of(companies: Companies, plan: Plan, place: int) -> Named:
    return plan.named[companies.named[place]]


def _age(companies: Companies, plan: Plan, seed: int) -> None:
    """Large and medium companies existed in 2009; of the small ones the assumed share."""
    u = draws(seed, companies.ids, "first_year", 2)
    young = (companies.size == _SMALL) & (u[:, 0] > plan.assumed("existing_in_2009"))
    years = FIRST + 1 + np.floor(u[:, 1] * (LAST - FIRST)).astype(np.int64)
    companies.first_year[young] = years[young]


def _choose_j_curve(companies: Companies, plan: Plan, seed: int) -> None:
    """Small, paying companies that exist in 2018; more often in pharmaceuticals."""
    exist = companies.first_year < LAST
    able = (companies.size == _SMALL) & ~companies.is_dormant & exist
    n_active = int((exist & ~companies.is_dormant).sum())
    n_wanted = int(np.ceil(plan.assumed("j_curve_share") * n_active))
    weight = np.where(
        companies.branch == _PHARMA, plan.assumed("j_curve_pharmaceuticals_weight"), 1.0
    )
    key = draws(seed, companies.ids, "j_curve")[:, 0] / weight
    key[~able] = np.inf
    companies.is_j_curve[np.argsort(key, kind="stable")[:n_wanted]] = True


def _turnover(companies: Companies, plan: Plan, totals: Totals, seed: int) -> None:
    limits = thresholds(plan.library)
    fixed = _set_leads(companies, plan, totals) | _set_stated(companies, plan, totals)
    fixed |= _set_j_curve(companies, plan, totals, seed)
    fixed |= companies.is_dormant
    lowest = np.array([plan.assumed("turnover_lowest"), limits.small_below_nok,
                       limits.large_above_nok + 1])  # fmt: skip
    highest = np.array([limits.small_below_nok - 1, limits.large_above_nok,
                        plan.assumed("turnover_highest")])  # fmt: skip
    cells = _cells(companies, plan, totals, np.sqrt(lowest * highest), fixed)
    u = draws(seed, companies.ids, "size")[:, 0]
    for b in range(3):
        for s in range(len(SIZES)):
            here = np.flatnonzero((companies.branch == b) & (companies.size == s) & ~fixed)
            low, high = np.full(here.size, lowest[s]), np.full(here.size, highest[s])
            parts = warped(u[here], float(cells[b, s]), low, high)
            companies.turnover_2019[here] = in_whole_numbers(
                parts, int(cells[b, s]), np.ceil(low).astype(np.int64), high.astype(np.int64)
            )


def _cells(companies: Companies, plan: Plan, totals: Totals, typical: Array, fixed: Flags) -> Whole:
    """What the companies that are still open share, by branch and size, in whole NOK."""
    whole = totals.turnover[:, -1]
    total = int(whole.sum())
    parts = [plan.value("turnover_share_small"), 0.0, plan.value("turnover_share_large")]
    parts[_MEDIUM] = 1 - sum(parts)
    columns = shares_of(total, np.array(parts))
    counts = np.zeros((3, 3))
    taken = np.zeros((3, 3), np.int64)
    for b in range(3):
        for s in range(3):
            here = (companies.branch == b) & (companies.size == s)
            counts[b, s] = (here & ~fixed).sum()
            taken[b, s] = companies.turnover_2019[here & fixed].sum()
    rows_left, columns_left = whole - taken.sum(axis=1), columns - taken.sum(axis=0)
    table = crossed(counts * typical[None, :], rows_left.astype(float), columns_left.astype(float))
    return _exact(np.floor(table).astype(np.int64), rows_left, columns_left)


def _exact(cells: Whole, rows: Whole, columns: Whole) -> Whole:
    """Put the few kroner that rounding down left where both margins lack them."""
    for b in range(3):
        for s in range(3):
            lack = min(rows[b] - cells[b].sum(), columns[s] - cells[:, s].sum())
            cells[b, s] += lack
    return cells


def _set_leads(companies: Companies, plan: Plan, totals: Totals) -> Flags:
    """Exports of the four largest exporters, and the turnover that they come from."""
    exports = int(totals.exports_2020.sum())
    largest = plan.assumed("export_share_largest")
    rest = plan.assumed("export_share_four") - largest
    second, third = plan.assumed("export_split_second"), plan.assumed("export_split_third")
    shares = np.array([largest, second * rest, third * rest, (1 - second - third) * rest])
    growth = totals.turnover_2020 / totals.turnover[:, -1]
    found = companies.lead >= 0
    for place in np.flatnonzero(found):
        amount = round(shares[companies.lead[place]] * exports)
        companies.exports_lead[place] = amount
        sales = amount / plan.assumed("export_intensity_highest")
        companies.turnover_2019[place] = round(sales / growth[companies.branch[place]])
    return found


def _set_stated(companies: Companies, plan: Plan, totals: Totals) -> Flags:
    """A turnover stated for an earlier year follows its branch from there to 2019."""
    found = np.zeros(companies.n, bool)
    for place in range(companies.n):
        if not companies.named[place] or companies.lead[place] >= 0:
            continue
        for name in _of(companies, plan, place).figures.get("turnover_nok", ()):
            figure = plan.library.statistics[name]
            if figure.year not in YEARS:
                continue
            b = companies.branch[place]
            course = totals.turnover[b, -1] / totals.turnover[b, YEARS.index(figure.year)]
            stated = plan.stated(name)
            companies.turnover_2019[place] = round(stated * course)
            found[place] = True
    return found


def _set_j_curve(companies: Companies, plan: Plan, totals: Totals, seed: int) -> Flags:
    """Their sales in 2019."""
    early = early_accounts(companies.ids, companies.branch, plan, totals, seed)
    chosen = companies.is_j_curve
    companies.turnover_2019[chosen] = early.sales[chosen, -1]
    return chosen.copy()
