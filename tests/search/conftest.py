"""What the tests of the search share: a few documents, and the index over the library."""

from __future__ import annotations

import pytest

from virkestoff.language import Text
from virkestoff.search import Document, SearchIndex, Synonyms, Words
from virkestoff.workbench.search import search_index

FEW = (
    ("lager", "measure", "Beredskapslager for sykehus", "Preparedness stock for hospitals",
     "Lager av legemidler som brukes i sykehusene.", "A stock of medicines used at hospitals."),
    ("anlegg", "facility", "Produksjonsanlegg på Kløfta", "Production plant at Kløfta",
     "Fabrikken lager vaksine til fisk.", "The factory makes vaccines for fish."),
    ("søknad", "scheme", "Søknad om innovasjonstilskudd", "Application for an innovation grant",
     "Tilskudd til små bedrifter i næringen.", "Grants to small enterprises of the industry."),
    ("får", "term", "Får og lam", "Sheep and lambs", "Et husdyr.", "A farm animal."),
    ("far", "term", "Far til barnet", "Father of the child", "En forelder.", "A parent."),
    ("lån", "scheme", "Lån til eksport", "Loan for exports", "Lån <b>og</b> garanti & mer.",
     "Loan <b>and</b> guarantee & more."),
)  # fmt: skip

WORDS = Words(
    passed_over=frozenset({"av", "i", "til", "for", "om", "og", "the", "of", "på", "som"}),
    written={"sjukehus": "sykehus", "tilskot": "tilskudd"},
    parts=frozenset({"produksjon", "anlegg", "lager", "beredskap", "innovasjon", "tilskudd"}),
    whole=frozenset({"legemiddel", "sykehus"}),
    synonyms=(Synonyms(words=("legemiddel", "medisin")), Synonyms(words=("fabrikk", "anlegg"))),
)


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    return tuple(
        Document(key, kind, Text(nb=nb, en=en), Text(nb=text, en=english), f"{kind}/{key}")
        for key, kind, nb, en, text, english in FEW
    )


@pytest.fixture(scope="session")
def words() -> Words:
    return WORDS


@pytest.fixture(scope="session")
def few(documents) -> SearchIndex:
    return SearchIndex(documents, WORDS)


@pytest.fixture(scope="session")
def library_index() -> SearchIndex:
    return search_index()
