"""A request that the reader has a part in; to all others there is none."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from virkestoff.language import Lang
from virkestoff_hub.accounts.permissions import party_to_request
from virkestoff_hub.engine import language
from virkestoff_hub.requests.models import FacilityRequest

__all__ = ["changed_meanwhile", "found", "own", "reader_language", "site_of"]


def reader_language() -> Lang:
    """The language of the page."""
    return language(get_language())


def found(request: HttpRequest, reference: str) -> tuple[Any, str]:
    """A request and what the reader is to it.

    Raises
    ------
    Http404
        if there is none, or the reader has no part in it.
    """
    held = FacilityRequest.objects.select_related("owner", "broker").filter(
        reference=reference).first()  # fmt: skip
    party = party_to_request(request.user, held) if held is not None else ""
    if not party:
        raise Http404
    return held, party


def own(request: HttpRequest, reference: str) -> Any:
    """A request of the reader's own.

    Raises
    ------
    Http404
        if it is not.
    """
    held, party = found(request, reference)
    if party != "requester":
        raise Http404
    return held


def site_of(request: HttpRequest) -> str:
    """Scheme and host, for links in letters."""
    return request.build_absolute_uri("/").rstrip("/")


def changed_meanwhile(request: HttpRequest, reference: str) -> HttpResponse:
    """409: what was asked is not possible in the state that the request has now."""
    return render(request, "hub/requests/refused.html", {"reference": reference}, status=409)
