"""The facts of this subject."""

from __future__ import annotations

import pytest

from virkestoff.evidence import Library, Source, content_root, load_library, read_yaml


@pytest.fixture(scope="session")
def library() -> Library:
    """Only this subject's folder, with the sources that all subjects share."""
    whole = content_root() / "library"
    shared = read_yaml(whole / "evidence" / "sources.yaml")["sources"]
    sources = {name: Source.model_validate(record) for name, record in shared.items()}
    return load_library(whole / "costbenefit", sources)
