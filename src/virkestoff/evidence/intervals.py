"""Which values a printed statement allows: its qualifier and its rounding widen it."""

from __future__ import annotations

import math

from virkestoff.evidence.fact import Statistic

__all__ = ["Interval", "allowed", "last_unit", "meet"]

Interval = tuple[float, float]
# constant: a figure printed with one digit is read as given to two (100 is 95 to 105)
_FEWEST_DIGITS = 2


def last_unit(x: float) -> float:
    """The size of one unit in the last digit that was printed.

    ``53.6`` gives 0.1, ``18132`` gives 1 and ``54e9`` gives 1e9. Trailing zeros of a whole number
    are read as rounding, but never beyond the second digit: ``100`` gives 10.
    """
    if x == 0:
        return 1.0
    mantissa, exponent = f"{abs(x):.9e}".split("e")
    digits = max(len(mantissa.replace(".", "").rstrip("0")), _FEWEST_DIGITS)
    return float(10.0 ** (int(exponent) - digits + 1))


def allowed(statistic: Statistic, rounded: bool = True) -> Interval:
    """The lowest and highest value that the statement allows, in its own unit.

    A figure stands for all that round to it: half a unit of its last digit either way. "About" is
    twice as wide; "nearly" reaches one unit down and "just over" one unit up. "More than" and
    "less than" or "up to" are open to one side. ``rounded=False`` takes an exact figure as it is
    printed.

    Raises
    ------
    ValueError
        if the statistic has no value.
    """
    value = statistic.value
    if value is None:
        raise ValueError(f"{statistic.id} has no value")
    if isinstance(value, tuple):
        return float(min(value)), float(max(value))
    centre = float(value)
    half = last_unit(centre) / 2
    if statistic.qualifier == "nearly":
        return centre - 2 * half, centre
    if statistic.qualifier == "just_over":
        return centre, centre + 2 * half
    if statistic.qualifier == "more_than":
        return centre, math.inf
    if statistic.qualifier in ("up_to", "less_than"):
        return -math.inf, centre
    if statistic.qualifier == "about":
        half *= 2
    elif not rounded:
        half = 0.0
    return centre - half, centre + half


def meet(first: Interval, second: Interval) -> bool:
    """Whether two intervals share a value; a hair's breadth of arithmetic does not part them."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    hair = 1e-9 * max((abs(x) for x in (low, high) if math.isfinite(x)), default=0.0)
    return low <= high + hair
