"""Closed forms and hand calculations for the supply simulation.

Notation: a source is up for an exponential time with mean U months and down for an exponential
time with mean B months; m is a stock in months of demand. Long-run down share q = B / (U + B).
Sampled means are held to 4.5 standard errors over independent draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

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
    Source,
    StockLayer,
    simulate,
)

RULES = Rules(0.0)
UP, DOWN = 60.0, 8.0
CYCLE = UP + DOWN
ENORMOUS = 1e9
FAILING = Node("site", 12.0 / UP, DOWN)
N_DRAWS, N_YEARS = 1500, 30


def _network(
    *nodes: Node, sources: tuple[Source, ...] | None = None, country: str = "home", **more
) -> Network:
    given = sources or (Source("only", nodes[0].name, "abroad"),)
    share = {s.name: 1.0 if k == 0 else 0.0 for k, s in enumerate(given)}
    more.setdefault("shares", {country: share})
    return Network(("tablet",), (country,), nodes, given, **more)


def _level(amount: float = 1200.0, n_years: int = N_YEARS, countries=("home",)) -> Demand:
    return Demand({c: {"tablet": np.full((1, n_years), amount)} for c in countries})


def _near(per_draw: np.ndarray, expected: float) -> None:
    error = per_draw.std(ddof=1) / np.sqrt(per_draw.size)
    assert abs(per_draw.mean() - expected) < 4.5 * error, (per_draw.mean(), expected, error)


@pytest.mark.parametrize("spread", [None, 0.0, 0.9])
def test_long_run_down_share(noise_of, spread) -> None:
    """q = B / (U + B) for any distribution of durations (renewal reward), from the first month."""
    network = _network(replace(FAILING, log_spread=spread))
    result = simulate(network, _level(), noise_of(3, N_DRAWS), N_DRAWS, RULES)
    share = result.missing[..., 0, 0] / result.demand[..., 0, 0]
    _near(share.mean(axis=1), DOWN / CYCLE)
    _near(share[:, 0], DOWN / CYCLE)
    np.testing.assert_allclose(1.0 - result.output[..., 0], share, atol=1e-9)


@pytest.mark.parametrize("months", [0, 1, 4])
def test_missing_and_episodes_with_a_stock(noise_of, months) -> None:
    """Stock of m whole months, unlimited refilling.

    A failure that begins at a uniform place in its month holds at least n whole months with
    probability exp(-n/B) x B (1 - exp(-1/B)). Only whole months lack goods, so with m in stock

        missing share     = B exp(-(m+1)/B) / (U + B)
        episodes a month  = B (1 - exp(-1/B)) exp(-(m+1)/B) / (U + B)
    """
    network = _network(
        FAILING,
        sources=(Source("only", "site", "abroad", spare=ENORMOUS),),
        layers=(StockLayer("stock", "home", float(months)),),
    )
    result = simulate(network, _level(), noise_of(4, N_DRAWS), N_DRAWS, RULES)
    late = result.missing[:, 5:, 0, 0] / result.demand[:, 5:, 0, 0]
    rate = DOWN * np.exp(-(months + 1) / DOWN) / CYCLE
    _near(late.mean(axis=1), rate)
    _near(result.episodes[:, 5:, 0, 0].mean(axis=1), 12.0 * rate * (1.0 - np.exp(-1.0 / DOWN)))


@pytest.mark.parametrize("months", [0.0, 2.5])
def test_lost_output_with_a_stock_of_input(noise_of, months) -> None:
    """Input stock of m months, refilled at once: B^2 (1 - exp(-1/B)) exp(-m/B) / (U + B).

    What the input lacks in the month in which a failure begins is made good in that month; of the
    rest, all beyond m is lost: E max(0, X - R - m), R uniform in a month.
    """
    user = Node("user", inputs=(Input({"site": 1.0}, months, ENORMOUS),))
    network = _network(user, FAILING)
    result = simulate(network, _level(), noise_of(5, N_DRAWS), N_DRAWS, RULES)
    lost = 1.0 - result.output[:, 5:, 0].mean(axis=1)
    at_once = DOWN * DOWN * (1.0 - np.exp(-1.0 / DOWN)) * np.exp(-months / DOWN) / CYCLE
    # Without stock nothing can be made good within the month.
    _near(lost, at_once if months else DOWN / CYCLE)


def test_two_independent_sources_and_two_that_share_a_node(noise_of) -> None:
    """Independent: missing lies from (q exp(-1/B))^2 (both down all month) to q^2 (both down).

    With a node that both need, the second source is worth nothing against that node's failures.
    """
    down = 40.0
    q = down / (100.0 + down)
    a, b, root = (Node(name, 12.0 / 100.0, down) for name in ("a", "b", "root"))
    pair = tuple(Source(n, n, "abroad", capacity={"tablet": 100.0}) for n in ("a", "b"))
    shares = {"home": {"a": 0.5, "b": 0.5}}
    both = _network(a, b, sources=pair, shares=shares)
    result = simulate(both, _level(), noise_of(6, N_DRAWS), N_DRAWS, RULES)
    share = (result.missing / result.demand).mean(axis=(1, 2, 3))
    error = share.std() / np.sqrt(share.size)
    low, high = (q * np.exp(-1.0 / down)) ** 2, q**2
    assert low - 4.5 * error < share.mean() < high + 4.5 * error
    tied = tuple(Node(n, inputs=(Input({"root": 1.0}),)) for n in ("a", "b"))
    shared = _network(*tied, root, sources=pair, shares=shares)
    result = simulate(shared, _level(), noise_of(6, N_DRAWS), N_DRAWS, RULES)
    down_share = 1.0 - result.output[..., 2]
    # Capacity is twice the need: half of a month in operation is enough for the month.
    share = (result.missing / result.demand).mean(axis=(1, 2, 3))
    assert (share <= down_share.mean(axis=1) + 1e-12).all()
    assert share.mean() > q * np.exp(-1.0 / down) - 4.5 * error


CERTAIN = Node("site")
CUT = (Outage("site", 12.0, 6.0),)


def _tablets(network: Network, noise_of, n_years: int = 3, countries=("home",), rules=RULES):
    demand = _level(1200.0, n_years, countries)
    return simulate(network, demand, noise_of(0, 1), 1, rules, keeps_months=True)


@pytest.mark.parametrize(("stock", "missing"), [(0.0, 600.0), (2.0, 400.0), (2.5, 350.0), (9, 0)])
def test_six_months_without_imports(noise_of, stock, missing) -> None:
    """100 a month; a stock of m months carries m of the six."""
    network = _network(CERTAIN, layers=(StockLayer("stock", "home", stock),), outages=CUT)
    result = _tablets(network, noise_of)
    assert result.missing[0, :, 0, 0] == pytest.approx([0.0, missing, 0.0])
    assert result.shortage_months[0, 1, 0, 0] == np.ceil(max(0.0, 6.0 - stock))
    assert result.episodes[0, :, 0, 0].sum() == (missing > 0)


def test_layers_are_used_in_order_and_refilled_with_what_is_spare(noise_of) -> None:
    """Two months' outage, layers of 1 and 3 months, spare 20 %: 20 a month goes back in order."""
    layers = (StockLayer("first", "home", 1.0), StockLayer("second", "home", 3.0))
    source = (Source("only", "site", "abroad", spare=0.2),)
    network = _network(
        CERTAIN, sources=source, layers=layers, outages=(Outage("site", 0.0, 2.0),)
    )
    stock = _tablets(network, noise_of).months["layer_stock"][:, :, 0, 0]
    assert stock[:3] == pytest.approx(np.array([[0.0, 300.0], [0.0, 200.0], [20.0, 200.0]]))
    assert stock[6] == pytest.approx([100.0, 200.0])
    assert stock[7] == pytest.approx([100.0, 220.0])


