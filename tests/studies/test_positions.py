"""A study names the topics that its report shows. Oracle: the roadmap of the library."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.studies import load_definition


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


def study_with(topics: str, folder: Path) -> Path:
    place = folder / "example"
    shutil.copytree(content_root() / "studies" / "example", place)
    path = place / "study.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"positions: {topics}\n", encoding="utf-8")
    return place


def test_topics_of_the_roadmap_are_accepted(library: Library, tmp_path: Path) -> None:
    place = study_with("[stock_or_production, own_substance]", tmp_path)
    definition, _ = load_definition(place, library)
    assert definition.positions == ("stock_or_production", "own_substance")


def test_a_study_need_not_name_any(library: Library) -> None:
    definition, _ = load_definition(content_root() / "studies" / "example", library)
    assert definition.positions == ()


def test_unknown_topics_are_all_named(library: Library, tmp_path: Path) -> None:
    place = study_with("[stock_or_prodction, weather]", tmp_path)
    with pytest.raises(InputError) as caught:
        load_definition(place, library)
    text = [str(fault) for fault in caught.value.faults]
    assert len(text) == 2
    assert "'stock_or_prodction' is not a topic of the roadmap" in text[0]
    assert "Did you mean 'stock_or_production'?" in text[0]
    assert "'weather' is not a topic" in text[1]
