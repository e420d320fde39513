"""Users and the audit trail, for administrators."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from virkestoff_hub.accounts.forms import ROLE_WORDS, NewUserForm, UserForm
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.models import TrailEntry, User
from virkestoff_hub.accounts.people import is_last_administrator
from virkestoff_hub.accounts.second_factor import confirmed, reset
from virkestoff_hub.accounts.trail import WORDS, note
from virkestoff_hub.engine import language

__all__ = ["add_user", "trail", "user", "users"]

A_PAGE = 50
PASSWORD_BYTES = 12


@require_GET
@needs("manage_users")
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account."""
    lang = language(get_language())
    page = Paginator(User.objects.order_by("username"), A_PAGE).get_page(request.GET.get("page"))
    rows = [(u, ROLE_WORDS[u.role].in_(lang)) for u in page]
    return render(request, "hub/accounts/users.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def add_user(request: HttpRequest) -> HttpResponse:
    """A new user with a password that is shown once."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        made.set_password(password)
        made.save()
        note(request.user, "user_added", f"{made.username} ({made.role})")
        return render(request, "hub/accounts/added.html", {"made": made, "password": password})
    status = 422 if request.method == "POST" else 200
    return render(request, "hub/accounts/add_user.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a user's role, or whether they may sign in; reset a lost second factor."""
    held = get_object_or_404(User, pk=pk)
    form: Any = UserForm(request.POST or None, instance=held)
    if request.method == "POST":
        if request.POST.get("do") == "reset":
            reset(held)
            note(request.user, "second_factor_removed", held.username)
            return redirect("accounts:user", pk=pk)
        if _is_last_administrator(held, form):
            is_norwegian = language(get_language()) == "nb"
            form.add_error("role", "Dette er den siste administratoren. Gjør en annen til "
                           "administrator først." if is_norwegian else "This is the last "
                           "administrator. Make somebody else one first.")  # fmt: skip
        if form.is_valid():
            form.save()
            note(request.user, "user_changed", f"{held.username} ({held.role})")
            return redirect("accounts:users")
    status = 422 if request.method == "POST" else 200
    given = {"form": form, "held": held, "has_second": confirmed(held) is not None}
    return render(request, "hub/accounts/user.html", given, status=status)


def _is_last_administrator(held: Any, form: Any) -> bool:
    """Whether the change would leave nobody who can manage users."""
    if not form.is_valid():
        return False
    stays = form.cleaned_data["role"] == "administrator" and form.cleaned_data["is_active"]
    return not stays and is_last_administrator(User.objects.get(pk=held.pk))


@require_GET
@needs("read_trail")
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first."""
    lang = language(get_language())
    what = request.GET.get("what", "")
    entries = TrailEntry.objects.all()
    if what in WORDS:
        entries = entries.filter(what=what)
    page = Paginator(entries, A_PAGE).get_page(request.GET.get("page"))
    given = {
        "page": page,
        "rows": [(e, WORDS[e.what].in_(lang) if e.what in WORDS else e.what) for e in page],
        "options": [(k, w.in_(lang), k == what) for k, w in WORDS.items()],
    }  # fmt: skip
    return render(request, "hub/accounts/trail.html", given)
