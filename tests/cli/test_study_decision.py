"""``study check``, ``explain``, ``diff``, ``sensitivity``, and a report with a decision in it.

Oracle: what the results themselves hold; faults put in by hand.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from virkestoff.evidence import content_root

DECISION = """
decision:
  recommendation:
    alternative: stock
    rule: expected_value
    reason: {nb: Tryggest, en: Safest}
groups:
  prices: {text: {nb: Priser, en: Prices}, facts: ["evidence.price.*"]}
"""
DEPARTS = "    departs: {nb: Beredskapen er ikke priset, en: Preparedness is not priced}\n"


def _study(folder: Path, block: str) -> Path:
    study = folder / "example"
    shutil.copytree(content_root() / "studies" / "example", study)
    with (study / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(block)
    for lang in ("nb", "en"):
        with (study / f"report.{lang}.md").open("a", encoding="utf-8") as file:
            if block:
                file.write("\nA: {input:decision.recommended}. B: {input:decision.expected_value}. "
                           "C: {input:decision.perfect_information}.\n")  # fmt: skip
            file.write("\n::table decision_rules\n\n::table regret\n\n::table information\n\n"
                       "::table conditions\n\n::figure information\n")  # fmt: skip
    return study


@pytest.fixture(scope="module")
def contradicting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _study(tmp_path_factory.mktemp("contradicting"), DECISION)


@pytest.fixture(scope="module")
def departing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _study(
        tmp_path_factory.mktemp("departing"), DECISION.replace("groups:", DEPARTS + "groups:")
    )


@pytest.fixture(scope="module")
def run(command, departing: Path) -> Path:
    out = departing.parent / "results"
    answer = command("study", "run", departing, "--draws", 130, "--out", out, "--lang", "en")
    assert answer.code == 0, answer.err
    return out


def test_a_report_refuses_a_recommendation_that_its_rule_contradicts(
    command, contradicting: Path
) -> None:
    out = contradicting.parent / "refused"
    answer = command("study", "run", contradicting, "--draws", 64, "--out", out)
    assert answer.code == 2
    assert "recommends 'stock'" in answer.err
    assert "picks 'today'" in answer.err
    assert not out.exists()
    assert sorted(p.name for p in contradicting.parent.iterdir()) == ["example"]


def test_check_finds_the_contradiction_in_results_that_are_there(
    command, contradicting: Path
) -> None:
    out = contradicting.parent / "plain"
    answer = command("study", "run", contradicting, "--draws", 64, "--no-report", "--out", out)
    assert answer.code == 0, answer.err
    for words in (("check",), ("report",)):
        answer = command("study", *words, contradicting, "--results", out)
        assert answer.code == 2
        assert "picks 'today'" in answer.err
    # words may change without a new run: a reason is enough
    path = contradicting / "study.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("groups:", DEPARTS + "groups:"), encoding="utf-8")
    try:
        answer = command("study", "check", contradicting, "--results", out, "--lang", "en")
    finally:
        path.write_text(text, encoding="utf-8")
    assert answer.code == 0, answer.err
    assert "Preparedness is not priced" in answer.out.replace("\n", " ")
    shutil.rmtree(out)


def test_check_refuses_results_of_another_decision(command, departing: Path, run: Path) -> None:
    path = departing / "study.yaml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("decision:\n", "decision:\n  outcome: account_public_net_cost\n")
    path.write_text(changed, encoding="utf-8")
    try:
        answer = command("study", "check", departing, "--results", run)
    finally:
        path.write_text(text, encoding="utf-8")
    assert answer.code == 2
    assert "decision differ" in answer.err


def test_the_report_holds_tables_and_figure(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    for words in (
        "What the rules say", "Regret: loss against", "What it is worth to know first",
        "Conditions of the outcomes", "the advice departs from it",
    ):  # fmt: skip
        assert words in page, words
    plain = re.sub(r"<[^>]+>", "", page)
    assert "A: Extra stock. B: Today. C: NOK" in plain.replace("\u00a0", " ")
    assert (run / "figures" / "figure_information.svg").is_file()


def test_tables_without_a_decision_are_a_fault_of_the_prose(command, tmp_path: Path) -> None:
    study = _study(tmp_path, "")
    answer = command("study", "run", study, "--draws", 16, "--out", tmp_path / "out")
    assert answer.code == 2
    assert "decision_rules" in answer.err
    assert not (tmp_path / "out").exists()


def test_explain_in_both_forms_and_languages(command, departing: Path, run: Path) -> None:
    table = command("study", "explain", departing, "stock", "today", "--results", run)
    assert table.code == 0, table.err
    assert "Netto nåkostnad: Ekstra lager minus I dag" in table.out
    answer = command("study", "explain", f"{departing}:stock", "today", "--results", run,
                     "--json")  # fmt: skip
    found = json.loads(answer.out)
    parts = sum(p["nok"] for p in found["parts"]) + found["tax_financing"]
    assert parts == pytest.approx(found["difference"], rel=1e-9)
    english = command("study", "explain", departing, "stock", "today", "--results", run,
                      "--lang", "en")  # fmt: skip
    assert "Tax-financing cost" in english.out


@pytest.mark.parametrize("words", [("x",), ("stock", "today"), ("a", "b", "c", "d")])
def test_explain_needs_a_study_and_two_alternatives(command, words: tuple[str, ...]) -> None:
    answer = command("study", "explain", *words)
    assert answer.code == 2
    assert "a study and two alternatives" in answer.err


def test_diff_in_tables_and_json(command, departing: Path, run: Path) -> None:
    other = run.parent / "other"
    command("study", "run", departing, "--draws", 64, "--no-report", "--out", other)
    answer = command("study", "diff", run, other, "--lang", "en")
    assert answer.code == 0, answer.err
    assert "Different seed or number of draws" in answer.out.replace("\n", " ")
    found = json.loads(command("study", "diff", run, other, "--json").out)
    assert found["origin"]["draws"] == {"before": 130, "after": 64, "changed": True}
    assert not found["recommendation"]["changed"]
    missing = command("study", "diff", run, run.parent / "nowhere")
    assert missing.code == 2
    assert "cannot be read" in missing.err


def test_sensitivity_is_written_beside_the_results_and_goes_with_them(
    command, departing: Path
) -> None:
    out = departing.parent / "again"
    command("study", "run", departing, "--draws", 64, "--no-report", "--out", out)
    words = ("study", "sensitivity", departing, "--run", "stock", "--outcome", "stock_value",
             "--base", 32, "--facts", 2, "--results", out)  # fmt: skip
    answer = command(*words, "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    written = json.loads((out / "sensitivity.json").read_text(encoding="utf-8"))
    assert [g["group"] for g in written["groups"]] == [g["group"] for g in found["groups"]]
    assert len(written["groups"]) == 4
    assert (out / "results.json").is_file()
    assert "Hvor usikkerheten kommer fra" in command(*words).out
    assert command(*words[:5], "--outcome", "nothing").code == 2
    command("study", "run", departing, "--draws", 64, "--no-report", "--out", out)
    assert not (out / "sensitivity.json").exists()
