"""The health catapult: a study of something else than antibiotics, by the documented contract.

Oracle: a cost computed by hand with the annuity formula, the figures of source 001 as the library
holds them, double entry, and laws of the account. The study's own results are never repeated.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.language import Lang
from virkestoff.reports.document import Figure, Table
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_report import build_document, check_prose
from virkestoff.studies import (
    Definition,
    RunResult,
    assemble,
    dump_json,
    in_study_money,
    load_definition,
    load_evaluate,
    read_expected,
    run_study,
)

FOLDER = content_root() / "studies" / "health_catapult"
LANGS: tuple[Lang, ...] = ("nb", "en")
MILLION = 1e6
SECTIONS = {"problem", "measures", "principles", "effects", "recommendation", "conditions"}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="module")
def loaded(library: Library) -> tuple[Definition, Library]:
    return load_definition(FOLDER, library)


def run_with(loaded: tuple[Definition, Library], draws: int = 8, **facts: float) -> RunResult:
    """The study with some of its facts fixed, named by what stands after its prefix."""
    definition, library = loaded
    fixed = {f"health_catapult.{name.replace('__', '.')}": value for name, value in facts.items()}
    assert fixed.keys() <= library.facts.keys()
    known = {
        name: fact.model_copy(update={"value": fixed[name], "distribution": None})
        if name in fixed
        else fact
        for name, fact in library.facts.items()
    }
    changed = dataclasses.replace(library, facts=known)
    rules = rules_on(changed, definition.as_of)
    return run_study(definition, changed, load_evaluate(FOLDER), rules, n_draws=draws, seed=1)


@pytest.fixture(scope="module")
def result(loaded: tuple[Definition, Library]) -> RunResult:
    return run_with(loaded, draws=64)


@pytest.fixture(scope="module")
def results(result: RunResult) -> dict[str, Any]:
    return json.loads(dump_json(assemble(result)))


# ------------------------------------------------------------------------------------ hand oracle

CENTRAL = {
    "year1__devices": 30 * MILLION,
    "year1__medicines": 85 * MILLION,
    "build_up_years": 4.0,
    "estimate_accuracy": 1.0,
    "later_year_share": 0.75,
    "running_share": 0.3,
    "partner_share": 0.5,
    "user_share": 0.5,
    "share_from_abroad": 0.5,
    "worth_of_other_services": 1.0,
}
"""2027 to 2046 are years 1 to 20 after the base year 2026: 1 to 4 build up, 5 to 20 operate."""


def annuity(n_years: int) -> float:
    """Present value of one krone at the end of each of n years, at four per cent."""
    return (1 - 1.04**-n_years) / 0.04


@pytest.fixture(scope="module")
def central(loaded: tuple[Definition, Library]) -> RunResult:
    return run_with(loaded, **CENTRAL)


@pytest.mark.parametrize(
    ("alternative", "need"), [("devices", 30), ("medicines", 85), ("all_areas", 115)]
)
def test_net_present_cost_by_hand(central: RunResult, alternative: str, need: float) -> None:
    """Support S = need (a1 + 0.75 (a4 - a1) + 0.3 (a20 - a4)); partners add half, tax a fifth.

    Fees pay for services worth as much, so they cancel.
    """
    first, built, whole = annuity(1), annuity(4), annuity(20)
    support = need * (first + 0.75 * (built - first) + 0.3 * (whole - built))
    outcomes = central.runs[alternative].outcomes
    expected = support * (1 + 0.5 + 0.2) * MILLION
    np.testing.assert_allclose(outcomes["account_net_present_cost"], expected, rtol=1e-9)
    np.testing.assert_allclose(outcomes["account_public_net_cost"], support * MILLION, rtol=1e-9)
    np.testing.assert_allclose(outcomes["build_up_support"], need * 3.25 * MILLION, rtol=1e-12)
    np.testing.assert_allclose(outcomes["running_support"], need * 0.3 * MILLION, rtol=1e-12)


def test_the_hand_oracle_in_kroner(central: RunResult) -> None:
    """The same for devices, with a table's annuities: a1 0.9615, a4 3.6299, a20 13.5903."""
    found = central.runs["devices"].outcomes["account_net_present_cost"][0] / MILLION
    support = 30 * 0.9615 + 22.5 * (3.6299 - 0.9615) + 9 * (13.5903 - 3.6299)
    assert found == pytest.approx(1.7 * support, abs=0.01)


# ------------------------------------------------------------------------------------------- laws


