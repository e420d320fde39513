"""The library: every source, fact and statistic of a folder of YAML files, checked as one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence.fact import Fact, Snapshot, Source, Statistic
from virkestoff.evidence.yaml_reader import line_of, read_yaml
from virkestoff.money import Indices

__all__ = ["Library", "content_root", "load_library"]

_SECTIONS: dict[str, type[BaseModel]] = {
    "sources": Source,
    "facts": Fact,
    "statistics": Statistic,
    "snapshots": Snapshot,
}


def content_root() -> Path:
    """The folder that holds ``library/`` and ``studies/``: inside the wheel, else the checkout.

    Raises
    ------
    InputError
        if neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "_content", package.parents[1]):
        if (candidate / "library").is_dir():
            return candidate
    raise InputError(
        Fault(
            "library",
            "no library folder was found",
            next_step="Install the wheel, work in a checkout, or name a folder with --library",
        )
    )


@dataclass(frozen=True)
class Library:
    """Records by id, and the file that each came from."""

    root: Path
    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    statistics: Mapping[str, Statistic]
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def fact(self, fact_id: str, on: date | None = None) -> Fact:
        """The fact with this id.

        Raises
        ------
        MissingFact
            if there is none, or if it does not hold on the date asked for.
        """
        if fact_id not in self.facts:
            raise MissingFact(
                Fault(
                    f"fact '{fact_id}'",
                    "is not in the library",
                    next_step=suggest(fact_id, self.facts)
                    or "List them with: virkestoff evidence list",
                )
            )
        fact = self.facts[fact_id]
        if on is not None and not fact.valid.period.holds_on(on):
            raise MissingFact(
                Fault(
                    f"fact '{fact_id}'",
                    f"is not known to hold on {on}",
                    why=f"its source covers {fact.valid.period}",
                    next_step="Choose another date or add the value that holds then",
                )
            )
        return fact

    def source(self, source_id: str) -> Source:
        """The source with this id."""
        if source_id not in self.sources:
            raise MissingFact(
                Fault(
                    f"source '{source_id}'",
                    "is not in the library",
                    next_step=suggest(source_id, self.sources),
                )
            )
        return self.sources[source_id]

    @cached_property
    def indices(self) -> Indices:
        """Exchange rates and price indices, from the facts that carry their names."""

        def collect(prefix: str) -> dict[str, Mapping[int, float]]:
            return {
                fact_id.removeprefix(prefix): fact.series
                for fact_id, fact in self.facts.items()
                if fact_id.startswith(prefix) and fact.series
            }

        return Indices(
            collect("evidence.exchange_rate."), collect("evidence.price_index.")
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all files, in order of name: two equal libraries have the same."""
        return _digest(self.root)

    def joined(self, other: Library) -> Library:
        """This library and the facts of a study's own folder; the same id twice is a fault."""
        faults = FaultCollector()
        for kind in ("sources", "facts", "statistics", "snapshots"):
            for name in getattr(other, kind).keys() & getattr(self, kind).keys():
                faults.add(f"{other.files[name]}: {name}", f"is already in {self.files[name]}")
        faults.raise_if_any()
        return Library(
            self.root,
            {**self.sources, **other.sources},
            {**self.facts, **other.facts},
            {**self.statistics, **other.statistics},
            {**self.snapshots, **other.snapshots},
            {**self.files, **other.files},
        )


def _digest(root: Path) -> str:
    whole = hashlib.sha256()
    for path in _yaml_files(root):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0")
        whole.update(path.read_bytes() + b"\0")
    return whole.hexdigest()


def _yaml_files(root: Path) -> Iterator[Path]:
    yield from sorted(p for p in root.rglob("*.yaml") if p.is_file())


def load_library(root: Path, sources: Mapping[str, Source] | None = None) -> Library:
    """Read every YAML file under ``root``.

    Parameters
    ----------
    root : the folder
    sources : sources known from elsewhere, which facts here may name

    Raises
    ------
    InputError
        lists every fault of every file at once; a value without a source does not load.
    """
    if not root.is_dir():
        raise InputError(Fault(str(root), "is not a folder", next_step="Name it with --library"))
    faults = FaultCollector()
    found: dict[str, dict[str, Any]] = {section: {} for section in _SECTIONS}
    files: dict[str, str] = {}
    for path in _yaml_files(root):
        name = path.relative_to(root).as_posix()
        try:
            data = read_yaml(path, name)
        except InputError as problem:
            faults.extend(problem)
            continue
        for section, kind in _SECTIONS.items():
            _read_section(path, name, section, kind, data.get(section), found, files, faults)
    known = {**(sources or {}), **found["sources"]}
    _check_sources(found, known, files, faults)
    faults.raise_if_any()
    return Library(root, files=files, **found)


def _read_section(
    path: Path,
    name: str,
    section: str,
    kind: type[BaseModel],
    records: Any,
    found: dict[str, dict[str, Any]],
    files: dict[str, str],
    faults: FaultCollector,
) -> None:
    if records is None:
        return
    if not isinstance(records, dict):
        faults.add(f"{name}: {section}", "must be a mapping from id to record")
        return
    for key, record in records.items():
        where = f"{name}:{line_of(path, (section, key))}: {section}.{key}"
        if key in found[section]:
            faults.add(where, f"is already defined in {files[key]}")
            continue
        if not isinstance(record, dict):
            faults.add(where, "must be a record with keys and values")
            continue
        fields = record if section == "sources" else {"id": key, **record}
        subject, slash, _ = name.partition("/")
        if section == "facts" and slash and not str(key).startswith(f"{subject}."):
            faults.add(where, f"must start with '{subject}.'")
        try:
            found[section][key] = kind.model_validate(fields)
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(path, name, (section, key), problem)))
        except InputError as problem:
            for fault in problem.faults:
                faults.add(where, str(fault))
        files[key] = name


def validation_faults(
    path: Path, name: str, keys: tuple[str | int, ...], problem: ValidationError
) -> list[Fault]:
    """Pydantic's findings as faults with file, line and key."""
    faults = []
    for error in problem.errors():
        at = tuple(part for part in error["loc"] if isinstance(part, str | int))
        line = line_of(path, keys + at) or line_of(path, keys)
        what = error["msg"].removeprefix("Value error, ")
        step = ""
        if error["type"] == "extra_forbidden":
            what = "is not a known key"
        elif error["type"] == "missing":
            what = "is missing"
        where = f"{name}:{line}: " + ".".join(str(part) for part in keys + at)
        faults.append(Fault(where, what, next_step=step))
    return faults


def _check_sources(
    found: dict[str, dict[str, Any]],
    known: Mapping[str, Source],
    files: Mapping[str, str],
    faults: FaultCollector,
) -> None:
    for section in ("facts", "statistics", "snapshots"):
        for key, record in found[section].items():
            if record.source not in known:
                faults.add(
                    f"{files[key]}: {section}.{key}.source",
                    f"'{record.source}' is not a source that the library holds",
                    why="a value without a source does not load",
                    next_step=suggest(record.source, known) or "Add it under sources:",
                )
