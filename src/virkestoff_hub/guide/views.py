"""The guide: start, questions, answer, files. What was said stays in the visitor's session."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virkestoff.errors import InputError
from virkestoff.instruments.fault_words import in_language, message_in
from virkestoff.instruments.guide import Answer
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.wording import value_words
from virkestoff.instruments.written_values import Unreadable
from virkestoff.language import Lang
from virkestoff.workbench.pages import ANSWER_KINDS
from virkestoff_hub.engine import bench, language, library
from virkestoff_hub.guide.fields import START_FACTS, Field, empty_fields, read_fields, written
from virkestoff_hub.guide.rounds import Round, answer_of, term_of
from virkestoff_hub.guide.shown import shown_amount, shown_answer, shown_conditions

__all__ = ["answer", "answer_file", "fact", "file", "forget", "question", "scheme", "start"]

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
}
N_NAMED = 4
"""Schemes that are named as asking a question."""


def _lang() -> Lang:
    return language(get_language())


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The short profile, or an organisation number; with what was written kept on a fault."""
    lang = _lang()
    if request.method == "GET":
        held = Round.of(request.session)
        fields = empty_fields(START_FACTS, lang)
        given = {"fields": fields, "number": "", "has_round": held is not None}
        return render(request, "hub/guide/start.html", given)
    given_text = {key: str(value) for key, value in request.POST.items()}
    fields, values, not_known = read_fields(START_FACTS, given_text, lang)
    number = given_text.get("number", "").strip()
    typed = Profile(values, not_known=frozenset(not_known))
    number_fault, profile = _of_number(number, typed, lang)
    if number_fault or any(f.fault for f in fields):
        faults = [(f.anchor, f"{f.label} {f.fault}") for f in fields if f.fault]
        if number_fault:
            faults.insert(0, ("f-number", number_fault))
        given = {
            "fields": fields, "number": number, "number_fault": number_fault, "faults": faults,
        }  # fmt: skip
        return render(request, "hub/guide/start.html", given, status=422)
    Round(profile).keep(request.session)
    return redirect("guide:answer" if "answer" in given_text else "guide:question")


def _of_number(number: str, profile: Profile, lang: Lang) -> tuple[str, Profile]:
    """What is wrong with a number, and the profile with what the register says of it."""
    if not number:
        return "", profile
    try:
        return "", bench().profile_from_number(number, profile=profile)
    except InputError as problem:
        fault = in_language(problem, lang).faults[0]
        return (
            f"{number[:40]}: skriv ni sifre; det siste er et kontrollsiffer" if lang == "nb"
            else f"{number[:40]}: write nine digits; the last is a check digit"
        ) if fault else "", profile  # fmt: skip


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """The next question; an answer, a skip or a step back leads to the one after."""
    held = Round.of(request.session)
    if held is None:
        return redirect("guide:start")
    lang, fault, raw = _lang(), "", ""
    if request.method == "POST":
        fault, raw = _step(held, request, lang)
        if not fault:
            held.keep(request.session)
            return redirect("guide:question")
    interview = held.interview()
    asked = interview.question
    if asked is None:
        return redirect("guide:answer")
    before = held.profile.facts.get(asked.fact)
    field = Field(asked.term, lang, raw or written(asked.term, before, lang), fault)
    schemes = bench().schemes.schemes
    names = [schemes[key].name.in_(lang) for key in asked.schemes]
    given = {
        "field": field, "fact": asked.fact, "ask": asked.term.ask.in_(lang),
        "named": names[:N_NAMED], "n_more": max(0, len(names) - N_NAMED),
        "progress": interview.progress, "n_asked": len(held.steps), "has_back": bool(held.steps),
    }  # fmt: skip
    return render(request, "hub/guide/question.html", given, status=422 if fault else 200)


