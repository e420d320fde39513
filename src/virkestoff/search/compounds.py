"""Compound words and the words they are made of."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from virkestoff.search.stemming import stem_norwegian

__all__ = ["Splitter"]

_SHORTEST_COMPOUND = 7
_LONGEST_COMPOUND = 50
"""Letters above which a word is no compound that anybody writes, and costs time to split."""
_SHORTEST_PART = 3
_SURE_HEAD = 5
"""Letters of a known head that may follow a part nobody knows."""
_UNKNOWN_COST = 1.6
_SHORT_COST = {3: 0.7, 4: 0.2}
_LINK_COST = {"": 0.0, "s": 0.05, "e": 0.3}
_DEAREST_PART = 1.35
"""A mean cost per part above this is no compound but chance."""

_Split = tuple[float, tuple[str, ...]]


class Splitter:
    """Splits words into parts that stand in a lexicon.

    A part is a word of the lexicon; the last may have an ending; between parts may stand s or e.
    Of all ways the cheapest is taken: few parts, long ones, no linking letter. One end of a word
    may be unknown when the other is well known (eksport-rettede).

    Parameters
    ----------
    lexicon : folded words that may be parts
    heads : those among them that may stand beside a part that is unknown
    whole : folded words that are never split, such as ``legemiddel``
    """

    def __init__(
        self, lexicon: Collection[str], heads: Collection[str], whole: Collection[str]
    ) -> None:
        self._lexicon = frozenset(w for w in lexicon if len(w) >= _SHORTEST_PART)
        self._stems = frozenset(stem_norwegian(w) for w in self._lexicon)
        self._heads = frozenset(stem_norwegian(w) for w in heads if len(w) >= _SURE_HEAD)
        self._starts = frozenset(w for w in heads if len(w) >= _SURE_HEAD)
        self._whole = frozenset(stem_norwegian(w) for w in whole)
        self.parts = lru_cache(maxsize=65536)(self._parts)

    def _parts(self, word: str) -> tuple[str, ...]:
        """The parts of a folded word, first to last, then theirs; none if it is no compound."""
        if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND or not word.isalpha():
            return ()
        if stem_norwegian(word) in self._whole:
            return ()
        cost, parts = self._cheapest(word)
        if len(parts) < 2 or cost > _DEAREST_PART * len(parts):
            return ()
        inner = (p for part in parts for p in self.parts(part) if p not in parts)
        return (*parts, *inner)

    def _cheapest(self, word: str) -> _Split:
        """Of all ways to split a word into known parts the cheapest, found from its end."""
        n = len(word)
        best: dict[int, _Split] = {}
        for start in range(n - _SHORTEST_PART, -1, -1):
            options: list[_Split] = []
            tail = word[start:]
            if start and self._is_head(tail):
                options.append((self._cost(tail), (tail,)))
            for end in range(start + _SHORTEST_PART, n - _SHORTEST_PART + 1):
                part = word[start:end]
                if part not in self._lexicon:
                    continue
                for link, link_cost in _LINK_COST.items():
                    after = best.get(end + len(link))
                    if after and word.startswith(link, end):
                        cost = self._cost(part) + link_cost + after[0]
                        options.append((cost, (part, *after[1])))
            if options:
                best[start] = min(options)
        ways = [best.get(0), self._with_known_head(word), self._with_known_start(word)]
        return min((way for way in ways if way), default=(0.0, ()))

    def _with_known_start(self, word: str) -> _Split | None:
        """The longest beginning that is well known, and an unknown end."""
        for end in range(len(word) - _SURE_HEAD + 1, _SURE_HEAD - 1, -1):
            if word[:end] in self._starts:
                rest = word[end:].removeprefix("s")
                return _UNKNOWN_COST + self._cost(word[:end]), (word[:end], rest)
        return None

    def _with_known_head(self, word: str) -> _Split | None:
        """An unknown beginning and the longest head that is well known."""
        for start in range(_SURE_HEAD - 1, len(word) - _SURE_HEAD + 1):
            head = word[start:]
            if stem_norwegian(head) in self._heads:
                first = word[:start]
                first = first.removesuffix("s") if len(first) > _SURE_HEAD else first
                return _UNKNOWN_COST + self._cost(head), (first, head)
        return None

    def _is_head(self, tail: str) -> bool:
        return tail in self._lexicon or (
            len(tail) > _SHORTEST_PART + 1 and stem_norwegian(tail) in self._stems
        )

    @staticmethod
    def _cost(part: str) -> float:
        return 1.0 + _SHORT_COST.get(len(part), 0.0)
