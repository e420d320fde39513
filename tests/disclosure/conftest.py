"""Rules with the numbers of the literature, and small tables."""

from __future__ import annotations

import pytest

from virkestoff.disclosure import Rules


@pytest.fixture
def rules() -> Rules:
    return Rules(minimum_frequency=3, p_share=0.1, frequency_range=0.1)
