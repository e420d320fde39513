"""The industry: published figures, statistics of companies where there are any, projections."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from threading import Lock
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.errors import InputError, MissingFact
from virkestoff.industry.measures import DIMENSIONS, MEASURES
from virkestoff.language import Lang
from virkestoff.workbench.pages import TABLE_KINDS
from virkestoff_hub.downloads import table_file
from virkestoff_hub.engine import bench, language, library, places
from virkestoff_hub.fault_words import in_words
from virkestoff_hub.industry.companies import companies, has_companies, is_synthetic

__all__ = [
    "draw_projections", "draw_statistics", "overview", "projections", "projections_file",
    "published_file", "shown_subjects", "statistics", "statistics_file",
]  # fmt: skip

FIRST = "industry.turnover"
"""The subject that is shown before one is chosen."""
LARGEST = 4
"""Companies in the share of the largest."""
WORDING: Final = "j_curve_box"
_drawing = Lock()


def _lang() -> Lang:
    return language(get_language())


@lru_cache(maxsize=1)
def shown_subjects() -> tuple[str, ...]:
    """The subjects on the industry that have figures, in the order of the vocabulary."""
    counts = Counter(s.subject for s in library().statistics.values())
    return tuple(key for key in library().subjects if key.startswith("industry.") and counts[key])


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Published figures on one subject: years down, branches across, each leading to its source."""
    lang, subject = _lang(), request.GET.get("subject", FIRST)
    if subject not in shown_subjects():
        raise Http404
    held = library()
    given = {
        "subject": subject, "name": held.subjects[subject].name.in_(lang),
        "subjects": [(k, held.subjects[k].name.in_(lang), k == subject) for k in shown_subjects()],
        "body": bench().fragment(bench().published_sections(subject, lang), lang, places()),
        "has_companies": has_companies(), "kinds": TABLE_KINDS,
    }  # fmt: skip
    return render(request, "hub/industry/overview.html", given)


@require_GET
def published_file(request: HttpRequest, subject: str, kind: str) -> HttpResponse:
    """The published figures on a subject to download."""
    on = timezone.localdate()
    try:
        files = bench().published_files(subject, kind, on, _lang())
    except InputError:
        raise Http404 from None
    return table_file(files, subject.replace(".", "-"), kind, on)


@lru_cache(maxsize=64)
def _statistics(measure: str, by: tuple[str, ...], lang: Lang) -> str:
    with _drawing:
        found = bench().industry_statistics(companies(), measure, by, None, WORDING, LARGEST)
        return bench().fragment(bench().statistics_sections(found, lang), lang, places())


def draw_statistics(lang: Lang) -> None:
    """Draw what is shown before anything is chosen, if there are companies."""
    if has_companies():
        _statistics("turnover", ("branch",), lang)


def _chosen(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    """Measure and dimensions that the query names."""
    if not has_companies():
        raise Http404
    measure = request.GET.get("measure", "turnover")
    by = tuple(b for b in dict.fromkeys(request.GET.getlist("by")) if b)
    if measure not in MEASURES or any(b not in DIMENSIONS for b in by):
        raise Http404
    return measure, by if request.GET else ("branch",)


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """A measure by branch, size, ownership or region, with figure and table."""
    lang = _lang()
    measure, by = _chosen(request)
    fault, body = "", ""
    try:
        body = _statistics(measure, by, lang)
    except InputError as problem:
        fault = " ".join(in_words(f.what, lang) for f in problem.faults)
    given = {
        "body": body, "fault": fault, "is_synthetic": is_synthetic(), "kinds": TABLE_KINDS,
        "query": request.GET.urlencode() or "measure=turnover&by=branch",
        "measures": [(k, m.name.in_(lang), k == measure) for k, m in MEASURES.items()],
        "dimensions": [(k, d.in_(lang), k in by) for k, d in DIMENSIONS.items()],
    }  # fmt: skip
    return render(request, "hub/industry/statistics.html", given)


@require_GET
def statistics_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a table to download."""
    on = timezone.localdate()
    measure, by = _chosen(request)
    try:
        found = bench().industry_statistics(companies(), measure, by, None, WORDING, LARGEST)
        files = bench().statistics_files(found, kind, on, _lang())
    except InputError:
        raise Http404 from None
    name = f"{measure}-synthetic" if is_synthetic() else measure
    return table_file(files, name.replace("_", "-"), kind, on)


@lru_cache(maxsize=2)
def draw_projections(lang: Lang) -> str:
    """The projections as HTML."""
    with _drawing:
        return bench().fragment(bench().projection_sections(lang), lang, places())


@require_GET
def projections(request: HttpRequest) -> HttpResponse:
    """The sources' own projections, rebuilt, beside what was printed and what came."""
    given = {"body": draw_projections(_lang()), "kinds": TABLE_KINDS,
             "has_companies": has_companies()}  # fmt: skip
    return render(request, "hub/industry/projections.html", given)


@require_GET
def projections_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The rebuilt paths to download."""
    on = timezone.localdate()
    try:
        files = bench().projection_files(kind, on, _lang())
    except (InputError, MissingFact):
        raise Http404 from None
    return table_file(files, "projections", kind, on)
