"""Positions are short and stand in both languages. Oracle: the rule for positions."""

from __future__ import annotations

import re

import pytest

from virkestoff.evidence import content_root, load_library
from virkestoff.roadmap import Position, load_roadmap

POSITIONS = load_roadmap(load_library(content_root() / "library")).positions


@pytest.mark.parametrize("position", POSITIONS.values(), ids=list(POSITIONS))
def test_one_or_two_sentences_in_each_language(position: Position) -> None:
    for text in (position.says, position.condition, position.interest):
        if text is None:
            continue
        for lang in ("nb", "en"):
            said = text.in_(lang)
            assert said[-1] == ".", said
            assert len(re.findall(r"[.!?](?:\s|$)", said)) <= 2, said
        assert text.nb != text.en
