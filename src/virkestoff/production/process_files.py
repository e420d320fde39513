"""Reading and checking process files: all faults of all files at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import Library, library_folder, read_yaml, validation_faults
from virkestoff.production.process import (
    Compound,
    Presentation,
    Process,
    Processes,
    Step,
    Train,
    elements_of,
)

__all__ = ["load_processes"]

_RECORDS: dict[str, type[BaseModel]] = {
    "compounds": Compound,
    "trains": Train,
    "presentations": Presentation,
}


def load_processes(folder: Path | None = None, library: Library | None = None) -> Processes:
    """Read and check every process file of a folder.

    Parameters
    ----------
    folder : default ``library/production/processes`` of the content root
    library : if given, every fact that a process names must be in it

    Raises
    ------
    InputError
        lists all faults of all files: unknown keys, unknown compounds, reactions that do not
        balance, steps that do not connect, facts that are missing, feeds that form a circle.
    """
    place = folder or library_folder() / "production" / "processes"
    faults = FaultCollector()
    found: dict[str, dict[str, Any]] = {"process": {}, **{key: {} for key in _RECORDS}}
    for path in sorted(place.glob("*.yaml")):
        try:
            data = read_yaml(path, path.name)
        except InputError as problem:
            faults.extend(problem)
            continue
        _read_file(path, data, found, faults)
    faults.raise_if_any()
    processes = Processes(
        found["process"], found["compounds"], found["trains"], found["presentations"]
    )
    _check(processes, library, faults)
    faults.raise_if_any()
    return processes


def _read_file(
    path: Path, data: dict[str, Any], found: dict[str, dict[str, Any]], faults: FaultCollector
) -> None:
    for unknown in data.keys() - {"process", "sources", "facts", "statistics", *_RECORDS}:
        known = suggest(unknown, ["process", "facts", *_RECORDS])
        faults.add(f"{path.name}: {unknown}", "is not a known key", next_step=known)
    if "process" in data:
        try:
            process = Process.model_validate(data["process"])
            _enter(found["process"], process.process, process, f"{path.name}: process", faults)
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(path, path.name, ("process",), problem)))
    for section, kind in _RECORDS.items():
        records = data.get(section) or {}
        if not isinstance(records, dict):
            faults.add(f"{path.name}: {section}", "must be a mapping from name to record")
            continue
        for key, record in records.items():
            is_train = section == "trains" and isinstance(record, dict)
            try:
                value = kind.model_validate({"train": key, **record} if is_train else record)
                _enter(found[section], key, value, f"{path.name}: {section}", faults)
            except ValidationError as problem:
                at = (section, key)
                faults.extend(InputError(validation_faults(path, path.name, at, problem)))


def _enter(
    found: dict[str, Any], name: str, record: BaseModel, where: str, faults: FaultCollector
) -> None:
    if name in found:
        faults.add(where, f"'{name}' is described twice", why="only one of them would count")
    found[name] = record


def _check(processes: Processes, library: Library | None, faults: FaultCollector) -> None:
    for process in processes.processes.values():
        where = f"process {process.process}"
        _check_chain(process, processes, where, faults)
        if process.train not in processes.trains:
            faults.add(where, f"train '{process.train}' is not described")
        for step in process.steps:
            if step.reaction:
                _check_reaction(step, processes.compounds, f"{where}, step {step.step}", faults)
    for name, presentation in processes.presentations.items():
        if presentation.substance not in processes.processes:
            faults.add(f"presentation {name}", f"no process makes '{presentation.substance}'")
        _check_compounds(
            (presentation.strength_of,), processes.compounds, f"presentation {name}", faults
        )
    if library is not None:
        records = (
            *processes.processes.values(),
            *processes.trains.values(),
            *processes.presentations.values(),
        )
        for fact_id in sorted({f for record in records for f in _facts_in(record.model_dump())}):
            if fact_id not in library.facts:
                faults.add(
                    f"fact '{fact_id}'",
                    "is named by a process and is not in the library",
                    next_step=suggest(fact_id, library.facts),
                )


def _facts_in(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f for part in value.values() for f in _facts_in(part)]
    if isinstance(value, list | tuple):
        return [f for part in value for f in _facts_in(part)]
    is_id = isinstance(value, str) and re.fullmatch(r"production(\.[a-z0-9_]+)+", value)
    return [str(value)] if is_id else []


def _check_chain(
    process: Process, processes: Processes, where: str, faults: FaultCollector
) -> None:
    compounds = processes.compounds
    _check_compounds((process.basis, process.sold_as), compounds, where, faults)
    if (process.fermentation is None) == (process.train == "fermentation"):
        faults.add(where, "a fermentation, and only that, needs the key 'fermentation'")
    if (process.fermentation is None) == (process.batch is None):
        faults.add(where, "needs either 'fermentation' or 'batch'")
    if (process.feed is None) != (process.fermentation is not None):
        faults.add(where, "needs a feed unless it is a fermentation")
    if _feed_is_late(process, processes):
        faults.add(where, "its feed is made in a train that stands later in the list of trains")
    start = process.basis if process.feed is None else None
    if process.feed is not None:
        if process.feed not in processes.processes:
            next_step = suggest(process.feed, processes.processes)
            faults.add(where, f"no process makes its feed '{process.feed}'", next_step=next_step)
            return
        start = processes.processes[process.feed].sold_as
        seen, feed = {process.process}, process.feed
        while feed is not None and feed in processes.processes:
            if feed in seen:
                faults.add(where, "its feeds form a circle")
                return
            seen.add(feed)
            feed = processes.processes[feed].feed or ""
    for step in process.steps:
        _check_compounds((step.input, step.output), compounds, f"{where}, step {step.step}", faults)
        if step.input != start:
            faults.add(f"{where}, step {step.step}", f"takes {step.input}, but {start} comes in")
        if step.reaction is None and step.input != step.output:
            faults.add(f"{where}, step {step.step}", "changes the compound without a reaction")
        start = step.output
    if start != process.sold_as:
        faults.add(where, f"ends with {start}, but sells {process.sold_as}")


def _feed_is_late(process: Process, processes: Processes) -> bool:
    """Plants are run train by train in the order of the file, so feeds must come first."""
    trains = list(processes.trains)
    source = processes.processes.get(process.feed or "")
    if source is None or not {source.train, process.train} <= set(trains):
        return False
    return trains.index(source.train) > trains.index(process.train)


def _check_compounds(
    names: tuple[str, ...], compounds: Mapping[str, Compound], where: str, faults: FaultCollector
) -> None:
    for name in names:
        if name not in compounds:
            faults.add(where, f"compound '{name}' is unknown", next_step=suggest(name, compounds))


def _check_reaction(
    step: Step, compounds: Mapping[str, Compound], where: str, faults: FaultCollector
) -> None:
    reaction = step.reaction
    assert reaction is not None
    _check_compounds((*reaction.consumes, *reaction.forms), compounds, where, faults)
    if step.input not in reaction.consumes or step.output not in reaction.forms:
        faults.add(where, "its reaction must consume the input and form the output")
    for name in (*step.charged, *step.returned):
        if name not in {*reaction.consumes, *reaction.forms}:
            faults.add(where, f"'{name}' takes no part in the reaction")
    atoms: dict[str, int] = {}
    for side, sign in ((reaction.consumes, 1), (reaction.forms, -1)):
        for name, coefficient in side.items():
            if name in compounds:
                for element, count in elements_of(compounds[name].formula).items():
                    atoms[element] = atoms.get(element, 0) + sign * coefficient * count
    uneven = {element: count for element, count in atoms.items() if count}
    if uneven:
        text = ", ".join(f"{element} {count:+d}" for element, count in sorted(uneven.items()))
        faults.add(where, f"the reaction does not balance: {text}", why="matter is conserved")
