"""Sign in and out, second factor, password, one's own data."""

from __future__ import annotations

from typing import Any

import django_otp
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virkestoff_hub.accounts.attempts import clear, is_shut, record_failure
from virkestoff_hub.accounts.forms import ROLE_WORDS, CodeForm, SignInForm
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.people import is_last_administrator, own_data
from virkestoff_hub.accounts.permissions import STAFF, may, role_of
from virkestoff_hub.accounts.second_factor import (
    confirmed,
    fresh_codes,
    pending,
    qr_svg,
    secret_of,
    used_code,
)
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import language
from virkestoff_hub.throttle import address_of

__all__ = ["account", "delete", "export", "password", "picture", "second_factor", "sign_in",
           "sign_out"]  # fmt: skip


def _say(nb: str, en: str) -> str:
    return nb if language(get_language()) == "nb" else en


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this site, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_safe else ""


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; shut for a while after too many failures."""
    wanted, status = _next(request), 200
    form: Any = SignInForm(request, data=request.POST or None)
    if request.method == "POST":
        name = request.POST.get("username", "").replace("\0", "")[:150]
        address = address_of(request)
        if is_shut(name, address):
            form = SignInForm(request)
            form.shut = _shut()
            status = 429
        elif form.is_valid():
            user = form.get_user()
            clear(name, address)
            login(request, user)  # gives the session a new key
            note(user, "signed_in")
            return redirect(wanted or "accounts:account")
        else:
            record_failure(name, address)
            note(name, "sign_in_failed")
            status = 422
    return render(request, "hub/accounts/sign_in.html", {"form": form, "next": wanted},
                  status=status)  # fmt: skip


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    user: Any = request.user
    if user.is_authenticated:
        note(user, "signed_out")
    logout(request)
    return redirect("pages:home")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an app, or show its code."""
    user: Any = request.user
    if role_of(user) == "visitor":
        return redirect("accounts:sign-in")
    if user.is_verified():
        return redirect("accounts:account")
    form: Any = CodeForm(request.POST or None)
    device, status = confirmed(user), 200
    if request.method == "POST":
        address = address_of(request)
        if is_shut(f"\0code:{user.pk}", address):
            form.shut = _shut()
            status = 429
        elif form.is_valid():
            codes = _verified(request, user, device, form.cleaned_data["code"])
            if codes is not None:
                clear(f"\0code:{user.pk}", address)
                if codes:
                    return render(request, "hub/accounts/codes.html", {"codes": codes})
                return redirect("accounts:account")
            record_failure(f"\0code:{user.pk}", address)
            form.add_error("code", _say("Koden stemmer ikke. Vent til appen viser en ny, og prøv "
                                        "igjen.", "The code is not right. Wait until the app "
                                        "shows a new one, and try again."))  # fmt: skip
        status = 422 if status == 200 else status
    given: dict[str, Any] = {"form": form, "is_new": device is None}
    if device is None:
        given["secret"] = secret_of(pending(user))
    return render(request, "hub/accounts/second_factor.html", given, status=status)


def _verified(request: HttpRequest, user: Any, device: Any, code: str) -> list[str] | None:
    """Codes on paper after the first time, nothing more later, ``None`` for a wrong code."""
    if device is not None:
        used = used_code(user, code)
        if used is None:
            return None
        request.session.cycle_key()
        django_otp.login(request, used)
        return []
    fresh = pending(user)
    if not fresh.verify_token(code.replace(" ", "")):
        return None
    fresh.confirmed = True
    fresh.save()
    request.session.cycle_key()
    django_otp.login(request, fresh)
    note(user, "second_factor_added")
    return fresh_codes(user)


@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """The secret of the app that is being set up, as a picture."""
    user: Any = request.user
    if role_of(user) == "visitor" or confirmed(user) is not None:
        raise Http404
    return HttpResponse(qr_svg(pending(user)), content_type="image/svg+xml")


@require_GET
@needs("see_account")
def account(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    user: Any = request.user
    given = {
        "role": ROLE_WORDS[user.role].in_(language(get_language())),
        "is_staff_role": user.role in STAFF, "may_manage": may(user, "manage_users"),
        "may_read_trail": may(user, "read_trail"), "has_second": confirmed(user) is not None,
    }  # fmt: skip
    return render(request, "hub/accounts/account.html", given)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("change_password")
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other sessions end."""
    user: Any = request.user
    if request.method == "POST" and is_shut(_guess(user), address_of(request)):
        shut: Any = PasswordChangeForm(user)
        shut.shut = _shut()
        return render(request, "hub/accounts/password.html", {"form": shut}, status=429)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        clear(_guess(user), address_of(request))
        note(user, "password_changed")
        return redirect("accounts:account")
    if "old_password" in form.errors and request.POST.get("old_password"):
        record_failure(_guess(user), address_of(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "hub/accounts/password.html", {"form": form}, status=status)


@require_GET
@needs("export_own_data")
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is stored of the user, as a file."""
    user: Any = request.user
    note(user, "data_exported")
    response = JsonResponse(own_data(user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="virkestoff-data.json"'
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs("delete_own_account")
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account and what belongs to it, after the password."""
    user: Any = request.user
    fault, status = "", 200
    if request.method == "POST":
        status = 422
        if is_shut(_guess(user), address_of(request)):
            fault, status = _shut(), 429
        elif is_last_administrator(user):
            fault = _say("Du er den siste administratoren. Gjør en annen til administrator først.",
                         "You are the last administrator. Make somebody else one first.")
        elif user.check_password(request.POST.get("password", "")):
            name = user.username
            for run in user.runs.all():
                transaction.on_commit(run.delete_files)  # kept if the account is, after all
            user.delete()
            note(name, "account_deleted")
            logout(request)  # last: who could not be deleted stays signed in
            return redirect("pages:home")
        else:
            record_failure(_guess(user), address_of(request))
            fault = _say("Passordet stemmer ikke.", "The password is not right.")
    return render(request, "hub/accounts/delete.html", {"fault": fault}, status=status)


def _guess(user: Any) -> str:
    """Under what guesses of a signed-in user's password are counted: nobody else can add to it."""
    return f"\0password:{user.pk}"


def _shut() -> str:
    return _say("For mange mislykkede forsøk. Vent et kvarter og prøv igjen.",
                "Too many failed attempts. Wait a quarter of an hour and try again.")
