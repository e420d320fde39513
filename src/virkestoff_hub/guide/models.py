"""Answers that somebody keeps behind a private link."""

from __future__ import annotations

from django.db import models

__all__ = ["KeptAnswer"]


class KeptAnswer(models.Model):
    """A profile and the date of its answer, found by the hash of a secret in its link."""

    secret_hash = models.CharField(max_length=64, unique=True)
    profile = models.JSONField()
    on = models.DateField()
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"answer of {self.on}"
