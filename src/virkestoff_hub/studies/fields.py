"""The form for changed inputs: levers of alternatives, and values of facts, read with their faults.

What was typed is kept, whatever else is wrong, also while facts are looked up or another
alternative is chosen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from virkestoff.errors import InputError
from virkestoff.evidence import Fact, Library
from virkestoff.language import Lang, Text
from virkestoff.reports.units import range_text, unit_words
from virkestoff.studies import Definition
from virkestoff.studies.changes import Changes, changed_fact
from virkestoff.studies.levers import Lever, Value
from virkestoff_hub.fault_words import in_words

__all__ = ["FactField", "Form", "LeverField", "Part", "read_form", "written"]

MOST_FACTS = 40
"""Facts on a form."""
LONGEST = 40
"""Letters of a number."""
_ENDS: dict[int, tuple[Text, ...]] = {
    1: (Text(nb="Verdi", en="Value"),),
    2: (Text(nb="Lav", en="Low"), Text(nb="Høy", en="High")),
    3: (Text(nb="Lav", en="Low"), Text(nb="Midt", en="Central"), Text(nb="Høy", en="High")),
}
_NUMBER: dict[Lang, re.Pattern[str]] = {
    "nb": re.compile(r"-?\d+(?:,\d+)?(?:e[-+]?\d{1,3})?\Z", re.IGNORECASE | re.ASCII),
    "en": re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:e[-+]?\d{1,3})?\Z",
                     re.IGNORECASE | re.ASCII),
}
_NO_NUMBER = Text(nb="Skriv et tall, for eksempel 1500 eller 0,25",
                  en="Write a number, such as 1500 or 0.25")  # fmt: skip
_FAULTS: tuple[tuple[str, Text], ...] = (
    ("does not rise", Text(nb="Tallene må stige fra lav til høy", en="The numbers must rise from "
                           "low to high")),
    ("above zero", Text(nb="Må være over null", en="Must be above zero")),
    ("below zero", Text(nb="Kan ikke være under null", en="Must not be below zero")),
    ("above one", Text(nb="Er en andel og kan ikke være over 1", en="Is a share and must not be "
                       "above 1")),
    ("thousand", Text(nb="Er mer enn tusen ganger unna bibliotekets verdi. Er enheten riktig?",
                      en="Is more than a thousand times away from the library’s value. Is the unit "
                      "right?")),
)  # fmt: skip


def read_number(text: str, lang: Lang) -> float | None:
    """A number as people of a language write it; nothing if it is none or may mean two."""
    bare = re.sub(r"[ \u00a0\u202f]", "", text).replace("\u2212", "-")
    if lang == "nb" and re.fullmatch(r"-?\d+\.\d+", bare) and not re.search(r"\.\d{3}\Z", bare):
        bare = bare.replace(".", ",")
    if len(bare) > LONGEST or not _NUMBER[lang].match(bare):
        return None
    plain = bare.replace(",", ".") if lang == "nb" else bare.replace(",", "")
    number = float(plain)
    return number if math.isfinite(number) else None


def written(number: float, lang: Lang) -> str:
    """A number as it stands in its field, to be read again to the same."""
    text = f"{number:.12g}"
    return text.replace(".", ",") if lang == "nb" else text


@dataclass(frozen=True)
class LeverField:
    """A lever of an alternative."""

    alternative: str
    key: str
    lever: Lever
    lang: Lang
    raw: str
    fault: str = ""

    @property
    def name(self) -> str:
        """The name of the field in the form."""
        return f"lever:{self.alternative}:{self.key}"

    @property
    def anchor(self) -> str:
        """The id of the field in the page."""
        return f"f-{self.alternative}-{self.key}".replace("_", "-")

    @property
    def label(self) -> str:
        """The lever's name."""
        return self.lever.name.in_(self.lang)

    @property
    def unit(self) -> str:
        """The unit in words."""
        return unit_words(self.lever.unit, self.lang) if self.lever.unit else ""

    @property
    def hint(self) -> str:
        """The bounds."""
        if self.lever.range is None:
            return ""
        low, high = (written(v, self.lang) for v in self.lever.range)
        return f"{low} til {high}" if self.lang == "nb" else f"{low} to {high}"

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen."""
        return [(c, c.replace("_", " "), c == self.raw) for c in self.lever.choices or ()]


@dataclass(frozen=True)
class Part:
    """One number of a fact."""

    name: str
    anchor: str
    label: str
    raw: str
    fault: str = ""


@dataclass(frozen=True)
class FactField:
    """A fact with one, two or three numbers."""

    fact: Fact
    lang: Lang
    parts: tuple[Part, ...]
    fault: str = ""

    @property
    def anchor(self) -> str:
        """The id of the fact in the page."""
        return _anchor(self.fact.id)

    @property
    def label(self) -> str:
        """The fact's name."""
        return self.fact.name.in_(self.lang)

    @property
    def unit(self) -> str:
        """The unit with its price year."""
        words = unit_words(self.fact.unit, self.lang)
        return f"{words} ({self.fact.price_year})" if self.fact.price_year else words

    @property
    def hint(self) -> str:
        """The library's value in words."""
        numbers = self.fact.numbers
        if self.fact.unit == "1":  # as it stands in the fields, not in per cent
            return " / ".join(written(n, self.lang) for n in numbers)
        return range_text(numbers[0], numbers[-1], self.fact.unit, self.lang)


