"""Scores against the formulas written out, document by document."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.search.postings import Field, bm25, bm25f, cosine, four_grams

counts = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 5).map(float), max_size=5),
    min_size=1, max_size=6,
)  # fmt: skip


@given(counts)
def test_bm25_is_the_formula(documents: list[dict[str, float]]) -> None:
    """Okapi BM25 with k1 = 1.2 and b = 0.5, and an idf that is never below zero."""
    postings, idfs = bm25(documents)
    mean = sum(sum(d.values()) for d in documents) / len(documents)
    for term in {t for d in documents for t in d}:
        n = sum(term in d for d in documents)
        idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
        assert idfs[term] == pytest.approx(idf, rel=1e-12)
        at, values = postings.lists[term]
        scores = dict(zip(at.tolist(), values.tolist(), strict=True))
        assert scores.keys() == {i for i, d in enumerate(documents) if term in d}
        for i, score in scores.items():
            tf, length = documents[i][term], sum(documents[i].values())
            norm = 1.2 * (0.5 + 0.5 * length / mean)
            assert score == pytest.approx(idf * tf * 2.2 / (tf + norm), rel=1e-5)


one_field = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5).map(float), max_size=4)


@given(st.lists(st.tuples(one_field, one_field), min_size=1, max_size=5))
def test_bm25f_is_the_formula(documents: list[tuple[dict[str, float], dict[str, float]]]) -> None:
    """Robertson and Zaragoza (2009), section 3.6, with k1 = 1.2, written out for two fields."""
    how = ((3.0, 0.5), (1.0, 0.25))
    postings, idfs = bm25f([Field([d[f] for d in documents], *how[f]) for f in (0, 1)])
    means = []
    for f in (0, 1):
        lengths = [sum(d[f].values()) for d in documents if d[f]]
        means.append(sum(lengths) / len(lengths) if lengths else 1.0)
    for term in {t for d in documents for field in d for t in field}:
        n = sum(term in d[0] or term in d[1] for d in documents)
        idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
        assert idfs[term] == pytest.approx(idf, rel=1e-12)
        at, values = postings.lists[term]
        for i, score in zip(at.tolist(), values.tolist(), strict=True):
            tf = 0.0
            for f, (weight, b) in enumerate(how):
                length = sum(documents[i][f].values())
                tf += weight * documents[i][f].get(term, 0.0) / (1 - b + b * length / means[f])
            assert score == pytest.approx(idf * tf * 2.2 / (tf + 1.2), rel=1e-5)


def test_one_field_of_bm25f_is_bm25() -> None:
    """With one field of weight 1 the two formulas are the same."""
    documents = [{"a": 2.0, "b": 1.0}, {"a": 1.0}, {"c": 4.0}]
    one, other = bm25(documents)[0], bm25f([Field(documents, 1.0, 0.5)])[0]
    for term, (at, values) in one.lists.items():
        assert other.lists[term][0].tolist() == at.tolist()
        assert other.lists[term][1].tolist() == pytest.approx(values.tolist(), rel=1e-6)


@given(counts)
def test_each_document_has_length_one(documents: list[dict[str, float]]) -> None:
    postings, _ = cosine(documents)
    squares = [0.0] * len(documents)
    for at, values in postings.lists.values():
        for i, value in zip(at.tolist(), values.tolist(), strict=True):
            squares[i] += value * value
    for document, square in zip(documents, squares, strict=True):
        assert square == pytest.approx(1.0 if document else 0.0, abs=1e-5)


def test_runs_of_four_letters() -> None:
    assert four_grams(["abc"]) == {"_abc": 1, "abc_": 1}
    assert four_grams(["a", "a"]) == {"_a_": 2}
