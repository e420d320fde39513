"""Required price and internal rate of return as one would write them first: slow, easy to check.

:mod:`virkestoff.production.returns` gives the same in a fraction of the time, and leaves to this
module the draws for which its steps do not settle.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError
from virkestoff.production.cashflow import Investor, Outlays, cash_flow, discounted

__all__ = ["HIGHEST_RATE", "LOWEST_RATE", "RATE_CLOSE", "bisected_rate", "bracketed_price"]

Array = npt.NDArray[np.float64]
MOST_ROUNDS = 200
# constant: returns of -99 and 1,000 per cent a year bound the search
LOWEST_RATE, HIGHEST_RATE = -0.99, 10.0
RATE_CLOSE = 1e-9


def bracketed_price(volume: Array, outlays: Outlays, investor: Investor) -> Array:
    """The price at which the whole cash flow has present value zero, shape (n_draws,).

    A bracket is widened until it holds the root, and halved until no number lies between its ends;
    a draw's bracket does not depend on other draws. Something must be sold in every draw.

    Raises
    ------
    InputError
        if no price is high or low enough.
    """

    def value(price: Array) -> Array:
        flow = cash_flow(volume * price[:, None], outlays, investor)
        return discounted(flow.net, investor.required_return)

    spent = discounted(outlays.operating + outlays.investment, investor.required_return)
    sold = discounted(volume, investor.required_return)
    high = np.maximum(spent, 1.0) / sold
    low = -high
    for _ in range(MOST_ROUNDS):
        is_above, is_below = value(high) >= 0, value(low) <= 0
        if np.all(is_above & is_below):
            break
        high = np.where(is_above, high, 2.0 * high)
        low = np.where(is_below, low, 2.0 * low)
    else:
        raise InputError(Fault("required price", "no price is high enough to earn the return"))
    for _ in range(MOST_ROUNDS):
        middle = (low + high) / 2
        is_above = value(middle) >= 0
        low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
    return high


def bisected_rate(net: Array) -> Array:
    """The internal rate of return by bisection of the discounted sum, (n_draws,); NaN if none."""
    low = np.full((net.shape[0], 1), LOWEST_RATE)
    high = np.full((net.shape[0], 1), HIGHEST_RATE)
    at_low, at_high = discounted(net, low), discounted(net, high)
    is_defined = (np.sign(at_low) * np.sign(at_high)) < 0
    while np.any(high - low >= RATE_CLOSE):
        middle = (low + high) / 2
        is_same = np.sign(discounted(net, middle)) == np.sign(at_low)
        low = np.where(is_same[:, None], middle, low)
        high = np.where(is_same[:, None], high, middle)
    return np.where(is_defined, ((low + high) / 2)[:, 0], np.nan)
