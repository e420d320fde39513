"""Gross grant equivalents. Oracles: a worked loan, closed forms; rates printed by the authority."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError, MissingFact
from virkestoff.instruments import (
    discount_rate,
    guarantee_grant_equivalent,
    guarantee_premium,
    reference_rate,
    soft_loan_grant_equivalent,
)

READ = date(2025, 5, 1)


def test_the_worked_loan(library) -> None:
    """1.5 million for 4 years, 0 % in two and 5.95 % in two, reference 4.71 + 2.20 (own example).

    Yearly benefits 103,650; 103,650; 14,400; 14,400 discounted at 6.91 % give 210,442.25.
    """
    reference = reference_rate(library, READ, "b", "high")
    assert reference.rate == pytest.approx(0.0691)
    found = soft_loan_grant_equivalent([1.5e6] * 4, [0, 0, 0.0595, 0.0595], reference.rate)
    assert found == pytest.approx(210_442.25, abs=0.005)


@given(rate=st.floats(0.001, 0.2), years=st.integers(1, 20), amount=st.floats(1, 1e9))
def test_an_interest_free_bullet_is_its_interest(rate, years, amount) -> None:
    """Closed form: amount x (1 - (1 + r)^-n); a loan at the reference is worth nothing."""
    found = soft_loan_grant_equivalent([amount] * years, [0.0] * years, rate)
    assert found == pytest.approx(amount * (1 - (1 + rate) ** -years), rel=1e-9)
    assert soft_loan_grant_equivalent([amount] * years, [rate] * years, rate) == 0.0


def test_a_guarantee_below_the_market_premium() -> None:
    """Two years of 100 and 50 guaranteed, 3.8 % against 1 %, at 5 %."""
    found = guarantee_grant_equivalent([100, 50], [0.01, 0.01], 0.038, 0.05)
    assert found == pytest.approx(2.8 / 1.05 + 1.4 / 1.05**2)


def test_rates_are_known_on_the_day_they_were_read(library) -> None:
    """EFTA Surveillance Authority: 4.71 as of 1 May 2025, 1.79 as of 1 January 2020, plus 100 bp"""
    assert discount_rate(library, READ).rate == pytest.approx(0.0571)
    assert discount_rate(library, date(2020, 1, 1)).rate == pytest.approx(0.0279)
    with pytest.raises(MissingFact, match="rule not known on 2026-11-24"):
        discount_rate(library, date(2026, 11, 24))
    older = discount_rate(library, date(2026, 11, 24), is_older_allowed=True)
    assert (older.rate, older.base_on, older.is_stale) == (pytest.approx(0.0571), READ, True)
    with pytest.raises(MissingFact):
        discount_rate(library, date(2011, 1, 1), is_older_allowed=True)


def test_margins_run_from_60_to_1000_basis_points(library) -> None:
    """European Commission IP/07/1912: 60 to 1,000; the cells between were not read."""
    margins = {
        (rating, collateral): reference_rate(library, READ, rating, collateral)
        for rating in ("aaa", "bbb", "bb", "b", "ccc")
        for collateral in ("high", "normal", "low")
    }
    spread = [found.rate - 0.0471 for found in margins.values()]
    assert (min(spread), max(spread)) == (pytest.approx(0.006), pytest.approx(0.1))
    assert all(found.unverified for found in margins.values())
    assert guarantee_premium(library, READ, "b").confidence == "unverified"


def test_faults(library) -> None:
    with pytest.raises(InputError, match="2 amounts and 1 rates"):
        soft_loan_grant_equivalent([1.0, 1.0], [0.0], 0.05)
    with pytest.raises(MissingFact, match="no such rule"):
        reference_rate(library, READ, "zzz", "high")
