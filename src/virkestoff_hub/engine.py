"""The engine of this process: the library is loaded once, and answers are made over it."""

from __future__ import annotations

import threading

from django.conf import settings
from django.urls import reverse

from virkestoff.evidence import Library
from virkestoff.language import Lang
from virkestoff.reports.fragment import Places
from virkestoff.search import SearchIndex
from virkestoff.workbench import Workbench
from virkestoff.workbench.search import search_index

__all__ = ["bench", "language", "library", "places", "search", "warm"]

_LOCK = threading.Lock()
_benches: list[Workbench] = []
_indexes: list[SearchIndex] = []


def bench() -> Workbench:
    """The workbench of this process; the first request that needs it waits until it is loaded."""
    with _LOCK:
        if not _benches:
            made = Workbench(settings.HUB.library)
            _load(made)
            _benches.append(made)
    return _benches[0]


def _load(made: Workbench) -> None:
    for part in ("library", "schemes", "guide_rules", "phase_rules"):
        getattr(made, part)


def warm() -> None:
    """Load everything before the first request (and before the server forks)."""
    search()


def library() -> Library:
    """The library of this process."""
    return bench().library


def search() -> SearchIndex:
    """The index over the library of this process."""
    bench()
    with _LOCK:
        if not _indexes:
            _indexes.append(search_index())
    return _indexes[0]


def language(code: str | None) -> Lang:
    """The language of a request as the engine names it."""
    return "en" if code == "en" else "nb"


def places() -> Places:
    """Where pages of the site show sources and records, in the language of the request."""
    held = library()

    def source(name: str) -> str:
        return reverse("evidence:source", args=[name]) if name in held.sources else ""

    def record(name: str) -> str:
        is_known = name in held.facts or name in held.statistics
        return reverse("evidence:record", args=[name]) if is_known else ""

    return Places(source, record, held.sources)
