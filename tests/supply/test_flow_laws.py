"""Laws of the supply simulation on random networks, and its slow twin.

Oracles: conservation of goods; bounds that follow from the meaning of the words; the plain-loop
model `supply.flow_readable`, which shares no arithmetic with the fast one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.supply import (
    Demand,
    Input,
    Network,
    Node,
    Rules,
    Source,
    StockLayer,
    SupplyResult,
    simulate,
)
from virkestoff.supply.allocation import over_countries, summed
from virkestoff.supply.flow_readable import simulate_one

SEEDS = st.integers(0, 19)
"""Few enough that tests share what they have simulated."""
AXES = {
    "demand": "pc", "missing_before": "pc", "missing": "pc", "shortage_months_before": "pc",
    "shortage_months": "pc", "episodes_before": "pc", "episodes": "pc", "substituted": "ac",
    "delivered": "spc", "stock_end": "lp", "expired": "lp", "taken": "pc", "bulk_end": "b",
    "bulk_expired": "b", "bulk_finished": "b", "output": "n",
}  # fmt: skip


@given(SEEDS)
@settings(max_examples=15)
def test_every_stock_layer_balances_in_every_month(simulated, seed) -> None:
    months = simulated(seed).result.months
    stock = months["layer_stock"]
    change = stock[1:] - stock[:-1]
    flows = (
        months["layer_put_in"]
        - months["layer_expired"]
        - months["layer_released"]
        - months["layer_drawn"]
    )
    np.testing.assert_allclose(change, flows[1:], atol=1e-9)
    assert stock.min() >= 0.0
    for name in ("put_in", "expired", "released", "drawn"):
        assert months[f"layer_{name}"].min() >= 0.0


@given(SEEDS)
@settings(max_examples=15)
def test_bulk_stock_balances_in_every_month(simulated, seed) -> None:
    months = simulated(seed).result.months
    if "bulk_substance.0" not in months:
        return
    stock = months["bulk_substance.0"]
    sent = months["bulk_sent.0"].sum(axis=1)
    flows = months["bulk_filled.0"] - months["bulk_expired.0"] - sent
    np.testing.assert_allclose(stock[1:] - stock[:-1], flows[1:], atol=1e-9)
    assert stock.min() >= 0.0


@given(SEEDS)
@settings(max_examples=15)
def test_goods_that_come_into_a_country_are_used_or_stored(simulated, seed) -> None:
    """Delivered + finished from bulk + out of stock = met demand + into stock + as substitutes."""
    case = simulated(seed)
    months, network = case.result.months, case.network
    come = months["delivered"].sum(axis=1) + months["from_bulk"]
    go = months["demand"] - months["missing_before"]
    for k, layer in enumerate(network.layers):
        c = network.countries.index(layer.country)
        come[:, :, c] += months["layer_drawn"][:, k] + months["layer_released"][:, k]
        go[:, :, c] += months["layer_put_in"][:, k]
    for k, line in enumerate(network.advice):
        go[:, network.presentations.index(line.instead)] += months["replaced"][:, k] * np.reshape(
            line.needs, -1
        )
    np.testing.assert_allclose(come, go, atol=1e-8)


@given(SEEDS)
@settings(max_examples=15)
def test_deliveries_stay_within_capacity_and_missing_within_demand(simulated, seed) -> None:
    result = simulated(seed).result
    months = result.months
    assert (months["delivered"].sum(axis=3) <= months["capacity"] * (1 + 1e-12) + 1e-9).all()
    assert months["delivered"].min() >= 0.0
    assert (result.missing >= 0.0).all()
    assert (result.missing <= result.missing_before).all()
    assert (result.missing_before <= result.demand * (1 + 1e-12)).all()
    assert (result.shortage_months <= result.shortage_months_before).all()
    assert (result.episodes_before <= result.shortage_months_before).all()
    assert ((result.output >= 0.0) & (result.output <= 1.0)).all()
    replaced = np.zeros_like(result.missing)
    for k, line in enumerate(simulated(seed).network.advice):
        at = simulated(seed).network.presentations.index(line.wanted)
        replaced[:, :, at] += result.substituted[:, :, k]
    np.testing.assert_allclose(result.missing_before - result.missing, replaced, atol=1e-8)


@given(SEEDS)
@settings(max_examples=8)
def test_the_fast_simulation_equals_the_readable_one(simulated, seed) -> None:
    case = simulated(seed)
    net = case.network
    names = {
        "p": list(net.presentations), "c": list(net.countries), "s": [s.name for s in net.sources],
        "a": [str(k) for k in range(len(net.advice))], "l": [y.name for y in net.layers],
        "b": [b.name for b in net.bulk], "n": [n.name for n in net.nodes],
    }  # fmt: skip
    draw = seed % case.n_draws
    slow = simulate_one(net, case.demand, case.noise, draw, case.rules)
    for name, axes in AXES.items():
        fast = getattr(case.result, name)[draw]
        expected = np.zeros_like(fast)
        for (year, *keys), amount in slow[name].items():
            place = (names[axis].index(key) for axis, key in zip(axes, keys, strict=True))
            expected[(int(year), *place)] = amount
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        np.testing.assert_allclose(fast, expected, rtol=0.0, atol=1e-12 * scale, err_msg=name)


def _rows(value, some: slice, n_draws: int):
    """The same frozen values for some of the draws."""
    if is_dataclass(value):
        parts = {f.name: _rows(getattr(value, f.name), some, n_draws) for f in fields(value)}
        return replace(value, **parts)
    if isinstance(value, Mapping):
        return {key: _rows(entry, some, n_draws) for key, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(_rows(entry, some, n_draws) for entry in value)
    if isinstance(value, np.ndarray) and value.shape[0] == n_draws:
        return value[some]
    return value


@given(SEEDS, st.integers(1, 2))
@settings(max_examples=8)
def test_results_are_equal_bits_for_any_block_of_draws(simulated, noise_of, seed, cut) -> None:
    case = simulated(seed)
    blocks: list[SupplyResult] = []
    for some in (slice(0, cut), slice(cut, case.n_draws)):
        network, demand, rules = (
            _rows(value, some, case.n_draws) for value in (case.network, case.demand, case.rules)
        )
        noise = noise_of(seed, case.n_draws, some)
        n_some = len(range(*some.indices(case.n_draws)))
        blocks.append(simulate(network, demand, noise, n_some, rules))
    for name in AXES:
        whole = np.concatenate([getattr(block, name) for block in blocks])
        assert np.array_equal(whole, getattr(case.result, name)), name


def test_many_sources_and_countries_give_equal_bits_in_any_block(noise_of) -> None:
    """More than eight of each, where numpy's own sums depend on the length of the other axis."""
    countries = tuple(f"c{k}" for k in range(9))
    nodes = tuple(Node(f"n{k}", 0.5 + 0.1 * k, 3.0) for k in range(10))
    shares = {c: {f"s{k}": 0.1 for k in range(10)} for c in countries}
    network = Network(
        ("tablet",), countries, nodes,
        tuple(Source(f"s{k}", f"n{k}", "abroad", spare=0.1) for k in range(10)), shares,
        layers=tuple(StockLayer(c, c, 0.7) for c in countries),
    )  # fmt: skip
    levels = {c: {"tablet": np.full((1, 2), 100.0 / (k + 3))} for k, c in enumerate(countries)}
    rules = Rules(0.1)
    whole = simulate(network, Demand(levels), noise_of(1, 16), 16, rules)
    for k in range(16):
        one = simulate(network, Demand(levels), noise_of(1, 16, slice(k, k + 1)), 1, rules)
        assert np.array_equal(one.missing[0], whole.missing[k])
        assert np.array_equal(one.delivered[0], whole.delivered[k])


