"""The slow readable twin: one draw, plain loops, no arrays.

It states the rules of :mod:`vessels` and :mod:`calendar` as a person would carry them out. Tests
hold the fast kernel to it on random inputs; it is not used to produce results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["YearOfProduct", "cheapest_group_slowly", "failed_batches", "run_years_slowly"]

_ROUNDING = 1e-9


def cheapest_group_slowly(
    peak_kg: Sequence[float],
    kg_per_m3: Sequence[float],
    cycle_h: Sequence[float],
    available_h: float,
    catalogue_m3: Sequence[float],
    cost: Callable[[float, int, int], float],
    most_vessels: int | None = None,
) -> tuple[float, int] | None:
    """Try every size and number; return (m3, number) or ``None`` if nothing will do.

    Parameters
    ----------
    cost : of a size in m3, a number of vessels and the batches of the year, NOK; more vessels than
        suffice may not be cheaper
    """
    found: list[tuple[float, float, int, float]] = []  # cost, volume, number, size
    for size in catalogue_m3:
        starts = [
            max(math.ceil(kg / (density * size) - _ROUNDING), 0)
            for kg, density in zip(peak_kg, kg_per_m3, strict=True)
        ]
        number = _fewest(starts, cycle_h, available_h)
        if number is None:
            continue
        if most_vessels is not None and number > most_vessels and size != max(catalogue_m3):
            continue
        found.append((cost(size, number, sum(starts)), number * size, number, size))
    for measure in range(3):
        least = min((one[measure] for one in found), default=0.0)
        found = [one for one in found if one[measure] <= least * (1.0 + _ROUNDING)]
    # Nothing wanted leaves every size with no vessel: the smallest is named.
    return min(((one[3], one[2]) for one in found), default=None)


def _fewest(starts: Sequence[int], cycle_h: Sequence[float], available_h: float) -> int | None:
    if not any(starts):
        return 0
    for number in range(1, max(sum(starts), 1) * 1000):
        hours = sum(
            math.ceil(s / number - _ROUNDING) * h for s, h in zip(starts, cycle_h, strict=True)
        )
        if hours <= available_h + _ROUNDING:
            return number
        if number >= max(starts):
            return None  # every vessel already has one batch of each product
    return None


@dataclass(frozen=True)
class YearOfProduct:
    """Batches started, kg made and kg short in one year."""

    starts: int
    made_kg: float
    short_kg: float


def failed_batches(uniform: float, starts: int, failure: float) -> int:
    """Failed batches among `starts` by walking up the binomial distribution."""
    below = 0.0
    for failed in range(starts + 1):
        chance = math.comb(starts, failed) * failure**failed * (1.0 - failure) ** (starts - failed)
        below += chance
        if below >= uniform:
            return failed
    return starts


def run_years_slowly(
    wanted_kg: Sequence[Sequence[float]],
    batch_kg: Sequence[float],
    failure: Sequence[float],
    cycle_h: Sequence[float],
    n_vessels: int,
    available_h: float,
    uniforms: Sequence[Sequence[float]] | None = None,
) -> list[list[YearOfProduct]]:
    """Run products (rows) through years (columns); products earlier in the list go first."""
    n_products, n_years = len(wanted_kg), len(wanted_kg[0])
    stock = [0.0] * n_products
    result: list[list[YearOfProduct]] = [[] for _ in range(n_products)]
    for year in range(n_years):
        used_h = 0.0
        for p in range(n_products):
            want = wanted_kg[p][year]
            missing = max(want - stock[p], 0.0)
            ask = math.ceil(missing / (batch_kg[p] * (1.0 - failure[p])) - _ROUNDING)
            left_h = max(available_h - used_h, 0.0)
            room = n_vessels * math.floor(left_h / cycle_h[p] + _ROUNDING)
            starts = min(max(ask, 0), room)
            used_h += math.ceil(starts / max(n_vessels, 1) - _ROUNDING) * cycle_h[p]
            if uniforms is None:
                made = starts * (1.0 - failure[p]) * batch_kg[p]
            else:
                failed = failed_batches(uniforms[p][year], starts, failure[p])
                made = (starts - failed) * batch_kg[p]
            gap = max(want - stock[p] - made, 0.0)
            short = gap if gap > _ROUNDING * want else 0.0
            stock[p] = max(stock[p] + made - want, 0.0)
            result[p].append(YearOfProduct(starts, made, short))
    return result
