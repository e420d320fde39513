"""Export bans: laws on random networks, and a case computed by hand.

Oracles: a ban that never comes changes no bit; while one holds nothing crosses the border; goods
balance as without it (``test_flow_laws`` runs on networks with every kind of ban); arithmetic.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from virkestoff.errors import InputError
from virkestoff.supply import (
    Crisis,
    Demand,
    ExportBan,
    Network,
    Node,
    Outage,
    Rules,
    Source,
    StockLayer,
    SupplyResult,
    simulate,
)

NEVER_BY_SHORTAGE = 1.0
SEEDS = range(6)


def _bits(result: SupplyResult) -> dict[str, np.ndarray]:
    found = {f.name: getattr(result, f.name) for f in fields(result)}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def _again(case, **changes) -> SupplyResult:
    network = replace(case.network, **changes)
    return simulate(network, case.demand, case.noise, case.n_draws, case.rules, keeps_months=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ban_that_never_comes_changes_no_bit(simulated, seed) -> None:
    case = simulated(seed)
    none = _again(case, bans=())
    for breaks in (False, True):
        bans = tuple(
            replace(ban, probability=0.0, allows_claims=not breaks) for ban in case.network.bans
        )
        never = _again(case, bans=bans)
        for name, values in _bits(none).items():
            np.testing.assert_array_equal(_bits(never)[name], values, name)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("area", [(), ("north",)])
def test_nothing_crosses_the_border_while_a_ban_holds(simulated, seed, area) -> None:
    """A crisis in all months and a certain ban that breaks contracts; substitutes are held too."""
    case = simulated(seed)
    bans = (ExportBan("south", 1.0, NEVER_BY_SHORTAGE, area, allows_claims=False),)
    months = 12.0 * case.demand.n_years
    closed = _again(case, bans=bans, crises=(Crisis(("south",), 0.0, months),)).months
    open_ = _again(case, bans=(), crises=()).months
    made = [k for k, s in enumerate(case.network.sources) if s.country == "south"]
    beyond = [
        c for c, name in enumerate(case.network.countries) if name not in ("south", *area)
    ]
    delivered = closed["delivered"][:, made][:, :, :, beyond]
    assert delivered.size and not delivered.any()
    assert open_["delivered"][:, made][:, :, :, beyond].any()
    assert (closed["delivered"].sum(axis=3) <= closed["capacity"] * (1 + 1e-12) + 1e-9).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_stock_and_goods_balance_under_bans_that_break_contracts(simulated, seed) -> None:
    case = simulated(seed)
    bans = tuple(replace(ban, probability=1.0, allows_claims=False) for ban in case.network.bans)
    months, network = _again(case, bans=bans).months, case.network
    stock = months["layer_stock"]
    flows = (
        months["layer_put_in"] - months["layer_expired"]
        - months["layer_released"] - months["layer_drawn"]
    )  # fmt: skip
    np.testing.assert_allclose(stock[1:] - stock[:-1], flows[1:], atol=1e-9)
    come = months["delivered"].sum(axis=1) + months["from_bulk"]
    go = months["demand"] - months["missing_before"]
    for k, layer in enumerate(network.layers):
        c = network.countries.index(layer.country)
        come[:, :, c] += months["layer_drawn"][:, k] + months["layer_released"][:, k]
        go[:, :, c] += months["layer_put_in"][:, k]
    for k, line in enumerate(network.advice):
        used = months["replaced"][:, k] * np.reshape(line.needs, -1)
        go[:, network.presentations.index(line.instead)] += used
    np.testing.assert_allclose(come, go, atol=1e-8)


def _three(claims: dict[str, float], ban: ExportBan) -> Network:
    """All need 100; one source in south, 300 in ordinary months and 240 in the crisis."""
    return Network(
        ("tablet",), ("home", "south", "union"), (Node("site"),),
        (Source("only", "site", "south", claims=claims),),
        {country: {"only": 1.0} for country in ("home", "south", "union")},
        layers=(StockLayer("duty", "home", 1.0),),
        bans=(ban,), crises=(Crisis(("south",), 2.0, 3.0),),
        outages=(Outage("site", 2.0, 3.0, 0.2),),
    )  # fmt: skip


def _missing(noise_of, claims: dict[str, float], ban: ExportBan) -> np.ndarray:
    countries = ("home", "south", "union")
    demand = Demand({c: {"tablet": np.full((1, 1), 1200.0)} for c in countries})
    network = _three(claims, ban)
    result = simulate(network, demand, noise_of(1, 1), 1, Rules(0.0), keeps_months=True)
    return result.months["missing"][2:6, 0, :, 0]


def test_what_a_ban_takes_by_hand(noise_of) -> None:
    """Months 2 to 5; the ban holds in months 2 to 4, and home has one month in stock.

    Without a ban a contract for 100/240 of the capacity holds: home gets its 100 of 240, the
    others 70 each. A ban that honours it changes that not. One that breaks it leaves home without:
    month 2 out of stock, months 3 and 4 missing; south and its union are met in full. In month 5
    the 300 made meet 300 of demand and home's order of 100 for its stock: 300/400 of each order.
    Home's 150 are more than its contract asks; the others lack 25 each.
    """
    contract = {"home": 100.0 / 240.0}
    for probability, breaks in ((0.0, True), (1.0, False)):
        area = ("union",)
        ban = ExportBan("south", probability, NEVER_BY_SHORTAGE, area, allows_claims=not breaks)
        expected = [[0, 30, 30], [0, 30, 30], [0, 30, 30], [0, 0, 0]]
        assert _missing(noise_of, contract, ban) == pytest.approx(np.array(expected), abs=1e-9)
    broken = ExportBan("south", 1.0, NEVER_BY_SHORTAGE, ("union",), allows_claims=False)
    expected = [[0, 0, 0], [100, 0, 0], [100, 0, 0], [0, 25, 25]]
    assert _missing(noise_of, contract, broken) == pytest.approx(np.array(expected), abs=1e-9)
    alone = replace(broken, area=())
    expected = [[0, 0, 100], [100, 0, 100], [100, 0, 100], [0, 25, 25]]
    assert _missing(noise_of, contract, alone) == pytest.approx(np.array(expected), abs=1e-9)


def test_a_ban_through_an_unknown_area_is_named() -> None:
    ban = ExportBan("south", 1.0, 1.0, ("atlantis",))
    countries = ("home", "south", "union")
    demand = Demand({c: {"tablet": np.full((1, 1), 1.0)} for c in countries})
    with pytest.raises(InputError, match="export ban of 'south': area.*'atlantis' is not known"):
        simulate(_three({}, ban), demand, lambda *a: np.zeros((1, 1)), 1, Rules(0.0))
