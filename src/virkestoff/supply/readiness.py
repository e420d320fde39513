"""Readers of the preparedness data: season, durations, ranked advice, and shortages seen."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence import (
    Library,
    Parameters,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)

__all__ = [
    "ShortageEvent",
    "Substitute",
    "load_advice",
    "load_shortage_events",
    "mean_duration",
    "season_shares",
    "share_faults",
]

Array = npt.NDArray[np.float64]
_Row = TypeVar("_Row", bound=BaseModel)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Substitute(_Frozen):
    """One line of the ranked advice.

    Attributes
    ----------
    wanted, instead : presentations; ``instead`` may be one that no process here makes
    rank : lower is tried first
    acceptable : fact, share of what is still missing
    rests_on : items whose loss takes the substitute away too
    """

    wanted: str
    instead: str
    rank: int
    acceptable: str
    rests_on: tuple[str, ...] = ()


class ShortageEvent(_Frozen):
    """One shortage that patients met.

    Attributes
    ----------
    year : in which it began
    episodes : statistic that counts such shortages of the presentation
    months, missing_share : facts
    """

    presentation: str
    year: int
    episodes: str
    months: str
    missing_share: str


@kept_per_library
def load_advice(path: Path | None = None) -> tuple[Substitute, ...]:
    """The ranked advice on substitutes, by presentation and rank.

    Parameters
    ----------
    path : default ``library/supply/preparedness.yaml`` of the content root

    Raises
    ------
    InputError
        lists all faults: unknown keys, a rank given twice, a presentation that replaces itself.
    """
    file = path or library_folder() / "supply" / "preparedness.yaml"
    lines = _read(file, "substitution", Substitute)
    faults, seen = FaultCollector(), set()
    for line in lines:
        where = f"{file.name}: substitution of {line.wanted}, rank {line.rank}"
        if (line.wanted, line.rank) in seen:
            faults.add(where, "is given twice")
        if line.wanted == line.instead:
            faults.add(where, "replaces a presentation by itself")
        seen.add((line.wanted, line.rank))
    faults.raise_if_any()
    return tuple(sorted(lines, key=lambda line: (line.wanted, line.rank)))


@kept_per_library
def load_shortage_events(path: Path | None = None) -> tuple[ShortageEvent, ...]:
    """The shortages that the calibration reads.

    Parameters
    ----------
    path : default ``library/supply/shortage_events.yaml`` of the content root
    """
    file = path or library_folder() / "supply" / "shortage_events.yaml"
    return tuple(_read(file, "events", ShortageEvent))


SHARES = (
    "supply.crisis.export_ban_*",
    "supply.crisis.supply_left_share",
    "supply.demand_shock.probability",
    "supply.substitution.*",
    "supply.site.lost_share",
    "supply.surge.*share",
    "supply.allocation.movable_share",
    "supply.presentation.*_share",
    "supply.source.*_share",
    "supply.event.*.missing_share",
    "supply.untreated.*_extra",
    "supply.untreated.*_share",
    "supply.untreated.complication_*ed",
    "supply.untreated.complication_death",
    "supply.substituted.*_extra",
    "supply.rule.*_share",
    "costsharing.ban.probability",
    "costsharing.setting.*",
    "financing.project.success_probability",
)
"""Facts that are probabilities or shares of a whole."""


def share_faults(library: Library, used: Collection[str]) -> list[Fault]:
    """The facts among ``used`` that are a probability or share and lie outside 0 to 1."""
    faults = []
    for fact_id in sorted(used):
        if not any(fnmatch.fnmatch(fact_id, pattern) for pattern in SHARES):
            continue
        numbers = library.facts[fact_id].numbers
        for value in {min(numbers, default=0.0), max(numbers, default=0.0)}:
            if not 0.0 <= value <= 1.0:
                faults.append(
                    Fault(
                        f"{library.files[fact_id]}: facts.{fact_id}.value",
                        f"{value:g} is {'over one' if value > 1.0 else 'below zero'}",
                        why="a probability or a share of a whole lies from 0 to 1",
                        next_step="Correct the value",
                    )
                )
    return faults


def season_shares(parameters: Parameters) -> tuple[float, ...]:
    """Share of a year's use in each month from January; the twelve sum to 1.

    Raises
    ------
    InputError
        if they do not.
    """
    facts = [f"supply.season.month_{month:02d}" for month in range(1, 12 + 1)]
    shares = tuple(float(parameters(fact, "1").flat[0]) for fact in facts)
    if abs(sum(shares) - 1.0) > 1e-9:
        faults = FaultCollector()
        faults.add(
            "supply.season.month_01 to month_12",
            f"sum to {sum(shares):.6g}, not 1",
            next_step="Set the twelve shares together.",
        )
        faults.raise_if_any()
    return shares


def mean_duration(median: Array | float, log_spread: Array | float) -> Array:
    """Mean of a lognormal duration, ``median x exp(log_spread^2 / 2)``, in the unit of the median.

    Examples
    --------
    >>> float(mean_duration(4.0, 0.0))
    4.0
    """
    spread = np.asarray(log_spread, dtype=np.float64)
    return np.asarray(median * np.exp(spread * spread / 2.0))


def _read(file: Path, key: str, kind: type[_Row]) -> list[_Row]:
    faults, rows = FaultCollector(), []
    for number, entry in enumerate(read_yaml(file).get(key) or ()):
        try:
            rows.append(kind.model_validate(entry))
        except ValidationError as problem:
            faults.faults.extend(validation_faults(file, file.name, (key, number), problem))
    if not rows and not faults.faults:
        faults.add(f"{file.name}: {key}", "is empty or missing")
    faults.raise_if_any(InputError)
    return rows
