"""The smallest change of dates in which a line has what is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from virkestoff.facilities.request import Need
from virkestoff.facilities.window import Window, last_day, shifted
from virkestoff.facilities.window_check import has_capacity

__all__ = ["LONGEST_SHIFT_DAYS", "period_changes"]

LONGEST_SHIFT_DAYS = 3660  # constant: ten years; nobody waits longer
Kind = Literal["shift", "later_end", "earlier_start"]


def _with(need: Need, first: date | None, last: date | None) -> Need:
    return need.model_copy(update={"from_": first, "to": last})


def _shift(need: Need, window: Window, on: date) -> tuple[date, date] | None:
    """The whole period moved by the fewest days; later if both ways are as far."""
    if need.from_ is None or need.to is None:
        return None
    first_day = min(period.from_ for period in window.periods)
    latest = min((last_day(window) - need.from_).days, LONGEST_SHIFT_DAYS)
    earliest = min((need.to - max(first_day, on)).days, LONGEST_SHIFT_DAYS)
    for n_days in range(1, max(latest, earliest) + 1):
        for signed in (n_days, -n_days):
            if -earliest <= signed <= latest:
                moved = shifted(need.from_, signed), shifted(need.to, signed)
                if has_capacity(_with(need, *moved), window, on):
                    return moved
    return None


def _later_end(need: Need, window: Window, on: date) -> date | None:
    """The earliest later last day; more days never offer less, so the half is searched."""
    if need.to is None or need.to >= last_day(window):
        return None
    low, high = 0, (last_day(window) - need.to).days
    if not has_capacity(_with(need, need.from_, shifted(need.to, high)), window, on):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if has_capacity(_with(need, need.from_, shifted(need.to, middle)), window, on):
            high = middle
        else:
            low = middle
    return shifted(need.to, high)


def _earlier_start(need: Need, window: Window, on: date) -> date | None:
    """The latest earlier first day, not before the day of the question."""
    if need.from_ is None or need.from_ <= on:
        return None
    low, high = 0, (need.from_ - on).days
    if not has_capacity(_with(need, on, need.to), window, on):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if has_capacity(_with(need, shifted(need.from_, -middle), need.to), window, on):
            high = middle
        else:
            low = middle
    return shifted(need.from_, -high)


def period_changes(
    need: Need, window: Window, on: date
) -> Iterator[tuple[Kind, date | None, date | None]]:
    """The period moved as a whole, with a later end, and with an earlier start, where that helps.

    Yields
    ------
    The kind of change, the new first day and the new last day.
    """
    if has_capacity(need, window, on):
        return
    moved = _shift(need, window, on)
    if moved is not None:
        yield "shift", *moved
    end = _later_end(need, window, on)
    if end is not None:
        yield "later_end", need.from_, end
    start = _earlier_start(need, window, on)
    if start is not None:
        yield "earlier_start", start, need.to
