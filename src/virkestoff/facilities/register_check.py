"""What holds between the records of a register: terms, sources, organisations, hospitals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import Library, read_yaml, validation_faults
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.facilities.provider import Gap, Provider, Said
from virkestoff.facilities.request import check_term
from virkestoff.facilities.vocabulary import DOES_FACETS, Facet, Term, Vocabulary
from virkestoff.facilities.window import Window

__all__ = ["SECTIONS", "Reader", "check_between", "check_broader"]

SECTIONS: dict[str, type[BaseModel]] = {
    "terms": Term, "providers": Provider, "gaps": Gap, "windows": Window,
}  # fmt: skip
_BESIDE = ("sources", "facts", "subjects", "statistics", "counties")
_FACETS: dict[str, tuple[Facet, ...]] = {
    "does": DOES_FACETS, "products": ("product",), "excludes": ("product",), "gmp": ("gmp",),
    "analytics": ("analytics",), "safety": ("safety",), "scope": ("gmp",),
}  # fmt: skip
RULE_FOR_HOSPITALS = "source_003, lines 337-340"


@dataclass
class Reader:
    """Records while they are read, where each stands, and the faults."""

    faults: FaultCollector = field(default_factory=FaultCollector)
    found: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {section: {} for section in SECTIONS}
    )
    files: dict[tuple[str, str], tuple[Path, str]] = field(default_factory=dict)
    is_synthetic: bool = False

    def at(self, section: str, key: str, *keys: str | int) -> str:
        """File, line and key of a record or a part of it."""
        path, name = self.files[section, key]
        line = line_of(path, (section, key, *keys))
        return f"{name}:{line}: " + ".".join(str(part) for part in (section, key, *keys))

    def read(self, path: Path, name: str, sections: Iterable[str]) -> None:
        """Take in one file."""
        known = (*sections, *_BESIDE, "is_synthetic")
        try:
            data = read_yaml(path, name)
        except InputError as problem:
            self.faults.extend(problem)
            return
        for section in data.keys() - set(known):
            step = suggest(str(section), known) or f"Known: {', '.join(known)}"
            self.faults.add(f"{name}: {section}", "is not a known key", next_step=step)
        mark = data.get("is_synthetic", False)
        if not isinstance(mark, bool):
            self.faults.add(f"{name}: is_synthetic", "must be true or false")
        self.is_synthetic = self.is_synthetic or mark is True
        for section in sections:
            records = data.get(section)
            if records is None:
                continue
            if not isinstance(records, dict):
                self.faults.add(f"{name}: {section}", "must be a mapping from id to record")
                continue
            for key, record in records.items():
                self._enter(path, name, section, str(key), record)

    def _enter(self, path: Path, name: str, section: str, key: str, record: Any) -> None:
        if (section, key) in self.files:
            first = self.files[section, key][1]
            where = f"{name}:{line_of(path, (section, key))}: {section}.{key}"
            self.faults.add(where, f"is already defined in {first}", next_step="Keep one")
            return
        self.files[section, key] = (path, name)
        try:
            self.found[section][key] = SECTIONS[section].model_validate(record)
        except ValidationError as problem:
            found = validation_faults(path, name, (section, key), problem)
            self.faults.extend(InputError(found))

    def known(self, section: str) -> set[str]:
        """The ids of a section, also those of records that are faulty in other ways."""
        return {key for kind, key in self.files if kind == section}


def check_broader(reader: Reader) -> bool:
    """Note broader terms that do not exist or lead round; whether there are none."""
    n_before = len(reader.faults.faults)
    terms: Mapping[str, Term] = reader.found["terms"]
    for key, term in terms.items():
        for one in term.broader:
            if one not in reader.known("terms"):
                reader.faults.add(reader.at("terms", key, "broader"), f"'{one}' is not a term",
                                  next_step=suggest(one, terms))  # fmt: skip
    done: set[str] = set()
    for key in terms:
        path: list[str] = []
        waiting: list[tuple[str, int]] = [(key, 0)]
        while waiting:
            one, depth = waiting.pop()
            del path[depth:]
            if one in path:
                reader.faults.add(reader.at("terms", one, "broader"), "is its own broader term",
                                  why=" < ".join([*path[path.index(one):], one]))  # fmt: skip
                return False
            if one in done or one not in terms:
                continue
            path.append(one)
            waiting += [(b, depth + 1) for b in terms[one].broader]
        done.add(key)
    return len(reader.faults.faults) == n_before


def _check_terms_of(
    reader: Reader, record: BaseModel, vocabulary: Vocabulary, section: str, key: str,
    *keys: str | int,
) -> None:  # fmt: skip
    """Every term that a record names, in it and in what it holds."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, BaseModel):
            _check_terms_of(reader, value, vocabulary, section, key, *keys, name)
        elif name in _FACETS:
            for term in value if isinstance(value, tuple) else (value,):
                where = reader.at(section, key, *keys, name)
                check_term(term, _FACETS[name], where, vocabulary, reader.faults)
        elif isinstance(value, tuple):
            for index, part in enumerate(value):
                if isinstance(part, BaseModel):
                    _check_terms_of(reader, part, vocabulary, section, key, *keys, name, index)


