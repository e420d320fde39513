"""The glossary: terms in both languages with definition and source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence.library import Library, validation_faults
from virkestoff.evidence.yaml_reader import read_yaml
from virkestoff.language import Text

__all__ = ["Term", "load_glossary"]


class Term(BaseModel):
    """A term with its definition and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)
    definition: Text
    source: str
    place: str


def load_glossary(library: Library, path: Path | None = None) -> Mapping[str, Term]:
    """The terms by id.

    Parameters
    ----------
    path : default ``glossary.yaml`` of the library

    Raises
    ------
    InputError
        lists every fault: missing languages, unknown keys, unknown sources.
    """
    file = path or library.root / "glossary.yaml"
    faults = FaultCollector()
    terms: dict[str, Term] = {}
    for key, record in (read_yaml(file, "glossary.yaml").get("terms") or {}).items():
        try:
            term = Term.model_validate(record)
        except ValidationError as problem:
            found = validation_faults(file, "glossary.yaml", ("terms", str(key)), problem)
            faults.extend(InputError(found))
            continue
        if term.source not in library.sources:
            step = suggest(term.source, library.sources)
            faults.add(f"glossary.yaml: {key}", f"names source '{term.source}'", "", step)
        terms[str(key)] = term
    faults.raise_if_any()
    return terms
