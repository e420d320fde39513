"""The library, loaded once for this folder; its tests share the schemes of `guide_schemes`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from virkestoff.evidence import Library, content_root, load_library

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(content_root() / "library")
