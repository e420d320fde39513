"""The application as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Requests for facilities: from draft to outcome."""

    name = "virkestoff_hub.requests"
    label = "hub_requests"

    def ready(self) -> None:
        """Give the audit trail the words for what is done here."""
        from virkestoff_hub.accounts.trail import WORDS
        from virkestoff_hub.requests.trail_words import REQUEST_WORDS

        WORDS.update(REQUEST_WORDS)
