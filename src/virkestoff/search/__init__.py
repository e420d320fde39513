"""Search: documents in Norwegian and English, by words, parts of words and spelling."""

from virkestoff.search.document import Document, Hit, Marked, SearchResults
from virkestoff.search.index import SearchIndex
from virkestoff.search.words import Synonyms, Words

__all__ = ["Document", "Hit", "Marked", "SearchIndex", "SearchResults", "Synonyms", "Words"]
