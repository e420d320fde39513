"""Change inputs of a study and run it in the background."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from virkestoff.errors import InputError
from virkestoff.evidence import Library
from virkestoff.language import Lang, Text
from virkestoff.studies import Definition
from virkestoff.studies.changes import with_changes
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.permissions import most_draws
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import language
from virkestoff_hub.fault_words import in_words
from virkestoff_hub.runs.models import Run
from virkestoff_hub.runs.views import MOST_OPEN
from virkestoff_hub.runs.work import start
from virkestoff_hub.studies.fields import Form, known_facts, read_form, read_number, written
from virkestoff_hub.studies.held import KIND, PUBLISHED, Result, result_of, study_of

__all__ = ["change"]

DRAWS = 200
"""Draws of a run unless others are asked for."""
FEWEST = 20
FIRST_FACTS = 12
"""Facts that stand on the form before any is looked up: those that decide most."""
MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@needs("run_study")
def change(request: HttpRequest, study: str) -> HttpResponse:
    """The form; it looks facts up, shows another alternative, or starts the run."""
    definition, library = study_of(study)
    lang = language(get_language())
    sent = request.POST if request.method == "POST" else request.GET
    given = {k: str(v)[:200] for k, v in request.POST.items()} if request.method == "POST" else {}
    alternative = sent.get("alternative", "") or _first_choice(definition)
    if alternative not in definition.alternatives:
        raise Http404
    if request.method == "GET" and (base := request.GET.get("from", "")):
        given = _as_sent(result_of(request.user, study, base), lang)
    allowed = definition.allowed_facts(library)
    asked = [key.split(":")[1] for key in given if key.startswith("fact:") and key.count(":") == 2]
    asked += sent.getlist("add")
    facts = known_facts([*asked, *_deciding(study, definition, request.user)[:FIRST_FACTS]]
                        if request.method == "GET" else asked, library, allowed)  # fmt: skip
    form = read_form(definition, library, alternative, facts, given, lang)
    draws, draws_fault = _draws(given.get("draws", ""), most_draws(request.user), lang)
    page = {
        "study": study, "title": definition.title.in_(lang), "form": form,
        "alternative": alternative, "alternatives": _alternatives(definition, alternative, lang),
        "draws": given.get("draws", written(DRAWS, lang)), "most": most_draws(request.user),
        "fewest": FEWEST, "find": given.get("find", ""),
        "found": _found(given.get("find", ""), library, allowed, facts, lang),
    }  # fmt: skip
    if given.get("do") != "run":
        return render(request, "hub/studies/change.html", page)
    faults = form.faults
    if draws_fault:
        faults.append(("f-draws", draws_fault))
    faults += [] if faults else _whole(definition, library, form, lang)
    user: Any = request.user
    if not faults and _n_open(user) >= MOST_OPEN:
        full = Text(nb=f"Du har {MOST_OPEN} kjøringer som venter eller pågår. Vent til en er "
                    "ferdig, eller stopp en.",
                    en=f"You have {MOST_OPEN} runs that wait or go on. Wait until one is done, or "
                    "cancel one.")  # fmt: skip
        faults.append(("f-draws", full.in_(lang)))
    if faults:
        page |= {"faults": faults, "draws_fault": draws_fault}
        return render(request, "hub/studies/change.html", page, status=422)
    asked_run = {"study": study, "changes": form.changes.as_dict(), "draws": draws}
    made = start(KIND, asked_run, user)
    note(user, "run_started", f"{made.kind} {study} {made.id}")
    return redirect("runs:run", run=made.id)


def _n_open(user: Any) -> int:
    return int(Run.objects.filter(owner=user, state__in=("waiting", "running")).count())


def _first_choice(definition: Definition) -> str:
    """The alternative whose levers are shown first: the first beside the baseline."""
    return next((a for a in definition.alternatives if a != definition.baseline),
                definition.baseline)  # fmt: skip


def _alternatives(
    definition: Definition, chosen: str, lang: Lang
) -> list[tuple[str, str, bool]]:
    return [(name, a.name.in_(lang), name == chosen)
            for name, a in definition.alternatives.items()]  # fmt: skip


def _as_sent(base: Result, lang: Lang) -> dict[str, str]:
    """The changes of a run as its form had sent them, to go on from there."""
    given = {"draws": written(base.results["draws"], lang)}
    for name, levers in base.changes.levers.items():
        for key, value in levers.items():
            given[f"lever:{name}:{key}"] = value if isinstance(value, str) else written(value, lang)
    for fact, numbers in base.changes.facts.items():
        for i, number in enumerate(numbers):
            given[f"fact:{fact}:{i}"] = written(number, lang)
    return given


def _deciding(study: str, definition: Definition, user: Any) -> list[str]:
    """The facts that decide most in the published run; without one those that the study names."""
    named = [u.fact for u in definition.uncertainties.values()]
    try:
        results = result_of(user, study, PUBLISHED).results
    except Http404:
        return named
    ranked = [(-i["first_order"], i["fact"]) for r in results["rankings"] for i in r["influences"]]
    return [*dict.fromkeys(fact for _, fact in sorted(ranked)), *named]


def _draws(raw: str, most: int, lang: Lang) -> tuple[int, str]:
    """How many draws, and what is wrong with the number."""
    if not raw.strip():
        return DRAWS, ""
    number = read_number(raw.strip(), lang)
    if number is None or number != int(number) or not FEWEST <= number <= most:
        bad = Text(nb=f"Trekk: skriv et helt tall fra {FEWEST} til {most}",
                   en=f"Draws: write a whole number from {FEWEST} to {most}")  # fmt: skip
        return DRAWS, bad.in_(lang)
    return int(number), ""


def _place(where: str, definition: Definition, lang: Lang) -> str:
    """The alternative that a fault is about, by name; empty if it names none."""
    found = re.search("alternative '(.*?)'", where)
    known = definition.alternatives.get(found[1]) if found else None
    return f"{known.name.in_(lang)}: " if known else ""


def _whole(
    definition: Definition, library: Library, form: Form, lang: Lang
) -> list[tuple[str, str]]:
    """What is wrong with all changes together: alternatives that no longer combine, above all."""
    try:
        with_changes(definition, library, form.changes)
    except InputError as problem:
        lead = Text(nb="Endringene passer ikke sammen", en="The changes do not fit together")
        return [("f-alternative", f"{lead.in_(lang)}. {_place(f.where, definition, lang)}"
                 f"{in_words(f.what, lang)}") for f in problem.faults]  # fmt: skip
    return []


def _found(
    words: str, library: Library, allowed: frozenset[str], shown: Sequence[str], lang: Lang
) -> list[dict[str, str]]:
    """Facts of the study whose name or id holds every word, but those that are shown."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = []
    for name in sorted(allowed & library.facts.keys() - set(shown)):
        fact = library.facts[name]
        text = f"{name} {fact.name.nb} {fact.name.en}".casefold()
        if fact.numbers and all(w in text for w in wanted):
            found.append({"id": name, "name": fact.name.in_(lang)})
    return found[:MOST_FOUND]
