"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """Facilities: list, map, matching, and the providers' own pages."""

    name = "virkestoff_hub.facilities"
    label = "facilities"
