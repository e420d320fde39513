"""Cost sharing in the antibiotics study. Oracle: the laws of splits, and sums by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.costsharing import (
    NATIONAL_RULES,
    WAYS,
    CostGame,
    cost_game,
    is_subadditive,
    shapley,
    split,
    subadditive_cover,
)
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.language import Lang
from virkestoff.reports.national_tables import investment_split, own_gain_first, yearly_split
from virkestoff.reports.sharing_tables import recorded_game
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_tables import TABLES
from virkestoff.studies import (
    Definition,
    RunResult,
    assemble,
    dump_json,
    load_definition,
    load_evaluate,
    run_study,
)

FOLDER = content_root() / "studies" / "antibiotics"
PROBE = "nordic_sharing"
NORDIC = ("norway", "sweden", "denmark", "finland", "iceland")
SPLIT = ("buffer", "income_guarantee", "capacity_contract", "plant_norway")
NAMES = ("sharing", "sharing_plant", "coalitions", "leaving", "agreement", "national_split",
         "national_investment", "buyers")  # fmt: skip
N_DRAWS = 64
LANGS: tuple[Lang, ...] = ("nb", "en")


@pytest.fixture(scope="module")
def loaded() -> tuple[Definition, Library]:
    return load_definition(FOLDER, load_library(content_root() / "library"))


@pytest.fixture(scope="module")
def result(loaded: tuple[Definition, Library]) -> RunResult:
    return run(loaded, SPLIT, block=64)


def run(loaded: tuple[Definition, Library], names: tuple[str, ...], block: int) -> RunResult:
    """Today, some alternatives and the probe; the rest only costs time."""
    d, library = loaded
    # Levers that only the staged plant reads would be faults where it is left out.
    read = {n: v for n, v in d.levers.items() if n not in ("decision_year", "signal_days")}
    kept = {n: a for n, a in d.alternatives.items() if n in ("today", *names)}
    base = d.alternatives["plant_nordic"]
    levers = {**base.levers, "preparedness": "left_out"}
    kept["plant_nordic"] = base.model_copy(update={"levers": levers})
    update = {
        "levers": read, "alternatives": kept, "probes": {PROBE: d.probes[PROBE]}, "sweeps": {},
        "combinations": None,
        "rankings": (), "unpriced": (), "decision": None,
    }  # fmt: skip
    few = d.model_copy(update=update)
    rules = rules_on(library, d.as_of)
    evaluate = load_evaluate(FOLDER)
    return run_study(few, library, evaluate, rules, N_DRAWS, 1, block=block, threads=1)


@pytest.fixture(scope="module")
def results(result: RunResult) -> dict[str, Any]:
    """As it is read back from results.json."""
    return json.loads(dump_json(assemble(result)))


def game_of(result: RunResult, group: str) -> CostGame:
    """A recorded game, draw by draw."""
    costs = result.runs[PROBE].parts[group]
    return cost_game(NORDIC, {frozenset(key.split("+")): cost for key, cost in costs.items()})


# ------------------------------------------------------------------------------ between countries


def test_only_the_probe_records_coalitions_and_all_31(result: RunResult) -> None:
    for name, run_ in result.runs.items():
        assert ("sharing_cost_all" in run_.parts) == (name == PROBE)
    for group in ("sharing_cost_all", "sharing_cost_plant", "sharing_way_contract"):
        assert len(result.runs[PROBE].parts[group]) == 2 ** len(NORDIC) - 1


@pytest.mark.parametrize("which", ["all", "plant"])
def test_shapley_shares_add_up_and_nobody_pays_more_than_alone(
    result: RunResult, which: str
) -> None:
    game = game_of(result, f"sharing_cost_{which}")
    assert is_subadditive(game).all()
    shares = result.runs[PROBE].parts[f"sharing_shapley_{which}"]
    np.testing.assert_allclose(sum(shares.values()), game.total, rtol=1e-9)
    for k, name in enumerate(NORDIC):
        assert (shares[name] <= game.alone[:, k] * (1 + 1e-9) + 1.0).all(), name


@pytest.mark.parametrize("which", ["all", "plant"])
def test_rules_share_expected_costs_and_the_nucleolus_is_in_the_core(
    results: dict[str, Any], which: str
) -> None:
    game = recorded_game(results["parts"][PROBE][f"sharing_cost_{which}"])
    found = split(game)
    for row in found.rows:
        total = sum(row.mean.values())
        np.testing.assert_allclose(total, game.total[0], rtol=1e-8, err_msg=row.rule)
    for rule in ("shapley", "nucleolus"):
        for name, amount in found.row(rule).mean.items():
            assert amount <= game.cost([name])[0] * (1 + 1e-6), (rule, name)
    if found.has_core:
        assert found.row("nucleolus").largest_objection <= 1e-6 * game.total[0]


def test_the_cheapest_way_is_the_least_of_three_and_never_dearer_together(
    result: RunResult,
) -> None:
    parts = result.runs[PROBE].parts
    for key, cost in parts["sharing_cost_all"].items():
        ways = np.stack([parts[f"sharing_way_{way}"][key] for way in WAYS])
        assert (cost <= ways.min(axis=0) * (1 + 1e-9)).all(), key
        if "+" not in key:
            np.testing.assert_allclose(cost, ways.min(axis=0), rtol=1e-9)
        often = sum(parts[f"sharing_cheapest_{way}"][key] for way in WAYS)
        np.testing.assert_array_equal(often, 1.0)


def test_stock_costs_what_its_parts_cost(result: RunResult) -> None:
    """By hand: a country's stock is its share of the goods, and its own administration."""
    parts = result.runs[PROBE].parts
    bill = np.stack(list(parts["sharing_stock_bill"].values()), axis=1)
    rate = result.library.fact("supply.stock.public_capital_rate").central
    factors = (1 + rate) ** -np.arange(bill.shape[1])
    yearly = parts["sharing_administration"]["each_country"]
    for name, share in parts["sharing_need"].items():
        by_hand = share * (bill @ factors) + yearly * factors.sum()
        # the import that both hold is added and taken off again
        np.testing.assert_allclose(parts["sharing_way_stock"][name], by_hand, rtol=1e-6)