def test_expiry_takes_its_share_and_is_replaced(noise_of) -> None:
    """5 % of 300 lost each month and bought again."""
    layers = (StockLayer("stock", "home", 3.0, loss_per_month=0.05),)
    network = _network(
        CERTAIN, sources=(Source("only", "site", "abroad", spare=1.0),), layers=layers
    )
    result = _tablets(network, noise_of, 1)
    assert result.expired[0, 0, 0, 0] == pytest.approx(12 * 15.0)
    assert result.delivered.sum() == pytest.approx(1200.0 + 12 * 15.0)
    assert result.missing.sum() == 0.0


def _two_countries(**more) -> Network:
    given: Mapping = {"spare": 0.1, **more.pop("source", {})}
    return Network(
        ("tablet",), ("home", "south"), (CERTAIN,),
        (Source("only", "site", "south", **given),),
        {"home": {"only": 1.0}, "south": {"only": 1.0}}, **more,
    )  # fmt: skip


def test_filling_a_buffer_takes_supply_from_the_other_country(noise_of) -> None:
    """Both need 100, capacity 220; home also orders 100 for its buffer: all get 220/300."""
    layer = StockLayer("buffer", "home", 12.0, 0.0, 12.0, is_extra=True)
    network = _two_countries(layers=(layer,))
    rules = Rules(0.0, builder="home")
    result = _tablets(network, noise_of, 2, ("home", "south"), rules)
    first = result.months["delivered"][0, 0, 0, :, 0]
    assert first == pytest.approx([200.0 * 220.0 / 300.0, 100.0 * 220.0 / 300.0])
    assert result.months["taken"][0, 0, :, 0] == pytest.approx([0.0, 100.0 - 22000.0 / 300.0])


