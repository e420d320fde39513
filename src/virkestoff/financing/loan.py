"""A loan with interest-free years of principal and then level payments.

Real amounts, shape (n_draws, n_years); a tranche drawn in year s is served from year s + 1. What is
left in the last year is paid there. Every draw is computed by itself, one multiplication at a time,
so that its figures are the same in any block of draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["LoanTerms", "Schedule", "annuity_factor", "schedule"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LoanTerms:
    """What a loan is served by; every array has shape (n_draws, 1).

    Attributes
    ----------
    rate : real interest a year
    years : number of level payments
    grace : years in which interest alone is paid
    """

    rate: Array
    years: Array
    grace: Array


@dataclass(frozen=True)
class Schedule:
    """Interest, principal and balance after payment, NOK, shape (n_draws, n_years)."""

    interest: Array
    principal: Array
    balance: Array

    @property
    def service(self) -> Array:
        """Interest and principal."""
        return self.interest + self.principal

    @property
    def owed(self) -> Array:
        """What is owed when each year begins."""
        before = np.zeros_like(self.balance)
        before[:, 1:] = self.balance[:, :-1]
        return before


def annuity_factor(rate: Array, years: Array) -> Array:
    """``sum_(k=1..n) (1 + rate)^-k``, shape of ``rate``; years are rounded to whole ones."""
    n = np.rint(years)
    step = 1.0 / (1.0 + rate)
    total, factor = np.zeros_like(step), np.ones_like(step)
    for k in range(1, int(np.max(n, initial=0.0)) + 1):
        factor = factor * step
        total = total + np.where(k <= n, factor, 0.0)
    return total


def schedule(drawn: Array, terms: LoanTerms) -> Schedule:
    """How what is drawn each year is served.

    In the first ``grace`` years after drawing the interest alone is paid, then ``years`` level
    payments ``drawn / annuity_factor(rate, years)``. A loan that would outlive the horizon is paid
    off in the last year.
    """
    n_draws, n_years = drawn.shape
    if not drawn.any():
        return Schedule(np.zeros_like(drawn), np.zeros_like(drawn), np.zeros_like(drawn))
    rate, grace = terms.rate[:, 0], np.rint(terms.grace[:, 0])
    n = np.maximum(np.rint(terms.years[:, 0]), 1.0)
    level = 1.0 / annuity_factor(terms.rate, n[:, None])[:, 0]
    left = np.ones((n_draws, n_years))  # of one krone, by age
    for age in range(1, n_years):
        before = left[:, age - 1]
        paid = np.where(age > grace, level - rate * before, 0.0)
        paid = np.where(age >= grace + n, before, np.minimum(paid, before))
        left[:, age] = before - paid
    balance = np.zeros_like(drawn)
    for year in np.flatnonzero((drawn != 0.0).any(axis=0)):
        balance[:, year:] += drawn[:, year, None] * left[:, : n_years - year]
    balance[:, -1] = 0.0
    owed = np.zeros_like(balance)
    owed[:, 1:] = balance[:, :-1]
    # What is drawn in the last year is given back at once: the horizon ends.
    return Schedule(owed * rate[:, None], owed + drawn - balance, balance)
