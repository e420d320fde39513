"""Compounds: known ones, chance ones, and the law that parts make up the word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.search.compounds import Splitter

LEXICON = [
    "produksjon", "anlegg", "legemiddel", "lege", "middel", "beredskap", "lager", "helse",
    "katapult", "kvalitet", "kontroll", "eksport", "investering", "lån", "garanti", "regel",
    "verk", "anskaffelse", "pilot", "fermentering", "sykehus", "syk", "hus",
]  # fmt: skip
SPLITTER = Splitter(LEXICON, ["produksjon", "eksport", "anlegg"], ["legemiddel", "sykehus"])


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("produksjonsanlegg", {"produksjon", "anlegg"}),
        ("legemiddelproduksjon", {"legemiddel", "produksjon"}),
        ("legemiddelproduksjonen", {"legemiddel", "produksjonen"}),
        ("fermenteringspilot", {"fermentering", "pilot"}),
        ("kvalitetskontroller", {"kvalitet", "kontroller"}),
        ("anskaffelsesregelverk", {"anskaffelse", "regel", "verk"}),
        ("nesesprayproduksjon", {"nesespray", "produksjon"}),
        ("eksportrettede", {"eksport", "rettede"}),
        ("sykehuslager", {"sykehus", "lager"}),
    ],
)
def test_known_compounds(word: str, parts: set[str]) -> None:
    assert set(SPLITTER.parts(word)) == parts


@pytest.mark.parametrize(
    "word", ["legemiddel", "legemidler", "sykehusene", "lager", "lån", "x1y2z3w4"]
)
def test_words_that_stay_whole(word: str) -> None:
    assert SPLITTER.parts(word) == ()


@given(st.lists(st.sampled_from(LEXICON), min_size=2, max_size=3), st.sampled_from(["", "s"]))
def test_parts_make_up_the_word(parts: list[str], link: str) -> None:
    word = link.join(parts)
    found = SPLITTER.parts(word)
    at = 0
    for part in found:
        if part not in word[at:]:
            break  # what follows are parts of parts
        assert word.startswith(part, at) or word.startswith(part, at + 1)
        at = word.index(part, at) + len(part)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=40))
def test_any_word_can_be_split_or_not(word: str) -> None:
    assert all(SPLITTER.parts(word))
