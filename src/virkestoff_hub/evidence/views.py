"""Facts, statistics, sources and conflicts: find one, and see where it stands in its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.evidence import Conflict, Fact, Statistic
from virkestoff.language import Lang, Text, place_in
from virkestoff.reports.conflict_words import RULES, implied_words, why
from virkestoff.reports.statistic_words import figure, title
from virkestoff_hub.engine import bench, language, library
from virkestoff_hub.evidence.rows import row_of, rows_about, searched_text

__all__ = ["conflicts", "conflicts_ahead", "found_conflicts", "record", "records", "source",
           "sources"]  # fmt: skip

A_PAGE = 50
"""Records on a page of the list."""
CONFIDENCES = ("read", "unverified", "assumption")
FOLDERS: dict[str, Text] = {
    "costbenefit": Text(nb="Nytte og kostnad", en="Costs and benefits"),
    "costsharing": Text(nb="Deling av kostnader", en="Sharing of costs"),
    "disclosure": Text(nb="Vern av tall om bedrifter", en="Protection of companies’ figures"),
    "evidence": Text(nb="Kildene", en="The sources"),
    "facilities": Text(nb="Anlegg", en="Facilities"),
    "financing": Text(nb="Finansiering", en="Financing"),
    "industry": Text(nb="Næringen", en="The industry"),
    "instruments": Text(nb="Virkemidler", en="Support"),
    "production": Text(nb="Produksjon", en="Production"),
    "roadmap": Text(nb="Veikart", en="Roadmap"),
    "supply": Text(nb="Forsyning", en="Supply"),
}


def _lang() -> Lang:
    return language(get_language())


@lru_cache(maxsize=1)
def _index() -> Sequence[tuple[str, Fact | Statistic]]:
    """Every record with the text that it is searched by, in order of name."""
    held = library()
    both: list[Fact | Statistic] = [*held.facts.values(), *held.statistics.values()]
    both.sort(key=lambda r: (r.name.nb.casefold(), r.id))
    return tuple((searched_text(r, held), r) for r in both)


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """The list of facts and statistics, narrowed by words, kind, confidence and source."""
    lang, held = _lang(), library()
    asked = {key: request.GET.get(key, "").strip()[:100]
             for key in ("search", "kind", "confidence", "subject")}  # fmt: skip
    words = asked["search"].casefold().split()
    found = [
        r for text, r in _index()
        if all(w in text for w in words)
        and asked["confidence"] in ("", r.confidence)
        and asked["kind"] in ("", "fact" if isinstance(r, Fact) else "statistic")
        and asked["subject"] in ("", _folder(r.id))
    ]  # fmt: skip
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    given = {
        "page": page, "rows": [row_of(r, held, lang) for r in page], "n": len(found),
        "n_all": len(_index()), "search": asked["search"], "asked": asked,
        "filters": _filters(asked, lang), "n_conflicts": len(found_conflicts()),
        "n_sources": len(held.sources),
    }  # fmt: skip
    return render(request, "hub/evidence/list.html", given)


def _filters(
    asked: Mapping[str, str], lang: Lang
) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Name, label and choices of each list above the table."""
    nb = lang == "nb"
    subjects = Counter(_folder(r.id) for _, r in _index())
    choices = {
        "kind": (
            "Slag" if nb else "Kind",
            [("fact", "Faktum i modellene" if nb else "Fact of the models"),
             ("statistic", "Publisert tall" if nb else "Published figure")],
        ),
        "confidence": (
            "Sikkerhet" if nb else "Confidence",
            list(zip(CONFIDENCES, ("Lest i kilden", "Ikke etterprøvd", "Antakelse") if nb else
                     ("Read in the source", "Unverified", "Assumption"), strict=True)),
        ),
        "subject": (
            "Emne" if nb else "Subject",
            sorted(((s, _folder_words(s, lang)) for s in subjects), key=lambda pair: pair[1]),
        ),
    }  # fmt: skip
    return [
        (key, label, [(k, w, k == asked[key]) for k, w in options])
        for key, (label, options) in choices.items()
    ]


