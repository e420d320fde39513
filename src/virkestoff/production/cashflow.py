"""An investor's cash flow: tax, depreciation, net present value, cost before tax.

All amounts are real, NOK of one price year, shape (n_draws, n_years), at the end of each year; the
first year is the base of discounting. Tax depreciation is by declining balance on nominal cost, so
its real worth erodes with inflation; losses are carried forward without interest and erode too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.evidence import Parameters

__all__ = [
    "CashFlow",
    "Investor",
    "Outlays",
    "cash_flow",
    "discounted",
    "investor_terms",
    "levelised_cost",
    "return_factors",
    "tax_depreciation",
    "tax_due",
]

Array = npt.NDArray[np.float64]
_kept: list[tuple[Array, Array]] = []


@dataclass(frozen=True)
class Investor:
    """What an owner asks for and is taxed by; every array has shape (n_draws, 1).

    Attributes
    ----------
    required_return : real return a year that the owner wants
    tax_rate : on profit
    inflation : yearly, by which nominal depreciation and losses erode
    machinery_rate, building_rate : declining-balance rates for tax
    working_capital_share : of a year's sales, bound in stock and claims
    """

    required_return: Array
    tax_rate: Array
    inflation: Array
    machinery_rate: Array
    building_rate: Array
    working_capital_share: Array


@dataclass(frozen=True)
class Outlays:
    """What the plant pays, whatever it earns, shape (n_draws, n_years).

    Attributes
    ----------
    operating : yearly running cost
    machinery, buildings : investment by how tax writes it off
    end_value : what the plant is worth at the end, less its decommissioning; may be negative
    """

    operating: Array
    machinery: Array
    buildings: Array
    end_value: Array

    @property
    def investment(self) -> Array:
        """Machinery and buildings together."""
        return self.machinery + self.buildings


@dataclass(frozen=True)
class CashFlow:
    """Yearly amounts, NOK, shape (n_draws, n_years)."""

    revenue: Array
    outlays: Outlays
    tax: Array
    working_capital: Array

    @property
    def net(self) -> Array:
        """What the owner receives, negative while paying."""
        spent = self.outlays.operating + self.outlays.investment + self.tax + self.working_capital
        return self.revenue - spent + self.outlays.end_value


def investor_terms(parameters: Parameters) -> Investor:
    """The terms that the library holds."""
    return Investor(
        required_return=parameters("production.finance.required_return", "1/year"),
        tax_rate=parameters("production.finance.tax_rate", "1"),
        inflation=parameters("production.finance.inflation", "1/year"),
        machinery_rate=parameters("production.finance.depreciation_machinery", "1/year"),
        building_rate=parameters("production.finance.depreciation_building", "1/year"),
        working_capital_share=parameters("production.finance.working_capital_share", "1"),
    )


def return_factors(rate: Array, n_years: int) -> Array:
    """``(1 + rate)^-t`` for t = 0 to ``n_years - 1``, shape (n_draws, n_years).

    Built by one multiplication a year: each draw's factors are the same in any block of draws,
    which a power of an array does not promise, and it takes a fraction of the time. The factors of
    the last rate that cannot change are kept, since a plant asks for them many times.
    """
    for known, factors in _kept:
        if known is rate and factors.shape[1] == n_years:
            return factors
    by_year = np.empty((n_years, rate.shape[0]))
    by_year[:1] = 1.0
    step = 1.0 / (1.0 + rate[:, 0])
    for t in range(1, n_years):
        np.multiply(by_year[t - 1], step, out=by_year[t])
    factors = np.ascontiguousarray(by_year.T)
    factors.flags.writeable = False
    if not rate.flags.writeable and rate.base is None:
        _kept[:] = [(rate, factors)]
    return factors


def discounted(amounts: Array, rate: Array) -> Array:
    """``sum_t amount(t) / (1 + rate)^t`` with t = 0 in the first year, shape (n_draws,)."""
    factors = return_factors(rate, amounts.shape[1])
    worth: Array = np.ascontiguousarray(amounts * factors).sum(axis=1)
    return worth


def tax_depreciation(investment: Array, rate: Array, inflation: Array) -> Array:
    """Real worth of declining-balance depreciation, shape of ``investment``.

    The nominal balance erodes by inflation each year in real terms:
    ``balance(t+1) = balance(t) (1 - rate) / (1 + inflation) + investment(t+1)``.
    What is left in the last year is written off there, because the plant closes.
    """
    written = np.empty_like(investment)
    balance = np.zeros(investment.shape[0])
    keep = ((1.0 - rate) / (1.0 + inflation))[:, 0]
    for year in range(investment.shape[1]):
        balance = balance + investment[:, year]
        is_last = year == investment.shape[1] - 1
        written[:, year] = balance if is_last else balance * rate[:, 0]
        balance = balance * keep
    return written


def tax_due(profit: Array, tax_rate: Array, inflation: Array) -> Array:
    """Tax on profit with losses carried forward without interest, never below zero."""
    due = np.empty_like(profit)
    loss = np.zeros(profit.shape[0])
    erosion = 1.0 / (1.0 + inflation[:, 0])
    for year in range(profit.shape[1]):
        after = profit[:, year] - loss
        due[:, year] = np.maximum(after, 0.0) * tax_rate[:, 0]
        loss = np.maximum(-after, 0.0) * erosion
    return due


def cash_flow(revenue: Array, outlays: Outlays, investor: Investor) -> CashFlow:
    """The owner's cash flow for given sales."""
    written = tax_depreciation(outlays.machinery, investor.machinery_rate, investor.inflation)
    written = written + tax_depreciation(
        outlays.buildings, investor.building_rate, investor.inflation
    )
    profit = revenue - outlays.operating - written + outlays.end_value
    tax = tax_due(profit, investor.tax_rate, investor.inflation)
    bound = revenue * investor.working_capital_share
    before = np.concatenate([np.zeros((bound.shape[0], 1)), bound[:, :-1]], axis=1)
    change = bound - before
    change[:, -1] -= bound[:, -1]  # released when the plant closes
    return CashFlow(revenue, outlays, tax, change)


def levelised_cost(volume: Array, outlays: Outlays, rate: Array) -> Array:
    """Cost per unit sold before tax: present value of outlays over that of volume, (n_draws,).

    ``(sum_t (operating + investment - end value)(t) / (1+r)^t) / (sum_t volume(t) / (1+r)^t)``.
    NaN where nothing is ever sold.
    """
    spent = discounted(outlays.operating + outlays.investment - outlays.end_value, rate)
    sold = discounted(volume, rate)
    is_sold = sold > 0
    return np.where(is_sold, spent / np.where(is_sold, sold, 1.0), np.nan)
