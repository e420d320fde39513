"""A split as yearly payments.

Oracles: sums by hand over two years; balance and present value as laws on random agreements; a
plain loop for the gain of leaving.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import agreement
from virkestoff.errors import InputError

seeds = st.integers(0, 2**32 - 1)


def faults_of(*args, **kwargs) -> list[str]:
    with pytest.raises(InputError) as caught:
        agreement(*args, **kwargs)
    return [str(fault) for fault in caught.value.faults]


def test_the_same_share_of_each_bill_by_hand() -> None:
    """The plant costs 100 and then 20, factors 1 and 1/2: present value 110, split 77 and 33."""
    found = agreement(["no", "se"], [77.0, 33.0], [100.0, 20.0], [1.0, 0.5])
    assert found.payment[0] == pytest.approx(np.array([[70.0, 14.0], [30.0, 6.0]]))
    assert found.present_value[0] == pytest.approx([77.0, 33.0])


def test_what_a_country_pays_itself_is_taken_off_its_transfer() -> None:
    """Norway keeps stock for 40 in the first year, more than its part of the bill of 60 + 40: it
    bears 30 and is paid 10 by Sweden, which pays 70: the plant's 60 and Norway's 10."""
    found = agreement(["no", "se"], [30.0, 70.0], [60.0], [1.0], own=[[40.0], [0.0]])
    assert found.payment[0] == pytest.approx(np.array([[-10.0], [70.0]]))
    assert found.burden[0] == pytest.approx(np.array([[30.0], [70.0]]))


def test_in_step_with_costs_alone_by_hand() -> None:
    """No discounting. Alone: Norway 50 and 50, Sweden 0 and 60. The plant costs 60 and 40, split
    60 and 40. In step: Norway 30 and 30, Sweden 0 and 40; gaps 30 and -30, shared 60:40."""
    found = agreement(
        ["no", "se"],
        [60.0, 40.0],
        [60.0, 40.0],
        [1.0, 1.0],
        alone=[[50.0, 50.0], [0.0, 60.0]],
        profile="alone",
    )
    assert found.payment[0] == pytest.approx(np.array([[48.0, 12.0], [12.0, 28.0]]))
    # ahead at the start of year 1: 60 - 100 and 40 - 60; of year 2: 12 - 50 and 28 - 60
    assert found.gain_of_leaving[0] == pytest.approx(np.array([[-40.0, -38.0], [-20.0, -32.0]]))
    assert found.deposit[0].tolist() == [0.0, 0.0]


def test_late_bills_tempt_a_country_to_leave() -> None:
    """By hand: alone 30 and 10, under the agreement 15 and 15 (factor 1/2 in the second year):
    at the start 22.5 - 35, later 15 - 10, so a deposit of 5 keeps it."""
    found = agreement(
        ["no", "se"],
        [22.5, 22.5],
        [30.0, 30.0],
        [1.0, 0.5],
        alone=[[30.0, 10.0], [40.0, 40.0]],
    )
    assert found.gain_of_leaving[0, 0] == pytest.approx([-12.5, 5.0])
    assert found.deposit[0] == pytest.approx([5.0, 0.0])


@given(
    seed=seeds,
    n=st.integers(1, 5),
    n_years=st.integers(1, 30),
    n_draws=st.integers(1, 3),
    profile=st.sampled_from(["share", "alone"]),
)
@settings(max_examples=50, deadline=None)
def test_laws_of_balance_and_present_value(seed, n, n_years, n_draws, profile) -> None:
    """Payments meet the plant's cost in every year, and burdens add up to the split."""
    rng = np.random.default_rng(seed)
    factors = 1.04 ** -np.arange(n_years)
    plant = rng.uniform(0.0, 1e9, (n_draws, n_years))
    own = rng.uniform(0.0, 1e7, (n_draws, n, n_years))
    alone = rng.uniform(1e6, 1e9, (n_draws, n, n_years))
    total = ((plant + own.sum(axis=1)) * factors).sum(axis=1, keepdims=True)
    split = total * rng.dirichlet(np.ones(n), n_draws)
    found = agreement(
        [f"p{k}" for k in range(n)], split, plant, factors, own=own, alone=alone, profile=profile
    )
    near = 1e-11 * float(total.max())
    assert found.payment.shape == (n_draws, n, n_years)
    assert np.abs(found.payment.sum(axis=1) - plant).max() < near
    assert np.abs(found.present_value - split).max() < near
    assert (found.burden - found.payment == pytest.approx(own, abs=near)) or near == 0.0
    for d in range(n_draws):
        for k in range(n):
            ahead = 0.0
            for t in reversed(range(n_years)):
                ahead += factors[t] * (found.burden[d, k, t] - alone[d, k, t])
                assert found.gain_of_leaving[d, k, t] * factors[t] == pytest.approx(ahead, abs=near)
            assert found.deposit[d, k] == max(found.gain_of_leaving[d, k].max(), 0.0)


def test_a_split_of_savings_that_is_negative_for_one_is_paid_out() -> None:
    found = agreement(["no", "se"], [-10.0, 60.0], [20.0, 30.0], [1.0, 1.0])
    assert found.payment[0] == pytest.approx(np.array([[-4.0, -6.0], [24.0, 36.0]]))


def test_nothing_to_pay_is_nothing_for_everybody() -> None:
    found = agreement(["no", "se"], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0], alone=np.zeros((2, 2)))
    assert not found.payment.any()


def test_a_split_that_does_not_cover_the_cost_is_refused() -> None:
    found = faults_of(["no", "se"], [50.0, 40.0], [100.0], [1.0])
    assert found == [
        "allocation: and the present value of plant and own outlays differ by up to 10 (yearly "
        "payments can only share what is there). Give all costs of the agreement, discounted with "
        "the factors of the split"
    ]


def test_all_faults_come_at_once() -> None:
    first = faults_of(["no", "no"], [1.0], [1.0], [0.0], profile="alone")
    assert len(first) == 3  # a name twice, a factor of zero, outlays alone missing
    second = faults_of(["no"], [1.0, 2.0], [np.nan], [1.0], own=np.ones((3, 3)))
    assert [f.split(":")[0] for f in second] == ["allocation", "plant", "own"]
    third = faults_of(["no"], np.ones((2, 1)), np.ones((3, 1)), [1.0])
    assert third == ["draws: differ in number: [2, 3]"]
    assert "neither 'share' nor 'alone'" in faults_of(["no"], [1.0], [1.0], [1.0], profile="x")[0]


def test_shares_that_cannot_be_formed_are_refused() -> None:
    assert "adds up to zero" in faults_of(["no", "se"], [-5.0, 5.0], [0.0], [1.0])[0]
    found = faults_of(["no"], [5.0], [5.0], [1.0], alone=[[0.0]], profile="alone")
    assert "has no positive present value" in found[0]


def test_who_would_leave_needs_the_outlays_alone() -> None:
    found = agreement(["no"], [5.0], [5.0], [1.0])
    with pytest.raises(InputError, match="would have paid alone"):
        found.gain_of_leaving  # noqa: B018
