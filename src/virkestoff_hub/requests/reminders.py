"""Reminders to providers, and requests that go to a broker: what is due, and sending it once.

The clock begins when the request was forwarded to the provider, and anew when the requester has
replied to a question. Nobody who has answered is reminded.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils import timezone

from virkestoff_hub.accounts.trail import note
from virkestoff_hub.requests import letters
from virkestoff_hub.requests.forwarding import (
    move_inquiry,
    move_request,
    send_unsent,
    write_to,
)
from virkestoff_hub.requests.models import FacilityRequest, Inquiry, Reminder
from virkestoff_hub.requests.outcomes import AGREEABLE
from virkestoff_hub.requests.states import Refused

__all__ = ["ESCALATE_AFTER", "REMIND_AFTER", "Due", "due_reminders", "remind"]

REMIND_AFTER = (3, 9, 21)
"""Days from forwarding after which a provider that has not answered is reminded."""
ESCALATE_AFTER = 45
"""Days from the first forwarding after which a request that nobody takes goes to a broker."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """Something to send: a reminder of an inquiry, or a request to the brokers."""

    kind: Literal["remind", "escalate"]
    held: Any
    days: int


def _reminder_days(inquiry: Any, sent: Sequence[int], now: datetime) -> int | None:
    """The reminder that is due: the latest, if several were missed; ``None`` if none is."""
    waited = now - inquiry.clock
    passed = [days for days in REMIND_AFTER if waited >= timedelta(days=days)]
    latest = max(passed, default=None)
    return latest if latest is not None and latest > max(sent, default=0) else None


def due_reminders(now: datetime) -> list[Due]:
    """What is due at a moment and was not sent; nothing is changed."""
    due = []
    waiting = Inquiry.objects.filter(
        state="waiting", request__state__in=("forwarded", "escalated", "taken_over")
    )
    for inquiry in waiting.select_related("request__owner").prefetch_related("reminders"):
        sent = [r.days for r in inquiry.reminders.all() if r.n_round == inquiry.n_rounds]
        days = _reminder_days(inquiry, sent, now)
        if days is not None:
            due.append(Due("remind", inquiry, days))
    old = FacilityRequest.objects.filter(
        state="forwarded", forwarded__lte=now - timedelta(days=ESCALATE_AFTER)
    )
    for held in old.exclude(inquiries__state__in=(*AGREEABLE, "question")).distinct():
        due.append(Due("escalate", held, ESCALATE_AFTER))
    return due


@transaction.atomic
def _remind(due: Due, now: datetime) -> None:
    inquiry = due.held
    Reminder.objects.create(inquiry=inquiry, n_round=inquiry.n_rounds, days=due.days)
    move_inquiry(inquiry, "remind", "system")
    links = inquiry.links.select_related("contact").filter(revoked=None, expires__gt=now)
    for link in links:
        write_to(inquiry, link, is_reminder=True)


@transaction.atomic
def _escalate(due: Due, now: datetime) -> None:
    from virkestoff_hub.accounts.models import User

    held = due.held
    move_request(held, "escalate", "system", escalated=now)
    note("–", "request_escalated", held.reference)
    first = held.inquiries.first()
    brokers = list(User.objects.filter(role="broker", is_active=True))
    letters.tell_brokers(held, brokers, first.site if first else "", due.days)


def remind(now: datetime | None = None) -> tuple[int, int]:
    """Send what is due, each thing once; how many reminders and escalations there were.

    A letter that cannot be sent leaves no trace and is tried again the next time.
    """
    now = now or timezone.now()
    send_unsent()
    n = {"remind": 0, "escalate": 0}
    for due in due_reminders(now):
        try:
            (_remind if due.kind == "remind" else _escalate)(due, now)
        except (IntegrityError, Refused):  # somebody else was there first
            continue
        except OSError:
            _log.exception("%s %s", due.kind, due.held.pk)
            continue
        n[due.kind] += 1
    return n["remind"], n["escalate"]
