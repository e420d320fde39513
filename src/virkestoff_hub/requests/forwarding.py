"""A request put to providers: inquiries, their links, and every step of the two machines."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from virkestoff.facilities import Request
from virkestoff.language import Lang
from virkestoff_hub.requests import letters
from virkestoff_hub.requests.draft import checked
from virkestoff_hub.requests.models import AnswerLink, FacilityRequest, Inquiry, ProviderContact
from virkestoff_hub.requests.register import register
from virkestoff_hub.requests.shown import summary_rows, title_of
from virkestoff_hub.requests.states import Refused, inquiry_after, request_after

__all__ = ["LINK_DAYS", "engine_request", "forward", "link_of", "move_inquiry", "move_request",
           "provider_title", "send", "send_unsent", "token_of", "write_to"]  # fmt: skip

LINK_DAYS = 90
"""Days that a provider's link works: twice the time until a broker takes over."""
_log = logging.getLogger(__name__)
_SALT = "virkestoff_hub.requests.answer"


def move_request(held: Any, action: str, party: str, **changes: Any) -> None:
    """Take a request to its next state, unless that is forbidden or somebody was there first.

    Raises
    ------
    Refused
        and nothing has changed.
    """
    after = request_after(held.state, action, party)
    if after is None:
        raise Refused(f"{party} may not {action} a request that is {held.state}")
    mine = FacilityRequest.objects.filter(pk=held.pk, state=held.state)
    if not mine.update(state=after, changed=timezone.now(), **changes):
        raise Refused("the request has changed meanwhile")
    held.refresh_from_db()


def move_inquiry(inquiry: Any, action: str, party: str, **changes: Any) -> None:
    """Take an inquiry to its next state, unless that is forbidden or somebody was there first.

    Raises
    ------
    Refused
        and nothing has changed.
    """
    after = inquiry_after(inquiry.state, action, party)
    if after is None:
        raise Refused(f"{party} may not {action} an inquiry that is {inquiry.state}")
    mine = Inquiry.objects.filter(pk=inquiry.pk, state=inquiry.state)
    if not mine.update(state=after, **changes):
        raise Refused("the inquiry has changed meanwhile")
    inquiry.refresh_from_db()


def engine_request(held: Any, lang: Lang = "nb") -> Request | None:
    """The request as the engine reads it; ``None`` while something in it is faulty."""
    return checked(held, register(), lang, held.created.year).request


def token_of(link: Any) -> str:
    """The secret part of a link: the id, signed."""
    return Signer(salt=_SALT).sign(link.pk.hex)


def link_of(token: str, now: datetime) -> Any:
    """The link that a token opens; ``None`` if it was forged, has expired or was revoked."""
    try:
        pk = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    found = AnswerLink.objects.select_related("inquiry__request__owner", "contact").filter(
        pk=pk, revoked=None, expires__gt=now
    )
    return found.first()


def provider_title(inquiry: Any, lang: Lang) -> tuple[str, list[tuple[str, str]]]:
    """What the provider reads of a request: its title and the rows of the anonymous summary."""
    request = engine_request(inquiry.request)
    if request is None:
        return inquiry.request.reference, []
    held = register()
    return title_of(request, held, lang), summary_rows(request, held, lang, inquiry.steps)


def write_to(inquiry: Any, link: Any, is_reminder: bool = False) -> None:
    """Send the question to one contact."""
    lang: Lang = "en" if link.contact.language == "en" else "nb"
    title, rows = provider_title(inquiry, lang)
    letters.ask_provider(
        link.contact, inquiry.site, token_of(link), inquiry.request.reference, title,
        register().name(inquiry.provider), rows, link.expires, is_reminder,
    )  # fmt: skip


@transaction.atomic
def _send(inquiry: Any, now: datetime) -> bool:
    """Write to every contact of the provider; ``False`` if it has none yet.

    Raises
    ------
    OSError
        if no letter could be sent; the inquiry is as it was.
    """
    contacts = list(ProviderContact.objects.filter(provider=inquiry.provider))
    if not contacts:
        return False
    move_inquiry(inquiry, "send", "system", clock=now, n_rounds=1)
    n_sent = 0
    for contact in contacts:
        link = AnswerLink.objects.create(
            inquiry=inquiry, contact=contact, expires=now + timedelta(days=LINK_DAYS)
        )
        try:
            write_to(inquiry, link)
            n_sent += 1
        except OSError:
            _log.exception("inquiry %s", inquiry.pk)
    if not n_sent:
        raise OSError("no letter could be sent")
    return True


def send(inquiry: Any) -> bool:
    """Send an inquiry if it can be sent now; the worker tries again later if not."""
    try:
        return _send(inquiry, timezone.now())
    except (OSError, Refused):
        inquiry.refresh_from_db()
        return False


def forward(held: Any, chosen: Mapping[str, Sequence[int]], party: str, site: str) -> list[Any]:
    """Put a request to providers, each for the pieces of work that it was chosen for.

    Parameters
    ----------
    chosen : steps by provider; a provider that was asked before is not asked again
    site : scheme and host for the links

    Raises
    ------
    Refused
        if the request may not be forwarded now; nothing is sent.
    """
    with transaction.atomic():
        move_request(held, "forward", party, forwarded=held.forwarded or timezone.now())
        asked = set(held.inquiries.values_list("provider", flat=True))  # after the row is locked
        made = [
            Inquiry.objects.create(request=held, provider=provider, steps=sorted(steps), site=site)
            for provider, steps in chosen.items() if provider not in asked
        ]  # fmt: skip
    for inquiry in made:  # a letter that fails leaves the others as they are
        send(inquiry)
    return made


def send_unsent(provider: str = "") -> int:
    """Send what waits for a contact or for the mail server; how many were sent."""
    waiting = Inquiry.objects.filter(state="unsent").select_related("request__owner")
    return sum(send(i) for i in (waiting.filter(provider=provider) if provider else waiting))
