"""What a form changes is stored whole or not at all, wherever the database fails in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

__all__ = ["WholeMiddleware"]

SPACES = ("accounts", "facilities", "requests", "runs")
"""Applications with tables of their own; the others write no more than the session."""


class WholeMiddleware:
    """One transaction for each form; it stands last, so that a forged form opens none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:  # fmt: skip
        """Answer a form within a transaction; leave everything else alone."""
        match = request.resolver_match
        if request.method != "POST" or match is None or match.namespace not in SPACES:
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)
