"""Words of the library for branches, groups, answers and fractions, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import InputError
from virkestoff.evidence.library import (
    Library,
    kept_per_library,
    library_folder,
    validation_faults,
)
from virkestoff.evidence.yaml_reader import read_yaml
from virkestoff.language import Lang, Text

__all__ = ["Wording", "load_wording"]

FILE = "evidence/words.yaml"


class Wording(BaseModel):
    """What readers see instead of the identifiers that statistics carry.

    A name of a company, place or product has no entry and stands as it is; any other identifier
    without an entry is shown with spaces for its underscores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    branches: dict[str, Text] = Field(default_factory=dict)
    keys: dict[str, Text] = Field(default_factory=dict)
    values: dict[str, Text] = Field(default_factory=dict)
    answers: dict[str, Text] = Field(default_factory=dict)
    fractions: dict[float, Text] = Field(default_factory=dict)
    places: dict[str, Text] = Field(default_factory=dict)

    def branch(self, branch: str, lang: Lang) -> str:
        """The name of a branch."""
        return _word(self.branches, branch, lang)

    def group(self, group: dict[str, str], lang: Lang) -> list[str]:
        """Each part of a group as ``key: value``."""
        return [
            f"{_word(self.keys, key, lang)}: {_word(self.values, value, lang)}"
            for key, value in sorted(group.items())
        ]

    def answer(self, answer: str, lang: Lang) -> str:
        """An answer of a survey question."""
        return _word(self.answers, answer, lang)

    def place(self, place: str, lang: Lang) -> str:
        """A place in a source: section, table and line in the reader's language."""
        longest_first = sorted(self.places, key=len, reverse=True)
        if not longest_first:
            return place
        phrases = "|".join(map(re.escape, longest_first))
        return re.sub(
            rf"\b(?:{phrases})\b", lambda m: self.places[m.group()].in_(lang), place
        )

    def fraction(self, value: float, lang: Lang) -> str | None:
        """A fraction as it is said (``a third``), or ``None`` if it has no such word."""
        return self.fractions[value].in_(lang) if value in self.fractions else None


def _word(words: dict[str, Text], name: str, lang: Lang) -> str:
    return words[name].in_(lang) if name in words else name.replace("_", " ")


def load_wording(library: Library | None = None) -> Wording:
    """The words of a library, or of the one in use; none if it has no such file.

    Raises
    ------
    InputError
        lists every fault of the file: a missing language, an unknown section.
    """
    return _load(library.root if library else library_folder())


@kept_per_library
def _load(root: Path) -> Wording:
    path = root / FILE
    if not path.is_file():
        return Wording()
    try:
        return Wording.model_validate(read_yaml(path, FILE))
    except ValidationError as problem:
        raise InputError(validation_faults(path, FILE, (), problem)) from None
