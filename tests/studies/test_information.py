"""Worth of information. Oracles: unit normal loss in closed form; discrete cases by brute force."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from virkestoff.randomness import stratified
from virkestoff.studies.information import partial, partial_of_group, perfect


def _normal(seed: int, name: str, n: int) -> np.ndarray:
    return norm.ppf(stratified(seed, name, n_draws=n))


def _unit_normal_loss(mean: float, sd: float) -> float:
    """E[max(0, X)] - max(0, E X) of a normal X (Raiffa and Schlaifer 1961)."""
    k = abs(mean) / sd
    return sd * (float(norm.pdf(k)) - k * float(norm.sf(k)))


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.5])
def test_two_linear_gaussian_alternatives(mean: float) -> None:
    """L(b) - L(a) = mean + x + 2 y: what each is worth, alone and together, is known."""
    n = 20_000
    x, y, z = (_normal(11, name, n) for name in "xyz")
    losses = {"a": np.full(n, 3.0), "b": 3.0 + mean + x + 2 * y}
    everything = _unit_normal_loss(mean, math.sqrt(5))
    found = perfect(losses)
    assert found.value == pytest.approx(everything, abs=4 * found.se)
    for fact, sd in ((x, 1.0), (y, 2.0)):
        worth = partial(losses, fact)
        assert worth.value == pytest.approx(_unit_normal_loss(mean, sd), abs=4 * worth.se + 2e-3)
    assert partial(losses, z, 100).value == 0.0
    together = partial_of_group(losses, {"x": x, "y": y, "z": z})
    assert together.value == pytest.approx(everything, abs=4 * together.se)


def test_the_mean_over_seeds_is_free_of_the_upward_bias() -> None:
    """Forty runs of 1,000 draws: the mean estimate is within 5 per cent of the closed form."""
    n, found = 1000, []
    for seed in range(40):
        x, y = _normal(seed, "x", n), _normal(seed, "y", n)
        found.append(partial({"a": np.zeros(n), "b": 0.3 + 1.5 * x + y}, x).value)
    assert np.mean(found) == pytest.approx(_unit_normal_loss(0.3, 1.5), rel=0.05)


def test_facts_without_influence_are_worth_nothing_nineteen_times_in_twenty() -> None:
    n, n_facts, passed = 600, 30, 0
    for seed in range(40):
        noise = _normal(seed, "noise", n)
        losses = {"a": np.zeros(n), "b": noise, "c": 0.1 + np.roll(noise, 7)}
        passed += any(
            partial(losses, _normal(seed, f"x{i}", n), n_facts).value > 0 for i in range(n_facts)
        )
    assert passed <= 6  # binomial(40, 0.05) exceeds six with probability 0.003


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(-9, 9), min_size=6, max_size=6), min_size=2, max_size=4))
def test_discrete_cases_against_brute_force(table: list[list[int]]) -> None:
    """x has three values and y two, all equally likely; losses are any table over the six."""
    states = list(product(range(3), range(2)))
    n_each = 40  # every state equally often, in an order that both halves of the draws see
    x = np.tile([s[0] for s in states], n_each).astype(float)
    y = np.tile([s[1] for s in states], n_each).astype(float)
    order = np.random.default_rng(3).permutation(x.size)
    losses = {f"a{i}": np.tile(row, n_each).astype(float)[order] for i, row in enumerate(table)}
    mean = [sum(row) / 6 for row in table]
    best = min(mean)
    known = sum(min(row[s] for row in table) for s in range(6)) / 6
    assert perfect(losses).value == pytest.approx(best - known)
    for fact, place in ((x, 0), (y, 1)):
        values = {s[place] for s in states}
        worth = best
        gaps = []
        for value in values:
            within = [i for i, s in enumerate(states) if s[place] == value]
            costs = sorted(sum(row[i] for i in within) / len(within) for row in table)
            worth -= costs[0] * len(within) / 6
            gaps.append(costs[1] - costs[0])
        found = partial(losses, fact[order])
        # zero where it cannot be told from noise, and never more than the truth and its error
        assert found.value <= worth + 4 * found.se + 1e-9
        if worth > 6 * found.se + 1e-9 and min(gaps) > 2:
            assert found.value == pytest.approx(worth, abs=4 * found.se + 1e-9)


def test_what_decides_fully_is_worth_the_whole() -> None:
    """b wins where x is above a half: known exactly, with no other uncertainty."""
    x = stratified(1, "x", n_draws=4000)
    losses = {"a": np.zeros(4000), "b": 0.5 - x}
    assert perfect(losses).value == pytest.approx(1 / 8, rel=0.01)
    assert partial(losses, x).value == pytest.approx(1 / 8, rel=0.02)


def test_one_that_always_wins_leaves_nothing_to_learn() -> None:
    x = stratified(1, "x", n_draws=400)
    losses = {"a": x, "b": x + 1}
    assert (perfect(losses).value, partial(losses, x).value) == (0.0, 0.0)
    assert partial({"a": x[:8], "b": 1 - x[:8]}, x[:8]).value == 0.0  # too few draws to say
