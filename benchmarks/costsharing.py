"""The speed of the nucleolus, the Shapley value and the game of equal protection."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from virkestoff.costsharing import (
    CostGame,
    ExportBan,
    PlantCost,
    nucleolus,
    protection_game,
    shapley,
    subadditive_cover,
)

NORDIC = {"norway": 13.0, "sweden": 20.0, "denmark": 12.0, "finland": 11.0, "iceland": 1.0}


@dataclass(frozen=True)
class Speed:
    """What was timed, how long it may take and how long it took, seconds."""

    what: str
    limit_s: float
    wall_s: float


def game_of_sizes(n: int, seed: int) -> CostGame:
    """A synthetic game without ties: a power of the total size, with noise."""
    rng = np.random.default_rng(seed)
    inside = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    size = inside @ rng.uniform(1.0, 10.0, n)
    costs = np.where(size > 0, size**0.7 * rng.uniform(0.8, 1.0, 2**n), 0.0)
    costs[-1] = min(costs[-1], costs[1 << np.arange(n)].sum())
    return CostGame(tuple(f"p{k}" for k in range(n)), costs)


def nordic_protection(n_draws: int) -> CostGame:
    """A synthetic game of five countries with stock, contract, plant and an export ban."""
    rng = np.random.default_rng(7)
    need = {name: v * rng.lognormal(0.0, 0.1, n_draws) for name, v in NORDIC.items()}
    price = rng.lognormal(0.0, 0.3, n_draws)
    scale = rng.lognormal(0.0, 0.3, (n_draws, 1))
    return protection_game(
        list(NORDIC),
        need,
        stock={name: 2.2 * price * v for name, v in need.items()},
        contract={name: 2.0 * price * v for name, v in need.items()},
        contract_fixed=3.0,
        plant=PlantCost([0.5, 5.0, 20.0, 100.0], scale * np.array([8.0, 20.0, 45.0, 95.0])),
        ban=ExportBan(
            rng.uniform(0.02, 0.5, n_draws),
            3.0,
            {name: 0.1 * v for name, v in need.items()},
            rule="equal",
            tolerated=0.2,
        ),
        outside="mark",
    ).game


def time_sharing(n_draws: int) -> list[Speed]:
    """Time each in turn; the first call of each solver is not left out."""
    rows: list[Speed] = []

    def timed(what: str, limit_s: float, work: Callable[[], object]) -> object:
        started = time.perf_counter()
        found = work()
        rows.append(Speed(what, limit_s, time.perf_counter() - started))
        return found

    ten = game_of_sizes(10, 1)
    timed("nucleolus of 10 players", 5.0, lambda: nucleolus(ten))
    protection = f"equal protection, 5 countries, {n_draws:,} draws"
    game = timed(protection, 2.0, lambda: nordic_protection(n_draws))
    assert isinstance(game, CostGame)
    covered = subadditive_cover(game)
    timed(f"Shapley value of 5 players, {n_draws:,} draws", 1.0, lambda: shapley(covered))
    timed(f"nucleolus of 5 players, {n_draws:,} draws", 30.0, lambda: nucleolus(covered))
    return rows
