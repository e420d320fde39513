"""Cost games: what is refused, what they are like, and the cheapest way.

Oracles: each fault stated by hand; definitions of the properties in plain loops over sets; the
partitions of three players written out.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import (
    MAX_PLAYERS,
    CostGame,
    cheapest_ways,
    cost_game,
    is_concave,
    is_monotone,
    is_subadditive,
    savings,
    subadditive_cover,
)
from virkestoff.errors import InputError

S = frozenset
seeds = st.integers(0, 2**32 - 1)


def faults_of(call) -> list[str]:
    with pytest.raises(InputError) as caught:
        call()
    return [str(fault) for fault in caught.value.faults]


def test_a_game_may_be_given_by_names_by_bits_or_by_a_function() -> None:
    by_name = cost_game(["no", "se"], {S({"no"}): 3, S({"se"}): 4.0, S({"no", "se"}): 5.0})
    by_bits = cost_game(["no", "se"], {0: 0.0, 1: 3.0, 2: 4.0, 3: 5.0})
    by_call = cost_game(["no", "se"], lambda s: {1: 0.0, 2: 5.0}[len(s)] or 3.0 + ("se" in s))
    assert (by_name.costs == by_bits.costs).all()
    assert (by_name.costs == by_call.costs).all()
    assert by_name.cost(["se", "no"]) == 5.0
    assert by_name.coalition(0b10) == {"se"}
    assert by_name.name(3) == "no + se"


def test_draws_are_kept_apart_and_numbers_hold_in_every_draw() -> None:
    game = cost_game(["a", "b"], {1: np.array([1.0, 3.0]), 2: 4.0, 3: np.array([4.0, 5.0])})
    assert game.costs.tolist() == [[0.0, 1.0, 4.0, 4.0], [0.0, 3.0, 4.0, 5.0]]
    assert game.mean().costs.tolist() == [[0.0, 2.0, 4.0, 4.5]]
    with pytest.raises(ValueError, match="read-only"):
        game.costs[0, 1] = 2.0


def test_all_faults_of_a_table_come_at_once() -> None:
    def call():
        cost_game(
            ["norway", "sweden", "iceland", "finland"],
            {
                S({"norway"}): float("nan"),
                S({"sweden"}): 2.0,
                S({"norwya"}): 3.0,
                S({"sweden", "iceland"}): np.array([[1.0]]),
                S({"norway", "iceland"}): "dear",
                S({"norway", "sweden"}): np.ones(3),
                S({"norway", "sweden", "iceland"}): np.ones(4),
                "iceland": 2.0,
                S(): 1.0,
            },
        )

    assert faults_of(call) == [
        "cost of norway: is not a finite number in 1 of 1 draws",
        "coalition ['norwya']: 'norwya' is no player. Did you mean 'norway'?",
        "cost of sweden + iceland: shape (1, 1) is not (n_draws,)",
        "cost of norway + iceland: 'dear' is no number",
        "coalition 'iceland': is neither a frozenset of names nor a bitmask below 16",
        "player 'finland': is in no coalition that has a cost",
        "cost of iceland: is not given",
        "cost of nobody: is not zero (a coalition without members buys nothing)",
        "costs: coalitions differ in their number of draws: [3, 4]",
    ]


def test_a_coalition_that_the_function_does_not_know_is_named() -> None:
    known = {S({"a"}): 1.0, S({"b"}): 2.0}
    assert faults_of(lambda: cost_game(["a", "b"], known.__getitem__)) == [
        "cost of a + b: is not given"
    ]


def test_many_missing_coalitions_are_counted() -> None:
    found = faults_of(lambda: cost_game(list("abcdef"), {0b111111: 1.0}))
    assert len(found) == 21
    assert found[-1] == "costs: 42 more coalitions have no cost"


def test_a_coalition_given_twice_is_refused() -> None:
    found = faults_of(lambda: cost_game(["a"], {S({"a"}): 1.0, 1: 1.0}))
    assert found == ["cost of a: is given twice"]


@pytest.mark.parametrize(
    ("players", "what"),
    [
        ([], "there is none"),
        (["a", "a"], "'a' stands there twice"),
        ("ab", "is not a list of names"),
        ([f"p{k}" for k in range(MAX_PLAYERS + 1)], "13 are more than 12"),
    ],
)
def test_players_that_are_refused(players, what) -> None:
    assert what in faults_of(lambda: cost_game(players, {}))[0]


@pytest.mark.parametrize(
    ("costs", "what"),
    [
        (np.ones((1, 3)), "shape (1, 3) is not (n_draws, 4)"),
        (np.ones((0, 4)), "shape (0, 4) is not (n_draws, 4)"),
        ([[1.0, 1.0, 1.0, 1.0]], "is not zero"),
        ([[0.0, np.inf, 1.0, 1.0]], "cost of a: is not a finite number"),
    ],
)
def test_arrays_that_are_refused(costs, what) -> None:
    assert what in faults_of(lambda: CostGame(("a", "b"), costs))[0]


def by_definition(game: CostGame, draw: int) -> tuple[bool, bool, bool]:
    """Monotone, subadditive, concave, from the definitions with sets."""
    c = {game.coalition(m): float(game.costs[draw, m]) for m in range(game.costs.shape[1])}
    near = 1e-9 * max(abs(v) for v in c.values())
    pairs = [(s, t) for s in c for t in c]
    return (
        all(c[s] <= c[t] + near for s, t in pairs if s <= t),
        all(c[s | t] <= c[s] + c[t] + near for s, t in pairs if not s & t),
        all(c[s | t] + c[s & t] <= c[s] + c[t] + near for s, t in pairs),
    )


@given(seed=seeds, n=st.integers(1, 4), kind=st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_properties_equal_their_definitions(seed: int, n: int, kind: int) -> None:
    rng = np.random.default_rng(seed)
    size = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1) @ rng.uniform(1, 2, n)
    costs = [rng.random(2**n), 1 + rng.random(2**n), np.sqrt(size), size**2][kind]
    costs = np.where(size > 0, costs, 0.0)
    game = CostGame(tuple("abcd"[:n]), np.stack([costs, costs[::-1] - costs[-1]]))
    for draw in range(2):
        found = [bool(f(game)[draw]) for f in (is_monotone, is_subadditive, is_concave)]
        assert tuple(found) == by_definition(game, draw)


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_the_cover_of_three_is_the_cheapest_of_five_partitions(seed: int) -> None:
    costs = np.concatenate([[0.0], np.random.default_rng(seed).random(7)])
    game = CostGame(("a", "b", "c"), costs)
    cover = subadditive_cover(game)
    a, b, ab, c, ac, bc, abc = costs[1:]
    assert cover.total[0] == pytest.approx(min(abc, ab + c, ac + b, bc + a, a + b + c), abs=1e-15)
    assert cover.cost(["a", "c"])[0] == pytest.approx(min(ac, a + c), abs=1e-15)
    assert is_subadditive(cover).all()
    assert (subadditive_cover(cover).costs == cover.costs).all()


def test_savings_by_hand() -> None:
    game = cost_game(["a", "b"], {1: 6.0, 2: 4.0, 3: 8.0})
    assert savings(game).tolist() == [[0.0, 0.0, 0.0, 2.0]]


def test_each_coalition_takes_its_cheapest_way_in_each_draw() -> None:
    """By hand: a plant costs 10 whoever builds it and one alone cannot; stock costs 4 a country
    in the first draw and 6 in the second."""
    players = ["no", "se", "dk"]
    stock = {
        S(m): len(m) * np.array([4.0, 6.0]) for n in (1, 2, 3) for m in combinations(players, n)
    }
    plant = {s: 10.0 for s in stock if len(s) > 1}
    found = cheapest_ways(players, {"stock": stock, "plant": plant})
    assert found.game.cost(["no"]).tolist() == [4.0, 6.0]
    assert found.game.cost(["no", "se"]).tolist() == [8.0, 10.0]
    assert found.game.total.tolist() == [10.0, 10.0]
    assert found.shares(S({"no", "se"})) == {"stock": 0.5, "plant": 0.5}
    assert found.shares(S({"no"})) == {"stock": 1.0, "plant": 0.0}


def test_ways_report_all_their_faults() -> None:
    ways = {"stock": {S({"a"}): float("nan")}, "plant": {S({"a"}): 1.0}}
    assert faults_of(lambda: cheapest_ways(["a", "b"], ways)) == [
        "cost of a, way 'stock': is not a finite number in every draw",
        "cost of b: is not given: no way is open (every coalition must be able to act)",
        "cost of a + b: is not given: no way is open (every coalition must be able to act)",
    ]
    assert "no coalition" in faults_of(lambda: cheapest_ways(["a"], {"x": {S({"b"}): 1.0}}))[0]
    assert faults_of(lambda: cheapest_ways(["a"], {}))[0].startswith("ways: there is none")
