"""Headers of every answer: what a page may load, and what may not be kept of it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

__all__ = ["POLICY", "HeadersMiddleware"]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No style or script within a page, nothing from elsewhere, no frame."""
_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


OWN = ("accounts", "guide", "requests", "runs")
"""Applications whose pages are one reader's."""
SHARED = ("evidence", "facilities", "industry", "instruments", "pages", "search", "studies")
"""Applications whose pages are everybody's, with the name of who is signed in in their head."""


def is_signed_in(request: HttpRequest) -> bool:
    """Whether the page was made for somebody who is signed in."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_session and hasattr(request, "user") and bool(request.user.is_authenticated)


class HeadersMiddleware:
    """Sets the policy of content, and keeps personal pages out of caches and search engines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", _FEATURES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        match = getattr(request, "resolver_match", None)
        space = match.namespace if match is not None else ""
        if space in OWN or (space in SHARED and is_signed_in(request)):
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        return response
