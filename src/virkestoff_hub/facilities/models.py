"""What providers say themselves: who speaks for whom, confirmed statements, lines of capacity."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from virkestoff.facilities import Capability, Window

__all__ = ["CapacityLine", "ProviderLink", "Statement", "StatementVersion"]

ANSWERS = ("right", "corrected", "ended", "wrong", "open", "added")
_ANSWER_CHOICES = [(a, a) for a in ANSWERS]


class ProviderLink(models.Model):
    """A user who speaks for a provider of the register."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE,
                             related_name="provider_links")  # fmt: skip
    provider = models.CharField(max_length=80, db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                                on_delete=models.SET_NULL, related_name="+")  # fmt: skip
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "provider"), name="one_link_each"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} for {self.provider}"


class Statement(models.Model):
    """What a provider says: an answer to a statement of the library, or a statement of its own.

    ``key`` names the library's statement by all that it says; when the library says something else,
    the answer no longer belongs to it. A statement that no source makes is answered ``added``, and
    ``ended`` or ``wrong`` when it no longer holds or never did; ``open`` takes an answer to the
    library back.
    """

    provider = models.CharField(max_length=80, db_index=True)
    key = models.CharField(max_length=16)
    answer = models.CharField(max_length=10, choices=_ANSWER_CHOICES)
    capability = models.JSONField(default=dict)
    on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                                   on_delete=models.SET_NULL, related_name="+")  # fmt: skip

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("provider", "key"), name="one_answer_each"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.provider} {self.key}: {self.answer}"

    @property
    def read(self) -> Capability:
        """The statement as the provider has it."""
        return Capability.model_validate(self.capability)


class StatementVersion(models.Model):
    """A statement as it was from one change to the next; never changed, so each can be restored."""

    provider = models.CharField(max_length=80)
    key = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=_ANSWER_CHOICES)
    capability = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                           on_delete=models.SET_NULL, related_name="+")  # fmt: skip

    class Meta:
        ordering = ("provider", "key", "-version")
        constraints = (
            models.UniqueConstraint(fields=("provider", "key", "version"), name="one_of_a_version"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.provider} {self.key} {self.version}: {self.answer}"


class CapacityLine(models.Model):
    """A window of capacity as a provider entered it, under a name that is unique to the provider.

    ``data`` is what the engine's window holds; ``version`` rises with each change, so that two who
    change it at once do not overwrite each other.
    """

    provider = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=60)
    data = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                                   on_delete=models.SET_NULL, related_name="+")  # fmt: skip
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("provider", "name")
        constraints = (
            models.UniqueConstraint(fields=("provider", "name"), name="one_line_of_a_name"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.provider}/{self.name}"

    @property
    def window(self) -> Window:
        """The window as the engine reads it."""
        return Window.model_validate(self.data)

    def take(self, window: Window) -> None:
        """Hold a window's values."""
        held: dict[str, Any] = window.model_dump(mode="json", by_alias=True, exclude_none=True)
        self.data = held
