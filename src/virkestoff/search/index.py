"""The index: documents read once, then found by words, parts of words and spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from virkestoff.errors import FaultCollector, suggest
from virkestoff.language import Lang
from virkestoff.search.analysis import Analyser, Term
from virkestoff.search.document import Document, Hit, SearchResults
from virkestoff.search.folding import fold, words_in
from virkestoff.search.postings import Field, Postings, bm25f, cosine, four_grams
from virkestoff.search.query import Part, QueryReader, ReadQuery, Slot
from virkestoff.search.snippets import Marker
from virkestoff.search.spelling import Speller
from virkestoff.search.words import Words

__all__ = ["SearchIndex"]

_FIELDS = {"title": (3.0, 0.5), "names": (2.0, 0.5), "text": (1.0, 0.5)}
"""What a word counts in each field, and how much a long field is lowered."""
_PARTS = 0.6
"""What the words that a compound is made of count together against the compound itself."""
_PART_COVERAGE = 0.5
"""How much of that hangs on how many of the parts there are."""
_COVERAGE = 0.8
"""How much of a document's score hangs on how many of the words it answers."""
_GRAMS = 0.6
"""What likeness of letters counts against answered words."""
_SAME_TITLE = 2.0
"""A document whose title is the query stands first: this is more than letters and words give."""
_LEAST_COVERAGE = 0.4
_LEAST_LIKENESS = 0.25
_GRAM_TEXT = 600
"""Characters of a text whose letters are compared; long texts are like everything."""

Scores = npt.NDArray[np.float64]


