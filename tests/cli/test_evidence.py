"""``evidence list|show|cite|check|conflicts`` in both languages.

Oracle: the library's files as they are written, and the results of the example study.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from virkestoff.evidence import content_root, load_library, read_yaml
from virkestoff.language import place_in

TITRE = "production.penicillin.titre"
PLACE = {"nb": "sammendrag: 40-50 g/L", "en": "abstract: 40-50 g/L"}


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
    written = (titre["name"][lang], titre["unit"], PLACE[lang], titre["source"])
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
    assert source.endswith(f"[{titre['source']}], {PLACE[lang]}")


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
        assert said.endswith(f"[{fact.confidence}; {fact.source}, {place_in(fact.place, lang)}]")
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


def test_show_tells_of_a_conflict(command) -> None:
    """Source 004 says nearly 11 000 in one place and 11 650 in another."""
    answer = command("evidence", "show", "m4_employees_2019_app", "--lang", "nb")
    assert answer.code == 0
    assert "uenighet" in answer.out
    assert "m4_i_employees" in answer.out
    assert "conflict" not in command("evidence", "show", "m4_i_invited", "--lang", "en").out


def test_check_counts_the_conflicts(command) -> None:
    out = command("evidence", "check").out
    listed = command("evidence", "conflicts", "--lang", "en").out
    (found,) = re.findall(r"(\d+) conflicts, (\d+) with a known", " ".join(out.split()))
    assert " conflicts, ".join(found) in " ".join(listed.split())
    assert 0 < int(found[1]) < int(found[0])


def test_conflicts_fit_a_page_in_the_reader_s_words(command) -> None:
    for lang, words in (("nb", "industriell produksjon"), ("en", "industrial production")):
        out = command("evidence", "conflicts", "m4_p_producers_share", "--lang", lang).out
        assert words in out
        assert "industrial_production" not in out
        assert max(map(len, out.splitlines())) <= 100
    assert "Barely" not in out
    with_notes = command("evidence", "conflicts", "m4_p_producers_share", "--notes").out
    assert "Section 3.2 says about half" in with_notes


def test_list_is_narrowed_by_what_statistics_speak_of(command) -> None:
    """Source 003 gives the exports of 2021 twice, source 001 once; targets are another kind."""
    out = command(
        "evidence", "list", "--subject", "industry.exports", "--year", "2021", "--branch", "all",
        "--lang", "en",
    ).out  # fmt: skip
    for name in ("health_export_2021_source_001", "v3_exports_2021 ", "v3_exports_2021_box"):
        assert name in out
    assert "about NOK 22 bn" in out
    assert "pharma_export_2021" not in out
    only = command("evidence", "list", "--subject", "industry.exports", "--year", "2021",
                   "--source", "source_001", "--kind", "observed").out  # fmt: skip
    assert "2 records" in only
    assert "study_grant_source_000" in command("evidence", "list", "--kind", "target").out


@pytest.mark.parametrize(
    "option", [("--subject", "industri."), ("--source", "s"), ("--kind", "k"), ("--branch", "b")]
)
def test_an_unknown_choice_is_a_fault(command, option: tuple[str, str]) -> None:
    answer = command("evidence", "list", *option)
    assert answer.code == 2
    assert f"{option[0]} '{option[1]}'" in answer.err


def test_subjects_are_listed_with_their_number(command) -> None:
    for lang, name in (("nb", "Verdiskaping"), ("en", "Value creation")):
        answer = command("evidence", "subjects", "industry.value_creation", "--lang", lang)
        assert answer.code == 0
        assert name in answer.out
    library = load_library(content_root() / "library")
    n = sum(s.subject == "industry.value_creation" for s in library.statistics.values())
    assert re.search(rf"industry\.value_creation +Value creation +NOK +{n} ", answer.out)
