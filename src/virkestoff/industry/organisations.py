"""Organisations that the sources name: what they are, what they can do, and where it says so."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence.fact import Source
from virkestoff.evidence.library import Library, validation_faults
from virkestoff.evidence.yaml_reader import line_of, read_yaml
from virkestoff.language import Text

__all__ = [
    "BRANCHES",
    "KINDS",
    "Branch",
    "Kind",
    "Organisation",
    "Organisations",
    "load_organisations",
    "sources_alone",
]  # fmt: skip

Branch = Literal["pharmaceuticals", "medical_devices", "digital_health"]
BRANCHES: tuple[Branch, ...] = get_args(Branch)
Kind = Literal[
    "company", "foreign_company", "cluster", "catapult_centre", "innovation_company", "network",
    "research_infrastructure", "support_agency", "investor", "ministry", "agency", "council",
    "parliament", "political_party", "hospital", "university", "institute", "industry_body",
    "union", "patient_organisation", "adviser", "publisher", "foreign_body", "international_body",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
_Word = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mention(_Frozen):
    """A source that names the organisation, and the lines of its text."""

    source: str
    place: _Word


class Organisation(_Frozen):
    """What the sources say of one organisation; nothing from elsewhere.

    Attributes
    ----------
    other_names : further names and spellings that the sources use
    branch : only where the source says it or lists the organisation under it
    places : where the sources place it
    capability : what it makes or can do, in our words; ``None`` if no source says it
    status : owner, predecessor or successor, as the source wrote it in its year
    """

    name: _Word
    other_names: tuple[_Word, ...] = ()
    kind: Kind
    branch: Branch | None = None
    places: tuple[_Word, ...] = ()
    role: Text
    capability: Text | None = None
    status: Text | None = None
    mentions: tuple[Mention, ...] = Field(min_length=1)

    def matches(self, words: str) -> bool:
        """Whether every word stands in a name, place, role or capability; case and marks aside."""
        texts = [self.name, *self.other_names, *self.places]
        for text in (self.role, self.capability, self.status):
            texts += [text.nb, text.en] if text else []
        whole = _plain(" ".join(texts))
        return all(word in whole for word in _plain(words).split())


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


@dataclass(frozen=True)
class Organisations:
    """All organisations by id, in the order of the files."""

    by_id: Mapping[str, Organisation]

    def chosen(self, kind: str = "", place: str = "", search: str = "") -> dict[str, Organisation]:
        """Those of a kind, at a place, and with these words; an empty choice leaves all.

        Raises
        ------
        InputError
            if the kind or the place is known to no organisation.
        """
        faults = FaultCollector()
        if kind and kind not in KINDS:
            step = suggest(kind, KINDS) or f"Known: {', '.join(KINDS)}"
            faults.add("--kind", f"'{kind}' is not a kind of organisation", next_step=step)
        places = {_plain(p): p for o in self.by_id.values() for p in o.places}
        if place and _plain(place) not in places:
            step = suggest(place, places.values()) or f"Known: {', '.join(sorted(places.values()))}"
            faults.add("--place", f"no organisation is placed in '{place}'", next_step=step)
        faults.raise_if_any()
        return {
            key: o
            for key, o in self.by_id.items()
            if (not kind or o.kind == kind)
            and (not place or _plain(place) in {_plain(p) for p in o.places})
            and o.matches(search)
        }


def sources_alone(root: Path) -> Library:
    """A library that holds the sources and nothing else, for loaders that only check citations.

    Reading every fact of the library takes a second, which a look at one list should not cost.

    Raises
    ------
    InputError
        if a source is faulty.
    """
    sources: dict[str, Source] = {}
    for part in ("evidence/sources.yaml", "industry/classification.yaml"):
        path = root / part
        for key, record in (read_yaml(path, part).get("sources") or {}).items():
            try:
                sources[key] = Source.model_validate(record)
            except ValidationError as problem:
                raise InputError(
                    validation_faults(path, part, ("sources", key), problem)
                ) from None
    return Library(root, sources, {}, {})


def load_organisations(library: Library, folder: Path | None = None) -> Organisations:
    """Read and check every file of organisations.

    Parameters
    ----------
    library : holds the sources that mentions name
    folder : default ``industry/organisations`` of the library

    Raises
    ------
    InputError
        lists every fault of every file: unknown keys, kinds, branches and sources, an id or a name
        that stands twice, a mention without a place.
    """
    place = folder or library.root / "industry" / "organisations"
    faults = FaultCollector()
    found: dict[str, Organisation] = {}
    names: dict[str, str] = {}
    paths = sorted(place.glob("*.yaml"))
    if not paths:
        faults.add(str(place), "holds no file of organisations")
    for path in paths:
        name = path.relative_to(place.parent.parent).as_posix()
        try:
            data = read_yaml(path, name)
        except InputError as problem:
            faults.extend(problem)
            continue
        for key in data.keys() - {"organisations"}:
            faults.add(f"{name}: {key}", "is not a known key",
                       next_step=suggest(key, ["organisations"]))  # fmt: skip
        records = data.get("organisations")
        if not isinstance(records, dict):
            faults.add(f"{name}: organisations", "must be a mapping from id to record")
            continue
        for key, record in records.items():
            _enter(path, name, str(key), record, library, found, names, faults)
    faults.raise_if_any()
    return Organisations(found)


def _enter(
    path: Path,
    name: str,
    key: str,
    record: Any,
    library: Library,
    found: dict[str, Organisation],
    names: dict[str, str],
    faults: FaultCollector,
) -> None:
    """Check one record and take it in."""

    def at(field: str = "") -> str:
        line = line_of(path, ("organisations", key, field) if field else ("organisations", key))
        return f"{name}:{line}: organisations.{key}" + (f".{field}" if field else "")

    if key in found:
        faults.add(at(), "stands in another file too", next_step="Keep one")
        return
    try:
        organisation = Organisation.model_validate(record)
    except ValidationError as problem:
        found_faults = validation_faults(path, name, ("organisations", key), problem)
        faults.extend(InputError(found_faults))
        return
    for mention in organisation.mentions:
        if mention.source not in library.sources:
            faults.extend(InputError(Fault(
                at("mentions"),
                f"'{mention.source}' is not a source that the library holds",
                "an organisation without a source does not load",
                suggest(mention.source, library.sources),
            )))  # fmt: skip
    for word in (organisation.name, *organisation.other_names):
        other = names.setdefault(_plain(word), key)
        if other != key:
            faults.add(at("name"), f"'{word}' is already a name of '{other}'",
                       why="a name must lead to one organisation",
                       next_step="Merge the two, or tell them apart")  # fmt: skip
    found[key] = organisation
