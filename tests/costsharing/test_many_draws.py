"""The nucleolus of many draws, where one solution serves all draws in which it is proved.

Oracles: each draw solved alone (the levels of another draw are then never used); published values;
Kohlberg's criterion through ``test_nucleolus``; equal bits for any blocks.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import CostGame, nucleolus, prenucleolus, subadditive_cover
from virkestoff.costsharing import nucleolus as solve

seeds = st.integers(0, 2**32 - 1)


def common_plant(seed: int, n: int, n_draws: int) -> CostGame:
    """Synthetic: stock in proportion to need, or a plant with scale; in parts where cheaper."""
    rng = np.random.default_rng(seed)
    inside = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    need = rng.uniform(1.0, 20.0, n) * rng.lognormal(0.0, 0.2, (n_draws, n))
    size = need @ inside.T
    scale = rng.lognormal(0.0, 0.4, (n_draws, 1))
    plant = np.where(size > 0, 12.0 * scale * size**0.5, 0.0)
    costs = np.minimum(size * rng.lognormal(0.5, 0.3, (n_draws, 1)), plant)
    costs[:, 0] = 0.0
    return subadditive_cover(CostGame(tuple("abcde"[:n]), costs))


def one_by_one(game: CostGame, rule=solve) -> np.ndarray:
    return np.vstack([rule(CostGame(game.players, row)) for row in game.costs])


@given(seed=seeds, n=st.integers(1, 5))
@settings(max_examples=12, deadline=None)
def test_together_and_one_by_one_give_the_same_bits(seed: int, n: int) -> None:
    game = common_plant(seed, n, 24)
    together = nucleolus(game)
    assert np.array_equal(together, one_by_one(game))
    backwards = CostGame(game.players, game.costs[::-1])
    assert np.array_equal(nucleolus(backwards)[::-1], together)


@given(seed=seeds)
@settings(max_examples=5, deadline=None)
def test_games_with_ties_and_bounds_that_bind(seed: int) -> None:
    """Small whole numbers give equal objections; costs without structure let the bound bind."""
    rng = np.random.default_rng(seed)
    costs = np.vstack([rng.integers(0, 4, (4, 16)), rng.random((4, 16)) * 4.0])
    costs[:, 0] = 0.0
    game = CostGame(tuple("abcd"), costs)
    assert np.array_equal(prenucleolus(game), one_by_one(game, prenucleolus))
    alone = game.alone.sum(axis=1)
    costs[:, -1] = np.minimum(costs[:, -1], alone)
    game = CostGame(tuple("abcd"), costs)
    found = nucleolus(game)
    assert np.array_equal(found, one_by_one(game))
    assert (found <= game.alone + 1e-7).all()
    assert found.sum(axis=1) == pytest.approx(game.total, abs=1e-9)


# Gains of coalitions in the order 1, 2, .., 12, 13, .., 123, .. as printed.
@pytest.mark.parametrize(
    ("gains", "awards"),
    [
        # manual of the R package CoopGame 0.2.2, nucleolus
        ((0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21), (3.5, 4.5, 5.5, 7.5)),
        # Ferguson, "Game theory" (UCLA), part IV, coal.pdf, as tested by that package
        ((-1, 0, 1, 3, 4, 2, 5), (8 / 3, 2 / 3, 5 / 3)),
    ],
)
def test_printed_by_other_packages(gains, awards) -> None:
    n = len(awards)
    masks = sorted(
        range(1, 2**n), key=lambda m: (m.bit_count(), [-(m >> k & 1) for k in range(n)])
    )
    costs = np.zeros(2**n)
    costs[masks] = -np.array(gains, dtype=float)
    assert -nucleolus(CostGame(tuple("abcd"[:n]), costs))[0] == pytest.approx(awards, abs=1e-9)


def test_talmud_for_every_estate_at_once() -> None:
    """Aumann and Maschler 1985: up to half the claims equal awards of at most half a claim, beyond
    that equal losses; claims 100, 200, 300 and 600 estates in one call."""
    claims = np.array([100.0, 200.0, 300.0])
    estates = np.arange(1.0, 600.0, 1.0)
    inside = (np.arange(8)[:, None] >> np.arange(3)) & 1
    worth = np.maximum(estates[:, None] - (600.0 - inside @ claims), 0.0)
    worth[:, 0] = 0.0
    found = -nucleolus(CostGame(("a", "b", "c"), -worth))

    def awards(estate: float) -> np.ndarray:
        level = np.linspace(0.0, 150.0, 3001)
        sums = np.minimum(level[:, None], claims / 2).sum(axis=1)
        return np.minimum(np.interp(estate, sums, level), claims / 2)

    expected = [awards(e) if e <= 300.0 else claims - awards(600.0 - e) for e in estates]
    assert found == pytest.approx(np.array(expected), abs=1e-6)
