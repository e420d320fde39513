"""From prose and results to a document. Oracle: the example study, and faults put in by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from virkestoff.costbenefit import SOCIETY_HEADING, rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.reports.document import Number, Table
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_report import build_document, check_prose, summary_table
from virkestoff.reports.study_tables import build_table, ranking_table
from virkestoff.reports.study_workbook import write_workbook
from virkestoff.studies import (
    assemble,
    dump_json,
    load_definition,
    load_evaluate,
    run_study,
)

EXAMPLE = content_root() / "studies" / "example"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="module")
def results(library: Library) -> dict[str, Any]:
    definition, joined = load_definition(EXAMPLE, library)
    rules = rules_on(joined, definition.as_of)
    result = run_study(definition, joined, load_evaluate(EXAMPLE), rules, 32, 1)
    return json.loads(dump_json(assemble(result)))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    return folder


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def document_of(folder: Path, library: Library, results: dict[str, Any], lang: str = "nb"):
    definition, joined = load_definition(folder, library)
    return build_document(folder, StudyContext(definition, joined, results, lang, folder))


def faults_of(folder: Path, library: Library, langs: tuple[str, ...] = ("nb", "en")) -> list[str]:
    definition, joined = load_definition(folder, library)
    with pytest.raises(InputError) as caught:
        check_prose(folder, definition, joined, langs)
    return [str(fault) for fault in caught.value.faults]


def test_page_one_holds_question_answer_and_three_numbers_that_were_computed(
    library: Library, results: dict[str, Any]
) -> None:
    front = document_of(EXAMPLE, library, results, "en").front
    assert front.question.startswith("What does it cost to hold an extra stock")
    keys = [number.key for number in front.key_numbers]
    assert keys == [
        "stock.account_yearly_cost_state", "stock.stock_value",
        "stock.account_break_even_yearly_benefit",
    ]  # fmt: skip
    median = results["alternatives"]["stock"]["stock_value"]["p50"]
    assert front.key_numbers[1].value.startswith("NOK\u00a0")
    shown = float(front.key_numbers[1].value.split("\u00a0")[1])
    assert shown == pytest.approx(median / 1e6, rel=0.005)
    assert " to " in front.key_numbers[1].range_text


def test_a_number_that_rests_on_assumptions_is_marked(
    library: Library, results: dict[str, Any]
) -> None:
    """The example reads assumed facts, so its outcomes carry the weakest mark."""
    document = document_of(EXAMPLE, library, results)
    assert {k.mark for k in document.front.key_numbers} == {"assumption"}
    answer = [run for run in document.front.answer if isinstance(run, Number)]
    marks = {run.key: run.mark for run in answer}
    assert marks == {
        "input:stock.months": "read", "stock.account_yearly_cost_state": "assumption",
    }  # fmt: skip


def test_tables_stand_where_prose_puts_them(library: Library, results: dict[str, Any]) -> None:
    document = document_of(EXAMPLE, library, results)
    placed = {
        section.id: [b.id for b in section.blocks if isinstance(b, Table)]
        for section in document.sections
    }
    assert placed == {"cost": ["payers", "society"], "answers": ["demands"]}
    society = next(
        b for s in document.sections for b in s.blocks if isinstance(b, Table) and b.id == "society"
    )
    assert society.caption == SOCIETY_HEADING.nb
    assert len(society.rows) == 2


def test_every_source_of_a_fact_that_was_read_is_a_reference(
    library: Library, results: dict[str, Any]
) -> None:
    read = {library.fact(f).source for facts in results["facts"].values() for f in facts}
    assert read <= {r.id for r in document_of(EXAMPLE, library, results).references}


def test_all_faults_of_both_languages_at_once(study: Path, library: Library) -> None:
    change(study / "report.nb.md", ("Staten eier lageret", "Staten eier 7 lagre"))
    change(study / "report.en.md", ("{stock.stock_value} ", "{stock.stock_valu} "))
    faults = faults_of(study, library)
    assert len(faults) == 2
    assert faults[0].startswith("example/report.nb.md:21:13: the number '7' is typed by hand")
    assert faults[1].startswith("example/report.en.md:")
    assert "Did you mean 'stock.stock_value'" in faults[1]
    check_prose(EXAMPLE, *load_definition(EXAMPLE, library), ("nb", "en"))


@pytest.mark.parametrize(
    "typed", ["3", "12,5", "1 000", "2030", "50 %", "1.", "½ og 3/4", "kr 100", "0"]
)
def test_any_digit_by_hand_fails(study: Path, library: Library, typed: str) -> None:
    change(study / "report.nb.md", ("Staten eier lageret", f"Staten eier {typed} lagre"))
    assert any("is typed by hand" in fault for fault in faults_of(study, library, ("nb",)))


def test_a_demand_needs_its_section_in_every_language(study: Path, library: Library) -> None:
    change(study / "report.en.md", ("{#cost}", "{#costs}"))
    change(study / "brief.en.md", ("[ref:cost]", "[ref:costs]"))
    (fault,) = faults_of(study, library)
    assert "names section 'cost', which example/report.en.md does not have" in fault
    assert "leave the demand open" in fault


def test_an_open_demand_is_shown_as_open(
    study: Path, library: Library, results: dict[str, Any]
) -> None:
    change(study / "study.yaml", ("    section: cost\n", "    note: {nb: Senere, en: Later}\n"))
    for lang, word in (("nb", "Åpent"), ("en", "Open")):
        document = document_of(study, library, results, lang)
        table = next(
            b for s in document.sections for b in s.blocks
            if isinstance(b, Table) and b.id == "demands"
        )  # fmt: skip
        ((_, _, answer),) = table.rows
        assert answer[0].text == word
        assert answer[0].strong
        assert answer[1].text in (". Senere", ". Later")


def test_a_missing_prose_file_is_named(study: Path, library: Library) -> None:
    (study / "report.en.md").unlink()
    (fault,) = faults_of(study, library)
    assert fault.startswith("example/report.en.md: cannot be read")
    definition, joined = load_definition(study, library)
    check_prose(study, definition, joined, ("nb",))


def test_the_screen_shows_what_the_study_shows_first(
    library: Library, results: dict[str, Any]
) -> None:
    definition, _ = load_definition(EXAMPLE, library)
    title, columns, rows, notes = summary_table(definition, results, "en")
    assert title == "The alternatives side by side"
    assert [row[0] for row in rows] == ["Today", "Extra stock"]
    assert columns[1].startswith("Value in stock")
    assert "NOK million" in columns[1]
    assert rows[0][1] == "0"
    assert any("P10 to P90" in note for note in notes)


@pytest.mark.parametrize(
    ("lang", "sheets"),
    [("nb", ["utfall", "årlig", "fakta", "følsomhet"]),
     ("en", ["outcomes", "yearly", "facts", "sensitivity"])],
)  # fmt: skip
def test_the_workbook_in_both_languages(
    library: Library, results: dict[str, Any], tmp_path: Path, lang: str, sheets: list[str]
) -> None:
    definition, joined = load_definition(EXAMPLE, library)
    context = StudyContext(definition, joined, results, lang, EXAMPLE)
    write_workbook(context, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [s for s in book.sheetnames if s in sheets] == sheets
    rows = list(book[sheets[1]].iter_rows(values_only=True))
    years = {row[2] for row in rows if isinstance(row[2], int)}
    assert years == set(range(2027, 2047))
    # every krone paid is received: over the actors each year sums to nothing
    for year in (2027, 2046):
        amounts = [r[3] for r in rows if r[2] == year and r[0] == context.alternative_name("stock")]
        assert sum(amounts) == pytest.approx(0, abs=0.1)


def test_numbers_in_tables_of_what_decides_lead_to_their_facts(
    library: Library, results: dict[str, Any]
) -> None:
    """Oracle: the influences and facts that the results name."""
    definition, joined = load_definition(EXAMPLE, library)
    context = StudyContext(definition, joined, results, "nb")
    ranking = results["rankings"][0]
    table = ranking_table(context, ranking, "ranking")
    keys = [cell.key for row in table.rows for cell in row if isinstance(cell, Number)]
    assert keys == [f"fact:{i['fact']}" for i in ranking["influences"]]
    for name in ("rankings", "weak_facts"):
        linked = {cell.key for row in build_table(context, name).rows for cell in row
                  if isinstance(cell, Number)}  # fmt: skip
        assert linked <= {f"fact:{fact}" for fact in joined.facts}
        assert linked or name == "weak_facts"
