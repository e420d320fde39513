"""Financing and commitment in the antibiotics study.

Oracle: double entry, closed forms of present value and order laws (who pays earlier at the lower
rate pays less; a longer contract never protects less). No number of the study is repeated.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.financing import FORMS, bounds, load_routes
from virkestoff.reports.funding_tables import load_study_routes
from virkestoff.studies import (
    Definition,
    RunResult,
    load_definition,
    load_evaluate,
    run_study,
)

FOLDER = content_root() / "studies" / "antibiotics"
DRAWS = 24
FEW = 16  # for the runs with the monthly model of supply
PLANTS = ("finished_norway", "plant_norway")
CONTRACTS = ("contract_five", "contract_ten", "contract_twenty_five")
PROBES = tuple(f"plant_norway_{form}" for form in FORMS if form != "support")
ROUNDING = 1e-6  # of the amount


def few(definition: Definition, **changed: object) -> Definition:
    """The study without preparedness, and with the runs that these tests need."""
    kept = {k: v for k, v in definition.alternatives.items() if k in ("today", *PLANTS)}
    probes = {k: v for k, v in definition.probes.items() if k in (*CONTRACTS, *PROBES)}
    runs = {**kept, **probes}
    quiet = {
        name: run.model_copy(update={"levers": {**run.levers, "preparedness": "left_out"}})
        for name, run in runs.items()
    }
    staged = ("decision_year", "signal_days")  # a lever that no run reads is a fault
    return definition.model_copy(
        update={
            "levers": {k: v for k, v in definition.levers.items() if k not in staged},
            "alternatives": {k: quiet[k] for k in kept},
            "probes": {k: quiet[k] for k in probes},
            "sweeps": {}, "combinations": None, "rankings": (), **changed,
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def loaded() -> tuple[Definition, Library]:
    return load_definition(FOLDER, load_library(content_root() / "library"))


@pytest.fixture(scope="module")
def result(loaded: tuple[Definition, Library]) -> RunResult:
    definition, library = loaded
    rules = rules_on(library, definition.as_of)
    return run_study(few(definition), library, load_evaluate(FOLDER), rules, n_draws=DRAWS, seed=3)


def outcome(result: RunResult, run: str, name: str) -> np.ndarray:
    return result.runs[run].outcomes[name]


def below(smaller: np.ndarray, larger: np.ndarray) -> bool:
    return bool((smaller <= larger + ROUNDING * np.abs(larger)).all())


def test_every_form_earns_the_return_and_costs_something(result: RunResult) -> None:
    for run in PLANTS:
        for form in FORMS:
            cost = outcome(result, run, f"state_cost_{form}")
            lost = outcome(result, run, f"state_lost_{form}")
            assert np.isfinite(cost).all()
            assert (cost > 0).all()
            assert (lost >= 0).all(), (run, form)


def test_paying_earlier_is_cheaper_for_a_state_with_the_lower_rate(result: RunResult) -> None:
    """A krone at once is worth a krone to both; later it is worth more to the state."""
    for run in PLANTS:
        by_grant = outcome(result, run, "state_cost_grant")
        assert below(by_grant, outcome(result, run, "state_cost_support"))


def test_yearly_support_loses_nothing_to_failed_development(result: RunResult) -> None:
    for run in PLANTS:
        assert not outcome(result, run, "state_lost_support").any()
        assert below(
            outcome(result, run, "state_lost_advance"), outcome(result, run, "state_lost_grant")
        )


def test_shares_of_draws_are_zero_or_one_and_fail_together(result: RunResult) -> None:
    for run in PLANTS:
        forgiven = outcome(result, run, "forgiven_advance")
        assert set(forgiven) <= {0.0, 1.0}
        assert (outcome(result, run, "default_guarantee") >= forgiven).all()
    first, second = (outcome(result, run, "forgiven_advance") for run in PLANTS)
    np.testing.assert_array_equal(first, second)  # development is the same luck everywhere


def test_the_advance_is_worth_more_to_the_owner_where_it_is_forgiven(result: RunResult) -> None:
    for run in PLANTS:
        forgiven = outcome(result, run, "forgiven_advance") == 1.0
        worth = outcome(result, run, "advance_worth_owner")
        assert (worth[forgiven] > 0).all()
        assert (outcome(result, run, "advance_cost_state")[forgiven] > 0).all()


def test_every_form_pays_by_double_entry(result: RunResult) -> None:
    actors = result.definition.actors
    everyone = (*actors.public, *actors.private, *actors.foreign, "resources")
    for run in (*PLANTS, *PROBES):
        net = sum(outcome(result, run, f"account_net_{actor}") for actor in everyone)
        np.testing.assert_allclose(net, 0.0, atol=0.1, err_msg=run)


def test_the_account_shows_the_form_that_is_paid(result: RunResult) -> None:
    """The state's account holds tax too; the order of the forms is that of their costs."""
    paid = {run: outcome(result, run, "account_public_net_cost").mean() for run in PROBES}
    assert min(paid, key=lambda run: paid[run]) == "plant_norway_grant"
    for run in PROBES:
        lent = outcome(result, run, "account_net_lenders")
        assert lent.any() == (run == "plant_norway_guarantee"), run


