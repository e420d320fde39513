"""Studies to read: the list, a study, a run by chapters, a number and what it rests on."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.errors import InputError
from virkestoff.evidence import Fact, Library
from virkestoff.language import Lang, Text, format_number, place_in
from virkestoff.reports.chapters import FRONT
from virkestoff.reports.units import amount_text, range_text, unit_words
from virkestoff.studies import Definition, outcome_of
from virkestoff.studies.changes import BY_READER, READER
from virkestoff.studies.citation import cite_outcome
from virkestoff_hub.accounts.permissions import may
from virkestoff_hub.engine import bench, language
from virkestoff_hub.evidence.rows import CONFIDENCE, row_of, rows_about
from virkestoff_hub.studies.held import (
    PUBLISHED,
    Result,
    places_of,
    published_folder,
    result_of,
    results_of,
    study_of,
)

__all__ = ["chapter", "fact", "file", "number", "studies", "study"]

_WEAKEST = ("assumption", "unverified", "read")
_METHOD_LINES = 5
"""Lines of the engine's citation before the facts."""


def _lang() -> Lang:
    return language(get_language())


@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """Every study that came along, with its question."""
    lang = _lang()
    rows = []
    for name in bench().study_names():
        definition, _ = study_of(name)
        rows.append({
            "study": name, "title": definition.title.in_(lang),
            "question": definition.question.in_(lang), "n": len(definition.alternatives),
            "has_result": (published_folder(name) / "results.json").is_file(),
        })  # fmt: skip
    return render(request, "hub/studies/list.html", {"rows": rows})


@require_GET
def study(request: HttpRequest, study: str) -> HttpResponse:
    """A study: question, alternatives, what was asked for, runs to read."""
    lang = _lang()
    definition, library = study_of(study)
    commission = library.sources.get(definition.commission)
    given = {
        "study": study, "title": definition.title.in_(lang),
        "question": definition.question.in_(lang), "as_of": definition.as_of,
        "years": definition.years, "price_year": definition.price_year,
        "commission": definition.commission if commission else "",
        "alternatives": [_alternative(definition, name, lang) for name in definition.alternatives],
        "demands": [_demand(study, d, lang) for d in definition.demands],
        "results": [(r.key, r.title(lang), bool(r.changes), r.results["draws"], r.is_current)
                    for r in results_of(request.user, study)],
        "may_run": may(request.user, "run_study"), "sources": bench().library.sources,
    }  # fmt: skip
    return render(request, "hub/studies/study.html", given)


def _alternative(definition: Definition, name: str, lang: Lang) -> dict[str, Any]:
    held = definition.alternatives[name]
    return {
        "id": name, "name": held.name.in_(lang), "text": held.text.in_(lang),
        "is_baseline": name == definition.baseline,
        "levers": [_lever(definition, key, value, lang)
                   for key, value in definition.choices_of(held.levers).items()],
    }  # fmt: skip


def _lever(definition: Definition, key: str, value: Any, lang: Lang) -> tuple[str, str]:
    lever = definition.levers[key]
    if isinstance(value, str):
        return lever.name.in_(lang), value.replace("_", " ")
    return lever.name.in_(lang), amount_text(float(value), lever.unit or "1", lang)


def _demand(study: str, demand: Any, lang: Lang) -> dict[str, str]:
    """What the commission asks for, its place, and the chapter of the published run."""
    place = demand.place if isinstance(demand.place, str) else demand.place.in_(lang)
    address, name = "", ""
    if demand.section and (published_folder(study) / "results.json").is_file():
        chapters = Result(study, PUBLISHED, published_folder(study)).chapters(lang)
        for c in chapters:
            if c["id"] == demand.section or f'id="{demand.section}"' in c["html"]:
                address = reverse("studies:chapter", args=(study, PUBLISHED, c["id"]))
                address += "" if c["id"] == demand.section else f"#{demand.section}"
                name = c["title"]
    return {"text": demand.text.in_(lang), "place": place, "address": address, "chapter": name,
            "note": demand.note.in_(lang) if demand.note else ""}  # fmt: skip


def shown_result(result: Result, lang: Lang) -> dict[str, Any]:
    """What every page of a run says of it."""
    definition, _ = study_of(result.study)
    by = BY_READER.in_(lang)
    return {
        "study": result.study, "run": result.key, "title": definition.title.in_(lang),
        "result_title": result.title(lang), "draws": result.results["draws"],
        "seed": result.results["seed"], "is_changed": bool(result.changes),
        "by_reader": by[:1].upper() + by[1:], "is_current": result.is_current,
        "is_published": result.key == PUBLISHED,
    }  # fmt: skip


@require_GET
def chapter(request: HttpRequest, study: str, run: str, chapter: str = FRONT) -> HttpResponse:
    """A chapter of a run, with the contents and the way on."""
    lang = _lang()
    result = result_of(request.user, study, run)
    chapters = result.chapters(lang)
    at = next((i for i, c in enumerate(chapters) if c["id"] == chapter), None)
    if at is None:
        raise Http404
    links = [(reverse("studies:chapter", args=(study, run, c["id"])), c["number"], c["title"],
              i == at) for i, c in enumerate(chapters)]  # fmt: skip
    given = {
        **shown_result(result, lang), "chapter": chapters[at], "contents": links,
        "before": links[at - 1] if at else None,
        "after": links[at + 1] if at + 1 < len(links) else None,
        "files": result.files, "is_first": at == 0, "may_run": may(request.user, "run_study"),
        "changed_chapter": reverse("studies:chapter", args=(study, run, "changed-inputs")),
    }  # fmt: skip
    return render(request, "hub/studies/chapter.html", given)