@pytest.mark.parametrize("n_countries", [1, 2, 9, 40])
def test_sums_over_countries_have_one_order_for_any_number_of_draws(n_countries) -> None:
    """Equal bits to adding one by one; numpy promises no order, so this holds it to one."""
    random = np.random.default_rng(n_countries)
    for n_draws in (1, 2, 7, 8, 33, 500):
        shape = (3, n_countries, n_draws)
        amount = random.random(shape) * 10.0 ** random.integers(-8, 8, shape)
        assert np.array_equal(over_countries(amount), summed(amount.swapaxes(0, 1)))


@given(SEEDS)
@settings(max_examples=6)
def test_without_demand_nothing_flows(simulated, seed) -> None:
    case = simulated(seed)
    nothing = {
        country: {p: np.zeros_like(level) for p, level in levels.items()}
        for country, levels in case.demand.yearly.items()
    }
    demand = replace(case.demand, yearly=nothing)
    result = simulate(case.network, demand, case.noise, case.n_draws, case.rules)
    for name in AXES:
        if name != "output":
            assert not getattr(result, name).any(), name


@given(SEEDS, st.floats(0.0, 6.0), st.floats(0.0, 6.0))
@settings(max_examples=12)
def test_one_country_and_presentation_lacks_no_more_with_more_stock(noise_of, seed, a, b) -> None:
    """It need not hold with substitution or several countries: stock for one takes from another."""
    nodes = (
        Node("substance", 0.5, 4.0, 0.8),
        Node("site", 0.5, 2.0, inputs=(Input({"substance": 1.0}, 1.0, 0.5),)),
    )
    missing = []
    for months in sorted((a, b)):
        network = Network(
            ("tablet",), ("home",), nodes, (Source("only", "site", "abroad", spare=0.2),),
            {"home": {"only": 1.0}}, layers=(StockLayer("stock", "home", months),),
        )  # fmt: skip
        demand = Demand({"home": {"tablet": np.full((1, 6), 120.0)}})
        result = simulate(network, demand, noise_of(seed, 5), 5, Rules(0.1))
        missing.append(result.missing.sum(axis=(1, 2, 3)))
    assert (missing[1] <= missing[0] + 1e-9).all()


@pytest.mark.parametrize("reported", [("north",), ("south", "home")])
def test_reporting_fewer_countries_changes_nothing_else(simulated, reported) -> None:
    case = simulated(7)
    rules = replace(case.rules, report=reported)
    some = simulate(case.network, case.demand, case.noise, case.n_draws, rules)
    at = [case.network.countries.index(c) for c in reported]
    assert some.countries == reported
    assert np.array_equal(some.missing, case.result.missing[..., at])
    assert np.array_equal(some.delivered, case.result.delivered[..., at])
    assert np.array_equal(some.taken, case.result.taken)
