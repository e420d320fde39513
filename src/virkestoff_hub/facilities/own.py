"""A provider's own pages: which providers one speaks for, and answers to what is stated of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from virkestoff.facilities import Capability, Register
from virkestoff.facilities.provider import PHASES
from virkestoff.language import Lang, Text
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.permissions import may_speak_for
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import library
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.entry import Entry
from virkestoff_hub.facilities.fields import Field, Fields, term_choices, unit_choices, words_of
from virkestoff_hub.facilities.holding import (
    OWN_WORD,
    Stated,
    from_library,
    joined,
    line_id,
    statements_of,
)
from virkestoff_hub.facilities.keeping import ChangedMeanwhile, answer_statement
from virkestoff_hub.facilities.line_entry import COLUMN_WORDS
from virkestoff_hub.facilities.models import CapacityLine
from virkestoff_hub.facilities.public import lang_now
from virkestoff_hub.facilities.shown import statement_row, window_row
from virkestoff_hub.facilities.workbook import RowFault

__all__ = ["CHANGED", "confirm_all", "for_speaker", "mine", "provider_page", "seen_version",
           "shown_provider", "statement"]  # fmt: skip

View = Callable[..., HttpResponse]
CHANGED = Text(
    nb="Noen andre har endret dette siden du åpnet siden. Begge versjoner står under. Sender du "
    "igjen, gjelder din.",
    en="Somebody else has changed this since you opened the page. Both versions stand below. If "
    "you send again, yours will hold.",
)


def for_speaker(view: View) -> View:
    """A view for those who speak for the provider in the address; others are refused."""

    @wraps(view)
    @needs("speak_for_provider")
    def guarded(request: HttpRequest, provider: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if provider not in from_library().providers:
            raise Http404
        if not may_speak_for(request.user, provider):
            raise PermissionDenied
        return view(request, provider, *args, **kwargs)

    return guarded


@require_GET
@needs("speak_for_provider")
def mine(request: HttpRequest) -> HttpResponse:
    """The providers that one speaks for."""
    lang, register, on = lang_now(), joined(), timezone.localdate()
    user: Any = request.user
    rows = []
    for key in user.provider_links.order_by("provider").values_list("provider", flat=True):
        if key not in register.providers:
            continue
        stated = statements_of(key, from_library().providers[key])
        lines = [window_row(line_id(c), c.window, register, on, lang)
                 for c in CapacityLine.objects.filter(provider=key)]  # fmt: skip
        rows.append({"id": key, "name": register.name(key), "n": len(stated),
                     "n_answered": sum(s.answer is not None for s in stated),
                     "n_lines": len(lines), "n_due": sum(x["age"] != "fresh" for x in lines)})
    return render(request, "hub/facilities/mine.html", {"rows": rows})


@require_GET
@for_speaker
def provider_page(request: HttpRequest, provider: str) -> HttpResponse:
    """Everything that one may do for a provider."""
    return shown_provider(request, provider)


def shown_provider(
    request: HttpRequest, provider: str, faults: tuple[RowFault, ...] = (), status: int = 200
) -> HttpResponse:
    """The page of a provider, with the faults of a file that was just sent."""
    lang, register, on = lang_now(), joined(), timezone.localdate()
    stated = statements_of(provider, from_library().providers[provider])
    lines = [
        window_row(line_id(c), c.window, register, on, lang) | {"version": c.version}
        for c in CapacityLine.objects.filter(provider=provider)
    ]
    given = {
        "id": provider, "name": register.name(provider), "lines": lines,
        "statements": [statement_row(s, register, lang) for s in stated],
        "n_open": sum(s.answer is None for s in stated), "sources": library().sources,
        "columns": [(column, said.in_(lang)) for column, said in COLUMN_WORDS.items()],
        "faults": [(f.row, f.column, f.text.in_(lang)) for f in faults],
    }  # fmt: skip
    return render(request, "hub/facilities/own.html", given, status=status)


@require_POST
@for_speaker
def confirm_all(request: HttpRequest, provider: str) -> HttpResponse:
    """Answer "is right" to every statement that has no answer yet."""
    on, n = timezone.localdate(), 0
    stated = statements_of(provider, from_library().providers[provider])
    with transaction.atomic():
        for one in stated:
            if one.answer is None:
                try:
                    answer_statement(provider, one.key, "right", one.library, 0, on, request.user)
                    n += 1
                except ChangedMeanwhile:
                    continue  # answered in this moment by somebody else: that answer holds
        if n:
            note(request.user, "statement_answered", f"{provider}: {n}")
    return redirect("facilities:own", provider=provider)


@require_http_methods(["GET", "POST"])
@for_speaker
def statement(request: HttpRequest, provider: str, key: str) -> HttpResponse:
    """Say of one statement that it is right, correct it, or say that it is not done."""
    lang, register = lang_now(), joined()
    found = [s for s in statements_of(provider, from_library().providers[provider])
             if s.key == key]  # fmt: skip
    if not found:
        raise Http404
    held = found[0]
    version = held.answer.version if held.answer else 0
    if request.method == "GET":
        return _statement_form(request, provider, held, _raw_of(held), {}, register, lang, version)
    lines = ("answer", "scale_from", "scale_to", "scale_unit", "without_gmp")
    raw: dict[str, Any] = {k: request.POST.get(k, "") for k in lines}
    raw |= {k: request.POST.getlist(k)[:60] for k in ("products", "gmp", "phases")}
    entry = Entry(raw)
    answer, capability = _read_statement(entry, held, register)
    if answer is None or entry.faults:
        return _statement_form(request, provider, held, raw, entry.faults, register, lang,
                               seen_version(request))  # fmt: skip
    try:
        with transaction.atomic():
            answer_statement(provider, key, answer, capability, seen_version(request),
                             timezone.localdate(), request.user)  # fmt: skip
            note(request.user, "statement_answered", f"{provider}: {held.library.does} ({answer})")
    except ChangedMeanwhile:
        return _statement_form(request, provider, held, raw, {}, register, lang, version,
                               is_changed=True)  # fmt: skip
    return redirect("facilities:own", provider=provider)


def seen_version(request: HttpRequest) -> int:
    """The version that the form was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _raw_of(held: Stated) -> dict[str, Any]:
    now, scale = held.now, held.now.scale
    return {
        "answer": held.answer.answer if held.answer else "",
        "scale_from": "" if scale is None or scale.from_ is None else f"{scale.from_:.12g}",
        "scale_to": "" if scale is None or scale.to is None else f"{scale.to:.12g}",
        "scale_unit": scale.unit if scale else "",
        "without_gmp": "on" if now.is_without_gmp else "",
        "products": list(now.products), "gmp": list(now.gmp), "phases": list(now.phases),
    }  # fmt: skip


