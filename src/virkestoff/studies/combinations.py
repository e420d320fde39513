"""Combinations of alternatives: two or more of them at once, with their levers joined.

A combination is run as an alternative is, on fewer draws, and is no candidate of the decision. It
is shown where cost is set against shortage avoided, beside the alternatives on the same draws.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from virkestoff.errors import FaultCollector, suggest
from virkestoff.language import Text
from virkestoff.studies.levers import Lever, Name, Value
from virkestoff.studies.results import ratio_of_means, summarise

__all__ = [
    "COMBINATION_DRAWS",
    "Combinations",
    "check_combinations",
    "combination_id",
    "combination_name",
    "combinations_of",
    "joined_levers",
]

Array = npt.NDArray[np.float64]
COMBINATION_DRAWS = 1250  # constant: draws of a combination, one block; noise stands in its table
FEWEST = 2  # constant: one alternative alone is no combination


class _Alternative(Protocol):
    @property
    def name(self) -> Text: ...
    @property
    def levers(self) -> dict[str, Value]: ...


class _Outcome(Protocol):
    @property
    def ratio(self) -> tuple[str, str] | None: ...


class Combinations(BaseModel):
    """Which alternatives are combined, and what is shown of them.

    Attributes
    ----------
    sets : the alternatives of each combination
    levers : levers of every combination beside those of its alternatives, such as what is left out
    cost : outcome that the frontier sets against ``shortage``, lower is better
    shortage : outcome that protection lowers
    columns : outcomes of the table, expected values
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sets: tuple[tuple[Name, ...], ...] = Field(min_length=1)
    levers: dict[str, Value] = Field(default_factory=dict)
    cost: str
    shortage: str
    columns: tuple[str, ...] = Field(min_length=1)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Run id -> the alternatives that it combines."""
        return {combination_id(parts): parts for parts in self.sets}

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that is shown."""
        return tuple(dict.fromkeys((*self.columns, self.cost, self.shortage)))


def combination_id(parts: Sequence[str]) -> str:
    """The id of the run: ``buffer+bulk_stock``."""
    return "+".join(parts)


def combination_name(parts: Sequence[Text]) -> Text:
    """The names of the parts with a plus; those after the first begin with a small letter."""

    def said(texts: Sequence[str]) -> str:
        return " + ".join([texts[0], *(_small(text) for text in texts[1:])])

    return Text(nb=said([t.nb for t in parts]), en=said([t.en for t in parts]))


def _small(text: str) -> str:
    """With a small first letter, unless the word is an abbreviation ("EEA plant")."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def joined_levers(
    parts: Sequence[Mapping[str, Value]], more: Mapping[str, Value]
) -> dict[str, Value]:
    """The levers of every part, and ``more``; no part may contradict another (see the check)."""
    joined: dict[str, Value] = {}
    for levers in (*parts, more):
        joined |= levers
    return joined


def check_combinations(
    declared: Combinations,
    alternatives: Mapping[str, _Alternative],
    baseline: str,
    levers: Mapping[str, Lever],
    outcomes: Collection[str],
    file: str,
    faults: FaultCollector,
) -> None:
    """Faults: unknown parts and outcomes, too few parts, the same set twice, levers that clash.

    Two parts clash where both name a lever and give it different values.
    """
    seen: dict[frozenset[str], int] = {}
    for i, parts in enumerate(declared.sets):
        where = f"{file}: combinations.sets[{i}]"
        unknown = [name for name in parts if name not in alternatives]
        for name in unknown:
            step = suggest(name, alternatives)
            faults.add(where, f"'{name}' is not an alternative", next_step=step)
        if len(set(parts)) < max(FEWEST, len(parts)):
            faults.add(where, "needs two or more different alternatives")
        if baseline in parts:
            faults.add(where, f"'{baseline}' is the baseline and adds nothing")
        first = seen.setdefault(frozenset(parts), i)
        if first != i:
            faults.add(where, f"combines the same alternatives as sets[{first}]")
        if not unknown:
            _check_clash(where, {name: alternatives[name].levers for name in parts}, faults)
    for name, value in declared.levers.items():
        where = f"{file}: combinations.levers.{name}"
        if name not in levers:
            faults.add(where, "is not a lever", next_step=suggest(name, levers))
        elif problem := levers[name].problem_with(value):
            faults.add(where, problem)
    for name in declared.outcomes:
        if name not in outcomes:
            step = suggest(name, outcomes)
            faults.add(f"{file}: combinations", f"'{name}' is not an outcome", next_step=step)


def _check_clash(
    where: str, parts: Mapping[str, Mapping[str, Value]], faults: FaultCollector
) -> None:
    chosen: dict[str, tuple[str, Value]] = {}
    for name, levers in parts.items():
        for lever, value in levers.items():
            other, before = chosen.setdefault(lever, (name, value))
            if before != value:
                faults.add(
                    where,
                    f"'{other}' sets {lever} to {_plain(before)} and '{name}' to {_plain(value)}",
                    why="one run has one value of a lever",
                    next_step="Combine alternatives that pull different levers",
                )


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def combinations_of(
    declared: Combinations | None,
    alternatives: Collection[str],
    runs: Mapping[str, Mapping[str, Array]],
    declared_outcomes: Mapping[str, _Outcome],
    unit: Mapping[str, str],
    draws: int,
) -> dict[str, Any]:
    """For results.json: alternatives and combinations on the same draws; empty without any.

    Parameters
    ----------
    runs : run -> outcome -> (n_draws of the run,); the first ``draws`` of each are used
    unit : outcome -> unit
    draws : draws of the combinations
    """
    if declared is None:
        return {}

    def summary(found: Mapping[str, Array], outcome: str) -> dict[str, Any] | None:
        stated = declared_outcomes.get(outcome)
        if stated is None or stated.ratio is None:
            made = summarise(found[outcome][:draws], unit[outcome])
        else:
            above, below = (found[part][:draws] for part in stated.ratio)
            made = ratio_of_means(above, below, unit[outcome])
        return made.as_dict() if made else None

    def shown(run: str) -> dict[str, Any]:
        every = ((outcome, summary(runs[run], outcome)) for outcome in declared.outcomes)
        return {outcome: found for outcome, found in every if found}

    parts = declared.names
    return {
        "combinations": {
            "draws": draws,
            "runs": {run: shown(run) for run in (*alternatives, *parts)},
        }
    }
