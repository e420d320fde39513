"""The register that requests are matched against, and the shortlist of a request."""

from __future__ import annotations

from datetime import date
from typing import Any

from virkestoff.facilities import (
    Candidate,
    Match,
    Offer,
    Register,
    Request,
    StepMatch,
    match,
    offers_of,
)
from virkestoff_hub.facilities.holding import joined

__all__ = ["N_SHOWN", "listed", "log_offers", "provider_names", "register", "shortlist"]

N_SHOWN = 5
"""Providers shown for each piece of work."""


def register() -> Register:
    """Vocabulary, providers and windows, with what providers have said and entered here."""
    return joined()


def provider_names() -> list[tuple[str, str]]:
    """Key and name of every provider, by name."""
    held = register()
    return sorted(((key, held.name(key)) for key in held.providers), key=lambda p: p[1].casefold())


def _other_offers(reference: str) -> list[Offer]:
    """Offers of other requests: one's own would change the order from one look to the next."""
    from virkestoff_hub.requests.models import LoggedOffer

    rows = LoggedOffer.objects.exclude(request=reference).values_list(
        "request", "step", "provider", "on", "position", "status"
    )
    return [Offer(*row) for row in rows]


def shortlist(request: Request, on: date) -> Match:
    """Who can do what a request asks for, with fair turns among equals.

    A signed-in company sees lines open to registered users, and no price that is for brokers alone.
    """
    return match(
        request, register(), on, viewer="registered", offers=_other_offers(request.request)
    )


def listed(step: StepMatch, wanted: str = "") -> tuple[Candidate, ...]:
    """Those that a requester may choose among: the first, and whom it came to ask.

    ``wanted`` is added only where nothing stated speaks against it.
    """
    first = step.shortlist(N_SHOWN)
    named = step.candidate(wanted)
    if named is None or named.status == "no" or named in first:
        return first
    return (*first, named)


def log_offers(found: Match) -> None:
    """Note who was shown where; the first time counts."""
    from virkestoff_hub.requests.models import LoggedOffer

    rows: list[Any] = [
        LoggedOffer(request=o.request, step=o.step, provider=o.provider, on=o.on,
                    position=o.position, status=o.status)
        for o in offers_of(found, N_SHOWN)
    ]  # fmt: skip
    LoggedOffer.objects.bulk_create(rows, ignore_conflicts=True)
