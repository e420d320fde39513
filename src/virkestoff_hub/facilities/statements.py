"""What a provider says of itself: answers to the library, statements of its own, their history."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import ValidationError

from virkestoff.facilities import Capability, Register
from virkestoff.language import Text
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import library
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.entry import Entry
from virkestoff_hub.facilities.holding import (
    OWN_WORD,
    Stated,
    from_library,
    joined,
    own_statements_of,
    statements_of,
)
from virkestoff_hub.facilities.keeping import ChangedMeanwhile, answer_statement, new_key
from virkestoff_hub.facilities.models import StatementVersion
from virkestoff_hub.facilities.own import CHANGED, for_speaker, seen_version
from virkestoff_hub.facilities.public import lang_now
from virkestoff_hub.facilities.shown import details, statement_row
from virkestoff_hub.facilities.statement_entry import (
    LINES,
    LISTS,
    fields_of,
    raw_of,
    read_answer,
    read_new,
)

__all__ = ["add_statement", "restore", "statement"]

MOST_OWN = 100
"""Statements of its own that a provider may have."""
_ADDED = Text(
    nb="Noen andre la til det samme arbeidet i dette øyeblikk. Se på listen, og send igjen hvis "
    "ditt er noe annet.",
    en="Somebody else added the same work in this moment. Look at the list, and send again if "
    "yours is something else.",
)


def _written(request: HttpRequest) -> dict[str, Any]:
    raw: dict[str, Any] = {name: request.POST.get(name, "") for name in LINES}
    return raw | {name: request.POST.getlist(name)[:60] for name in LISTS}


def _held(provider: str, key: str) -> Stated:
    """A statement of the library or the provider's own.

    Raises
    ------
    Http404
        if there is none of this key.
    """
    every = statements_of(provider, from_library().providers[provider])
    for one in (*every, *own_statements_of(provider)):
        if one.key == key:
            return one
    raise Http404


def _is_said(provider: str, said: Capability, but: str = "") -> bool:
    """Whether the same work for the same products is stated already, by a source or here."""
    every = statements_of(provider, from_library().providers[provider])
    return any(
        one.now.does == said.does and set(one.now.products) == set(said.products)
        and one.key != but and not one.is_wrong and one.now.status != "ended"
        for one in (*every, *own_statements_of(provider))
    )  # fmt: skip


def _twice(entry: Entry, field: str) -> None:
    entry.fault(field, "Dette arbeidet for disse produktene er allerede oppgitt. Svar på den "
                "opplysningen, eller velg produkter.",
                "This work for these products is stated already. Answer that statement, or choose "
                "products.")  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_speaker
def add_statement(request: HttpRequest, provider: str) -> HttpResponse:
    """Say of a work that no source speaks of that it is done here."""
    register, raw = joined(), _written(request)
    if request.method == "GET":
        return _form(request, provider, None, raw, {}, register)
    entry = Entry(raw)
    said = read_new(entry, register)
    if said is not None and _is_said(provider, said):
        _twice(entry, "does")
    if len(own_statements_of(provider)) >= MOST_OWN:
        entry.fault("does", f"Dere har allerede {MOST_OWN} egne opplysninger.",
                    f"You already have {MOST_OWN} statements of your own.")  # fmt: skip
    if said is None or entry.faults:
        return _form(request, provider, None, raw, entry.faults, register)
    try:
        with transaction.atomic():
            answer_statement(provider, new_key(provider, said.does), "added", said, 0,
                             timezone.localdate(), request.user)  # fmt: skip
            note(request.user, "statement_added", f"{provider}: {said.does}")
    except ChangedMeanwhile:
        return _form(request, provider, None, raw, {}, register, changed=_ADDED)
    return redirect("facilities:own", provider=provider)


@require_http_methods(["GET", "POST"])
@for_speaker
def statement(request: HttpRequest, provider: str, key: str) -> HttpResponse:
    """Say of one statement that it is right, correct it, or say that it ended or never held."""
    register, held = joined(), _held(provider, key)
    if request.method == "GET":
        return _form(request, provider, held, raw_of(held), {}, register)
    raw = _written(request)
    entry = Entry(raw)
    answer, said = read_answer(entry, held, register)
    if answer == "added" and said is not None and _is_said(provider, said, but=key):
        _twice(entry, "answer")
    if answer is None or said is None or entry.faults:
        return _form(request, provider, held, raw, entry.faults, register, seen_version(request))
    try:
        with transaction.atomic():
            answer_statement(provider, key, answer, said, seen_version(request),
                             timezone.localdate(), request.user)  # fmt: skip
            note(request.user, "statement_answered", f"{provider}: {said.does} ({answer})")
    except ChangedMeanwhile:
        return _form(request, provider, _held(provider, key), raw, {}, register, changed=CHANGED)
    return redirect("facilities:own", provider=provider)


def _form(
    request: HttpRequest, provider: str, held: Stated | None, raw: dict[str, Any],
    faults: dict[str, Text], register: Register, seen: int | None = None,
    changed: Text | None = None,
) -> HttpResponse:  # fmt: skip
    """The form of a statement, or of a new one; its history below."""
    lang = lang_now()
    fields, faulty = fields_of(raw, faults, register, lang, held)
    version = held.version if held else 0
    given = {
        "id": provider, "name": register.name(provider), "fields": fields, "faulty": faulty,
        "statement": statement_row(held, register, lang) if held else None,
        "version": version if seen is None else seen, "now": version,
        "changed": changed.in_(lang) if changed else "", "sources": library().sources,
        "history": _history(provider, held, register) if held else [],
    }  # fmt: skip
    status = 409 if changed else 422 if faulty else 200
    return render(request, "hub/facilities/statement.html", given, status=status)


def _read(past: StatementVersion) -> Capability | None:
    """What a version says; none where the library no longer knows a word of it."""
    try:
        said = Capability.model_validate(past.capability)
    except ValidationError:
        return None
    keys = (said.does, *said.products, *said.excludes, *said.gmp, *said.analytics, *said.safety)
    return said if all(key in from_library().vocabulary.terms for key in keys) else None


def _history(provider: str, held: Stated, register: Register) -> list[dict[str, Any]]:
    """Every version from the newest, and for the library's, that there was no answer."""
    lang, rows = lang_now(), []
    for past in StatementVersion.objects.filter(provider=provider, key=held.key).select_related(
        "by"
    ):
        said = _read(past)
        is_told = said is not None and past.answer in ("corrected", "added")
        rows.append({
            "version": past.version, "answer": words.ANSWERS[past.answer].in_(lang),
            "at": past.at, "by": past.by.username if past.by else "–",
            "details": details(said, register, lang) if said and is_told else [],
            "is_now": past.version == held.version,
            "may_restore": said is not None and past.version != held.version,
        })  # fmt: skip
    return rows


