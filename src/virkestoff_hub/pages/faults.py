"""Pages of faults: what went wrong, and what to do next, in the reader's language."""

from __future__ import annotations

import errno
import math
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import activate, get_language_from_path

from virkestoff.language import Text
from virkestoff_hub.api.faults import is_api, status_response

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "server_fault",
           "too_large", "too_many"]  # fmt: skip

_TITLES = {
    400: Text(nb="Forespørselen ble ikke forstått", en="The request was not understood"),
    403: Text(nb="Du har ikke tilgang til denne siden", en="You may not see this page"),
    404: Text(nb="Siden finnes ikke", en="There is no such page"),
    413: Text(nb="Det du sendte, er for stort", en="What you sent is too large"),
    429: Text(nb="For mange forespørsler på kort tid", en="Too many requests in a short time"),
    500: Text(nb="Noe gikk galt hos oss", en="Something went wrong on our side"),
    503: Text(nb="Nettstedet kan ikke lagre eller lese akkurat nå",
              en="The site cannot store or read just now"),
}
_NEXT = {
    400: Text(nb="Gå tilbake og prøv igjen. Kommer du fra en lenke, kan den være ufullstendig.",
              en="Go back and try again. If you came by a link, it may be incomplete."),
    403: Text(nb="Logg inn med en bruker som har tilgang, eller skriv til den som har gitt deg "
                 "lenken.",
              en="Sign in as a user who may see it, or write to the one who gave you the link."),
    404: Text(nb="Adressen kan være skrevet feil, eller siden kan være slettet eller utløpt. "
                 "En privat lenke slutter å virke når svaret er slettet eller fristen er ute.",
              en="The address may be misspelt, or the page may be deleted or expired. A private "
                 "link stops working when the answer is deleted or its time is up."),
    413: Text(nb="En fil kan være på høyst 1 MB. Gå tilbake, gjør den mindre og send "
                 "skjemaet igjen.",
              en="A file may be 1 MB at most. Go back, make it smaller and send the form again."),
    429: Text(nb="Vent litt og prøv igjen. Det du hadde skrevet, er ikke lagret.",
              en="Wait a little and try again. What you had written is not saved."),
    500: Text(nb="Feilen er skrevet i loggen. Prøv igjen om litt.",
              en="The fault is written to the log. Try again in a little while."),
    503: Text(nb="Databasen svarer ikke, eller disken er full. Det du sendte, er lagret helt eller "
                 "ikke i det hele tatt. Gå tilbake: det du skrev, står fremdeles i skjemaet. Prøv "
                 "igjen om litt.",
              en="The database does not answer, or the disk is full. What you sent was stored "
                 "whole or not at all. Go back: what you wrote still stands in the form. Try again "
                 "in a little while."),
}  # fmt: skip
_CSRF = Text(
    nb="Skjemaet var for gammelt, eller informasjonskapsler er slått av. Gå tilbake, last siden på "
    "nytt og send skjemaet igjen.",
    en="The form was too old, or cookies are turned off. Go back, load the page again and send the "
    "form once more.",
)


def _page(request: HttpRequest, status: int, text: Text | None = None) -> HttpResponse:
    if is_api(request):
        return status_response(request, status)
    code = get_language_from_path(request.path_info)
    if code:
        activate(code)  # the fault may have come before the language was read
    given = {"status": status, "title": _TITLES[status], "text": text or _NEXT[status]}
    return render(request, "hub/fault.html", given, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, 404)


def server_fault(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database is away or a disk is full: that passes."""
    problem = sys.exc_info()[1]
    is_full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
    is_away = isinstance(problem, (OperationalError, InterfaceError))
    return _page(request, 503 if is_full or is_away else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was sent from elsewhere, or too late."""
    return _page(request, 403, _CSRF)


def too_many(request: HttpRequest, wait: float) -> HttpResponse:
    """429, with the seconds to wait."""
    response: Any = _page(request, 429)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413 for a body above what any form takes."""
    return _page(request, 413)
