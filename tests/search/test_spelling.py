"""Distances against the whole table and published values; who is found for a slip of the pen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.search.spelling import Speller, edit_distance

WORDS = {
    "beredskap": 5, "beredskapslager": 2, "fresenius": 1, "groenn": 3, "skattefunn": 9, "lager": 4,
}  # fmt: skip
short = st.text(alphabet="abc", max_size=7)


def whole_table(a: str, b: str) -> int:
    """The restricted Damerau-Levenshtein distance, every cell filled: slow and plain."""
    cells = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            ways = [cells[i - 1, j] + 1, cells[i, j - 1] + 1]
            ways.append(cells[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                ways.append(cells[i - 2, j - 2] + 1)
            cells[i, j] = min(ways)
    return cells[len(a), len(b)]


@given(short, short, st.integers(0, 4))
def test_the_band_gives_what_the_whole_table_gives(a: str, b: str, most: int) -> None:
    assert edit_distance(a, b, most) == min(whole_table(a, b), most + 1)


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [("ca", "abc", 3), ("kitten", "sitting", 3), ("a cat", "an abct", 4), ("", "abc", 3)],
)
def test_well_known_distances(a: str, b: str, distance: int) -> None:
    """The textbook examples; the free distance, unlike this one, gives 2 and 3 for ca and a cat."""
    assert edit_distance(a, b, 9) == distance


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("berdskap", "beredskap"), ("fresenuis", "fresenius"), ("skatefunn", "skattefunn"),
     ("beredkapslagr", "beredskapslager")],
)  # fmt: skip
def test_a_slip_is_found(typed: str, meant: str) -> None:
    assert Speller(WORDS).near(typed)[0][0] == meant


def test_short_words_and_numbers_are_not_guessed() -> None:
    assert Speller(WORDS).near("lag") == []
    assert Speller(WORDS).near("2024") == []
    assert Speller(WORDS).near("zzzzzzzz") == []


def test_marks_and_beginnings() -> None:
    speller = Speller(WORDS)
    assert speller.typed_in_haste("gronn") == ["groenn"]
    assert speller.beginning("bered") == ["beredskap", "beredskapslager"]
    assert speller.beginning("ber") == []


some_words = st.lists(
    st.text(alphabet="abcd", min_size=5, max_size=9), min_size=1, max_size=8, unique=True
)


@given(some_words, st.data())
def test_every_word_one_slip_away_is_found(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    at = data.draw(st.integers(0, len(word) - 1))
    typed = word[:at] + "e" + word[at + 1 :]
    assert word in {w for w, _ in Speller(dict.fromkeys(words, 1)).near(typed)}