@require_GET
def number(request: HttpRequest, study: str, run: str, name: str) -> HttpResponse:
    """A number of a run: what it is, how it was made, and every fact that was read for it."""
    lang = _lang()
    result = result_of(request.user, study, run)
    try:
        alternative, outcome, summary = outcome_of(result.results, name)
    except InputError:
        raise Http404 from None
    given = {**shown_result(result, lang), "name": name, "outcome": outcome}
    if not result.is_current:
        return render(request, "hub/studies/number.html", given)
    definition, library = result.origin
    context = bench().study_context(definition, library, result.results, lang)
    title = context.outcome_name(outcome)
    given |= _said(summary, definition, lang) | {
        "outcome_title": title, "alternative": context.alternative_name(alternative),
        "facts": _facts(result, library, alternative, outcome, lang),
        "citation": cite_outcome(definition, library, result.results, name, lang,
                                 title)[:_METHOD_LINES],
        "levers": [_lever(definition, key, value, lang)
                   for key, value in result.results["levers"][alternative].items()],
        "method": definition.outcomes[outcome].method if outcome in definition.outcomes else "",
        "has_ranking": any((r["run"], r["outcome"]) == (alternative, outcome)
                           for r in result.results["rankings"]),
        "others": [(a, context.alternative_name(a)) for a in definition.alternatives
                   if a != alternative and alternative in definition.alternatives],
        "alternative_id": alternative,
    }  # fmt: skip
    return render(request, "hub/studies/number.html", given)


def _said(summary: Any, definition: Definition, lang: Lang) -> dict[str, str]:
    """A summary in words: median, likely range, mean."""
    unit = str(summary["unit"])
    return {
        "median": amount_text(summary["p50"], unit, lang),
        "spread": range_text(summary["p10"], summary["p90"], unit, lang),
        "mean": amount_text(summary["mean"], unit, lang),
        "price_year": str(definition.price_year) if unit.startswith("NOK") else "",
    }


def _facts(
    result: Result, library: Library, alternative: str, outcome: str, lang: Lang
) -> list[dict[str, Any]]:
    """The facts behind a number: what decides most first, then the weakest."""
    places = places_of(result.study, result.key, library, result.results, lang)
    shares = {
        i["fact"]: i["first_order"]
        for r in result.results["rankings"]
        if (r["run"], r["outcome"]) == (alternative, outcome) for i in r["influences"]
    }  # fmt: skip
    rows = []
    for name in result.results["facts"][alternative]:
        record = library.fact(name)
        share = shares.get(name, 0.0)
        rows.append({
            **row_of(record, library, lang), "address": places.record(name),
            "share": f"{format_number(100 * share, lang, 2)} %" if share > 0 else "",
            "place": "" if record.source == READER else place_in(record.place, lang),
            "is_changed": record.source == READER, "source_address": places.source(record.source),
            "order": (-share, _WEAKEST.index(record.confidence), record.name.in_(lang).casefold()),
        })  # fmt: skip
    return sorted(rows, key=lambda row: row["order"])


@require_GET
def fact(request: HttpRequest, study: str, run: str, fact: str) -> HttpResponse:
    """A fact of a run that the library's pages do not show: the study's own, or a changed one."""
    lang = _lang()
    result = result_of(request.user, study, run)
    if not result.is_current:
        return render(request, "hub/studies/number.html",
                      {**shown_result(result, lang), "name": fact})  # fmt: skip
    _, library = result.origin
    record = library.facts.get(fact)
    if record is None:
        raise Http404
    original = study_of(study)[1].facts[fact]
    is_changed = record.source == READER
    source = library.sources[original.source]
    given = {
        **shown_result(result, lang), "row": row_of(record, library, lang),
        "is_fact_changed": is_changed, "before": _before(original, lang) if is_changed else "",
        "source": source, "source_id": original.source, "place": place_in(original.place, lang),
        "is_shared": original.source in bench().library.sources,
        "in_library": fact in bench().library.facts, "confidence": CONFIDENCE[original.confidence],
        "about": rows_about(original, study_of(study)[1], lang),
    }  # fmt: skip
    return render(request, "hub/studies/fact.html", given)


def _before(original: Fact, lang: Lang) -> str:
    numbers = " / ".join(format_number(float(n), lang, 6) for n in original.numbers)
    return f"{numbers} {unit_words(original.unit, lang)}".strip()


@require_GET
def file(request: HttpRequest, study: str, run: str, name: str) -> HttpResponse:
    """A file of a run to download."""
    result = result_of(request.user, study, run)
    if name not in result.files:
        raise Http404
    shown = f"{study}-{Text(nb='endret', en='changed').in_(_lang())}-{name}"
    return FileResponse((result.folder / name).open("rb"), as_attachment=True,
                        filename=shown if result.changes else f"{study}-{name}")  # fmt: skip
