"""A field of a form of facilities: label, hint, choices, what was written, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from virkestoff.facilities import Vocabulary
from virkestoff.facilities.amounts import UNITS
from virkestoff.facilities.vocabulary import DOES_FACETS
from virkestoff.language import Lang, Text
from virkestoff_hub.facilities.words import FACETS

__all__ = ["Choice", "Field", "Fields", "term_choices", "work_groups"]

Choice = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """One field as the template shows it.

    ``shape`` is ``line``, ``list``, ``boxes`` or ``tick``; ``groups`` are lists within a list.
    """

    name: str
    label: str
    shape: str = "line"
    raw: str = ""
    hint: str = ""
    fault: str = ""
    unit: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()
    groups: tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the field in the page."""
        return "f-" + self.name.replace("_", "-")


@dataclass
class Fields:
    """Makes the fields of a form from what was written and what is wrong with it."""

    raw: Mapping[str, Any]
    faults: Mapping[str, Text]
    lang: Lang
    made: list[Field] = field(default_factory=list)

    def _one(self, name: str, nb: str, en: str, shape: str, **more: Any) -> Field:
        value = self.raw.get(name)
        fault = self.faults[name].in_(self.lang) if name in self.faults else ""
        raw = "" if value is None or isinstance(value, list | tuple) else str(value)
        found = Field(name, nb if self.lang == "nb" else en, shape, raw, fault=fault, **more)
        self.made.append(found)
        return found

    def line(self, name: str, nb: str, en: str, hint: Text | None = None, unit: str = "") -> Field:
        """A field to write in."""
        return self._one(name, nb, en, "line", hint=hint.in_(self.lang) if hint else "", unit=unit)

    def choose(
        self, name: str, nb: str, en: str, options: Iterable[Choice], hint: Text | None = None
    ) -> Field:
        """A list to choose one from."""
        held = str(self.raw.get(name) or "")
        return self._one(name, nb, en, "list", hint=hint.in_(self.lang) if hint else "",
                         options=tuple((k, w, k == held) for k, w in options))  # fmt: skip

    def groups(
        self, name: str, nb: str, en: str, groups: Iterable[tuple[str, Iterable[Choice]]]
    ) -> Field:
        """A list to choose one from, in groups."""
        held = str(self.raw.get(name) or "")
        made = tuple((title, tuple((k, w, k == held) for k, w in inside))
                     for title, inside in groups)  # fmt: skip
        return self._one(name, nb, en, "list", groups=made)

    def boxes(self, name: str, nb: str, en: str, options: Iterable[Choice]) -> Field:
        """Boxes to tick."""
        value = self.raw.get(name) or ()
        held = set(value) if isinstance(value, list | tuple) else {
            p.strip() for p in str(value).split(",")
        }  # fmt: skip
        return self._one(name, nb, en, "boxes",
                         options=tuple((k, w, k in held) for k, w in options))  # fmt: skip

    def tick(self, name: str, nb: str, en: str) -> Field:
        """One box to tick."""
        is_on = str(self.raw.get(name) or "").casefold() in ("on", "ja", "yes", "true")
        return self._one(name, nb, en, "tick", options=(("on", "", is_on),))

    @property
    def faulty(self) -> list[Field]:
        """The fields with a fault, for the summary above the form."""
        return [f for f in self.made if f.fault]


def upper(text: str) -> str:
    """With a capital letter first."""
    return text[:1].upper() + text[1:]


def words_of(words: Mapping[str, Text], lang: Lang) -> list[Choice]:
    """Keys and what they are called."""
    return [(key, upper(text.in_(lang))) for key, text in words.items()]


def unit_choices() -> list[Choice]:
    """The units of amounts."""
    return [(unit, unit) for unit in UNITS]


def term_choices(vocabulary: Vocabulary, facet: str, lang: Lang) -> list[Choice]:
    """The terms of a facet by name."""
    found = [(key, upper(t.name.in_(lang))) for key, t in vocabulary.of_facets((facet,)).items()]
    return sorted(found, key=lambda pair: pair[1].casefold())


def work_groups(vocabulary: Vocabulary, lang: Lang) -> list[tuple[str, list[Choice]]]:
    """Everything that a facility can do for somebody, by facet."""
    return [(upper(FACETS[f].in_(lang)), term_choices(vocabulary, f, lang)) for f in DOES_FACETS]
