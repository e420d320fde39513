"""What the tests of the industry share: the library, its rules and its organisations."""

from __future__ import annotations

import pytest

from virkestoff.evidence import content_root
from virkestoff.industry.organisations import load_organisations, sources_alone
from virkestoff.industry.rules import load_rules


@pytest.fixture(scope="session")
def library():
    return sources_alone(content_root() / "library")


@pytest.fixture(scope="session")
def rules(library):
    return load_rules(library)


@pytest.fixture(scope="session")
def organisations(library):
    return load_organisations(library)