def _read_statement(
    entry: Entry, held: Stated, register: Register
) -> tuple[str | None, Capability]:
    """The answer, and the statement as the provider has it."""
    answer = entry.choice("answer", words.ANSWERS, is_needed=True)
    if answer != "corrected":
        return answer, held.library
    vocabulary = register.vocabulary
    low = entry.number("scale_from", is_positive=True)
    high = entry.number("scale_to", is_positive=True)
    has_size = low is not None or high is not None
    unit = entry.unit("scale_unit", is_needed=has_size)
    if low is not None and high is not None and high < low:
        entry.fault("scale_to", "Er mindre enn den minste.", "Is less than the smallest.")
    gmp = entry.many("gmp", vocabulary.of_facets(("gmp",)))
    is_without = entry.is_ticked("without_gmp")
    if gmp and is_without:
        entry.fault("gmp", "Velg GMP-klasser, eller at arbeidet er uten GMP.",
                    "Choose GMP classes, or that the work is without GMP.")  # fmt: skip
    said = {
        **held.library.model_dump(mode="json", by_alias=True),
        "products": entry.many("products", vocabulary.of_facets(("product",))),
        "phases": entry.many("phases", PHASES), "gmp": gmp, "is_without_gmp": is_without,
        "scale": {"from": low, "to": high, "unit": unit} if has_size else None, "status": "exists",
        "source": OWN_WORD, "place": timezone.localdate().isoformat(), "also": (),
    }  # fmt: skip
    if entry.faults:
        return answer, held.library
    try:
        return answer, Capability.model_validate(said)
    except ValidationError as problem:
        told = "; ".join(str(e["msg"]) for e in problem.errors())[:300]
        entry.fault("answer", f"Kan ikke tas imot: {told}", f"Cannot be taken: {told}")
        return answer, held.library


def _statement_form(
    request: HttpRequest, provider: str, held: Stated, raw: dict[str, Any],
    faults: dict[str, Text], register: Register, lang: Lang, version: int,
    is_changed: bool = False,
) -> HttpResponse:  # fmt: skip
    made = Fields(raw, faults, lang)
    vocabulary = register.vocabulary
    fields: list[Field] = [
        made.choose("answer", "Stemmer det?", "Is it right?", words_of(_ANSWER_CHOICES, lang)),
        made.line("scale_from", "Minste størrelse", "Smallest size"),
        made.line("scale_to", "Største størrelse", "Largest size"),
        made.choose("scale_unit", "Enhet", "Unit", unit_choices()),
        made.boxes("products", "Produkter", "Products", term_choices(vocabulary, "product", lang)),
        made.boxes("gmp", "GMP-klasser", "GMP classes", term_choices(vocabulary, "gmp", lang)),
        made.tick("without_gmp", "Arbeidet er uten GMP", "The work is without GMP"),
        made.boxes("phases", "Faser", "Phases", words_of(words.PHASES, lang)),
    ]
    given = {
        "id": provider, "name": register.name(provider), "fields": fields, "faulty": made.faulty,
        "statement": statement_row(held, register, lang), "version": version,
        "changed": CHANGED.in_(lang) if is_changed else "", "sources": library().sources,
    }  # fmt: skip
    status = 409 if is_changed else 422 if made.faulty else 200
    return render(request, "hub/facilities/statement.html", given, status=status)


_ANSWER_CHOICES = {
    "right": Text(nb="Ja, slik kilden sier", en="Yes, as the source says"),
    "corrected": Text(nb="Nesten; jeg retter det under", en="Nearly; I correct it below"),
    "ended": Text(nb="Nei, dette gjør vi ikke (lenger)", en="No, we do not do that (any longer)"),
}
