"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Everything public as JSON."""

    name = "virkestoff_hub.api"
    label = "api"