def test_today_costs_nothing_and_every_krone_is_received(result: RunResult) -> None:
    actors = result.definition.actors
    everyone = (*actors.public, *actors.private, *actors.foreign, "resources")
    for name, run in result.runs.items():
        net = sum(run.outcomes[f"account_net_{actor}"] for actor in everyone)
        np.testing.assert_allclose(net, 0.0, atol=0.1, err_msg=name)
    for name, values in result.runs["today"].outcomes.items():
        assert not values.any(), name


def test_transfers_between_residents_cancel(loaded: tuple[Definition, Library]) -> None:
    """What users pay, and where they bought before, moves money and not society's cost."""
    few = run_with(loaded, user_share=0.25, share_from_abroad=0.25)
    many = run_with(loaded, user_share=1.0, share_from_abroad=1.0)
    for name in loaded[0].alternatives:
        np.testing.assert_allclose(
            few.runs[name].outcomes["account_net_present_cost"],
            many.runs[name].outcomes["account_net_present_cost"],
            rtol=1e-9, atol=1.0,
        )  # fmt: skip
    assert (many.runs["medicines"].outcomes["account_net_makers_abroad"] < 0).all()
    assert not many.runs["devices"].outcomes["account_net_makers_abroad"].any()


def test_the_offer_keeps_nothing_and_firms_lose_nothing(result: RunResult) -> None:
    for name in result.definition.alternatives:
        for actor in ("offer", "firms", "centres"):
            net = result.runs[name].outcomes[f"account_net_{actor}"]
            np.testing.assert_allclose(net, 0.0, atol=1.0, err_msg=f"{name} {actor}")


def test_moved_money_saves_the_tax_cost_alone(loaded: tuple[Definition, Library]) -> None:
    """Where other services are worth what they cost, and the scheme can bear the cut."""
    run = run_with(loaded, worth_of_other_services=1.0, estimate_accuracy=0.5)
    fresh, moved = (run.runs[name].outcomes for name in ("all_areas", "all_moved"))
    saved = fresh["account_net_present_cost"] - moved["account_net_present_cost"]
    np.testing.assert_allclose(saved, fresh["account_tax_financing_cost"], rtol=1e-6)
    np.testing.assert_allclose(moved["account_net_state"], 0.0, atol=1.0)
    np.testing.assert_allclose(
        moved["account_net_other_firms"], fresh["account_net_state"], rtol=1e-6
    )


def test_the_state_adds_what_the_scheme_does_not_hold(loaded: tuple[Definition, Library]) -> None:
    run = run_with(loaded, estimate_accuracy=2.0, year1__medicines=90 * MILLION)
    first = run.runs["all_moved"].yearly["state"][0]
    assert first == pytest.approx(-(2 * 120 - 214) * MILLION, abs=1.0)


def test_more_years_cost_more_and_areas_add(result: RunResult) -> None:
    costs = [
        result.runs[f"operation:{years}"].outcomes["account_net_present_cost"]
        for years in (0, 5, 10, 15)
    ]
    assert (np.diff(costs, axis=0) > 0).all()
    parts = sum(
        result.runs[name].outcomes["account_net_present_cost"] for name in ("devices", "medicines")
    )
    whole = result.runs["all_areas"].outcomes["account_net_present_cost"]
    np.testing.assert_allclose(parts, whole, rtol=1e-9)


@pytest.mark.parametrize(("fact", "values"), [
    ("estimate_accuracy", (0.5, 2.0)), ("later_year_share", (0.35, 1.5)),
    ("running_share", (0.15, 0.6)), ("partner_share", (0.2, 1.0)), ("build_up_years", (3.0, 5.0)),
])  # fmt: skip
def test_each_cost_raises_the_cost(
    loaded: tuple[Definition, Library], fact: str, values: tuple[float, float]
) -> None:
    fixed = {**CENTRAL, "scheme_2024": 214 * MILLION}
    low, high = (
        run_with(loaded, 2, **{**fixed, fact: value}).runs["all_areas"].outcomes for value in values
    )
    assert (low["account_net_present_cost"] < high["account_net_present_cost"]).all()


# ----------------------------------------------------------------------------- the source's figures


def test_facts_are_the_figures_of_the_source(loaded: tuple[Definition, Library]) -> None:
    """Oracle: the same table and text, entered into the library by others."""
    library = loaded[1]
    for fact, statistic in (
        ("year1.devices", "health_catapult_alternative_1"),
        ("year1.medicines", "health_catapult_alternative_2"),
        ("scheme_2024", "catapult_support_2024"),
    ):
        stated = library.statistics[statistic]
        assert library.fact(f"health_catapult.{fact}").value == stated.value
        assert stated.source == "source_001"


