"""Faults of a network are named, all at once. Oracle: the rules in `supply.network`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from virkestoff.errors import InputError
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
    check_network,
)

GOOD = Network(
    ("tablet", "mixture"),
    ("home", "north"),
    (Node("site", 0.1, 4.0, inputs=(Input({"acid": 1.0}),)), Node("acid")),
    (Source("imports", "site", "abroad"),),
    {"home": {"imports": 1.0}, "north": {"imports": 1.0}},
)
LEVELS = {c: {p: np.ones((1, 2)) for p in GOOD.presentations} for c in GOOD.countries}
RULES = Rules(0.1)


def _faults(network: Network = GOOD, demand: Demand | None = None, rules: Rules = RULES) -> str:
    with pytest.raises(InputError) as caught:
        check_network(network, demand or Demand(LEVELS), rules, 4)
    return "\n".join(str(fault) for fault in caught.value.faults)


def test_a_sound_network_passes() -> None:
    check_network(GOOD, Demand(LEVELS), RULES, 4)


def test_all_faults_come_at_once_with_names() -> None:
    network = replace(
        GOOD,
        nodes=(
            Node("site", -0.1, 4.0, lost_share=1.2, inputs=(Input({"acdi": 1.0}),)),
            Node("acid"),
        ),
        sources=(
            Source("imports", "stie", "abroad", spare=-1.0, claims={"hoem": 0.2, "home": 0.9}),
            Source("idle", "site", "abroad"),
        ),
        shares={"home": {"imports": 0.7}},
        layers=(StockLayer("buffer", "home", np.ones((3, 1)), refill_months=0.5),),
        bans=(ExportBan("abroad", 1.1, 0.1),),
    )
    text = _faults(network, rules=Rules(1.5, builder="nowhere"))
    for part in (
        "node 'site': failures_per_year: -0.1 is negative",
        "node 'site': lost_share: 1.2 is over 1",
        "node 'site': inputs: node 'acdi' is not known. Did you mean 'acid'",
        "source 'imports': node 'stie' is not known. Did you mean 'site'",
        "source 'imports': spare: -1 is negative",
        "source 'imports': country 'hoem' is not known",
        "source 'imports': claims: sum to 1.1, over 1",
        "source 'idle': can never deliver",
        "shares of 'home' for 'tablet': sum to 0.7, not 1",
        "country 'north': no source serves it",
        "stock 'buffer': months: has shape (3, 1)",
        "stock 'buffer': refill_months: 0.5 is below 1",
        "export ban of 'abroad': probability: 1.1 is over 1",
        "rules: shortage_threshold: 1.5 is over 1",
        "rules: country 'nowhere' is not known",
    ):
        assert part in text, part


def test_a_circle_in_the_bill_of_materials_is_named() -> None:
    nodes = (
        Node("site", inputs=(Input({"acid": 1.0}),)),
        Node("acid", inputs=(Input({"sugar": 1.0}),)),
        Node("sugar", inputs=(Input({"acid": 1.0}),)),
    )
    assert "goes in a circle: acid -> sugar -> acid" in _faults(replace(GOOD, nodes=nodes))


def test_names_given_twice_and_inputs_that_cannot_suffice() -> None:
    nodes = (*GOOD.nodes, Node("acid"), Node("half", inputs=(Input({"acid": 0.5}),)))
    text = _faults(replace(GOOD, nodes=nodes))
    assert "node 'acid': is given 2 times" in text
    assert "node 'half': input from acid: shares sum to 0.5" in text


def test_what_a_source_does_not_make_cannot_be_ordered_from_it() -> None:
    sources = (replace(GOOD.sources[0], presentations=("tablet",)),)
    assert "source 'imports' does not make it" in _faults(replace(GOOD, sources=sources))


def test_shares_of_entrants_come_on_top_and_stay_within_one() -> None:
    plant = Source("plant", "site", "home", is_entrant=True, start_month=5.0)
    shares = {"home": {"imports": 1.0, "plant": 0.4}, "north": {"imports": 1.0}}
    network = replace(GOOD, sources=(*GOOD.sources, plant), shares=shares)
    check_network(network, Demand(LEVELS), RULES, 4)
    two = (*network.sources, replace(plant, name="second"))
    shares = {**shares, "home": {"imports": 1.0, "plant": 0.4, "second": 0.7}}
    assert "entrants' shares sum to 1.1, over 1" in _faults(
        replace(GOOD, sources=two, shares=shares)
    )


def test_demand_that_is_missing_negative_or_out_of_season() -> None:
    levels = {"home": {"tablet": np.full((1, 2), -1.0), "mixture": np.ones((3, 2))}}
    demand = Demand(
        levels,
        season={"tablet": (0.1,) * 12, "drops": (1.0 / 12,) * 12},
        shocks=(Shock("winter", 1.2, 0.2, 0.3, 12, 6, countries=("mars",)),),
    )
    text = _faults(demand=demand)
    for part in (
        "demand of 'home' for 'tablet': is negative",
        "demand of 'home' for 'mixture': has shape (3, 2)",
        "demand of 'north' for 'tablet': is missing (unknown is not zero)",
        "season of 'tablet': 12 shares sum to 1.2",
        "season of 'drops': presentation 'drops' is not known",
        "shock 'winter': probability: 1.2 is over 1",
        "shock 'winter': needs a first month of 0 to 11",
        "shock 'winter': country 'mars' is not known",
    ):
        assert part in text, part


def test_stocks_advice_crises_and_outages() -> None:
    network = replace(
        GOOD,
        layers=(StockLayer("duty", "home", float("nan"), loss_per_month=2.0),),
        bulk=(BulkStock("bulk", "home", ("tablte",), 1.0, "acid", "finisher", 2.0, -0.5),),
        advice=(Advice("tablet", "tablet", 1, 1.5), Advice("tablet", "drops", 1, 0.5)),
        crises=(Crisis(("moon",), 0.0, 3.0),),
        bans=(ExportBan("home", 0.5, 0.1),),
        outages=(Outage("plant", 0.0, -1.0),),
    )
    text = _faults(network)
    for part in (
        "stock 'duty': months: holds a value that is not a number",
        "stock 'duty': loss_per_month: 2 is over 1",
        "stock 'bulk': presentation 'tablte' is not known. Did you mean 'tablet'",
        "stock 'bulk': node 'finisher' is not known",
        "stock 'bulk': rate: -0.5 is negative",
        "advice 'tablet' -> 'tablet': replaces a presentation by itself",
        "advice 'tablet' -> 'tablet': acceptable: 1.5 is over 1",
        "advice 'tablet' -> 'drops': presentation 'drops' is not known",
        "crisis: country 'moon' is not known",
        "export ban of 'home': no source lies there",
        "outage of 'plant': node 'plant' is not known",
        "outage of 'plant': months: -1 is negative",
    ):
        assert part in text, part
