"""Demand by month: yearly level x season x shocks.

    demand = yearly level x share of the month x product of (1 + size) over the shocks of the month

The twelve shares of a season sum to 1. A shock comes with a probability per year, and lasts a
season; its size is uniform between two values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.supply.network import Amount, Network, Noise

__all__ = ["Demand", "Shock", "demand_factors"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shock:
    """A season in which more is used.

    Attributes
    ----------
    probability : that it comes in a year
    low, high : size as a share of ordinary demand; the draw is uniform between them
    first_month : month of the year in which it begins, 0 is January
    months : how long it lasts, at most 12; it may run into the next year
    presentations, countries : where it is felt; None is all
    """

    name: str
    probability: Amount
    low: Amount
    high: Amount
    first_month: int
    months: int
    presentations: tuple[str, ...] | None = None
    countries: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Demand:
    """What is needed.

    Attributes
    ----------
    yearly : country -> presentation -> DDD a year, shape (n_draws, n_years) or (1, n_years)
    season : presentation -> 12 shares from January, sum 1; where none is given, all months alike
    shocks : seasons in which more is used
    """

    yearly: Mapping[str, Mapping[str, Array]]
    season: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()

    @property
    def n_years(self) -> int:
        """How many years the levels cover."""
        return next((a.shape[-1] for by in self.yearly.values() for a in by.values()), 0)


@dataclass(frozen=True)
class DemandFactors:
    """Arrays with draws last.

    Attributes
    ----------
    yearly : shape (n_years, n_presentations, n_countries, n_draws)
    season : shape (12, n_presentations)
    shocks : factor per shock, shape (n_months, n_draws), and where it is felt, shape
        (n_presentations, n_countries)
    """

    yearly: Array
    season: Array
    shocks: tuple[tuple[Array, npt.NDArray[np.bool_]], ...]

    def month(self, t: int) -> Array:
        """Demand in month `t`, DDD, shape (n_presentations, n_countries, n_draws)."""
        year, month = divmod(t, 12)
        amount: Array = self.yearly[year] * self.season[month][:, None, None]
        for factor, felt in self.shocks:
            amount *= np.where(felt[:, :, None], factor[t], 1.0)
        return amount


def demand_factors(network: Network, demand: Demand, noise: Noise, n_draws: int) -> DemandFactors:
    """Levels, seasons and drawn shocks of one block of draws."""
    n_years = demand.n_years
    shape = (n_years, len(network.presentations), len(network.countries), n_draws)
    yearly = np.zeros(shape)
    for c, country in enumerate(network.countries):
        for p, presentation in enumerate(network.presentations):
            level = demand.yearly.get(country, {}).get(presentation)
            if level is not None:
                yearly[:, p, c, :] = level.T
    even = (1.0 / 12,) * 12
    season = np.array([demand.season.get(p, even) for p in network.presentations]).T
    return DemandFactors(
        yearly,
        season,
        tuple(
            (shock_factor(shock, noise, n_draws, n_years), _felt(shock, network))
            for shock in demand.shocks
        ),
    )


def shock_factor(shock: Shock, noise: Noise, n_draws: int, n_years: int) -> Array:
    """What demand is multiplied by, shape (n_months, n_draws).

    Noise: ``supply.shock.<name>``, shape (n_draws, n_years, 2), for coming and size.
    """
    drawn = noise(f"supply.shock.{shock.name}", n_years, 2)
    comes = drawn[:, :, 0] < shock.probability
    size = comes * (shock.low + drawn[:, :, 1] * (np.asarray(shock.high) - shock.low))
    factor = np.ones((12 * n_years, n_draws))
    for year in range(n_years):
        first = 12 * year + shock.first_month
        factor[first : first + shock.months] *= 1.0 + size[:, year]
    return factor


def _felt(shock: Shock, network: Network) -> npt.NDArray[np.bool_]:
    presentations = network.presentations if shock.presentations is None else shock.presentations
    countries = network.countries if shock.countries is None else shock.countries
    return np.outer(
        [p in presentations for p in network.presentations],
        [c in countries for c in network.countries],
    )
