"""Whether an investment is so large that the state requires external quality assurance of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from virkestoff.costbenefit.rules import fact_on
from virkestoff.evidence import Library
from virkestoff.quantities import convert

__all__ = ["AssuranceFlag", "exceeds_assurance_threshold"]


@dataclass(frozen=True)
class AssuranceFlag:
    """How often the investment is above the threshold.

    Attributes
    ----------
    share_of_draws : from 0 to 1
    threshold_nok : nominal NOK; the state's threshold is not adjusted for prices
    fact : id of the fact that holds it
    """

    share_of_draws: float
    threshold_nok: float
    fact: str


def exceeds_assurance_threshold(
    library: Library, investment: npt.NDArray[np.float64], as_of: date
) -> AssuranceFlag:
    """Compare the whole investment of each draw with the threshold that holds on a date.

    Parameters
    ----------
    investment : NOK, undiscounted, all years together, shape (n_draws,)

    Raises
    ------
    MissingFact
        if no threshold is known to hold then.
    """
    fact = fact_on(library, "external_quality_assurance_threshold", as_of)
    threshold = float(convert(fact.central, fact.unit, "NOK"))
    share = float(np.count_nonzero(investment > threshold)) / investment.size
    return AssuranceFlag(share, threshold, fact.id)
