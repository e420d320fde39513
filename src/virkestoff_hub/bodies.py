"""How much a form may send: what is larger is refused before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from virkestoff_hub.api.faults import is_api

__all__ = ["LARGEST_BODY", "BodyMiddleware"]

LARGEST_BODY = 1_200_000
"""Bytes of a body: the largest workbook, and the form around it."""


class BodyMiddleware:
    """Answers 413 to a body that is too large, or whose length nobody says.

    Django writes an upload to a temporary file before it knows whether the form was forged. The API
    has a limit of its own (``api.middleware``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request) or not _is_too_large(request):
            return self.get_response(request)
        from virkestoff_hub.pages.faults import too_large

        return too_large(request)


def _is_too_large(request: HttpRequest) -> bool:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        return True  # sent in pieces: its length is known when it has been read
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_number = length.isascii() and length.isdigit() and len(length) <= len(str(LARGEST_BODY))
    return not is_number or int(length) > LARGEST_BODY
