"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class IndustryConfig(AppConfig):
    """The industry: published figures, statistics, projections."""

    name = "virkestoff_hub.industry"
    label = "industry"