def test_a_claim_is_met_first_from_what_is_left_and_then_from_others(noise_of) -> None:
    """Capacity halved to 110: pro rata 55 each; a claim on 80 % is 88, of which 88 is got."""
    outage = (Outage("site", 0.0, 1.0, 0.5),)
    plain = _tablets(_two_countries(outages=outage), noise_of, 1, ("home", "south"))
    assert plain.months["delivered"][0, 0, 0, :, 0] == pytest.approx([55.0, 55.0])
    claim = _two_countries(outages=outage, source={"claims": {"home": 0.8}})
    result = _tablets(claim, noise_of, 1, ("home", "south"))
    assert result.months["delivered"][0, 0, 0, :, 0] == pytest.approx([88.0, 22.0])
    assert result.missing[0, 0, 0] == pytest.approx([12.0, 78.0])


def test_an_export_ban_follows_shortage_at_home_unless_there_is_a_claim(noise_of) -> None:
    """Half the output for months 3 and 4: the ban holds in the month after each of them."""
    outage = (Outage("site", 3.0, 2.0, 0.5),)
    ban = (ExportBan("south", 1.0, 0.1),)
    network = _two_countries(outages=outage, bans=ban)
    missing = _tablets(network, noise_of, 1, ("home", "south")).months["missing"][:, 0, :, 0]
    # Month 4: home gets nothing, south its 100 of 110; so south is not short, and the ban ends.
    assert missing[3:6] == pytest.approx(np.array([[45.0, 45.0], [100.0, 0.0], [0.0, 0.0]]))
    crisis = (Crisis(("south",), 6.0, 2.0),)
    network = _two_countries(bans=ban, crises=crisis)
    missing = _tablets(network, noise_of, 1, ("home", "south")).months["missing"][:, 0, :, 0]
    assert missing.sum(axis=0) == pytest.approx([200.0, 0.0])
    network = _two_countries(bans=ban, crises=crisis, source={"claims": {"home": 0.4}})
    assert _tablets(network, noise_of, 1, ("home", "south")).missing.sum() == 0.0


def test_a_plant_takes_its_share_as_it_opens_and_ends(noise_of) -> None:
    """Opens at month 6 over 4 months with a share of 0.4, ends at month 18.

    Mean share built up in months 6 to 9: 1/8, 3/8, 5/8, 7/8.
    """
    plant = Source(
        "plant", "plant", "home", capacity={"tablet": 50.0}, start_month=6.0, ramp_months=4.0,
        end_month=18.0, is_entrant=True,
    )  # fmt: skip
    network = _network(
        CERTAIN, Node("plant"),
        sources=(Source("only", "site", "abroad"), plant),
        shares={"home": {"only": 1.0, "plant": 0.4}},
    )  # fmt: skip
    result = _tablets(network, noise_of, 2)
    got = result.months["delivered"][:, 1, 0, 0, 0]
    assert got[5:11] == pytest.approx([0.0, 5.0, 15.0, 25.0, 35.0, 40.0])
    assert got[18:].sum() == 0.0
    assert result.missing.sum() == pytest.approx(0.0)


