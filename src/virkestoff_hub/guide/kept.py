"""Answers behind a private link: made, found, deleted, forgotten when their time is up."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.utils import timezone

from virkestoff.instruments.profile import Profile
from virkestoff_hub.engine import bench
from virkestoff_hub.guide.memory import profile_from, profile_to

__all__ = ["DAYS_KEPT", "delete_expired", "find", "keep", "profile_of"]

DAYS_KEPT = 90
"""Days until a kept answer is deleted."""
SECRET_BYTES = 32


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def keep(profile: Profile, on: date) -> str:
    """Keep an answer; the secret of its link, which is stored nowhere."""
    from virkestoff_hub.guide.models import KeptAnswer

    secret = secrets.token_urlsafe(SECRET_BYTES)
    KeptAnswer.objects.create(
        secret_hash=_hash(secret), profile=profile_to(profile), on=on,
        expires=timezone.now() + timedelta(days=DAYS_KEPT),
    )  # fmt: skip
    return secret


def find(secret: str) -> object | None:
    """The kept answer of a link that has not expired."""
    from virkestoff_hub.guide.models import KeptAnswer

    held = KeptAnswer.objects.filter(secret_hash=_hash(secret), expires__gt=timezone.now())
    return held.first()


def profile_of(kept: object) -> Profile:
    """The profile of a kept answer."""
    held = kept.profile  # type: ignore[attr-defined]
    return profile_from(held, bench().schemes.vocabulary.terms)


def delete_expired() -> int:
    """Delete what has been kept too long; how many there were."""
    from virkestoff_hub.guide.models import KeptAnswer

    return int(KeptAnswer.objects.filter(expires__lte=timezone.now()).delete()[0])
