"""Amounts that sum exactly to a total: scaling within limits, crossing margins, whole numbers.

All sums are in the order of the arrays, and ties go to the first, so that equal inputs give equal
bytes on every run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError

__all__ = ["crossed", "in_whole_numbers", "scaled", "shares_of", "shifted", "warped"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
HALVINGS = 200
"""Steps of the bisection: more than a double can tell apart."""
ROUNDS = 500
"""Rounds of fitting to margins; a table of a few branches and sizes needs about ten."""


def _unreachable(total: float, low: float, high: float) -> InputError:
    return InputError(
        Fault("apportionment", f"a total of {total:.6g} cannot be reached",
              why=f"the parts together lie from {low:.6g} to {high:.6g}",
              next_step="Check the totals and limits that the parts must keep")
    )  # fmt: skip


def _solved(sum_at: Callable[[float], float], total: float, low: float, high: float) -> float:
    """The argument between ``low`` and ``high`` at which a rising sum reaches the total."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if sum_at(middle) < total:
            low = middle
        else:
            high = middle
    return high


def scaled(raw: Array, total: float, low: Array, high: Array) -> Array:
    """``clip(f * raw, low, high)`` with the factor f at which the parts sum to ``total``.

    Raises
    ------
    InputError
        if the total lies outside what the limits allow.
    """
    if not float(np.sum(low)) <= total <= float(np.sum(high)):
        raise _unreachable(total, float(np.sum(low)), float(np.sum(high)))
    top = 1.0

    def parts(factor: float) -> Array:
        return np.clip(factor * raw, low, high)

    while float(np.sum(parts(top))) < total and top < 1e300:  # constant: short of overflow
        top *= 2
    return parts(_solved(lambda f: float(np.sum(parts(f))), total, 0.0, top))


def shifted(raw: Array, step: Array, total: float, low: Array, high: Array) -> Array:
    """``clip(raw + x * step, low, high)`` with the shift x at which the parts sum to ``total``.

    Raises
    ------
    InputError
        if the total lies outside what the limits allow.
    """
    if not float(np.sum(low)) <= total <= float(np.sum(high)):
        raise _unreachable(total, float(np.sum(low)), float(np.sum(high)))

    def parts(x: float) -> Array:
        return np.clip(raw + x * step, low, high)

    span = 10.0  # constant: ten times turnover either way is beyond every margin
    return parts(_solved(lambda x: float(np.sum(parts(x))), total, -span, span))


def warped(u: Array, total: float, low: Array, high: Array) -> Array:
    """Heavy-tailed amounts between limits that sum to ``total``.

    ``low * (high / low) ** (u ** k)``: for k = 1 the amounts are uniform on a logarithmic scale,
    a larger k moves them to the low end; k is found so that the sum is met. Order is kept.

    Raises
    ------
    InputError
        if the total lies outside what the limits allow.
    """
    if not float(np.sum(low)) <= total <= float(np.sum(high)):
        raise _unreachable(total, float(np.sum(low)), float(np.sum(high)))
    reach = np.log(high / low)

    def parts(log_k: float) -> Array:
        return np.asarray(low * np.exp(reach * u ** np.exp(-log_k)), dtype=np.float64)

    span = 40.0  # constant: exp(40) sends every u to an end of its range
    return parts(_solved(lambda x: float(np.sum(parts(x))), total, -span, span))


def crossed(seed: Array, rows: Array, columns: Array) -> Array:
    """A table with these row and column sums, nearest to ``seed`` by iterative fitting.

    Deming and Stephan (1940). ``seed`` is shape (r, c) and positive; rows and columns must have
    one total.
    """
    table: Array = seed.astype(np.float64)
    for _ in range(ROUNDS):
        table = table * (rows / table.sum(axis=1))[:, None]
        table = table * (columns / table.sum(axis=0))[None, :]
    return np.asarray(table, dtype=np.float64)


def in_whole_numbers(parts: Array, total: int, low: Whole, high: Whole) -> Whole:
    """``parts`` as whole numbers within limits that sum to ``total`` exactly.

    Each is rounded down, and what is left goes one by one to those with the largest remainder
    (Hamilton), or is taken from those with the smallest, as far as the limits allow.
    """
    whole = np.clip(np.floor(parts).astype(np.int64), low, high)
    left = total - int(whole.sum())
    remainder = parts - whole
    step = 1 if left > 0 else -1
    order = np.argsort(-step * remainder, kind="stable")
    while left:
        room = (whole[order] < high[order]) if step > 0 else (whole[order] > low[order])
        able = order[room][: abs(left)]
        if not able.size:
            raise _unreachable(total, float(low.sum()), float(high.sum()))
        whole[able] += step
        left -= step * able.size
    return whole


def shares_of(total: int, weights: Array) -> Whole:
    """``total`` units by weights, in whole numbers."""
    none, all_ = np.zeros(weights.size, np.int64), np.full(weights.size, total, np.int64)
    return in_whole_numbers(total * weights / weights.sum(), total, none, all_)
