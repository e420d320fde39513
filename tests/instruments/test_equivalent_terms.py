"""Loans and guarantees by their terms. Oracles: the Commission's worked loan, a printed reply on
the safe harbour, rates printed in the Official Journal, closed forms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.instruments import discount_rate, soft_loan_grant_equivalent
from virkestoff.instruments.equivalent_terms import (
    DatedBalance,
    dated_loan_grant_equivalent,
    loan_balances,
    present_value_of_instalments,
    safe_harbour_guarantee,
    safe_harbour_loan,
)

NOW = date(2026, 11, 24)
PRINTED = [9_259, 7_716, 6_351, 5_145, 4_083, 3_151, 2_334, 1_621, 1_000, 463]


def test_the_worked_loan_of_the_commission() -> None:
    """European Commission, Annex on the cash grant equivalent of a soft loan, case 1.

    ECU 500,000 over 10 years, equal instalments, 6 % against a reference of 8 %: the ten printed
    amounts and their printed sum, 41,123.
    """
    balances = loan_balances(500_000, 10, "linear")
    assert balances[:3] == (500_000, 450_000, 400_000)
    yearly = [b * 0.02 / 1.08 ** (k + 1) for k, b in enumerate(balances)]
    assert [round(x) for x in yearly] == PRINTED
    found = soft_loan_grant_equivalent(balances, [0.06] * 10, 0.08)
    assert found == pytest.approx(41_123, abs=1.0)


def test_the_same_loan_by_dates() -> None:
    """Periods of exactly 365 days give the yearly formula to the last digit."""
    first = date(2025, 3, 1)
    balances = loan_balances(500_000, 10, "linear")
    periods = [
        DatedBalance(first + timedelta(days=365 * k), first + timedelta(days=365 * (k + 1)), b,
                     0.06)
        for k, b in enumerate(balances)
    ]  # fmt: skip
    found = dated_loan_grant_equivalent(periods[::-1], first, 0.08)
    yearly = soft_loan_grant_equivalent(balances, [0.06] * 10, 0.08)
    assert found == pytest.approx(yearly, rel=1e-12)
    halves = [
        DatedBalance(p.from_ + timedelta(days=d), p.from_ + timedelta(days=e), p.balance, p.rate)
        for p in periods for d, e in ((0, 182), (182, 365))
    ]  # fmt: skip
    assert dated_loan_grant_equivalent(halves, first, 0.08) > found  # interest is saved earlier


@given(
    amount=st.floats(1, 1e9), years=st.integers(1, 30), rate=st.floats(0.001, 0.2),
    grace=st.integers(0, 5),
)  # fmt: skip
def test_an_annuity_at_the_reference_pays_back_what_was_lent(amount, years, rate, grace) -> None:
    """Closed form: the payments of an annuity discounted at its own rate are the loan."""
    grace = min(grace, years - 1)
    balances = (*loan_balances(amount, years, "annuity", grace_years=grace, rate=rate), 0.0)
    paid = [balances[k] * (1 + rate) - balances[k + 1] for k in range(years)]
    value = sum(p / (1 + rate) ** (k + 1) for k, p in enumerate(paid))
    assert value == pytest.approx(amount, rel=1e-6)
    level = paid[grace:]
    assert max(level) == pytest.approx(min(level), rel=1e-6)


def test_balances_with_grace() -> None:
    assert loan_balances(90, 4, "linear", grace_years=1) == (90, 90, 60, 30)
    assert loan_balances(90, 3, "bullet") == (90, 90, 90)
    assert loan_balances(90, 3, "annuity", rate=0.0) == (90, 60, 30)
    with pytest.raises(InputError) as problem:
        loan_balances(-1, 0, "linaer", grace_years=2, rate=-0.1)
    assert "4 faults" in str(problem.value)


def test_the_printed_reply_on_the_safe_harbour(library) -> None:
    """Reply on Article 4(3)(b) of 1407/2013: 1 million for one year is 40,000; no larger loan."""
    day = date(2015, 6, 1)
    assert safe_harbour_loan(library, day, 1e6, 1, 0.5).euro == pytest.approx(40_000)
    assert safe_harbour_loan(library, day, 2e6, 1, 0.5).status == "not_available"


@pytest.mark.parametrize(("amount", "years"), [(1.5e6, 5), (750_000, 10)])
def test_the_limits_take_the_whole_ceiling(library, amount, years) -> None:
    """Article 4(3)(b) of 2023/2831: 1,500,000 over 5 years or 750,000 over 10 years."""
    assert safe_harbour_loan(library, NOW, amount, years, 0.5).euro == pytest.approx(300_000)
    half = safe_harbour_loan(library, NOW, amount / 2, years, 1.0)
    assert half.euro == pytest.approx(150_000)
    assert not half.unverified
    for a, y, s in ((amount + 1, years, 0.5), (amount, years + 1, 0.5), (amount, years, 0.49),
                    (amount, years, None)):  # fmt: skip
        assert safe_harbour_loan(library, NOW, a, y, s).status == "not_available"


def test_the_guarantee_of_the_state_aid_hub(library) -> None:
    """Lexxion: up to EUR 2.25 million over five years stays at the ceiling of 300,000."""
    found = safe_harbour_guarantee(library, NOW, 2.25e6, 5, 0.8)
    assert found.euro == pytest.approx(300_000)
    assert found.unverified  # cover and the long term were not read
    assert safe_harbour_guarantee(library, NOW, 1.0, 1, 0.81).status == "not_available"


def test_no_safe_harbour_without_a_rule(library) -> None:
    assert safe_harbour_loan(library, date(2024, 5, 1), 1.0, 1, 1.0).status == "rule_not_known"
    assert safe_harbour_guarantee(library, date(2020, 5, 1), 1.0, 1, 0.5).status == "rule_not_known"


@pytest.mark.parametrize(
    ("day", "base"),
    [(date(2012, 1, 1), 3.57), (date(2012, 6, 1), 3.57), (date(2021, 12, 1), 0.52),
     (date(2025, 5, 1), 4.71)],
)  # fmt: skip
def test_base_rates_as_printed(library, day, base) -> None:
    """Official Journal 2012/C 314/04 and 2022/C 103/09; ESA's page as of 1 May 2025: Norway."""
    assert discount_rate(library, day).rate == pytest.approx(base / 100 + 0.01)


def test_instalments_are_worth_less_later() -> None:
    """Closed form: one year of 365 days at 5 %."""
    day = date(2025, 3, 1)
    later = day + timedelta(days=365)
    found = present_value_of_instalments([(day, 100.0), (later, 105.0)], day, 0.05)
    assert found == pytest.approx(200)
    with pytest.raises(InputError, match="before the award"):
        present_value_of_instalments([(day - timedelta(days=1), 1.0)], day, 0.05)


def test_faults_of_periods_come_together() -> None:
    day = date(2025, 1, 1)
    bad = [DatedBalance(day, day, 1, 0), DatedBalance(date(2024, 1, 1), date(2026, 1, 1), 1, 0)]
    with pytest.raises(InputError) as problem:
        dated_loan_grant_equivalent(bad, day, 0.05)
    assert "3 faults" in str(problem.value)
