"""The shape of the guide's answer to a profile."""

from __future__ import annotations

from typing import Any

from virkestoff_hub.api.shapes import Number, Shape

__all__ = ["AnswerShape", "ConditionShape", "UnknownShape"]


class ReferenceShape(Shape):
    """Where a rule stands."""

    source: str | None
    place: str | None
    article: str | None
    how: str


class UnknownShape(Shape):
    """What no document says, and whom to ask."""

    what: str
    ask: str
    question: str


class ConditionShape(Shape):
    """A condition, or the head of a group, which has no id; ``result`` is null while it is open."""

    depth: int
    text: str
    result: bool | None
    id: str | None = None
    part: str | None = None
    is_negated: bool | None = None
    cause: str | None = None
    expression: str | None = None
    facts: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    reference: ReferenceShape | None = None


class ChangeShape(Shape):
    """A fact that would have to be otherwise."""

    fact: str
    now: Any = None
    choices: list[str] | None = None
    low: Any = None
    high: Any = None


class NearMissShape(Shape):
    """Changes with which the answer would be another."""

    changes: list[ChangeShape]
    then: str


class TurnShape(Shape):
    """The day on which the answer changes by itself."""

    day: str
    is_end: bool
    facts: list[str]
    judged_from: str | None


class AmountStepShape(Shape):
    """A part of the reckoning of an amount."""

    part: str
    name: str | None
    expression: str | None
    value: Any
    low: Number
    high: Number
    unit: str | None
    reads: dict[str, Any]
    parameters: dict[str, Any]


class AmountShape(Shape):
    """What may be got, reckoned step by step; null where something is missing."""

    value: Any
    low: Number
    high: Number
    unit: str | None
    exceptional: Any
    per: str | None
    of: str | None
    missing: list[str]
    unknown_terms: list[UnknownShape]
    steps: list[AmountStepShape]


class EntryShape(Shape):
    """A scheme in the answer."""

    id: str
    name: str
    provider: str
    kind: str
    group: str
    status: str
    rules: str
    reason: str | None
    open: bool | None
    closes: str | None
    opens_next: str | None
    last_checked: str
    missing: list[str]
    unknown_terms: list[UnknownShape]
    judgements: list[str]
    near_misses: list[NearMissShape]
    turns: TurnShape | None
    conditions: list[ConditionShape]
    amount: AmountShape | None


class ProfileShape(Shape):
    """The profile as it was read, with what follows from it."""

    name: str
    organisation_number: str | None
    facts: dict[str, Any]
    not_known: list[str]
    origins: dict[str, str]
    notes: list[str]


class QuestionShape(Shape):
    """A fact whose answer settles schemes."""

    fact: str
    settles: Number
    schemes: list[str]
    question: str
    ask: str


class DeadlineShape(Shape):
    """A day to keep."""

    scheme: str
    kind: str
    day: str


class AnswerShape(Shape):
    """The whole answer."""

    date: str
    profile: ProfileShape
    counts: dict[str, int]
    settled: int
    schemes: list[EntryShape]
    questions: list[QuestionShape]
    deadlines: list[DeadlineShape]
