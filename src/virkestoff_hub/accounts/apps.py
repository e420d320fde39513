"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in: roles, permissions, second factor, trail of what was done."""

    name = "virkestoff_hub.accounts"
    label = "accounts"
