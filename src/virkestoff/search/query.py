"""From a query to what is looked for: for each word the terms that answer it, and how well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from virkestoff.search.analysis import Analyser, Term
from virkestoff.search.folding import as_typed, fold, words_in
from virkestoff.search.spelling import Speller
from virkestoff.search.stemming import stem_english, stem_norwegian
from virkestoff.search.words import Words

__all__ = ["QueryReader", "ReadQuery", "Slot"]

_SYNONYM = 0.6
_PART_SYNONYM = 0.8
"""What a synonym of a part counts against the part: a compound is one thing in either form."""
_PART_SYNONYM = 0.8
"""What a synonym of a part counts against the part: a compound is one thing in either form."""
_HASTE = 0.95
"""What a word counts that differs in the marks of æ, ø and å alone."""
_SLIPS = {0: 1.0, 1: 0.8, 2: 0.6}
_BEGINNING = 0.6
_LONGEST_QUERY = 400
_MOST_WORDS = 24
_MOST_CORRECTED = 6
"""Unknown words that are held against the index; more is no query but a text."""

_WEAK = 0.25
"""What a word counts that many questions hold whatever they are about."""

Phrase = tuple[tuple[Term, ...], float]
"""Terms that must all be there, and what they are worth together."""


Part = tuple[tuple[Term, float], ...]
"""What answers one part of a compound, each with what it is worth: the part, its synonyms."""


@dataclass
class Slot:
    """One word of a query.

    Attributes
    ----------
    word : folded
    phrases : what answers it: all terms of one phrase
    parts : the words it is made of; the scores of all parts add up, the best answer of each
    own : the idf of the word itself, 0 where it is not in the index
    weight : what the word counts for in the query, 1 for most
    """

    word: str
    phrases: list[Phrase] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    own: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True)
class ReadQuery:
    """A query as it is understood; ``not_found`` are the words that nothing answers."""

    slots: tuple[Slot, ...]
    words: tuple[str, ...]
    reads_as: str | None
    not_found: tuple[str, ...] = ()


class QueryReader:
    """Understands queries against the words of an index.

    Parameters
    ----------
    words : synonyms
    analyser : the one the documents were read with
    speller : the words of the documents
    shown : how a folded word is written
    known : the terms of the index
    """

    def __init__(
        self, words: Words, analyser: Analyser, speller: Speller, shown: Mapping[str, str],
        known: Mapping[Term, float],
    ) -> None:  # fmt: skip
        self._analyser = analyser
        self._speller = speller
        self._shown = shown
        self._known = known
        self._synonyms: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for group in words.synonyms:
            phrases = [self._key(w) for w in group.words]
            for one, key in enumerate(phrases):
                others = [p for i, p in enumerate(phrases) if i != one and p]
                known_as = self._synonyms[tuple(map(self._stem, key))]
                known_as += [p for p in dict.fromkeys(others) if p not in known_as]
        self._longest = max(map(len, self._synonyms), default=1)
        self._weak = {self._stem(fold(w)) for w in words.weak}
        self._degrees = {self._stem(fold(w)) for w in words.degrees}
        self._asks = {fold(w) for w in words.asks}

    def _key(self, phrase: str) -> tuple[str, ...]:
        found = (fold(w) for w, _, _ in words_in(phrase))
        return tuple(w for w in found if w not in self._analyser.passed_over)

    def _stem(self, word: str) -> str:
        return stem_norwegian(self._analyser.spelled(word))

    def read(self, query: str) -> ReadQuery:
        """What a query looks for; no slots where it holds no word."""
        seen = as_typed(query[:_LONGEST_QUERY])
        found = [(w, fold(w)) for w, _, _ in words_in(seen)][:_MOST_WORDS]
        saying = [pair for pair in found if pair[1] not in self._analyser.passed_over]
        kept = list({folded: (word, folded) for word, folded in saying or found}.values())
        slots = [Slot(folded) for _, folded in kept]
        degrees = {after for (_, ask), (_, after) in pairwise(found) if ask in self._asks}
        for slot in slots:
            stem = self._stem(slot.word)
            if stem in self._weak or (stem in self._degrees and slot.word in degrees):
                slot.weight = _WEAK
        corrected: dict[str, str] = {}
        n_tried = 0
        for slot in slots:
            n_tried += self._fill(slot, corrected, n_tried < _MOST_CORRECTED)
        self._join_neighbours(slots)
        self._add_synonyms(slots)
        as_read = " ".join(corrected.get(folded, word) for word, folded in found)
        typed = {folded: word for word, folded in found}
        lost = tuple(typed[s.word] for s in slots if not s.phrases and not s.parts)
        words = tuple(s.word for s in slots)
        return ReadQuery(tuple(slots), words, as_read if corrected else None, lost)

    def _own(self, word: str, weight: float) -> list[Phrase]:
        """A word's own stems in both languages, without those of its parts.

        It is one word, whichever language it is read in, and as rare as in the language where it is
        more frequent: forskning is a common word, though English texts hold it in names alone.
        """
        whole = next(iter(self._analyser.terms(word, "nb")))
        english: Term = ("en", stem_english(word))
        idfs = {t: self._known[t] for t in (whole, english) if t in self._known}
        least = min(idfs.values(), default=0.0)
        return [((t,), weight * least / idf) for t, idf in idfs.items()]

    def _fill(self, slot: Slot, corrected: dict[str, str], may_correct: bool) -> bool:
        """The word itself, its parts, and where it is unknown the words it may stand for.

        Returns whether the word was held against all words of the index.
        """
        slot.phrases = self._own(slot.word, 1.0)
        terms = list(self._analyser.terms(slot.word, "nb"))[1:]
        slot.parts = [((t, 1.0),) for t in terms if t in self._known]
        if slot.phrases:
            slot.own = min(self._known[terms[0]] for terms, _ in slot.phrases)
            return False
        haste = self._speller.typed_in_haste(slot.word)
        for word in haste:
            slot.phrases += self._own(word, _HASTE)
        if slot.phrases or not may_correct:
            return False
        near = self._speller.near(slot.word)
        for word, distance in near:
            slot.phrases += self._own(word, _SLIPS[distance])
        for word in self._speller.beginning(slot.word):
            slot.phrases += self._own(word, _BEGINNING)
        is_new_compound = len(terms) > 1 and len(slot.parts) == len(terms)
        if near and not is_new_compound:
            read_as = near[0][0]
            corrected[slot.word] = self._shown.get(read_as, read_as)
            terms = list(self._analyser.terms(read_as, "nb"))[1:]
            slot.parts = [((t, 1.0),) for t in terms if t in self._known]
        return True

    def _join_neighbours(self, slots: Sequence[Slot]) -> None:
        """``produksjons anlegg`` is looked for as ``produksjonsanlegg`` too."""
        for left, right in zip(slots, slots[1:], strict=False):
            for link in ("", "s"):
                joined = left.word + link + right.word
                found = self._own(joined, 1.0)
                for word in self._speller.typed_in_haste(joined) if not found else ():
                    found += self._own(word, _HASTE)
                for other in self._synonyms.get((self._stem(joined),), ()):
                    found += self._as_phrases(other, 0.0)
                left.phrases += found
                right.phrases += found

    def _add_synonyms(self, slots: Sequence[Slot]) -> None:
        stems = [self._stem(s.word) for s in slots]
        for n in range(1, self._longest + 1):
            for start in range(len(slots) - n + 1):
                others = self._synonyms.get(tuple(stems[start : start + n]), ())
                for other in others:
                    for slot in slots[start : start + n]:
                        slot.phrases += self._as_phrases(other, slot.own)
        for slot in slots:
            self._add_synonyms_of_parts(slot)

    def _add_synonyms_of_parts(self, slot: Slot) -> None:
        """``medisinmangel`` finds what ``legemiddelmangel`` finds."""
        at = {part[0][0]: i for i, part in enumerate(slot.parts)}
        for word in self._analyser.parts(slot.word):
            own = next(iter(self._analyser.terms(word, "nb")))
            others = self._synonyms.get((self._stem(word),), ())
            phrases = [p for o in others for p in self._as_phrases(o, self._known.get(own, 0.0))]
            worths = {terms[0]: worth for terms, worth in phrases if len(terms) == 1}
            answers = tuple((t, w / _SYNONYM * _PART_SYNONYM) for t, w in worths.items())
            if own in at:
                slot.parts[at[own]] += answers
            elif answers:
                slot.parts.append(answers)

    def _as_phrases(self, words: tuple[str, ...], own: float) -> list[Phrase]:
        """The words of a synonym, all of them in one language.

        A rare synonym of a common word counts no more than half of that word, whose idf is ``own``
        (0 where the word is not in the index): legemiddel is not to find farmasøytisk first.
        """
        norwegian = tuple(next(iter(self._analyser.terms(w, "nb"))) for w in words)
        english: tuple[Term, ...] = tuple(("en", stem_english(w)) for w in words)
        found = []
        for terms in (norwegian, english):
            if all(t in self._known for t in terms):
                idf = sum(self._known[t] for t in terms) / len(terms)
                found.append((terms, _SYNONYM * min(1.0, own / idf if own else 1.0)))
        return found
