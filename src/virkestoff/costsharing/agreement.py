"""A split as yearly payments that an agreement can state.

A split is a present value for each country. The agreement turns it into payments that meet the
plant's cost in every year and add up to the split over the years:

    own(i, t) + pays(i, t) = burden(i, t),    sum_i pays(i, t) = plant(t),
    sum_t factor(t) burden(i, t) = x_i

where own is what a country still pays itself under the agreement and pays is its transfer to the
plant, negative if it is paid. Two profiles are offered; both are closed forms.

*share*: the same share of every year's bill, ``burden(i, t) = x_i / sum_j x_j x bill(t)`` with
``bill(t) = plant(t) + sum_i own(i, t)``.

*alone*: in step with what the country would have paid without the others,

    r(i, t) = x_i / c_i x alone(i, t),   c_i = sum_t factor(t) alone(i, t)
    burden(i, t) = r(i, t) + x_i / sum_j x_j x (bill(t) - sum_j r(j, t))

The first term has the right present value; the gap of each year is shared as the split is, and the
gaps have present value zero together, so nobody's sum moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array, check_players
from virkestoff.errors import FaultCollector, InputError

__all__ = ["Agreement", "Profile", "agreement"]

Profile = Literal["share", "alone"]
_CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class Agreement:
    """Yearly payments.

    Attributes
    ----------
    players : names
    payment : transfer to the plant, NOK, shape (n_draws, n_players, n_years); negative is received
    own : what each country still pays itself, same shape
    alone : what each would have paid without the others, same shape, or ``None`` if not given
    factors : discount factors, shape (n_years,)
    """

    players: tuple[str, ...]
    payment: Array
    own: Array
    alone: Array | None
    factors: Array

    @property
    def burden(self) -> Array:
        """What each country bears, ``own + payment``, NOK, shape of ``payment``."""
        return np.asarray(self.own + self.payment)

    @property
    def present_value(self) -> Array:
        """The split that is implemented, NOK, shape (n_draws, n_players)."""
        return _present_value(self.burden, self.factors)

    @property
    def gain_of_leaving(self) -> Array:
        """What a country saves by leaving at the start of each year, NOK of that year.

        ``sum_{s >= t} factor(s) / factor(t) (burden(i, s) - alone(i, s))``, shape of ``payment``.
        It assumes that who leaves goes on as if it had always been alone (import and stock need
        no new investment); where they do, the gain is overstated.

        Raises
        ------
        InputError
            if the agreement was made without outlays alone.
        """
        if self.alone is None:
            faults = FaultCollector()
            faults.add("agreement", "does not know what the countries would have paid alone")
            raise InputError(faults.faults)
        ahead = self.factors * (self.burden - self.alone)
        left = np.cumsum(ahead[..., ::-1], axis=-1)[..., ::-1]
        return np.asarray(left / self.factors)

    @property
    def deposit(self) -> Array:
        """The least deposit, lost on leaving, that keeps each country to the end.

        The largest gain of leaving over the years, or zero, NOK, shape (n_draws, n_players).
        """
        return np.asarray(np.maximum(self.gain_of_leaving.max(axis=-1), 0.0))


def agreement(
    players: Sequence[str],
    allocation: npt.ArrayLike,
    plant: npt.ArrayLike,
    factors: npt.ArrayLike,
    *,
    own: npt.ArrayLike | None = None,
    alone: npt.ArrayLike | None = None,
    profile: Profile = "share",
) -> Agreement:
    """Payments that meet the plant's cost each year and add up to the split.

    Parameters
    ----------
    players : names
    allocation : the split x, NOK present value, shape (n_players,) or (n_draws, n_players)
    plant : cost of the plant in each year, NOK, shape (n_years,) or (n_draws, n_years)
    factors : discount factors, above zero, shape (n_years,)
    own : what each country pays itself under the agreement, shape (n_players, n_years) or
        (n_draws, n_players, n_years); nothing by default
    alone : what each would have paid without the others, same shapes; needed by the profile
        ``alone`` and to know who would leave later
    profile : ``share`` or ``alone``

    Raises
    ------
    InputError
        with all faults at once: names, shapes, values that are not finite; and if the split does
        not cover the cost of plant and countries together, or cannot be spread.
    """
    faults = FaultCollector()
    names = tuple(players)
    check_players(players, faults, limit=max(len(names), 1))
    weights = np.asarray(factors, dtype=np.float64)
    if weights.ndim != 1 or weights.size == 0 or not np.all(weights > 0):
        faults.add("factors", "are not numbers above zero, one for each year")
    if profile not in ("share", "alone"):
        faults.add("profile", f"'{profile}' is neither 'share' nor 'alone'")
    if profile == "alone" and alone is None:
        faults.add("alone", "is not given", "the profile 'alone' follows it")
    faults.raise_if_any()
    n, n_years = len(names), weights.size
    zeros = np.zeros((1, n, n_years))
    split = _shaped("allocation", allocation, (n,), faults)
    bill = _shaped("plant", plant, (n_years,), faults)
    kept = zeros if own is None else _shaped("own", own, (n, n_years), faults)
    before = zeros if alone is None else _shaped("alone", alone, (n, n_years), faults)
    sizes = {a.shape[0] for a in (split, bill, kept, before)} - {1}
    if len(sizes) > 1:
        faults.add("draws", f"differ in number: {sorted(sizes)}")
    faults.raise_if_any()
    n_draws = max(sizes, default=1)
    split = np.broadcast_to(split, (n_draws, n))
    kept = np.array(np.broadcast_to(kept, (n_draws, n, n_years)))
    before = np.array(np.broadcast_to(before, (n_draws, n, n_years)))
    total = np.broadcast_to(bill, (n_draws, n_years)) + kept.sum(axis=1)
    burden = _burden(split, total, weights, before if profile == "alone" else None)
    return Agreement(names, burden - kept, kept, None if alone is None else before, weights)


def _burden(split: Array, bill: Array, factors: Array, alone: Array | None) -> Array:
    """What each bears in each year, shape (n_draws, n_players, n_years)."""
    faults = FaultCollector()
    agreed = split.sum(axis=1)
    scale = _CLOSE * np.maximum(np.abs(split).sum(axis=1), _present_value(np.abs(bill), factors))
    missing = _present_value(bill, factors) - agreed
    if np.any(np.abs(missing) > scale):
        faults.add(
            "allocation",
            f"and the present value of plant and own outlays differ by up to "
            f"{np.abs(missing).max():g}",
            "yearly payments can only share what is there",
            "Give all costs of the agreement, discounted with the factors of the split",
        )
    if np.any((np.abs(agreed) <= scale) & (np.abs(split).max(axis=1) > 0)):
        faults.add("allocation", "adds up to zero, so no share of a bill is defined")
    faults.raise_if_any()
    has_sum = agreed != 0.0
    part = np.where(has_sum[:, None], split / np.where(has_sum, agreed, 1.0)[:, None], 0.0)
    if not has_sum.all():
        part[~has_sum] = 1.0 / split.shape[1]
    if alone is None:
        return np.asarray(part[:, :, None] * bill[:, None, :])
    value = _present_value(alone, factors)
    if np.any((value <= 0.0) & (split != 0.0)):
        faults.add(
            "alone",
            "has no positive present value for somebody who is to pay",
            next_step="Use the profile 'share'",
        )
    faults.raise_if_any()
    ratio = np.divide(split, value, out=np.zeros_like(value), where=value > 0.0)
    in_step = ratio[:, :, None] * alone
    gap = bill - in_step.sum(axis=1)
    return np.asarray(in_step + part[:, :, None] * gap[:, None, :])


def _present_value(amounts: Array, factors: Array) -> Array:
    """The discounted sum over the last axis, each row alone and in one order."""
    return np.asarray(np.einsum("...t,t->...", amounts, factors, optimize=False))


def _shaped(
    where: str, value: npt.ArrayLike, shape: tuple[int, ...], faults: FaultCollector
) -> Array:
    """The value with a leading axis of draws; a fault, and zeros to check on, if it misfits."""
    found = np.asarray(value, dtype=np.float64)
    if found.shape == shape:
        found = found[None]
    if found.shape[1:] != shape or found.ndim != len(shape) + 1 or found.shape[0] == 0:
        wanted = ", ".join(map(str, shape))
        faults.add(where, f"shape {np.shape(value)} is neither ({wanted}) nor (n_draws, {wanted})")
        return np.zeros((1, *shape))
    if not np.isfinite(found).all():
        faults.add(where, "holds values that are not finite numbers")
    return found
