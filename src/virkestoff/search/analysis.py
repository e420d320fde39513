"""From a word to the terms it is found by: its stem, the stems of its parts, both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from virkestoff.language import Lang
from virkestoff.search.compounds import Splitter
from virkestoff.search.folding import fold, words_in
from virkestoff.search.stemming import stem_english, stem_norwegian
from virkestoff.search.words import Words

__all__ = ["Analyser", "Term"]

Term = tuple[Lang, str]
"""A stem and the language it is a stem in: equal letters in two languages are two terms."""

_PART_WEIGHT = 0.5
"""What a part of a compound counts against a word that stands alone."""
_SHORTEST_OTHER = 4
"""Letters of another spelling that is looked for inside compounds."""
_SHORTEST_PART = 4


class Analyser:
    """Turns words into weighted terms; the same for documents and queries.

    Parameters
    ----------
    words : spellings, parts of compounds, words to pass over
    lexicon : Norwegian words of the documents, which compounds may be made of
    """

    def __init__(self, words: Words, lexicon: Iterable[str]) -> None:
        self.passed_over = frozenset(fold(w) for w in words.passed_over)
        self._written = {fold(k): fold(v) for k, v in words.written.items()}
        self._inside = sorted(
            ((k, v) for k, v in self._written.items() if len(k) >= _SHORTEST_OTHER),
            key=lambda pair: -len(pair[0]),
        )
        self._as_stems = {stem_norwegian(k): stem_norwegian(v) for k, v in self._written.items()}
        parts = {fold(w) for w in words.parts}
        of_documents = {
            w for w in lexicon if len(w) >= _SHORTEST_PART and w not in self.passed_over
        }
        own = parts | {fold(w) for w in words.whole}
        self._splitter = Splitter(own | of_documents, own, {fold(w) for w in words.whole})
        self.terms = lru_cache(maxsize=65536)(self._terms)

    def spelled(self, folded: str) -> str:
        """A folded word in the spelling that the documents use."""
        if folded in self._written:
            return self._written[folded]
        for other, usual in self._inside:
            if other in folded:
                folded = folded.replace(other, usual)
        return folded

    def _terms(self, folded: str, lang: Lang) -> Mapping[Term, float]:
        """The terms of a folded word and what each counts for."""
        if lang == "en":
            return {("en", stem_english(folded)): 1.0}
        word = self.spelled(folded)
        found: dict[Term, float] = {("nb", self._stem(word)): 1.0}
        for part in self._splitter.parts(word):
            found.setdefault(("nb", self._stem(part)), _PART_WEIGHT)
        return found

    def _stem(self, word: str) -> str:
        stem = stem_norwegian(word)
        return self._as_stems.get(stem, stem)

    def parts(self, folded: str) -> tuple[str, ...]:
        """The words that a Norwegian compound is made of, folded."""
        return self._splitter.parts(self.spelled(folded))

    def words(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The folded words of a text and where they stand."""
        for word, start, end in words_in(text):
            yield fold(word), start, end