def test_the_form_of_support_makes_the_plant_no_dearer_to_build(result: RunResult) -> None:
    for run in PROBES:
        np.testing.assert_array_equal(
            outcome(result, run, "investment"), outcome(result, "plant_norway", "investment")
        )


def test_a_longer_contract_never_protects_less_and_never_costs_less(result: RunResult) -> None:
    years = [outcome(result, run, "protected_years") for run in CONTRACTS]
    costs = [outcome(result, run, "state_cost_contract") for run in CONTRACTS]
    for shorter, longer in zip(years, years[1:], strict=False):
        assert (longer >= shorter).all()
    for shorter, longer in zip(costs, costs[1:], strict=False):
        assert below(shorter, longer)


def test_under_the_contract_the_plant_runs_and_the_owner_earns_the_return(
    result: RunResult,
) -> None:
    for run, years in zip(CONTRACTS, (5, 10, 25), strict=True):
        levers = result.definition.probes[run].levers
        assert levers["contract_years"] == years
        n = result.definition.axis.size
        left = n - np.floor(outcome(result, run, "time_to_first_pack"))
        assert (outcome(result, run, "protected_years") >= np.minimum(years, left)).all()
        value = outcome(result, run, "owner_value_contract")
        assert (value >= -ROUNDING * outcome(result, run, "investment")).all()


def test_a_fall_in_use_costs_the_owner_more_when_support_follows_volume(
    result: RunResult,
) -> None:
    for run in PLANTS:
        tied, free = (outcome(result, run, f"stewardship_{n}") for n in ("tied", "free"))
        assert (tied <= free).all()
        assert (tied < 0).all()


def test_nothing_is_paid_where_nothing_is_needed(loaded: tuple[Definition, Library]) -> None:
    """At a price many times that of today the plant pays for itself under every form."""
    definition, library = loaded
    price = library.facts["supply.market.price_obtained"]
    dear = dataclasses.replace(
        library,
        facts={
            **library.facts, price.id: price.model_copy(update={"value": 200.0}),
        },
    )  # fmt: skip
    kept = few(definition)
    kept = kept.model_copy(
        update={
            "probes": {},
            "alternatives": {k: kept.alternatives[k] for k in ("today", "plant_norway")},
        }
    )
    rules = rules_on(dear, definition.as_of)
    found = run_study(kept, dear, load_evaluate(FOLDER), rules, n_draws=8, seed=3)
    assert not outcome(found, "plant_norway", "support").any()
    assert not outcome(found, "plant_norway", "state_cost_support").any()
    assert not outcome(found, "plant_norway", "state_cost_grant").any()
    assert (outcome(found, "plant_norway", "grant_enough") == 1.0).all()
    assert (outcome(found, "plant_norway", "kept_after_contract") == 1.0).all()


# ------------------------------------------------------------------------------ the staged plant


