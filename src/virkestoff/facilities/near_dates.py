"""The smallest change of dates in which a line has what is wanted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from virkestoff.facilities.amounts import exact, rounded_down
from virkestoff.facilities.request import Need
from virkestoff.facilities.window import Window, last_day
from virkestoff.facilities.window_check import least_wanted, needs_gmp

__all__ = ["LONGEST_SHIFT_DAYS", "period_changes"]

LONGEST_SHIFT_DAYS = 3660  # constant: ten years; nobody waits longer
Kind = Literal["shift", "later_end", "earlier_start"]
Enough = Callable[[int, int], bool]


class _Until:
    """What a line offers up to and with a day, from sums over its periods in order."""

    def __init__(self, window: Window) -> None:
        self._periods = sorted(window.periods, key=lambda p: p.from_)
        self._starts = [p.from_.toordinal() for p in self._periods]
        offered = [Fraction(0) if p.offerable is None else exact(p.offerable)
                   for p in self._periods]  # fmt: skip
        self._rates = [a / p.n_days for a, p in zip(offered, self._periods, strict=True)]
        self._before = [Fraction(0), *accumulate(offered)]
        unknown = [p.n_days if p.offerable is None else 0 for p in self._periods]
        self._unknown_before = [0, *accumulate(unknown)]

    def amount(self, day: int) -> tuple[Fraction, int]:
        """The amount, and the number of days of which it is not stated."""
        index = bisect_right(self._starts, day) - 1
        if index < 0:
            return Fraction(0), 0
        n_days = min(day - self._starts[index] + 1, self._periods[index].n_days)
        is_unknown = self._periods[index].offerable is None
        return (self._before[index] + self._rates[index] * n_days,
                self._unknown_before[index] + (n_days if is_unknown else 0))  # fmt: skip


def _enough(need: Need, window: Window, on: int) -> Enough:
    """Whether the line may have what is wanted from a day to a day, both as ordinals.

    The same as the verdict on capacity (``no`` is False), without its words: it is asked for
    thousands of days.
    """
    wanted = least_wanted(need, window)
    latest = last_day(window).toordinal()
    if needs_gmp(need) and window.certificate is not None:
        latest = min(latest, window.certificate.expires.toordinal())
    until = _Until(window)

    def is_enough(first: int, last: int) -> bool:
        first, last = max(first, on), min(last, latest)
        if last < first:
            return False
        (high, n_high), (low, n_low) = until.amount(last), until.amount(first - 1)
        if n_high > n_low:
            return True
        amount = rounded_down(high - low, window.unit)
        return amount > 0 if wanted is None else amount >= wanted

    return is_enough


def _nearest(is_enough: Callable[[int], bool], most: int) -> int | None:
    """The fewest days with which it is enough, where more days never offer less."""
    if most < 1 or not is_enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if is_enough(middle):
            high = middle
        else:
            low = middle
    return high


def _shift(is_enough: Enough, first: int, last: int, bounds: tuple[int, int]) -> int | None:
    """The fewest days by which the whole is moved; later if both ways are as far."""
    most_later = min(bounds[1] - first, LONGEST_SHIFT_DAYS)
    most_earlier = min(last - bounds[0], LONGEST_SHIFT_DAYS)
    for n_days in range(1, max(most_later, most_earlier) + 1):
        if n_days <= most_later and is_enough(first + n_days, last + n_days):
            return n_days
        if n_days <= most_earlier and is_enough(first - n_days, last - n_days):
            return -n_days
    return None


def period_changes(
    need: Need, window: Window, on: date
) -> Iterator[tuple[Kind, date | None, date | None]]:
    """The period moved as a whole, with a later end, and with an earlier start, where that helps.

    Yields
    ------
    The kind of change, the new first day and the new last day.
    """
    today, end = on.toordinal(), last_day(window).toordinal()
    is_enough = _enough(need, window, today)
    first = need.from_.toordinal() if need.from_ else today
    last = need.to.toordinal() if need.to else end
    if is_enough(first, last):
        return
    if need.from_ and need.to:
        begin = max(today, min(p.from_.toordinal() for p in window.periods))
        moved = _shift(is_enough, first, last, (begin, end))
        if moved is not None:
            yield "shift", date.fromordinal(first + moved), date.fromordinal(last + moved)
    if need.to:
        n_days = _nearest(lambda n: is_enough(first, last + n), end - last)
        if n_days is not None:
            yield "later_end", need.from_, date.fromordinal(last + n_days)
    if need.from_:
        n_days = _nearest(lambda n: is_enough(first - n, last), first - today)
        if n_days is not None:
            yield "earlier_start", date.fromordinal(first - n_days), need.to