class SearchIndex:
    """Searches documents in Norwegian and English.

    A document's score is the BM25 scores of the words it answers, over the most they could be,
    lowered for words it does not answer, and a share of the cosine of its runs of four letters with
    those of the query. Equal scores stand in the order of the documents.

    Parameters
    ----------
    documents : what is searched, each with an id of its own
    words : what is known of language

    Raises
    ------
    InputError
        if two documents have the same id.
    """

    def __init__(self, documents: Sequence[Document], words: Words) -> None:
        self.documents = tuple(documents)
        self._check_ids()
        self.kinds: tuple[str, ...] = tuple(dict.fromkeys(d.kind for d in self.documents))
        number = {kind: i for i, kind in enumerate(self.kinds)}
        self._kind_of = np.array([number[d.kind] for d in self.documents], dtype=np.int64)
        weights = [words.kinds.get(kind, 1.0) for kind in self.kinds]
        self._weight = np.array(weights, dtype=np.float64)[self._kind_of]
        counts, shown, norwegian = _words_of(self.documents)
        self._analyser = Analyser(words, norwegian)
        self._terms: Postings[Term]
        self._terms, self._idf = bm25f(
            [Field([self._terms_of(d, name) for d in self.documents], *how)
             for name, how in _FIELDS.items()]
        )  # fmt: skip
        self._grams, self._gram_idf = cosine([_grams_of(d) for d in self.documents])
        self._reader = QueryReader(words, self._analyser, Speller(counts), shown, self._idf)
        self._marker = Marker(self._analyser)
        self._titles: dict[str, list[int]] = defaultdict(list)
        for i, document in enumerate(self.documents):
            for title in {document.title.nb, document.title.en, *document.names}:
                self._titles[_plain(title)].append(i)

    def _check_ids(self) -> None:
        faults = FaultCollector()
        for key, n in Counter(d.id for d in self.documents).items():
            if n > 1:
                faults.add(f"document '{key}'", f"stands {n} times in the index")
        faults.raise_if_any()

    def _terms_of(self, document: Document, field: str) -> dict[Term, float]:
        """The terms of one field of a document and what each counts for."""
        langs: tuple[Lang, ...] = ("nb", "en")
        if document.written_in:
            langs = (document.written_in,)
        found: dict[Term, float] = defaultdict(float)
        for lang in langs:
            for text in _texts_of(document, field, lang):
                for word, _, _ in self._analyser.words(text):
                    if word in self._analyser.passed_over:
                        continue
                    for term, share in self._analyser.terms(word, lang).items():
                        found[term] += share
        return dict(found)

    def search(
        self, query: str, *, kinds: Collection[str] = (), lang: Lang = "nb", limit: int = 10,
        offset: int = 0,
    ) -> SearchResults:  # fmt: skip
        """The documents that answer a query, best first.

        Parameters
        ----------
        query : words in Norwegian or English; what goes beyond 400 characters is passed over
        kinds : only documents of these kinds (default: all)
        lang : the language of titles and, where it holds the words, of snippets
        limit : at most so many hits
        offset : hits to pass over first, for further pages

        Raises
        ------
        InputError
            if a kind is not in the index, or limit or offset is out of range.
        """
        self._check(kinds, limit, offset)
        read = self._reader.read(query)
        if not read.slots:
            return SearchResults(query, (), 0, {})
        score, is_found = self._score(read, query)
        per_kind = np.bincount(self._kind_of[is_found], minlength=len(self.kinds))
        counts = {k: int(n) for k, n in zip(self.kinds, per_kind, strict=True) if n}
        if kinds:
            wanted = np.isin(self._kind_of, [self.kinds.index(k) for k in kinds])
            is_found = is_found & wanted
        at = np.flatnonzero(is_found)
        order = at[np.argsort(-score[at], kind="stable")][offset : offset + limit]
        hits = tuple(self._hit(int(i), float(score[i]), read, lang) for i in order)
        return SearchResults(query, hits, len(at), counts, read.reads_as, read.not_found)

    def _check(self, kinds: Collection[str], limit: int, offset: int) -> None:
        faults = FaultCollector()
        for kind in kinds:
            if kind not in self.kinds:
                step = suggest(kind, self.kinds) or f"Use one of {', '.join(self.kinds)}"
                faults.add(f"kind '{kind}'", "is not in the index", next_step=step)
        if limit < 1:
            faults.add(f"limit {limit}", "must be at least 1")
        if offset < 0:
            faults.add(f"offset {offset}", "must not be below 0")
        faults.raise_if_any()

    def _score(self, read: ReadQuery, query: str) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Each document's score and whether it is found, shape (n_documents,)."""
        n = len(self.documents)
        total, answered, most = np.zeros(n), np.zeros(n), 0.0
        for slot in read.slots:
            score, held, idf = self._score_slot(slot)
            total += slot.weight * score
            answered += slot.weight * idf * held
            most += slot.weight * idf
        coverage = answered / most if most else answered
        words = total / most if most else total
        likeness = self._likeness(read.words)
        score = words * (1 - _COVERAGE + _COVERAGE * coverage) + _GRAMS * likeness
        for title in {_plain(query), _plain(read.reads_as or "")}:
            score[self._titles.get(title, [])] += _SAME_TITLE
        is_found = (coverage >= _LEAST_COVERAGE) | (likeness >= _LEAST_LIKENESS)
        return score * self._weight, is_found

    def _score_slot(self, slot: Slot) -> tuple[Scores, Scores, float]:
        """The best of what answers a word in each document, how much of it, and its idf.

        How much is 1 where a document holds the word or a phrase that stands for it, and else the
        share of its parts, by idf.
        """
        n = len(self.documents)
        best, held, idf = np.zeros(n), np.zeros(n), 0.0
        for terms, weight in slot.phrases:
            if len(terms) == 1:
                at, values = self._terms.lists[terms[0]]
                best[at] = np.maximum(best[at], values * weight)
            else:
                np.maximum(best, self._score_phrase(terms) * weight, out=best)
            idf = max(idf, weight * sum(self._idf[t] for t in terms) / len(terms))
        held[best > 0] = 1.0
        if slot.parts:
            score, share, most = self._score_parts(slot.parts)
            np.maximum(best, score * _PARTS, out=best)
            np.maximum(held, share, out=held)
            idf = max(idf, _PARTS * most)
        return best, held, idf

    def _score_parts(self, parts: Sequence[Part]) -> tuple[Scores, Scores, float]:
        """The scores of the parts of a compound together, the share of them, and their idf."""
        n = len(self.documents)
        total, held, most = np.zeros(n), np.zeros(n), 0.0
        for part in parts:
            score = np.zeros(n)  # the best answer of this part
            for term, weight in part:
                at, values = self._terms.lists[term]
                score[at] = np.maximum(score[at], values * weight)
            idf = max(weight * self._idf[term] for term, weight in part)
            total += score
            held += idf * (score > 0)
            most += idf
        share = held / most
        return total * (1 - _PART_COVERAGE + _PART_COVERAGE * share), share, most

    def _score_phrase(self, terms: tuple[Term, ...]) -> Scores:
        """The mean score of terms in the documents that hold all of them."""
        score = np.zeros(len(self.documents))
        n_held = np.zeros(len(self.documents), dtype=np.int64)
        for term in terms:
            at, values = self._terms.lists[term]
            score[at] += values
            n_held[at] += 1
        return np.where(n_held == len(terms), score / len(terms), 0.0)

    def _likeness(self, words: Sequence[str]) -> Scores:
        """The cosine of the runs of four letters of a query with those of each document."""
        score = np.zeros(len(self.documents))
        square = 0.0
        for gram, tf in four_grams(self._analyser.spelled(w) for w in words).items():
            idf = self._gram_idf.get(gram, 0.0) or np.log(1 + len(self.documents))
            weight = (1 + np.log(tf)) * idf
            square += weight * weight
            if gram in self._grams:
                at, values = self._grams.lists[gram]
                score[at] += weight * values
        return score / np.sqrt(square) if square else score

    def _holds(self, i: int, term: Term) -> bool:
        at, _ = self._terms.lists[term]
        place = int(np.searchsorted(at, i))
        return place < len(at) and bool(at[place] == i)

    def _hit(self, i: int, score: float, read: ReadQuery, lang: Lang) -> Hit:
        """A hit with its words marked; those of a phrase only where it holds all of them."""
        document = self.documents[i]
        terms = {term for slot in read.slots for part in slot.parts for term, _ in part}
        for phrase, _ in (p for slot in read.slots for p in slot.phrases):
            if len(phrase) == 1 or all(self._holds(i, term) for term in phrase):
                terms.update(phrase)
        title = self._marker.whole(document.title.in_(lang), lang, terms)
        return Hit(document, score, title, self._marker.snippet(document, lang, terms))


