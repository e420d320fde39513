"""What everybody may see: list, a page for each provider, map, vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.facilities import Provider, Register, Window
from virkestoff.facilities.geography import HOME, UNSTATED
from virkestoff.facilities.vocabulary import FACETS
from virkestoff.language import Lang
from virkestoff_hub.accounts.permissions import may, may_speak_for, viewer_of
from virkestoff_hub.engine import language, library
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.drawings import month_bars, tile_map
from virkestoff_hub.facilities.fields import Field, Fields, upper, work_groups
from virkestoff_hub.facilities.holding import (
    OWN_WORD,
    counties,
    from_library,
    joined,
    own_statements_of,
    statements_of,
)
from virkestoff_hub.facilities.shown import (
    area_name,
    calendar_of,
    line_names,
    said_in,
    statement_row,
    where,
    window_row,
)

__all__ = ["lang_now", "provider", "providers", "quiet", "tiles", "vocabulary"]

View = Callable[..., HttpResponse]


def lang_now() -> Lang:
    """The reader's language."""
    return language(get_language())


def quiet(view: View, *, is_private: bool = False) -> View:
    """Keep what one viewer sees out of caches, and private pages out of search engines."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        user: Any = request.user
        if is_private or user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        if is_private:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return kept


def _areas(register: Register) -> list[str]:
    found = {a for p in register.providers.values() for a in counties().areas_of(p)}
    return sorted(found, key=lambda a: (not a.startswith(HOME), a == UNSTATED, area_name(a, "nb")))


def _filters(register: Register, raw: dict[str, str], lang: Lang) -> list[Field]:
    made = Fields(raw, {}, lang)
    stated = {c.does for p in register.providers.values() for c in p.capabilities}
    above = {t for d in stated for t in register.vocabulary.ancestors(d)} | stated
    groups = [(title, [pair for pair in inside if pair[0] in above])
              for title, inside in work_groups(register.vocabulary, lang)]  # fmt: skip
    norway = "Hele Norge" if lang == "nb" else "All of Norway"
    areas = [(HOME, norway), *((a, area_name(a, lang)) for a in _areas(register))]
    kinds = {p.kind for p in register.providers.values()}
    return [
        made.groups("does", "Hva", "What", groups),
        made.choose("where", "Hvor", "Where", areas),
        made.choose("kind", "Slag", "Kind",
                  [(k, upper(w.in_(lang))) for k, w in words.KINDS.items() if k in kinds]),
    ]  # fmt: skip


@require_GET
def providers(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by what, where and kind."""
    lang, register = lang_now(), joined()
    raw = {key: request.GET.get(key, "")[:80] for key in ("does", "where", "kind")}
    fields = _filters(register, raw, lang)
    for field in fields:  # a value that nobody offers narrows nothing
        if raw[field.name] and not _is_offered(field):
            raw[field.name] = ""
    viewer = viewer_of(request.user)
    chosen = {
        key: p for key, p in register.chosen(raw["does"], kind=raw["kind"]).items()
        if _is_there(p, raw["where"])
    }  # fmt: skip
    rows = [_list_row(key, p, register, raw["does"], lang) | {
                "n_lines": len(register.windows_of(key, viewer))}
            for key, p in chosen.items()]  # fmt: skip
    rows.sort(key=lambda r: r["name"].casefold())
    given = {"rows": rows, "fields": fields, "everything": "Alle" if lang == "nb" else "All",
             "n_all": len(register.providers),
             "is_narrowed": any(raw.values()), "may_ask": _may_ask(request),
             "n_confirmed": sum(p.is_confirmed for p in register.providers.values())}  # fmt: skip
    return render(request, "hub/facilities/list.html", given)


def _may_ask(request: HttpRequest) -> bool:
    """Whether the way to requests is open: to those who make them, and to all who may sign in."""
    return not request.user.is_authenticated or may(request.user, "make_request")


def _is_offered(field: Field) -> bool:
    inside = [option for _, options in field.groups for option in options]
    return any(is_chosen for _, _, is_chosen in (*field.options, *inside))


def _is_there(provider: Provider, area: str) -> bool:
    return area in ("", provider.country) or area in counties().areas_of(provider)


