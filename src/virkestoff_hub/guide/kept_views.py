"""Answers behind a private link: whoever has the link sees the answer, and may delete it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virkestoff.instruments.guide import Answer
from virkestoff_hub.engine import language
from virkestoff_hub.guide.kept import find, keep, profile_of
from virkestoff_hub.guide.rounds import Round, answer_of
from virkestoff_hub.guide.shown import shown_answer
from virkestoff_hub.guide.views import answer_file, scheme_given

__all__ = ["delete", "keep_answer", "kept", "kept_file", "kept_scheme"]


def _found(secret: str) -> tuple[Any, Answer]:
    held: Any = find(secret)
    if held is None:
        raise Http404
    return held, answer_of(profile_of(held), held.on)


@require_POST
def keep_answer(request: HttpRequest) -> HttpResponse:
    """Keep the answer of the session behind a private link."""
    from django.utils import timezone

    held = Round.of(request.session)
    if held is None:
        return redirect("guide:start")
    secret = keep(held.profile, timezone.localdate())
    return redirect("guide:kept", secret=secret)


@require_GET
def kept(request: HttpRequest, secret: str) -> HttpResponse:
    """The answer as it was on its date, with the rules as the library has them now."""
    held, found = _found(secret)
    given = {
        "answer": shown_answer(found, language(get_language())), "on": found.on, "secret": secret,
        "expires": held.expires.date(), "link": request.build_absolute_uri(),
        "name": found.profile.name, "number": found.profile.organisation_number,
    }  # fmt: skip
    return render(request, "hub/guide/answer.html", given)


@require_GET
def kept_scheme(request: HttpRequest, secret: str, scheme: str) -> HttpResponse:
    """One scheme of a kept answer."""
    found = _found(secret)[1]
    return render(request, "hub/guide/scheme.html",
                  {**scheme_given(found, scheme), "secret": secret})  # fmt: skip


@require_GET
def kept_file(request: HttpRequest, secret: str, kind: str) -> HttpResponse:
    """A kept answer as PDF, workbook or calendar."""
    return answer_file(_found(secret)[1], kind)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, secret: str) -> HttpResponse:
    """Delete a kept answer, after asking."""
    held, found = _found(secret)
    if request.method == "POST":
        held.delete()
        return render(request, "hub/guide/deleted.html", {})
    return render(request, "hub/guide/delete.html", {"secret": secret, "on": found.on})
