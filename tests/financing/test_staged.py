"""The staged decision. Oracles: a tree by hand; the order of the three values is a law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.financing import bounds, rule_steps, rule_value

# Four equally likely draws: none, finished forms, substance too.
VALUES = np.array([[0.0, -10, 40], [0, -10, 20], [0, -10, -30], [0, 6, -60]])


def test_a_tree_by_hand() -> None:
    """Fixed: (0, -6, -7.5), so none. All known: (40 + 20 + 0 + 6) / 4."""
    found = bounds(VALUES)
    assert (found.fixed_steps, found.no_learning, found.full_learning) == (0, 0.0, 16.5)
    assert np.isnan(found.rule)
    # After finished forms the price of substance shows: high in the first two draws.
    signals = np.array([[0.0, 2], [0, 2], [0, 1], [0, 1]])
    learnt = bounds(VALUES, signals)
    assert learnt.rule == pytest.approx((40 + 20 - 10 + 6) / 4)
    assert rule_steps(signals, learnt.thresholds).tolist() == [2, 2, 1, 1]


def test_a_later_signal_does_not_reach_an_earlier_step() -> None:
    """Step 2 is not taken by who stopped before, whatever its signal."""
    signals = np.array([[0.0, 9], [1, 9], [1, 0], [0, 0]])
    assert rule_steps(signals, (0.5, 5.0)).tolist() == [0, 2, 1, 0]
    assert rule_value(VALUES, signals, (0.5, 5.0)).tolist() == [0.0, 20.0, -10.0, 0.0]


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), n_draws=st.integers(1, 40), steps=st.integers(1, 3))
def test_learning_is_worth_something_between_nothing_and_all(seed, n_draws, steps) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 100, (n_draws, steps + 1))
    signals = np.round(values[:, 1:] + rng.normal(0, 100, (n_draws, steps)), -1)
    found = bounds(values, signals, 4)
    tolerance = 1e-9
    assert found.no_learning <= found.rule + tolerance
    assert found.rule <= found.full_learning + tolerance
    assert rule_value(values, signals, found.thresholds).mean() == pytest.approx(found.rule)


def test_a_perfect_signal_of_one_step_gives_full_learning() -> None:
    rng = np.random.default_rng(3)
    gain = np.concatenate([rng.uniform(5, 9, 30), rng.uniform(-9, -5, 30)])
    values = np.stack([np.zeros(60), gain], axis=1)
    found = bounds(values, gain[:, None], 9)
    assert found.rule == pytest.approx(found.full_learning)


def test_wrong_shapes_are_named() -> None:
    with pytest.raises(InputError, match="one signal is needed for each of 2 steps"):
        bounds(VALUES, np.zeros((4, 3)))
    with pytest.raises(InputError, match="is not finite"):
        bounds(np.array([[0.0, np.nan]]))
    with pytest.raises(InputError, match="a column for no step"):
        bounds(np.zeros((3, 1)))
