"""The antibiotics study as it came along: it loads, runs, keeps the laws, and its report is whole.

Oracle: double entry, the appraisal's identities, study.yaml, and the headings of the method pages.
The study's own numbers are never repeated here.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.language import Lang
from virkestoff.reports.document import Document, KeyNumber, Number, Table
from virkestoff.reports.html import render_html
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_report import build_document, check_prose, summary_table
from virkestoff.studies import (
    Definition,
    RunResult,
    assemble,
    citation,
    dump_json,
    load_definition,
    load_evaluate,
    outcome_of,
    read_expected,
    run_study,
)

FOLDER = content_root() / "studies" / "antibiotics"
LANGS: tuple[Lang, ...] = ("nb", "en")


@pytest.fixture(scope="module")
def loaded() -> tuple[Definition, Library]:
    return load_definition(FOLDER, load_library(content_root() / "library"))


@pytest.fixture(scope="module")
def result(loaded: tuple[Definition, Library]) -> RunResult:
    definition, library = loaded
    rules = rules_on(library, definition.as_of)
    return run_study(definition, library, load_evaluate(FOLDER), rules, n_draws=64, seed=1)


@pytest.fixture(scope="module")
def results(result: RunResult) -> dict[str, Any]:
    """As it is read back from results.json."""
    return json.loads(dump_json(assemble(result)))


@pytest.fixture(scope="module")
def documents(
    loaded: tuple[Definition, Library], results: dict[str, Any]
) -> dict[Lang, Document]:
    definition, library = loaded
    return {
        lang: build_document(FOLDER, StudyContext(definition, library, results, lang, FOLDER))
        for lang in LANGS
    }


def parts_of(value: Any) -> Iterator[Any]:
    """Every value in a document tree, in order."""
    yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from parts_of(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from parts_of(item)


def tables_of(document: Document) -> dict[str, Table]:
    return {part.id: part for part in parts_of(document) if isinstance(part, Table)}


def numbers_in(text: str, lang: Lang) -> list[float]:
    """The numbers that a text shows, read as its reader would."""
    plain = text.replace("\u2212", "-")
    if lang == "nb":
        plain = re.sub(r"(?<=\d)[\u202f\u00a0](?=\d{3})", "", plain).replace(",", ".")
    else:
        plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", plain)]


# --------------------------------------------------------------------------------------- the run


def test_the_alternatives_of_the_commission_are_all_there(result: RunResult) -> None:
    """Oracle: those that the commission's task names."""
    assert list(result.definition.alternatives) == [
        "today", "buffer", "bulk_stock", "income_guarantee", "capacity_contract",
        "finished_norway", "finished_standby", "plant_norway", "plant_nordic", "plant_eea",
        "staged",
    ]  # fmt: skip


def test_the_null_alternative_costs_nothing(result: RunResult) -> None:
    for name, values in result.runs["today"].outcomes.items():
        if name.startswith("account_"):
            assert not values.any(), name
    assert not any(np.any(yearly) for yearly in result.runs["today"].yearly.values())


def test_every_krone_that_is_paid_is_received(result: RunResult) -> None:
    actors = result.definition.actors
    everyone = (*actors.public, *actors.private, *actors.foreign, "resources")
    for name in (*result.definition.alternatives, *result.definition.probes):
        run = result.runs[name]
        net = sum(run.outcomes[f"account_net_{actor}"] for actor in everyone)
        np.testing.assert_allclose(net, 0.0, atol=0.1, err_msg=name)  # each is rounded to an øre
        np.testing.assert_allclose(sum(run.yearly.values()), 0.0, atol=1.0, err_msg=name)


