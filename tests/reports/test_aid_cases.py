"""With and without aid. Oracles: the decision made again on the draws, and ceilings by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import content_root, load_library
from virkestoff.financing import load_routes
from virkestoff.reports.aid_cases import aid_cases_table, aid_ceilings_table, pick_without
from virkestoff.reports.funding_tables import load_study_routes
from virkestoff.reports.study_context import StudyContext
from virkestoff.studies import load_definition
from virkestoff.studies.decision import Meeting, choose, expected_of, meeting_of, regret_of

NAMES = ("today", "stock", "plant", "other")
FOLDER = content_root() / "studies" / "antibiotics"
NOK = 1e9


def _decided(costs: np.ndarray, days: np.ndarray) -> dict[str, Any]:
    """Costs and shortage of each alternative, both (n_alternatives, n_draws), as results hold."""
    losses = dict(zip(NAMES, costs, strict=True))
    level = np.full(costs.shape[1], 5.0)
    meeting: dict[str, Meeting] = {
        name: meeting_of(d, level, "at_most", None)
        for name, d in zip(NAMES, days, strict=True)
    }
    expected = expected_of(losses, "lower")
    picks = choose(expected, regret_of(losses), meeting).picks
    return {
        "expected": {n: {"behind": e.behind, "best_share": e.best_share}
                     for n, e in expected.items()},
        "target": {"alternatives": {n: {"is_met": m.is_met} for n, m in meeting.items()}},
        "picks": dict(picks),
    }  # fmt: skip


@given(
    st.lists(
        st.tuples(*[st.integers(-9, 9)] * 3, *[st.integers(0, 9)] * 4), min_size=1, max_size=6
    ),
    st.sets(st.sampled_from(NAMES[1:])),
)
def test_a_pick_without_aid_is_that_of_the_decision_made_again(
    draws: list[tuple[int, ...]], removed: set[str]
) -> None:
    """Oracle: what is not built costs and protects as today, and the engine decides anew."""
    table = np.array(draws, dtype=np.float64)
    costs = np.vstack([np.zeros(len(draws)), table[:, :3].T])
    days = table[:, 3:].T.copy()
    before = _decided(costs, days)
    for i, name in enumerate(NAMES):
        if name in removed:
            costs[i], days[i] = costs[0], days[0]
    after = _decided(costs, days)
    for rule in ("expected_value", "target_at_least_cost", "regret", "regret_p90"):
        try:
            found = pick_without(before, rule, removed)
        except ValueError:
            assert rule.startswith("regret")
            continue
        again = after["picks"][rule]
        # What is as today ties with today, which study.yaml names first.
        assert (found or "none") == (again or "none"), rule


@pytest.fixture(scope="module")
def context() -> StudyContext:
    definition, library = load_definition(FOLDER, load_library(content_root() / "library"))
    names = [*definition.outcomes, *definition.engine_outcomes]
    summary = {"unit": "NOK", "mean": NOK, "p10": NOK, "p50": NOK, "p90": NOK}
    runs = {name: dict.fromkeys(names, summary) for name in definition.alternatives}
    decision = {
        "expected": {n: {"behind": float(i), "best_share": 0.0} for i, n in enumerate(runs)},
        "target": {"alternatives": {n: {"is_met": n != "today"} for n in runs}},
        "picks": {"target_at_least_cost": "buffer"},
    }
    results = {"alternatives": runs, "probes": {}, "facts": {n: [] for n in runs},
               "decision": decision}  # fmt: skip
    return StudyContext(definition, library, results, "en", FOLDER)


def test_every_alternative_with_an_open_rule_has_both_rows(context: StudyContext) -> None:
    """The plants, by routes.yaml; stock, tender and contract are no aid."""
    rows = [str(row[0]) for row in aid_cases_table(context).rows]
    plants = [n for n, a in context.definition.alternatives.items() if "steps" in a.levers]
    names = [context.alternative_name(n) for n in plants]
    expected = {f"{n}: {case} aid" for n in names for case in ("with", "without")}
    assert set(rows[:-1]) == expected and len(rows) == len(expected) + 1
    assert all("Extra stock (unchanged)" in str(row[-1]) for row in aid_cases_table(context).rows)


def test_ceilings_by_hand(context: StudyContext) -> None:
    """A billion kroner in euro of 2025, EUR 0.3 million de minimis, 35 % of development."""
    euro = NOK / context.library.indices.factor("EUR", 2025, 2025) / 1e6
    rows = {str(row[0]): row[1:] for row in aid_ceilings_table(context).rows}
    support = rows["Full plant for the EEA: yearly support"]
    assert [float(str(x).replace(",", "")) for x in support[:3]] == pytest.approx(
        [euro, 0.3, euro - 0.3], rel=0.006
    )
    assert support[3:] == ("–", "–")
    advance = rows["Full plant for Norway: repayable advance for development"]
    # Threshold EUR 25 million times 1.5 for a repayable advance; 35 % of EUR 85 million is below.
    allowed = min(0.35 * euro, 37.5)
    assert [float(str(x)) for x in advance[3:]] == pytest.approx(
        [allowed, euro - allowed], rel=0.006
    )
    assert float(str(rows["Standby suite: payment for being ready"][1])) == 0.75


def test_faults_of_routes_are_named(context: StudyContext, tmp_path) -> None:
    text = (FOLDER / "routes.yaml").read_text()
    folder = tmp_path / "antibiotics"
    folder.mkdir()
    text = text.replace("cost: state_cost_advance, eligible: development_cost,", "cost: kost,")
    (folder / "routes.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_study_routes(folder, context.definition, load_routes())
    said = str(caught.value)
    assert "'kost' is not an outcome" in said
    assert "names no outcome eligible" in said
    assert date(2027, 1, 1).year == context.definition.years[0]