def _list_row(
    key: str, provider: Provider, register: Register, does: str, lang: Lang
) -> dict[str, Any]:
    name = register.vocabulary.terms
    found = dict.fromkeys(c.does for c in provider.capabilities if c.status != "ended")
    if does:
        found = dict.fromkeys(d for d in found if register.vocabulary.covers(d, does))
    return {
        "id": key, "name": register.name(key), "kind": words.KINDS[provider.kind].in_(lang),
        "where": where(provider, lang), "does": [name[d].name.in_(lang) for d in found],
        "confirmed": provider.confirmed,
    }  # fmt: skip


@require_GET
def provider(request: HttpRequest, provider: str) -> HttpResponse:
    """What is stated of one provider, and the capacity that this viewer may see."""
    lang, register, on = lang_now(), joined(), timezone.localdate()
    held = register.providers.get(provider)
    if held is None:
        raise Http404
    viewer = viewer_of(request.user)
    lines: dict[str, Window] = dict(register.windows_of(provider, viewer))
    calendar = calendar_of(lines, register, on, lang)
    stated = statements_of(provider, from_library().providers[provider])
    own = [s for s in own_statements_of(provider) if not s.is_wrong]
    names = line_names(lines, register, lang)
    rows = [window_row(k, w, register, on, lang) | {"label": names[k]} for k, w in lines.items()]
    access = held.access
    given = {
        "id": provider, "name": register.name(provider), "provider": held, "on": on,
        "kind": words.KINDS[held.kind].in_(lang), "where": where(held, lang),
        "access": (access.source, said_in(access.source, access.place, lang)) if access else None,
        "statements": [statement_row(s, register, lang) for s in (*stated, *own)],
        "n_stated": len(stated), "n_answered": sum(s.answer is not None for s in stated),
        "lacks": [(register.vocabulary.terms[x.does].name.in_(lang),
                   "" if x.source == OWN_WORD else x.source,
                   said_in(x.source, x.place, lang)) for x in held.lacks],
        "lines": rows, "certificates": [r for r in rows if r["certificate"]],
        "calendar": calendar, "sources": library().sources, "viewer": viewer,
        "bars": month_bars(calendar, lang) if calendar else [],
        "by_month": [(m, [row.words[i] for row in calendar.rows])
                     for i, m in enumerate(calendar.months)] if calendar else [],
        "is_synthetic": any(r["is_synthetic"] for r in rows),
        "is_mine": may_speak_for(request.user, provider), "may_ask": _may_ask(request),
    }  # fmt: skip
    return render(request, "hub/facilities/provider.html", given)


@require_GET
def tiles(request: HttpRequest) -> HttpResponse:
    """How many providers there are in each county and country."""
    lang, register = lang_now(), joined()
    counts = Counter(a for p in register.providers.values() for a in counties().areas_of(p))

    def address(area: str) -> str:
        return reverse("facilities:list") + "?" + urlencode({"where": area})

    every = [*(f"{HOME}-{n}" for n in counties().by_number), UNSTATED,
             *sorted(a for a in counts if not a.startswith(HOME))]  # fmt: skip
    rows = [(area_name(a, lang), counts[a], address(a)) for a in every
            if a in counts or a != UNSTATED]  # fmt: skip
    n_twice = sum(counts.values()) - len(register.providers)
    given = {"map": tile_map(counts, counties(), lang, address), "rows": rows,
             "n": len(register.providers), "n_twice": n_twice}  # fmt: skip
    return render(request, "hub/facilities/map.html", given)


@require_GET
def vocabulary(request: HttpRequest) -> HttpResponse:
    """The words of capability with their synonyms, and who states them."""
    lang, register = lang_now(), joined()
    held = register.vocabulary
    groups = []
    for facet in FACETS:
        rows: list[dict[str, Any]] = []
        for key, term in held.of_facets((facet,)).items():
            other = term.name.en if lang == "nb" else term.name.nb
            synonyms = [*term.synonyms.nb, *term.synonyms.nn, *term.synonyms.en]
            n = len(register.chosen(does=key))
            rows.append({
                "id": key, "name": upper(term.name.in_(lang)), "other": other,
                "nn": term.name.nn if term.name.nn and term.name.nn != term.name.nb else "",
                "synonyms": ", ".join(dict.fromkeys(synonyms)), "n": n,
                "broader": [(b, held.terms[b].name.in_(lang)) for b in term.broader],
            })  # fmt: skip
        rows.sort(key=lambda r: r["name"].casefold())
        groups.append((facet, upper(words.FACETS[facet].in_(lang)), rows))
    given = {"groups": groups, "n": len(held.terms),
             "other_language": "en" if lang == "nb" else "nb"}  # fmt: skip
    return render(request, "hub/facilities/vocabulary.html", given)
