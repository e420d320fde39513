"""The price at which an owner earns the required return, and the return that a cash flow gives.

Both solve one equation per draw, all draws at a time, in arrays whose first axis is the year. Every
draw stops by itself and every step is one correctly rounded operation on its own numbers, so a
draw's answer does not depend on the block of draws that it is computed in.
:mod:`virkestoff.production.returns_readable` says the same slowly.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from virkestoff.production.cashflow import (
    Investor,
    Outlays,
    discounted,
    return_factors,
    tax_depreciation,
)
from virkestoff.production.returns_readable import (
    HIGHEST_RATE,
    LOWEST_RATE,
    RATE_CLOSE,
    bracketed_price,
)

__all__ = ["internal_rate_of_return", "required_price"]

Array = npt.NDArray[np.float64]
MOST_ROUNDS = 60
CLOSE = 1e-11  # of the price; within one straight piece a step is exact


def required_price(volume: Array, outlays: Outlays, investor: Investor) -> Array:
    """The constant price at which the owner earns exactly the required return, shape (n_draws,).

    With d_t the discount factors, q the tax rate, e what inflation leaves of a loss in a year, P_t
    the taxable profit before losses and N_t the loss at the end of year t, a year's tax is
    ``q (P_t - e N_(t-1) + N_t)`` with ``N_t = max(e N_(t-1) - P_t, 0)``. So

        value(p) = a + b p - q sum_t N_t(p) (d_t - e d_(t+1)),

    the first two terms being the value if losses were paid out at once. N_t is convex in the price
    and made of straight pieces, and the weights are positive where the nominal return is, so
    Newton's steps from the root of ``a + b p`` rise to the root and reach it in few steps. Draws
    for which they do not (a negative nominal return) are left to the slow search.

    NaN where nothing is ever sold.

    Parameters
    ----------
    volume : what is sold each year, in any unit, shape (n_draws, n_years)
    """
    rate, tax = investor.required_return, investor.tax_rate[:, 0]
    is_sold = discounted(volume, rate) > 0
    safe = np.where(is_sold[:, None], volume, 1.0)
    written = tax_depreciation(outlays.machinery, investor.machinery_rate, investor.inflation)
    written += tax_depreciation(outlays.buildings, investor.building_rate, investor.inflation)
    free = outlays.end_value - outlays.operating - written  # profit at price zero
    received = discounted(safe - _working_capital(safe * investor.working_capital_share), rate)
    at_zero = discounted(outlays.end_value - outlays.operating - outlays.investment, rate)
    a = at_zero - tax * discounted(free, rate)
    b = received - tax * discounted(safe, rate)
    factors = return_factors(rate, volume.shape[1])
    erosion = 1.0 / (1.0 + investor.inflation)
    weights = factors.copy()
    weights[:, :-1] -= erosion * factors[:, 1:]
    price, is_found = _newton(
        _by_year(free), _by_year(safe), erosion[:, 0], _by_year(weights), a, b, tax
    )
    is_left = is_sold & ~is_found
    if is_left.any():
        price[is_left] = bracketed_price(
            volume[is_left], _outlays_of(outlays, is_left), _investor_of(investor, is_left)
        )
    return np.where(is_sold, price, np.nan)


def _by_year(amounts: Array) -> Array:
    return np.ascontiguousarray(amounts.T)


def _working_capital(bound: Array) -> Array:
    """What is newly bound each year; all is released when the plant closes."""
    change = bound.copy()
    change[:, 1:] -= bound[:, :-1]
    change[:, -1] -= bound[:, -1]
    return change


def _newton(
    free: Array, volume: Array, erosion: Array, weights: Array, a: Array, b: Array, tax: Array
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Price per draw, and whether it was reached; matrices have shape (n_years, n_draws)."""
    found = np.zeros(a.shape)
    is_found = np.zeros(a.shape, dtype=np.bool_)
    is_rising = b > 0
    left = np.flatnonzero(is_rising)
    price = -a[left] / b[left]
    scale = np.abs(price)
    for _ in range(MOST_ROUNDS):
        if not left.size:
            break
        if left.size < free.shape[1]:
            here = free[:, left], volume[:, left], weights[:, left]
        else:
            here = free, volume, weights
        lost, slope = _losses(price, *here, erosion[left])
        rise = b[left] - tax[left] * slope
        with np.errstate(divide="ignore", invalid="ignore"):
            step = (tax[left] * lost - a[left] - b[left] * price) / rise
        is_good = (rise > 0) & np.isfinite(step)
        price = price + np.where(is_good, step, 0.0)
        is_close = np.abs(step) <= CLOSE * np.maximum(scale, np.abs(price))
        done = is_good & is_close
        found[left[done]] = price[done]
        is_found[left[done]] = True
        stays = is_good & ~is_close
        left, price, scale = left[stays], price[stays], scale[stays]
    return found, is_found


