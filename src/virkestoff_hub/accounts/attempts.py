"""Limits on failed attempts to sign in, held in the database: they survive restarts.

Names and addresses are stored as keyed hashes. A name is shut for a while after a few failures,
whoever makes them; an address after more, whatever names it tries.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

__all__ = ["clear", "is_shut", "record_failure"]

WINDOW = timedelta(minutes=15)
MOST_OF_NAME, MOST_OF_ADDRESS = 5, 30
"""Failures within the window."""
KEPT = timedelta(days=1)


def _keys(name: str, address: str) -> tuple[str, str]:
    def keyed(kind: str, text: str) -> str:
        secret = settings.SECRET_KEY.encode()
        return hmac.new(secret, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()

    # spellings that sign the same user in count as one name, as the form reads them
    same = unicodedata.normalize("NFKC", name).strip().casefold()
    return keyed("name", same), keyed("address", address)


def is_shut(name: str, address: str) -> bool:
    """Whether a name or an address has failed too often of late."""
    from virkestoff_hub.accounts.models import Attempt

    since = timezone.now() - WINDOW
    limits = zip(_keys(name, address), (MOST_OF_NAME, MOST_OF_ADDRESS), strict=True)
    return any(
        Attempt.objects.filter(key=key, at__gt=since).count() >= most for key, most in limits
    )


def record_failure(name: str, address: str) -> None:
    """Count a failure for both; what is older than a day is deleted."""
    from virkestoff_hub.accounts.models import Attempt

    Attempt.objects.filter(at__lt=timezone.now() - KEPT).delete()
    Attempt.objects.bulk_create([Attempt(key=key) for key in _keys(name, address)])


def clear(name: str, address: str) -> None:
    """Forget the failures of a name once it has signed in."""
    from virkestoff_hub.accounts.models import Attempt

    Attempt.objects.filter(key=_keys(name, address)[0]).delete()
