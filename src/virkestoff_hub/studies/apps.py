"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """Studies: read a run to the source of each number, change inputs, compare two runs."""

    name = "virkestoff_hub.studies"
    label = "studies"