def test_societys_cost_is_what_residents_pay_and_the_cost_of_taxing(result: RunResult) -> None:
    definition, library = result.definition, result.library
    actors = definition.actors
    tax = rules_on(library, definition.as_of).tax_financing_cost
    for name in (*definition.alternatives, *definition.probes):
        o = result.runs[name].outcomes
        residents = -sum(o[f"account_net_{a}"] for a in (*actors.public, *actors.private))
        public = -sum(o[f"account_net_{a}"] for a in actors.public)
        np.testing.assert_allclose(o["account_public_net_cost"], public, atol=0.1)
        np.testing.assert_allclose(o["account_tax_financing_cost"], tax * public, atol=0.1)
        np.testing.assert_allclose(
            o["account_net_present_cost"], residents + o["account_tax_financing_cost"], atol=0.1
        )


def test_cost_and_yearly_cost_have_one_sign(result: RunResult) -> None:
    for name in result.definition.alternatives:
        o = result.runs[name].outcomes
        cost, benefit = o["account_net_present_cost"], o["account_break_even_yearly_benefit"]
        assert (np.sign(cost) == np.sign(benefit)).all(), name


def test_an_owner_needs_at_least_what_a_pack_costs(result: RunResult) -> None:
    """The required price covers cost with the owner's return after tax, so it is never below."""
    n_compared = 0
    for name, run in result.runs.items():
        price, cost = run.outcomes["required_price_pack"], run.outcomes["unit_cost_pack"]
        defined = np.isfinite(price) & np.isfinite(cost)
        n_compared += int(defined.sum())
        assert (price[defined] >= cost[defined] * (1 - 1e-9)).all(), name
    assert n_compared > 0


def test_what_a_plant_measures_makes_sense(result: RunResult) -> None:
    for name in (n for n in result.definition.alternatives if n.startswith(("finished", "plant"))):
        o = result.runs[name].outcomes
        for positive in ("investment", "staff", "time_to_first_pack"):
            assert (o[positive] > 0).all(), (name, positive)
        assert (o["support"] >= 0).all(), name
        assert set(np.unique(o["above_assurance"])) <= {0.0, 1.0}
        assert (o["time_to_first_pack"] < len(result.definition.axis.array)).all()
    use = result.runs["plant_norway"].outcomes["vessel_use"]
    assert ((use > 0) & (use <= 1)).all()
    for stock in ("today", "buffer", "bulk_stock", "income_guarantee", "capacity_contract"):
        assert np.isnan(result.runs[stock].outcomes["investment"]).all(), stock


def test_more_market_makes_more_and_the_unit_dearer_never(result: RunResult) -> None:
    """When the whole need is sold: output rises and cost per kg falls from ring to ring."""
    kg, cost = (
        [result.runs[f"{ring}_all"].outcomes[name] for ring in ("norway", "nordic", "eea")]
        for name in ("output", "unit_cost_kg")
    )
    assert (kg[0] < kg[1]).all()
    assert (kg[1] < kg[2]).all()
    assert cost[0].mean() > cost[1].mean() > cost[2].mean()


def test_a_plant_without_an_authorisation_holder_supplies_nobody(result: RunResult) -> None:
    outcomes = result.runs["no_holder"].outcomes
    assert not outcomes["output"].any()
    assert np.isnan(outcomes["unit_cost_pack"]).all()
    assert not outcomes["support"].any(), "nobody can be paid per pack that is not sold"


def test_investment_is_the_sum_of_its_parts(result: RunResult) -> None:
    for name in ("plant_norway", "plant_eea", "finished_norway"):
        run = result.runs[name]
        total = sum(run.parts["investment"].values())
        np.testing.assert_allclose(total, run.outcomes["investment"], rtol=1e-9, err_msg=name)


def test_unit_cost_is_the_sum_of_its_parts(result: RunResult) -> None:
    for name in ("plant_norway", "plant_eea", "finished_norway"):
        run = result.runs[name]
        parts = sum(run.parts["unit_cost_kg"].values())
        np.testing.assert_allclose(parts, run.outcomes["unit_cost_kg"], rtol=1e-6, err_msg=name)


# ------------------------------------------------------------------------------------ its report


