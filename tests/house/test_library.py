"""The library that travels with the package loads, and every YAML file in it is sound.

Oracle: docs/conventions.md, conventions 2 and 3; the rules of a record stand in its schema.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.evidence import Library, load_library, read_yaml


@pytest.fixture(scope="module")
def library(checkout: Path) -> Library:
    return load_library(checkout / "library")


def test_every_yaml_file_can_be_read(checkout: Path) -> None:
    """Duplicate keys and YAML 1.1 scalars are refused by the reader itself."""
    files = [p for folder in ("library", "studies") for p in (checkout / folder).rglob("*.yaml")]
    assert files, "no file found: the test would pass on nothing"
    for path in files:
        assert read_yaml(path) is not None, f"{path} is empty"


def test_library_folders_are_subjects(checkout: Path, engine: Path) -> None:
    known = {path.stem for path in engine.iterdir()}
    folders = {path.name for path in (checkout / "library").iterdir() if path.is_dir()}
    assert folders - known == set()


def test_every_fact_belongs_to_a_subject_and_cites_a_source(library: Library, engine: Path) -> None:
    assert library.facts
    known = {path.stem for path in engine.iterdir()}
    assert {fact_id.split(".")[0] for fact_id in library.facts} - known == set()
    unsourced = [f.id for f in library.facts.values() if f.source not in library.sources]
    assert unsourced == []
