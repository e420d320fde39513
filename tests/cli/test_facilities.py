"""``virkestoff facilities``: what a person gets to see, and what ends with exit code 2.

Oracle: the demonstration windows and request, which are synthetic; the sources by line.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[1] / "facilities" / "demonstration"
ASKED = ("facilities", "match", str(DEMO / "request.yaml"), "--date", "2026-11-25")


def test_list_shows_who_is_stated_to_do_it(command) -> None:
    answer = command("facilities", "list", "--does", "blow_fill_seal", "--lang", "en")
    assert answer.code == 0
    assert "Curida" in answer.out and "1 providers, 0 confirmed" in answer.out


def test_show_says_where_it_stands_and_that_nobody_has_confirmed_it(command) -> None:
    answer = command("facilities", "show", "curida_diotec", "--lang", "nb")
    assert "source_001, linje 226" in answer.out
    assert "inntil 50 L" in answer.out
    assert "ikke bekreftet av tilbyderen" in answer.out


def test_words_are_listed_by_kind(command) -> None:
    answer = command("facilities", "list", "--terms", "--lang", "en")
    assert "car_t_production < cell_therapy_production, gene_therapy_production" in answer.out


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_match_tells_the_near_miss_and_that_it_is_invented(command, lang) -> None:
    windows = str(DEMO / "windows.yaml")
    answer = command(*ASKED, "--windows", windows, "--lang", lang)
    assert answer.code == 0
    assert {"nb": "oppdiktet", "en": "invented"}[lang] in answer.out
    assert "50 L" in answer.out
    assert "demonstration-company" not in answer.out


def test_as_json_the_requester_and_hidden_lines_are_not_in_it(command) -> None:
    answer = command(*ASKED, "--windows", str(DEMO / "windows.yaml"), "--json")
    assert "demonstration-company" not in answer.out and "demo_cell_rooms" not in answer.out
    found = json.loads(answer.out)
    assert found["is_synthetic"] is True
    assert found["steps"][0]["candidates"]
    seen = command(*ASKED, "--windows", str(DEMO / "windows.yaml"), "--json", "--viewer", "broker")
    assert "demo_cell_rooms" in seen.out


def test_check_lists_what_is_old(command) -> None:
    answer = command("facilities", "check", str(DEMO), "--date", "2026-11-25", "--lang", "en")
    assert answer.code == 2, "the folder holds a request, which is no file of windows"
    windows = str(DEMO / "windows.yaml")
    answer = command("facilities", "check", windows, "--date", "2026-11-25", "--lang", "en")
    assert answer.code == 0
    assert "demo_cabinet_of_2024" in answer.out and "no longer used" in answer.out
    assert "demo_atmp_line" not in answer.out


def test_unmet_need_is_counted_and_hidden(command, tmp_path) -> None:
    path = tmp_path / "outcomes.yaml"
    rows = [("price", f"a{n}") for n in range(6)] + [("class", f"b{n}") for n in range(6)]
    rows += [("no_answer", "alone")] * 2
    path.write_text("is_synthetic: true\noutcomes:\n" + "".join(
        f"  - {{request: r{n}, kind: {kind}, on: 2027-01-0{n % 9 + 1}, requester: {who}, "
        "does: fermentation}\n" for n, (kind, who) in enumerate(rows)
    ), encoding="utf-8")  # fmt: skip
    days = ("--from", "2027-01-01", "--to", "2027-12-31")
    answer = command("facilities", "unmet", str(path), *days, "--lang", "en")
    assert answer.code == 0
    assert "alone" not in answer.out and ":" in answer.out and "Invented" in answer.out
    answer = command("facilities", "unmet", str(path), *days, "--yaml")
    assert "facilities.requests" in answer.out and "alone" not in answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--does", "flying"),
        ("list", "--country", "XX", "--kind", "castle"),
        ("show", "nobody"),
        ("match", "missing.yaml"),
        ("match", str(DEMO / "request.yaml"), "--viewer", "everyone"),
        ("match", str(DEMO / "request.yaml"), "--date", "tomorrow"),
        ("match", str(DEMO / "request.yaml"), "--windows", str(DEMO / "request.yaml")),
        ("check", "missing.yaml"),
        ("unmet", "missing.yaml", "--from", "2027-01-01", "--to", "2027-12-31"),
        ("unmet", "missing.yaml", "--from", "x", "--to", "2027-12-31"),
        ("unmet", "missing.yaml", "--from", "2027-01-01", "--to", "2027-12-31", "--by", "moon"),
    ],
)
def test_bad_input_ends_with_code_two(command, arguments) -> None:
    answer = command("facilities", *arguments)
    assert answer.code == 2
    assert answer.err
    assert "Traceback" not in answer.err
