"""The appraisal written as one would do it by hand: one draw, plain loops, no arrays.

It is slow on purpose. A reviewer can read it in two minutes, and a test holds
:func:`virkestoff.costbenefit.appraise` to it on random ledgers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["HandAppraisal", "HandPayment", "appraise_by_hand", "ladder_by_hand"]


@dataclass(frozen=True)
class HandPayment:
    """One payment of one draw: NOK for each year."""

    payer: str
    receiver: str
    amounts: tuple[float, ...]


@dataclass(frozen=True)
class HandAppraisal:
    """The results of one draw, NOK at the base year."""

    society: float
    public_budgets: float
    tax_cost: float
    actors: Mapping[str, float]
    break_even: float


def ladder_by_hand(
    first_year: int,
    last_year: int,
    base_year: int,
    ladder_start: int,
    rates: tuple[float, ...],
    switches: tuple[int, ...],
) -> dict[int, float]:
    """The discount factor of every year from the base year (or the first) to the last."""

    def rate_in(year: int) -> float:
        number = year - ladder_start + 1
        for rate, switch in zip(rates, switches, strict=False):
            if number <= switch:
                return rate
        return rates[-1]

    factors = {base_year: 1.0}
    for year in range(base_year + 1, last_year + 1):
        factors[year] = factors[year - 1] / (1 + rate_in(year))
    for year in range(base_year - 1, first_year - 1, -1):
        factors[year] = factors[year + 1] * (1 + rate_in(year + 1))
    return factors


def appraise_by_hand(
    payments: Iterable[HandPayment],
    null_payments: Iterable[HandPayment],
    public: Iterable[str],
    private: Iterable[str],
    factors: tuple[float, ...],
    tax_rate: float,
) -> HandAppraisal:
    """Appraise one draw against the null alternative.

    Parameters
    ----------
    factors : the discount factor of each year, in order
    tax_rate : tax-financing cost, NOK per NOK
    """
    worth: dict[str, float] = {}
    for sign, list_of_payments in ((1.0, payments), (-1.0, null_payments)):
        for payment in list_of_payments:
            for amount, factor in zip(payment.amounts, factors, strict=True):
                value = sign * amount * factor
                worth[payment.receiver] = worth.get(payment.receiver, 0.0) + value
                worth[payment.payer] = worth.get(payment.payer, 0.0) - value

    public_budgets = sum(worth.get(actor, 0.0) for actor in public)
    others = sum(worth.get(actor, 0.0) for actor in private)
    tax_cost = -tax_rate * public_budgets
    society = public_budgets + others - tax_cost
    return HandAppraisal(society, public_budgets, tax_cost, worth, -society / sum(factors))
