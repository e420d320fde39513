"""The register of the library, read once; made registers come from `facility_strategies`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from virkestoff.evidence import Library, content_root, load_library
from virkestoff.facilities import Register, load_register

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="session")
def register(library: Library) -> Register:
    return load_register(library)
