"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search over all that the library holds."""

    name = "virkestoff_hub.search"
    label = "search"
