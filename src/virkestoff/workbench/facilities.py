"""Facilities in the workbench: the register, requests against it, and what was not met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from virkestoff.disclosure import rules_from
from virkestoff.evidence import LibraryPart
from virkestoff.facilities import (
    Match,
    Register,
    Request,
    UnmetNeed,
    Viewer,
    load_outcomes,
    load_register,
    load_request,
    match,
    unmet_need,
)
from virkestoff.facilities.unmet import By
from virkestoff.workbench.library import Bench

__all__ = ["FacilitiesBench"]

_PART = LibraryPart(("facilities.", "disclosure."))


class FacilitiesBench(Bench):
    """What the workbench knows of facilities."""

    def register(self, files: Sequence[Path] = ()) -> Register:
        """Vocabulary, providers and gaps of the library, with windows from files.

        Raises
        ------
        InputError
            lists every fault of every file.
        """
        return load_register(self._part(_PART), *files)

    def request(self, path: Path, register: Register) -> Request:
        """A request from a file."""
        return load_request(path, register.vocabulary)

    def match(
        self, request: Request, register: Register, on: date, viewer: Viewer = "public"
    ) -> Match:
        """Who can do what a request asks for."""
        return match(request, register, on, viewer=viewer)

    def unmet(
        self, path: Path, register: Register, first: date, last: date, by: Sequence[By]
    ) -> UnmetNeed:
        """How the requests in a file ended, safe to publish."""
        outcomes, is_synthetic = load_outcomes(path, register.vocabulary)
        rules = rules_from(self._part(_PART))
        return unmet_need(
            outcomes, register.vocabulary, rules, first=first, last=last, by=by,
            is_synthetic=is_synthetic,
        )  # fmt: skip