def test_the_third_alternative_is_met_and_was_not_used(
    loaded: tuple[Definition, Library], result: RunResult
) -> None:
    definition, library = loaded
    row = read_expected(FOLDER, definition, library)[0]
    assert row.statistic.id == "health_catapult_alternative_3"
    published = in_study_money(row.statistic, "NOK", definition.price_year, library)
    assert published is not None
    found = result.runs["all_areas"].outcomes["published_need"]
    assert published[0] <= found.min() < found.max() <= published[1]
    assert published[0] == 30 * MILLION + 80 * MILLION


# -------------------------------------------------------------------------------------- the report


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_is_whole(
    loaded: tuple[Definition, Library], results: dict[str, Any], lang: Lang
) -> None:
    definition, library = loaded
    check_prose(FOLDER, definition, library, LANGS)
    document = build_document(FOLDER, StudyContext(definition, library, results, lang, FOLDER))
    assert len(document.front.key_numbers) == 3
    blocks = [block for section in document.sections for block in section.blocks]
    tables = {block.id: block for block in blocks if isinstance(block, Table)}
    figures = {block.id: block for block in blocks if isinstance(block, Figure)}
    assert len(tables["moved"].rows) == 5
    assert "åpent" not in str(tables["demands"].rows).lower()
    assert "open" not in str(tables["demands"].rows).lower()
    assert {"nb": "stiger", "en": "rises"}[lang] in figures["sweep_operation"].title
    whole = str(document).lower()
    for word in ("antibio", "penicillin", "beredskap ikke", "preparedness not"):
        assert word not in whole
    place = {"nb": "annet oppdrag", "en": "second order"}[lang]
    assert place in str(tables["demands"].rows)


def test_six_questions_have_a_section_each() -> None:
    for lang in LANGS:
        text = (FOLDER / f"report.{lang}.md").read_text(encoding="utf-8")
        sections = {name for name in SECTIONS if f"{{#q-{name}}}" in text}
        assert sections == SECTIONS


# --------------------------------------------------------------------------------------- bad input


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "health_catapult"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def faults_of(error: InputError) -> list[str]:
    return [f"{fault.where} {fault.what}" for fault in error.faults]


def test_wrong_names_are_found_all_at_once(copy: Path, library: Library) -> None:
    path = copy / "study.yaml"
    text = path.read_text(encoding="utf-8")
    for right, wrong in (
        ("levers: {devices: strengthened}", "levers: {devices: stronger}"),
        ("rows: [devices, medicines, all_areas]", "rows: [devices, medicine]"),
        ("columns: [running_support, fees, bought_at_home]", "columns: [running_suport]"),
        ("    outcome: account_net_present_cost", "    outcome: net_cost"),
    ):
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_definition(copy, library)
    faults = "\n".join(faults_of(caught.value))
    for named in ("stronger", "'medicine'", "running_suport", "net_cost"):
        assert named in faults
    assert len(caught.value.faults) == 4


def test_marks_without_a_size_are_refused(copy: Path, library: Library) -> None:
    path = copy / "study.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("    lever: operation\n", "    lever: operation\n    marks: [devices]\n"),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="against"):
        load_definition(copy, library)


def test_an_own_table_must_not_take_the_name_of_the_engines(copy: Path, library: Library) -> None:
    path = copy / "study.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  users:\n", "  society:\n"), encoding="utf-8")
    definition, joined = load_definition(copy, library)
    with pytest.raises(InputError) as caught:
        check_prose(copy, definition, joined, LANGS)
    assert any("tables.society" in fault for fault in faults_of(caught.value))


@pytest.mark.parametrize(
    "name", ["need", "packs", "industry", "sustainability", "bill", "dependence"]
)
def test_a_table_of_production_or_supply_is_refused_where_there_is_none(
    copy: Path, library: Library, results: dict[str, Any], name: str
) -> None:
    path = copy / "report.en.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("::table users", f"::table {name}"), encoding="utf-8")
    definition, joined = load_definition(copy, library)
    with pytest.raises(InputError, match="nothing to show"):
        build_document(copy, StudyContext(definition, joined, results, "en", copy))


@pytest.mark.parametrize(("line", "message"), [
    ("    value: [0.5, 1, 2]\n", "value: [0.9, 1, 1.1]"), ("    unit: year\n", "unit: yeer"),
])  # fmt: skip
def test_a_bad_fact_is_named(copy: Path, library: Library, line: str, message: str) -> None:
    path = copy / "facts" / "catapult.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(line, f"    {message}\n", 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_definition(copy, library)
    assert any("facts/catapult.yaml" in fault for fault in faults_of(caught.value))
