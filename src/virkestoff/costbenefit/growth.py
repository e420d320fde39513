"""Real price adjustment: values that grow with income, and the value of a statistical life.

Only where theory and evidence carry it does a price rise faster than prices at large; the value
of a statistical life and of time follow GDP per capita. The index is

    index(price_year) = 1,    index(t) = index(t - 1) x (1 + g_t),

with g_t the full growth rate up to a last year, from there falling in a straight line to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from virkestoff.costbenefit.rules import fact_on
from virkestoff.errors import Fault, InputError, MissingFact
from virkestoff.evidence import Library
from virkestoff.quantities import convert
from virkestoff.timeline import Years

__all__ = ["RealGrowth", "adjusted_life_value", "life_value", "real_growth_on"]

Array = npt.NDArray[np.float64]

_GDP = "costbenefit.gdp_per_capita"


@dataclass(frozen=True)
class RealGrowth:
    """Growth of real GDP per capita.

    Attributes
    ----------
    rate : fraction a year
    last_year : the last calendar year with the full rate
    end_year : the calendar year from which growth is zero
    facts : ids of the facts that were read
    """

    rate: float
    last_year: int
    end_year: int
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.end_year <= self.last_year:
            raise InputError(
                Fault("real growth", f"ends in {self.end_year}, not after {self.last_year}")
            )

    def rates(self, years: npt.NDArray[np.int64]) -> Array:
        """The growth from the year before to each year, same shape."""
        left = (self.end_year - years) / (self.end_year - self.last_year)
        return np.asarray(self.rate * np.clip(left, 0.0, 1.0), dtype=np.float64)

    def index(self, years: Years, price_year: int) -> Array:
        """The real price index, 1 in ``price_year``, shape (n_years,)."""
        first, last = min(years.first, price_year), max(years.last, price_year)
        steps = 1.0 + self.rates(np.arange(first + 1, last + 1, dtype=np.int64))
        chain = np.concatenate(([1.0], np.cumprod(steps)))
        chain = chain / chain[price_year - first]
        return np.asarray(chain[years.first - first : years.last - first + 1])


def real_growth_on(library: Library, as_of: date) -> RealGrowth:
    """The real growth that is to be used on a date.

    Raises
    ------
    MissingFact
        if none is known to hold then.
    """
    rate = fact_on(library, "real_growth_rate", as_of)
    last = fact_on(library, "real_growth_last_year", as_of)
    end = fact_on(library, "real_growth_end_year", as_of)
    return RealGrowth(
        float(convert(rate.central, rate.unit, "1/year")),
        round(last.central),
        round(end.central),
        (rate.id, last.id, end.id),
    )


def adjusted_life_value(
    base_value: float, gdp_per_capita: float, base_gdp_per_capita: float
) -> float:
    """The value of a statistical life carried to another year.

    ``VSL(t) = VSL(base) x GDP per capita(t) / GDP per capita(base)``, all in current NOK of their
    own years. Source: DFØ, Verdien av et statistisk liv.
    """
    if base_gdp_per_capita <= 0 or gdp_per_capita <= 0:
        raise InputError(Fault("GDP per capita", "must be above zero"))
    return base_value * gdp_per_capita / base_gdp_per_capita


def life_value(library: Library, year: int, as_of: date) -> float:
    """The value of a statistical life in current NOK of ``year``.

    Raises
    ------
    MissingFact
        if GDP per capita of the year is not in the library; it is never extrapolated.
    """
    base = fact_on(library, "vsl_base", as_of)
    assert base.price_year is not None  # money does not load without it
    return adjusted_life_value(
        base.central, _gdp_per_capita(library, year), _gdp_per_capita(library, base.price_year)
    )


def _gdp_per_capita(library: Library, year: int) -> float:
    statistic = library.statistics.get(f"{_GDP}.{year}")
    if statistic is None or not isinstance(statistic.value, float):
        known = sorted(
            s.year for key, s in library.statistics.items() if key.startswith(_GDP) and s.year
        )
        span = f"known: {known[0]}-{known[-1]}" if known else "no year is known"
        raise MissingFact(
            Fault(
                f"statistic '{_GDP}.{year}'",
                "is not in the library",
                why=span,
                next_step="Add it from the DFØ table of the value of a statistical life",
            )
        )
    return statistic.value
