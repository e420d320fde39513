"""Commitment. Oracle: every sequence of modes tried by brute force; examples by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.financing import Commitment, clawback, course, stewardship_effect, worst_decile

YEARS = 5


def a_commitment(rng: np.random.Generator, n_draws: int = 2, n_years: int = YEARS) -> Commitment:
    def amount(low: float, high: float) -> np.ndarray:
        return rng.uniform(low, high, (n_draws, n_years))

    return Commitment(
        margin=amount(-10, 10), mothball_cost=amount(0, 4), restart_cost=amount(0, 6),
        exit_value=amount(-5, 8), exit_payment=amount(0, 10), duty_payment=amount(0, 3),
        state_support=amount(0, 5),
    )  # fmt: skip


def worth_of(c: Commitment, i: int, modes: tuple[int, ...], r: float) -> float:
    """Present value of a sequence of modes, said with ifs; -inf if it comes back from the dead."""
    worth, before = 0.0, 0
    for t, mode in enumerate(modes):
        cash = 0.0
        if before == 2 and mode != 2:
            return -np.inf
        if mode == 0:
            cash += c.margin[i, t]
            if before == 1:
                cash -= c.restart_cost[i, t]
        else:
            cash -= c.duty_payment[i, t]
        if mode == 1:
            cash -= c.mothball_cost[i, t]
        if mode == 2 and before != 2:
            cash += c.exit_value[i, t] - c.exit_payment[i, t]
        worth += cash / (1 + r) ** t
        before = mode
    return worth


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), r=st.floats(0.0, 0.2))
def test_foresight_is_the_best_of_all_sequences(seed: int, r: float) -> None:
    c = a_commitment(np.random.default_rng(seed))
    found = course(c, np.full((2, 1), r), "foresight")
    for i in range(2):
        best = max(worth_of(c, i, modes, r) for modes in product(range(3), repeat=YEARS))
        assert found.owner_value[i] == pytest.approx(best, abs=1e-9)
        taken = tuple(int(m) for m in found.modes[i])
        assert worth_of(c, i, taken, r) == pytest.approx(best, abs=1e-9)


@given(seed=st.integers(0, 10**6), patience=st.integers(0, 3))
def test_a_myopic_owner_never_does_better(seed: int, patience: int) -> None:
    c = a_commitment(np.random.default_rng(seed), 20, 12)
    r = np.full((20, 1), 0.08)
    myopic = course(c, r, "myopic", patience)
    assert (myopic.owner_value <= course(c, r, "foresight").owner_value + 1e-9).all()
    assert (np.diff((myopic.modes == 2).astype(int), axis=1) >= 0).all()
    for i in range(20):
        worth = worth_of(c, i, tuple(int(m) for m in myopic.modes[i]), 0.08)
        assert myopic.owner_value[i] == pytest.approx(worth)


@given(seed=st.integers(0, 10**6))
def test_a_dearer_exit_never_shortens_protection_of_an_owner_who_could_only_leave(seed: int):
    """Law, with mothballing barred by its cost: exit payments keep the plant running longer."""
    c = a_commitment(np.random.default_rng(seed), 10, 8)
    c = replace(c, mothball_cost=np.full((10, 8), 1e6), exit_payment=np.zeros((10, 8)))
    r = np.full((10, 1), 0.08)
    dear = replace(c, exit_payment=np.full((10, 8), 20.0))
    assert (course(dear, r, "foresight").protected_years
            >= course(c, r, "foresight").protected_years).all()  # fmt: skip


def test_a_lost_contract_by_hand() -> None:
    """Support of 5 of a margin of 3 ends in year 2: the myopic owner mothballs, then leaves."""
    margin = np.array([[3.0, 3.0, -2.0, -2.0, -2.0]])
    zero = np.zeros((1, 5))
    aid = np.array([[6.0, 0, 0, 0, 0]])
    c = Commitment(
        margin, zero + 1.0, zero, zero, clawback(aid, np.array([[4.0]])), zero,
        np.array([[5.0, 5.0, 0, 0, 0]]),
    )  # fmt: skip
    found = course(c, np.array([[0.0]]), "myopic")
    assert found.modes.tolist() == [[0, 0, 1, 2, 2]]
    assert found.owner.tolist() == [[3, 3, -1, -6, 0]]
    assert found.state.tolist() == [[-5, -5, 0, 6, 0]]
    assert found.protected_years.tolist() == [2.0]
    patient = course(c, np.array([[0.0]]), "foresight")
    assert patient.modes.tolist() == [[0, 0, 1, 1, 2]]  # waits until nothing is reclaimed
    assert patient.owner_value.tolist() == [4.0]


def test_clawback_ends_with_its_years() -> None:
    aid = np.array([[10.0, 5.0, 0, 0]])
    assert clawback(aid, np.array([[3.0]])).tolist() == [[0, 10, 15, 0]]
    assert clawback(aid, np.array([[2.0]]), held_from=2).tolist() == [[0, 10, 15, 15]]


def test_worst_decile() -> None:
    assert worst_decile(np.arange(100.0)) == 4.5  # mean of 0 to 9
    assert worst_decile(np.array([3.0, 1.0])) == 1.0
    with pytest.raises(InputError, match="no missing result"):
        worst_decile(np.array([1.0, np.nan]))


def test_support_by_volume_works_against_stewardship() -> None:
    """Volume falls 30 %: margin of 2 x 10 a year and support of 50, two years, no interest."""
    two = np.ones((1, 2))
    found = stewardship_effect(2 * two, 10 * two, 50 * two, np.array([[0.0]]), 0.3)
    assert found.free == pytest.approx([-12.0])
    assert found.tied == pytest.approx([-42.0])
    with pytest.raises(InputError, match="is no fraction"):
        stewardship_effect(two, two, two, np.array([[0.0]]), 30)


def test_faults_are_named_together() -> None:
    zero = np.zeros((1, 3))
    with pytest.raises(InputError) as problem:
        Commitment(zero, zero - 1, zero, zero, zero - 1, zero, np.zeros((1, 2)))
    assert "3 faults" in str(problem.value)
    ok = Commitment(zero, zero, zero, zero, zero, zero, zero)
    with pytest.raises(InputError, match="'clever' is not known"):
        course(ok, np.array([[0.0]]), "clever")
