"""The words of capability, and which of them cover which.

A term may have several broader terms. Who has the narrower has the broader: a facility for CAR-T
cells makes cell therapy. The other way is unknown: one that makes cell therapy may or may not be
able to make CAR-T cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from virkestoff.facilities.amounts import known_unit
from virkestoff.language import Text

__all__ = ["DOES_FACETS", "FACETS", "Facet", "Relation", "Term", "TermName", "Vocabulary"]

Facet = Literal[
    "process", "analytics", "validation", "competence", "premises", "product", "gmp", "safety"
]
FACETS: tuple[Facet, ...] = get_args(Facet)
DOES_FACETS: tuple[Facet, ...] = ("process", "analytics", "validation", "competence", "premises")
"""Facets whose terms name something that a facility can do for somebody."""

Relation = Literal["same", "narrower", "broader", "unrelated"]
_Word = Annotated[str, Field(min_length=1, max_length=120)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TermName(Text):
    """A name in bokmål and English, and in nynorsk where that differs."""

    nn: str | None = None


class Synonyms(_Frozen):
    """Other words for the same, by language."""

    nb: tuple[_Word, ...] = ()
    nn: tuple[_Word, ...] = ()
    en: tuple[_Word, ...] = ()


class Term(_Frozen):
    """A word of capability.

    Attributes
    ----------
    facet : what kind of statement it makes
    broader : terms that it is a kind of
    unit : what the size of such a facility is measured in; none if it has no size
    source, place : where one of the sources uses the word; none for words of the field
    """

    facet: Facet
    name: TermName
    synonyms: Synonyms = Synonyms()
    broader: tuple[str, ...] = ()
    unit: str | None = None
    source: str | None = None
    place: str | None = None

    @field_validator("unit")
    @classmethod
    def _is_known(cls, text: str | None) -> str | None:
        return None if text is None else known_unit(text)

    def words(self) -> tuple[str, ...]:
        """Every name and synonym, in all three languages."""
        own = (self.name.nb, self.name.nn or "", self.name.en)
        others = (*self.synonyms.nb, *self.synonyms.nn, *self.synonyms.en)
        return tuple(word for word in (*own, *others) if word)


def plain(text: str) -> str:
    """Text without case and marks, for comparison."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


class Vocabulary:
    """All terms by id.

    Parameters
    ----------
    terms : by id; broader terms must be among them, and none may be its own broader term
    """

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = dict(terms)
        self._above: dict[str, frozenset[str]] = {}

    def ancestors(self, term: str) -> frozenset[str]:
        """All broader terms, without the term itself."""
        if term not in self._above:
            found: set[str] = set()
            waiting = list(self.terms[term].broader)
            while waiting:
                one = waiting.pop()
                if one not in found:
                    found.add(one)
                    waiting += self.terms[one].broader
            self._above[term] = frozenset(found)
        return self._above[term]

    def descendants(self, term: str) -> frozenset[str]:
        """All narrower terms, without the term itself."""
        return frozenset(t for t in self.terms if term in self.ancestors(t))

    def relation(self, have: str, need: str) -> Relation:
        """What ``have`` is to ``need``: the same, narrower, broader, or none of these."""
        if have == need:
            return "same"
        if need in self.ancestors(have):
            return "narrower"
        return "broader" if have in self.ancestors(need) else "unrelated"

    def n_steps_above(self, have: str, need: str) -> int:
        """How many steps the broader ``have`` lies above ``need``; 0 if it does not lie above."""
        n_steps, level = 0, {need}
        while level and have not in level:
            n_steps += 1
            level = {above for term in level for above in self.terms[term].broader}
        return n_steps if level else 0

    def covers(self, have: str, need: str) -> bool:
        """Whether who has ``have`` has ``need``.

        Examples
        --------
        >>> name = TermName(nb="a", en="a")
        >>> words = Vocabulary({
        ...     "cell_therapy": Term(facet="product", name=name),
        ...     "car_t": Term(facet="product", name=name, broader=("cell_therapy",)),
        ... })
        >>> words.covers("car_t", "cell_therapy"), words.covers("cell_therapy", "car_t")
        (True, False)
        """
        return self.relation(have, need) in ("same", "narrower")

    def best_relation(self, have: Iterable[str], need: str) -> Relation:
        """The closest of the relations of several terms to one."""
        found = {self.relation(one, need) for one in have}
        return next((r for r in ("same", "narrower", "broader") if r in found), "unrelated")

    def of_facets(self, facets: Iterable[str]) -> dict[str, Term]:
        """The terms of some facets."""
        wanted = set(facets)
        return {key: term for key, term in self.terms.items() if term.facet in wanted}

    def name(self, term: str) -> Text:
        """The name as a plain text in two languages."""
        found = self.terms[term].name
        return Text(nb=found.nb, en=found.en)

    @cached_property
    def _by_word(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for key, term in self.terms.items():
            for word in (key, *term.words()):
                held = found.setdefault(plain(word), [])
                if key not in held:
                    held.append(key)
        return {word: tuple(keys) for word, keys in found.items()}

    def find(self, text: str) -> tuple[str, ...]:
        """Ids of the terms that a name or synonym in any language means exactly."""
        return self._by_word.get(plain(text.strip()), ())
