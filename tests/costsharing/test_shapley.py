"""The Shapley value.

Oracles: the closed form of Littlechild and Owen for the airport game; textbook games by hand; all
orders of joining in plain loops (twin); Shapley's axioms as laws.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import (
    CostGame,
    is_concave,
    is_in_core,
    shapley,
    shapley_sampled,
)
from virkestoff.costsharing.readable import shapley_by_hand
from virkestoff.errors import InputError

seeds = st.integers(0, 2**32 - 1)


def littlechild_owen(needs) -> np.ndarray:
    """The k-th smallest pays ``sum_{j <= k} (c_j - c_{j-1}) / (n - j + 1)``, c_0 = 0."""
    order = np.argsort(needs, kind="stable")
    rising = np.asarray(needs)[order]
    n = rising.size
    steps = np.diff(rising, prepend=0.0) / (n - np.arange(n))
    shares = np.empty(n)
    shares[order] = np.cumsum(steps)
    return shares


@given(needs=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=7))
@settings(max_examples=40, deadline=None)
def test_airport_game_littlechild_and_owen_1973(airport, needs) -> None:
    game = airport(needs)
    assert is_concave(game).all()
    shares = shapley(game)
    assert shares[0] == pytest.approx(littlechild_owen(needs), abs=1e-9 * max(needs))
    assert is_in_core(game, shares).all()  # Shapley 1971: concave, so in the core


def test_glove_game(glove) -> None:
    """By hand: the right glove meets a left one in four of six orders."""
    assert shapley(glove)[0] == pytest.approx([-1 / 6, -1 / 6, -4 / 6], abs=1e-12)


@pytest.mark.parametrize(
    ("quota", "weights", "power"),
    [
        (3, (2, 1, 1), (4 / 6, 1 / 6, 1 / 6)),  # pivot of the orders, by hand
        (3, (2, 1, 1, 1), (1 / 2, 1 / 6, 1 / 6, 1 / 6)),
        (2, (1, 1, 1), (1 / 3, 1 / 3, 1 / 3)),
    ],
)
def test_weighted_majority_games(majority, quota, weights, power) -> None:
    assert -shapley(majority(weights, quota))[0] == pytest.approx(power, abs=1e-12)


def test_tennessee_valley(tennessee) -> None:
    """Young 1994, "Cost allocation", Handbook of Game Theory II, ch. 34 (recalled); the same by
    averaging six orders by hand, e.g. navigation
    (2 x 163 520 + (301 607 - 140 826) + (378 821 - 250 096) + 2 x (412 584 - 367 370)) / 6."""
    assert shapley(tennessee)[0] == pytest.approx([117_829.0, 100_756.5, 193_998.5], abs=1e-6)


def test_swedish_water_young_okada_hashimoto_1979(sweden) -> None:
    published = [20.01, 10.71, 6.61, 10.37, 16.94, 19.18]
    assert shapley(sweden)[0] == pytest.approx(published, abs=0.011)


def test_two_players_halve_the_saving() -> None:
    """Standard solution: ``x_i = c(i) - (c(1) + c(2) - c(12)) / 2``."""
    game = CostGame(("a", "b"), [[0.0, 6.0, 4.0, 8.0]])
    assert shapley(game)[0] == pytest.approx([5.0, 3.0], abs=1e-12)


@given(seed=seeds, n=st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_twin_all_orders_of_joining(seed: int, n: int) -> None:
    costs = np.concatenate([[0.0], np.random.default_rng(seed).normal(size=2**n - 1)])
    game = CostGame(tuple("abcdef"[:n]), costs)
    slow = shapley_by_hand(game.players, lambda s: float(game.cost(s)[0]))
    assert shapley(game)[0] == pytest.approx(list(slow.values()), abs=1e-12)


@given(seed=seeds, n=st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_axioms(seed: int, n: int) -> None:
    """Efficiency, additivity, dummy, symmetry and covariance on random games."""
    rng = np.random.default_rng(seed)
    players = tuple("abcdef"[:n])
    inside = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    first, second = rng.normal(size=(2, 3, 2**n))
    first[:, 0] = second[:, 0] = 0.0
    one, two = shapley(CostGame(players, first)), shapley(CostGame(players, second))
    assert one.sum(axis=1) == pytest.approx(first[:, -1], abs=1e-12)
    both = shapley(CostGame(players, first + second))
    assert both == pytest.approx(one + two, abs=1e-12)

    own = rng.normal(size=n)
    moved = shapley(CostGame(players, 3.0 * first + inside @ own))
    assert moved == pytest.approx(3.0 * one + own, abs=1e-12)

    without = np.arange(2**n) & ~1
    dummy = shapley(CostGame(players, first[:, without] + 7.0 * inside[:, 0]))
    assert dummy[:, 0] == pytest.approx(7.0, abs=1e-12)

    swapped = (np.arange(2**n) & ~3) | (inside[:, 0] << 1) | inside[:, 1]
    alike = shapley(CostGame(players, first + first[:, swapped]))
    assert alike[:, 0] == pytest.approx(alike[:, 1], abs=1e-12)


def test_any_cut_into_blocks_gives_the_same_bits(random_game) -> None:
    game = random_game(5, 5, n_draws=257)
    whole = shapley(game)
    parts = [shapley(CostGame(game.players, game.costs[a : a + 64])) for a in range(0, 257, 64)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_sampled_value_of_an_airport_with_twenty_aircraft() -> None:
    """Littlechild and Owen 1973 for more players than a table can hold.

    Errors in units of the standard error: for 20 shares within 4, their mean square near one.
    """
    needs = np.linspace(1.0, 39.0, 20)
    players = [f"p{k}" for k in range(20)]
    need = dict(zip(players, needs, strict=True))
    found = shapley_sampled(players, lambda s: max(need[p] for p in s), 1000, 7, "runway")
    exact = littlechild_owen(needs)
    z = (found.share[0] - exact) / found.standard_error[0]
    assert np.abs(z).max() < 4.0
    assert 0.3 < np.mean(z**2) < 2.5
    assert found.share.sum() == pytest.approx(39.0, abs=1e-9)
    assert (found.standard_error[0] < 0.3).all()


def test_the_stated_error_is_the_error_found(airport) -> None:
    """Over 200 streams the estimates spread as the standard error says (law of large numbers)."""
    needs = [1.0, 4.0, 9.0]
    game = airport(needs)
    runs = [
        shapley_sampled(game.players, lambda s: float(game.cost(s)[0]), 40, 1, "run", k)
        for k in range(200)
    ]
    shares = np.array([run.share[0] for run in runs])
    stated = np.sqrt(np.mean([run.standard_error[0] ** 2 for run in runs], axis=0))
    assert shares.mean(axis=0) == pytest.approx(littlechild_owen(needs), abs=0.1)
    assert shares.std(axis=0, ddof=1) == pytest.approx(stated, rel=0.25)


def test_sampling_is_keyed_by_name(airport) -> None:
    game = airport([1.0, 2.0, 5.0, 7.0])

    def run(*key):
        return shapley_sampled(game.players, lambda s: game.cost(s), 8, 3, *key).share

    assert (run("a") == run("a")).all()
    assert (run("a") != run("b")).any()


def test_sampling_keeps_draws_apart(random_game) -> None:
    game = random_game(1, 4, n_draws=3)
    found = shapley_sampled(game.players, lambda s: game.cost(s), 4000, 3)
    assert found.share.shape == (3, 4)
    assert found.share == pytest.approx(shapley(game), abs=5 * found.standard_error.max())


@pytest.mark.parametrize("n_orders", [-2, 0, 2, 7])
def test_too_few_or_odd_orders_are_refused(n_orders: int) -> None:
    with pytest.raises(InputError, match="is not an even number from 4") as caught:
        shapley_sampled(["a", "a"], len, n_orders, 1)
    assert len(caught.value.faults) == 2  # and the name that stands twice


def test_a_sampled_cost_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(InputError, match="is not a finite number"):
        shapley_sampled(["a", "b"], lambda s: float("nan"), 4, 1)
    known = {frozenset({"a"}): 1.0, frozenset({"b"}): 1.0}
    with pytest.raises(InputError, match=r"cost of a \+ b: is not given"):
        shapley_sampled(["a", "b"], known.__getitem__, 4, 1)
