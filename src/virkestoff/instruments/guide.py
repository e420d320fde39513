"""From a profile to a reasoned answer: every scheme, what is useful first.

The order is: what is met; what is met but a person judges; what one fact or a few
would settle; what a change or two would open; where the scheme's own terms were not found; what
opens later; where no rule is known; what is closed; what is not met, with the first reason; what
does not exist. Within a group schemes stand by what
they lack, the fewest first, then by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from virkestoff.instruments.condition_rows import first_reason
from virkestoff.instruments.engine import Engine, Evaluation, SchemeResult
from virkestoff.instruments.engine_missing import Question
from virkestoff.instruments.guide_rules import GuideRules
from virkestoff.instruments.near_miss import NearMiss, near_misses
from virkestoff.instruments.near_time import Turn, turn_of
from virkestoff.instruments.profile import Profile, with_implied
from virkestoff.language import Text

__all__ = ["GROUPS", "Answer", "Deadline", "Entry", "Group", "answer"]

Group = Literal[
    "now", "person", "undecided", "near", "ask", "later", "rule_not_known", "closed", "not_met",
    "aside",
]
GROUPS: dict[Group, Text] = {
    "now": Text(nb="Vilkårene som er skrevet ned, er oppfylt",
                en="The conditions that are written down are met"),
    "person": Text(nb="Vilkårene er oppfylt, men noe må vurderes",
                   en="Conditions are met, but somebody must judge"),
    "undecided": Text(nb="Uavklart: en opplysning avgjør", en="Undecided: a fact decides"),
    "near": Text(nb="Nesten: dette skal til", en="Nearly: what it would take"),
    "ask": Text(nb="Uavklart: ordningens vilkår er ikke funnet",
                en="Undecided: terms of the scheme were not found"),
    "later": Text(nb="Stengt nå, åpner igjen", en="Closed now, opens again"),
    "rule_not_known": Text(nb="Reglene er ikke kjent på datoen",
                           en="The rules are not known on the date"),
    "closed": Text(nb="Stengt", en="Closed"),
    "not_met": Text(nb="Vilkårene er ikke oppfylt", en="Conditions are not met"),
    "aside": Text(nb="Foreslåtte og avsluttede ordninger", en="Proposed and ended schemes"),
}  # fmt: skip
_ORDER = {group: k for k, group in enumerate(GROUPS)}
_WITH_DEADLINES: frozenset[Group] = frozenset(
    ("now", "person", "undecided", "near", "ask", "later")
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day to keep: a call closes or opens, or the conditions hold for the last day."""

    scheme: str
    kind: Literal["closes", "opens", "until", "from"]
    day: date


@dataclass(frozen=True, eq=False)
class Entry:
    """A scheme in the answer.

    Attributes
    ----------
    near : what would have to change, if one or two changes are enough
    turn : when time alone changes the answer
    deciding : the missing facts, the one that decides most over all schemes first
    asks_provider : terms of the scheme that are not known and leave it open
    reason : why it is not among the first, in a sentence
    """

    id: str
    result: SchemeResult
    group: Group
    near: tuple[NearMiss, ...]
    turn: Turn | None
    deciding: tuple[str, ...]
    reason: Text | None
    deadlines: tuple[Deadline, ...]

    @property
    def name(self) -> Text:
        """The name of the scheme."""
        return self.result.scheme.name


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer to a profile on a date.

    Attributes
    ----------
    entries : every scheme, the useful first
    questions : every missing fact of the undecided schemes, what decides most first
    """

    profile: Profile
    evaluation: Evaluation
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]

    @property
    def on(self) -> date:
        """The date of the answer."""
        return self.evaluation.on

    @property
    def engine(self) -> Engine:
        """The engine that answered."""
        return self.evaluation.engine

    @property
    def n_settled(self) -> int:
        """Schemes whose status no missing fact can change."""
        return sum(not e.deciding for e in self.entries)

    def in_group(self, *groups: Group) -> tuple[Entry, ...]:
        """The schemes of some groups, in order."""
        return tuple(e for e in self.entries if e.group in groups)

    @property
    def counts(self) -> Mapping[str, int]:
        """Schemes by status."""
        found: dict[str, int] = {}
        for entry in self.entries:
            found[entry.result.status] = found.get(entry.result.status, 0) + 1
        return found

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The days to keep of all schemes that are or may come within reach, in order of day."""
        found = (d for e in self.entries for d in e.deadlines)
        return tuple(sorted(found, key=lambda d: (d.day, d.scheme, d.kind)))


def answer(engine: Engine, profile: Profile, rules: GuideRules) -> Answer:
    """The reasoned answer to a profile."""
    profile = with_implied(profile, engine.vocabulary)
    evaluation = engine.check(profile.facts)
    questions = engine.next_questions(evaluation, n=len(engine.vocabulary.terms))
    rank = {q.fact: k for k, q in enumerate(questions)}
    entries = [
        _entry(evaluation, key, result, rules, rank) for key, result in evaluation.results.items()
    ]
    entries.sort(key=_sort_key)
    return Answer(profile, evaluation, tuple(entries), questions)


def _entry(
    evaluation: Evaluation, key: str, result: SchemeResult, rules: GuideRules,
    rank: Mapping[str, int],
) -> Entry:  # fmt: skip
    is_aside = result.opening.is_aside
    near = () if is_aside else near_misses(evaluation.engine, evaluation, key, rules)
    turn = None if is_aside else turn_of(evaluation, key)
    group = _group(result, bool(near) or (turn is not None and not turn.is_end))
    missing = result.missing if result.status == "undecided" else ()
    deciding = tuple(sorted(missing, key=lambda f: rank.get(f, len(rank))))
    return Entry(
        key, result, group, near, turn, deciding, _reason(result, group),
        _deadlines(key, result, group, turn),
    )  # fmt: skip


def _group(result: SchemeResult, is_near: bool) -> Group:
    if result.opening.is_aside:
        return "aside"
    match result.status:
        case "eligible":
            return "now"
        case "needs_person":
            return "person"
        case "undecided":
            return "undecided" if result.missing else "ask"
        case "rule_not_known":
            return "rule_not_known"
        case "closed":
            return "later" if result.opening.opens_next else "closed"
    return "near" if is_near else "not_met"


def _reason(result: SchemeResult, group: Group) -> Text | None:
    if group in ("not_met", "near"):
        return first_reason(result)
    return result.reasons[0] if result.reasons else None


def _deadlines(
    key: str, result: SchemeResult, group: Group, turn: Turn | None
) -> tuple[Deadline, ...]:
    if group not in _WITH_DEADLINES:
        return ()
    found = []
    if result.opening.closes:
        found.append(Deadline(key, "closes", result.opening.closes))
    if result.opening.opens_next:
        found.append(Deadline(key, "opens", result.opening.opens_next))
    if turn is not None:
        # after the day on which an exception is needed, nothing holds by itself
        day = (turn.judged_from or turn.day) - timedelta(days=1) if turn.is_end else turn.day
        found.append(Deadline(key, "until" if turn.is_end else "from", day))
    return tuple(found)


def _sort_key(entry: Entry) -> tuple[int, int, int, date, str]:
    result = entry.result
    lacks = len(entry.deciding)
    if entry.group == "undecided":
        lacks += len(result.unknown_terms)
    if entry.group == "near":
        lacks = min((len(m.changes) for m in entry.near), default=0)
    is_open = result.opening.is_open
    openness = 0 if is_open else 1 if is_open is None else 2
    day = result.opening.opens_next or result.opening.closes or date.max
    return _ORDER[entry.group], openness, lacks, day, entry.name.nb.casefold()
