"""Loans. Oracle: the closed form of an annuity; a loan at its own rate is worth nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.financing import LoanTerms, annuity_factor, schedule
from virkestoff.production.cashflow import discounted


def terms(rate: float, years: float, grace: float, n_draws: int = 1) -> LoanTerms:
    return LoanTerms(*(np.full((n_draws, 1), value) for value in (rate, years, grace)))


def test_annuity_factor_is_the_closed_form() -> None:
    rate, years = np.array([[0.04], [0.1], [0.0]]), np.array([[10.0], [25.0], [7.0]])
    closed = [(1 - 1.04**-10) / 0.04, (1 - 1.1**-25) / 0.1, 7.0]
    assert annuity_factor(rate, years)[:, 0] == pytest.approx(closed, rel=1e-13)
    # R-109 ladder, first steps: the sum of 4 % factors over ten years is 8.1109 (published table)
    assert annuity_factor(rate, years)[0, 0] == pytest.approx(8.1109, abs=5e-5)


def test_a_loan_with_grace_year_by_year() -> None:
    drawn = np.zeros((1, 6))
    drawn[0, 0] = 100.0
    found = schedule(drawn, terms(0.1, 2, 2))
    level = 100 * 0.1 / (1 - 1.1**-2)
    assert found.service[0] == pytest.approx([0, 10, 10, level, level, 0], rel=1e-12)
    left = 100 * 1.1 - level
    assert found.balance[0] == pytest.approx([100, 100, 100, left, 0, 0], abs=1e-12)


def test_a_loan_that_outlives_the_horizon_is_paid_off_in_the_last_year() -> None:
    drawn = np.zeros((1, 4))
    drawn[0, 1] = 50.0
    found = schedule(drawn, terms(0.05, 30, 5))
    assert found.service[0] == pytest.approx([0, 0, 2.5, 52.5])


@given(
    rate=st.floats(0.0, 0.2), years=st.integers(1, 30), grace=st.integers(0, 12),
    drawn=st.lists(st.floats(0, 1e9), min_size=2, max_size=25),
)  # fmt: skip
def test_at_its_own_rate_a_loan_is_worth_nothing(rate, years, grace, drawn) -> None:
    lent = np.array([[*drawn, 0.0]])
    found = schedule(lent, terms(rate, years, grace))
    worth = discounted(found.service - lent, np.array([[rate]]))
    assert abs(worth[0]) <= 1e-9 * max(sum(drawn), 1.0)
    assert (found.service >= -1e-6).all()
    assert (found.balance >= -1e-6).all()
