"""Search over all that the library holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import override
from ninja import Router
from pydantic import Field

from virkestoff.language import Lang, Text
from virkestoff.search import Hit, Marked
from virkestoff_hub.api.operations import answers
from virkestoff_hub.api.shapes import Listed, Number, PageNumber, Shape, listed
from virkestoff_hub.engine import search as index
from virkestoff_hub.search.addresses import page_of

__all__ = ["router"]

router = Router()
_Query = Annotated[str, Field(min_length=1, max_length=400)]
_Size = Annotated[int, Field(ge=1, le=50)]
_Kind = Literal[
    "scheme", "facility", "organisation", "term", "need", "measure", "topic", "position",
    "arrangement", "demand", "subject", "statistic", "fact", "source", "page",
]  # fmt: skip


class MarkedShape(Shape):
    """Plain text, its language, and ``[start, end)`` of each word that answers the query."""

    text: str
    lang: str
    spans: list[tuple[int, int]]


class HitShape(Shape):
    """Something that was found; ``page`` is null where the site has no page on it.

    ``value`` is the figure in words that a fact or a statistic holds, and null for all else.
    """

    id: str
    kind: str
    score: Number
    title: MarkedShape
    snippet: MarkedShape
    value: str | None
    page: str | None


class FoundShape(Listed[HitShape]):
    """What was found: numbers by kind, and how a query with unknown words was read.

    ``not_found`` are the words that nothing holds and that were passed over.
    """

    query: str
    reads_as: str | None
    not_found: list[str]
    counts: dict[str, int]


def _marked(text: Marked) -> dict[str, Any]:
    return {"text": text.text, "lang": text.lang, "spans": list(text.spans)}


@answers(router, "/search", FoundShape, Text(
    nb="Søk i alt, på norsk og engelsk", en="Search all, in Norwegian and English"))  # fmt: skip
def search(
    request: HttpRequest, q: _Query, kind: _Kind | None = None, lang: Lang = "nb",
    page: PageNumber = 1, page_size: _Size = 20,
) -> Any:  # fmt: skip
    """What the library holds on a query, best first; an unknown word is read as a known one."""
    kinds = (kind,) if kind else ()
    start = (page - 1) * page_size
    found = index().search(q, kinds=kinds, lang=lang, limit=page_size, offset=start)

    def shown(hit: Hit) -> dict[str, Any]:
        return {"id": hit.document.id, "kind": hit.document.kind, "score": hit.score,
                "title": _marked(hit.title), "snippet": _marked(hit.snippet),
                "value": hit.document.value.in_(lang) if hit.document.value else None,
                "page": page_of(hit.document, lang)}  # fmt: skip

    with override(lang):
        data = listed(request, found.hits, shown, page, page_size, found.total)
    return {**data, "query": q, "reads_as": found.reads_as, "counts": dict(found.counts),
            "not_found": list(found.not_found)}  # fmt: skip
