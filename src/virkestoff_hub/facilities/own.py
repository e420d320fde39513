"""A provider's own pages: which providers one speaks for, and all that one may do for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from virkestoff.language import Text
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.permissions import may_speak_for
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import library
from virkestoff_hub.facilities.holding import (
    from_library,
    joined,
    line_id,
    own_statements_of,
    statements_of,
)
from virkestoff_hub.facilities.keeping import ChangedMeanwhile, answer_statement
from virkestoff_hub.facilities.line_entry import COLUMN_WORDS
from virkestoff_hub.facilities.models import CapacityLine
from virkestoff_hub.facilities.public import lang_now
from virkestoff_hub.facilities.sheet_words import COLUMN_NAMES
from virkestoff_hub.facilities.shown import statement_row, window_row
from virkestoff_hub.facilities.workbook import RowFault

__all__ = ["CHANGED", "confirm_all", "for_speaker", "mine", "provider_page", "seen_version",
           "shown_provider"]  # fmt: skip

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
    own = own_statements_of(provider)
    done = {c.does for c in register.providers[provider].capabilities}
    lines = [
        window_row(line_id(c), c.window, register, on, lang)
        | {"version": c.version, "is_idle": c.window.does not in done}
        for c in CapacityLine.objects.filter(provider=provider)
    ]
    given = {
        "id": provider, "name": register.name(provider), "lines": lines,
        "statements": [statement_row(s, register, lang) for s in (*stated, *own)],
        "n_open": sum(s.answer is None for s in stated), "sources": library().sources,
        "columns": [(COLUMN_NAMES[column].in_(lang), said.in_(lang))
                    for column, said in COLUMN_WORDS.items()],
        "faults": [(f.where(lang), f.text.in_(lang)) for f in faults],
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
                    answer_statement(provider, one.key, "right", one.now, one.version, on,
                                     request.user)  # fmt: skip
                    n += 1
                except ChangedMeanwhile:
                    continue  # answered in this moment by somebody else: that answer holds
        if n:
            note(request.user, "statement_answered", f"{provider}: {n}")
    return redirect("facilities:own", provider=provider)


def seen_version(request: HttpRequest) -> int:
    """The version that the form was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
