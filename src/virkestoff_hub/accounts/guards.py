"""What a view asks for before it does anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from virkestoff_hub.accounts.permissions import Action, may

__all__ = ["needs"]

View = Callable[..., HttpResponse]


def needs(action: Action) -> Callable[[View], View]:
    """A view for those who may do a thing; others sign in first, or are refused."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user: Any = getattr(request, "user", None)
            if may(user, action):
                return view(request, *args, **kwargs)
            if user is None or not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied

        return guarded

    return guard
