"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """The guide: from a few facts to schemes with reasons, without signing in."""

    name = "virkestoff_hub.guide"
    label = "guide"
