"""Search: documents in Norwegian and English, by words, parts of words and spelling."""

from virkestoff.search.document import Document, Hit, Marked, SearchResults

__all__ = ["Document", "Hit", "Marked", "SearchResults"]
