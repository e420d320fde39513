"""What a plant is worth when the years of the analysis end.

Two answers, never both for one asset:

- it goes on: the net benefits of the years that remain of its life (:func:`remaining_benefit`);
- it closes: what its buildings and equipment can be sold for (:func:`scrap_value`). A specialised
  plant can be sold for a share of its book value only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.discounting import Rates, annuity_factor, discount_factors
from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.timeline import Years

__all__ = ["remaining_benefit", "scrap_value"]

Array = npt.NDArray[np.float64]


def scrap_value(
    investment: Array, years: Years, lifetime: float | Array, saleable_share: float | Array
) -> Array:
    """What the plant is sold for in the last year.

    ``sum_s investment(s) x max(0, 1 - (last - s + 1) / lifetime) x saleable_share``: straight-line
    book value of each year's investment after its last year of use, times the share of it that a
    buyer pays.

    Parameters
    ----------
    investment : NOK, shape (n_draws, n_years)
    lifetime : years, a number or shape (n_draws, 1)
    saleable_share : fraction from 0 to 1, a number or shape (n_draws, 1)

    Returns
    -------
    NOK, shape (n_draws, n_years), zero except in the last year: enter it as a payment from
    ``resources`` to the owner.
    """
    faults = FaultCollector()
    if investment.ndim != 2 or investment.shape[1] != years.size:
        faults.add("investment", f"has shape {investment.shape}", why=f"(n_draws, {years.size})")
    if not np.all(np.asarray(lifetime) > 0):
        faults.add("lifetime", "must be above zero")
    share = np.asarray(saleable_share, dtype=np.float64)
    if not np.all((share >= 0) & (share <= 1)):
        faults.add("saleable_share", "is no fraction from 0 to 1")
    faults.raise_if_any()
    used = years.last - years.array + 1.0
    left = np.clip(1.0 - used / np.asarray(lifetime, dtype=np.float64), 0.0, 1.0)
    book = (investment * left).sum(axis=1, keepdims=True)
    result = np.zeros(investment.shape)
    result[:, -1:] = book * share
    return result


def remaining_benefit(
    yearly: Array,
    years: Years,
    life_ends: int,
    rates: Rates,
    base_year: int,
    ladder_start: int | None = None,
) -> Array:
    """The value, standing in the last year, of equal amounts from the year after until life ends.

    ``yearly x sum_{t = last + 1}^{life_ends} factor(t) / factor(last)``, with the ladder of
    discount rates going on.

    Parameters
    ----------
    yearly : NOK a year after the analysis, shape (n_draws,); negative where upkeep exceeds benefit
    life_ends : last year of the plant's life

    Returns
    -------
    NOK in the last year, shape (n_draws,); zero where life ends with the analysis.
    """
    if life_ends < years.last:
        raise InputError(
            Fault(
                "life_ends",
                f"{life_ends} lies before the last year {years.last}",
                next_step="Replace the plant inside the analysis, or end the analysis earlier",
            )
        )
    if life_ends == years.last:
        return np.zeros_like(yearly)
    after = Years(years.last, life_ends)
    factors = discount_factors(after, rates, base_year, ladder_start)
    return np.asarray(yearly * annuity_factor(factors[1:]) / factors[0])
