"""People who sign in, the trail of what they did, and failed attempts to sign in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from virkestoff_hub.accounts.permissions import ROLES

__all__ = ["Attempt", "TrailEntry", "User"]


class User(AbstractUser):
    """A person with one role."""

    role = models.CharField(max_length=20, choices=[(r, r) for r in ROLES if r != "visitor"],
                            default="company")  # fmt: skip


class TrailEntry(models.Model):
    """Something that was done: when, by whom, what, to what. Entries are never changed.

    The name stands beside the user, since the entry outlives a deleted account.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True,
                             on_delete=models.SET_NULL, related_name="trail")  # fmt: skip
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=40, db_index=True)
    about = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who}: {self.what} {self.about}".rstrip()


class Attempt(models.Model):
    """A failed attempt to sign in, by the hash of name or address; deleted after a day."""

    key = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
