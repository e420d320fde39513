"""Where parties differ: shown side by side, never averaged and never counted as votes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from virkestoff.roadmap.records import Position, Stance

__all__ = ["Disagreement", "disagreement_on"]

Kind = Literal["opposite", "differing"]
_FOR: tuple[Stance, ...] = ("for", "for_with_condition")


@dataclass(frozen=True)
class Disagreement:
    """A topic on which at least two parties take different stances.

    Attributes
    ----------
    topic : id of the topic
    kind : ``opposite`` if one party is for (with or without a condition) and another against;
        else ``differing`` (another priority, or for only on a condition)
    in_favour : ids of positions that are for, with or without a condition
    others : ids of positions that are against or put something else first
    neutral : ids of positions that take no side; alone they make no disagreement
    """

    topic: str
    kind: Kind
    in_favour: tuple[str, ...]
    others: tuple[str, ...]
    neutral: tuple[str, ...]


def disagreement_on(
    topic: str, positions: Iterable[tuple[str, Position]]
) -> Disagreement | None:
    """How parties differ on one topic, or ``None`` where no two parties do.

    A party that says two things does not disagree with itself.

    Parameters
    ----------
    positions : id and position of everything that is said of the topic
    """
    found = tuple(positions)
    sided = [p for _, p in found if p.stance != "neutral"]
    pairs = [
        {a.stance, b.stance}
        for a, b in combinations(sided, 2)
        if a.who != b.who and a.stance != b.stance
    ]
    if not pairs:
        return None
    is_opposite = any("against" in pair and pair & set(_FOR) for pair in pairs)
    return Disagreement(
        topic,
        "opposite" if is_opposite else "differing",
        tuple(i for i, p in found if p.stance in _FOR),
        tuple(i for i, p in found if p.stance in ("against", "other_priority")),
        tuple(i for i, p in found if p.stance == "neutral"),
    )
