"""The report on coverage, its files, the page per scheme, and the check of everything.

Oracle: the numbers of the tables are those of the functions; both languages; nothing half-written.
"""

from __future__ import annotations

import csv
from datetime import date

import polars as pl
import pytest

from virkestoff.cli import app
from virkestoff.errors import InputError
from virkestoff.reports.coverage_figures import heat_map
from virkestoff.reports.coverage_report import coverage_document
from virkestoff.reports.html import render_html
from virkestoff.reports.scheme_pages import scheme_pages
from virkestoff.workbench import Workbench

ON = date(2026, 11, 24)


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench()


@pytest.fixture(scope="module")
def findings(bench):
    return bench.coverage_findings(ON)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_report_says_what_was_computed(bench, findings, lang) -> None:
    tables = bench.coverage_tables(lang)
    document = coverage_document(findings, tables, ON)
    page = render_html(document)
    words = {
        "nb": ("ingen markedssvikt", "kan ikke avgjøres", "Innovasjonsgapet"),
        "en": ("no market failure", "cannot be decided", "The innovation gap"),
    }[lang]
    assert all(word in page for word in words)
    answer = "".join(run.text for run in document.front.answer)
    assert str(int(findings.figures["technology"].n)) in answer
    unread = len({k for f in findings.figures.values() for k in f.budget_unknown})
    assert f"{unread} " in answer
    assert len(document.front.answer[0].text.split(". ")) == 2  # two sentences


def test_the_heat_map_draws_each_place_once(bench, findings) -> None:
    spec = heat_map(findings.number, bench.phase_rules, "en")
    drawn = spec["data"]["values"]
    assert len(drawn) == 5 * 8
    assert sum(d["n"] for d in drawn) == sum(c.n for c in findings.number.cells)


def test_a_file_holds_every_place(bench, findings, tmp_path) -> None:
    files = bench.write_coverage(findings.number, tmp_path / "c.csv", ON, "en")
    rows = list(csv.DictReader(files[0].read_text("utf-8-sig").splitlines()))
    assert [(r["phase"], r["kind"]) for r in rows] == [c.place for c in findings.number.cells]
    assert [float(r["schemes"]) for r in rows] == [c.n for c in findings.number.cells]


def test_a_chart_of_amounts_is_refused(bench, tmp_path) -> None:
    found = bench.coverage(ON, weight="budget")
    with pytest.raises(InputError):
        bench.draw_coverage(found, tmp_path / "x.svg", "nb")
    assert list(tmp_path.iterdir()) == []


def test_a_page_per_scheme_in_both_languages(bench) -> None:
    pages = scheme_pages(bench.schemes, bench.library)
    assert set(pages) == {f"schemes/{k}.md" for k in [*bench.schemes, "README"]}
    page = pages["schemes/repayable_advance.md"]
    for word in ("Last checked", "Sist kontrollert", "the Ministry of Trade", "Hvem kan søke"):
        assert word in page


def test_everything_that_came_along_is_sound(bench) -> None:
    found = bench.check_everything(ON)
    assert found.faults == ()
    assert next(p.n for p in found.checked if p.name.en == "Support schemes") == len(
        bench.schemes.schemes
    )
    assert {f.sort for f in found.findings} >= {"not_checked", "rules_ended", "no_address"}
    assert found.as_json()["date"] == "2026-11-24"


def test_a_population_by_status_hides_small_counts(bench, tmp_path) -> None:
    path = tmp_path / "companies.parquet"
    kinds = ["company"] * 9 + ["cluster"]
    pl.DataFrame({"company.kind": kinds}).write_parquet(path)
    (_, _, rows, notes), (_, _, alike, _) = bench.population_statuses(
        ON, str(path), None, {}, "en")
    cells = {row[0]: row[1:] for row in rows}
    assert len(cells) + sum(int(row[1]) for row in alike) == len(bench.schemes.schemes)
    assert all(len(row[2].split("; ")) == int(row[1]) for row in alike)
    asked = cells[bench.schemes["ipn"].name.en]  # one cluster is not eligible: it would be seen
    assert set(asked) == {":"}
    assert any("hidden" in note for note in notes)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_where_nothing_is_decided_no_share_is_shown(bench, tmp_path, lang) -> None:
    path = tmp_path / "companies.parquet"
    pl.DataFrame({"company.kind": ["company"] * 9}).write_parquet(path)
    found = bench.company_coverage(ON, str(path))
    assert found.is_all_open
    (title, columns, rows, notes), (_, _, asked, _) = bench.company_tables(found, lang)
    assert not any("%" in cell for row in rows for cell in row)
    assert ("kan ikke avgjøres" if lang == "nb" else "cannot be decided") in title
    assert ("ikke et funn" if lang == "nb" else "no finding") in notes[0]
    assert [row[2] for row in asked] == list(found.questions)


def test_limits_of_a_phase_are_those_of_money_to_companies(bench, findings) -> None:
    money = bench.phase_rules.subsets["money"]
    for figures in findings.figures.values():
        for ceiling in figures.ceilings:
            scheme = bench.schemes[ceiling.scheme]
            assert scheme.kind in money.kinds and set(scheme.recipients) & set(money.recipients)


def test_a_reform_is_told_in_words(bench, tmp_path) -> None:
    patch = tmp_path / "patch.yaml"
    patch.write_text(
        "reform: a\nname: {nb: a, en: a}\nchange:\n  ipn:\n    leaves: {started: null}\n", "utf-8")
    from virkestoff.reports.reform_tables import ReformTables

    ((_, what, before, after),) = ReformTables(bench.read_reform(patch), "en").changes().rows
    text = next(leaf.text.en for _, leaf in bench.schemes["ipn"].leaves if leaf.id == "started")
    assert (what, before, after) == ("Conditions", f"Not: {text}", "falls away")


def test_a_reform_on_the_command_line(tmp_path, capsys) -> None:
    patch, profile = tmp_path / "patch.yaml", tmp_path / "me.yaml"
    patch.write_text("name: {nb: Lån, en: Loan}\nas_existing: [repayable_advance]\n", "utf-8")
    profile.write_text("project.is_for_health: true\n", "utf-8")
    companies = tmp_path / "companies.parquet"
    pl.DataFrame({"company.kind": ["company"] * 9}).write_parquet(companies)
    words = f"instruments reform {patch} --population {companies} --profile {profile}"
    words += " --date 2026-11-24 --lang en"
    app(words.split(), standalone_mode=False, prog_name="virkestoff")
    out = capsys.readouterr().out
    assert "no upper" in out and "repayable" in out


@pytest.mark.parametrize(
    "words",
    [
        "instruments coverage --date yesterday", "check --date 2026-13-01",
    ],
)  # fmt: skip
def test_what_is_unknown_is_named(words) -> None:
    with pytest.raises(InputError):
        app(words.split(), standalone_mode=False, prog_name="virkestoff")


def test_schemes_and_populations_that_are_none_are_named(bench) -> None:
    with pytest.raises(InputError, match="nothing"):
        bench.known_schemes(frozenset({"nothing", "ipn"}))
    with pytest.raises(InputError, match="population none"):
        bench.company_facts("none")