def test_the_bill_of_the_plant_is_the_cost_of_the_plant_for_all(result: RunResult) -> None:
    parts = result.runs[PROBE].parts
    bill = np.stack(list(parts["sharing_bill"].values()), axis=1)
    rate = result.library.fact("supply.stock.public_capital_rate").central
    worth = bill @ (1 + rate) ** -np.arange(bill.shape[1])
    np.testing.assert_allclose(parts["sharing_way_plant"]["+".join(NORDIC)], worth, rtol=1e-6)


def test_the_plant_stands_where_the_others_hold_least_stock(result: RunResult) -> None:
    parts = result.runs[PROBE].parts
    need = np.stack([parts["sharing_need"][n] for n in NORDIC])
    np.testing.assert_allclose(need.sum(axis=0), 1.0)
    host = np.stack([parts["sharing_host"][n] for n in NORDIC])
    np.testing.assert_array_equal(host.argmax(axis=0), need.argmax(axis=0))
    extra = np.stack([parts["sharing_host_extra"][n] for n in NORDIC])
    assert (extra >= 0.0).all()
    assert not extra[host == 1.0].any()


def test_countries_alike_pay_alike() -> None:
    """Symmetry: two countries of one need and one cost, at any place in the list."""
    costs = {"a": 3.0, "b": 7.0, "c": 3.0}
    names = tuple(costs)
    members = [frozenset(n for k, n in enumerate(names) if m >> k & 1) for m in range(1, 8)]
    game = subadditive_cover(
        cost_game(names, {s: 5.0 + 0.5 * sum(costs[n] for n in s) for s in members})
    )
    shares = shapley(game)[0]
    assert shares[0] == pytest.approx(shares[2])
    nucleolus = split(game).row("nucleolus").mean
    assert nucleolus["a"] == pytest.approx(nucleolus["c"])


