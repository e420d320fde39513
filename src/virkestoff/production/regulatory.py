"""Time line from the decision to the first saleable pack, as a network of tasks.

Tasks, what they wait for, and when they apply are data (``library/production/regulatory.yaml``):

    start(task) = max over its predecessors of end        end(task) = start + sum of durations

Times are years after the decision, which falls at the start of the first year of the axis. A plant
without a holder of the marketing authorisation supplies nobody: its first pack never comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import (
    Parameters,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)
from virkestoff.language import Text
from virkestoff.production.activity import Array
from virkestoff.timeline import Years

__all__ = [
    "Applies",
    "Holder",
    "Mode",
    "Steps",
    "Task",
    "TimeLine",
    "critical_path",
    "load_tasks",
    "share_of_year",
    "tasks_for",
    "time_line",
]

Dossier = Literal["cep", "asmf"]
Holder = Literal["own", "partner", "none"]
Mode = Literal["greenfield", "brownfield", "standby"]
Steps = Literal["finished", "api_and_finished"]

_CONSTRUCTION, _QUALIFICATION, _LAUNCH = "construction", "qualification", "launch"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Applies(_Frozen):
    """When a task is needed; the default is always."""

    steps: tuple[Steps, ...] = ("finished", "api_and_finished")
    modes: tuple[Mode, ...] = ("greenfield", "brownfield", "standby")
    holders: tuple[Holder, ...] = ("own", "partner", "none")
    dossiers: tuple[Dossier, ...] = ("cep", "asmf")


class Task(_Frozen):
    """One task; it lasts the sum of `durations`, at a site that exists of `existing` if given."""

    name: Text
    durations: tuple[str, ...] = Field(min_length=1)
    existing: tuple[str, ...] | None = None
    after: tuple[str, ...] = ()
    applies: Applies = Applies()


@dataclass(frozen=True)
class TimeLine:
    """Times in years after the decision, shape (n_draws,); shares of years, (n_draws, n_years).

    Attributes
    ----------
    starts, ends : per task that applies
    first_pack_years : first saleable pack; NaN without a holder of the authorisation
    construction_start, construction_end : between them the investment is paid
    spend_share : share of the investment paid in the year; sums to 1 if construction ends within
        the years
    output_share : share of capacity saleable in the year, ramp-up included
    running_share : share of the year in which the plant is in use, from qualification on
    crew_share : share of the full payroll in the year: reduced from qualification to the first pack
    validation_batches : batches of each product made for process validation
    """

    starts: Mapping[str, Array]
    ends: Mapping[str, Array]
    first_pack_years: Array
    construction_start: Array
    construction_end: Array
    spend_share: Array
    output_share: Array
    running_share: Array
    crew_share: Array
    validation_batches: int


@kept_per_library
def load_tasks(path: Path | None = None) -> Mapping[str, Task]:
    """Read the tasks and check the network.

    Parameters
    ----------
    path : default ``library/production/regulatory.yaml`` of the content root

    Raises
    ------
    InputError
        lists all faults: unknown keys, unknown predecessors, tasks that wait for each other,
        missing milestones.
    """
    file = path or library_folder() / "production" / "regulatory.yaml"
    faults = FaultCollector()
    tasks: dict[str, Task] = {}
    for name, record in (read_yaml(file).get("tasks") or {}).items():
        try:
            tasks[str(name)] = Task.model_validate(record)
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(file, file.name, ("tasks", name), problem)))
    faults.raise_if_any()
    _check_order({name: task.after for name, task in tasks.items()}, faults)
    for milestone in (_CONSTRUCTION, _QUALIFICATION, _LAUNCH):
        if milestone not in tasks:
            faults.add(f"{file.name}: tasks", f"'{milestone}' is missing", "money follows it")
    faults.raise_if_any()
    return tasks


def _check_order(after: Mapping[str, tuple[str, ...]], faults: FaultCollector) -> None:
    for name, before in after.items():
        for other in before:
            if other not in after:
                next_step = suggest(other, after)
                faults.add(f"task {name}", f"waits for '{other}', which is no task", "", next_step)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as problem:
        circle = " -> ".join(reversed(problem.args[1]))
        faults.add("tasks", f"wait for each other in a circle: {circle}")


def tasks_for(
    tasks: Mapping[str, Task], steps: Steps, mode: Mode, holder: Holder, dossier: Dossier = "cep"
) -> dict[str, tuple[str, ...]]:
    """Tasks that apply, with what they wait for.

    A task that does not apply is passed over: who waits for it waits for what it waited for.
    """

    def is_needed(name: str) -> bool:
        when = tasks[name].applies
        return (
            steps in when.steps
            and mode in when.modes
            and holder in when.holders
            and dossier in when.dossiers
        )

    def through(name: str) -> set[str]:
        if is_needed(name):
            return {name}
        return set().union(*(through(other) for other in tasks[name].after))

    needed = [name for name in tasks if is_needed(name)]
    return {
        name: tuple(sorted(set().union(*(through(other) for other in tasks[name].after))))
        for name in needed
    }


def critical_path(
    durations: Mapping[str, Array], after: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Starts and ends of all tasks; a start is the latest end of the predecessors.

    Parameters
    ----------
    durations : per task, zero or more, any shape that broadcasts
    after : predecessors per task; a task that is not named waits for nothing

    Raises
    ------
    InputError
        for unknown predecessors, tasks that wait for each other in a circle, negative durations.

    Examples
    --------
    >>> starts, ends = critical_path({"a": np.array([1.0]), "b": np.array([2.0])}, {"b": ("a",)})
    >>> float(starts["b"][0]), float(ends["b"][0])
    (1.0, 3.0)
    """
    faults = FaultCollector()
    whole = {name: after.get(name, ()) for name in durations}
    _check_order(whole, faults)
    for name, duration in durations.items():
        if not np.all(np.asarray(duration) >= 0.0):
            faults.add(f"task {name}", "its duration must be a number of zero or more")
    faults.raise_if_any()
    starts: dict[str, Array] = {}
    ends: dict[str, Array] = {}
    for name in TopologicalSorter(whole).static_order():
        start: Array = np.zeros_like(durations[name])
        for other in whole[name]:
            start = np.maximum(start, ends[other])
        starts[name], ends[name] = start, start + durations[name]
    return starts, ends


