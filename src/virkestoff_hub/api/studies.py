"""The studies that came along: what each asks, what it compares and what it measures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from virkestoff.language import Lang, Text
from virkestoff.studies import Definition
from virkestoff_hub.api.evidence import api_url
from virkestoff_hub.api.operations import answers
from virkestoff_hub.api.shapes import Listed, PageNumber, PageSize, Shape, listed, worded
from virkestoff_hub.engine import bench
from virkestoff_hub.search.addresses import page_if_served

__all__ = ["router"]

router = Router()


class StudyShape(Shape):
    """A study in the list."""

    id: str
    title: str
    question: str
    as_of: date
    price_year: int
    first_year: int
    last_year: int
    url: str
    page: str | None


class AlternativeShape(Shape):
    """A choice that is compared."""

    id: str
    name: str
    text: str


class OutcomeShape(Shape):
    """Something that is measured, and which way is better."""

    id: str
    name: str
    unit: str
    better: str
    note: str | None


class WholeStudyShape(StudyShape):
    """A study with its alternatives, outcomes and the facts that it may use."""

    commission: str
    baseline: str
    alternatives: list[AlternativeShape]
    outcomes: list[OutcomeShape]
    facts: list[str]


@lru_cache(maxsize=1)
def _studies() -> Mapping[str, Definition]:
    return {one.study: one for one in bench().studies()}


def _summary(one: Definition, lang: Lang) -> dict[str, Any]:
    return {
        "id": one.study, "title": one.title.in_(lang), "question": one.question.in_(lang),
        "as_of": one.as_of, "price_year": one.price_year, "first_year": one.years[0],
        "last_year": one.years[1], "url": api_url("study", study=one.study),
        "page": page_if_served(f"/{lang}/studies/{one.study}/"),
    }  # fmt: skip


@answers(router, "/studies", Listed[StudyShape], Text(nb="Studier", en="Studies"))
def studies(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """The studies that came along, in order of id."""
    found = [_studies()[key] for key in sorted(_studies())]
    return listed(request, found, lambda one: _summary(one, lang), page, page_size)


@answers(router, "/studies/{study}", WholeStudyShape, Text(
    nb="Én studie: spørsmål, alternativer og utfall",
    en="One study: question, alternatives and outcomes"))  # fmt: skip
def study(request: HttpRequest, study: str, lang: Lang = "nb") -> Any:
    """What a study compares and measures; its results are not here."""
    if study not in _studies():
        raise Http404
    one = _studies()[study]
    return {
        **_summary(one, lang), "commission": one.commission, "baseline": one.baseline,
        "alternatives": [{"id": key, "name": a.name.in_(lang), "text": a.text.in_(lang)}
                         for key, a in one.alternatives.items()],
        "outcomes": [{"id": key, "name": o.name.in_(lang), "unit": o.unit, "better": o.better,
                      "note": worded(o.note, lang)} for key, o in one.outcomes.items()],
        "facts": sorted(one.allowed_facts(bench().library)),
    }  # fmt: skip
