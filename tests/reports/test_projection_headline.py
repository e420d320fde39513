"""What the title of a figure of projections says."""

from __future__ import annotations

from virkestoff.evidence import library_folder, load_library
from virkestoff.reports.industry_outlook import projection_section


def test_the_title_takes_only_paths_that_reach_its_year() -> None:
    """Two paths end in 2025, at some NOK 72 and 75 bn; by hand, 52.577 * 1.067**10 = 100.6 is the
    lowest of 2030."""
    section = projection_section(load_library(library_folder()), "en")
    assert section is not None
    titles = [block.title for block in section.blocks if hasattr(block, "title")]
    assert any(title.startswith("Turnover in 2030: NOK 101 to 134 bn") for title in titles), titles
