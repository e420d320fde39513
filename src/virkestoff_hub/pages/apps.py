"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Front page, statements, and what every page shares."""

    name = "virkestoff_hub.pages"
    label = "pages"
