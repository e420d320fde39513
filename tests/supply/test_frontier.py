"""Costs of protection and the frontier. Oracles: arithmetic by hand, and brute force over mixes."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.supply import break_even_frequency, cost_per_avoided, frontier


def test_ratios_by_hand_and_where_they_have_no_meaning() -> None:
    cost = np.array([100.0, 100.0, 100.0, -50.0, 0.0, 0.0])
    less = np.array([20.0, 0.0, -5.0, 25.0, 4.0, 0.0])
    np.testing.assert_array_equal(
        cost_per_avoided(cost, less), [5.0, np.nan, np.nan, -2.0, 0.0, np.nan]
    )


def test_shapes_are_broadcast() -> None:
    assert cost_per_avoided(np.ones((3, 1)), np.full((1, 4), 2.0)).shape == (3, 4)


def test_frequency_by_hand() -> None:
    found = break_even_frequency([2e6, 2e6, -3e6, 0.0, 5e8, -1.0], [1e8, 0.0, 1e8, 1e8, 1e8, -1.0])
    np.testing.assert_array_equal(found, [0.02, np.nan, 0.0, 0.0, 5.0, np.nan])


@given(st.floats(1.0, 1e9), st.floats(1.0, 1e10))
def test_at_the_break_even_frequency_readiness_pays_exactly(cost: float, loss: float) -> None:
    assert break_even_frequency(cost, loss).item() * loss == pytest.approx(cost, rel=1e-12)


def test_a_frontier_by_hand() -> None:
    """Today, stock, contract, plant, a dear stock (dominated), a half measure (beaten by a mix)."""
    costs = [0.0, 10.0, 30.0, 200.0, 15.0, 8.0]
    missing = [100.0, 40.0, 20.0, 10.0, 45.0, 90.0]
    found = frontier(costs, missing)
    assert found.standing == (
        "efficient", "efficient", "efficient", "efficient", "dominated", "extended_dominated",
    )  # fmt: skip
    assert found.order == (0, 1, 2, 3)
    np.testing.assert_allclose(found.step_cost, [np.nan, 10 / 60, 1.0, 17.0], rtol=1e-15)


def test_equals_stand_together_and_a_saving_is_no_fault() -> None:
    found = frontier([0.0, 5.0, 5.0, -2.0], [10.0, 4.0, 4.0, 9.0])
    assert found.standing == ("dominated", "efficient", "efficient", "efficient")
    assert found.order == (3, 1)
    same = frontier([0.0, 6.0, 6.0, 10.0], [10.0, 8.0, 8.0, 0.0])
    assert same.standing == (
        "efficient", "extended_dominated", "extended_dominated", "efficient",
    )  # fmt: skip


points = st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 20)), min_size=1, max_size=9)


@given(points)
def test_brute_force_over_all_pairs_and_mixes(pairs: list[tuple[int, int]]) -> None:
    """Whole numbers, so that products and comparisons are exact.

    A mix of a and b with weight t beats i when it leaves no more missing and costs less. The
    least cost at which a and b leave no more than i is at the weight where missing is equal.
    """
    found = frontier([float(c) for c, _ in pairs], [float(m) for _, m in pairs])
    for i, (cost, left) in enumerate(pairs):
        is_dominated = any(
            c <= cost and m <= left and (c < cost or m < left) for c, m in pairs
        )
        is_mixed = any(
            ma > left > mb and (cost - ca) * (ma - mb) > (cb - ca) * (ma - left)
            for (ca, ma), (cb, mb) in permutations(pairs, 2)
        )
        expected = (
            "dominated" if is_dominated else "extended_dominated" if is_mixed else "efficient"
        )
        assert found.standing[i] == expected, (pairs, i)
    steps = found.step_cost[1:]
    assert np.isnan(found.step_cost[0])
    assert (np.diff(steps) >= -1e-9).all()
    assert (steps > 0).all()


def test_bad_input_is_named() -> None:
    with pytest.raises(InputError, match="Give one cost"):
        frontier([1.0], [1.0, 2.0])
    with pytest.raises(InputError, match="Give one cost"):
        frontier([], [])
    with pytest.raises(InputError) as caught:
        frontier([1.0, np.nan], [np.inf, 2.0])
    assert len(caught.value.faults) == 2
