"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    """Support schemes: list, a page each, coverage."""

    name = "virkestoff_hub.instruments"
    label = "instruments"
