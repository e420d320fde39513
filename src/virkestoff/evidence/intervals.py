"""Which values a printed statement allows: its qualifier and its rounding widen it."""

from __future__ import annotations

import math

from virkestoff.evidence.fact import ReadsAs, Statistic

__all__ = ["Interval", "agree", "allowed", "last_unit", "meet"]

Interval = tuple[float, float]
# constant: trailing zeros of a whole number are rounding, but not the second digit (100: 95-105)
_FEWEST_DIGITS = 2
# constant: a fraction in words (a third, four of five) is read to two percentage points either way
_WORDS = 0.02
_SHARES = ("1", "1/year")
_TENTH = 0.1  # constant: "nearly" and "just over" a number of one digit reach at most a tenth


def _digits(x: float) -> tuple[int, int]:
    """How many digits a number has without its zeros, and the power of ten of the first."""
    mantissa, exponent = f"{abs(x):.9e}".split("e")
    return len(mantissa.replace(".", "").rstrip("0")), int(exponent)


def last_unit(x: float) -> float:
    """The size of one unit in the last digit that was printed.

    ``53.6`` gives 0.1, ``18132`` gives 1 and ``54e9`` gives 1e9. Trailing zeros of a whole number
    are read as rounding, but never beyond the second digit: ``100`` gives 10. A single digit is
    read as it stands, also before thousand, million or billion: ``6`` gives 1, ``9e9`` gives 1e9.
    """
    if x == 0:
        return 1.0
    digits, exponent = _digits(x)
    one_digit = digits == 1 and (exponent < 1 or exponent % 3 == 0)
    least = 1 if one_digit else _FEWEST_DIGITS
    return float(10.0 ** (exponent - max(digits, least) + 1))


def _printed_unit(statistic: Statistic, x: float, reads_as: ReadsAs) -> float:
    """The last unit of a value as it was printed: a share is printed as a percentage."""
    if statistic.unit in _SHARES and reads_as in ("share", "points"):
        return last_unit(100 * x) / 100 if x else 0.01  # constant: one per cent
    return last_unit(x)


def _reach(statistic: Statistic, x: float, reads_as: ReadsAs) -> float:
    """How far "nearly" and "just over" reach: one last unit; with one digit, half of that digit."""
    if statistic.is_fraction:
        return 2 * _WORDS
    digits, exponent = _digits(x)
    if digits == 1:
        return float(min(10.0**exponent / 2, abs(x) * _TENTH))
    return _printed_unit(statistic, x, reads_as)


def allowed(statistic: Statistic, rounded: bool = True, reads_as: ReadsAs = "share") -> Interval:
    """The lowest and highest value that the statement allows, in its own unit.

    A figure stands for all that round to it: half a unit of its last digit either way. "About" is
    twice as wide. "Nearly" reaches down by one unit of the last digit and "just over" up by one;
    a number of one digit by half of that digit and at most a tenth ("nearly 90" is 85 to 90,
    "just over 40" is 40 to 44). "At least", "more than", "less than" and "up to" are open to one
    side. A fraction in words is read to two percentage points either way. ``rounded=False`` takes
    an exact figure as it is printed, and so does ``reads_as="count"`` for whole numbers below a
    thousand and for those whose last digit is no zero.

    Raises
    ------
    ValueError
        if the statistic has no value.
    """
    value = statistic.value
    if value is None:
        raise ValueError(f"{statistic.id} has no value")
    qualifier = statistic.qualifier
    if isinstance(value, tuple):
        low, high = float(min(value)), float(max(value))
        return low, math.inf if qualifier in ("at_least", "more_than") else high
    centre = float(value)
    if qualifier == "nearly":
        return centre - _reach(statistic, centre, reads_as), centre
    if qualifier == "just_over":
        return centre, centre + _reach(statistic, centre, reads_as)
    if qualifier in ("more_than", "at_least"):
        return centre, math.inf
    if qualifier in ("up_to", "less_than"):
        return -math.inf, centre
    half = _WORDS if statistic.is_fraction else _printed_unit(statistic, centre, reads_as) / 2
    if qualifier == "about":
        half *= 2
    elif not rounded or (reads_as == "count" and _is_counted_out(centre)):
        half = 0.0
    return centre - half, centre + half


def _is_counted_out(x: float) -> bool:
    """Whether a count is printed to the last one: small, or no zero at its end."""
    return x == int(x) and (abs(x) < 1000 or int(x) % 10 != 0)  # constant: what one counts out


def meet(first: Interval, second: Interval) -> bool:
    """Whether two intervals share a value; a hair's breadth of arithmetic does not part them."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return low <= high + _hair(low, high)


def _hair(low: float, high: float) -> float:
    return 1e-9 * max((abs(x) for x in (low, high) if math.isfinite(x)), default=0.0)


def agree(
    one: Statistic, first: Interval, other: Statistic, second: Interval
) -> bool:
    """Whether two statements can both hold, ``first`` and ``second`` being what they allow.

    Two rounded figures that only touch do not agree: nothing rounds to both 6.7 and 6.8.
    """
    if not meet(first, second):
        return False
    low, high = max(first[0], second[0]), min(first[1], second[1])
    only_touch = abs(high - low) <= _hair(low, high)
    rounded = all(
        s.qualifier in ("exact", "about") and not isinstance(s.value, tuple) and i[1] > i[0]
        for s, i in ((one, first), (other, second))
    )
    return not (only_touch and rounded)