def time_line(
    steps: Steps,
    mode: Mode,
    holder: Holder,
    parameters: Parameters,
    years: Years,
    dossier: Dossier = "cep",
    tasks: Mapping[str, Task] | None = None,
) -> TimeLine:
    """Times of all tasks and what they mean for each calendar year.

    Parameters
    ----------
    steps : whether the plant also makes its active substance
    mode : at an existing site permits and construction are shorter
    holder : own (new authorisation), partner (variation of one that exists), none
    years : axis; the decision falls at its start
    dossier : certificate of suitability, granted before the application, or a master file
        assessed within it
    tasks : default :func:`load_tasks`

    Raises
    ------
    InputError
        for choices that are not known.
    """
    _check_choices(steps, mode, holder, dossier)
    known = tasks if tasks is not None else load_tasks()
    after = tasks_for(known, steps, mode, holder, dossier)
    durations = {name: _duration(known[name], mode, parameters) for name in after}
    starts, ends = critical_path(durations, after)
    first = ends[_LAUNCH] if _LAUNCH in ends else np.full(parameters.n_draws, np.inf)
    begun, built = starts[_CONSTRUCTION], ends[_CONSTRUCTION]
    running = share_of_year(starts[_QUALIFICATION], np.inf, years.size)
    selling = share_of_year(first, np.inf, years.size)
    # Before the first pack only the crew that qualifies and validates is on the payroll.
    presale = parameters("production.timeline.presale_crew", "1")
    return TimeLine(
        starts=starts,
        ends=ends,
        first_pack_years=np.where(np.isfinite(first), first, np.nan),
        construction_start=begun,
        construction_end=built,
        spend_share=_spend_share(begun, built, years.size),
        output_share=_output_share(first, parameters, years.size),
        running_share=running,
        crew_share=selling + presale * np.maximum(running - selling, 0.0),
        validation_batches=round(
            float(parameters("production.timeline.validation_number", "batch").flat[0])
        ),
    )


def _check_choices(steps: str, mode: str, holder: str, dossier: str) -> None:
    faults = FaultCollector()
    everything = Applies()
    for key, chosen, known in (
        ("steps", steps, everything.steps),
        ("mode", mode, everything.modes),
        ("holder", holder, everything.holders),
        ("dossier", dossier, everything.dossiers),
    ):
        if chosen not in known:
            faults.add(f"{key} '{chosen}'", "is not known", next_step=f"Use {', '.join(known)}")
    faults.raise_if_any()


def _duration(task: Task, mode: Mode, parameters: Parameters) -> Array:
    facts = task.durations
    if mode != "greenfield" and task.existing is not None:
        facts = task.existing
    total = np.zeros(parameters.n_draws)
    for fact in facts:
        total = total + parameters(fact, "year")[:, 0]
    return total


def share_of_year(start: Array, end: Array | float, n_years: int) -> Array:
    """Share of each year that lies between `start` and `end`, shape (n_draws, n_years).

    Parameters
    ----------
    start, end : years after the start of the first year, shape (n_draws,)

    Examples
    --------
    >>> share_of_year(np.array([0.5]), np.array([2.25]), 4)
    array([[0.5 , 1.  , 0.25, 0.  ]])
    """
    year = np.arange(n_years, dtype=np.float64)
    begins = np.asarray(start, dtype=np.float64)[:, None]
    stops = np.broadcast_to(np.asarray(end, dtype=np.float64), np.shape(start))[:, None]
    overlap = np.minimum(stops, year + 1.0) - np.maximum(begins, year)
    return np.asarray(np.clip(overlap, 0.0, 1.0), dtype=np.float64)


def _spend_share(begun: Array, built: Array, n_years: int) -> Array:
    """Even over construction; if that takes no time, all at once."""
    lasts = (built - begun)[:, None]
    at_once = np.arange(n_years) == np.floor(begun)[:, None]
    evenly = share_of_year(begun, built, n_years) / np.where(lasts > 0.0, lasts, 1.0)
    return np.asarray(np.where(lasts > 0.0, evenly, at_once.astype(np.float64)))


def _output_share(first: Array, parameters: Parameters, n_years: int) -> Array:
    """Ramp-up counted from the first pack: first twelve months, second, then everything."""
    one = parameters("production.timeline.ramp_first", "1")
    two = np.maximum(parameters("production.timeline.ramp_second", "1"), one)
    return np.asarray(
        one * share_of_year(first, first + 1.0, n_years)
        + two * share_of_year(first + 1.0, first + 2.0, n_years)
        + share_of_year(first + 2.0, np.inf, n_years)
    )