def test_prose_passes_the_check_before_any_run(loaded: tuple[Definition, Library]) -> None:
    check_prose(FOLDER, *loaded, LANGS)


def test_every_number_resolves(
    documents: dict[Lang, Document], loaded: tuple[Definition, Library], results: dict[str, Any]
) -> None:
    """An outcome is cited with its facts, a fact with its source; the rest are choices."""
    definition, library = loaded
    shown = [p for p in parts_of(documents["nb"]) if isinstance(p, Number | KeyNumber) and p.key]
    kinds = {"outcome": 0, "fact": 0, "input": 0}
    for key in sorted({number.key for number in shown}):
        if key.startswith("input:"):
            kinds["input"] += 1
        elif key.startswith("fact:"):
            kinds["fact"] += 1
            assert len(citation.cite_record(library, key.removeprefix("fact:"), "nb")) == 2
        else:
            kinds["outcome"] += 1
            run, outcome, _ = outcome_of(results, key)
            text = citation.cite_outcome(definition, library, results, key, "nb")
            assert f"[{run}]" in text[1]
            assert text[2].startswith("metode: docs/subjects/")
            assert f"frø: {results['seed']}" in text[3]
            n_facts = int(text[4].split()[0])
            assert n_facts == len(results["facts"][run]) == len(text) - 5
    assert all(kinds.values()), kinds


def test_a_number_is_printed_as_its_outcome_says(
    documents: dict[Lang, Document], results: dict[str, Any]
) -> None:
    """A number whose text is an amount in kroner, against results.json, to three or two digits."""
    n_checked = 0
    prose = (FOLDER / "report.en.md").read_text(encoding="utf-8")
    scales = {"NOK billion": 1e9, "NOK million": 1e6}
    for part in parts_of(documents["en"]):
        if not isinstance(part, Number) or part.key.startswith(("input:", "fact:")):
            continue
        text = part.text.replace("\u00a0", " ")
        found = re.fullmatch(r"NOK (\d+(?:\.\d+)?) (billion|million)( a year)?", text)
        if found:
            shown = float(found[1]) * scales[f"NOK {found[2]}"]
            _, _, summary = outcome_of(results, part.key)
            # The prose asks for the median, or for the expected value by name.
            names = ("p50", "mean") if f"{{{part.key}:mean}}" in prose else ("p50",)
            rounded = [
                pytest.approx(float(f"{summary[name]:.{n}g}"), rel=1e-9)
                for name in names
                for n in (3, 2)
            ]
            assert shown in rounded, part
            n_checked += 1
    assert n_checked >= 3


def test_both_languages_hold_the_same_numbers(documents: dict[Lang, Document]) -> None:
    keys, values = {}, {}
    for lang in LANGS:
        found = [p for p in parts_of(documents[lang]) if isinstance(p, Number) and p.key]
        keys[lang] = sorted(number.key for number in found)
        values[lang] = sorted(
            (number.key, n) for number in found for n in numbers_in(number.text, lang)
            if "{" not in number.text and not number.key.endswith("as_of")
        )  # fmt: skip
    assert keys["nb"] == keys["en"]
    assert values["nb"] == values["en"]


def test_both_languages_have_the_same_sections_tables_and_figures(
    documents: dict[Lang, Document],
) -> None:
    nb, en = documents["nb"], documents["en"]
    assert [(s.id, s.level) for s in nb.sections] == [(s.id, s.level) for s in en.sections]
    assert list(tables_of(nb)) == list(tables_of(en))
    for name, table in tables_of(nb).items():
        other = tables_of(en)[name]
        if name == "glossary":
            continue  # it lists the words that the text of its language uses
        assert len(table.rows) == len(other.rows), name
        assert len(table.columns) == len(other.columns), name
    assert len(nb.front.key_numbers) == len(en.front.key_numbers) == 3


