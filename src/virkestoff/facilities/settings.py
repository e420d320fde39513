"""The choices that matching makes, as facts of the library."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.evidence import Library

__all__ = ["Settings", "settings_from"]


@dataclass(frozen=True)
class Settings:
    """How old a confirmation may be.

    Attributes
    ----------
    fresh_for_days : up to this age nobody is reminded
    stale_after_days : above this age a window is no longer relied on: its provider is asked
    """

    fresh_for_days: float
    stale_after_days: float


def settings_from(library: Library) -> Settings:
    """The settings that the library holds.

    Raises
    ------
    MissingFact
        if one is not there.
    """
    return Settings(
        library.fact("facilities.fresh_for_days").central,
        library.fact("facilities.stale_after_days").central,
    )
