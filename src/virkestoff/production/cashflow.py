"""An investor's cash flow: tax, depreciation, net present value, internal rate of return, price.

All amounts are real, NOK of one price year, shape (n_draws, n_years), at the end of each year; the
first year is the base of discounting. Tax depreciation is by declining balance on nominal cost, so
its real worth erodes with inflation; losses are carried forward without interest and erode too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Parameters

__all__ = [
    "CashFlow",
    "Investor",
    "Outlays",
    "cash_flow",
    "discounted",
    "internal_rate_of_return",
    "investor_terms",
    "levelised_cost",
    "required_price",
]

Array = npt.NDArray[np.float64]
MOST_ROUNDS = 200
CLOSE = 1e-9
# constant: returns of -99 and 1,000 per cent a year bound the search
LOWEST_RATE, HIGHEST_RATE = -0.99, 10.0


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


def discounted(amounts: Array, rate: Array) -> Array:
    """``sum_t amount(t) / (1 + rate)^t`` with t = 0 in the first year, shape (n_draws,)."""
    factors = (1.0 + rate) ** -np.arange(amounts.shape[1], dtype=np.float64)
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


def required_price(volume: Array, outlays: Outlays, investor: Investor) -> Array:
    """The constant price at which the owner earns exactly the required return, shape (n_draws,).

    Net present value rises with price in pieces that are straight between the prices where a
    year's tax begins, so the root is found by the secant of a bracket that always holds it
    (the Illinois rule, Dowell and Jarratt 1971). NaN where nothing is ever sold.

    Parameters
    ----------
    volume : what is sold each year, in any unit, shape (n_draws, n_years)
    """
    sold = discounted(volume, investor.required_return)
    is_sold = sold > 0
    safe = np.where(is_sold[:, None], volume, 1.0)

    def value(price: Array) -> Array:
        flow = cash_flow(safe * price[:, None], outlays, investor)
        return discounted(flow.net, investor.required_return)

    low = np.zeros(volume.shape[0])
    at_low = value(low)
    cost = np.maximum(-at_low, 1.0) / np.maximum(discounted(safe, investor.required_return), 1e-300)
    high = cost
    at_high = value(high)
    for _ in range(MOST_ROUNDS):
        if np.all(at_high >= 0):
            break
        high = np.where(at_high < 0, 2.0 * high, high)
        at_high = value(high)
    else:
        raise InputError(Fault("required price", "no price is high enough to earn the return"))
    price = _illinois(value, low, at_low, high, at_high)
    return np.where(is_sold, price, np.nan)


def _illinois(
    value: Callable[[Array], Array], low: Array, at_low: Array, high: Array, at_high: Array
) -> Array:
    """The root in [low, high] of a rising function, by false position with halved ends."""
    price = high
    # A plant that earns its return for nothing has no positive price: the bracket starts below.
    low = np.where(at_low > 0, -high, low)
    at_low = np.where(at_low > 0, value(low), at_low)
    for _ in range(MOST_ROUNDS):
        slope = at_high - at_low
        price = high - at_high * (high - low) / np.where(slope == 0, 1.0, slope)
        at = value(price)
        scale = np.maximum(np.abs(high), 1.0)
        if np.all(np.abs(high - low) <= CLOSE * scale) or np.all(
            np.abs(at) <= CLOSE * np.maximum(np.abs(at_high) + np.abs(at_low), 1.0)
        ):
            return price
        is_above = at >= 0
        at_low = np.where(is_above, at_low / 2, at)
        at_high = np.where(is_above, at, at_high / 2)
        low = np.where(is_above, low, price)
        high = np.where(is_above, price, high)
    return price


def internal_rate_of_return(net: Array) -> Array:
    """The rate at which ``net`` has present value zero, shape (n_draws,).

    Found by bisection between -99 % and 1,000 % a year. NaN where the value does not change sign
    between the two (all outlay, or all income), or where no year has a flow.
    """
    low = np.full((net.shape[0], 1), LOWEST_RATE)
    high = np.full((net.shape[0], 1), HIGHEST_RATE)
    at_low, at_high = discounted(net, low), discounted(net, high)
    is_defined = (np.sign(at_low) * np.sign(at_high)) < 0
    for _ in range(MOST_ROUNDS):
        middle = (low + high) / 2
        at = discounted(net, middle)
        is_same = np.sign(at) == np.sign(at_low)
        low = np.where(is_same[:, None], middle, low)
        high = np.where(is_same[:, None], high, middle)
        if np.all(high - low < CLOSE):
            break
    return np.where(is_defined, ((low + high) / 2)[:, 0], np.nan)


def levelised_cost(volume: Array, outlays: Outlays, rate: Array) -> Array:
    """Cost per unit sold before tax: present value of outlays over that of volume, (n_draws,).

    ``(sum_t (operating + investment - end value)(t) / (1+r)^t) / (sum_t volume(t) / (1+r)^t)``.
    NaN where nothing is ever sold.
    """
    spent = discounted(outlays.operating + outlays.investment - outlays.end_value, rate)
    sold = discounted(volume, rate)
    is_sold = sold > 0
    return np.where(is_sold, spent / np.where(is_sold, sold, 1.0), np.nan)
