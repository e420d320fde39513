"""The questionnaire: one question after another, what decides most first, stop at any time.

It holds no screen: the command line and the hub show ``question`` and call ``reply``, ``skip``,
``do_not_know`` and ``back``. A fact said to be unknown, or skipped, is not asked again in a round.
"""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.instruments.engine import Engine, Evaluation
from virkestoff.instruments.engine_missing import Question
from virkestoff.instruments.intervals import Band, OneOf
from virkestoff.instruments.profile import Profile, with_implied
from virkestoff.instruments.written_values import is_unknown, read_written

__all__ = ["Interview", "Progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come: schemes that no fact can change any more, of all."""

    n_settled: int
    n_schemes: int
    n_asked: int


class Interview:
    """A round of questions over a profile.

    Parameters
    ----------
    begun : the profile with which a round began that is taken up again; ``profile`` is what is
        known by now
    skipped : facts that were skipped in that round

    Attributes
    ----------
    profile : what is known by now
    skipped : facts that are not asked again in this round
    """

    def __init__(
        self, engine: Engine, profile: Profile, begun: Profile | None = None,
        skipped: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.engine, self.profile, self.skipped = engine, profile, skipped
        self._past: list[tuple[Profile, frozenset[str]]] = []
        if begun is not None:
            self._past.append((begun, frozenset()))
        self._look()

    def _look(self) -> None:
        known = with_implied(self.profile, self.engine.vocabulary)
        self.evaluation: Evaluation = self.engine.check(known.facts)
        ranked = self.engine.next_questions(self.evaluation, n=len(self.engine.vocabulary.terms))
        left = (q for q in ranked if q.fact not in self.skipped | self.profile.not_known)
        self.question: Question | None = next(
            (q for q in left if not self._is_narrow(q.fact)), None
        )

    def _is_narrow(self, fact: str) -> bool:
        """Whether a band was given as an answer in this round: it is not asked again."""
        value = self.profile.facts.get(fact)
        before = self._past[0][0].facts.get(fact) if self._past else value
        return isinstance(value, Band | OneOf) and value != before

    @property
    def progress(self) -> Progress:
        """How many schemes are settled."""
        results = self.evaluation.results.values()
        n_open = sum(r.status == "undecided" and bool(r.missing) for r in results)
        return Progress(len(self.evaluation.results) - n_open, len(self.evaluation.results),
                        len(self._past))  # fmt: skip

    def _step(self, profile: Profile, skipped: frozenset[str]) -> None:
        self._past.append((self.profile, self.skipped))
        self.profile, self.skipped = profile, skipped
        self._look()

    def _asked(self) -> str:
        if self.question is None:
            raise ValueError("there is no question left")
        return self.question.fact

    def reply(self, text: object) -> None:
        """Answer the question.

        Raises
        ------
        Unreadable
            if the text says no value of the fact; nothing has changed then.
        """
        fact = self._asked()
        if is_unknown(text):
            self.do_not_know()
            return
        value = read_written(self.engine.vocabulary.terms[fact], text)
        self._step(self.profile.with_fact(fact, value), self.skipped)

    def do_not_know(self) -> None:
        """Say that the fact is not known; the profile keeps that."""
        self._step(self.profile.with_fact(self._asked(), None), self.skipped)

    def skip(self) -> None:
        """Leave the question for another round."""
        self._step(self.profile, self.skipped | {self._asked()})

    def back(self) -> bool:
        """Take the last answer back; ``False`` if there is none."""
        if not self._past:
            return False
        self.profile, self.skipped = self._past.pop()
        self._look()
        return True
