"""``evidence list|show|cite|check|conflicts`` in both languages.

Oracle: the library's files as they are written, and the results of the example study.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from virkestoff.evidence import content_root, load_library, read_yaml

TITRE = "production.penicillin.titre"


@pytest.fixture(scope="module")
def titre() -> dict:
    """The record as it stands in the file."""
    file = content_root() / "library" / "production" / "fermentation.yaml"
    return read_yaml(file)["facts"][TITRE]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_list_shows_ids_whole(command, lang: str, titre: dict) -> None:
    answer = command("evidence", "list", "penicillin.titre", "--lang", lang)
    assert answer.code == 0
    assert f"{TITRE} " in answer.out
    assert f"{TITRE}_unlicensed " in answer.out
    assert "2 records" in answer.out


def test_list_by_name_and_confidence(command) -> None:
    named = command("evidence", "list", "Titer ved høsting").out
    assert TITRE in named
    assumed = command("evidence", "list", "penicillin.titre", "--confidence", "assumption").out
    assert f"{TITRE}_unlicensed" in assumed
    assert "1 records" in assumed


@pytest.mark.parametrize(
    ("lang", "labels"),
    [("nb", ("navn", "verdi", "enhet", "sikkerhet", "kilde", "sted i kilden", "fil")),
     ("en", ("name", "value", "unit", "confidence", "source", "place in source", "file"))],
)  # fmt: skip
def test_show_tells_everything(command, titre: dict, lang: str, labels: tuple[str, ...]) -> None:
    answer = command("evidence", "show", TITRE, "--lang", lang)
    assert answer.code == 0
    for label in labels:
        assert any(line.startswith(label) for line in answer.out.splitlines()), label
    written = (titre["name"][lang], titre["unit"], titre["place"], titre["source"])
    for part in (*written, "35 / 45 / 55", "production/fermentation.yaml"):
        assert str(part) in answer.out


def test_show_a_source_and_a_statistic(command) -> None:
    assert "title" in command("evidence", "show", "process_elander_2003").out
    answer = command("evidence", "show", "bm_helsedir_2022", "--lang", "en")
    assert answer.code == 0
    assert "qualifier" in answer.out


@pytest.mark.parametrize("name", [TITRE, f"fact:{TITRE}"])
@pytest.mark.parametrize(
    ("lang", "words"), [("nb", "lest i kilden"), ("en", "read in the source")]
)
def test_cite_a_fact(command, titre: dict, name: str, lang: str, words: str) -> None:
    """In two lines: value, and source with the place in it."""
    answer = command("evidence", "cite", name, "--lang", lang)
    value, source = answer.out.splitlines()
    assert f"{titre['name'][lang]}: 35 / 45 / 55 g/L" in value
    assert words in value
    assert source.endswith(f"[{titre['source']}], {titre['place']}")


def _cited(command, results: Path, name: str, lang: str = "en") -> list[str]:
    answer = command("evidence", "cite", f"example:{name}", "--results", results, "--lang", lang)
    assert answer.code == 0, answer.err
    return answer.out.splitlines()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("nb", ("alternativ: Ekstra lager [stock]", "metode: ", "frø: 3, 130 trekk", "bibliotek")),
     ("en", ("alternative: Extra stock [stock]", "method: ", "seed: 3, 130 draws", "library"))],
)  # fmt: skip
def test_cite_an_outcome(command, example_run: Path, lang: str, words: tuple[str, ...]) -> None:
    lines = _cited(command, example_run, "stock.stock_value", lang)
    text = "\n".join(lines)
    for part in words:
        assert part in text
    assert "NOK (2025)" in lines[0]
    assert "months=6" in text
    results = json.loads((example_run / "results.json").read_text(encoding="utf-8"))
    read = results["facts"]["stock"]
    library = load_library(content_root() / "library")
    cited = dict(line.strip().split(": ", 1) for line in lines if line.startswith("  "))
    assert set(cited) == set(read)
    for fact_id, said in cited.items():
        fact = library.fact(fact_id)
        assert said.endswith(f"[{fact.confidence}; {fact.source}, {fact.place}]")
        assert fact.unit in said
        if fact.price_year:
            assert f"({fact.price_year})" in said, "money without its price year"


def test_cite_an_outcome_of_the_engine_by_the_name_that_readers_meet(
    command, example_run: Path
) -> None:
    """Oracle: the heads of the report's table of society's account."""
    (line, *_) = _cited(command, example_run, "stock.account_net_present_cost", "nb")
    assert line.startswith("Netto nåkostnad: ")
    (line, *_) = _cited(command, example_run, "stock.account_yearly_cost_state")
    assert line.startswith("Yearly cost: The state: ")
    assert "NOK/year (2025)" in line


def test_the_method_that_is_cited_can_be_read(command, example_run: Path) -> None:
    root = content_root()
    if not (root / "docs").is_dir():
        pytest.skip("the pages are in the checkout only")
    for outcome in ("stock_value", "account_yearly_cost_state", "account_net_present_cost"):
        lines = _cited(command, example_run, f"stock.{outcome}")
        method = next(line for line in lines if line.startswith("method: "))
        page = method.removeprefix("method: ").partition("#")[0]
        assert (root / page).is_file()


def test_cite_refuses_unknown_outcomes_and_results_of_another_library(
    command, example_run: Path, tmp_path: Path
) -> None:
    for name, step in (
        ("stock.stock_valeu", "Did you mean 'stock_value'"),
        ("stok.stock_value", "Did you mean 'stock'"),
        ("stock", "Write stock.OUTCOME, such as stock.stock_value"),
    ):
        answer = command("evidence", "cite", f"example:{name}", "--results", example_run)
        assert answer.code == 2
        assert step in answer.err
    results = json.loads((example_run / "results.json").read_text(encoding="utf-8"))
    (tmp_path / "results.json").write_text(json.dumps({**results, "library": "f" * 64}))
    answer = command("evidence", "cite", "example:stock.stock_value", "--results", tmp_path)
    assert answer.code == 2
    assert "another library" in answer.err


def test_check_counts_what_the_files_hold(command) -> None:
    answer = command("evidence", "check")
    assert answer.code == 0
    n = {"facts": 0, "statistics": 0, "sources": 0}
    for path in (content_root() / "library").rglob("*.yaml"):
        data = read_yaml(path)
        for section in n:
            n[section] += len(data.get(section) or {})
    said = " ".join(answer.out.split())
    for section, number in n.items():
        assert f"{number} {section}" in said
    facts, read, unverified, assumed = map(int, re.findall(r"\d+", said)[:4])
    assert facts == read + unverified + assumed


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_conflicts_name_both_sides(command, lang: str) -> None:
    """Oracle: source 003 and source 004 are in the list of sources that disagree."""
    answer = command("evidence", "conflicts", "--lang", lang)
    assert answer.code == 0
    found = int(re.search(r"(\d+) (conflicts|konflikter)", answer.out)[1])
    assert found >= 1
    subjects = [line for line in answer.out.splitlines() if line and not line.startswith(" ")]
    assert len(subjects) >= found


def test_conflicts_are_searched_and_exported(command, tmp_path) -> None:
    """Oracle: the library holds two sources for shortages in 2014, 112 and 115."""
    out = tmp_path / "conflicts.csv"
    call = ("evidence", "conflicts", "no_shortages_2014", "--out", str(out), "--lang", "en")
    answer = command(*call)
    assert answer.code == 0
    assert "112" in answer.out and "115" in answer.out and "1 conflicts" in answer.out
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 3 and rows[0].startswith("conflict,about,rule,statistic")


def test_an_unknown_rule_is_a_fault(command) -> None:
    answer = command("evidence", "conflicts", "--rule", "habit")
    assert answer.code == 2
    assert "same_subject" in answer.err
