"""Small random networks with every kind of part, for laws and for the slow twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pytest

from virkestoff.randomness import uniforms
from virkestoff.supply import (
    Advice,
    BulkStock,
    Crisis,
    Demand,
    ExportBan,
    Input,
    Network,
    Node,
    Outage,
    Rules,
    Shock,
    Source,
    StockLayer,
    SupplyResult,
    simulate,
)

PRESENTATIONS, COUNTRIES = ("tablet", "mixture", "drops"), ("home", "north", "south")


class Noise:
    """Uniforms keyed by purpose, of all draws or of some."""

    def __init__(self, seed: int, n_draws: int, some: slice = slice(None)) -> None:
        self.seed, self.n_draws, self.some = seed, n_draws, some

    def __call__(self, purpose: str, *shape: int) -> np.ndarray:
        return uniforms(self.seed, purpose, size=(self.n_draws, *shape))[self.some]


class _Maker:
    """Random amounts: a number or one per draw."""

    def __init__(self, seed: int, n_draws: int) -> None:
        self.random, self.n_draws = np.random.default_rng(seed), n_draws

    def amount(self, low: float, high: float):
        if self.random.random() < 0.5:
            return float(self.random.uniform(low, high))
        return self.random.uniform(low, high, (self.n_draws, 1))

    def chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)


def random_network(seed: int, n_draws: int, n_years: int) -> tuple[Network, Demand, Rules]:
    """A network that fails often, so that every rule has something to do."""
    m = _Maker(seed, n_draws)
    tiers = tuple(
        Node(name, m.amount(0.2, 1.5), m.amount(0.5, 6.0), spread, lost_share=m.amount(0.3, 1.0))
        for name, spread in (("precursor", None), ("substance", m.amount(0.0, 1.0)))
    )
    sites = tuple(
        Node(
            f"site{k}",
            m.amount(0.0, 1.0),
            m.amount(0.5, 5.0),
            None if m.chance(0.5) else m.amount(0.0, 1.2),
            inputs=(
                Input({"precursor": 1.0}, m.amount(0.0, 3.0), m.amount(0.1, 1.0)),
                Input({"substance": m.amount(0.5, 1.0), "precursor": 0.6}),
            )[: int(m.random.integers(0, 3))],
        )
        for k in range(3)
    )
    entrant = Source(
        "plant", "site2", "home", capacity={"tablet": m.amount(20.0, 90.0)}, is_entrant=True,
        start_month=m.amount(0.0, 15.0), ramp_months=m.amount(0.0, 12.0), end_month=20.0,
        presentations=("tablet", "mixture"), serves=("home", "north"), claims={"home": 0.7},
        spare=m.amount(0.0, 0.5),
    )  # fmt: skip
    sources = (
        Source("a", "site0", "south", spare=m.amount(0.0, 0.4),
               claims={"home": m.amount(0.0, 0.5)}),
        Source("b", "site1", "abroad", spare=m.amount(0.0, 0.2), surge=m.amount(0.0, 0.5),
               surge_after_months=2.0, claims={"north": 0.2, "south": 0.1}),
        entrant,
    )  # fmt: skip
    shares = {}
    for country in COUNTRIES:
        a = m.amount(0.0, 1.0)
        shares[country] = {"a": a, "b": 1.0 - a}
    shares["home"]["plant"] = {"tablet": m.amount(0.0, 0.6), "mixture": 0.2}
    network = Network(
        PRESENTATIONS,
        COUNTRIES,
        (*sites, *tiers),
        sources,
        shares,
        layers=(
            StockLayer("wholesale", "home", m.amount(0.0, 2.0), refill_months=m.amount(1.0, 4.0)),
            StockLayer("duty", "home", m.random.uniform(0.0, 2.0, (n_draws, 12 * n_years))),
            StockLayer("extra", "home", m.amount(0.0, 6.0), m.amount(0.0, 12.0),
                       m.amount(0.0, 18.0),
                       loss_per_month=m.amount(0.0, 0.05), presentations=("tablet", "mixture"),
                       is_extra=True),
            StockLayer("south's", "south", m.amount(0.0, 3.0)),
        ),
        bulk=(
            BulkStock("bulk", "home", ("mixture", "tablet"), m.amount(0.0, 4.0), "substance",
                      "site1", m.amount(0.0, 5.0), m.amount(0.1, 1.0), m.amount(0.0, 0.2),
                      m.amount(0.0, 3.0), m.amount(0.0, 6.0), m.amount(1.0, 6.0),
                      m.amount(0.0, 0.02)),
        ) if m.chance(0.7) else (),
        advice=(
            Advice("mixture", "drops", 2, m.amount(0.0, 1.0)),
            Advice("mixture", "tablet", 1, m.amount(0.0, 1.0), m.amount(0.5, 1.5)),
            Advice("tablet", "drops", 1, m.amount(0.0, 0.5)),
        ),
        bans=(
            ExportBan("south", m.amount(0.0, 1.0), 0.05, allows_claims=seed % 2 == 0),
            ExportBan("abroad", 0.5, 0.05, area=("home",) if seed % 3 == 1 else ()),
        ),
        crises=(Crisis(("abroad",), m.amount(0.0, 20.0), m.amount(0.0, 6.0)),),
        outages=(Outage("site0", m.amount(0.0, 20.0), m.amount(0.0, 6.0), m.amount(0.0, 1.0)),),
    )  # fmt: skip
    season = m.random.uniform(0.5, 1.5, 12)
    demand = Demand(
        {
            country: {p: m.random.uniform(0.0, 1500.0, (n_draws, n_years)) for p in PRESENTATIONS}
            for country in COUNTRIES
        },
        season={"mixture": tuple(season / season.sum())},
        shocks=(
            Shock("winter", 0.4, 0.2, m.amount(0.3, 0.6), 9, 6, presentations=("mixture",)),
            Shock("wave", m.amount(0.0, 1.0), 0.1, 0.2, 2, 3, countries=("home", "south")),
        ),
    )
    return network, demand, Rules(0.1, m.amount(0.3, 1.0), builder="home")


@dataclass(frozen=True)
class Simulated:
    """A random network and its result with months kept."""

    network: Network
    demand: Demand
    rules: Rules
    noise: Noise
    n_draws: int
    result: SupplyResult


@lru_cache(maxsize=64)
def _simulated(seed: int) -> Simulated:
    n_draws, n_years = 3, 2
    network, demand, rules = random_network(seed, n_draws, n_years)
    noise = Noise(seed, n_draws)
    result = simulate(network, demand, noise, n_draws, rules, keeps_months=True)
    return Simulated(network, demand, rules, noise, n_draws, result)


@pytest.fixture(scope="session")
def simulated() -> Callable[[int], Simulated]:
    """A random network of a seed, simulated."""
    return _simulated


@pytest.fixture(scope="session")
def noise_of() -> type[Noise]:
    """Uniforms keyed by purpose: ``noise_of(seed, n_draws)``."""
    return Noise