@dataclass(frozen=True)
class Form:
    """The form as it was sent, and what it means."""

    levers: tuple[LeverField, ...]
    hidden: tuple[tuple[str, str], ...]
    facts: tuple[FactField, ...]
    changes: Changes

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Anchor and words of every fault."""
        found = [(f.anchor, f"{f.label}: {f.fault}") for f in self.levers if f.fault]
        for field in self.facts:
            found += [(p.anchor, f"{field.label}, {p.label.lower()}: {p.fault}")
                      for p in field.parts if p.fault]  # fmt: skip
            if field.fault:
                found.append((field.parts[0].anchor, f"{field.label}: {field.fault}"))
        return found


def _anchor(fact: str) -> str:
    return "f-" + re.sub(r"[^a-z0-9]", "-", fact)


def read_form(
    definition: Definition,
    library: Library,
    alternative: str,
    facts: Sequence[str],
    given: Mapping[str, str],
    lang: Lang,
) -> Form:
    """What was typed, with faults and changes; a field that was not sent holds the library's.

    Parameters
    ----------
    alternative : whose levers are shown; those of others are kept out of sight
    facts : ids that are shown
    given : what was sent, by name of field
    """
    fields: list[LeverField] = []
    hidden: list[tuple[str, str]] = []
    levers: dict[str, dict[str, Value]] = {}
    for name, held in definition.alternatives.items():
        before = definition.choices_of(held.levers)
        for key, lever in definition.levers.items():
            was = before[key]
            shown = was if isinstance(was, str) else written(was, lang)
            raw = given.get(f"lever:{name}:{key}", shown).strip()[: LONGEST + 1]
            value, fault = (was, "") if raw == shown else _lever(lever, raw, lang)
            if fault == "" and value != was and value is not None:
                levers.setdefault(name, {})[key] = value
            if name == alternative or fault:
                fields.append(LeverField(name, key, lever, lang, raw, fault))
            elif raw != shown:
                hidden.append((f"lever:{name}:{key}", raw))
    read = [_fact(library.facts[f], given, lang) for f in facts]
    changed = {f.fact.id: numbers for f, numbers in read if numbers is not None}
    return Form(tuple(fields), tuple(hidden), tuple(f for f, _ in read), Changes(levers, changed))


def _lever(lever: Lever, raw: str, lang: Lang) -> tuple[Value | None, str]:
    """The value and what is wrong with it."""
    if lever.choices is not None:
        bad = Text(nb="Velg fra listen", en="Choose from the list")
        return (None, bad.in_(lang)) if lever.problem_with(raw) else (raw, "")
    number = read_number(raw, lang)
    if number is None:
        return None, _NO_NUMBER.in_(lang)
    if lever.problem_with(number):
        assert lever.range is not None
        low, high = (written(v, lang) for v in lever.range)
        outside = Text(nb=f"Må ligge mellom {low} og {high}",
                       en=f"Must lie between {low} and {high}")  # fmt: skip
        return None, outside.in_(lang)
    return number, ""


def _fact(
    fact: Fact, given: Mapping[str, str], lang: Lang
) -> tuple[FactField, tuple[float, ...] | None]:
    """The field of a fact, and its numbers if they were changed and are sound."""
    parts: list[Part] = []
    numbers: list[float] = []
    for i, (held, label) in enumerate(zip(fact.numbers, _ENDS[len(fact.numbers)], strict=True)):
        name, shown = f"fact:{fact.id}:{i}", written(held, lang)
        raw = given.get(name, shown).strip()[: LONGEST + 1]
        number = held if raw == shown else read_number(raw, lang)
        fault = _NO_NUMBER.in_(lang) if number is None else ""
        if number is not None:
            numbers.append(number)
        parts.append(Part(name, f"{_anchor(fact.id)}-{i}", label.in_(lang), raw, fault))
    new = tuple(numbers)
    if len(new) < len(parts) or new == fact.numbers:
        return FactField(fact, lang, tuple(parts)), None
    try:
        changed_fact(fact, new)
    except InputError as problem:
        text = " ".join(f.what for f in problem.faults)
        words = [w.in_(lang) for key, w in _FAULTS if key in text]
        return FactField(fact, lang, tuple(parts), ". ".join(words) or in_words(text, lang)), None
    return FactField(fact, lang, tuple(parts)), new


def known_facts(facts: Iterable[str], library: Library, allowed: frozenset[str]) -> list[str]:
    """Those of the facts that can be changed, each once, no more than the form holds."""
    found = [f for f in dict.fromkeys(facts)
             if f in allowed and f in library.facts and library.facts[f].numbers]  # fmt: skip
    return found[:MOST_FACTS]