def test_bulk_becomes_packs_after_the_lead_time(noise_of) -> None:
    """Six months without imports; 3 months in bulk, half a month's need a month, lead time 2."""
    bulk = BulkStock("bulk", "home", ("tablet",), 3.0, "substance", "finisher", 2.0, 0.5)
    network = _network(
        CERTAIN, Node("substance"), Node("finisher"), bulk=(bulk,),
        outages=(*CUT, Outage("substance", 12.0, 24.0)),
    )  # fmt: skip
    result = _tablets(network, noise_of)
    missing = result.months["missing"][12:18, 0, 0, 0]
    assert missing == pytest.approx([100.0, 100.0, 50.0, 50.0, 50.0, 50.0])
    assert result.bulk_finished[0, 1, 0] == pytest.approx(300.0)
    assert result.bulk_end[0, :, 0] == pytest.approx([300.0, 0.0, 0.0])


def test_a_source_surges_after_months_with_unmet_orders(noise_of) -> None:
    """Two sources of 50; one fails for six months; from the third the other gives 80 % more."""
    pair = tuple(
        Source(n, n, "abroad", spare=0.2, surge=0.6, surge_after_months=2.0) for n in ("a", "b")
    )
    network = _network(
        Node("a"), Node("b"), sources=pair, shares={"home": {"a": 0.5, "b": 0.5}},
        outages=(Outage("a", 12.0, 6.0),),
    )  # fmt: skip
    missing = _tablets(network, noise_of).months["missing"][12:18, 0, 0, 0]
    assert missing == pytest.approx([40.0, 40.0, 10.0, 10.0, 10.0, 10.0])


def _mixture_fails(advice: tuple[Advice, ...], tied: bool) -> Network:
    nodes = (Node("wet", inputs=(Input({"root": 1.0}),)), Node("dry"), Node("root"))
    if tied:
        nodes = (nodes[0], Node("dry", inputs=(Input({"root": 1.0}),)), nodes[2])
    return Network(
        ("mixture", "tablet", "other"), ("home",), nodes,
        (Source("wet", "wet", "abroad"), Source("dry", "dry", "abroad", spare=0.3)),
        {"home": {"wet": {"mixture": 1.0}, "dry": {"tablet": 1.0, "other": 1.0}}},
        layers=(StockLayer("stock", "home", 0.5, presentations=("other",)),),
        advice=advice, outages=(Outage("root", 12.0, 1.0),),
    )  # fmt: skip


def test_substitution_by_rank_needs_goods_and_fails_with_a_shared_node(noise_of) -> None:
    """Mixture lacks 100. First tablets: 60 acceptable, 30 spare. Then others: 50 from 30 + 50."""
    advice = (Advice("mixture", "other", 2, 0.5), Advice("mixture", "tablet", 1, 0.6))
    names = ("mixture", "tablet", "other")
    demand = Demand({"home": {p: np.full((1, 2), 1200.0) for p in names}})
    network = _mixture_fails(advice, tied=False)
    result = simulate(network, demand, noise_of(0, 1), 1, RULES, keeps_months=True)
    assert result.months["replaced"][12, :, 0, 0] == pytest.approx([50.0, 30.0])
    assert result.missing[0, 1, :, 0] == pytest.approx([20.0, 0.0, 0.0])
    assert result.months["layer_drawn"][12, 0, 2, 0] == pytest.approx(20.0)
    network = _mixture_fails(advice, tied=True)
    result = simulate(network, demand, noise_of(0, 1), 1, RULES)
    # Others lack 50 beyond their stock, tablets 100; nothing is left to replace mixture.
    assert result.missing[0, 1, :, 0] == pytest.approx([100.0, 100.0, 50.0])
    assert result.substituted.sum() == 0.0
