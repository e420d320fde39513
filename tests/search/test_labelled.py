"""Labelled queries: the search against plain words and against letters alone, and its speed."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from virkestoff.search import Document
from virkestoff.search.folding import fold, words_in
from virkestoff.search.postings import Postings, bm25, cosine, four_grams


def _labelled(name: str) -> list[dict[str, Any]]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["queries"])


QUERIES = _labelled("queries.yaml")
SETS = {
    "tuned": [q for q in QUERIES if not q["held_out"]],
    "held_out": [q for q in QUERIES if q["held_out"]],
    "measured": _labelled("queries_measured.yaml"),
}
"""``measured``: nothing of the search is chosen on these, see the head of the file."""
EVERY = [*QUERIES, *SETS["measured"]]
FIRST = 5
RANKED = 10

Search = Callable[[str], Sequence[str]]
"""From a query to the ids of the first ten documents."""


def expected(query: Mapping[str, Any], ids: Sequence[str]) -> set[str]:
    """The ids that answer a query; a pattern stands for all that it fits."""
    return {i for p in query["expected"] for i in ids if fnmatchcase(i, p)}


def figures(search: Search, ids: Sequence[str], name: str) -> dict[str, tuple[float, float]]:
    """Recall at 5 and mean reciprocal rank, by difficulty and under ``all``."""
    each: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for query in SETS[name]:
        wanted = expected(query, ids)
        found = _once(search(query["query"]))[:RANKED]
        recall = len(wanted & set(found[:FIRST])) / min(FIRST, len(wanted))
        rank = next((1 / k for k, i in enumerate(found, start=1) if i in wanted), 0.0)
        for group in (query["difficulty"], "all"):
            each[group].append((recall, rank))
    return {
        group: (float(np.mean([a for a, _ in v])), float(np.mean([b for _, b in v])))
        for group, v in each.items()
    }


def _once(found: Sequence[str]) -> list[str]:
    """A provider and the organisation that it is are one answer, at the better place of the two."""
    return list(dict.fromkeys(i.replace("facility/", "organisation/") for i in found))


def plain_words(documents: Sequence[Document]) -> Search:
    """BM25 over words as they are written, small letters: what a plain word index finds."""

    def words(text: str) -> list[str]:
        return [w.lower() for w, _, _ in words_in(text)]

    return _summed(documents, words, bm25)


def letters(documents: Sequence[Document]) -> Search:
    """Likeness of runs of four letters alone."""

    def grams(text: str) -> list[str]:
        return [g for w, _, _ in words_in(text) for g in four_grams([fold(w)])]

    return _summed(documents, grams, cosine)


def _summed(
    documents: Sequence[Document],
    keys: Callable[[str], list[str]],
    weigh: Callable[[Sequence[Mapping[str, float]]], tuple[Postings[str], dict[str, float]]],
) -> Search:
    counts: list[dict[str, float]] = []
    for d in documents:
        found: dict[str, float] = defaultdict(float)
        for text in {d.title.nb, d.title.en, d.text.nb, d.text.en, *d.names}:
            for key in keys(text):
                found[key] += 1.0
        counts.append(dict(found))
    postings, idf = weigh(counts)

    def search(query: str) -> list[str]:
        score = np.zeros(len(documents))
        for key in keys(query):
            if key in postings:
                at, values = postings.lists[key]
                score[at] += values * (idf[key] if weigh is cosine else 1.0)
        order = np.argsort(-score, kind="stable")[:RANKED]
        return [documents[i].id for i in order if score[i] > 0]

    return search


# Floors under what was measured (docs/subjects/search.md).
RECALL = {"tuned": 0.88, "held_out": 0.83, "measured": 0.76}
RANK = {"tuned": 0.91, "held_out": 0.87, "measured": 0.86}
SLOWEST_MS = 60
"""The aim is 20 ms on an idle core; a machine that others share is slower."""


@pytest.fixture(scope="module")
def ids(library_index) -> list[str]:
    return [d.id for d in library_index.documents]


@pytest.fixture(scope="module")
def ours(library_index):
    return cache(lambda query: [h.document.id for h in library_index.search(query).hits])


def test_labels_are_enough_and_half_is_held_out(ids) -> None:
    assert len(QUERIES) >= 60
    assert len({q["query"] for q in QUERIES}) == len(QUERIES)
    halves = Counter((q["difficulty"], q["held_out"]) for q in QUERIES)
    for difficulty in {q["difficulty"] for q in QUERIES}:
        assert halves[difficulty, True] >= 5
        assert halves[difficulty, False] >= 5


def test_enough_queries_are_measured_alone() -> None:
    measured = SETS["measured"]
    assert len(measured) >= 40
    assert not {q["query"] for q in measured} & {q["query"] for q in QUERIES}
    assert {q["lang"] for q in measured} == {"nb", "nn", "en"}
    assert {q["user"] for q in measured} == {"company", "adviser", "hospital", "ministry"}


@pytest.mark.parametrize("query", EVERY, ids=lambda q: q["query"])
def test_every_label_is_in_the_library(query, ids) -> None:
    for pattern in query["expected"]:
        assert expected({"expected": [pattern]}, ids), pattern


@pytest.mark.parametrize("name", SETS)
def test_recall_and_rank(ours, ids, name: str) -> None:
    recall, rank = figures(ours, ids, name)["all"]
    assert recall >= RECALL[name]
    assert rank >= RANK[name]


@pytest.mark.parametrize("simpler", [plain_words, letters])
def test_better_than_simpler_ways(library_index, ours, ids, simpler) -> None:
    search = simpler(library_index.documents)
    for name in ("held_out", "measured"):
        mine, theirs = figures(ours, ids, name)["all"], figures(search, ids, name)["all"]
        assert mine[0] > theirs[0] + 0.1, name
        assert mine[1] > theirs[1] + 0.1, name


def test_it_is_fast(library_index) -> None:
    took = []
    for query in EVERY:
        before = time.process_time()
        library_index.search(query["query"])
        took.append(time.process_time() - before)
    assert np.quantile(took, 0.95) * 1000 < SLOWEST_MS


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_who_types_a_title_finds_it(library_index, lang: str) -> None:
    """A truth that needs no label: the record whose title is the query stands among the first."""
    lost = []
    for document in library_index.documents:
        if document.kind in ("scheme", "term", "need", "measure", "topic"):
            title = document.title.in_(lang)
            hits = library_index.search(title, limit=FIRST, lang=lang).hits
            first = hits[0].document if hits else None
            names = (first.title.in_(lang), *first.names) if first else ()
            if title.lower() not in {name.lower() for name in names}:
                lost.append(title)
    assert lost == []
