"""Sections as a part of a page: links to the site's own pages, nothing that a policy would stop.

Oracle: the markup written out by hand, and the library's own statistics.
"""

from __future__ import annotations

import re

import pytest

from virkestoff.errors import MissingFact
from virkestoff.evidence import library_folder, load_library
from virkestoff.evidence.fact import Source
from virkestoff.reports.blocks import Column, Paragraph, Table
from virkestoff.reports.document import Section
from virkestoff.reports.fragment import Places, render_fragment
from virkestoff.reports.published_tables import published_sections
from virkestoff.reports.runs import Citation, Number, Words

SOURCES = {"a": Source(title="A <b>", publisher="P & Q", year=2024)}
PLACES = Places(lambda s: f"/sources/{s}/", lambda r: f"/records/{r}/", SOURCES)


def test_citations_and_numbers_lead_to_pages_of_the_site() -> None:
    runs = (Words("<x> "), Number("fact:a.b", "3", "assumption"), Citation("a", "page 4"))
    html = render_fragment([Section("s", "Title", (Paragraph(runs),))], "en", PLACES)
    assert '<h2 id="s">Title</h2>' in html
    assert "&lt;x&gt; " in html
    assert '<a class="n" href="/records/a.b/">3</a>' in html
    assert '<a href="/sources/a/">P &amp; Q (2024)</a>, page 4' in html
    assert "style=" not in html


@pytest.mark.parametrize(("n", "is_numbered"), [(1, False), (2, True)])
def test_a_single_table_has_no_number(n, is_numbered) -> None:
    tables = tuple(Table(f"t{k}", "Caption", (Column("c"),), (("x",),)) for k in range(n))
    html = render_fragment([Section("s", "", tables)], "en", PLACES)
    assert ("Table 1. Caption" in html) is is_numbered
    assert "<h2" not in html


@pytest.fixture(scope="module")
def library():
    return load_library(library_folder())


def test_every_published_figure_stands_once_and_leads_to_its_record(library) -> None:
    subject = "industry.exports"
    places = Places(lambda s: "", lambda r: f"/r/{r}/", library.sources)
    html = render_fragment(published_sections(library, subject, "en"), "en", places)
    known = sorted(
        s.id for s in library.statistics.values() if s.subject == subject and s.value is not None
    )
    assert sorted(re.findall(r'href="/r/([^"]+)/"', html)) == known


def test_an_unknown_subject_is_a_fault(library) -> None:
    with pytest.raises(MissingFact, match="industry.turnover"):
        published_sections(library, "industry.turnovr", "en")
