"""How requests end, and what was asked for and not met."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from virkestoff.disclosure import rules_from
from virkestoff.facilities import Outcome, UnmetNeed, unmet_need
from virkestoff.facilities.unmet import By
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import library
from virkestoff_hub.requests.forwarding import engine_request, move_inquiry, move_request
from virkestoff_hub.requests.models import RecordedOutcome
from virkestoff_hub.requests.register import register, shortlist
from virkestoff_hub.requests.states import FINAL_INQUIRY_STATES

__all__ = ["AGREEABLE", "close", "requester_key", "suggested", "unmet", "unmet_file", "years"]

AGREEABLE = ("yes", "signed_by_provider", "signed_by_requester", "open")
"""States of an inquiry with which an agreement can be told."""


def requester_key(held: Any) -> str:
    """A keyed hash of the company, by number or name: one company counts once."""
    company = held.confidential
    number = re.sub(r"\D", "", str(company.get("organisation_number", "")))
    name = " ".join(str(company.get("company", "")).casefold().split())
    who = number or name or f"user {held.owner_id}"
    return hmac.new(settings.SECRET_KEY.encode(), who.encode(), hashlib.sha256).hexdigest()


def suggested(held: Any) -> str:
    """How a request would be closed as it stands; empty if nothing says so."""
    inquiries = list(held.inquiries.all())
    if any(i.state in AGREEABLE for i in inquiries):
        return "agreed"
    reasons = [i.reason for i in inquiries if i.state == "no" and i.reason]
    if reasons:
        return max(sorted(set(reasons)), key=reasons.count)
    if inquiries:
        return "no_answer"
    request = engine_request(held)
    found = shortlist(request, timezone.localdate()).suggested_outcome() if request else None
    return found or ""


@transaction.atomic
def close(held: Any, user: Any, party: str, kind: str, step: int = 0) -> None:
    """Close a request with how it ended; what is open to providers ends with it.

    Parameters
    ----------
    step : the piece of work that decided

    Raises
    ------
    Refused
        if the request may not be closed so by this party now.
    """
    now = timezone.now()
    move_request(held, "close", party, closed=now, outcome=kind)
    for inquiry in held.inquiries.exclude(state__in=FINAL_INQUIRY_STATES):
        move_inquiry(inquiry, "end", "system")
    steps = held.wishes["steps"]
    RecordedOutcome.objects.create(
        request=held.reference, kind=kind, on=timezone.localdate(now),
        requester=requester_key(held), does=steps[min(step, len(steps) - 1)]["does"],
        modality=held.wishes.get("modality", ""),
    )  # fmt: skip
    note(user, "request_closed", f"{held.reference} {kind}")


def years() -> list[int]:
    """Years in which requests have ended, the last first."""
    days = RecordedOutcome.objects.dates("on", "year", order="DESC")
    return [day.year for day in days]


def unmet(year: int, by: Sequence[By]) -> UnmetNeed:
    """How the requests of a whole year ended, safe to publish.

    Years do not overlap, so that no two tables can be subtracted from each other.

    Raises
    ------
    InputError
        if none ended in the year, or the table cannot be protected.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = [
        Outcome(request=o.request, kind=o.kind, on=o.on, requester=o.requester, does=o.does,
                modality=o.modality or None)
        for o in RecordedOutcome.objects.filter(on__range=(first, last)).order_by("request")
    ]  # fmt: skip
    rules = rules_from(library())
    return unmet_need(found, register().vocabulary, rules, first=first, last=last, by=by)


def unmet_file(found: UnmetNeed) -> str:
    """The cells as statistics, for somebody to review before they enter the library."""
    records = {}
    for statistic in found.statistics():
        record = statistic.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
        record["value"] = statistic.value
        records[statistic.id] = record
    return str(yaml.safe_dump({"statistics": records}, allow_unicode=True, sort_keys=False))