@pytest.fixture(scope="module")
def staged(loaded: tuple[Definition, Library]) -> RunResult:
    """Finished forms alone, the staged plant, and the substance in any case."""
    definition, library = loaded
    kept = ("today", "finished_norway", "plant_norway", "staged")
    definition = definition.model_copy(
        update={
            "alternatives": {k: definition.alternatives[k] for k in kept},
            "probes": {"staged_always": definition.probes["staged_always"]},
            "sweeps": {}, "combinations": None, "rankings": (),
        }
    )  # fmt: skip
    rules = rules_on(library, definition.as_of)
    return run_study(definition, library, load_evaluate(FOLDER), rules, n_draws=FEW, seed=3)


def test_a_draw_of_the_staged_plant_is_one_of_its_two_plans(staged: RunResult) -> None:
    """Society's account and shortage are those of the plan that the signal chose."""
    goes = outcome(staged, "staged", "staged_go") == 1.0
    assert goes.any()
    assert not goes.all()
    limit = staged.definition.levers["signal_days"].default
    np.testing.assert_array_equal(goes, outcome(staged, "staged", "staged_signal") >= limit)
    for name in (
        "account_net_present_cost", "account_public_net_cost", "shortage_loss", "crisis_missing",
        "investment", "support", "unit_cost_kg",
    ):  # fmt: skip
        alone = outcome(staged, "finished_norway", name)
        whole = outcome(staged, "staged_always", name)
        np.testing.assert_allclose(
            outcome(staged, "staged", name), np.where(goes, whole, alone), rtol=1e-9, atol=0.02,
            err_msg=name,
        )  # fmt: skip


def test_the_second_step_comes_after_its_decision(staged: RunResult) -> None:
    years = outcome(staged, "staged_always", "staged_own_year")
    assert (years > staged.definition.levers["decision_year"].default).all()
    assert (years < staged.definition.axis.size).all()
    for name in ("investment", "staff"):
        more = outcome(staged, "staged_always", name) - outcome(staged, "finished_norway", name)
        assert (more > 0).all(), name


def test_with_the_substance_made_the_staged_plant_protects_as_the_full_one(
    staged: RunResult,
) -> None:
    """Measured in the years in which both make it; capacity and failures are the same."""
    for name in ("missing_ddd", "shortage_days", "crisis_missing"):
        np.testing.assert_allclose(
            outcome(staged, "staged_always", name).mean(),
            outcome(staged, "plant_norway", name).mean(), rtol=0.2, err_msg=name,
        )  # fmt: skip


def test_learning_is_worth_something_and_full_learning_most(staged: RunResult) -> None:
    runs = ("today", "finished_norway", "staged_always")
    values = -np.column_stack([outcome(staged, run, "account_net_present_cost") for run in runs])
    seen = outcome(staged, "staged_always", "staged_signal")
    found = bounds(values, np.column_stack([np.zeros(FEW), seen]))
    assert found.no_learning <= found.rule + ROUNDING * abs(found.rule)
    assert found.rule <= found.full_learning + ROUNDING * abs(found.full_learning)


# ------------------------------------------------------------------------------------ the routes


def test_every_alternative_names_its_routes(loaded: tuple[Definition, Library]) -> None:
    definition, _ = loaded
    found = load_study_routes(FOLDER, definition, load_routes())
    assert list(found.routes) == list(definition.alternatives)
    assert not found.routes["today"]


def test_faults_of_the_routes_are_listed_at_once(
    loaded: tuple[Definition, Library], tmp_path: Path
) -> None:
    definition, _ = loaded
    text = (FOLDER / "routes.yaml").read_text(encoding="utf-8")
    text = text.replace("  today: {}\n", "  todya: {}\n").replace("route: own_stock", "route: gift")
    (tmp_path / "routes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_study_routes(tmp_path, definition, load_routes())
    message = str(caught.value)
    for part in ("'today'", "todya", "gift", "buffer", "bulk_stock"):
        assert part in message


def test_the_block_exemption_is_not_known_in_the_first_year(
    loaded: tuple[Definition, Library],
) -> None:
    definition, _ = loaded
    route = load_routes()["block_exemption"]
    assert not route.valid.period.holds_on(date(definition.years[0], 1, 1))
