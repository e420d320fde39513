"""The guide as a user meets it, with the library's own schemes.

Oracle: SkatteFUNN's terms in the library (19 % of at most NOK 25 million: 0.19 x 4 million =
760,000; 0.19 x 25 million = 4.75 million), the EIC Accelerator's TRL 6 to 8, and a register that is
written here.
"""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from virkestoff.instruments.scheme_files import load_schemes

ON = ("--date", "2026-11-24")
PROFILE = """\
profile: "[bold]=1+1"
company:
  kind: company
  is_taxable_in_norway: true
  is_in_difficulty: false
  is_registered_in_norway: true
  employees: 10-49
project:
  trl: 4
  is_rd: true
  novelty: international
  is_for_health: true
  has_started: no
  rd_costs_of_year: "4 mill. kr"
"""


@pytest.fixture(autouse=True, scope="module")
def _schemes_once():
    """The schemes are read once: they are frozen, and reading them takes a second."""
    kept = {}

    def load(library):
        if library.root not in kept:
            kept[library.root] = load_schemes(library)
        return kept[library.root]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("virkestoff.workbench.instruments.load_schemes", load)
        yield


@pytest.fixture(scope="module")
def profile(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("profile") / "p.yaml"
    path.write_text(PROFILE)
    return path


def test_list_filters_and_says_what_it_does_not_know(command) -> None:
    answer = command("instruments", "list", "--kind", "tax_credit", "--lang", "en")
    assert answer.code == 0
    assert "SkatteFUNN R&D tax incentive" in answer.out
    assert "Innovation loan" not in answer.out
    found = json.loads(command("instruments", "list", "--search", "skatt", "--json").out)
    assert "skattefunn" in {s["id"] for s in found}
    assert all(0 <= s["unknown_share"] <= 1 for s in found)
    answer = command("instruments", "list", "--kind", "gift", "--phase", "testt")
    assert answer.code == 2
    assert "--kind 'gift'" in answer.err and "--phase 'testt'" in answer.err
    answer = command("instruments", "list", "--unknowns", "--date", "2026-11-24")
    assert answer.code == 0 and "Andel ukjente" in answer.out


@pytest.mark.parametrize(
    ("lang", "words"),
    [("nb", ("Skattepliktig", "Sist kontrollert", "19 %", "Spør")),
     ("en", ("taxable", "Last checked", "19%", "Ask"))],
)  # fmt: skip
def test_show_says_everything_on_a_scheme(command, lang, words) -> None:
    answer = command("instruments", "show", "skattefunn", "--lang", lang, *ON)
    assert answer.code == 0
    text = " ".join(answer.out.split())
    for word in words:
        assert word.lower() in text.lower().replace("\u00a0", " ")
    answer = command("instruments", "show", "skatefunn")
    assert answer.code == 2 and "Did you mean 'skattefunn'?" in answer.err


def test_check_gives_reasons_amounts_and_near_misses(command, profile) -> None:
    answer = command("instruments", "check", profile, *ON, "--json")
    assert answer.code == 0, answer.err
    found = {s["id"]: s for s in json.loads(answer.out)["schemes"]}
    skattefunn = found["skattefunn"]
    assert skattefunn["status"] == "needs_person"  # the Research Council judges the content
    assert skattefunn["amount"]["value"] == 760_000
    assert all(line["result"] or line["cause"] == "judgement"
               for line in skattefunn["conditions"])  # fmt: skip
    eic = found["eic_accelerator"]
    changes = [c for miss in eic["near_misses"] for c in miss["changes"]]
    assert {"fact": "project.trl", "now": 4.0, "from": 6.0, "to": 8.0} in changes


def test_the_rate_stops_at_the_cap(command, profile, tmp_path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(PROFILE.replace("4 mill. kr", "20 til 30 mill. kr"))
    answer = command("instruments", "check", path, *ON, "--json")
    found = {s["id"]: s for s in json.loads(answer.out)["schemes"]}
    amount = found["skattefunn"]["amount"]
    assert (amount["value"], amount["low"], amount["high"]) == (None, 3.8e6, 4.75e6)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_files_in_both_languages_and_the_screen_in_one(command, profile, tmp_path, lang) -> None:
    answer = command("instruments", "check", profile, *ON, "--out", tmp_path / "o", "--lang", lang)
    assert answer.code == 0, answer.err
    assert ("Vilkårene som er skrevet ned, er oppfylt" if lang == "nb" else
            "The conditions that are written down are met") in (
        answer.out
    )  # fmt: skip
    names = {p.name for p in (tmp_path / "o").iterdir()}
    assert {"answer.html", "answer.pdf", "answer.xlsx", "answer.en.html", "answer.en.pdf",
            "answer.en.xlsx"} <= names  # fmt: skip
    assert "[bold]=1+1" in (tmp_path / "o" / "answer.html").read_text()


def test_one_scheme_alone(command, profile) -> None:
    answer = command("instruments", "check", profile, *ON, "--scheme", "skattefunn")
    assert answer.code == 0 and "760" in answer.out
    assert "Innovasjonslån" not in answer.out


def test_faults_name_file_and_line_and_nothing_is_written(command, tmp_path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("company:\n  employes: 3\n  turnover: 1 kg\n")
    answer = command("instruments", "check", path, "--out", tmp_path / "o")
    assert answer.code == 2
    assert "bad.yaml:2: company.employes" in answer.err
    assert "bad.yaml:3: company.turnover" in answer.err
    assert not (tmp_path / "o").exists()
    assert command("instruments", "check", tmp_path / "none.yaml").code == 2
    assert command("instruments", "check", path, "--date", "soon").code == 2
    answer = command("instruments", "check", "123456789")
    assert answer.code == 2 and "kontrollsiffer" in answer.err
    answer = command("instruments", "check", "123456789", "--lang", "en")
    assert answer.code == 2 and "check digit" in answer.err


def test_faults_and_replies_are_told_in_the_language_asked_for(
    command, tmp_path, monkeypatch
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("company:\n  employees: mange\n")
    assert "er ikke et tall" in command("instruments", "check", path).err
    assert "is not a number" in command("instruments", "check", path, "--lang", "en").err
    monkeypatch.setattr("sys.stdin", io.StringIO("nope\n.\n"))
    assert "«nope» er ikke" in command("instruments", "ask", *ON).out


def test_what_is_computed_says_from_what(command) -> None:
    """One file serves both commands; by hand: 34 + 0.33 x 60 = 53.8 people are medium."""
    path = Path(__file__).parents[1] / "instruments" / "aid_profiles" / "nor.yaml"
    answer = command("instruments", "check", path, "--lang", "en")
    assert answer.code == 0, answer.err
    said = " ".join(answer.out.split())
    assert "Size of enterprise by aid rules: Medium-sized (computed from employees, turn" in said
    found = json.loads(command("instruments", "check", path, "--json").out)["profile"]
    assert found["facts"]["company.size_class"] == "medium"
    assert found["origins"]["company.size_class"]["nb"].startswith("beregnet fra ansatte")
    assert command("instruments", "aid", path).code == 0


def test_a_new_profile_is_never_written_over_another(command, tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    assert command("instruments", "profile", "new", path, "--lang", "en").code == 0
    text = path.read_text()
    assert "Everything may be left out" in text
    answer = command("instruments", "profile", "new", path)
    assert answer.code == 2 and path.read_text() == text


def test_facts_lists_what_a_profile_may_hold(command) -> None:
    answer = command("instruments", "facts", "TRL", "--lang", "en")
    assert answer.code == 0 and "project.trl" in answer.out


def test_ask_takes_lines_saves_and_resumes(command, tmp_path, monkeypatch) -> None:
    kept = tmp_path / "kept.yaml"
    lines = "company\nnope\nyes\n?\n<\n\n.\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    answer = command("instruments", "ask", "--save", kept, "--lang", "en", *ON)
    assert answer.code == 0, answer.err
    assert "'nope' is not yes or no" in answer.out
    assert "schemes settled" in answer.out
    text = kept.read_text()
    assert 'kind: "company"' in text and "unknown" not in text
    monkeypatch.setattr("sys.stdin", io.StringIO("?\n"))
    answer = command("instruments", "ask", "--save", kept, *ON)
    assert answer.code == 0
    assert "Hva slags organisasjon" not in answer.out.split("ordninger avklart")[1]
    assert "unknown" in kept.read_text()


def test_an_organisation_number_that_is_not_imported_is_a_start_without_facts(
    command, tmp_path
) -> None:
    answer = command("instruments", "check", "974760673", *ON, "--json", "--data", tmp_path)
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)["profile"]
    assert found["facts"] == {} and "was not looked up" in found["notes"][0]["en"]


UNIT = {
    "organisasjonsnummer": "974760673", "navn": "PRØVE AS",
    "organisasjonsform": {"kode": "AS"}, "naeringskode1": {"kode": "21.200"},
    "harRegistrertAntallAnsatte": True, "stiftelsesdato": "2021-03-01",
    "registreringsdatoEnhetsregisteret": "2021-03-10",
    "forretningsadresse": {"kommunenummer": "4601", "landkode": "NO"},
    "konkurs": False, "underAvvikling": False,
    "underTvangsavviklingEllerTvangsopplosning": False, "erIKonsern": False,
}  # fmt: skip


def test_an_organisation_number_starts_from_the_imported_register(command, tmp_path) -> None:
    units = [{**UNIT, "organisasjonsnummer": number} for number in ("974760673", "999263550")]
    units[1]["antallAnsatte"] = 57
    file = tmp_path / "enheter_alle.json"
    file.write_text(json.dumps(units))
    data = tmp_path / "data"
    answer = command("industry", "import", file, "--kind", "units", "--date", "2026-11-01",
                     "--data", data)  # fmt: skip
    assert answer.code == 0, answer.err
    answer = command("instruments", "check", "974 760 673", *ON, "--json", "--data", data)
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)["profile"]
    assert found["name"] == "PRØVE AS"
    assert found["facts"]["company.employees"] == {"from": 0, "to": 4}
    assert found["facts"]["company.founded"] == "2021-03-01"
    assert found["facts"]["company.legal_form"] == "as"
    origin = found["origins"]["company.employees"]["en"].replace("\u00a0", " ")
    assert origin == "business register as of 1 November 2026"
    answer = command("instruments", "check", "999263550", *ON, "--json", "--data", data)
    assert json.loads(answer.out)["profile"]["facts"]["company.employees"] == 57


def test_the_default_date_is_that_of_the_profile(command, tmp_path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("date: 2026-02-01\n")
    answer = command("instruments", "check", path, "--json")
    assert json.loads(answer.out)["date"] == date(2026, 2, 1).isoformat()
