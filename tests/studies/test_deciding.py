"""The decision of a whole run: study.yaml to results. Oracles: plain numpy, and laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library
from virkestoff.randomness import stratified
from virkestoff.studies import (
    assemble,
    difference,
    dump_json,
    explain,
    load_definition,
    load_evaluate,
    run_study,
)

BLOCK = """\
decision:
  outcome: cost
  candidates: [stock, small]
  target: {outcome: cost, level: {fact: demo.limit}}
  occurs: [[stock, dear]]
  recommendation:
    alternative: small
    rule: expected_value
    reason: {nb: Billigst, en: Cheapest}
groups:
  all: {text: {nb: Alt, en: All}, facts: ["demo.*"]}
"""
LIMIT = """\
  demo.limit: {name: {nb: Grense, en: Limit}, value: [400, 600], unit: NOK/year, price_year: 2025,
    source: s, place: p, how: read, grade: high}
"""


def _change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def deciding(folder: Path, library: Library, tmp_path: Path) -> Path:
    """The synthetic study with a decision: ``small`` holds a flat fee against half the stock."""
    facts = folder / "facts"
    facts.mkdir()
    (facts / "x.yaml").write_text("facts:\n" + LIMIT)
    _change(
        folder / "study.yaml",
        ("levers: {months: 6}}", "levers: {months: 6}}\n  small: {name: {nb: L, en: S}, "
         "text: {nb: x, en: x}, levers: {months: 3}}"),
        ("rankings:", "  dear: {name: {nb: D, en: D}, unit: '1', better: neither, "
         "method: docs/x.md}\nrankings:"),
    )  # fmt: skip
    _change(
        folder / "study.py",
        ("cost = np.broadcast_to(held * case[\"price\"], case.shape)",
         "fee = 150.0 * (case.number('months') == 3)\n"
         "    cost = np.broadcast_to(held * case['price'] + fee, case.shape)"),
        ("    return ledger",
         "    ledger.pay('support', 'state', 'buyers', cost * 0.5)\n"
         "    ledger.measure('dear', (case['price'] > 12)[:, 0] * 1.0)\n    return ledger"),
    )  # fmt: skip
    with (folder / "study.yaml").open("a") as file:
        file.write(BLOCK)
    return folder


def _results(
    folder: Path, library: Library, draws: int = 600, seed: int = 7, **kwargs: int
) -> dict[str, Any]:
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    result = run_study(
        definition, joined, load_evaluate(folder), rules, draws, seed, **kwargs
    )
    return json.loads(dump_json(assemble(result)))


def test_the_decision_equals_plain_numpy(deciding: Path, library: Library) -> None:
    found = _results(deciding, library)
    definition, joined = load_definition(deciding, library)
    rules = rules_on(joined, definition.as_of)
    run = run_study(definition, joined, load_evaluate(deciding), rules, 600, 7)
    stock, small = (run.runs[name].outcomes["cost"] for name in ("stock", "small"))
    decision = found["decision"]
    assert decision["candidates"] == ["stock", "small"]
    gap = stock.mean() - small.mean()
    behind = decision["expected"]["stock" if gap > 0 else "small"]["behind"]
    assert behind == pytest.approx(abs(gap), rel=1e-6)
    assert decision["expected"]["stock"]["best_share"] == pytest.approx((stock < small).mean())
    assert decision["regret"]["stock"]["max"] == pytest.approx((stock - small).max(), rel=1e-6)
    level = joined.fact("demo.limit").quantile(stratified(7, "fact", "demo.limit", n_draws=600))
    share = decision["target"]["alternatives"]["stock"]["share"]
    assert share == pytest.approx((stock <= level).mean())
    least = min(stock.mean(), small.mean())
    everything = least - np.minimum(stock, small).mean()
    assert found["information"]["perfect"]["value"] == pytest.approx(everything, rel=1e-6)
    assert found["information"]["facts"][0]["fact"] == "demo.price"
    box = found["conditions"]["occurs"][0]["box"]
    assert [c["fact"] for c in box["conditions"]] == ["demo.price"]
    assert box["conditions"][0]["low"] == pytest.approx(12.0, abs=0.2)
    assert "demo.limit" in found["facts_used"]


@pytest.mark.parametrize(("block", "threads"), [(7, 2), (600, 1)])
def test_equal_for_any_block_and_threads(
    deciding: Path, library: Library, block: int, threads: int
) -> None:
    expected = _results(deciding, library, 130, block=64, threads=1)
    assert _results(deciding, library, 130, block=block, threads=threads) == expected


def test_parts_of_a_difference_sum_to_it(deciding: Path, library: Library) -> None:
    """Law: by effect and actor, plus tax; and the sum is the difference of the two outcomes."""
    found = _results(deciding, library)
    for a, b in (("stock", "small"), ("small", "today"), ("double", "stock")):
        answer = explain(found, a, b)
        parts = sum(part.nok for part in answer.parts) + answer.tax_financing
        assert parts == pytest.approx(answer.difference, rel=1e-9)
        assert answer.cost_a - answer.cost_b == pytest.approx(answer.difference, rel=1e-9)
        runs = {**found["alternatives"], **found["probes"]}
        for run, cost in ((a, answer.cost_a), (b, answer.cost_b)):
            mean = runs[run]["account_net_present_cost"]["mean"]
            assert cost == pytest.approx(mean, rel=1e-8, abs=0.02)
        back = explain(found, b, a)
        assert back.difference == -answer.difference
    support = [p for p in explain(found, "stock", "today").parts if p.effect == "support"]
    assert sum(p.nok for p in support) == 0.0  # what one resident pays another
    assert {p.actor for p in support} == {"state", "buyers"}


def test_explaining_names_that_lead_nowhere(deciding: Path, library: Library) -> None:
    found = _results(deciding, library, 64)
    with pytest.raises(InputError, match="Did you mean 'stock'"):
        explain(found, "stok", "today")
    with pytest.raises(InputError, match="with itself"):
        explain(found, "stock", "stock")
    with pytest.raises(InputError, match="Run the study again"):
        explain({**found, "effects": None}, "stock", "today")


def test_two_runs_with_equal_inputs_differ_in_nothing(deciding: Path, library: Library) -> None:
    found = _results(deciding, library, 200)
    same = difference(found, found)
    assert same["common_draws"]
    assert same["outcomes"] == []
    assert not any(same["facts"].values())
    assert not same["ranking"]["changed"]
    assert not same["recommendation"]["changed"]


def test_another_seed_moves_nothing_beyond_noise(deciding: Path, library: Library) -> None:
    found = difference(*(_results(deciding, library, 400, seed) for seed in (1, 2)))
    assert not found["common_draws"]
    assert found["outcomes"]
    assert not any(o["beyond_noise"] for o in found["outcomes"])


def test_changed_facts_levers_and_advice_are_listed(deciding: Path, library: Library) -> None:
    before = _results(deciding, library)
    _change(deciding / "facts" / "x.yaml", ("[400, 600]", "[4000, 6000]"))
    _change(
        deciding / "study.yaml",
        ("levers: {months: 6}}", "levers: {months: 12}}"),
        ("alternative: small\n", "alternative: stock\n"),
    )
    found = difference(before, _results(deciding, library))
    assert [c["fact"] for c in found["facts"]["changed"]] == ["demo.limit"]
    assert found["facts"]["changed"][0]["keys"] == ["numbers"]
    assert {"run": "stock", "lever": "months", "before": 6, "after": 12} in found["levers"]
    moved = {(o["run"], o["outcome"]): o for o in found["outcomes"]}
    assert moved["stock", "cost"]["beyond_noise"]
    assert moved["stock", "cost"]["after"] == pytest.approx(2 * moved["stock", "cost"]["before"])
    assert ("small", "cost") not in moved
    assert found["recommendation"]["changed"]
    assert found["recommendation"]["before"]["alternative"] == "small"


def test_two_studies_are_not_compared(deciding: Path, library: Library) -> None:
    found = _results(deciding, library, 64)
    with pytest.raises(InputError, match="two studies"):
        difference(found, {**found, "study": "other"})
    with pytest.raises(InputError, match="earlier version"):
        difference({k: v for k, v in found.items() if k != "facts_used"}, found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("outcome: cost\n", "outcome: kost\n", "Did you mean 'cost'"),
        ("outcome: cost\n", "outcome: dear\n", "no better direction"),
        ("[stock, small]", "[stock, smal]", "Did you mean 'small'"),
        ("[stock, small]", "[stock]", "fewer than two"),
        ("alternative: small\n", "alternative: today\n", "is not a candidate"),
        ("rule: expected_value", "rule: gut_feeling", "target_at_least_cost"),
        ("fact: demo.limit", "fact: demo.limitt", "Did you mean 'demo.limit'"),
        ("fact: demo.limit", "fact: demo.need", "does not fit 'NOK/year'"),
        ("{fact: demo.limit}", "500", "level"),
        ("{fact: demo.limit}", "{lever: months}", "does not fit 'NOK/year'"),
        ("{fact: demo.limit}", "{lever: monts}", "Did you mean 'months'"),
        ("{fact: demo.limit}", "{fact: demo.limit, lever: months}", "either fact or lever"),
        ("target: {outcome: cost", "target: {outcome: dear", "meets: at_most or at_least"),
        ("[[stock, dear]]", "[[stok, dear]]", "neither an alternative nor a probe"),
        ('["demo.*"]', '["nothing.*"]', "matches no declared fact"),
        ("  target: {outcome: cost, level: {fact: demo.limit}}\n", "", None),
    ],
)
def test_faults_of_the_block(
    deciding: Path, library: Library, old: str, new: str, message: str | None
) -> None:
    _change(deciding / "study.yaml", (old, new))
    if message is None:
        _change(deciding / "study.yaml", ("rule: expected_value", "rule: target_at_least_cost"))
        message = "needs a target"
    with pytest.raises(InputError, match=message):
        load_definition(deciding, library)


def test_occurs_must_be_zero_or_one(deciding: Path, library: Library) -> None:
    _change(deciding / "study.yaml", ("[[stock, dear]]", "[[stock, cost]]"))
    with pytest.raises(InputError, match="not 0 or 1"):
        _results(deciding, library, 64)


def test_a_lever_can_be_the_level(deciding: Path, library: Library) -> None:
    _change(
        deciding / "study.yaml",
        ("{fact: demo.limit}", "{lever: budget}"),
        ("levers:\n  months", "levers:\n  budget: {name: {nb: B, en: B}, unit: NOK/year, "
         "range: [0, 1000000], default: 100000}\n  months"),
    )  # fmt: skip
    (deciding / "facts" / "x.yaml").unlink()
    (deciding / "facts").rmdir()
    target = _results(deciding, library, 64)["decision"]["target"]
    assert target["level_mean"] == {"stock": 100000, "small": 100000}
    assert all(a["is_met"] and a["share"] == 1.0 for a in target["alternatives"].values())


def test_standard_errors_stand_in_every_summary(deciding: Path, library: Library) -> None:
    found = _results(deciding, library, 300)
    definition, joined = load_definition(deciding, library)
    rules = rules_on(joined, definition.as_of)
    run = run_study(definition, joined, load_evaluate(deciding), rules, 300, 7)
    cost = run.runs["stock"].outcomes["cost"]
    expected = cost.std(ddof=1) / np.sqrt(300)
    assert found["alternatives"]["stock"]["cost"]["se"] == pytest.approx(expected, rel=1e-8)
