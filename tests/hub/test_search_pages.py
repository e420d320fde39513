"""The search page shows what the engine finds, marked and escaped, and leads nowhere dead.

Oracle: the search engine asked directly, and the addresses of the site.
"""

from __future__ import annotations

import html
import re

import pytest


def _page(client, lang: str, **query: object) -> str:
    response = client.get(f"/{lang}/search/", query)
    assert response.status_code == 200
    return response.content.decode()


def _titles(page: str) -> list[str]:
    """The titles of the hits as plain text, in order."""
    listed = page.partition('class="schemes hits"')[2].partition("</ol>")[0]
    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", listed, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", h)).strip() for h in heads]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("query", ["skattefunn", "antibiotika", "test facility", "omsetning 2023"])
def test_the_page_shows_what_the_engine_finds(client, lang, query) -> None:
    from virkestoff_hub.engine import search

    found = search().search(query, lang=lang, limit=20)
    page = _page(client, lang, q=query)
    assert _titles(page) == [hit.title.text.strip() for hit in found.hits]
    assert f"{found.total} " in page
    assert page.count("<mark>") == sum(
        is_marked for hit in found.hits for text in (hit.title, hit.snippet)
        for _, is_marked in text.pieces()
    )  # fmt: skip


def test_a_scheme_is_found_by_its_name_and_led_to(client) -> None:
    page = _page(client, "nb", q="skattefunn")
    first = page.partition('class="schemes hits"')[2].partition("</li>")[0]
    assert '<a href="/nb/instruments/skattefunn/"><mark>' in first


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_page_has_the_box_once(client, lang) -> None:
    for path in ("", "guide/", "evidence/", "account/sign-in/", "nothing/"):
        page = client.get(f"/{lang}/{path}").content.decode()
        assert page.count(f'action="/{lang}/search/"') == 1, path
    assert f'action="/{lang}/search/"' not in _page(client, lang)  # the page has a box of its own


def test_a_misspelt_word_is_read_and_said(client) -> None:
    from virkestoff_hub.engine import search

    found = search().search("legemidelproduksjn", lang="nb")
    assert found.reads_as
    page = _page(client, "nb", q="legemidelproduksjn")
    assert f"lest som <b>{html.escape(found.reads_as)}</b>" in page


def test_kinds_narrow_and_their_numbers_are_the_engines(client) -> None:
    from virkestoff.workbench.search import KIND_NAMES
    from virkestoff_hub.engine import search

    counts = search().search("produksjon", lang="nb").counts
    page = _page(client, "nb", q="produksjon")
    for kind, n in counts.items():
        assert f"kind={kind}" in page
        assert f"{KIND_NAMES[kind].nb} ({n})" in page
    narrow = _page(client, "nb", q="produksjon", kind="source")
    assert set(re.findall(r'<p class="grey small">([^<]+)</p>', narrow)) == {"Kilde"}


def test_the_pages_together_are_all_hits_once(client) -> None:
    from virkestoff_hub.engine import search

    everything = search().search("tilskudd", kinds=("scheme",), lang="nb", limit=1000)
    assert everything.total > 20, "the query must have more than a page"
    shown: list[str] = []
    for number in range(1, -(-everything.total // 20) + 1):
        shown += _titles(_page(client, "nb", q="tilskudd", kind="scheme", page=number))
    assert shown == [hit.title.text.strip() for hit in everything.hits]


def test_links_lead_to_pages_that_exist(client) -> None:
    links: set[str] = set()
    for query in ("produksjon", "antibiotika", "omsetning", "GMP", "tilskudd", "eksport"):
        for kind in ("", "fact", "statistic", "source", "subject", "facility", "scheme"):
            page = _page(client, "en", q=query, kind=kind)
            links |= set(re.findall(r'<h2[^>]*><a href="([^"]+)"', page))
    assert len(links) > 50
    kinds: dict[str, list[str]] = {}
    for link in sorted(map(html.unescape, links)):
        kinds.setdefault(link.split("/")[2] + link.split("/")[3][:4], []).append(link)
    dead = {link for some in kinds.values() for link in some[:5]
            if client.get(link).status_code != 200}  # fmt: skip
    assert dead == set()


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_nothing_found_says_what_to_try(client, lang) -> None:
    page = _page(client, lang, q="qqqxxxzzzwww")
    assert {"nb": "Ingen treff", "en": "Nothing found"}[lang] in page
    assert f'href="/{lang}/guide/"' in page.partition("<main")[2]
    other = _page(client, lang, q="skattefunn", kind="facility")
    assert {"nb": "Se treff av alle slag", "en": "found of all kinds"}[lang] in other


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_figure_is_shown_with_what_was_found(client, lang) -> None:
    from virkestoff_hub.engine import search

    hits = search().search("strømpris", kinds=("statistic",), lang=lang, limit=20).hits
    page = html.unescape(_page(client, lang, q="strømpris", kind="statistic"))
    assert len(hits) > 3
    for hit in hits:
        assert f'<b lang="{lang}">{hit.document.value.in_(lang)}</b>' in page


def test_a_word_that_nothing_holds_is_said(client) -> None:
    page = _page(client, "nb", q="skattefunn qqqxxxzzz<b>")
    assert "uten <s>qqqxxxzzz</s>" in page
    assert _titles(page)


def test_an_organisation_that_is_a_provider_leads_to_its_page(client) -> None:
    page = _page(client, "nb", q="Laerdal Medical", kind="organisation")
    assert 'href="/nb/facilities/provider/laerdal_medical/"' in page
    studies = _page(client, "nb", q="Hva koster lageret?", kind="demand")
    assert 'href="/nb/studies/example/"' in studies
    assert client.get("/nb/studies/example/").status_code == 200


def test_hostile_queries_are_shown_as_text(client) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\0", "a" * 5000,
                  "{{ 7*7 }}", "' OR 1=1 --", "ﷺ" * 400, "%00%ff", "\u202e\u0000abc"):  # fmt: skip
        page = _page(client, "nb", q=query)
        assert "<script>" not in page
        assert "<img" not in page
        assert "49 " not in page.partition("<h1>")[2].partition("</form>")[0]
    for page in ("-1", "abc", "10000000000000000000000", "0"):
        assert _titles(_page(client, "nb", q="tilskudd", page=page))
    assert client.get("/nb/search/?kind=none&q=tilskudd").status_code == 200
    assert client.post("/nb/search/", {"q": "a"}).status_code == 405


def test_the_index_is_built_once(client) -> None:
    from virkestoff.workbench import Workbench
    from virkestoff_hub.engine import search

    held = search()
    _page(client, "nb", q="lån")
    Workbench()  # another workbench makes the engine forget what it keeps
    assert search() is held


def test_a_provider_is_linked_to_its_page(client) -> None:
    page = client.get("/nb/search/", {"q": "Laerdal Medical"}).content.decode()
    assert 'href="/nb/facilities/provider/laerdal_medical/"' in page
    assert client.get("/nb/facilities/provider/laerdal_medical/").status_code == 200
