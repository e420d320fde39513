"""What a reader changed in a study for one run: levers of alternatives, and values of facts.

The library stays as it is. A changed fact is a fact of the run alone: an assumption whose source is
the reader, with the library's values and source in its place, so that every table, figure and file
that names it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import Fact, Library, Source
from virkestoff.language import Text
from virkestoff.studies.combinations import check_combinations
from virkestoff.studies.definition import Definition
from virkestoff.studies.levers import Value

__all__ = ["BY_READER", "READER", "Changes", "FactChange", "changes_of", "with_changes"]

READER = "changed_by_reader"
"""The source of a fact that a reader changed."""
BY_READER = Text(nb="endret av leseren, ikke bibliotekets", en="changed by the reader, not the "
                 "library’s")  # fmt: skip
_TOO_FAR = 1000.0  # constant: a value so many times off is a slip of the unit
_SOURCE = Source(
    title="Endret av leseren, ikke bibliotekets / Changed by the reader, not the library’s",
    publisher="Leseren / The reader",
)


@dataclass(frozen=True)
class FactChange:
    """The numbers of a fact in the library and in the run, in the fact's own unit."""

    library: tuple[float, ...]
    run: tuple[float, ...]


@dataclass(frozen=True)
class Changes:
    """What differs from the study and the library.

    Attributes
    ----------
    levers : alternative -> lever -> value
    facts : fact id -> as many numbers as the fact has (one, low and high, or low, mode and high)
    """

    levers: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    facts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.levers or self.facts)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "levers": {a: dict(v) for a, v in self.levers.items()},
            "facts": {name: list(numbers) for name, numbers in self.facts.items()},
        }

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> Changes:
        """From :meth:`as_dict`."""
        return cls(
            {a: dict(v) for a, v in held.get("levers", {}).items()},
            {name: tuple(map(float, v)) for name, v in held.get("facts", {}).items()},
        )


def changes_of(results: Mapping[str, Any]) -> Changes:
    """What was changed for a run; empty for a run of the study as it stands."""
    return Changes.from_dict(results.get("changed_inputs", {}))


def with_changes(
    definition: Definition, library: Library, changes: Changes
) -> tuple[Definition, Library]:
    """The study and the library as the run sees them; both arguments stay as they are.

    Raises
    ------
    InputError
        lists every change that the study does not allow.
    """
    if not changes:
        return definition, library
    faults = FaultCollector()
    alternatives = dict(definition.alternatives)
    for name, levers in changes.levers.items():
        if name not in alternatives:
            faults.add(f"alternative '{name}'", "is not in the study",
                       next_step=suggest(name, alternatives))  # fmt: skip
            continue
        for lever, value in levers.items():
            _check_lever(definition, name, lever, value, faults)
        held = alternatives[name]
        alternatives[name] = held.model_copy(update={"levers": {**held.levers, **levers}})
    made = definition.model_copy(update={"alternatives": alternatives})
    if made.combinations is not None:
        known = (*made.outcomes, *made.engine_outcomes)
        check_combinations(made.combinations, made.alternatives, made.baseline, made.levers, known,
                           "changes", faults)  # fmt: skip
    facts = dict(library.facts)
    allowed = definition.allowed_facts(library)
    for name, numbers in changes.facts.items():
        if name not in allowed or name not in facts:
            faults.add(f"fact '{name}'", "is not read by the study",
                       next_step=suggest(name, allowed))  # fmt: skip
            continue
        try:
            facts[name] = changed_fact(facts[name], numbers)
        except InputError as problem:
            faults.extend(problem)
    faults.raise_if_any()
    if not changes.facts:
        return made, library
    return made, replace(library, facts=facts, sources={**library.sources, READER: _SOURCE})


def _check_lever(
    definition: Definition, name: str, lever: str, value: Value, faults: FaultCollector
) -> None:
    where = f"alternative '{name}': lever '{lever}'"
    if lever not in definition.levers:
        faults.add(where, "is not in the study", next_step=suggest(lever, definition.levers))
    elif problem := definition.levers[lever].problem_with(value):
        faults.add(where, problem)


def changed_fact(fact: Fact, numbers: tuple[float, ...]) -> Fact:
    """A fact with a reader's numbers.

    Raises
    ------
    InputError
        if there are more or fewer numbers than before, they do not rise, they leave the sign of the
        library's or, for a share, zero to one, or they are a thousand times off.
    """
    faults = FaultCollector()
    where, held = f"fact '{fact.id}'", fact.numbers
    if not held or len(numbers) != len(held):
        faults.add(where, f"has {len(held)} number(s) in the library, and {len(numbers)} here")
        faults.raise_if_any()
    if any(b < a for a, b in zip(numbers, numbers[1:], strict=False)):
        faults.add(where, "does not rise from low to high")
    if min(held) > 0 and min(numbers) <= 0:
        faults.add(where, "must be above zero, as in the library")
    elif min(held) >= 0 and min(numbers) < 0:
        faults.add(where, "must not be below zero, as in the library")
    if fact.unit == "1" and min(held) >= 0 and max(held) <= 1 and max(numbers) > 1:
        faults.add(where, "is a share and must not be above one")
    largest = max(map(abs, held))
    if largest and max(map(abs, numbers)) > _TOO_FAR * largest:
        faults.add(where, "is more than a thousand times the library's", "was the unit mistaken?")
    if min(held) > 0 and 0 < min(numbers) < min(held) / _TOO_FAR:
        faults.add(where, "is less than a thousandth of the library's", "was the unit mistaken?")
    faults.raise_if_any()
    shown = " / ".join(f"{n:g}" for n in held)
    update: dict[str, Any] = {
        "name": {lang: f"{getattr(fact.name, lang)} ({getattr(BY_READER, lang)})"
                 for lang in ("nb", "en")},
        "value": numbers[0] if len(numbers) == 1 else numbers,
        "source": READER, "how": "assumption", "grade": "low",
        "place": f"library: {shown} {fact.unit} ({fact.source}, {fact.place})",
        "reason": "changed by the reader for this run",
    }  # fmt: skip
    try:
        return Fact.model_validate({**fact.model_dump(by_alias=True), **update})
    except ValidationError as problem:
        for error in problem.errors():
            faults.add(where, error["msg"].removeprefix("Value error, "))
    faults.raise_if_any()
    raise AssertionError(where)
