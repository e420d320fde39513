"""The companies that statistics are made of: one's own accounts, or synthetic ones on request."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from django.conf import settings

from virkestoff.errors import InputError
from virkestoff.industry.population import Population
from virkestoff_hub.engine import bench

__all__ = ["companies", "has_companies", "is_synthetic"]

_lock = Lock()


@lru_cache(maxsize=1)
def _has_own() -> bool:
    """Whether the data folder holds accounts that can be read."""
    try:
        bench().own_accounts(settings.HUB.data)
    except InputError:
        return False
    return True


def has_companies() -> bool:
    """Whether there are companies to make statistics of."""
    return bool(settings.HUB.is_demo) or _has_own()


def is_synthetic() -> bool:
    """Whether the companies do not exist: a demonstration without accounts of one's own."""
    return not _has_own()


@lru_cache(maxsize=1)
def _companies() -> Population:
    return bench().population("own" if _has_own() else "synthetic", settings.HUB.data)[0]


def companies() -> Population:
    """The companies; loaded once per process."""
    with _lock:
        return _companies()
