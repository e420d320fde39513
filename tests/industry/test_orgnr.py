"""Organisation numbers.

Oracle: the published rule (modulus 11, weights 3 2 7 6 5 4 3 2) worked by hand, and the numbers
of public bodies as they print them.
"""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.industry.orgnr import VALID_SQL, check_digit, is_valid, normalise

PUBLIC = ("974760673", "971526920", "970205039")  # registers, statistics, courts: printed by them


@pytest.mark.parametrize("number", PUBLIC)
def test_numbers_of_public_bodies_are_valid(number: str) -> None:
    assert is_valid(number)


def test_check_digit_by_hand() -> None:
    # 12345678: 3+4+21+24+25+24+21+16 = 138 = 12 x 11 + 6, and 11 - 6 = 5
    assert check_digit("12345678") == 5
    # 20000007: 6 + 14 = 20 = 11 + 9 and 11 - 9 = 2; remainder 0 gives 0: 00000070 has 21 - 11 = 10
    assert check_digit("20000007") == 2
    # 00000050: 5 x 3 = 15, rest 4, 7;  01000003: 2 + 6 = 8, 3;  10000004: 3 + 8 = 11, rest 0, so 0
    assert check_digit("10000004") == 0
    # 40000000: 12, rest 1: the digit would be ten, so there is no such number
    assert check_digit("40000000") is None
    assert not any(is_valid(f"40000000{d}") for d in range(10))


def test_nine_equal_digits_are_valid() -> None:
    # the weights add up to 32, and 32 n + n = 33 n is divisible by 11
    assert all(is_valid(str(d) * 9) for d in range(10))


def test_a_number_is_normalised_and_nothing_is_guessed() -> None:
    assert normalise("NO 974 760 673 MVA") == "974760673"
    assert normalise("974\u00a0760\u00a0673") == "974760673"
    assert normalise(12345678) == "012345678"  # a spreadsheet drops the zero
    assert normalise(974760673.0) == "974760673"
    for wrong in (None, True, "", "0", 0, "97476067", "9747606733", "97476067x", 1.5, "٩٧٤٧٦٠٦٧٣"):
        assert normalise(wrong) is None


@given(st.lists(st.text("0123456789", min_size=9, max_size=9), min_size=1, max_size=50))
def test_the_engine_agrees_with_the_readable_rule(numbers: list[str]) -> None:
    query = f"select {VALID_SQL.format('n', 'try_cast(n as integer)')} from (select unnest(?) n)"
    assert [r[0] for r in duckdb.execute(query, [numbers]).fetchall()] == [
        is_valid(n) for n in numbers
    ]


@given(st.text("0123456789", min_size=9, max_size=9).filter(is_valid), st.integers(0, 8))
def test_one_wrong_digit_is_always_found(number: str, place: int) -> None:
    """Every weight is prime to 11, so no single change keeps the sum."""
    other = str((int(number[place]) + 1) % 10)
    assert not is_valid(number[:place] + other + number[place + 1 :])
