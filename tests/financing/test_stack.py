"""The capital stack. Oracles: a slow twin, projects of two states by hand, conservation."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.financing import LoanTerms, Project, Stack, advance_worth, finance
from virkestoff.financing.readable import one_draw
from virkestoff.production.cashflow import Investor, Outlays, cash_flow, discounted


def column(value: float, n_draws: int) -> np.ndarray:
    return np.full((n_draws, 1), value)


@given(seed=st.integers(0, 10**6), tax=st.sampled_from([0.0, 0.22]))
def test_equals_the_slow_twin(make, seed: int, tax: float) -> None:
    rng = np.random.default_rng(seed)
    project, stack = make.project(rng, 3, 10, tax), make.stack(rng, 3, 10)
    found = finance(project, stack)
    for i in range(3):
        slow = one_draw(project, stack, i)
        for actor in ("investor", "state", "lender"):
            assert getattr(found, actor)[i] == pytest.approx(slow[actor], abs=1e-8), actor


@given(seed=st.integers(0, 10**6), is_state_lender=st.booleans())
def test_nothing_is_created(make, seed: int, is_state_lender: bool) -> None:
    """Law: what the three receive is what the project gives, before and after a default."""
    rng = np.random.default_rng(seed)
    project = make.project(rng)
    found = finance(project, replace(make.stack(rng), is_state_lender=is_state_lender))
    whole = found.investor + found.state + found.lender
    assert whole == pytest.approx(found.project, abs=1e-9)
    revenue, outlays = project.after_development()
    trade = revenue - outlays.operating - outlays.investment - project.development
    lasts = found.operates.all(axis=1)
    bound = revenue.sum(axis=1) * 0  # working capital is released in the last year: no net
    total = (trade + outlays.end_value).sum(axis=1) + bound
    assert found.project.sum(axis=1)[lasts] == pytest.approx(total[lasts], abs=1e-8)
    assert all((flow.amount >= -1e-9).all() for flow in found.flows.values())


def test_with_equity_alone_it_is_the_plants_own_cash_flow(make, rng) -> None:
    """Oracle: virkestoff.production.cash_flow, checked on its own."""
    project = replace(make.project(rng), succeeds=np.ones(12, dtype=bool))
    project = replace(project, development=np.zeros_like(project.development))
    found = finance(project, make.plain(make.stack(rng)))
    own = cash_flow(project.revenue, project.outlays, project.investor)
    assert found.investor == pytest.approx(own.net, abs=1e-9)
    assert found.state == pytest.approx(own.tax, abs=1e-9)
    assert not found.lender.any()


def two_states() -> Project:
    """Development of 100 in year 0; if it succeeds 200 in year 2; no tax, return 10 %."""
    nothing = np.zeros((2, 4))
    revenue = nothing.copy()
    revenue[:, 2] = 200.0
    development = nothing.copy()
    development[:, 0] = 100.0
    investor = Investor(*(column(v, 2) for v in (0.1, 0.0, 0.0, 0.2, 0.04, 0.0)))
    outlays = Outlays(nothing, nothing, nothing, nothing)
    return Project(revenue, outlays, investor, development, np.array([True, False]), column(1.0, 2))


def empty_stack(n_draws: int, n_years: int, **given: np.ndarray) -> Stack:
    zero = column(0.0, n_draws)
    terms = LoanTerms(column(0.05, n_draws), column(1.0, n_draws), column(1.0, n_draws))
    values = {
        f.name: zero for f in fields(Stack) if f.name.endswith(("share", "premium", "rate"))
    }  # fmt: skip
    values |= {"advance": terms, "loan": terms, "support": np.zeros((n_draws, n_years))}
    return Stack(**{**values, **given})


def test_the_advance_by_hand_in_two_states() -> None:
    """60 of 100 advanced; success: 3 interest, then 63; failure: all forgiven."""
    stack = empty_stack(2, 4, advance_share=column(0.6, 2), forgiven_share=column(1.0, 2))
    found = finance(two_states(), stack)
    assert found.investor.tolist() == [[-40.0, -3.0, 200.0 - 63.0, 0.0], [-40.0, 0, 0, 0]]
    assert found.state.tolist() == [[-60.0, 3.0, 63.0, 0.0], [-60.0, 0, 0, 0]]
    assert found.is_forgiven.tolist() == [False, True]
    assert found.probability_of_forgiveness == 0.5
    worth = advance_worth(two_states(), stack, column(0.04, 2))
    assert worth.owner == pytest.approx([60 - 3 / 1.1 - 63 / 1.21, 60.0])
    assert worth.state == pytest.approx([60 - 3 / 1.04 - 63 / 1.04**2, 60.0])
    assert worth.outstanding == pytest.approx([60.0, 60.0])


def test_a_part_that_is_not_forgiven_is_repaid_by_the_owner() -> None:
    stack = empty_stack(2, 4, advance_share=column(0.6, 2), forgiven_share=column(0.75, 2))
    found = finance(two_states(), stack)
    assert found.investor[1] == pytest.approx([-40.0, -0.25 * 3, -0.25 * 63, 0.0])


def loan_project(margin: float) -> Project:
    """100 of machinery in year 0, ``margin`` from year 1, no tax, nothing left at the end."""
    n = 4
    zero = np.zeros((1, n))
    machinery, revenue = zero.copy(), zero.copy()
    machinery[0, 0] = 100.0
    revenue[0, 1:] = margin
    end = zero.copy()
    end[0, -1] = -5.0
    investor = Investor(*(column(v, 1) for v in (0.1, 0.0, 0.0, 0.2, 0.04, 0.0)))
    return Project(
        revenue, Outlays(zero, machinery, zero, end), investor, zero, np.array([True]),
        column(1.0, 1),
    )  # fmt: skip


def guaranteed() -> Stack:
    """80 lent at 5 %, one payment after one year of interest; 70 % guaranteed at 2 %."""
    return empty_stack(
        1, 4, loan_share=column(0.8, 1), recovery_share=column(0.25, 1),
        guarantee_share=column(0.7, 1), guarantee_premium=column(0.02, 1),
    )  # fmt: skip


def test_default_by_hand() -> None:
    """Due in year 2: 84. 40 of margin cannot pay it and 40 more in year 3 are not worth 44 now."""
    found = finance(loan_project(40.0), guaranteed())
    assert found.is_default.all()
    assert found.operates.tolist() == [[True, True, False, False]]
    premium = 0.02 * 0.7 * 80
    assert found.investor[0] == pytest.approx([-20, 40 - 4 - premium, 0, 0])
    assert found.lender[0] == pytest.approx([-80, 4, 20 + 0.7 * 60, 0])
    assert found.state[0] == pytest.approx([0, premium, -0.7 * 60 - 5, 0])
    assert found.project[0] == pytest.approx([-100, 40, 20 - 5, 0])


def test_an_owner_pays_what_is_missing_where_carrying_on_is_worth_it() -> None:
    """Margin 60: 24 and the premium are missing in year 2, but year 3 gives 55."""
    found = finance(loan_project(60.0), guaranteed())
    assert not found.is_default.any()
    assert found.investor[0, 2] == pytest.approx(60 - 84 - 0.02 * 0.7 * 80)
    assert found.probability_of_default == 0.0


def test_failure_by_hand() -> None:
    """40 % is sunk to year 1, in which it would sell: 100 and 10, then 20; no renewal of 30."""
    project = loan_project(60.0)
    machinery = np.array([[100.0, 0, 30, 0]])
    operating = np.array([[10.0, 20, 20, 20]])
    outlays = replace(project.outlays, machinery=machinery, operating=operating)
    failed = replace(
        project, outlays=outlays, succeeds=np.array([False]), sunk_share=column(0.4, 1)
    )
    assert finance(failed, empty_stack(1, 4)).investor.tolist() == [[-44.0, -8.0, 0, 0]]
    found = finance(failed, guaranteed())  # 32 lent; its interest is paid, then it defaults
    premium = 0.02 * 0.7 * 32
    assert found.investor[0] == pytest.approx([-12, -8 - 1.6 - premium, 0, 0])
    assert found.lender[0] == pytest.approx([-32, 1.6, 8 + 0.7 * 24, 0])
    assert found.is_default.all()


def test_renewal_is_not_lent() -> None:
    project = loan_project(200.0)
    machinery = np.array([[100.0, 0, 30, 0]])
    project = replace(project, outlays=replace(project.outlays, machinery=machinery))
    assert finance(project, guaranteed()).flows["loan"].amount.tolist() == [[80.0, 0, 0, 0]]


def test_state_property_by_hand() -> None:
    """The state buys all buildings (50 of 100), lets them at 6 %, and owns half of the end."""
    project = loan_project(60.0)
    half = project.outlays.machinery / 2
    project = replace(project, outlays=replace(project.outlays, machinery=half, buildings=half))
    found = finance(
        project, empty_stack(1, 4, property_share=column(1.0, 1), rent_rate=column(0.06, 1))
    )
    assert found.investor[0] == pytest.approx([-50, 57, 57, 57 - 2.5])
    assert found.state[0] == pytest.approx([-50, 3, 3, 3 - 2.5])
    cost = found.state_cost(column(0.04, 1))
    assert cost == pytest.approx([50 - 3 / 1.04 - 3 / 1.04**2 - 0.5 / 1.04**3])


def test_any_block_gives_the_same(make, rng) -> None:
    project, stack = make.project(rng, 40, 12), make.stack(rng, 40, 12)

    def cut(record, chosen):
        parts = {}
        for field in fields(record):
            value = getattr(record, field.name)
            if isinstance(value, np.ndarray):
                value = value[chosen]
            elif hasattr(value, "__dataclass_fields__"):
                value = cut(value, chosen)
            parts[field.name] = value
        return type(record)(**parts)

    whole = finance(project, stack)
    for chosen in (slice(0, 7), slice(7, 8), slice(8, 40)):
        part = finance(cut(project, chosen), cut(stack, chosen))
        for name in ("investor", "state", "lender", "owner_value"):
            assert (getattr(part, name) == getattr(whole, name)[chosen]).all()


def test_grant_and_support_are_worth_what_they_are(make, rng) -> None:
    """Without tax a krone of grant or support is a krone to the owner."""
    project = replace(make.project(rng, tax=0.0), succeeds=np.ones(12, dtype=bool))
    stack = make.plain(make.stack(rng))
    base = finance(project, stack).owner_value
    grant = finance(project, replace(stack, grant_share=column(0.3, 12))).owner_value
    invested = discounted(project.outlays.investment, project.investor.required_return)
    assert grant - base == pytest.approx(0.3 * invested)
    support = rng.uniform(0, 5, project.revenue.shape)
    paid = finance(project, replace(stack, support=support)).owner_value
    assert paid - base == pytest.approx(discounted(support, project.investor.required_return))


def test_impossible_shares_are_named_together(make, rng) -> None:
    with pytest.raises(InputError) as problem:
        replace(
            make.stack(rng), grant_share=column(1.2, 12), loan_share=column(np.nan, 12),
            rent_rate=column(-0.1, 12),
        )  # fmt: skip
    text = str(problem.value)
    assert "3 faults" in text
    assert "grant_share" in text and "loan_share" in text and "rent_rate" in text
