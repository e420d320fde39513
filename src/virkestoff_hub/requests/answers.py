"""What a provider does with its link, and what the requester does in return."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from virkestoff.facilities import OutcomeKind
from virkestoff.language import Lang
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.requests import letters
from virkestoff_hub.requests.agreement import NDA_VERSION, agreement_hash
from virkestoff_hub.requests.forwarding import move_inquiry, token_of
from virkestoff_hub.requests.models import Look, Message, NdaAcceptance
from virkestoff_hub.requests.register import register

__all__ = ["NO_REASONS", "answer", "ask", "look", "reply", "revoke", "sign_as_provider",
           "sign_as_requester"]  # fmt: skip

NO_REASONS: tuple[OutcomeKind, ...] = (
    "no_capability", "no_capacity_in_window", "price", "class", "confidentiality",
)  # fmt: skip
"""Outcomes that a provider may give as its reason for no."""


def _about(inquiry: Any, more: str = "") -> str:
    return f"{inquiry.request.reference} {inquiry.provider} {more}".strip()


def _who(link: Any) -> str:
    return str(link.contact)


def _tell_requester(inquiry: Any) -> None:
    letters.tell_requester(inquiry.request, inquiry.site)


@transaction.atomic
def answer(link: Any, is_yes: bool, reason: str = "") -> None:
    """Yes, or no with a typed reason.

    Raises
    ------
    Refused
        if the inquiry cannot be answered so any more.
    """
    inquiry = link.inquiry
    action = "answer_yes" if is_yes else "answer_no"
    move_inquiry(inquiry, action, "provider", answered=timezone.now(),
                 reason="" if is_yes else reason)  # fmt: skip
    note(_who(link), "request_answered", _about(inquiry, "yes" if is_yes else reason))
    _tell_requester(inquiry)


@transaction.atomic
def ask(link: Any, text: str) -> None:
    """A question to the requester, which stops the reminders."""
    inquiry = link.inquiry
    move_inquiry(inquiry, "ask", "provider", answered=timezone.now())
    Message.objects.create(inquiry=inquiry, party="provider", text=text)
    note(_who(link), "request_answered", _about(inquiry, "question"))
    _tell_requester(inquiry)


@transaction.atomic
def reply(inquiry: Any, user: Any, party: str, text: str) -> None:
    """The reply to a question; the clock of the reminders begins anew."""
    move_inquiry(inquiry, "reply", party, clock=timezone.now(), answered=None,
                 n_rounds=inquiry.n_rounds + 1)  # fmt: skip
    Message.objects.create(inquiry=inquiry, party=party, text=text)
    note(user, "request_replied", _about(inquiry))
    for link in _live_links(inquiry):
        letters.tell_provider(link.contact, inquiry.site, token_of(link),
                              inquiry.request.reference, "reply", text)  # fmt: skip


def _live_links(inquiry: Any) -> list[Any]:
    now = timezone.now()
    return list(inquiry.links.select_related("contact").filter(revoked=None, expires__gt=now))


def _accept(inquiry: Any, party: str, name: str, account: str, lang: Lang) -> None:
    NdaAcceptance.objects.create(
        inquiry=inquiry, party=party, version=NDA_VERSION, text_hash=agreement_hash(lang),
        language=lang, name=name, account=account,
    )  # fmt: skip


@transaction.atomic
def sign_as_provider(link: Any, name: str, lang: Lang) -> None:
    """The provider accepts the NDA."""
    inquiry = link.inquiry
    move_inquiry(inquiry, "sign", "provider")
    _accept(inquiry, "provider", name, link.contact.email, lang)
    note(_who(link), "request_signed", _about(inquiry, NDA_VERSION))
    _tell_requester(inquiry)


@transaction.atomic
def sign_as_requester(inquiry: Any, user: Any, name: str, lang: Lang) -> None:
    """The requester accepts the NDA towards one provider."""
    move_inquiry(inquiry, "sign", "requester")
    _accept(inquiry, "requester", name, user.username, lang)
    note(user, "request_signed", _about(inquiry, NDA_VERSION))
    if inquiry.state == "open":
        for link in _live_links(inquiry):
            letters.tell_provider(link.contact, inquiry.site, token_of(link),
                                  inquiry.request.reference, "open")  # fmt: skip


@transaction.atomic
def look(link: Any) -> dict[str, str]:
    """The confidential part, after the look has been noted.

    Raises
    ------
    Refused
        unless both have accepted the NDA and access was not revoked.
    """
    inquiry = link.inquiry
    move_inquiry(inquiry, "look", "provider")
    Look.objects.create(inquiry=inquiry, who=_who(link))
    note(_who(link), "request_looked_at", _about(inquiry))
    held: dict[str, str] = inquiry.request.confidential
    return held


@transaction.atomic
def revoke(inquiry: Any, user: Any) -> None:
    """End a provider's access: its links stop working at once."""
    move_inquiry(inquiry, "revoke", "requester")
    inquiry.links.filter(revoked=None).update(revoked=timezone.now())
    note(user, "request_revoked", _about(inquiry, register().name(inquiry.provider)))