def _losses(
    price: Array, free: Array, volume: Array, weights: Array, erosion: Array
) -> tuple[Array, Array]:
    """``sum_t N_t w_t`` and its derivative by price, (n_draws,); the sum runs year by year."""
    profit = free + price * volume
    lost, slope = np.zeros_like(price), np.zeros_like(price)
    total, total_slope = np.zeros_like(price), np.zeros_like(price)
    room = np.empty_like(price)
    for p, v, w in zip(profit, volume, weights, strict=True):
        lost *= erosion
        lost -= p
        slope *= erosion
        slope -= v
        slope *= lost > 0.0
        np.maximum(lost, 0.0, out=lost)
        total += np.multiply(w, lost, out=room)
        total_slope += np.multiply(w, slope, out=room)
    return total, total_slope


def _outlays_of(outlays: Outlays, chosen: npt.NDArray[np.bool_]) -> Outlays:
    return Outlays(
        outlays.operating[chosen],
        outlays.machinery[chosen],
        outlays.buildings[chosen],
        outlays.end_value[chosen],
    )


def _investor_of(investor: Investor, chosen: npt.NDArray[np.bool_]) -> Investor:
    return Investor(
        investor.required_return[chosen],
        investor.tax_rate[chosen],
        investor.inflation[chosen],
        investor.machinery_rate[chosen],
        investor.building_rate[chosen],
        investor.working_capital_share[chosen],
    )


def internal_rate_of_return(net: Array) -> Array:
    """The rate at which ``net`` has present value zero, shape (n_draws,).

    Found by bisection between -99 % and 1,000 % a year, so that of several such rates (a plant that
    costs money to close) the same one is found whatever the method of evaluating. The present value
    is a polynomial in ``1 / (1 + rate)``, evaluated from the last year back. NaN where it does not
    change sign between the two ends (all outlay, or all income).
    """
    flows = _by_year(net)
    ends = np.empty((2, net.shape[0]))
    ends[0], ends[1] = LOWEST_RATE, HIGHEST_RATE
    at_low, at_high = _value_at(flows, ends[0]), _value_at(flows, ends[1])
    defined = np.flatnonzero(np.sign(at_low) * np.sign(at_high) < 0)
    rates = np.full(net.shape[0], np.nan)
    if not defined.size:
        return rates
    flows = np.ascontiguousarray(flows[:, defined])
    is_rising = at_low[defined] < 0
    low, high = ends[:, defined]
    for _ in range(math.ceil(math.log2((HIGHEST_RATE - LOWEST_RATE) / RATE_CLOSE))):
        middle = (low + high) / 2
        at = _value_at(flows, middle)
        is_same = np.where(is_rising, at < 0, at > 0)
        low, high = np.where(is_same, middle, low), np.where(is_same, high, middle)
    rates[defined] = (low + high) / 2
    return rates


def _value_at(flows: Array, rate: Array) -> Array:
    """``sum_t flows(t) x^t`` with ``x = 1 / (1 + rate)``, flows (n_years, n_draws)."""
    x = 1.0 / (1.0 + rate)
    value: Array = flows[-1].copy()
    for flow in flows[-2::-1]:
        value *= x
        value += flow
    return value
