"""Long runs: what was asked, how far it has come, what came of it."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

__all__ = ["Run"]

STATES = ("waiting", "running", "done", "failed", "cancelled")


class Run(models.Model):
    """A run in the background; its files lie in a folder of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="waiting")
    n_done = models.PositiveIntegerField(default=0)
    n_steps = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)
    fault = models.TextField(blank=True)
    n_tries = models.PositiveSmallIntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE,
                              related_name="runs")  # fmt: skip
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    seen = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(settings.RUNS_ROOT) / str(self.id)

    @property
    def files(self) -> list[str]:
        """Names of its files, in order."""
        if self.state != "done" or not self.folder.is_dir():
            return []
        return sorted(p.name for p in self.folder.iterdir() if p.is_file())

    def delete_files(self) -> None:
        """Remove its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
