"""Games of the literature. Gains v enter as costs ``c = -v``, so what a player gains is ``-x``.

Source of each table in a comment; "recalled" means known from the literature and not read anew.
"""

from __future__ import annotations

import numpy as np
import pytest

from virkestoff.costsharing import CostGame, cost_game


@pytest.fixture(scope="session")
def tennessee() -> CostGame:
    """Navigation, flood control, power: thousand dollars.

    Ransmeier 1942; Straffin and Heaney 1981, "Game theory and the Tennessee Valley Authority",
    International Journal of Game Theory 10, 35-43 (recalled).
    """
    return cost_game(
        ["navigation", "flood", "power"],
        {
            frozenset({"navigation"}): 163_520.0,
            frozenset({"flood"}): 140_826.0,
            frozenset({"power"}): 250_096.0,
            frozenset({"navigation", "flood"}): 301_607.0,
            frozenset({"navigation", "power"}): 378_821.0,
            frozenset({"flood", "power"}): 367_370.0,
            frozenset({"navigation", "flood", "power"}): 412_584.0,
        },
    )


# Young, Okada and Hashimoto 1979, "Cost allocation in water resources development: a case study of
# Sweden", IIASA working paper WP-79-77. Tables 7 (shares) and 8 (costs alone, separable costs) were
# read; the table of coalitions is recalled, agrees with table 8, and gives table 7 as tested.
_SWEDEN = """
A 21.95 H 17.08 K 10.91 L 15.88 M 20.81 T 21.98 AH 34.69 AK 32.86 AL 37.83 AM 42.76 AT 43.93
HK 22.96 HL 25.00 HM 37.89 HT 39.06 KL 26.79 KM 31.45 KT 32.89 LM 31.10 LT 37.86 MT 39.41
AHK 40.74 AHL 43.22 AHM 55.50 AHT 56.67 AKL 48.74 AKM 53.40 AKT 54.84 ALM 53.05 ALT 59.81
AMT 61.36 HKL 27.26 HKM 42.55 HKT 44.94 HLM 45.81 HLT 46.98 HMT 56.49 KLM 42.01 KLT 48.77
KMT 50.32 LMT 51.46 AHKL 48.95 AHKM 60.25 AHKT 62.72 AHLM 64.03 AHLT 65.20 AHMT 74.10 AKLM 63.96
AKLT 70.72 AKMT 72.27 ALMT 73.41 HKLM 48.07 HKLT 49.24 HKMT 59.35 HLMT 64.41 KLMT 56.61
AHKLM 69.76 AHKMT 77.42 AHKLT 70.93 AHLMT 83.00 AKLMT 73.97 HKLMT 66.46 AHKLMT 83.82
"""


@pytest.fixture(scope="session")
def sweden() -> CostGame:
    """Six groups of municipalities in Skåne, million crowns."""
    words = _SWEDEN.split()
    table = {frozenset(s): float(c) for s, c in zip(words[::2], words[1::2], strict=True)}
    return cost_game(list("AHKLMT"), table)


@pytest.fixture(scope="session")
def glove() -> CostGame:
    """Two own a left glove, one a right glove; a pair is worth one (a textbook game)."""

    def cost(members):
        return -float(min(len(members & {"left", "left too"}), len(members & {"right"})))

    return cost_game(["left", "left too", "right"], cost)


def majority_game(weights, quota) -> CostGame:
    players = [f"p{k}" for k in range(len(weights))]
    weight = dict(zip(players, weights, strict=True))
    return cost_game(players, lambda s: -float(sum(weight[p] for p in s) >= quota))


@pytest.fixture(scope="session")
def majority():
    """The weighted majority game [quota; weights], worth one to who wins."""
    return majority_game


@pytest.fixture(scope="session")
def airport():
    """A runway costs what its largest aircraft needs: ``c(S) = max_{i in S} c_i``.

    Littlechild and Owen 1973, "A simple expression for the Shapley value in a special case",
    Management Science 20, 370-372.
    """

    def make(needs) -> CostGame:
        players = [f"p{k}" for k in range(len(needs))]
        need = dict(zip(players, needs, strict=True))
        return cost_game(players, lambda s: max(need[p] for p in s))

    return make


@pytest.fixture(scope="session")
def bankruptcy():
    """``v(S) = max(estate - claims of the others, 0)`` (O'Neill 1982)."""

    def make(estate, claims) -> CostGame:
        players = [f"p{k}" for k in range(len(claims))]
        claim = dict(zip(players, claims, strict=True))
        total = sum(claims)
        return cost_game(players, lambda s: -max(estate - (total - sum(claim[p] for p in s)), 0.0))

    return make


@pytest.fixture(scope="session")
def random_game():
    """A synthetic game, subadditive for one player against any coalition: sizes and noise."""

    def make(seed: int, n: int, n_draws: int = 1) -> CostGame:
        rng = np.random.default_rng(seed)
        players = tuple(f"p{k}" for k in range(n))
        need = rng.uniform(1.0, 10.0, (n_draws, n))
        inside = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        size = need @ inside.T
        noise = rng.uniform(0.8, 1.0, size.shape)
        costs = np.where(size > 0, size ** rng.uniform(0.5, 0.9) * noise, 0.0)
        costs[:, -1] = np.minimum(costs[:, -1], costs[:, 1 << np.arange(n)].sum(axis=1))
        return CostGame(players, costs)

    return make
