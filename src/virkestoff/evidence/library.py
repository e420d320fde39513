"""The library: every source, fact and statistic of a folder of YAML files, checked as one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence.fact import Fact, Snapshot, Source, Statistic, Subject
from virkestoff.evidence.subjects import check_subjects
from virkestoff.evidence.yaml_reader import line_of, read_yaml_kept
from virkestoff.money import Indices

__all__ = [
    "Library",
    "LibraryPart",
    "content_root",
    "kept_per_library",
    "library_folder",
    "load_library",
    "use_library",
]

_SECTIONS: dict[str, type[BaseModel]] = {
    "sources": Source,
    "facts": Fact,
    "statistics": Statistic,
    "snapshots": Snapshot,
    "subjects": Subject,
}
_WITHOUT_ID = ("sources", "subjects")
_SECTIONS_OF_SUBJECTS = (
    "alternatives", "anchors", "answers", "arrangements", "asks", "awards", "base_year", "bases",
    "bill", "branches", "claims", "codes", "compounds", "conflicts", "definition", "definitions",
    "events", "forms", "fractions", "gaps", "guide", "items", "keys", "labelled", "limits",
    "mappings",
    "market_failures", "markets", "measures", "named", "needs", "nordic", "not_reported",
    "not_reproduced", "organisations", "parties", "person_forms", "phases", "places", "positions",
    "presentations", "process", "products", "projections", "purchase_prices", "registers",
    "routes", "schemes", "scoring", "settings", "site_rules", "sites", "standards", "subsets",
    "substance_prices", "substitution", "targets", "tasks", "terms", "topics", "trains", "values",
    "vocabulary", "words",
)  # fmt: skip
"""What the subjects read themselves, each in its own files."""
_OWN_SCHEMA = (
    "/instruments/schemes/", "/industry/rounds/", "/roadmap/", "/search/", "/evidence/words.yaml",
    "/facilities/",
)  # fmt: skip
_MAY_HOLD = re.compile(r"""(?:^|[{,])\s*["']?(?:sources|facts)["']?\s*:""", re.MULTILINE)


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


_Kept = TypeVar("_Kept", bound=Callable[..., Any])
_forgetters: list[Callable[[], None]] = []
_chosen: list[Path] = []


def library_folder() -> Path:
    """The folder that tables are read from: the one chosen with ``use_library``, else our own."""
    return _chosen[0] if _chosen else content_root() / "library"


def use_library(folder: Path | None) -> None:
    """Read all tables from ``folder`` from now on in this process; ``None`` is our own again."""
    _chosen[:] = [folder] if folder is not None else []
    for forget in _forgetters:
        forget()


def kept_per_library(load: _Kept) -> _Kept:
    """Keep what a loader of tables returns until another library is chosen."""
    kept = lru_cache(maxsize=8)(load)
    _forgetters.append(kept.cache_clear)
    return cast("_Kept", kept)


@dataclass(frozen=True)
class Library:
    """Records by id, and the file that each came from."""

    root: Path
    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    statistics: Mapping[str, Statistic]
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    own_roots: tuple[Path, ...] = ()
    subjects: Mapping[str, Subject] = field(default_factory=dict)

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

        return Indices(collect("evidence.exchange_rate."), collect("evidence.price_index."))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all files, a study's own too: two equal libraries have the same."""
        return _digest(self.root, *self.own_roots)

    def joined(self, other: Library) -> Library:
        """This library and the facts of a study's own folder; the same id twice is a fault."""
        faults = FaultCollector()
        for kind in _SECTIONS:
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
            (*self.own_roots, other.root),
            {**self.subjects, **other.subjects},
        )


@dataclass(frozen=True)
class LibraryPart:
    """All sources of a library, and the facts whose ids begin in one of some ways.

    Files that hold neither are not parsed: their faults are found where they are used, and by
    ``virkestoff evidence check``.
    """

    facts: tuple[str, ...]

    def may_stand_in(self, text: str) -> bool:
        """Whether a file may hold any of it; ``True`` where in doubt."""
        return _MAY_HOLD.search(text) is not None and (
            "sources" in text or any(prefix in text for prefix in self.facts)
        )

    def holds(self, section: str, key: str) -> bool:
        """Whether a record belongs to the part."""
        return section == "sources" or (section == "facts" and key.startswith(self.facts))


def _digest(*roots: Path) -> str:
    whole = hashlib.sha256()
    for root in roots:
        for path in _yaml_files(root):
            whole.update(path.relative_to(root).as_posix().encode() + b"\0")
            whole.update(path.read_bytes() + b"\0")
    return whole.hexdigest()


def _yaml_files(root: Path) -> Iterator[Path]:
    yield from sorted(p for p in root.rglob("*.yaml") if p.is_file())


def load_library(
    root: Path,
    sources: Mapping[str, Source] | None = None,
    shown: str = "",
    subjects: Mapping[str, Subject] | None = None,
    part: LibraryPart | None = None,
) -> Library:
    """Read every YAML file under ``root``.

    Parameters
    ----------
    root : the folder
    sources : sources known from elsewhere, which facts here may name
    shown : what stands before a file's name in messages, such as ``my_study/facts/``
    subjects : subjects known from elsewhere, which statistics here may be about
    part : what is needed of it; a command then starts sooner (default: everything)

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
        name = shown + path.relative_to(root).as_posix()
        if part is not None and not _may_hold(path, part):
            continue
        try:
            data = read_yaml_kept(path, name, lambda found: not found.keys() <= _SECTIONS.keys())
        except InputError as problem:
            faults.extend(problem)
            continue
        subject = path.relative_to(root).parts[0] if path.parent != root else ""
        _check_subject(path, name, subject, data.get("facts"), faults)
        _check_sections(path, name, data, faults)
        for section, kind in _SECTIONS.items():
            records = data.get(section)
            if part is not None and isinstance(records, dict):
                records = {k: r for k, r in records.items() if part.holds(section, str(k))}
            _read_section(path, name, section, kind, records, found, files, faults)
    known = {**(sources or {}), **found["sources"]}
    _check_sources(found, known, files, faults)
    check_subjects(found["statistics"], {**(subjects or {}), **found["subjects"]}, files, faults)
    faults.raise_if_any()
    return Library(
        root, found["sources"], found["facts"], found["statistics"], found["snapshots"], files,
        subjects=found["subjects"],
    )  # fmt: skip


def _may_hold(path: Path, part: LibraryPart) -> bool:
    try:
        return part.may_stand_in(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return True  # reading it in earnest says what is wrong


def _check_subject(path: Path, name: str, subject: str, facts: Any, faults: FaultCollector) -> None:
    """A fact in a subject's folder carries the subject's name."""
    for key in facts if subject and isinstance(facts, dict) else ():
        if not str(key).startswith(f"{subject}."):
            faults.add(_place(path, name, "facts", key), f"must start with '{subject}.'")


def _check_sections(
    path: Path, name: str, data: Mapping[str, Any], faults: FaultCollector
) -> None:
    """A section that nobody reads would be passed over in silence."""
    if any(part in f"/{name}" for part in _OWN_SCHEMA):
        return  # checked key by key where it is read
    known = (*_SECTIONS, *_SECTIONS_OF_SUBJECTS)
    for key in data:
        if key not in known:
            where = f"{name}:{line_of(path, (key,))}: {key}"
            step = suggest(str(key), known) or f"The sections are {', '.join(known)}"
            faults.add(where, "is no section of the library", next_step=step)


def _place(path: Path, name: str, section: str, key: str) -> str:
    """File, line and key of a record, for a message only: the line takes a second parse."""
    return f"{name}:{line_of(path, (section, key))}: {section}.{key}"


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
        where = partial(_place, path, name, section, key)
        if key in found[section]:
            faults.add(where(), f"is already defined in {files[key]}")
            continue
        if not isinstance(record, dict):
            faults.add(where(), "must be a record with keys and values")
            continue
        fields = record if section in _WITHOUT_ID else {"id": key, **record}
        try:
            found[section][key] = kind.model_validate(fields)
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(path, name, (section, key), problem)))
        except InputError as problem:
            for fault in problem.faults:
                faults.add(where(), str(fault))
        files[key] = name


def validation_faults(
    path: Path, name: str, keys: tuple[str | int, ...], problem: ValidationError
) -> list[Fault]:
    """Pydantic's findings as faults with file, line and key."""
    faults = []
    for error in problem.errors():
        at = tuple(part for part in error["loc"] if isinstance(part, str | int))
        depths = range(len(at), -1, -1)  # a missing key has no line: that of what holds it
        line = next((n for k in depths if (n := line_of(path, keys + at[:k]))), None)
        what = error["msg"].removeprefix("Value error, ")
        step = ""
        if error["type"] == "extra_forbidden":
            what = "is not a known key"
        elif error["type"] == "missing":
            what = "is missing"
        place = f"{name}:{line}" if line else name
        where = f"{place}: " + ".".join(str(part) for part in keys + at)
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
