"""The bill of materials. Oracles: a small bill by hand, and brute force over all ways down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError, MissingFact
from virkestoff.evidence import CentralParameters, FixedParameters, load_library
from virkestoff.supply import (
    dependence,
    held_months,
    is_domestic,
    load_bill,
    time_to_survive,
)

ITEM = (
    "  {name}:\n    name: {{nb: x, en: x}}\n    kind: {kind}\n    {step}\n"
    "    origin: {{places: {places}, confidence: assumption, sources: {sources}}}\n"
    "    lead_time: supply.lead\n    storable: supply.storable\n    held: supply.held\n"
    "    {price}\n    needs: [{needs}]\n"
)


def _item(name, kind="chemical", step=None, places="unknown", sources="one", needs=(), price=None):
    return ITEM.format(
        name=name,
        kind=kind,
        step=f"step: {step}" if step else "",
        places=places,
        sources=sources,
        price=f"price: {price}" if price else "",
        needs=", ".join(needs),
    )


def _write(tmp_path: Path, *items: str) -> Path:
    path = tmp_path / "bill.yaml"
    path.write_text("bill:\n" + "".join(items))
    return path


SMALL = (
    _item("tablet", "presentation", "finishing", needs=("{item: substance}", "{item: foil}")),
    _item("foil", "packaging", places="[europe]", sources="several"),
    _item(
        "substance", "substance", "coupling", places="[india]",
        needs=(
            "{item: six_apa, amount: supply.bill.six_apa}",
            "{item: sugar, amount: supply.bill.sugar}",
        ),
    ),
    _item("six_apa", "intermediate", "enzyme", places="[china]", price="supply.price.six_apa"),
    _item(
        "sugar", places="[europe, asia]", sources="several", price="supply.price.sugar"
    ),
)  # fmt: skip


def test_dependence_by_tier_and_worth_by_hand(tmp_path: Path) -> None:
    bill = load_bill(_write(tmp_path, *SMALL))
    given = FixedParameters(
        {
            "supply.bill.six_apa": 0.5, "supply.bill.sugar": 10.0,
            "supply.price.six_apa": 300.0, "supply.price.sugar": 5.0,
        }
    )  # fmt: skip
    found = dependence(bill, "tablet", ["finishing", "coupling"], given)
    assert found.items_by_place == {
        1: {"norway": 1.0},
        2: {"europe": 0.5, "norway": 0.5},
        3: {"asia": 0.25, "china": 0.5, "europe": 0.25},
    }
    worth = {place: share.item() for place, share in found.value_by_place.items()}
    assert worth == pytest.approx({"china": 0.75, "europe": 0.125, "asia": 0.125}, rel=1e-12)
    assert found.unpriced == ("foil",)


def test_nothing_that_rests_on_imported_six_apa_is_domestic(tmp_path: Path) -> None:
    bill = load_bill(_write(tmp_path, *SMALL))
    some = is_domestic(bill, "tablet", ["finishing", "coupling"])
    assert (some.is_domestic, some.single_imports) == (False, ("six_apa",))
    assert some.domestic_steps == ("finishing", "coupling")
    assert some.first_imported_tier == 2
    every = is_domestic(bill, "tablet", ["finishing", "coupling", "enzyme"])
    assert every.is_domestic
    assert every.single_imports == ()
    upstream_only = is_domestic(bill, "tablet", ["coupling", "enzyme"])
    assert not upstream_only.is_domestic, "the packs themselves are imported"


def test_time_to_survive_by_hand(tmp_path: Path) -> None:
    bill = load_bill(_write(tmp_path, *SMALL))
    held = {n: np.array([[m]]) for n, m in (("tablet", 1.0), ("substance", 3.0), ("six_apa", 2.0))}
    found = time_to_survive(bill, "tablet", held)
    assert {name: months.item() for name, months in found.items()} == {
        "tablet": 1.0, "substance": 4.0, "foil": 1.0, "six_apa": 6.0, "sugar": 4.0,
    }  # fmt: skip
    without = time_to_survive(bill, "tablet", held, with_input_stock=False)
    assert {months.item() for months in without.values()} == {1.0}


def test_what_is_held_is_at_most_what_can_be_stored(tmp_path: Path) -> None:
    bill = load_bill(_write(tmp_path, *SMALL))
    held = held_months(bill, "tablet", FixedParameters({"supply.held": 9.0, "supply.storable": 6}))
    assert {months.item() for months in held.values()} == {6.0}


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        _item("a", "substance", "make", needs=("{item: b}",)),
        _item("b", "substance", "make", needs=("{item: c}", "{item: foul}")),
        _item("c", "substance", "make", needs=("{item: a}", "{item: foil}", "{item: foil}")),
        _item("foil", places="[]"),
        "  bare:\n    name: {nb: x, en: x}\n    kind: chemical\n"
        "    lead_time: f\n    storable: f\n    held: f\n",
    )
    with pytest.raises(InputError) as caught:
        load_bill(path)
    text = str(caught.value)
    assert "goes round: a -> b -> c -> a" in text
    assert "needs 'foul', which is unknown" in text
    assert "Did you mean 'foil'?" in text
    assert "needs 'foil' more than once" in text
    assert "names no place" in text
    assert "bare.origin: is missing" in text
    assert len(caught.value.faults) == 5


def test_unknown_product_and_step_are_named(tmp_path: Path) -> None:
    bill = load_bill(_write(tmp_path, *SMALL))
    with pytest.raises(MissingFact, match="tablett"):
        dependence(bill, "tablett", [])
    with pytest.raises(InputError, match="Did you mean 'finishing'"):
        is_domestic(bill, "tablet", ["finnishing"])


edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14)
months = st.lists(st.integers(0, 9), min_size=7, max_size=7)


@given(edges, months)
def test_brute_force_over_all_ways_down(tmp_path_factory, pairs, stock) -> None:
    """Twin: stock summed along each way from the product to what is lost; the least of them."""
    needs = {i: sorted({b for a, b in pairs if a == i < b}) for i in range(7)}
    items = [
        _item(
            f"n{i}", "substance", "make", needs=[f"{{item: n{b}}}" for b in needs[i]]
        )
        for i in range(7)
    ]  # fmt: skip
    bill = load_bill(_write(tmp_path_factory.mktemp("bill"), *items))
    held = {f"n{i}": np.array([[float(m)]]) for i, m in enumerate(stock)}
    ways: dict[int, list[int]] = {}

    def walk(i: int, total: int, depth: int, tier: dict[int, int]) -> None:
        ways.setdefault(i, []).append(total + stock[i])
        tier[i] = min(tier.get(i, 99), depth)
        for b in needs[i]:
            walk(b, total + stock[i], depth + 1, tier)

    tiers: dict[int, int] = {}
    walk(0, 0, 1, tiers)
    found = time_to_survive(bill, "n0", held)
    assert {n: m.item() for n, m in found.items()} == {f"n{i}": min(w) for i, w in ways.items()}
    assert bill.tiers("n0") == {f"n{i}": tier for i, tier in tiers.items()}


def test_the_bill_of_the_library_is_sound_and_honest() -> None:
    """Every fact it names exists; penicillin V is not domestic while its precursor is unknown."""
    root = Path(__file__).resolve().parents[2] / "library"
    bill, parameters = load_bill(root / "supply" / "bill_of_materials.yaml"), None
    parameters = CentralParameters(load_library(root), 2025)
    for name, item in bill.items.items():
        for fact in (item.lead_time, item.storable, item.held):
            assert parameters(fact, "month").item() > 0, name
        if item.price:
            assert parameters(item.price, "NOK/kg").item() > 0, name
    for product, item in bill.items.items():
        if item.kind != "presentation":
            continue
        standing = is_domestic(bill, product, bill.steps())
        assert not standing.is_domestic
        shares = dependence(bill, product, bill.steps(), parameters)
        for places in shares.items_by_place.values():
            assert sum(places.values()) == pytest.approx(1.0, rel=1e-12)
        worth = [share.item() for share in shares.value_by_place.values()]
        assert not worth or sum(worth) == pytest.approx(1.0)
        assert worth or shares.unpriced, "what has no worth is said to have none"
    steps = ["finishing", "fermentation_v"]
    penicillin = is_domestic(bill, "phenoxymethylpenicillin_tablet", steps)
    assert penicillin.single_imports == ("phenoxyacetic_acid", "penicillin_strain")
    assert "six_apa" in is_domestic(bill, "amoxicillin_tablet", ["finishing"]).single_imports
