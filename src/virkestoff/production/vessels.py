"""Groups of equal vessels that can make what is wanted in a year, and the cheapest of them.

Vessels are shared by products in campaigns. With `k` vessels, every vessel takes
``ceil(starts_p / k)`` batches of each product, so that a vessel is full when

    sum_p ceil(starts_p / k) cycle_p + changeovers = uptime x hours of the year.

Batches and vessels are whole. Spreading every product evenly over all vessels is simple and may
need one vessel more than the best schedule; it never needs fewer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from virkestoff.errors import Fault, InputError
from virkestoff.production.activity import Array

__all__ = [
    "ROUNDING",
    "Columns",
    "cheapest",
    "fewest_vessels",
    "given_group",
    "sufficient_groups",
    "undominated",
    "whole_batches",
]

Columns = NDArray[np.intp]
ROUNDING = 1e-9  # a batch count that exceeds a whole number by less is that number


def whole_batches(kg: Array, kg_per_start: Array) -> Array:
    """Batches to start for `kg`, whole, where a start yields `kg_per_start` on average.

    Parameters
    ----------
    kg, kg_per_start : kg and kg per batch, any shapes that broadcast

    Examples
    --------
    >>> whole_batches(np.array([13.13]), np.array([3.276]))
    array([5.])
    """
    return np.ceil(kg / kg_per_start - ROUNDING)


def fewest_vessels(starts: Array, cycle_h: Array, available_h: Array) -> Array:
    """Fewest vessels that finish whole batches in the hours that one vessel has.

    Parameters
    ----------
    starts : batches in the year, shape (n_draws, n_products, n_sizes)
    cycle_h : hours of vessel time per batch, shape (n_draws, n_products)
    available_h : hours that one vessel has in the year, shape (n_draws, 1)

    Returns
    -------
    Shape (n_draws, n_sizes); infinite where even one batch of each product does not fit.
    """
    cycle = cycle_h[:, :, None]

    def fits(k: Array) -> np.ndarray:
        hours = (np.ceil(starts / np.maximum(k, 1.0)[:, None, :] - ROUNDING) * cycle).sum(axis=1)
        return np.asarray(hours <= available_h + ROUNDING)

    # The hours in all are a lower bound; one batch a vessel is as far as spreading goes.
    low = np.ceil((starts * cycle).sum(axis=1) / available_h - ROUNDING)
    high = np.maximum(starts.max(axis=1), low)
    possible = fits(high)
    while np.any(low < high):
        middle = np.floor((low + high) / 2.0)
        enough = fits(middle)
        high = np.where(enough, middle, high)
        low = np.where(enough, low, np.minimum(middle + 1.0, high))
    return np.where(possible, high, np.inf)


def sufficient_groups(
    peak_kg: Array,
    kg_per_m3: Array,
    cycle_h: Array,
    available_h: Array,
    catalogue_m3: Sequence[float],
    where: str,
    most_vessels: int | None = None,
) -> tuple[Array, Array]:
    """Every catalogue size with the fewest vessels of it that suffice.

    More vessels of a size than suffice are never cheaper, so these are all that can be the
    cheapest. A group that suffices for a need suffices for every smaller one.

    Parameters
    ----------
    peak_kg : wanted in the largest year, shape (n_draws, n_products)
    kg_per_m3 : kg per started batch and m3 of nominal volume, failures taken off, same shape
    cycle_h : hours of vessel time per batch, same shape
    available_h : hours that one vessel has in the year, shape (n_draws, 1)
    catalogue_m3 : sizes that may be chosen
    where : named in faults
    most_vessels : more than this many are bought only in the largest size, so that a small need
        does not become a row of small vessels

    Returns
    -------
    sizes in m3, rising, shape (1, n_sizes), and number of vessels, shape (n_draws, n_sizes);
    number 0 if nothing is wanted, infinite where a size will not do.

    Raises
    ------
    InputError
        if no size and number will do.
    """
    sizes = np.asarray(sorted(catalogue_m3), dtype=np.float64)
    starts = whole_batches(peak_kg[:, :, None], kg_per_m3[:, :, None] * sizes)
    number = fewest_vessels(starts, cycle_h, available_h)
    if most_vessels is not None:
        number = np.where((number <= most_vessels) | (sizes == sizes[-1]), number, np.inf)
    if not np.all(np.isfinite(number).any(axis=1)):
        raise InputError(
            Fault(
                where,
                "no number of vessels can make all products within a year",
                why="one batch of each product with its changeovers takes more hours than a "
                "vessel has",
                next_step="Make fewer products or fewer campaigns in this group",
            )
        )
    return sizes[None, :], number


def undominated(number: Array, *burdens: Array) -> NDArray[np.bool_]:
    """Sizes worth pricing: no smaller one needs no more vessels and brings no larger burden.

    Parameters
    ----------
    number : vessels, sizes rising by column, shape (n_draws, n_sizes); infinite where a size will
        not do
    burdens : what else the choice brings, same shape

    Returns
    -------
    Shape (n_draws, n_sizes); at least one in every draw that has a finite number.
    """
    kept = np.isfinite(number)
    for column in range(1, number.shape[1]):
        beaten_by = kept[:, :column].copy()
        for burden in (number, *burdens):
            beaten_by &= burden[:, :column] <= burden[:, column : column + 1]
        kept[:, column] &= ~beaten_by.any(axis=1)
    return kept


def cheapest(cost: Array, size: Array, number: Array) -> Columns:
    """Column of least cost; if several, of least volume, then of fewest vessels.

    Parameters
    ----------
    cost, size, number : shape (n_draws, n_candidates); infinite cost where there is none

    Returns
    -------
    Whole numbers, shape (n_draws, 1).
    """
    left = cost <= cost.min(axis=1, keepdims=True) * (1.0 + ROUNDING)
    for measure in (size * number, number):
        value = np.where(left, measure, np.inf)
        left = value <= value.min(axis=1, keepdims=True) * (1.0 + ROUNDING)
    return np.asarray(left.argmax(axis=1))[:, None]


def given_group(
    peak_kg: Array,
    kg_per_m3: Array,
    cycle_h: Array,
    available_h: Array,
    vessel_m3: Array | None,
    n_vessels: Array | None,
    catalogue_m3: Sequence[float],
    where: str,
) -> tuple[Array, Array]:
    """Size and number when one of them, or both, are given instead of found.

    With a size, the fewest vessels of it; with a number, the smallest catalogue size of which that
    many suffice; with both, they are taken as they are, whether they suffice or not.

    Parameters
    ----------
    vessel_m3, n_vessels : shape (n_draws, 1) or ``None``; the others as in
        :func:`sufficient_groups`

    Raises
    ------
    InputError
        for a size of zero or less, a number that is not whole, or a need that cannot be met.
    """
    _check_given(vessel_m3, n_vessels, where)
    if vessel_m3 is not None and n_vessels is not None:
        return vessel_m3, n_vessels
    if vessel_m3 is not None:
        starts = whole_batches(peak_kg, kg_per_m3 * vessel_m3)[:, :, None]
        number = fewest_vessels(starts, cycle_h, available_h)
        if not np.all(np.isfinite(number)):
            raise InputError(Fault(where, "no number of vessels of this size will do"))
        return vessel_m3, number
    assert n_vessels is not None
    sizes = np.asarray(sorted(catalogue_m3), dtype=np.float64)
    starts = whole_batches(peak_kg[:, :, None], kg_per_m3[:, :, None] * sizes)
    enough = fewest_vessels(starts, cycle_h, available_h) <= n_vessels
    if not np.all(enough.any(axis=1)):
        what = f"{float(np.min(n_vessels)):g} vessels of {sizes[-1]:g} m3 are too few"
        raise InputError(Fault(where, what, next_step="Give more vessels or a smaller demand"))
    return sizes[enough.argmax(axis=1)][:, None], n_vessels


def _check_given(vessel_m3: Array | None, n_vessels: Array | None, where: str) -> None:
    if vessel_m3 is not None and not np.all(vessel_m3 > 0.0):
        raise InputError(Fault(where, "a vessel size must be above zero"))
    if n_vessels is not None and not np.all(
        (n_vessels >= 0.0) & (np.floor(n_vessels) == n_vessels)
    ):
        raise InputError(Fault(where, "a number of vessels must be whole and zero or more"))