def _step(held: Round, request: HttpRequest, lang: Lang) -> tuple[str, str]:
    """Do what the form asks; what is wrong with the answer, and the answer."""
    name, raw = request.POST.get("fact", ""), ""
    what = request.POST.get("do", "answer")
    if what == "back":
        held.back()
        return "", ""
    try:
        if what in ("unknown", "skipped", "removed"):
            held.step(name, what)
            return "", ""
        raw = request.POST.get(name, "").strip()
        if not raw:
            return ("Svar, eller velg «Vet ikke» eller «Hopp over»." if lang == "nb"
                    else "Answer, or choose “Don’t know” or “Skip”."), ""  # fmt: skip
        held.answer(name, raw)
    except Unreadable as problem:
        message = message_in(str(problem), lang)
        return message[:1].upper() + message[1:], raw
    except InputError:
        raise Http404 from None
    return "", ""


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, fact: str) -> HttpResponse:
    """One fact by name: from the answer's page one may change what it rests on."""
    try:
        term = term_of(fact)
    except InputError:
        raise Http404 from None
    held = Round.of(request.session) or Round(Profile({}))
    lang, fault, raw = _lang(), "", ""
    if request.method == "POST":
        fault, raw = _step(held, request, lang)
        if not fault:
            held.keep(request.session)
            return redirect("guide:answer")
    before = held.profile.facts.get(fact)
    field = Field(term, lang, raw or written(term, before, lang), fault)
    given = {
        "field": field, "fact": fact, "ask": term.ask.in_(lang), "is_single": True,
        "is_known": fact in held.profile.facts or fact in held.profile.not_known,
        "now": value_words(term, before, lang) if before is not None else "",
    }  # fmt: skip
    return render(request, "hub/guide/question.html", given, status=422 if fault else 200)


@require_GET
def answer(request: HttpRequest) -> HttpResponse:
    """Schemes with reasons, near misses, amounts and days to keep."""
    held = Round.of(request.session)
    if held is None:
        return redirect("guide:start")
    lang = _lang()
    found = answer_of(held.profile, timezone.localdate())
    given = {
        "answer": shown_answer(found, lang), "on": found.on, "is_own": True,
        "name": found.profile.name, "number": found.profile.organisation_number,
    }  # fmt: skip
    return render(request, "hub/guide/answer.html", given)


@require_GET
def scheme(request: HttpRequest, scheme: str) -> HttpResponse:
    """One scheme of the answer: every condition, and the amount step by step."""
    held = Round.of(request.session)
    if held is None:
        return redirect("guide:start")
    found = answer_of(held.profile, timezone.localdate())
    return render(request, "hub/guide/scheme.html", {**scheme_given(found, scheme), "is_own": True})


def scheme_given(found: Answer, scheme: str) -> dict[str, Any]:
    """What the page of one scheme of an answer shows."""
    lang = _lang()
    entry = next((e for e in found.entries if e.id == scheme), None)
    if entry is None:
        raise Http404
    shown = shown_answer(found, lang)
    every = [s for group in (*shown.groups, *shown.rest) for s in group.schemes]
    group = next(g for g in (*shown.groups, *shown.rest) if any(s.id == scheme for s in g.schemes))
    return {
        "entry": next(s for s in every if s.id == scheme), "group": group,
        "conditions": shown_conditions(entry, found, lang),
        "steps": shown_amount(entry, found, lang), "on": found.on,
        "deadlines": [d for d in shown.deadlines if d[1] == scheme],
        "asks": [(t.what.in_(lang), t.ask.in_(lang), t.question.in_(lang))
                 for t in entry.result.unknown_terms],
        "sources": library().sources,
    }  # fmt: skip


@require_GET
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The answer as PDF, workbook or calendar."""
    held = Round.of(request.session)
    if held is None:
        raise Http404
    return answer_file(answer_of(held.profile, timezone.localdate()), kind)


def answer_file(found: Answer, kind: str) -> HttpResponse:
    """A file of an answer to be downloaded."""
    if kind not in ANSWER_KINDS:
        raise Http404
    lang = _lang()
    data = bench().answer_file(found, kind, lang)
    if not data:
        raise Http404
    name = "veileder" if lang == "nb" else "guide"
    response = HttpResponse(data, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{found.on}.{kind}"'
    return response


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what was said from the session."""
    Round.forget(request.session)
    return redirect("guide:start")
