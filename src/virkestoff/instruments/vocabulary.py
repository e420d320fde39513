"""The facts that rules may speak of: names, types, units, ranges, questions.

The vocabulary is ``library/instruments/vocabulary*.yaml``. Rules and profiles are checked against
it, so that a slip in a name is a fault and never an unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import library_folder, read_yaml, validation_faults
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.language import Text
from virkestoff.quantities import check_unit

__all__ = ["Term", "Vocabulary", "check_facts", "closed_band", "load_vocabulary"]

TermType = Literal["number", "bool", "choice", "date", "text"]
SUBJECTS = ("company", "project", "investor", "market")
_RECEIVED, _RUNNING = "company.received.", "company.running_projects."
_MOST_PROJECTS = 1000  # constant: bound of what can be meant, not a threshold
_EARLIEST, _LATEST = date(1800, 1, 1), date(2200, 1, 1)


class _TermRecord(BaseModel):
    """A term as it stands in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    type: TermType
    unit: str | None = None
    is_whole: bool = False
    range: tuple[float, float] | None = None
    choices: dict[str, Text] = Field(default_factory=dict)
    pattern: str | None = None
    question: Text
    ask: str
    is_register: bool = False
    is_sensitive: bool = False
    note: str | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        problems = []
        if (self.type == "number") != (self.unit is not None):
            problems.append("a number has a unit, and nothing else has one")
        if (self.type == "number") != (self.range is not None):
            problems.append("a number has a range, and nothing else has one")
        if (self.type == "choice") != bool(self.choices):
            problems.append("a choice has choices, and nothing else has any")
        if (self.type == "text") != (self.pattern is not None):
            problems.append("a text has a pattern, and nothing else has one")
        if self.range and not -math.inf < self.range[0] < self.range[1] < math.inf:
            problems.append("the range does not rise")
        if self.unit:
            try:
                check_unit(self.unit)
            except InputError as problem:
                problems.append(str(problem))
        if problems:
            raise ValueError("; ".join(problems))
        return self


@dataclass(frozen=True)
class Term:
    """A fact that rules may speak of.

    Attributes
    ----------
    id : such as ``company.employees``; the first part is the subject
    type : number, bool, choice, date or text
    unit : of a number
    range : of a number: what can be meant, both ends included
    choices : of a choice: id to words
    pattern : of a text
    question, ask : how to ask for it, and whom
    is_register : whether a public register holds it
    is_sensitive : whether people may not want to say it
    """

    id: str
    name: Text
    type: TermType
    question: Text
    ask: Text
    unit: str | None = None
    is_whole: bool = False
    range: tuple[float, float] | None = None
    choices: Mapping[str, Text] | None = None
    pattern: str | None = None
    is_register: bool = False
    is_sensitive: bool = False
    note: str | None = None

    @property
    def subject(self) -> str:
        """``company``, ``project``, ``investor`` or ``market``."""
        return self.id.split(".")[0]

    @property
    def dates(self) -> tuple[date, date]:
        """The dates that can be meant."""
        return _EARLIEST, _LATEST


@dataclass(frozen=True)
class Vocabulary:
    """All terms by id."""

    terms: Mapping[str, Term]

    def with_schemes(self, schemes: Iterable[tuple[str, Text]]) -> Vocabulary:
        """The vocabulary with ``company.received.<scheme>`` and ``company.running_projects...``."""
        more: dict[str, Term] = {}
        for key, name in schemes:
            more[_RECEIVED + key] = Term(
                _RECEIVED + key,
                Text(nb=f"Har fått {name.nb}", en=f"Has received {name.en}"), "bool",
                Text(nb=f"Har foretaket fått {name.nb} før?",
                     en=f"Has the enterprise received {name.en} before?"),
                Text(nb="foretaket selv", en="the enterprise itself"),
            )  # fmt: skip
            more[_RUNNING + key] = Term(
                _RUNNING + key,
                Text(nb=f"Løpende prosjekter i {name.nb}", en=f"Running projects in {name.en}"),
                "number",
                Text(nb=f"Hvor mange løpende prosjekter har foretaket i {name.nb}?",
                     en=f"How many running projects has the enterprise in {name.en}?"),
                Text(nb="foretaket selv", en="the enterprise itself"),
                unit="1", is_whole=True, range=(0.0, _MOST_PROJECTS),
            )  # fmt: skip
        return Vocabulary({**self.terms, **more})

    def suggestion(self, name: str) -> str:
        """What may have been meant by a name that is not there."""
        found = suggest(name, self.terms)
        if found or "." in name:
            return found
        return suggest(name, [t.split(".", 1)[1] for t in self.terms])


def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """Read and check every ``vocabulary*.yaml`` of a folder.

    Parameters
    ----------
    folder : default ``instruments`` of the library

    Raises
    ------
    InputError
        lists every fault of every file.
    """
    root = folder or library_folder() / "instruments"
    faults = FaultCollector()
    terms: dict[str, Term] = {}
    asks: dict[str, Text] = {}
    read: list[tuple[Path, dict[str, Any]]] = []
    for path in sorted(root.glob("vocabulary*.yaml")):
        try:
            data = read_yaml(path)
        except InputError as problem:
            faults.extend(problem)
            continue
        for key in data.keys() - {"asks", "vocabulary"}:
            faults.add(f"{path.name}: {key}", "is not a known key",
                       next_step=suggest(key, ("asks", "vocabulary")))  # fmt: skip
        read.append((path, data))
        for key, text in (data.get("asks") or {}).items():
            try:
                asks[key] = Text.model_validate(text)
            except ValidationError as problem_:
                found = validation_faults(path, path.name, ("asks", key), problem_)
                faults.faults.extend(found)
    for path, data in read:
        for key, record in (data.get("vocabulary") or {}).items():
            _enter(path, str(key), record, asks, terms, faults)
    faults.raise_if_any()
    return Vocabulary(terms)


