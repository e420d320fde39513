"""The library, loaded once for this folder."""

from __future__ import annotations

import pytest

from virkestoff.evidence import Library, content_root, load_library


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(content_root() / "library")
