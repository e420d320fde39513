"""What is searched, and what is found: documents, marked words, hits."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.language import Lang, Text

__all__ = ["Document", "Hit", "Marked", "SearchResults"]


@dataclass(frozen=True)
class Document:
    """One thing that can be found.

    Attributes
    ----------
    id : unlike every other document of an index
    kind : what it is, for filters
    title, text : in both languages; the title counts for more
    url : a key such as ``scheme/skattefunn``, which a site maps to its own address
    names : further names, searched like the title and not shown
    written_in : the one language it is written in, where both texts are the same
    value : the figure that it holds, in words; shown and not searched
    """

    id: str
    kind: str
    title: Text
    text: Text
    url: str
    names: tuple[str, ...] = ()
    written_in: Lang | None = None
    value: Text | None = None


@dataclass(frozen=True)
class Marked:
    """Plain text and the words in it to mark.

    Attributes
    ----------
    text : never HTML: whoever shows it escapes it
    spans : ``[start, end)`` of each marked word, in order and apart
    lang : the language of the text
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    lang: Lang

    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text in order, in pieces that are marked or not.

        Examples
        --------
        >>> Marked("Lager av legemidler", ((9, 19),), "nb").pieces()
        (('Lager av ', False), ('legemidler', True))
        """
        found: list[tuple[str, bool]] = []
        last = 0
        for start, end in self.spans:
            found += [(self.text[last:start], False), (self.text[start:end], True)]
            last = end
        found.append((self.text[last:], False))
        return tuple(piece for piece in found if piece[0])


@dataclass(frozen=True)
class Hit:
    """A document that was found, with its score and the words that answer the query."""

    document: Document
    score: float
    title: Marked
    snippet: Marked


@dataclass(frozen=True)
class SearchResults:
    """What a query found.

    Attributes
    ----------
    hits : best first, at most as many as were asked for
    total : how many there are of the kinds asked for
    counts : how many there are of each kind, whatever kinds were asked for
    reads_as : the query as it was read where a word was unknown and taken for another
    not_found : words of the query that nothing holds, nor anything like them; they were passed over
    """

    query: str
    hits: tuple[Hit, ...]
    total: int
    counts: dict[str, int]
    reads_as: str | None = None
    not_found: tuple[str, ...] = ()
