"""Who objects, who leaves, and what keeps all together.

Oracles: three-player majority and glove games with known least core and cost of stability; sums by
hand; linear-programming duality as a law.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import (
    CostGame,
    cost_game,
    cost_of_stability,
    departures,
    excesses,
    is_in_core,
    is_subadditive,
    least_core,
    nucleolus,
    objections,
    prenucleolus,
    shapley,
)
from virkestoff.errors import InputError

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def three() -> CostGame:
    """Alone 6 each, in pairs 7, together 12: pairs are cheap, all together is not."""
    return cost_game(["a", "b", "c"], lambda s: {1: 6.0, 2: 7.0, 3: 12.0}[len(s)])


def test_objections_by_hand(three) -> None:
    found = objections(three, [3.0, 4.0, 5.0])
    assert [(sorted(o.coalition), o.amount) for o in found] == [
        (["b", "c"], 2.0),
        (["a", "c"], 1.0),
    ]
    assert not is_in_core(three, [3.0, 4.0, 5.0]).any()
    assert excesses(three, [3.0, 4.0, 5.0]).tolist() == [[0, -3, -2, 0, -1, 1, 2, 0]]


def test_departures_by_hand(three) -> None:
    """Each of b and c does best in the pair b + c: 2 less, and a then pays 6 where it paid 3.

    For a the best is a + c: 1 less, and b then pays 6 where it paid 4."""
    found = {d.player: d for d in departures(three, [3.0, 4.0, 5.0])}
    assert (found["b"].partners, found["b"].gain, found["b"].loss_of_others) == ({"c"}, 2.0, 3.0)
    assert (found["c"].partners, found["c"].gain, found["c"].loss_of_others) == ({"b"}, 2.0, 3.0)
    assert (found["a"].partners, found["a"].gain, found["a"].loss_of_others) == ({"c"}, 1.0, 2.0)


def test_the_gain_of_each_member_decides_with_whom_to_leave() -> None:
    """By hand: all pay 4. The pair a + b saves 2, one each; the three a + b + c save 2.4 together,
    0.8 each. So a and b leave as a pair, and c, who is not in it, with both."""
    cheap = {frozenset("ab"): 6.0, frozenset("abc"): 9.6}
    game = cost_game(list("abcd"), lambda s: cheap.get(s, 4.0 * len(s)))
    found = {d.player: (d.partners, round(d.gain, 9)) for d in departures(game, [4.0] * 4)}
    assert found == {"a": ({"b"}, 2.0), "b": ({"a"}, 2.0), "c": ({"a", "b"}, 2.4)}


def test_nobody_leaves_a_split_in_the_core(tennessee) -> None:
    assert departures(tennessee, nucleolus(tennessee)) == ()
    assert objections(tennessee, shapley(tennessee)) == ()


def test_a_player_who_pays_more_than_alone_leaves_alone() -> None:
    game = CostGame(("a", "b"), [[0.0, 6.0, 4.0, 8.0]])
    [found] = departures(game, [2.0, 6.0])
    assert (found.player, found.partners, found.gain, found.loss_of_others) == ("b", set(), 2, 4)


def test_expected_costs_decide_and_draws_are_counted() -> None:
    """In one draw the split is refused by 2, in the other it is far inside: on average it holds."""
    game = CostGame(("a", "b"), [[0.0, 3.0, 9.0, 10.0], [0.0, 9.0, 9.0, 10.0]])
    assert is_in_core(game, [5.0, 5.0]).tolist() == [False, True]
    assert objections(game, [5.0, 5.0]) == ()


def test_the_least_core_of_three_player_majority(majority) -> None:
    """By symmetry 1/3 each; a pair wins 1 and is given 2/3: epsilon = 1/3."""
    found = least_core(majority((1, 1, 1), 2))
    assert found.epsilon[0] == pytest.approx(1 / 3, abs=1e-9)
    assert found.allocation[0] == pytest.approx([-1 / 3] * 3, abs=1e-9)
    assert not found.has_core[0]


def test_the_cost_of_stability_of_three_player_majority(majority) -> None:
    """Bachrach and others 2009, "The cost of stability in coalitional games", SAGT: each must be
    given 1/2, so 1/2 is missing; the pairs with weight 1/2 each cover everybody once."""
    found = cost_of_stability(majority((1, 1, 1), 2))
    assert found.subsidy[0] == pytest.approx(0.5, abs=1e-9)
    assert sorted((sorted(s), round(w, 9)) for s, w in found.blocking) == [
        (["p0", "p1"], 0.5),
        (["p0", "p2"], 0.5),
        (["p1", "p2"], 0.5),
    ]


@pytest.mark.parametrize(("n", "quota"), [(4, 3), (5, 3), (5, 4), (6, 4)])
def test_the_cost_of_stability_of_k_of_n_games(majority, n, quota) -> None:
    """Closed form by symmetry: each must be given ``1 / quota``, so ``n / quota - 1``."""
    found = cost_of_stability(majority((1,) * n, quota))
    assert found.subsidy[0] == pytest.approx(n / quota - 1, abs=1e-9)


def test_pairs_that_are_cheap_by_hand(three) -> None:
    """3.5 each is the most that pairs bear: 10.5 of 12, so 1.5 is missing; epsilon: 8 - 7 = 1."""
    assert cost_of_stability(three).subsidy[0] == pytest.approx(1.5, abs=1e-9)
    assert least_core(three).epsilon[0] == pytest.approx(1.0, abs=1e-9)


def test_the_core_of_the_glove_game_is_one_point(glove) -> None:
    found = least_core(glove)
    assert found.epsilon[0] == pytest.approx(0.0, abs=1e-9)
    assert found.has_core[0]
    assert found.allocation[0] == pytest.approx([0.0, 0.0, -1.0], abs=1e-9)
    assert is_in_core(glove, [0.0, 0.0, -1.0]).all()
    assert not is_in_core(glove, shapley(glove)).any()


@given(seed=seeds, n=st.integers(2, 5), is_flat=st.booleans())
@settings(max_examples=25, deadline=None)
def test_laws(random_game, seed: int, n: int, is_flat: bool) -> None:
    """The nucleolus attains epsilon; no subsidy exactly if there is a core; weights balance."""
    game = random_game(seed, n)
    if is_flat:  # no structure, so the core is mostly empty
        costs = np.concatenate([[0.0], np.random.default_rng(seed).random(2**n - 1)])
        game = CostGame(game.players, costs)
    least, stable = least_core(game), cost_of_stability(game)
    near = 1e-8 * float(np.abs(game.costs).max())
    loudest = excesses(game, prenucleolus(game))[0][1:-1].max()
    assert loudest == pytest.approx(least.epsilon[0], abs=near)
    assert excesses(game, least.allocation)[0][1:-1].max() == pytest.approx(loudest, abs=near)
    assert least.has_core[0] == (stable.subsidy[0] == 0.0)
    if is_subadditive(game)[0] and n == 2:
        assert least.has_core[0]
    for player in game.players:
        cover = sum(w for s, w in stable.blocking if player in s)
        assert cover == pytest.approx(1.0, abs=1e-6)
    # duality: the cheapest balanced cover costs what can be collected
    cheapest = sum(w * float(game.cost(s)[0]) for s, w in stable.blocking)
    assert cheapest == pytest.approx(float(stable.allocation.sum()), abs=1e-6 * (1 + abs(cheapest)))


@pytest.mark.parametrize(
    ("allocation", "what"),
    [
        ([1.0, 2.0], "is not (n_draws, 3)"),
        (np.ones((2, 3)), "2 draws do not fit 1"),
        ([np.nan, 6.0, 6.0], "is not a finite number"),
        ([3.0, 4.0, 4.0], "misses the total cost by 1"),
    ],
)
def test_splits_that_are_refused(three, allocation, what) -> None:
    with pytest.raises(InputError) as caught:
        is_in_core(three, allocation)
    assert what in str(caught.value)
