"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Facts, statistics and sources: find one, and see where it stands."""

    name = "virkestoff_hub.evidence"
    label = "evidence"
