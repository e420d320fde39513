"""``industry project`` in both languages.

Oracle: the published ends of source 004 (100, 116 and 130 bn in 2030), and what NOK 25.9 bn grown
by 9.2 % for ten years is (62.4).
"""

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("nb", ("Høyvekst", "Gjenskapt", "Veien til målene", "Dobling innen 2025", "62,4")),
        ("en", ("High growth", "Rebuilt", "The way to the targets", "Doubling by 2025", "62.4")),
    ],
)
def test_the_tables_say_what_was_published_and_what_rebuilds(command, lang, words) -> None:
    answer = command("industry", "project", "--lang", lang)
    assert answer.code == 0
    for word in words:
        assert word in answer.out
    for published in ("100", "116", "130"):
        assert re.search(rf"\b{published}\b", answer.out)
    assert "None" not in answer.out and "Citation(" not in answer.out


def test_the_paths_are_drawn(command, tmp_path: Path) -> None:
    answer = command("industry", "project", "--chart", str(tmp_path / "paths.svg"))
    assert answer.code == 0
    for measure in ("turnover", "exports"):
        assert "<svg" in (tmp_path / f"paths-{measure}.svg").read_text()


def test_a_round_is_frozen_and_shown(command, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    first = command("industry", "project", "--freeze", "later", "--made", "2026-12-31", *data)
    assert first.code == 0
    assert (tmp_path / "rounds" / "later.yaml").is_file()
    again = command("industry", "project", "--freeze", "later", "--made", "2027-01-31", *data)
    assert again.code == 2 and "is there already" in again.err
    shown = command("industry", "project", "--rounds", "--lang", "en", *data)
    assert shown.code == 0 and "Revision from later to now" in shown.out
    assert "No figure has changed" in shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--chart", "paths.gif"), "of no known kind"),
        (("--freeze", "x", "--made", "tomorrow"), "is no date"),
        (("--freeze", "x", "--reason", "why not"), "SCENARIO=WHY"),
    ],
)
def test_bad_options_are_named(command, tmp_path: Path, arguments, said) -> None:
    answer = command("industry", "project", *arguments, "--data", str(tmp_path))
    assert answer.code == 2
    assert said in " ".join(answer.err.split())
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_and_the_screen_says_what_is_in_them(command, tmp_path: Path) -> None:
    out = tmp_path / "paths.csv"
    answer = command("industry", "project", "--out", str(out), "--lang", "nb")
    assert answer.code == 0 and out.is_file()
    lines = answer.out.splitlines()
    assert sum(line.startswith("Skrevet: ") for line in lines) == 2
    assert any(line.startswith("Veien til målene: ") for line in lines)
    assert len(lines) < 20 and "Høyvekst" not in answer.out


def test_places_stand_in_the_language_of_the_reader(command) -> None:
    nb = command("industry", "project", "--lang", "nb").out
    assert "linje 257" in nb and "line 257" not in nb
    assert "line 257" in command("industry", "project", "--lang", "en").out
    organisations = command("industry", "organisations", "--lang", "nb").out
    assert "linje 459" in organisations and "line 459" not in organisations