def _folder(record: str) -> str:
    """The folder of the library that a record stands in: its subject."""
    return library().files[record].partition("/")[0]


def _folder_words(folder: str, lang: Lang) -> str:
    return FOLDERS[folder].in_(lang) if folder in FOLDERS else folder


@require_GET
def record(request: HttpRequest, record: str) -> HttpResponse:
    """Everything that is known of a fact or statistic, with its source and the place in it."""
    lang, held = _lang(), library()
    found = held.facts.get(record) or held.statistics.get(record)
    if found is None:
        raise Http404
    touching = [c for c in found_conflicts() if any(s.id == record for s in c.statistics)]
    given = {
        "record": found, "row": row_of(found, held, lang), "is_fact": isinstance(found, Fact),
        "about": rows_about(found, held, lang), "source": held.sources[found.source],
        "source_id": found.source, "place": place_in(found.place, lang),
        "conflicts": [_shown(c, lang) for c in touching],
    }  # fmt: skip
    return render(request, "hub/evidence/record.html", given)


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Every source, by publisher."""
    held, words = library(), request.GET.get("search", "").strip()[:100]
    counts = Counter(r.source for _, r in _index())
    wanted = words.casefold().split()
    shown = [
        (key, s, counts[key]) for key, s in held.sources.items()
        if all(w in f"{key} {s.title} {s.publisher} {s.year or ''}".casefold() for w in wanted)
    ]  # fmt: skip
    shown.sort(key=lambda row: (row[1].publisher.casefold(), -(row[1].year or 0), row[1].title))
    given = {"sources": shown, "search": words, "n_all": len(held.sources)}
    return render(request, "hub/evidence/sources.html", given)


@require_GET
def source(request: HttpRequest, source: str) -> HttpResponse:
    """A source, and what was taken from it, in the order of place."""
    lang, held = _lang(), library()
    found = held.sources.get(source)
    if found is None:
        raise Http404
    taken = [r for _, r in _index() if r.source == source]
    page = Paginator(taken, A_PAGE).get_page(request.GET.get("page"))
    schemes = [s for s in bench().schemes.schemes.values()
               if any(r.source == source for r in s.references)]  # fmt: skip
    given = {
        "source": found, "source_id": source, "page": page, "n": len(taken),
        "rows": [(row_of(r, held, lang), place_in(r.place, lang)) for r in page],
        "schemes": [(s.id, s.name.in_(lang)) for s in schemes],
    }  # fmt: skip
    return render(request, "hub/evidence/source.html", given)


def conflicts_ahead() -> None:
    """Find the conflicts, and make the index, before anybody asks."""
    found_conflicts()
    _index()


@lru_cache(maxsize=1)
def found_conflicts() -> tuple[Conflict, ...]:
    """The conflicts of the library, found once."""
    return tuple(bench().conflicts())


def _shown(conflict: Conflict, lang: Lang) -> dict[str, Any]:
    """A conflict in words."""
    held = library()
    is_known = conflict.reason is not None and conflict.reason.kind != "unknown"
    return {
        "title": title(conflict, held, lang), "rule": RULES[conflict.rule].in_(lang),
        "figures": [(s.id, figure(s, lang, held), s.source, place_in(s.place, lang))
                    for s in conflict.statistics],
        "implied": implied_words(conflict, held, lang), "why": why(conflict, lang),
        "is_known": is_known,
    }  # fmt: skip


@require_GET
def conflicts(request: HttpRequest) -> HttpResponse:
    """Published figures that cannot all hold, with the reason where it is known."""
    lang = _lang()
    is_open = request.GET.get("only") == "open"
    shown = [_shown(c, lang) for c in found_conflicts()]
    n_known = sum(c["is_known"] for c in shown)
    given = {
        "conflicts": [c for c in shown if not (is_open and c["is_known"])],
        "n": len(shown), "n_known": n_known, "is_open": is_open, "sources": library().sources,
    }  # fmt: skip
    return render(request, "hub/evidence/conflicts.html", given)
