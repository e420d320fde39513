"""Discounting with a rate that falls in steps.

The factor is built forward, year by year,

    factor(base) = 1,    factor(t) = factor(t - 1) / (1 + r_t),

so a later, lower rate applies to its own years only. ``(1 + r)^-t`` with the later rate would let
the factor jump upward where the rate falls, and is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.timeline import Years

__all__ = ["Rates", "annuity_factor", "discount_factors", "level_amount", "present_value"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """Real yearly rates as fractions, and after how many years of the ladder each is left.

    Attributes
    ----------
    steps : the rates in order of time, ``(0.04, 0.03, 0.02)``
    switches : the years of the ladder after which the next one holds, ``(40, 75)``

    Examples
    --------
    >>> rates = Rates((0.04, 0.03, 0.02), (40, 75))
    >>> [float(r) for r in rates.by_year(np.array([1, 40, 41, 75, 76]))]
    [0.04, 0.04, 0.03, 0.03, 0.02]
    """

    steps: tuple[float, ...]
    switches: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        faults = FaultCollector()
        if len(self.steps) != len(self.switches) + 1:
            n = len(self.switches)
            faults.add("discount rates", f"{len(self.steps)} rates do not fit {n} switches")
        if any(not -1.0 < rate < 1.0 for rate in self.steps):
            faults.add(
                "discount rates",
                f"{list(self.steps)} are no yearly fractions",
                next_step="Write 4 percent as 0.04",
            )
        if list(self.switches) != sorted(set(self.switches)) or min(self.switches, default=1) < 1:
            faults.add("discount rates", f"switches {list(self.switches)} do not rise from 1")
        faults.raise_if_any()

    def by_year(self, ladder_year: npt.NDArray[np.int64]) -> Array:
        """The rate of each year of the ladder (its first year is 1), same shape.

        Years before the ladder starts carry its first rate.
        """
        step = np.searchsorted(np.asarray(self.switches, dtype=np.int64), ladder_year, "left")
        return np.asarray(self.steps, dtype=np.float64)[step]


def discount_factors(
    years: Years, rates: Rates, base_year: int, ladder_start: int | None = None
) -> Array:
    """The value at ``base_year`` of one krone in each year, shape (n_years,).

    Parameters
    ----------
    years : the years of the cash flows
    rates : the falling rates
    base_year : the year that amounts are discounted to; its factor is 1
    ladder_start : the first year of the ladder. With switches (40, 75) the first rate holds from
        here and for 40 years in all. The default is ``base_year + 1``, so the first 40 steps carry
        the first rate. A project that counts from its opening year, as the Norwegian Coastal
        Administration's FRAM does, passes that year.

    Returns
    -------
    Years before ``base_year`` have factors above 1 (compounded forward with their own rates).
    """
    start = base_year + 1 if ladder_start is None else ladder_start
    first, last = min(years.first, base_year), max(years.last, base_year)
    steps = rates.by_year(np.arange(first + 1, last + 1, dtype=np.int64) - start + 1)
    factors = np.empty(last - first + 1)
    at = base_year - first
    factors[at] = 1.0
    for t in range(at + 1, factors.size):
        factors[t] = factors[t - 1] / (1.0 + steps[t - 1])
    for t in range(at - 1, -1, -1):
        factors[t] = factors[t + 1] * (1.0 + steps[t])
    wanted = factors[years.first - first : years.last - first + 1]
    wanted.flags.writeable = False
    return wanted


def present_value(amounts: Array, factors: Array) -> Array:
    """``sum_t amount(t) factor(t)`` for every draw, shape (n_draws,).

    Parameters
    ----------
    amounts : shape (n_draws, n_years)
    factors : shape (n_years,), or (n_draws, n_years) where the rate differs between draws

    Notes
    -----
    Each row is summed alone and in one fixed order, so results do not change when draws are cut
    into other blocks. ``einsum`` without optimisation is numpy's own loop; a product with a
    vector (BLAS) would not give this.
    """
    if amounts.ndim != 2 or factors.shape[-1] != amounts.shape[1]:
        raise InputError(
            Fault("present_value", f"amounts {amounts.shape} do not fit factors {factors.shape}")
        )
    rule = "ij,j->i" if factors.ndim == 1 else "ij,ij->i"
    rows, weights = np.ascontiguousarray(amounts), np.ascontiguousarray(factors)
    value: Array = np.einsum(rule, rows, weights, optimize=False)
    return value


def annuity_factor(factors: Array) -> Array:
    """The present value of one krone in every year: the sum over the last axis.

    With one rate r and factors of years 1 to n it is ``(1 - (1 + r)^-n) / r``.
    """
    return np.asarray(factors.sum(axis=-1), dtype=np.float64)


def level_amount(value: Array, factors: Array) -> Array:
    """The equal yearly amount whose present value is ``value``, shape of ``value``."""
    total = annuity_factor(factors)
    if not np.all(total > 0):
        raise InputError(Fault("level_amount", "there is no year to spread the value over"))
    return np.asarray(value / total, dtype=np.float64)
