"""Every page answers in both languages, says what language it is in, and leads nowhere dead.

Oracle: the library itself (every record and scheme that a page names is one of it), the standards
of the web (status codes, lang, one h1), and the policy of content.
"""

from __future__ import annotations

import html
import re

import pytest

PAGES = (
    "", "about/", "privacy/", "accessibility/", "guide/", "instruments/", "instruments/skattefunn/",
    "instruments/coverage/", "evidence/", "evidence/?search=penicillin", "evidence/sources/",
    "evidence/sources/source_004/", "evidence/conflicts/",
    "evidence/record/production.penicillin.titre/", "industry/",
    "industry/?subject=industry.exports", "industry/projections/", "account/sign-in/",
    "search/", "search/?q=antibiotika", "api/",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_in_its_language(client, lang, page) -> None:
    response = client.get(f"/{lang}/{page}")
    text = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{lang}">' in text
    assert text.count("<h1") == 1
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), "kept by the policy"
    assert re.findall(r'<script(?![^>]*src="/static/)', text) == []
    assert "{%" not in text
    assert "nb=&#x27;" not in text  # a text that was not asked for its language


def _links(text: str) -> set[str]:
    found = {html.unescape(link).partition("#")[0] for link in re.findall(r'href="([^"]+)"', text)}
    return {link for link in found if link.startswith("/") and not link.startswith("/static/")}


def test_no_link_leads_nowhere(client) -> None:
    """From every page, every address of the site that is unlike one already asked."""
    links = set()
    for lang in ("nb", "en"):
        for page in PAGES:
            links |= _links(client.get(f"/{lang}/{page}").content.decode())
    kinds: dict[str, str] = {}
    for link in sorted(links):
        kinds.setdefault(re.sub(r"(record|sources|instruments)/[^/?]+/$", r"\1/*/", link), link)
    dead = {}
    for link in kinds.values():
        status = client.get(link).status_code
        if status not in (200, 302):
            dead[link] = status
    assert dead == {}


def test_the_root_leads_to_the_readers_language(client) -> None:
    assert client.get("/", headers={"Accept-Language": "en"}).url == "/en/"
    assert client.get("/", headers={"Accept-Language": "nn,nb"}).url == "/nb/"


@pytest.mark.parametrize(
    "path",
    ["nothing/", "instruments/no_such/", "evidence/record/no.such/", "evidence/sources/none/",
     "industry/?subject=none", "industry/statistics/", "instruments/coverage.exe",
     "guide/fact/no.such/", "guide/kept/aaaa/", "guide/answer.pdf"],
)  # fmt: skip
def test_what_is_not_there_says_so_and_what_to_do(client, path) -> None:
    response = client.get(f"/nb/{path}")
    assert response.status_code == 404
    assert "Siden finnes ikke" in response.content.decode()


def test_odd_queries_change_nothing(client) -> None:
    for query in ("?page=-1", "?page=abc", "?kind=x&phase=y", "?search=" + "a" * 5000,
                  "?search=%00%ff", "?confidence=<script>"):  # fmt: skip
        for page in ("instruments/", "evidence/", "evidence/sources/"):
            response = client.get(f"/nb/{page}{query}")
            assert response.status_code == 200, (page, query)
            assert b"<script>" not in response.content


def test_a_number_leads_to_its_place_in_the_source(client) -> None:
    from virkestoff_hub.engine import library

    record = next(s for s in library().statistics.values() if s.subject == "industry.turnover"
                  and s.value is not None and not s.group)  # fmt: skip
    overview = client.get("/nb/industry/").content.decode()
    assert f'href="/nb/evidence/record/{record.id}/"' in overview
    page = client.get(f"/nb/evidence/record/{record.id}/").content.decode()
    source = library().sources[record.source]
    assert f'href="/nb/evidence/sources/{record.source}/"' in page
    assert source.publisher in html.unescape(page)


def test_a_fact_without_unit_is_never_read_as_a_share(client) -> None:
    """Oracle: the number in the file; a count of three is not 300 per cent."""
    from virkestoff.evidence import Fact
    from virkestoff_hub.engine import library
    from virkestoff_hub.evidence.rows import row_of

    bare = [f for f in library().facts.values() if isinstance(f, Fact) and f.unit == "1"]
    assert bare
    assert [f.id for f in bare if "%" in row_of(f, library(), "nb")["value"]] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "dta", "sav"])
def test_tables_are_downloaded_whole(client, kind) -> None:
    for path in (f"industry/published/industry.turnover.{kind}", f"industry/projections.{kind}",
                 f"instruments/coverage.{kind}"):  # fmt: skip
        response = client.get(f"/en/{path}")
        assert response.status_code == 200, path
        assert "attachment" in response.headers["Content-Disposition"]
        assert len(response.content) > 500


def test_published_figures_are_those_of_the_library(client) -> None:
    """Oracle: the statistics of the library, counted."""
    import io
    import zipfile

    from virkestoff_hub.engine import library

    data = client.get("/en/industry/published/industry.exports.csv").content
    archive = zipfile.ZipFile(io.BytesIO(data))
    rows = archive.read("published.csv").decode("utf-8-sig").splitlines()
    known = {s.id for s in library().statistics.values() if s.subject == "industry.exports"}
    assert {row.split(",")[0] for row in rows[1:]} == known
