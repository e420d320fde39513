"""Capacity in a window: what is offered between two days.

Oracle: a day-by-day sum written here, and amounts counted by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from facility_strategies import ON, periods
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from virkestoff.facilities import Window, available


def made(found, unit="L", **other) -> Window:
    return Window.model_validate(
        {
            "provider": "p", "does": "d", "unit": unit, "periods": found, "confidence": "firm",
            "verified": ON, "visibility": "public", **other,
        }
    )  # fmt: skip


def by_day(window: Window, first: date, last: date) -> tuple[Fraction, bool]:
    """The slow way: every day gives its part of the period that it lies in."""
    amount, has_unknown, day = Fraction(0), False, first
    while day <= last:
        for period in window.periods:
            if period.from_ <= day <= period.to:
                if period.offerable is None:
                    has_unknown = True
                else:
                    n_days = sum(1 for _ in range((period.to - period.from_).days + 1))
                    amount += Fraction(int(period.offerable)) / n_days
        day += timedelta(days=1)
    return amount, has_unknown


@given(periods(), st.integers(-40, 200), st.integers(0, 120))
def test_the_sum_over_periods_is_the_sum_over_days(found, start, length) -> None:
    window = made(found)
    first = ON + timedelta(days=start)
    last = first + timedelta(days=length)
    amount, has_unknown = by_day(window, first, last)
    seen = available(window, first, last)
    assert (seen.amount, seen.has_unknown) == (amount, has_unknown)
    whole = available(made(found, "batch"), first, last)
    assert whole.amount == amount.numerator // amount.denominator


def test_ten_litres_over_ten_days_are_one_litre_a_day() -> None:
    window = made([{"from": date(2027, 3, 1), "to": date(2027, 3, 10), "offerable": 10}])
    assert available(window, date(2027, 3, 9), date(2027, 4, 1)).amount == 2
    assert available(window, date(2027, 3, 11), date(2027, 4, 1)).amount == 0
    assert available(window, date(2027, 1, 1), date(2027, 12, 31)).amount == 10


def test_a_tenth_is_a_tenth() -> None:
    """Binary fractions would make 0.1 + 0.2 more than 0.3."""
    window = made(
        [
            {"from": date(2027, 1, 1), "to": date(2027, 1, 1), "offerable": 0.1},
            {"from": date(2027, 1, 2), "to": date(2027, 1, 2), "offerable": 0.2},
        ]
    )
    assert available(window, ON, date(2027, 1, 2)).amount == Fraction(3, 10)


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ({"total": 10, "committed": 5, "reserve": 3, "offerable": 3}, "more than the total"),
        ({"total": 10, "offerable": 11}, "more than the total"),
        ({"offerable": -1}, "greater than or equal"),
        ({"offerable": float("nan")}, "finite number"),
        ({"to": date(2026, 1, 1)}, "ends before it starts"),
        ({"from": date(1066, 1, 1)}, "greater than or equal"),
    ],
)
def test_amounts_that_cannot_be_are_refused(period, why) -> None:
    with pytest.raises(ValidationError, match=why):
        made([{"from": ON, "to": date(2027, 2, 1), **period}])


def test_what_can_be_offered_need_not_be_the_rest() -> None:
    period = {"from": ON, "to": ON, "total": 10, "committed": 4, "reserve": 2, "offerable": 1}
    assert available(made([period]), ON, ON).amount == 1


def test_a_day_in_two_periods_would_count_twice() -> None:
    shared = date(2027, 1, 31)
    two = [{"from": ON, "to": shared}, {"from": shared, "to": date(2027, 2, 1)}]
    with pytest.raises(ValidationError, match="two periods hold 2027-01-31"):
        made(two)


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("public", {"public", "registered", "broker"}),
        ("registered", {"registered", "broker"}),
        ("broker", {"broker"}),
    ],
)
def test_a_line_is_seen_from_its_own_level_up(visibility, seen_by) -> None:
    window = made([{"from": ON, "to": ON}], visibility=visibility)
    seen = {v for v in ("public", "registered", "broker") if window.is_seen_by(v)}
    assert seen == seen_by