def _enter(
    path: Path, key: str, record: Any, asks: Mapping[str, Text], terms: dict[str, Term],
    faults: FaultCollector,
) -> None:  # fmt: skip
    where = f"{path.name}:{line_of(path, ('vocabulary', key))}: vocabulary.{key}"
    if not re.fullmatch(rf"({'|'.join(SUBJECTS)})\.[a-z][a-z0-9_]*", key):
        faults.add(where, "is not a name of a fact",
                   next_step=f"Begin with one of {', '.join(SUBJECTS)}")  # fmt: skip
    if key in terms:
        faults.add(where, "is defined twice")
    try:
        term = _TermRecord.model_validate(record)
    except ValidationError as problem:
        faults.faults.extend(validation_faults(path, path.name, ("vocabulary", key), problem))
        return
    if term.ask not in asks:
        faults.add(f"{where}.ask", f"'{term.ask}' is not under asks:",
                   next_step=suggest(term.ask, asks))  # fmt: skip
        return
    fields = term.model_dump(exclude={"ask", "name", "question", "choices"})
    terms[key] = Term(
        key, name=term.name, question=term.question, ask=asks[term.ask],
        choices=term.choices or None, **fields,
    )  # fmt: skip


def check_facts(
    vocabulary: Vocabulary, facts: Mapping[str, Any], where: str = "profile"
) -> dict[str, Value]:
    """The facts as rules read them: floats, dates, choices, bands; the unknown are left out.

    Raises
    ------
    InputError
        lists every unknown name, wrong type, number that is none, and value outside its range.
    """
    faults = FaultCollector()
    checked: dict[str, Value] = {}
    for name, value in facts.items():
        term = vocabulary.terms.get(name)
        place = f"{where}: {name}"
        if term is None:
            faults.add(place, "is not a fact of the vocabulary",
                       next_step=vocabulary.suggestion(name))  # fmt: skip
        elif value is not None:
            problem, sound = _checked(term, value)
            if problem:
                faults.add(place, problem, next_step=_hint(term))
            elif sound is not None:
                checked[name] = sound
    faults.raise_if_any()
    return checked


def _hint(term: Term) -> str:
    if term.choices:
        return f"One of {', '.join(term.choices)}"
    if term.range:
        unit = f" in {term.unit}" if term.unit not in (None, "1") else ""
        return f"A number from {term.range[0]:g} to {term.range[1]:g}{unit}"
    hints = {"bool": "true, false, or leave it out", "date": "A date such as 2020-01-31"}
    return hints.get(term.type, f"A text like {term.pattern}")


def _checked(term: Term, value: Any) -> tuple[str, Value]:
    """What is wrong, and the value if nothing is."""
    if isinstance(value, Band):
        return _checked_band(term, value)
    if isinstance(value, OneOf):
        if term.type != "choice" or not term.choices:
            return "is not a choice, so it cannot be one of several", None
        strange = sorted(value.choices - term.choices.keys())
        if strange:
            return f"{', '.join(strange)} is not one of its choices", None
        return ("", value) if value.choices else ("is one of nothing", None)
    return _checked_point(term, value)


def _checked_point(term: Term, value: Any) -> tuple[str, Value]:
    match term.type:
        case "bool":
            is_bool = isinstance(value, bool)
            return ("", value) if is_bool else (f"'{value}' is not true or false", None)
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"'{value}' is not a number", None
            number = float(value)
            if not math.isfinite(number):
                return f"{value} is not a finite number", None
            if term.is_whole and number != round(number):
                return f"{value} is not whole", None
            assert term.range is not None
            if not term.range[0] <= number <= term.range[1]:
                return f"{value:g} lies outside what can be meant", None
            return "", number + 0.0  # minus zero would be another key, and is the same number
        case "date":
            if isinstance(value, datetime) or not isinstance(value, date):
                return f"'{value}' is not a date", None
            is_meant = _EARLIEST <= value <= _LATEST
            return ("", value) if is_meant else (f"{value} lies outside what can be meant", None)
        case "choice":
            assert term.choices is not None
            is_choice = isinstance(value, str) and value in term.choices
            return ("", value) if is_choice else (f"'{value}' is not one of its choices", None)
        case "text":
            is_text = isinstance(value, str) and bool(re.fullmatch(term.pattern or "", value))
            return ("", value) if is_text else (f"'{value}' does not have its form", None)


def closed_band(term: Term, band: Any) -> Band:
    """A band with its open ends at what can be meant."""
    ends: tuple[Any, Any] = term.dates if term.type == "date" else (term.range or (0.0, 0.0))
    low, high = (end if given is None else given
                 for given, end in zip((band.low, band.high), ends, strict=True))  # fmt: skip
    return Band(low, high)


def _checked_band(term: Term, band: Band) -> tuple[str, Value]:
    if term.type not in ("number", "date"):
        return "is neither a number nor a date, so it has no band", None
    closed = closed_band(term, band)
    found: list[Any] = []
    for end in (closed.low, closed.high):
        problem, sound = _checked_point(term, end)
        if problem:
            return problem, None
        found.append(sound)
    low, high = found
    if high < low:
        return f"the band {low} to {high} does not rise", None
    return "", (low if low == high else Band(low, high))
