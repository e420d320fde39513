"""The numbers of an index: which documents hold a term, and what it counts for in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["Field", "Postings", "bm25", "bm25f", "cosine", "four_grams"]

_Key = TypeVar("_Key", bound=Hashable)
Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]

# k1 and b of Okapi BM25; b is below the usual 0.75, since a long record is not a worse one
_SATURATION = 1.2
_LENGTH = 0.5
_GRAM = 4


class Postings(Generic[_Key]):
    """For each key the documents that hold it, and what it counts for there.

    Parameters
    ----------
    weights : for each document, in order, its keys and their weights
    """

    def __init__(self, weights: Sequence[Mapping[_Key, float]]) -> None:
        self.n_documents = len(weights)
        gathered: dict[_Key, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for i, keys in enumerate(weights):
            for key, weight in keys.items():
                at, values = gathered[key]
                at.append(i)
                values.append(weight)
        self.lists: dict[_Key, tuple[Ids, Floats]] = {
            key: (np.array(at, dtype=np.int32), np.array(values, dtype=np.float32))
            for key, (at, values) in gathered.items()
        }

    def __contains__(self, key: object) -> bool:
        return key in self.lists

    def n_holding(self, key: _Key) -> int:
        """In how many documents a key stands."""
        return len(self.lists[key][0]) if key in self.lists else 0


def bm25(counts: Sequence[Mapping[_Key, float]]) -> tuple[Postings[_Key], dict[_Key, float]]:
    """Postings with the BM25 score of each term in each document, and the idf of each term.

    ``score = idf * tf * (k + 1) / (tf + k * (1 - b + b * length / mean length))`` with ``idf = ln(1
    + (N - n + 1/2) / (n + 1/2))``; counts may be fractions, as fields and parts of words are
    weighted before they are added.
    """
    plain = Postings(counts)
    lengths = np.array([sum(c.values()) for c in counts], dtype=np.float64)
    mean = lengths.mean() if len(lengths) else 1.0
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / max(mean, 1e-9))
    idfs: dict[_Key, float] = {}
    for key, (at, tf) in plain.lists.items():
        idfs[key] = idf = _idf(plain.n_documents, len(at))
        score = idf * tf * (_SATURATION + 1) / (tf + norm[at])
        plain.lists[key] = (at, score.astype(np.float32))
    return plain, idfs


@dataclass(frozen=True)
class Field(Generic[_Key]):
    """One part of the documents, such as their titles.

    Attributes
    ----------
    counts : for each document, in order, how often each key stands in the field
    weight : what a key counts here against a field of weight 1
    length : how much a field longer than others is lowered, 0 not at all, 1 in full
    """

    counts: Sequence[Mapping[_Key, float]]
    weight: float
    length: float


def bm25f(fields: Sequence[Field[_Key]]) -> tuple[Postings[_Key], dict[_Key, float]]:
    """Postings with the BM25F score of each term in each document, and the idf of each term.

    Each field is normalised by its own length before they are added, so that a word of a short
    title counts alike whether the text below it is long or not: ``tf = sum over fields of weight *
    count / (1 - b + b * length / mean length)``, ``score = idf * tf * (k + 1) / (tf + k)``. The
    mean length is over documents that have the field. Source: Zaragoza et al., TREC 2004;
    Robertson and Zaragoza, 2009.
    """
    n = len(fields[0].counts) if fields else 0
    summed: list[dict[_Key, float]] = [defaultdict(float) for _ in range(n)]
    for field in fields:
        lengths = np.array([sum(c.values()) for c in field.counts], dtype=np.float64)
        held = lengths[lengths > 0]
        mean = held.mean() if len(held) else 1.0
        scales = field.weight / (1 - field.length + field.length * lengths / mean)
        for i, counts in enumerate(field.counts):
            for key, count in counts.items():
                summed[i][key] += count * float(scales[i])
    plain = Postings(summed)
    idfs: dict[_Key, float] = {}
    for key, (at, tf) in plain.lists.items():
        idfs[key] = idf = _idf(n, len(at))
        score = idf * tf * (_SATURATION + 1) / (tf + _SATURATION)
        plain.lists[key] = (at, score.astype(np.float32))
    return plain, idfs


def _idf(n_documents: int, n_holding: int) -> float:
    return float(np.log(1 + (n_documents - n_holding + 0.5) / (n_holding + 0.5)))


def four_grams(words: Iterable[str]) -> dict[str, float]:
    """How often each run of four letters stands in folded words, their ends marked.

    Examples
    --------
    >>> sorted(four_grams(["lager"]))
    ['_lag', 'ager', 'ger_', 'lage']
    """
    found: dict[str, float] = defaultdict(float)
    for word in words:
        framed = f"_{word}_"
        for i in range(max(1, len(framed) - _GRAM + 1)):
            found[framed[i : i + _GRAM]] += 1.0
    return dict(found)


def cosine(counts: Sequence[Mapping[str, float]]) -> tuple[Postings[str], dict[str, float]]:
    """Postings whose sum over the grams of a query is a cosine, and the idf of each gram.

    A gram weighs ``(1 + ln tf) * idf``, ``idf = ln(1 + N / n)``, and each document has length 1.
    """
    plain = Postings(counts)
    squares = np.zeros(plain.n_documents)
    idfs: dict[str, float] = {}
    for key, (at, tf) in plain.lists.items():
        idf = float(np.log(1 + plain.n_documents / len(at)))
        idfs[key] = idf
        weight = (1 + np.log(tf)) * idf
        plain.lists[key] = (at, weight.astype(np.float32))
        squares[at] += weight.astype(np.float64) ** 2
    norm = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    for key, (at, unscaled) in plain.lists.items():
        plain.lists[key] = (at, (unscaled / norm[at]).astype(np.float32))
    return plain, idfs