def test_only_societys_account_is_ranked(
    documents: dict[Lang, Document], loaded: tuple[Definition, Library], results: dict[str, Any]
) -> None:
    """Oracle: Python's own sort of the means; other tables keep the order of study.yaml."""
    definition = loaded[0]
    means = {
        name: results["alternatives"][name]["account_net_present_cost"]["mean"]
        for name in definition.alternatives
    }
    ranked = sorted(means, key=lambda name: means[name])
    for lang, document in documents.items():
        tables = tables_of(document)
        named = {key: a.name.in_(lang) for key, a in definition.alternatives.items()}
        for table in ("alternatives", "payers"):
            assert [row[0] for row in tables[table].rows] == list(named.values()), table
        society = tables["society"]
        assert [row[0] for row in society.rows] == [named[key] for key in ranked]
        last = society.columns[-1].title.lower()
        assert "break-even" in last or "gir null" in last


def test_every_demand_of_the_commission_has_an_answer(
    documents: dict[Lang, Document], loaded: tuple[Definition, Library]
) -> None:
    demands = loaded[0].demands
    assert all(demand.section for demand in demands)
    for lang, word in (("nb", "Åpent"), ("en", "Open")):
        rows = tables_of(documents[lang])["demands"].rows
        assert len(rows) == len(demands)
        shown = [any(getattr(run, "text", "") == word for run in row[2]) for row in rows]
        assert not any(shown)


def test_the_six_questions_are_answered(documents: dict[Lang, Document]) -> None:
    """Utredningsinstruksen point 2-1 asks six questions."""
    for document in documents.values():
        ids = [s.id for s in document.sections]
        start = ids.index("six-questions")
        questions = document.sections[start + 1 : start + 7]
        assert [s.level for s in questions] == [2] * 6
        assert all(s.blocks for s in questions)


def test_every_outcome_has_a_method_that_can_be_read(
    loaded: tuple[Definition, Library], results: dict[str, Any]
) -> None:
    """Path and heading exist, for the study's outcomes and the engine's."""
    definition, library = loaded
    if not (content_root() / "docs").is_dir():
        pytest.skip("the pages are in the checkout only")
    names = {o for outcomes in results["alternatives"].values() for o in outcomes}
    methods = set()
    for outcome in sorted(names):
        run = next(r for r, found in results["alternatives"].items() if outcome in found)
        cited = citation.cite_outcome(definition, library, results, f"{run}.{outcome}", "en")
        methods.add(cited[2].removeprefix("method: "))
    for method in sorted(methods | {o.method for o in definition.outcomes.values()}):
        page, hash_sign, section = method.partition("#")
        text = (content_root() / page).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}
        assert hash_sign, f"{method} names no section"
        assert section in anchors, method


def test_the_published_figures_are_set_beside_the_studys(
    documents: dict[Lang, Document], loaded: tuple[Definition, Library]
) -> None:
    """The three that the task names: the 2022 study, the European range, Roland Berger's gap."""
    expected = read_expected(FOLDER, *loaded)
    named = {row.statistic.id for row in expected}
    assert {"bm_helsedir_2022", "eu_api_capex_range", "de_ceph_100t_deficit"} <= named
    assert len(tables_of(documents["nb"])["comparisons"].rows) == len(expected)
    assert all(row.why.nb and row.why.en for row in expected)


def test_pages_render_and_the_screen_shows_the_same_table(
    documents: dict[Lang, Document], loaded: tuple[Definition, Library], results: dict[str, Any]
) -> None:
    for lang, document in documents.items():
        page = render_html(document)
        assert "nan" not in re.findall(r">(\w+)<", page)
        _, _, rows, _ = summary_table(loaded[0], results, lang)
        shown = tables_of(document)["alternatives"].rows
        assert [row[0] for row in rows] == [row[0] for row in shown]
        assert [row[1:] for row in rows] == [
            [c if isinstance(c, str) else c.text for c in row[1:]] for row in shown
        ]
