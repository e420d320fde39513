"""Requests, what was asked of each provider, and what came of it."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models

from virkestoff.facilities import OUTCOME_KINDS
from virkestoff_hub.requests.states import INQUIRY_STATES, REQUEST_STATES

__all__ = [
    "AnswerLink", "FacilityRequest", "Inquiry", "LoggedOffer", "Look", "Message", "NdaAcceptance",
    "ProviderContact", "RecordedOutcome", "Reminder", "new_reference",
]  # fmt: skip

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 7


def new_reference() -> str:
    """A name for a request that says nothing of who made it, or when."""
    return "F-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def _choices(keys: Any) -> list[tuple[str, str]]:
    return [(key, key) for key in keys]


class FacilityRequest(models.Model):
    """What a company asks for.

    ``wishes`` is what providers may see and the engine matches; ``confidential`` is what names the
    company. Both hold the form as it was written. ``history`` holds earlier versions of a draft.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE,
                              related_name="facility_requests")  # fmt: skip
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                               on_delete=models.SET_NULL, related_name="brokered")  # fmt: skip
    state = models.CharField(max_length=20, default="draft", choices=_choices(REQUEST_STATES))
    wishes = models.JSONField(default=dict)
    confidential = models.JSONField(default=dict)
    history = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    forwarded = models.DateTimeField(null=True, blank=True, db_index=True)
    escalated = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=30, blank=True, choices=_choices(OUTCOME_KINDS))

    class Meta:
        ordering = ("-created", "-id")

    def __str__(self) -> str:
        return self.reference


class ProviderContact(models.Model):
    """Who gets e-mail for a provider; ``provider`` is its key in the register."""

    provider = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=150)
    email = models.EmailField()
    language = models.CharField(max_length=2, default="nb", choices=[("nb", "nb"), ("en", "en")])
    added = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                                 on_delete=models.SET_NULL, related_name="+")  # fmt: skip

    class Meta:
        ordering = ("provider", "email")
        constraints = [
            models.UniqueConstraint(fields=["provider", "email"], name="one_contact_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


class Inquiry(models.Model):
    """A request put to one provider. ``clock`` is from when reminders are counted."""

    request = models.ForeignKey(FacilityRequest, on_delete=models.CASCADE, related_name="inquiries")
    provider = models.CharField(max_length=120)
    steps = models.JSONField(default=list)
    state = models.CharField(max_length=30, default="unsent", choices=_choices(INQUIRY_STATES))
    reason = models.CharField(max_length=30, blank=True, choices=_choices(OUTCOME_KINDS))
    site = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    clock = models.DateTimeField(null=True, blank=True, db_index=True)
    n_rounds = models.PositiveIntegerField(default=0)
    answered = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["request", "provider"], name="one_inquiry_per_provider")
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.provider} ({self.state})"


class AnswerLink(models.Model):
    """What a link in an e-mail opens. The link is this id, signed with the site's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(ProviderContact, on_delete=models.CASCADE, related_name="links")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "contact"], name="one_link_per_contact")
        ]

    def __str__(self) -> str:
        return f"link until {self.expires:%Y-%m-%d}"


class Message(models.Model):
    """A question of a provider, or the reply to it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="messages")
    party = models.CharField(max_length=20)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.party}: {self.text[:40]}"


class NdaAcceptance(models.Model):
    """That somebody accepted the agreement: which text, who, for whom, when."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="acceptances")
    party = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=150)
    account = models.CharField(max_length=254)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "party"], name="one_acceptance_per_party")
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.version}"


class Look(models.Model):
    """That a provider opened the confidential part."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="looks")
    who = models.CharField(max_length=420)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.who} {self.at:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """That a reminder was sent: once for each round of waiting and each number of days."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="reminders")
    n_round = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "n_round", "days"], name="remind_once")
        ]

    def __str__(self) -> str:
        return f"{self.days} days"


class LoggedOffer(models.Model):
    """That a provider was shown to a requester; kept when the request is gone, for fairness."""

    request = models.CharField(max_length=20, db_index=True)
    step = models.PositiveIntegerField()
    provider = models.CharField(max_length=120, db_index=True)
    on = models.DateField()
    position = models.PositiveIntegerField()
    status = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "step", "provider"], name="one_offer")
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.provider}"


class RecordedOutcome(models.Model):
    """How a request ended, for counting unmet need; it names nobody and outlives the request.

    ``requester`` is a keyed hash of the company, so that one company counts as one contributor.
    """

    request = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=30, choices=_choices(OUTCOME_KINDS))
    on = models.DateField(db_index=True)
    requester = models.CharField(max_length=64)
    does = models.CharField(max_length=120)
    modality = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.request}: {self.kind}"
