"""Support schemes: a list that can be narrowed, a page each, and the map of coverage."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.errors import InputError, MissingFact
from virkestoff.instruments.condition_rows import ConditionRow, condition_rows
from virkestoff.instruments.wording import KINDS, PHASES, SCHEME_STATUSES
from virkestoff.language import Lang, place_in
from virkestoff.reports.guide_words import parameter_words
from virkestoff.reports.scheme_tables import scheme_tables, unknown_terms
from virkestoff.workbench.pages import TABLE_KINDS
from virkestoff_hub.downloads import table_file
from virkestoff_hub.engine import bench, language, library, places

__all__ = ["coverage", "coverage_file", "draw_coverage", "scheme", "schemes"]

_ARTICLE = re.compile(r"\b(\d{2}[a-z]?)_([a-z_]+)\b")


def _lang() -> Lang:
    return language(get_language())


@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by kind, status, phase and words."""
    lang = _lang()
    asked = {key: request.GET.get(key, "").strip()[:100]
             for key in ("kind", "status", "phase", "search")}  # fmt: skip
    for key, known in (("kind", KINDS), ("status", SCHEME_STATUSES), ("phase", PHASES)):
        if asked[key] not in known:
            asked[key] = ""
    chosen = bench().choose_schemes(**asked)
    filters = [
        ("kind", "Slag" if lang == "nb" else "Kind", KINDS),
        ("phase", "Fase" if lang == "nb" else "Phase", PHASES),
        ("status", "Status", SCHEME_STATUSES),
    ]
    given = {
        "schemes": [
            {"id": s.id, "name": s.name.in_(lang), "provider": s.provider.in_(lang),
             "kind": KINDS[s.kind].in_(lang), "status": s.status,
             "status_words": SCHEME_STATUSES[s.status].in_(lang),
             "summary": s.summary.in_(lang) if s.summary else "",
             "phases": ", ".join(PHASES[p].in_(lang) for p in s.phases.named),
             "last_checked": s.last_checked}
            for s in sorted(chosen, key=lambda s: (s.status != "existing",
                                                   s.name.in_(lang).casefold()))
        ],
        "search": asked["search"],
        "filters": [
            (key, label, [(k, _upper(w.in_(lang)), k == asked[key]) for k, w in known.items()])
            for key, label, known in filters
        ],
        "n_all": len(bench().schemes.schemes), "is_narrowed": any(asked.values()),
    }  # fmt: skip
    return render(request, "hub/instruments/list.html", given)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@require_GET
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """Everything on a scheme: conditions, numbers, sources, and what was not found."""
    lang, on = _lang(), timezone.localdate()
    try:
        result = bench().scheme_result(scheme, on)
    except MissingFact:
        raise Http404 from None
    record, held = result.scheme, bench()
    tables = {table.id: table for table in scheme_tables(result, held.schemes, lang)}
    about = [_about(row) for row in tables["about"].rows if row[0] != "Id"]
    failures = held.phase_rules.market_failures
    given = {
        "scheme": record, "name": record.name.in_(lang), "about": about, "on": on,
        "conditions": [_condition(row, lang) for row in condition_rows(result)],
        "parameters": [_parameter(p, lang) for p in result.compiled.dated.parameters.values()],
        "figures": tables["figures"].rows if "figures" in tables else (),
        "unknown": [(t.what.in_(lang), t.ask.in_(lang), t.question.in_(lang))
                    for t in unknown_terms(result)],
        "references": [(r.source, place_in(r.place or r.note or "", lang))
                       for r in record.references],
        "failures": [(failures[m.id].name.in_(lang), m.source, place_in(m.place, lang))
                     for m in record.market_failures if m.id in failures],
        "status_words": SCHEME_STATUSES[record.status].in_(lang),
        "sources": library().sources,
    }  # fmt: skip
    return render(request, "hub/instruments/scheme.html", given)


def _about(row: Any) -> tuple[str, str]:
    """A row of what a scheme is; articles of aid law by their numbers."""
    label, text = str(row[0]), str(row[1])
    return label, _ARTICLE.sub(lambda m: f"art. {m[1]} ({m[2].replace('_', ' ')})", text)


def _condition(row: ConditionRow, lang: Lang) -> dict[str, Any]:
    """A condition: words, the rule as it is computed, its numbers, where it stands."""
    leaf, shown = row.leaf, {"depth": row.depth, "text": row.text.in_(lang)}
    if leaf is None:
        return shown
    dated, reference = leaf.dated, leaf.reference
    note = ""
    if leaf.cause == "judgement":
        note = "Må vurderes av en person" if lang == "nb" else "A person must judge"
    elif dated.unknown is not None:
        lead = "Ikke funnet; spør " if lang == "nb" else "Not found; ask "
        note = lead + dated.unknown.ask.in_(lang)
    elif not dated.expression:
        note = "Ikke kjent på datoen" if lang == "nb" else "Not known on the date"
    parts = [reference.article or "", reference.place] if reference else []
    return {
        **shown, "rule": dated.expression or "", "note": note,
        "numbers": "; ".join(parameter_words(dated.parameters, lang)),
        "source": reference.source if reference else "",
        "place": place_in(", ".join(p for p in parts if p), lang),
    }  # fmt: skip


def _parameter(parameter: Any, lang: Lang) -> dict[str, str]:
    name, _, value = parameter_words((parameter,), lang)[0].rpartition(" = ")
    record = parameter.record
    return {
        "name": name, "value": value,
        "source": record.source if record and record.source else "",
        "place": place_in(record.place, lang) if record and record.place else "",
    }  # fmt: skip


@lru_cache(maxsize=4)
def draw_coverage(on: date, lang: Lang) -> str:
    """The map as HTML; it changes with the day and the language alone."""
    return bench().fragment(bench().coverage_sections(on, lang), lang, places())


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Where support is thick or thin: map, claims, phases, gaps."""
    on = timezone.localdate()
    given = {"body": draw_coverage(on, _lang()), "on": on, "kinds": TABLE_KINDS}
    return render(request, "hub/instruments/coverage.html", given)


@require_GET
def coverage_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The map as a table to download."""
    on = timezone.localdate()
    try:
        files = bench().coverage_files(on, kind, _lang())
    except InputError:
        raise Http404 from None
    return table_file(files, "coverage", kind, on)
