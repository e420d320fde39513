"""``study run``, ``report``, ``new`` and ``list``: what stands in the folder afterwards.

Oracle: the list of files and the schema of results.json in the product's promise.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

FILES = {
    "brief.pdf", "brief.docx", "brief.en.pdf", "brief.en.docx",
    "report.html", "report.pdf", "report.docx", "report.en.html", "report.en.pdf",
    "report.en.docx", "results.json", "results.xlsx", "manifest.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def results(example_run: Path) -> dict:
    return json.loads((example_run / "results.json").read_text(encoding="utf-8"))


def test_all_files_are_written_and_nothing_else(example_run: Path) -> None:
    found = {p.relative_to(example_run).as_posix() for p in example_run.rglob("*") if p.is_file()}
    figures = {f for f in found if f.startswith("figures/")}
    assert found - figures == FILES
    assert {Path(f).suffix for f in figures} == {".svg", ".png"}
    assert {Path(f).stem for f in figures} == {"figure_account_yearly_cost_state"}
    assert [p.name for p in example_run.parent.iterdir()] == [example_run.name], "a draft is left"


def test_every_file_is_of_its_kind(example_run: Path) -> None:
    first = {p.suffix: p.read_bytes()[:8] for p in sorted(example_run.rglob("*.*"))}
    assert first[".pdf"].startswith(b"%PDF-")
    assert first[".docx"].startswith(b"PK")
    assert first[".png"].startswith(b"\x89PNG")
    assert first[".svg"].startswith(b"<svg")


def test_the_languages_have_their_own_reports(example_run: Path) -> None:
    nb = (example_run / "report.html").read_text(encoding="utf-8")
    en = (example_run / "report.en.html").read_text(encoding="utf-8")
    assert re.search(r'<html[^>]*lang="nb-NO"', nb)
    assert re.search(r'<html[^>]*lang="en-GB"', en)
    assert "Et ekstra lager av penicillin" in nb
    assert "An extra stock of penicillin" in en


def test_schema_of_results(results: dict) -> None:
    assert results["study"] == "example"
    assert (results["draws"], results["seed"], results["price_year"]) == (130, 3, 2025)
    assert set(results["alternatives"]) == {"today", "stock"}
    for outcomes in results["alternatives"].values():
        assert "stock_value" in outcomes
        for summary in outcomes.values():
            assert {"unit", "mean", "p10", "p50", "p90"} <= set(summary)
            assert summary["p10"] <= summary["p50"] <= summary["p90"]
    assert results["alternatives"]["stock"]["stock_value"]["unit"] == "NOK"


def test_numbers_have_nine_digits_and_no_place_or_clock(example_run: Path) -> None:
    text = (example_run / "results.json").read_text(encoding="utf-8")
    for number in re.findall(r"\d+\.\d+(?:e[+-]\d+)?", text):
        digits = number.partition("e")[0].replace(".", "").strip("0")
        assert len(digits) <= 9, number
    assert str(example_run.parent) not in text


def test_hashes_of_the_manifest_match(example_run: Path) -> None:
    manifest = json.loads((example_run / "manifest.json").read_text(encoding="utf-8"))
    found = {
        p.relative_to(example_run).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in example_run.rglob("*")
        if p.is_file() and p.name != "manifest.json"
    }
    assert manifest["sha256"] == found
    assert (manifest["study"], manifest["seed"], manifest["draws"]) == ("example", 3, 130)
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["library"])
    assert {"written", "python", "machine", "packages", "engine"} <= set(manifest)


def test_equal_bytes_for_other_blocks_and_threads(
    command, example_run: Path, tmp_path: Path
) -> None:
    answer = command(
        "study", "run", "example", "--draws", 130, "--seed", 3, "--block", 64, "--threads", 1,
        "--no-report", "--out", tmp_path / "out",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["manifest.json", "results.json"]
    again = (tmp_path / "out" / "results.json").read_bytes()
    assert again == (example_run / "results.json").read_bytes()


def test_workbook_holds_outcomes_with_units_and_facts_with_sources(
    example_run: Path, results: dict
) -> None:
    book = openpyxl.load_workbook(example_run / "results.xlsx")
    tables = {
        sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book
    }
    outcomes = {row[0]: row for row in tables["utfall"] if row[0]}
    shown = results["alternatives"]["stock"]["stock_value"]
    row = outcomes["stock.stock_value"]
    assert row[3] == "NOK"
    assert row[4:8] == pytest.approx([shown[k] for k in ("mean", "p10", "p50", "p90")])
    read = {fact for facts in results["facts"].values() for fact in facts}
    facts = {row[0]: row for row in tables["fakta"] if row[0] in read}
    assert set(facts) == read
    head = next(row for row in tables["fakta"] if row[0] == "id")
    for needed in ("unit", "confidence", "source", "place"):
        column = head.index(needed)
        assert all(row[column] for row in facts.values()), needed


def test_report_in_english_alone_from_results_that_are_there(
    command, example_run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("results.json", "manifest.json", "report.en.pdf"):
        shutil.copyfile(example_run / name, out / name)
    answer = command("study", "report", "example", "--results", out, "--lang", "en")
    assert answer.code == 0, answer.err
    names = {p.name for p in out.iterdir()}
    assert names >= {"report.html", "report.pdf", "report.docx", "results.xlsx", "figures"}
    assert not any(name.startswith("report.en") for name in names), "of an earlier run"
    text = (out / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<html[^>]*lang="en-GB"', text)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 3
    page = hashlib.sha256((out / "report.html").read_bytes()).hexdigest()
    assert manifest["sha256"]["report.html"] == page
    # the same results and the same prose give the same page, run or not
    assert text == (example_run / "report.en.html").read_text(encoding="utf-8")


def test_a_new_run_leaves_no_report_of_an_earlier_one(
    command, example_run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(example_run, out)
    (out / "notes.txt").write_text("the reader's own")
    answer = command("study", "run", "example", "--draws", 8, "--no-report", "--out", out)
    assert answer.code == 0, answer.err
    names = sorted(p.name for p in out.iterdir())
    assert names == ["manifest.json", "notes.txt", "results.json"]
    assert "report" not in answer.out.replace("No report", "")


def test_the_report_refuses_results_of_another_study_library_or_study_yaml(
    command, example_run: Path, tmp_path: Path
) -> None:
    results = json.loads((example_run / "results.json").read_text(encoding="utf-8"))
    changes = {
        "another library": {"library": "0" * 64},
        "results of study 'other'": {"study": "other"},
        "earlier study.yaml: price_year, alternatives differ": {
            "price_year": 2020,
            "alternatives": {"today": {}},
        },
    }
    for message, change in changes.items():
        (tmp_path / "results.json").write_text(json.dumps({**results, **change}))
        answer = command("study", "report", "example", "--results", tmp_path)
        assert answer.code == 2
        assert message in answer.err
        assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_a_new_study_runs(command, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = command("study", "new", "my_study")
    assert made.code == 0
    files = (
        "study.yaml", "study.py", "report.nb.md", "report.en.md", "brief.nb.md", "brief.en.md",
    )  # fmt: skip
    assert all((tmp_path / "my_study" / name).is_file() for name in files)
    assert set(made.out.split()) == {f"my_study/{name}" for name in files}
    ran = command("study", "run", "my_study", "--draws", 8, "--no-report", "--lang", "en")
    assert ran.code == 0, ran.err
    assert "Extra stock" in ran.out, "the summary is in the language asked for"
    results = json.loads((tmp_path / "results" / "my_study" / "results.json").read_text())
    assert results["study"] == "my_study"


def test_list_names_every_study_in_both_languages(command) -> None:
    nb, en = command("study", "list"), command("study", "list", "--lang", "en")
    assert (nb.code, en.code) == (0, 0)
    for slug in ("antibiotics", "example"):
        assert slug in nb.out
        assert slug in en.out
    assert "Et ekstra lager av penicillin" in nb.out
    assert "An extra stock of penicillin" in en.out


def test_version_and_help(command) -> None:
    assert re.fullmatch(r"virkestoff \d+\.\d+\.\d+\n", command("--version").out)
    assert "study" in command("--help").out
