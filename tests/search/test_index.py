"""What the index finds, marks, counts and refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from virkestoff.errors import InputError
from virkestoff.search import SearchIndex, Words


def first(index: SearchIndex, query: str, **options) -> str | None:
    hits = index.search(query, **options).hits
    return hits[0].document.id if hits else None


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("legemiddel", "lager"), ("legemidler", "lager"), ("medisin", "lager"),
        ("sjukehusa", "lager"), ("lager beredskap", "lager"), ("beredskapslageret", "lager"),
        ("anlegg", "anlegg"), ("produksjons anlegg", "anlegg"), ("anlegg for produksjon", "anlegg"),
        ("produksjonsanleg", "anlegg"), ("fabrikker", "anlegg"), ("fishes vaccine", "anlegg"),
        ("soknad", "søknad"), ("soeknad", "søknad"), ("SØKNADER", "søknad"),
        ("tilskot", "søknad"), ("innovasjon tilskudd", "søknad"), ("grants", "søknad"),
        ("får", "får"), ("faar", "får"), ("far", "far"), ("laan", "lån"), ("eksp", "lån"),
    ],
)  # fmt: skip
def test_forms_parts_spellings_languages(few, query: str, document: str) -> None:
    assert first(few, query) == document


def test_far_is_not_taken_for_faar(few) -> None:
    assert {h.document.id for h in few.search("far").hits} == {"far"}


def test_the_words_that_answer_are_marked(few) -> None:
    hit = few.search("legemiddel").hits[0]
    marked = [piece for piece, is_marked in hit.snippet.pieces() if is_marked]
    assert marked == ["legemidler"]
    assert hit.snippet.lang == "nb"


def test_a_snippet_is_plain_text(few) -> None:
    hit = few.search("garanti").hits[0]
    assert hit.snippet.text == "Lån <b>og</b> garanti & mer."
    assert hit.snippet.pieces()[1] == ("garanti", True)


def test_the_snippet_is_in_the_language_that_holds_the_words(few) -> None:
    assert few.search("enterprises", lang="nb").hits[0].snippet.lang == "en"
    assert few.search("bedrifter", lang="nb").hits[0].snippet.lang == "nb"


def test_an_unknown_word_is_said_to_be_read_as_another(few) -> None:
    assert few.search("garenti").reads_as == "garanti"
    assert few.search("garanti").reads_as is None


def test_nothing_is_found_for_nothing(few) -> None:
    for query in ("", "   ", "!!!", "xqzxqz"):
        found = few.search(query)
        assert (found.hits, found.total, found.counts) == ((), 0, {})


def test_kinds_filter_and_counts_do_not_change(few) -> None:
    every = few.search("lån tilskudd vaksine", limit=50)
    some = few.search("lån tilskudd vaksine", kinds=["scheme"], limit=50)
    assert every.counts == some.counts
    assert some.total == every.counts["scheme"] == len(some.hits)
    assert [h for h in every.hits if h.document.kind == "scheme"] == list(some.hits)


def test_pages_join_to_the_whole(library_index) -> None:
    whole = library_index.search("produksjon av legemidler", limit=40).hits
    parts = [
        h
        for k in range(4)
        for h in library_index.search("produksjon av legemidler", limit=10, offset=10 * k).hits
    ]
    assert parts == list(whole)
    scores = [h.score for h in whole]
    assert scores == sorted(scores, reverse=True)


def test_order_of_documents_decides_ties_alone(documents, few, words) -> None:
    turned = SearchIndex(documents[::-1], words)
    for query in ("legemiddel lager", "vaksine fisk", "lån garanti"):
        one, other = few.search(query).hits, turned.search(query).hits
        assert {h.document.id: round(h.score, 6) for h in one} == {
            h.document.id: round(h.score, 6) for h in other
        }


def test_faults_are_told_at_once(few) -> None:
    with pytest.raises(InputError) as problem:
        few.search("lån", kinds=["schem", "term"], limit=0, offset=-1)
    assert len(problem.value.faults) == 3
    assert "scheme" in problem.value.faults[0].next_step


def test_an_id_stands_once(documents) -> None:
    with pytest.raises(InputError, match="stands 2 times"):
        SearchIndex([*documents, documents[0]], Words())


def test_an_empty_index_finds_nothing() -> None:
    assert SearchIndex([], Words()).search("lån").total == 0


def test_words_refuse_what_they_do_not_know() -> None:
    for wrong in ({"synonym": []}, {"kinds": {"term": 0}}, {"synonyms": [{"words": ["one"]}]}):
        with pytest.raises(ValidationError):
            Words.model_validate(wrong)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600))
def test_any_query_is_answered(library_index, query: str) -> None:
    found = library_index.search(query, limit=3)
    for hit in found.hits:
        for marked in (hit.title, hit.snippet):
            assert "".join(piece for piece, _ in marked.pieces()) == marked.text
            last = 0
            for start, end in marked.spans:
                assert last <= start < end <= len(marked.text)
                last = end
