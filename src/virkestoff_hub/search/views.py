"""One page: what was found, by kind, with the words marked that answer the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.language import Lang
from virkestoff.search import Hit
from virkestoff.workbench.search import KIND_NAMES
from virkestoff_hub.engine import language, search
from virkestoff_hub.search.addresses import page_of

__all__ = ["results"]

A_PAGE = 20
"""Hits on a page."""
LONGEST = 400
"""Characters of a query that are read; the engine cuts there too."""


class _Pages(list[None]):
    """As many places as there are hits, for the paginator: the hits of a page are asked for."""

    def __init__(self, n: int) -> None:
        self.n = n
        super().__init__()

    def __len__(self) -> int:
        return self.n


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """What the library holds on a query, best first, in all kinds or in one."""
    lang = language(get_language())
    query = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in search().kinds else ()
    first = search().search(query, kinds=kinds, lang=lang, limit=A_PAGE)
    page = Paginator(_Pages(first.total), A_PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * A_PAGE
    found = first if not start else search().search(
        query, kinds=kinds, lang=lang, limit=A_PAGE, offset=start
    )  # fmt: skip
    given = {
        "query": query, "kind": kinds[0] if kinds else "", "page": page, "total": first.total,
        "n_all": sum(first.counts.values()), "reads_as": first.reads_as,
        "not_found": first.not_found,
        "hits": [_shown(hit, lang) for hit in found.hits],
        "kinds": _kinds(first.counts, lang), "start": start + 1,
    }  # fmt: skip
    return render(request, "hub/search/results.html", given)


def _kinds(counts: Mapping[str, int], lang: Lang) -> list[tuple[str, str, int]]:
    """Key, name and number of each kind with hits, in the order of the names' table."""
    return [(k, name.in_(lang), counts[k]) for k, name in KIND_NAMES.items() if counts.get(k)]


def _shown(hit: Hit, lang: Lang) -> dict[str, Any]:
    """A hit for the page; whoever shows the pieces escapes them."""
    value = hit.document.value
    return {
        "kind": KIND_NAMES[hit.document.kind].in_(lang), "page": page_of(hit.document, lang),
        "value": value.in_(lang) if value else "",
        "title": hit.title.pieces(), "title_lang": hit.title.lang,
        "snippet": hit.snippet.pieces(), "snippet_lang": hit.snippet.lang,
    }  # fmt: skip
