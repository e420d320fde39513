"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Long runs in the background: progress, cancel, files."""

    name = "virkestoff_hub.runs"
    label = "runs"