@require_POST
@for_speaker
def restore(request: HttpRequest, provider: str, key: str) -> HttpResponse:
    """Say again today what an earlier version says; version 0 of the library's: no answer."""
    held, register = _held(provider, key), joined()
    text = request.POST.get("to", "")[:9]
    to = int(text) if text.isascii() and text.isdigit() else -1
    past = StatementVersion.objects.filter(provider=provider, key=key, version=to).first()
    said, answer = (_read(past), past.answer) if past else (None, "")
    if to == 0 and held.library is not None:
        said, answer = held.library, "open"
    if said is None:
        raise Http404
    if said.source == OWN_WORD:
        said = said.model_copy(update={"place": timezone.localdate().isoformat()})
    entry = Entry({})
    if answer == "added" and _is_said(provider, said, but=key):
        _twice(entry, "answer")
        return _form(request, provider, held, raw_of(held), entry.faults, register)
    try:
        with transaction.atomic():
            answer_statement(provider, key, answer, said, seen_version(request),
                             timezone.localdate(), request.user)  # fmt: skip
            note(request.user, "statement_restored", f"{provider}: {said.does} ({to})")
    except ChangedMeanwhile:
        return _form(request, provider, _held(provider, key), raw_of(held), {}, register,
                     changed=CHANGED)  # fmt: skip
    return redirect("facilities:statement", provider=provider, key=key)
