"""A request against the register: the form, and the answer with reasons. Nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from virkestoff.facilities import Candidate, Match, Reason, Register, StepMatch, match
from virkestoff.language import Lang
from virkestoff_hub.accounts.permissions import viewer_of
from virkestoff_hub.engine import library
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.asked import (
    Asked,
    changed_query,
    query_of,
    read_asked,
    shown_form,
)
from virkestoff_hub.facilities.fields import upper
from virkestoff_hub.facilities.holding import is_demonstration, joined
from virkestoff_hub.facilities.public import lang_now
from virkestoff_hub.facilities.shown import line_words, said_in

__all__ = ["answer", "ask"]

_MOST_NEAR = 3
_MOST_CHAINS = 5


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """The form, filled with what the address holds."""
    register = joined()
    asked = Asked(read_asked(request.GET, register).raw, None, {})
    given = {"form": shown_form(asked, register, lang_now())}
    return render(request, "hub/facilities/ask.html", given)


@require_GET
def answer(request: HttpRequest) -> HttpResponse:
    """Who fits, who has to be asked, who nearly fits, and why others do not."""
    lang, register, on = lang_now(), joined(), timezone.localdate()
    if not request.GET:
        return redirect("facilities:ask")
    asked = read_asked(request.GET, register)
    if asked.request is None:
        given: dict[str, Any] = {"form": shown_form(asked, register, lang)}
        return render(request, "hub/facilities/ask.html", given, status=422)
    viewer = viewer_of(request.user)
    found = match(asked.request, register, on, viewer=viewer)
    outcome = found.suggested_outcome()
    used = {c.window for step in found.steps for c in step.candidates if c.window}
    given = {
        "query": query_of(asked.raw), "on": on, "viewer": viewer,
        "viewer_words": words.VIEWERS[viewer].in_(lang), "status": found.status,
        "status_words": words.STATUSES[found.status].in_(lang),
        "outcome": words.EXPECTED[outcome].in_(lang)
        if outcome and outcome in words.EXPECTED else "",
        "steps": [_step(step, asked, register, lang) for step in found.steps],
        "chains": _chains(found, register, lang),
        "notices": [(gap.text.in_(lang), gap.source, said_in(gap.source, gap.place, lang))
                    for gap in found.notices],
        "is_synthetic": any(is_demonstration(w) for w in used), "sources": library().sources,
        "has_lines": any(register.windows_of(p, viewer) for p in register.providers),
    }  # fmt: skip
    return render(request, "hub/facilities/answer.html", given)


def _reason(reason: Reason, lang: Lang) -> dict[str, str]:
    at = said_in(reason.source, reason.place, lang) if reason.place else ""
    is_own = bool(at) and reason.source == "own_statement"
    return {"constraint": words.CONSTRAINTS[reason.constraint].in_(lang),
            "text": reason.text.in_(lang), "source": "" if is_own else reason.source,
            "place": at}  # fmt: skip


def _candidate(
    candidate: Candidate, step: int, asked: Asked, register: Register, lang: Lang
) -> dict[str, Any]:
    window = candidate.window or ""
    line = line_words(register.windows[window], register, lang) if window else ""
    is_fit = {"fits": "passer", "ask": "kan spørres"} if lang == "nb" else {
        "fits": "fits", "ask": "can be asked"}  # fmt: skip
    return {
        "id": candidate.provider, "name": register.name(candidate.provider),
        "status": candidate.status, "status_words": words.STATUSES[candidate.status].in_(lang),
        "confirmed": register.providers[candidate.provider].confirmed,
        "is_remote": candidate.is_remote, "window": line,
        "is_synthetic": bool(window) and is_demonstration(window),
        "holds": [_reason(r, lang) for r in candidate.reasons if r.verdict == "yes"],
        "open": [_reason(r, lang) for r in candidate.to_ask],
        "against": [_reason(r, lang) for r in candidate.why_not],
        "near": [(is_fit[n.then], n.text.in_(lang), changed_query(asked.raw, step, n))
                 for n in candidate.near_misses[:_MOST_NEAR]],
    }  # fmt: skip


def _step(step: StepMatch, asked: Asked, register: Register, lang: Lang) -> dict[str, Any]:
    shown = [_candidate(c, step.step, asked, register, lang) for c in step.candidates]
    counts = [(key, upper(words.STATUSES[key].in_(lang)), n) for key in words.STATUSES
              if (n := sum(c["status"] == key for c in shown))]  # fmt: skip
    return {
        "number": step.step + 1, "counts": counts,
        "name": upper(register.vocabulary.terms[step.need.does].name.in_(lang)),
        "possible": [c for c in shown if c["status"] != "no"],
        "out": [c for c in shown if c["status"] == "no"],
        "not_stated": sorted((register.name(p), p) for p in step.not_stated),
    }  # fmt: skip


def _chains(found: Match, register: Register, lang: Lang) -> list[dict[str, Any]]:
    """Providers for all steps, best first; nothing for a request of one step."""
    if len(found.steps) == 1:
        return []
    return [
        {"names": [(p, register.name(p)) for p in chain.providers], "status": chain.status,
         "status_words": words.STATUSES[chain.status].in_(lang), "n_transfers": chain.n_transfers}
        for chain in found.chains[:_MOST_CHAINS]
    ]  # fmt: skip
