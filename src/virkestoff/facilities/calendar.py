"""A window by calendar month: what is offered in each, as it is, not rounded."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from virkestoff.facilities.amounts import exact
from virkestoff.facilities.window import Window

__all__ = ["Month", "months_from", "offered_in"]

_MONTHS = 12  # constant: months of a year


@dataclass(frozen=True)
class Month:
    """A calendar month, or the rest of one: ``first`` and ``last`` are both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Offered:
    """What a window offers in a month.

    Attributes
    ----------
    amount : in the unit of the window; none if no period of the window lies in the month
    has_unknown : whether a period in the month states no amount
    """

    amount: Fraction | None
    has_unknown: bool


def months_from(first: date, n_months: int) -> tuple[Month, ...]:
    """``n_months`` calendar months, the first from the day ``first`` on."""
    found = []
    for offset in range(n_months):
        year, month = divmod(first.year * _MONTHS + first.month - 1 + offset, _MONTHS)
        start = date(year, month + 1, 1)
        end = start.replace(day=monthrange(year, month + 1)[1])
        found.append(Month(max(first, start), end))
    return tuple(found)


def offered_in(window: Window, month: Month) -> Offered:
    """``sum over periods of offerable x (common days) / (days of the period)``.

    Not rounded, so that months add up to their periods; a request is answered in whole units (see
    :func:`virkestoff.facilities.window.available`).
    """
    amount: Fraction | None = None
    has_unknown = False
    for period in window.periods:
        n_common = (min(month.last, period.to) - max(month.first, period.from_)).days + 1
        if n_common <= 0:
            continue
        if period.offerable is None:
            has_unknown = True
        else:
            amount = (amount or Fraction(0)) + exact(period.offerable) * n_common / period.n_days
    return Offered(amount, has_unknown)
