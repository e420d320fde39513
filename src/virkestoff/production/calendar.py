"""The year of a group of vessels: whole batches, stock carried over, failures, hours.

A surplus from rounding up to whole batches is kept and used in the next year, so that over the
years no more batches are started than the demand needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from virkestoff.production.activity import Array
from virkestoff.production.vessels import ROUNDING
from virkestoff.quantities import factor

__all__ = ["Group", "Year", "binomial_inverse", "changeover_hours", "run_years"]

HOURS_A_YEAR = factor("year", "hour")


@dataclass(frozen=True)
class Group:
    """A group of equal vessels with its products; arrays (n_draws, 1) but for the last three.

    Attributes
    ----------
    available_h : hours that one vessel has for batches, changeovers taken off
    changeover_h : hours that one vessel loses to changeovers in a year
    campaigns : campaigns a year, all products together
    batch_kg, failure, cycle_h : kg of a good batch, share of starts that fail, hours of vessel
        time per batch; per product, shape (n_draws, 1)
    """

    name: str
    products: tuple[str, ...]
    vessel_m3: Array
    n_vessels: Array
    available_h: Array
    changeover_h: Array
    campaigns: Array
    batch_kg: Mapping[str, Array]
    failure: Mapping[str, Array]
    cycle_h: Mapping[str, Array]

    def most_starts(self, product: str, used_h: Array) -> Array:
        """Whole batches that still fit after `used_h` hours on every vessel."""
        left = np.maximum(self.available_h - used_h, 0.0)
        return self.n_vessels * np.floor(left / self.cycle_h[product] + ROUNDING)

    @property
    def use(self) -> Array:
        """Vessel hours that are there in a year, shape (n_draws, 1)."""
        return self.n_vessels * (self.available_h + self.changeover_h)


@dataclass(frozen=True)
class Year:
    """What a group did, per product, each of shape (n_draws, n_years)."""

    starts: Mapping[str, Array]
    made_kg: Mapping[str, Array]
    shortfall_kg: Mapping[str, Array]


def changeover_hours(
    wanted: Sequence[Array], campaigns: Array, hours_each: Array
) -> tuple[Array, Array]:
    """Changeover hours per vessel and campaigns in all, for products that share a group.

    A group with one product needs no changeover. With more, every campaign starts with one.

    Parameters
    ----------
    wanted : kg in the largest year per product, each (n_draws, 1)
    campaigns : per product and year, rounded up to whole, (n_draws, 1)
    hours_each : hours of one changeover, (n_draws, 1)
    """
    n_active = np.zeros_like(campaigns)
    for kg in wanted:
        n_active = n_active + (kg > 0.0)
    whole = np.ceil(campaigns - ROUNDING)
    count = np.where(n_active > 1.0, n_active * whole, np.minimum(n_active, 1.0))
    return np.where(n_active > 1.0, count * hours_each, 0.0), count


def binomial_inverse(uniform: Array, n: Array, p: Array) -> Array:
    """Smallest k with P(K <= k) >= uniform, for K binomial(n, p).

    Parameters
    ----------
    uniform : in (0, 1)
    n : whole numbers of trials
    p : probability; all three broadcast

    Examples
    --------
    >>> binomial_inverse(np.array([0.5]), np.array([10.0]), np.array([0.3]))
    array([3.])
    """
    u, trials, chance = np.broadcast_arrays(uniform, n, p)
    chance = np.clip(chance, 0.0, 1.0)
    odds = np.divide(chance, 1.0 - chance, out=np.zeros(chance.shape), where=chance < 1.0)
    mass = (1.0 - chance) ** trials
    below = mass.copy()
    count = np.zeros(u.shape)
    going = (below < u) & (count < trials) & (chance < 1.0)
    while going.any():
        mass = mass * odds * (trials - count) / (count + 1.0)
        count = count + going
        below = np.where(going, below + mass, below)
        going = going & (below < u) & (count < trials)
    return np.where(chance >= 1.0, trials, count)


def run_years(
    group: Group,
    wanted_kg: Mapping[str, Array],
    uniforms: Mapping[str, Array] | None = None,
) -> Year:
    """Start whole batches year by year.

    Without `uniforms` every start yields the share ``1 - failure``. With them the number of
    failed batches is drawn; what a failure leaves unmade is a shortfall of that year.

    Parameters
    ----------
    wanted_kg : per product, shape (n_draws, n_years)
    uniforms : noise per product, shape (n_draws, n_years)
    """
    starts = {
        p: _starts_if_enough(wanted_kg[p], group.batch_kg[p] * (1.0 - group.failure[p]))
        for p in group.products
    }
    if uniforms is None and _fits(group, starts):
        made = {p: starts[p] * group.batch_kg[p] * (1.0 - group.failure[p]) for p in starts}
        return Year(starts, made, {p: np.zeros_like(kg) for p, kg in made.items()})
    return _year_by_year(group, wanted_kg, uniforms or {})


def _starts_if_enough(wanted_kg: Array, kg_per_start: Array) -> Array:
    """Whole starts of each year when nothing limits them: the stock is what rounding left over."""
    in_all = np.ceil(np.cumsum(wanted_kg, axis=1) / kg_per_start - ROUNDING)
    return np.diff(in_all, axis=1, prepend=0.0)


def _fits(group: Group, starts: Mapping[str, Array]) -> bool:
    per_vessel = np.maximum(group.n_vessels, 1.0)
    hours = sum(np.ceil(s / per_vessel - ROUNDING) * group.cycle_h[p] for p, s in starts.items())
    any_start = sum(starts.values())
    return bool(
        np.all(hours <= group.available_h + ROUNDING)
        and np.all((any_start == 0) | (group.n_vessels > 0))
    )


def _year_by_year(
    group: Group, wanted_kg: Mapping[str, Array], uniforms: Mapping[str, Array]
) -> Year:
    shape = next(iter(wanted_kg.values())).shape
    starts = {p: np.zeros(shape) for p in group.products}
    made = {p: np.zeros(shape) for p in group.products}
    short = {p: np.zeros(shape) for p in group.products}
    stock = {p: np.zeros((shape[0], 1)) for p in group.products}
    n_vessels = np.maximum(group.n_vessels, 1.0)
    for year in range(shape[1]):
        used = np.zeros((shape[0], 1))
        for p in group.products:
            good, share = group.batch_kg[p], 1.0 - group.failure[p]
            want = wanted_kg[p][:, year : year + 1]
            ask = np.ceil(np.maximum(want - stock[p], 0.0) / (good * share) - ROUNDING)
            begun = np.minimum(np.maximum(ask, 0.0), group.most_starts(p, used))
            used = used + np.ceil(begun / n_vessels - ROUNDING) * group.cycle_h[p]
            if p in uniforms:
                u = uniforms[p][:, year : year + 1]
                kg = (begun - binomial_inverse(u, begun, group.failure[p])) * good
            else:
                kg = begun * share * good
            at_hand = stock[p] + kg
            starts[p][:, year : year + 1] = begun
            made[p][:, year : year + 1] = kg
            gap = np.maximum(want - at_hand, 0.0)
            short[p][:, year : year + 1] = np.where(gap > ROUNDING * want, gap, 0.0)
            stock[p] = np.maximum(at_hand - want, 0.0)
    return Year(starts, made, short)
