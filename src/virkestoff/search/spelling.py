"""Words that are nearly those of an index: slips of the pen, and beginnings of words."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from virkestoff.search.folding import skeleton

__all__ = ["Speller", "edit_distance"]

_TRIED = 40
"""Words with the most pairs of letters in common whose distance is measured."""
_PAIRS_PER_SLIP = 3
"""Pairs of letters that one slip can spoil: three when two letters are swapped."""
_ONE_SLIP = 4
_TWO_SLIPS = 8
_LONGEST = 60
"""Letters above which a word is like none of the index."""
_SHORTEST_BEGINNING = 4
_BEGINNINGS = 12


def edit_distance(a: str, b: str, most: int) -> int:
    """Letters put in, left out, changed, or swapped with the next, to get from one to the other.

    The restricted Damerau-Levenshtein distance; ``most + 1`` stands for anything above ``most``.

    Examples
    --------
    >>> edit_distance("berdskap", "beredskap", 2), edit_distance("fresenuis", "fresenius", 2)
    (1, 1)
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    far = most + 1
    before: list[int] = []
    last = [j if j <= most else far for j in range(len(b) + 1)]
    for i, x in enumerate(a, start=1):
        now = [far] * (len(b) + 1)  # farther than ``most`` from the diagonal nothing can be near
        if i <= most:
            now[0] = i
        for j in range(max(1, i - most), min(len(b), i + most) + 1):
            y = b[j - 1]
            cost = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            now[j] = min(cost, far)
        if min(now) > most:
            return far
        before, last = last, now
    return min(last[-1], far)


class Speller:
    """Finds the words of an index that somebody may have meant.

    Parameters
    ----------
    counts : every folded word and in how many documents it stands
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.words = sorted(counts)
        self._counts = np.array([counts[w] for w in self.words], dtype=np.int64)
        self._known = frozenset(self.words)
        self._skeletons: dict[str, list[str]] = defaultdict(list)
        pairs: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.words):
            self._skeletons[skeleton(word)].append(word)
            for pair in _pairs(word):
                pairs[pair].append(i)
        self._pairs: dict[str, npt.NDArray[np.int32]] = {
            pair: np.array(at, dtype=np.int32) for pair, at in pairs.items()
        }

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def typed_in_haste(self, word: str) -> list[str]:
        """The words that are the same but for the marks of æ, ø and å."""
        return [w for w in self._skeletons.get(skeleton(word), ()) if w != word]

    def near(self, word: str) -> list[tuple[str, int]]:
        """Words at most one slip away, or two for long words, nearest and most frequent first."""
        if not _ONE_SLIP <= len(word) <= _LONGEST or not word.isalpha():
            return []
        most = 2 if len(word) >= _TWO_SLIPS else 1
        shared = np.zeros(len(self.words), dtype=np.int32)
        pairs = _pairs(word)
        needed = max(1, len(pairs) - _PAIRS_PER_SLIP * most)
        for pair in pairs:
            at = self._pairs.get(pair)
            if at is not None:
                shared[at] += 1
        tried = np.argsort(-shared, kind="stable")[:_TRIED]
        found = []
        for i in tried:
            if shared[i] < needed:
                break
            distance = edit_distance(word, self.words[i], most)
            if distance <= most:
                found.append((distance, -int(self._counts[i]), self.words[i]))
        return [(w, distance) for distance, _, w in sorted(found)]

    def beginning(self, word: str) -> list[str]:
        """The most frequent words that begin so."""
        if len(word) < _SHORTEST_BEGINNING:
            return []
        start = bisect_left(self.words, word)
        end = bisect_left(self.words, word + "\U0010ffff")
        ranked = sorted(range(start, end), key=lambda i: (-self._counts[i], self.words[i]))
        return [self.words[i] for i in ranked[:_BEGINNINGS]]


def _pairs(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[i : i + 2] for i in range(len(framed) - 1)}
