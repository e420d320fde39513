"""Reading and checking ``library/roadmap``: all faults of all files at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, read_yaml, validation_faults
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.roadmap.disagreement import Disagreement, disagreement_on
from virkestoff.roadmap.records import (
    Arrangement,
    Cited,
    Measure,
    Need,
    Party,
    Position,
    Scheme,
    StudyAlternative,
    Topic,
)

__all__ = ["Roadmap", "load_roadmap"]

_SECTIONS: dict[str, type[BaseModel]] = {
    "needs": Need,
    "measures": Measure,
    "topics": Topic,
    "parties": Party,
    "alternatives": StudyAlternative,
    "positions": Position,
    "schemes": Scheme,
    "arrangements": Arrangement,
}


@dataclass(frozen=True)
class Roadmap:
    """Needs, measures and positions by id, in the order of the files."""

    needs: Mapping[str, Need]
    measures: Mapping[str, Measure]
    topics: Mapping[str, Topic]
    parties: Mapping[str, Party]
    alternatives: Mapping[str, StudyAlternative]
    positions: Mapping[str, Position]
    schemes: Mapping[str, Scheme]
    arrangements: Mapping[str, Arrangement]

    def positions_on(self, topic: str) -> dict[str, Position]:
        """Everything that is said of a topic, by id.

        Raises
        ------
        InputError
            if there is no such topic.
        """
        if topic not in self.topics:
            step = suggest(topic, self.topics) or f"Known: {', '.join(self.topics)}"
            raise InputError(Fault(f"topic '{topic}'", "is not in the roadmap", next_step=step))
        return {i: p for i, p in self.positions.items() if p.topic == topic}

    def disagreements(self) -> tuple[Disagreement, ...]:
        """The topics on which parties differ, in the order of the topics; nothing is weighed."""
        found = (disagreement_on(t, self.positions_on(t).items()) for t in self.topics)
        return tuple(d for d in found if d is not None)


class _Reader:
    """The records of a folder while they are read, where each stands, and the faults."""

    def __init__(self) -> None:
        self.faults = FaultCollector()
        self.found: dict[str, dict[str, Any]] = {section: {} for section in _SECTIONS}
        self.files: dict[tuple[str, str], tuple[Path, str]] = {}

    def at(self, section: str, key: str, field: str = "") -> str:
        """File, line and key of a record."""
        path, name = self.files[section, key]
        line = line_of(path, (section, key, field)) if field else None
        line = line or line_of(path, (section, key))
        return f"{name}:{line}: {section}.{key}" + (f".{field}" if field else "")

    def read(self, path: Path, name: str) -> None:
        """Take in one file."""
        try:
            data = read_yaml(path, name)
        except InputError as problem:
            self.faults.extend(problem)
            return
        for section in data.keys() - {"sources", *_SECTIONS}:
            step = suggest(section, _SECTIONS)
            self.faults.add(f"{name}: {section}", "is not a known key", next_step=step)
        for section, kind in _SECTIONS.items():
            records = data.get(section) or {}
            if not isinstance(records, dict):
                self.faults.add(f"{name}: {section}", "must be a mapping from id to record")
                continue
            for key, record in records.items():
                self._enter(path, name, section, str(key), kind, record)

    def _enter(
        self, path: Path, name: str, section: str, key: str, kind: type[BaseModel], record: Any
    ) -> None:
        if (section, key) in self.files:
            first = self.files[section, key][1]
            line = line_of(path, (section, key))
            where = f"{name}:{line}: {section}.{key}"
            self.faults.add(where, f"is already defined in {first}")
            return
        self.files[section, key] = (path, name)
        try:
            self.found[section][key] = kind.model_validate(record)
        except ValidationError as problem:
            found = validation_faults(path, name, (section, key), problem)
            self.faults.extend(InputError(found))

    def known(self, section: str) -> set[str]:
        """The ids of a section, also those of records that are faulty in other ways."""
        return {key for kind, key in self.files if kind == section}


def load_roadmap(library: Library, folder: Path | None = None) -> Roadmap:
    """Read and check every file of the roadmap.

    Parameters
    ----------
    library : holds the sources that records name
    folder : default ``roadmap`` of the library

    Raises
    ------
    InputError
        lists every fault of every file: unknown keys, ids and sources, a missing place, a stance
        with a condition that does not state it, a speaker that owns or would receive the measure
        and does not state its interest, a position or id that stands twice.
    """
    place = folder or library.root / "roadmap"
    reader = _Reader()
    for path in sorted(place.rglob("*.yaml")):
        reader.read(path, path.relative_to(place.parent).as_posix())
    _check_sources(reader, library)
    for key, measure in reader.found["measures"].items():
        _check_ids(reader, "measures", key, "needs", measure.needs, "needs")
        _check_ids(reader, "measures", key, "owners", measure.owners, "parties")
        _check_ids(reader, "measures", key, "recipients", measure.recipients, "parties")
    for key, position in reader.found["positions"].items():
        _check_position(reader, key, position)
    _check_twins(reader)
    reader.faults.raise_if_any()
    return Roadmap(**reader.found)


def _check_ids(
    reader: _Reader, section: str, key: str, field: str, ids: Iterable[str], target: str
) -> None:
    known = reader.known(target)
    for one in ids:
        if one not in known:
            what = f"'{one}' is not among the {target}"
            step = suggest(one, known) or f"Add it under {target}:"
            reader.faults.add(reader.at(section, key, field), what, next_step=step)


def _check_sources(reader: _Reader, library: Library) -> None:
    for section, records in reader.found.items():
        for key, record in records.items():
            own = (record,) if isinstance(record, Cited) else getattr(record, "sources", ())
            for cited in own:
                if cited.source not in library.sources:
                    reader.faults.add(
                        reader.at(section, key),
                        f"'{cited.source}' is not a source that the library holds",
                        why="a claim without a source does not load",
                        next_step=suggest(cited.source, library.sources),
                    )


def _check_position(reader: _Reader, key: str, p: Position) -> None:
    _check_ids(reader, "positions", key, "who", (p.who,), "parties")
    _check_ids(reader, "positions", key, "topic", (p.topic,), "topics")
    for field in ("needs", "measures", "alternatives"):
        _check_ids(reader, "positions", key, field, getattr(p, field), field)
    where = reader.at("positions", key)
    if not (p.needs or p.measures or p.alternatives):
        reader.faults.add(
            where, "names no need, measure or alternative",
            next_step="Say what it speaks of: needs, measures or alternatives",
        )  # fmt: skip
    if p.stance == "for_with_condition" and p.condition is None:
        reader.faults.add(where, "is for with a condition and does not state it",
                          next_step="Write condition, or the stance 'for'")  # fmt: skip
    if p.stance != "for_with_condition" and p.condition is not None:
        reader.faults.add(where, f"states a condition with the stance '{p.stance}'",
                          next_step="Use for_with_condition, or say it under 'says'")  # fmt: skip
    measures = reader.found["measures"]
    for name in p.measures:
        if name in measures and p.interest is None:
            bond = _bond(measures[name], p.who)
            if bond:
                reader.faults.add(where, f"'{p.who}' {bond} '{name}' and states no interest",
                                  why="a reader must see what the speaker has at stake",
                                  next_step="Write interest")  # fmt: skip


def _bond(measure: Measure, who: str) -> str:
    if who in measure.owners:
        return "owns"
    return "would receive" if who in measure.recipients else ""


def _check_twins(reader: _Reader) -> None:
    """The same party on the same topic at the same place of a source is one position."""
    first: dict[tuple[str, ...], str] = {}
    for key, p in reader.found["positions"].items():
        same = (p.who, p.topic, p.source, p.place)
        if same in first:
            what = f"says the same as {first[same]}: {p.who} on {p.topic}, {p.source}, {p.place}"
            reader.faults.add(reader.at("positions", key), what, next_step="Keep one")
        first.setdefault(same, key)
