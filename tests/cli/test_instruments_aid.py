"""The command on aid law: one profile, by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from virkestoff.cli import instruments_aid
from virkestoff.cli.instruments_aid import add_to
from virkestoff.errors import InputError
from virkestoff.evidence import content_root, load_library
from virkestoff.instruments import scheme_files
from virkestoff.instruments.scheme_files import load_schemes

PROFILE = Path(__file__).parents[1] / "instruments" / "aid_profiles" / "nor.yaml"


@pytest.fixture(scope="module")
def loaded():
    library = load_library(content_root() / "library")
    return library, load_schemes(library)


@pytest.fixture
def run(loaded, monkeypatch):
    library, schemes = loaded
    bench = type("Bench", (), {"__init__": lambda self, folder: None, "library": library})
    monkeypatch.setattr(instruments_aid, "Bench", bench)
    monkeypatch.setattr(scheme_files, "load_schemes", lambda library: schemes)
    app = typer.Typer()
    add_to(app)
    app.command("other")(lambda: None)

    def call(*arguments: str):
        return CliRunner().invoke(app, ["aid", *arguments], catch_exceptions=False)

    return call


def test_the_profile_as_json(run) -> None:
    """By hand: 34 + 0.33 x 60 people; 75 % of 20 and 50 % of 10 million kroner; 1.5 million free of
    interest for four years at 4.71 + 2.20 %: 1.5 x (1 - 1.0691^-4); 12.5 of 15 million to the lab.
    """
    found = json.loads(run(str(PROFILE), "--json", "--lang", "en").output)
    assert found["on"] == "2026-11-24"
    assert found["size"]["sizes"] == ["medium"]
    assert found["size"]["years"][0]["employees"] == [53.8, 53.8]
    assert found["articles"]["lab"]["aid_nok"] == pytest.approx([15e6, 15e6])
    assert found["articles"]["pilot"]["aid_nok"] == pytest.approx([5e6, 5e6])
    assert found["articles"]["line"]["status"] == "not_known"
    loan = found["equivalents"][0]
    assert loan["amount"] == pytest.approx(1.5e6 * (1 - 1.0691**-4))
    used = (500_000 + loan["amount"]) / 11.8
    assert found["de_minimis"][0]["room_eur"] == pytest.approx([300_000 - used] * 2)
    assert (found["cumulation"]["status"], found["cumulation"]["currency"]) == ("allowed", "NOK")
    for fact in found["facts"].values():
        assert fact["place"]
        assert fact["title"]


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("left: EUR", "not known on 24 November 2026", "Article 25, industrial",
            "Together: allowed", "legal advice")),
    ("nb", ("igjen: EUR", "er ikke kjent 24. november 2026", "artikkel 25,", "Samlet: innenfor",
            "juridisk råd")),
])  # fmt: skip
def test_the_tables(run, lang, words) -> None:
    text = " ".join(run(str(PROFILE), "--lang", lang).output.split())
    assert "instruments." not in text
    assert "25_" not in text
    for word in words:
        assert word in text


def test_another_day(run) -> None:
    found = json.loads(run(str(PROFILE), "--date", "2027-03-01", "--json").output)
    assert found["size"] is None
    assert {a["status"] for a in found["articles"].values()} == {"not_known"}
    assert found["de_minimis"][0]["status"] == "known"  # that rule holds to 2030


def test_a_rate_that_is_not_given_is_missing(run, tmp_path) -> None:
    text = PROFILE.read_text(encoding="utf-8").replace("rates: {2025-05-01: 11.8}", "rates: {}")
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    ledger = json.loads(run(str(path), "--json").output)["de_minimis"][0]
    assert (ledger["status"], ledger["missing_rates"]) == ("unknown", ["2025-05-01"])
    rates = tmp_path / "rates.csv"
    rates.write_text("date,nok_per_eur\n2025-05-01,11.8\n", encoding="utf-8")
    again = json.loads(run(str(path), "--json", "--rates", str(rates)).output)["de_minimis"][0]
    assert again["status"] == "known"


def test_faults_come_with_their_lines(run, tmp_path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "company: {employes: 3}\naid:\n  currency: SEK\n  colour: red\n  costs:\n"
        "    lab: {cost: [5, 1], article: 25_industrial}\n"
        "  awards:\n    - {id: a, article: de_minimis, granted: 2025-01-01, aid: -1}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as problem:
        run(str(path))
    text = str(problem.value)
    for part in ("company.employes", "p.yaml:3: aid.currency", "p.yaml:4: aid.colour",
                 "aid.costs.lab.cost", "aid.awards.0.aid"):  # fmt: skip
        assert part in text
    with pytest.raises(InputError, match="is no date"):
        run(str(PROFILE), "--date", "tomorrow")
