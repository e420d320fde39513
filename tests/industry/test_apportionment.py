"""Amounts that sum exactly to a total, whatever the parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.industry.apportionment import (
    crossed,
    in_whole_numbers,
    scaled,
    shares_of,
    shifted,
    warped,
)

weights = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30).map(np.array)


def test_seats_by_the_largest_remainder() -> None:
    """Hamilton's method by hand: 10 seats by 6, 3 and 1.5 parts: 5.71, 2.86, 1.43."""
    assert shares_of(10, np.array([6.0, 3.0, 1.5])).tolist() == [6, 3, 1]


@given(weights, st.integers(0, 10**12))
def test_whole_numbers_sum_and_stay_within_one(parts: np.ndarray, total: int) -> None:
    found = shares_of(total, parts)
    assert found.sum() == total
    assert (np.abs(found - total * parts / parts.sum()) < 1 + 1e-3).all()


@given(weights, st.floats(0, 1))
def test_scaled_parts_keep_limits_and_total(raw: np.ndarray, place: float) -> None:
    low, high = raw * 0.25, raw * 4
    total = float(low.sum() + place * (high.sum() - low.sum()))
    found = scaled(raw, total, low, high)
    assert found.sum() == pytest.approx(total, rel=1e-9)
    assert (found >= low).all() and (found <= high).all()
    free = (found > low) & (found < high)
    if free.sum() > 1:  # those off the limits keep their proportions
        assert np.ptp(found[free] / raw[free]) == pytest.approx(0, abs=1e-9 * found.max())


@given(
    st.lists(st.floats(0.001, 0.999), min_size=2, max_size=30, unique=True), st.floats(0.05, 0.9)
)
def test_warped_parts_keep_order_limits_and_total(u: list[float], place: float) -> None:
    n = len(u)
    low, high = np.full(n, 10.0), np.full(n, 1e6)
    total = float(low.sum() + place * (high.sum() - low.sum()))
    found = warped(np.array(u), total, low, high)
    assert found.sum() == pytest.approx(total, rel=1e-6)
    assert (found >= low * (1 - 1e-12)).all() and (found <= high * (1 + 1e-12)).all()
    assert (np.diff(found[np.argsort(u)]) >= 0).all()


def test_shifted_parts_meet_a_negative_total() -> None:
    step = np.array([10.0, 20.0, 30.0])
    found = shifted(np.zeros(3), step, -6.0, -step, step)
    assert found == pytest.approx([-1, -2, -3])


def test_crossing_keeps_margins_and_odds() -> None:
    """Iterative fitting changes no odds ratio: (a d) / (b c) stays that of the seed."""
    seed = np.array([[4.0, 1.0], [2.0, 3.0]])
    found = crossed(seed, np.array([30.0, 70.0]), np.array([45.0, 55.0]))
    assert found.sum(axis=1) == pytest.approx([30, 70])
    assert found.sum(axis=0) == pytest.approx([45, 55])
    odds = found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0])
    assert odds == pytest.approx(6.0)


def test_what_cannot_be_reached_is_a_fault() -> None:
    one = np.ones(3)
    with pytest.raises(InputError, match="cannot be reached"):
        scaled(one, 10.0, one, one * 2)
    with pytest.raises(InputError, match="cannot be reached"):
        warped(one / 2, 10.0, one, one * 2)
    with pytest.raises(InputError, match="cannot be reached"):
        in_whole_numbers(one, 10, np.ones(3, np.int64), np.ones(3, np.int64))
