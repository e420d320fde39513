"""What holds for the whole API: no cookies, small bodies, one shape of faults."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from virkestoff_hub.api.bodies import LARGEST
from virkestoff_hub.api.faults import is_api, status_response

__all__ = ["ApiMiddleware"]
MOST_DIGITS = 20
"""Digits of a length that is read as a number."""


class ApiMiddleware:
    """Takes away cookies, refuses large bodies, and says in JSON what Django says in other ways."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)  # nobody is signed in here, so nothing can be forged
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_number = length.isascii() and length.isdigit() and len(length) <= MOST_DIGITS
        if not is_number or int(length) > LARGEST:
            return status_response(request, 413)
        response = self.get_response(request)
        if response.status_code == 405:
            return status_response(request, 405, {"Allow": response.headers.get("Allow", "")})
        is_kept = request.method in ("GET", "HEAD") and response.status_code == 200
        response.headers["Cache-Control"] = "public, max-age=300" if is_kept else "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