def test_blocks_change_nothing(loaded: tuple[Definition, Library], result: RunResult) -> None:
    again = run(loaded, (), block=50)
    for group, parts in again.runs[PROBE].parts.items():
        if group.startswith(("sharing", "national")):
            for name, values in parts.items():
                whole = result.runs[PROBE].parts[group][name]
                np.testing.assert_array_equal(values, whole, err_msg=f"{group}.{name}")


# ------------------------------------------------------------------------------- inside Norway


def rules_with_meaning(gains: list[float]) -> list[str]:
    """Rules by benefit have none where somebody loses, which few draws may show by chance."""
    by_benefit = ("beneficiary_pays", "equal_return")
    return [rule for rule in NATIONAL_RULES if rule not in by_benefit or min(gains) >= 0.0]


@pytest.mark.parametrize("run_name", SPLIT)
def test_every_rule_shares_the_whole_yearly_cost(results: dict[str, Any], run_name: str) -> None:
    parts = results["parts"][run_name]
    found = yearly_split(parts)
    total = sum(cell["mean"] for cell in parts["national_cost"].values())
    assert total > 0.0
    gains = [cell["mean"] for cell in parts["national_gain"].values()]
    for rule in rules_with_meaning(gains):
        assert sum(found.mean(rule).values()) == pytest.approx(total), rule
    gain = {name: cell["mean"] for name, cell in parts["national_gain"].items()}
    pays = own_gain_first(total, gain, "state")
    assert sum(pays.values()) == pytest.approx(total)
    for name, amount in gain.items():
        assert pays[name] <= max(amount, 0.0) + 1e-6


def test_use_is_shared_out_whole(result: RunResult) -> None:
    for name in SPLIT:
        use = result.runs[name].parts["national_use"]
        np.testing.assert_allclose(sum(use.values()), 1.0)


def test_gain_is_the_loss_that_the_study_measures_as_avoided(result: RunResult) -> None:
    for name in SPLIT:
        run_ = result.runs[name]
        gain = sum(run_.parts["national_gain"].values())
        np.testing.assert_allclose(gain, run_.outcomes["avoided_loss"], rtol=1e-6, atol=1.0)


def test_yearly_cost_is_what_the_state_pays_for_it(result: RunResult) -> None:
    """Oracle: the account. The state's other payments are tax, and loss from shortage."""
    run_ = result.runs["income_guarantee"]
    cost = sum(run_.parts["national_cost"].values())
    paid = run_.outcomes["account_yearly_cost_state"]
    assert np.corrcoef(cost, paid)[0, 1] > 0.9
    assert np.median(cost / paid) == pytest.approx(1.0, abs=0.2)


def test_the_investment_is_shared_whole_and_sums_to_what_is_invested(
    result: RunResult, results: dict[str, Any]
) -> None:
    run_ = result.runs["plant_norway"]
    parts = sum(run_.parts["national_investment"].values())
    np.testing.assert_allclose(parts, run_.outcomes["investment"])
    found = investment_split(results["parts"]["plant_norway"])
    gains = [c["mean"] for c in results["parts"]["plant_norway"]["national_gain"].values()]
    for rule in rules_with_meaning(gains):
        assert sum(found.mean(rule).values()) == pytest.approx(run_.outcomes["investment"].mean())


# -------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_whole_in_both_languages(
    loaded: tuple[Definition, Library], results: dict[str, Any], name: str
) -> None:
    definition, library = loaded
    nb, en = (
        TABLES[name](StudyContext(definition, library, results, lang, FOLDER)) for lang in LANGS
    )
    assert nb.id == en.id == name
    assert len(nb.rows) == len(en.rows) > 0
    assert nb.caption != en.caption
    for table in (nb, en):
        assert table.notes
        for row in table.rows:
            assert len(row) == len(table.columns)
            for cell in row:
                assert cell
                assert "nan" not in str(cell).split()
