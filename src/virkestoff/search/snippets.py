"""The words of a text that answer a query, marked, and the part of the text that holds most."""

from __future__ import annotations

from collections.abc import Collection

from virkestoff.language import LANGUAGES, Lang
from virkestoff.search.analysis import Analyser, Term
from virkestoff.search.document import Document, Marked

__all__ = ["Marker"]

_LENGTH = 240
_BEFORE = 40
_GAP = "…"


class Marker:
    """Marks words by the terms that an analyser finds in them."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def whole(self, text: str, lang: Lang, terms: Collection[Term]) -> Marked:
        """A whole text with its words marked."""
        return Marked(text, tuple(self._spans(text, lang, terms)), lang)

    def _spans(self, text: str, lang: Lang, terms: Collection[Term]) -> list[tuple[int, int]]:
        return [
            (start, end)
            for word, start, end in self._analyser.words(text)
            if any(t in terms for t in self._analyser.terms(word, lang))
        ]

    def snippet(self, document: Document, lang: Lang, terms: Collection[Term]) -> Marked:
        """The part of a document's text that holds most marked words.

        It is in ``lang`` unless only the other language holds any.
        """
        other = next(x for x in LANGUAGES if x != lang)
        order = (document.written_in,) if document.written_in else (lang, other)
        for chosen in order:
            text = document.text.in_(chosen)
            spans = self._spans(text, chosen, terms)
            if spans:
                return _cut(text, spans, chosen)
        return _cut(document.text.in_(order[0]), [], order[0])


def _cut(text: str, spans: list[tuple[int, int]], lang: Lang) -> Marked:
    """At most some 240 characters around the most marked words, cut between words."""
    start, end = 0, len(text)
    if len(text) > _LENGTH:
        start = max(0, _densest(spans) - _BEFORE)
        start = text.find(" ", start) + 1 if start else 0
        end = min(len(text), start + _LENGTH)
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + 1)
    before = f"{_GAP} " if start else ""
    after = f" {_GAP}" if end < len(text) else ""
    shift = len(before) - start
    kept = tuple((a + shift, b + shift) for a, b in spans if a >= start and b <= end)
    return Marked(before + text[start:end] + after, kept, lang)


def _densest(spans: list[tuple[int, int]]) -> int:
    """Where a piece of text must start to hold the most marked words; the first such place."""
    best, at = 0, 0
    for start, _ in spans:
        held = sum(1 for a, b in spans if a >= start and b <= start + _LENGTH - _BEFORE)
        if held > best:
            best, at = held, start
    return at
