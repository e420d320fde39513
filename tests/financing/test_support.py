"""Least support. Oracles: closed forms without tax, and plain bisection on the whole stack."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.financing import FORMS, finance, least_state_cost, stack_of
from virkestoff.production.cashflow import discounted


def rate(value: float, n_draws: int = 12) -> np.ndarray:
    return np.full((n_draws, 1), value)


def sure(project, tax: float = 0.0):
    """The same without failure, and taxed at ``tax``."""
    investor = replace(project.investor, tax_rate=np.full_like(project.investor.tax_rate, tax))
    works = np.ones(project.revenue.shape[0], dtype=bool)
    return replace(project, investor=investor, succeeds=works)


def runs(project) -> np.ndarray:
    return (project.revenue > 0) * 1.0


def test_support_without_tax_is_the_closed_form(make, rng) -> None:
    """-value / PV(profile), in each draw; on average, mean over mean."""
    project, stack = sure(make.project(rng)), make.stack(rng)
    profile, required = runs(project), project.investor.required_return
    value = finance(project, make.plain(stack)).owner_value
    worth = discounted(profile, required)
    each = least_state_cost(project, stack, "support", profile, rate(0.04))
    assert each.lever == pytest.approx(np.maximum(-value, 0) / worth, rel=1e-7, abs=1e-7)
    assert each.cost == pytest.approx(each.lever * discounted(profile, rate(0.04)))
    common = least_state_cost(project, stack, "support", profile, rate(0.04), mode="expected")
    assert common.lever == pytest.approx(max(-value.mean(), 0.0) / worth.mean(), rel=1e-7)
    assert np.ptp(common.lever) == 0.0


def test_grant_without_tax_is_the_closed_form(make, rng) -> None:
    project, stack = sure(make.project(rng)), make.stack(rng)
    value = finance(project, make.plain(stack)).owner_value
    share = -value / discounted(project.outlays.investment, project.investor.required_return)
    found = least_state_cost(project, stack, "grant", runs(project), rate(0.04))
    can = share <= 1
    assert (found.is_reached == can).all()
    assert np.isnan(found.cost[~can]).all()
    assert found.lever[can] == pytest.approx(np.maximum(share[can], 0), rel=1e-7, abs=1e-8)


@settings(max_examples=12)
@given(seed=st.integers(0, 10**6), form=st.sampled_from(FORMS))
def test_equals_plain_bisection(make, seed: int, form) -> None:
    rng = np.random.default_rng(seed)
    project, stack = sure(make.project(rng, 3), 0.22), make.stack(rng, 3)
    profile = runs(project)
    found = least_state_cost(project, stack, form, profile, rate(0.04, 3))
    base = stack_of(stack, form)

    def value(lever: float) -> np.ndarray:
        if form == "grant":
            return finance(project, replace(base, grant_share=rate(lever, 3))).owner_value
        return finance(project, replace(base, support=lever * profile)).owner_value

    for i in range(3):
        low, high = 0.0, 1.0 if form == "grant" else 1e4
        if value(0.0)[i] >= 0:
            assert found.lever[i] == 0.0
        elif value(high)[i] < 0:
            assert not found.is_reached[i]
        else:
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (low, middle) if value(middle)[i] >= 0 else (middle, high)
            assert found.lever[i] == pytest.approx(high, rel=1e-6, abs=1e-6)


@given(seed=st.integers(0, 10**6), form=st.sampled_from(FORMS))
def test_the_owner_earns_the_return_and_no_less(make, seed: int, form) -> None:
    """Law: at the lever the value is not below zero, and just below the lever it is."""
    rng = np.random.default_rng(seed)
    project, stack = make.project(rng), make.stack(rng)
    profile = runs(project)
    found = least_state_cost(project, stack, form, profile, rate(0.04))
    assert (found.financed.owner_value[found.is_reached] >= -1e-7).all()
    less = np.where(found.is_reached, found.lever, 0.0)[:, None] * (1 - 1e-4)
    base = stack_of(stack, form)
    changed = (
        replace(base, grant_share=less)
        if form == "grant"
        else replace(base, support=less * profile)
    )
    is_helped = found.is_reached & (found.lever > 1e-6)
    assert (finance(project, changed).owner_value[is_helped] < 1e-7).all()


def test_in_expectation_success_pays_for_failure(make, rng) -> None:
    """With failures, one offer makes the mean value zero, and no draw of failure is helped."""
    project, stack = make.project(rng, 200), make.stack(rng, 200)
    profile = runs(project)
    found = least_state_cost(project, stack, "support", profile, rate(0.04, 200), mode="expected")
    assert found.lever[0] > 0
    assert found.financed.owner_value.mean() == pytest.approx(0.0, abs=1e-6)
    each = least_state_cost(project, stack, "support", profile, rate(0.04, 200))
    assert not each.is_reached[~project.succeeds].any()


def test_each_draw_is_the_same_in_any_block(make, rng) -> None:
    project, stack = make.project(rng, 30), make.stack(rng, 30)

    def cut(record, chosen):
        def part(value):
            if isinstance(value, np.ndarray):
                return value[chosen]
            return cut(value, chosen) if hasattr(value, "__dataclass_fields__") else value

        return type(record)(**{f.name: part(getattr(record, f.name)) for f in fields(record)})

    for form in FORMS:
        whole = least_state_cost(project, stack, form, runs(project), rate(0.04, 30))
        for chosen in (slice(0, 1), slice(1, 30)):
            piece = cut(project, chosen)
            part = least_state_cost(
                piece, cut(stack, chosen), form, runs(piece), rate(0.04, 30)[chosen]
            )
            assert np.array_equal(part.cost, whole.cost[chosen], equal_nan=True)


def test_an_unknown_form_is_named(make, rng) -> None:
    with pytest.raises(InputError, match="'gift' is not known"):
        stack_of(make.stack(rng), "gift")
