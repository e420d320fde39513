"""One figure of a table of statistics: its value, its bounds, and the mark that says why none."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = [
    "EMPTY", "INCOMPLETE", "MEANINGLESS", "MISSING", "SUPPRESSED", "Cell", "figure", "hidden",
    "nothing",
]  # fmt: skip

SUPPRESSED, INCOMPLETE, MISSING, MEANINGLESS, EMPTY = ":", "i", "u", "m", "e"
"""Marks: hidden; a sum without the amounts that are unknown; nothing is known; a ratio that tells
nothing, its denominator being zero or near it; there are no companies."""


@dataclass(frozen=True)
class Cell:
    """One figure.

    Attributes
    ----------
    place : code in each dimension; ``all`` is the whole
    year : the year, or the last of two that are compared
    value : the figure; of a sum the known amounts; None if hidden or if nothing is known
    low, high : bounds with what is unknown; None if there is no bound
    n_unknown : companies whose amount is unknown; None where the figure is hidden
    mark : empty, ``:`` hidden, ``i`` incomplete, ``u`` nothing is known, ``m`` not meaningful,
        ``e`` no companies
    """

    place: tuple[str, ...]
    year: int
    value: float | None
    low: float | None
    high: float | None
    n_unknown: int | None
    mark: str


def hidden(place: tuple[str, ...], year: int) -> Cell:
    """A figure that is hidden."""
    return Cell(place, year, None, None, None, None, SUPPRESSED)


def nothing(place: tuple[str, ...], year: int, n: int) -> Cell:
    """A figure of which nothing is known, with how many companies are unknown."""
    return Cell(place, year, None, None, None, n, MISSING)


def figure(place: tuple[str, ...], year: int, value: float, n: int) -> Cell:
    """A ratio or share, incomplete where companies are unknown; NaN is unknown."""
    if math.isnan(value):
        return nothing(place, year, n)
    bound = None if n else value
    return Cell(place, year, value, bound, bound, n, INCOMPLETE if n else "")
