"""``virkestoff roadmap``. Oracle: what the command promises on its page."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    ("what", "hva"), [("needs", "behov"), ("measures", "tiltak"), ("positions", "standpunkter")]
)
def test_lists_with_source_in_both_languages(command, what: str, hva: str) -> None:
    for lang, source, end in (("nb", "kilde", hva), ("en", "source", what)):
        answer = command("roadmap", what, "--lang", lang)
        assert answer.code == 0
        assert f"{source}: source_001, " in answer.out
        assert answer.out.rstrip().endswith(end)


def test_json_holds_every_record_whole(command) -> None:
    answer = command("roadmap", "positions", "--topic", "health_catapult", "--json")
    found = json.loads(answer.out)
    assert {p["topic"] for p in found} == {"health_catapult"}
    menon = next(p for p in found if p["id"] == "menon_catapult")
    assert menon["stance"] == "for_with_condition"
    assert menon["condition"]["nb"] and menon["place"]


def test_an_unknown_topic_ends_with_code_two(command) -> None:
    answer = command("roadmap", "positions", "--topic", "catapult")
    assert answer.code == 2
    assert "topic 'catapult': is not in the roadmap" in answer.err
