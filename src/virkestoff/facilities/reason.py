"""Why a provider fits, has to be asked, or does not fit: one reason for each hard constraint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from virkestoff.language import Text

__all__ = ["CONSTRAINTS", "Constraint", "Reason", "Verdict"]

Verdict = Literal["yes", "unknown", "no"]
Constraint = Literal[
    "process", "exists", "access", "country", "product", "phase", "gmp", "scale", "analytics",
    "safety", "transfer", "class", "certificate", "capacity", "freshness", "price",
]  # fmt: skip
CONSTRAINTS: tuple[Constraint, ...] = get_args(Constraint)


@dataclass(frozen=True)
class Reason:
    """What is known of one constraint.

    Attributes
    ----------
    constraint : which
    verdict : ``yes``; ``unknown``: somebody must be asked; ``no``: something stated rules it out
    text : why, for the reader
    source, place : where it is said; empty where nobody says anything
    distance : 0 for yes; for unknown 1, or more the further what is stated lies from what is asked
    """

    constraint: Constraint
    verdict: Verdict
    text: Text
    source: str = ""
    place: str = ""
    distance: int = 0


def yes(constraint: Constraint, nb: str, en: str, source: str = "", place: str = "") -> Reason:
    """It holds."""
    return Reason(constraint, "yes", Text(nb=nb, en=en), source, place)


def unknown(
    constraint: Constraint, nb: str, en: str, source: str = "", place: str = "", distance: int = 1
) -> Reason:
    """Nobody says whether it holds."""
    return Reason(constraint, "unknown", Text(nb=nb, en=en), source, place, distance)


def no(constraint: Constraint, nb: str, en: str, source: str = "", place: str = "") -> Reason:
    """Something that is stated rules it out."""
    return Reason(constraint, "no", Text(nb=nb, en=en), source, place)
