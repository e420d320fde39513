"""A round of questions of one visitor: how it began, and each step since, in the session.

The profile is made again from the steps, so that any step can be taken back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from json import dumps
from threading import Lock
from typing import Any

from django.utils import timezone

from virkestoff.errors import Fault, InputError
from virkestoff.instruments.guide import Answer
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.questions import Interview
from virkestoff.instruments.vocabulary import Term
from virkestoff.instruments.written_values import is_unknown, read_written
from virkestoff_hub.engine import bench
from virkestoff_hub.guide.memory import profile_from, profile_to, value_from, value_to

__all__ = ["Round", "answer_of", "term_of"]

KEY = "guide"
MOST_STEPS = 200
"""Steps that are remembered; the vocabulary has fewer facts that decide anything."""
N_ANSWERS = 64
"""Answers that a process keeps, so that the page and its files need be made once."""


def term_of(fact: str) -> Term:
    """A fact of the vocabulary.

    Raises
    ------
    InputError
        if there is none of the name.
    """
    term = bench().schemes.vocabulary.terms.get(fact)
    if term is None:
        raise InputError(Fault(f"fact '{fact[:60]}'", "is not in the vocabulary"))
    return term


class Round:
    """How a visitor's round stands.

    Attributes
    ----------
    begun : the profile with which it began
    steps : fact, what was done (answered, unknown, skipped, removed), and the value
    """

    def __init__(self, begun: Profile, steps: list[list[Any]] | None = None) -> None:
        self.begun, self.steps = begun, steps or []

    @classmethod
    def of(cls, session: Any) -> Round | None:
        """The round of a session, if one is going on."""
        held = session.get(KEY)
        if held is None:
            return None
        terms = bench().schemes.vocabulary.terms
        steps = [step for step in held["steps"] if step[0] in terms]
        return cls(profile_from(held["begun"], terms), steps)

    def keep(self, session: Any) -> None:
        """Write the round to the session."""
        session[KEY] = {"begun": profile_to(self.begun), "steps": self.steps[-MOST_STEPS:]}

    @staticmethod
    def forget(session: Any) -> None:
        """Delete the round from the session."""
        session.pop(KEY, None)

    @property
    def profile(self) -> Profile:
        """What is known by now."""
        profile = self.begun
        for fact, what, value in self.steps:
            if what == "answered":
                profile = profile.with_fact(fact, value_from(value))
            elif what == "unknown":
                profile = profile.with_fact(fact, None)
            elif what == "removed":
                profile = profile.without(fact)
        return profile

    @property
    def skipped(self) -> frozenset[str]:
        """Facts that are not asked again in this round."""
        last = {fact: what for fact, what, _ in self.steps}
        return frozenset(fact for fact, what in last.items() if what == "skipped")

    def interview(self) -> Interview:
        """The questionnaire as it stands."""
        begun = self.begun if self.steps else None
        return bench().interview(self.profile, timezone.localdate(), begun=begun,
                                 skipped=self.skipped)  # fmt: skip

    def answer(self, fact: str, text: object) -> None:
        """Take an answer in; text that says "unknown" counts as such.

        Raises
        ------
        Unreadable
            if it says no value of the fact; nothing has changed then.
        """
        value = None if is_unknown(text) else read_written(term_of(fact), text)
        if value is None:
            self.step(fact, "unknown")
        else:
            self.steps.append([fact, "answered", value_to(value)])

    def step(self, fact: str, what: str) -> None:
        """Say that a fact is unknown, skip it, or take it out."""
        term_of(fact)
        self.steps.append([fact, what, None])

    def back(self) -> bool:
        """Take the last step back; ``False`` if there is none."""
        if not self.steps:
            return False
        self.steps.pop()
        return True


_answers: OrderedDict[tuple[str, date], Answer] = OrderedDict()
_lock = Lock()


def answer_of(profile: Profile, on: date) -> Answer:
    """The answer of the guide to a profile on a date."""
    key = (dumps(_plain(profile), sort_keys=True), on)
    with _lock:
        found = _answers.get(key)
        if found is not None:
            _answers.move_to_end(key)
            return found
    found = bench().guide(profile, on)
    with _lock:
        _answers[key] = found
        if len(_answers) > N_ANSWERS:
            _answers.popitem(last=False)
    return found


def _plain(profile: Profile) -> Mapping[str, Any]:
    return profile_to(profile)