def _texts_of(document: Document, field: str, lang: Lang) -> tuple[str, ...]:
    if field == "names":
        return document.names
    return ((document.title if field == "title" else document.text).in_(lang),)


def _plain(text: str) -> str:
    return " ".join(fold(w) for w, _, _ in words_in(text))


def _words_of(
    documents: Sequence[Document],
) -> tuple[Mapping[str, int], Mapping[str, str], set[str]]:
    """Every folded word with the documents it stands in, how it is written, and the Norwegian."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    norwegian: set[str] = set()
    for document in documents:
        own: set[str] = set()
        texts = [document.title.nb, document.text.nb, *document.names]
        if document.written_in == "en":
            texts = []
        for text in texts:
            for word, _, _ in words_in(text):
                folded = fold(word)
                own.add(folded)
                if folded.isalpha():
                    written.setdefault(folded, word.lower())
        if document.written_in is None:
            norwegian |= {w for t in (document.title.nb, document.text.nb) for w in
                          (fold(x) for x, _, _ in words_in(t)) if w.isalpha()}  # fmt: skip
        for text in (document.title.en, document.text.en):
            for word, _, _ in words_in(text):
                own.add(fold(word))
                written.setdefault(fold(word), word.lower())
        counts.update(own)
    return counts, written, norwegian


def _grams_of(document: Document) -> dict[str, float]:
    texts = [document.title.nb, document.title.en, *document.names]
    texts += [document.text.nb[:_GRAM_TEXT]]
    if document.text.en != document.text.nb:
        texts.append(document.text.en[:_GRAM_TEXT])
    return four_grams(fold(w) for t in texts for w, _, _ in words_in(t))