def _said(record: BaseModel) -> Iterable[Said | Term]:
    if isinstance(record, Said) or (isinstance(record, Term) and record.source is not None):
        yield record
    for name in type(record).model_fields:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, BaseModel):
                yield from _said(part)


def _check_sources(reader: Reader, library: Library) -> None:
    for section in ("terms", "providers", "gaps"):
        for key, record in reader.found[section].items():
            for said in _said(record):
                if said.source not in library.sources:
                    reader.faults.add(
                        reader.at(section, key),
                        f"'{said.source}' is not a source that the library holds",
                        why="a capability that no source states does not load",
                        next_step=suggest(str(said.source), library.sources),
                    )
                if not said.place:
                    reader.faults.add(reader.at(section, key), "names a source without a place")


def _names(library: Library, faults: FaultCollector) -> dict[str, str]:
    """The name of every organisation of the library, by id."""
    folder = library.root / "industry" / "organisations"
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            records = read_yaml(path).get("organisations")
        except InputError as problem:
            faults.extend(problem)
            continue
        for key, record in records.items() if isinstance(records, dict) else ():
            if isinstance(record, dict):
                found[str(key)] = str(record.get("name", key))
    return found


def _check_providers(reader: Reader, names: Mapping[str, str]) -> dict[str, str]:
    """Each provider is an organisation of the library; its name."""
    found = {}
    for key, provider in reader.found["providers"].items():
        organisation = provider.organisation or key
        if organisation in names:
            found[key] = names[organisation]
        else:
            step = suggest(organisation, names) or "Add it under library/industry/organisations"
            reader.faults.add(reader.at("providers", key),
                              f"'{organisation}' is not an organisation of the library",
                              next_step=step)  # fmt: skip
    return found


def _check_windows(reader: Reader) -> None:
    providers: Mapping[str, Provider] = reader.found["providers"]
    for key, window in reader.found["windows"].items():
        if window.provider not in providers:
            if window.provider not in reader.known("providers"):
                reader.faults.add(reader.at("windows", key, "provider"),
                                  f"'{window.provider[:60]}' is not a provider",
                                  next_step=suggest(window.provider, providers))  # fmt: skip
            continue
        provider = providers[window.provider]
        stated = {c.does for c in provider.capabilities}
        if window.does not in stated:
            reader.faults.add(reader.at("windows", key, "does"),
                              f"'{window.does}' is not a capability of {window.provider}",
                              why="a window belongs to a capability that is stated",
                              next_step=f"Use one of {', '.join(sorted(stated))}, or add it to "
                              "the provider")  # fmt: skip
        if provider.kind == "hospital":
            _check_hospital(reader, key, window)


def _check_hospital(reader: Reader, key: str, window: Window) -> None:
    if not window.is_outside_normal_operation:
        reader.faults.add(
            reader.at("windows", key), "is a hospital's and does not say that it lies outside "
            "normal operation", why=f"hospitals may rent out only that ({RULE_FOR_HOSPITALS})",
            next_step="Write is_outside_normal_operation: true if it holds",
        )  # fmt: skip
    if window.price is None or window.price.basis != "actual_cost":
        reader.faults.add(
            reader.at("windows", key, "price"), "is a hospital's and is not at actual cost",
            why=f"only actual costs are to be covered ({RULE_FOR_HOSPITALS})",
            next_step="Write price: {basis: actual_cost}",
        )  # fmt: skip


def check_between(reader: Reader, library: Library) -> dict[str, str]:
    """Note every fault between records; the name of each provider."""
    is_sound = check_broader(reader)
    names = _check_providers(reader, _names(library, reader.faults))
    if is_sound:  # terms can be looked up only in a vocabulary that leads somewhere
        vocabulary = Vocabulary(reader.found["terms"])
        for section in ("providers", "gaps", "windows"):
            for key, record in reader.found[section].items():
                _check_terms_of(reader, record, vocabulary, section, key)
    _check_sources(reader, library)
    _check_windows(reader)
    return names
