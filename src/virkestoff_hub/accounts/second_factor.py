"""The second factor of staff: a code from an app, and codes on paper for when it is lost."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from virkestoff_hub.accounts.permissions import needs_second_factor

__all__ = ["SecondFactorMiddleware", "confirmed", "fresh_codes", "pending", "qr_svg", "reset",
           "secret_of", "used_code"]  # fmt: skip

N_CODES = 8
"""Codes on paper; each works once."""
_ALLOWED = frozenset(("second-factor", "second-factor-picture", "sign-out", "sign-in"))


class SecondFactorMiddleware:
    """Leads staff who have not shown their second factor to the page where they do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Before a view runs."""
        match = request.resolver_match
        is_allowed = match is None or (
            match.namespace == "accounts" and match.url_name in _ALLOWED
        )
        user: Any = getattr(request, "user", None)
        if is_allowed or user is None or not needs_second_factor(user):
            return None
        return redirect("accounts:second-factor")


def confirmed(user: Any) -> Any:
    """The app that a user has set up; ``None`` if there is none."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def pending(user: Any) -> Any:
    """The app that a user is setting up."""
    device, _ = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


def secret_of(device: Any) -> str:
    """The secret to type into an app, in groups of four."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def qr_svg(device: Any) -> bytes:
    """The secret as a picture for an app to read."""
    held = io.BytesIO()
    segno.make(device.config_url, error="m").save(
        held, kind="svg", scale=5, border=3, dark="#16232b", light="#ffffff"
    )
    return held.getvalue()


def fresh_codes(user: Any) -> list[str]:
    """New codes on paper; the old ones stop working."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper", confirmed=True)
    codes = [StaticToken.random_token() for _ in range(N_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def used_code(user: Any, code: str) -> Any:
    """The device whose code this is; ``None`` if it is none. A code works once."""
    plain = code.replace(" ", "")
    for device in (confirmed(user), StaticDevice.objects.filter(user=user).first()):
        if device is None:
            continue
        is_allowed, _ = device.verify_is_allowed()
        if is_allowed and device.verify_token(plain):
            return device
    return None


def reset(user: Any) -> None:
    """Remove every second factor of a user; at the next sign-in a new one is set up."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
