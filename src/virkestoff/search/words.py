"""What a search knows of language: words to pass over, other spellings, synonyms, compounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Synonyms", "Words"]

_Word = Annotated[str, Field(min_length=1)]


class Synonyms(BaseModel):
    """Words and phrases that mean the same; a search for one finds the others.

    Attributes
    ----------
    words : in either language, each a word or a phrase
    source : a source of the library that says so, where one does
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[_Word, ...] = Field(min_length=2)
    source: str | None = None


class Words(BaseModel):
    """The words of a search; everything may be empty.

    Attributes
    ----------
    passed_over : words that say nothing, in any language, unless a query has no others
    weak : words of everyday questions (need, get, find), which count for little beside others
    degrees : words that ask how much after one of ``asks`` (how large), and are weak there
    asks : the words that ask for a degree
    written : another spelling (nynorsk, an older norm) and the one it is read as, also inside
        compounds
    parts : words that compounds are made of, beside those of the documents
    whole : words that look like compounds and are not to be split
    synonyms : groups of words that mean the same
    kinds : what a kind of document counts for against others, 1 where it is not named
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    passed_over: frozenset[_Word] = frozenset()
    weak: frozenset[_Word] = frozenset()
    degrees: frozenset[_Word] = frozenset()
    asks: frozenset[_Word] = frozenset()
    written: Mapping[str, str] = Field(default_factory=dict)
    parts: frozenset[_Word] = frozenset()
    whole: frozenset[_Word] = frozenset()
    synonyms: tuple[Synonyms, ...] = ()
    kinds: Mapping[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)

    def with_synonyms(self, pairs: Iterable[tuple[str, ...]]) -> Words:
        """These words and further groups of synonyms, such as the terms of a glossary."""
        more = tuple(Synonyms(words=pair) for pair in pairs if len(set(pair)) > 1)
        return self.model_copy(update={"synonyms": (*self.synonyms, *more)})
