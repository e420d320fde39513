"""Rules of decision. Oracle: a slow twin in plain Python, and decision tables done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from virkestoff.errors import InputError
from virkestoff.language import Text
from virkestoff.studies.decision import (
    choose,
    contradiction,
    defined_draws,
    expected_of,
    meeting_of,
    regret_of,
    ties_of,
)
from virkestoff.studies.decision_block import Recommendation

# A textbook table of losses: acts a, b, c in four equally likely states.
TABLE = {
    "a": np.array([0.0, 10.0, 10.0, 10.0]),  # mean 7.5, regrets 0 2 9 10: max 10
    "b": np.array([6.0, 8.0, 7.0, 8.0]),  # mean 7.25, regrets 6 0 6 8: max 8
    "c": np.array([12.0, 12.0, 1.0, 0.0]),  # mean 6.25, regrets 12 4 0 0: max 12
}


def test_rules_on_a_table_by_hand() -> None:
    expected, regret = expected_of(TABLE, "lower"), regret_of(TABLE)
    assert [expected[n].mean for n in "abc"] == [7.5, 7.25, 6.25]
    assert [expected[n].behind for n in "abc"] == [1.25, 1.0, 0.0]
    assert [expected[n].best_share for n in "abc"] == [0.25, 0.25, 0.5]
    assert [regret[n].max for n in "abc"] == [10.0, 8.0, 12.0]
    assert [regret[n].mean for n in "abc"] == [5.25, 5.0, 4.0]
    choice = choose(expected, regret, None)
    assert choice.picks["expected_value"] == "c"
    assert choice.picks["regret"] == "b"
    assert not choice.do_agree
    assert "b" in choice.by_alternative
    assert choice.by_alternative["c"] == ["expected_value", "most_often_best"]


def test_the_standard_error_is_of_differences_within_draws() -> None:
    """b is a plus one everywhere: the difference has no spread, however wide a is."""
    a = np.random.default_rng(1).normal(0, 1e6, 500)
    found = expected_of({"a": a, "b": a + 1.0}, "lower")
    assert found["b"].behind == pytest.approx(1.0)
    assert found["b"].se < 1e-9
    assert not found["b"].is_within_noise


def test_two_that_are_the_same_are_shared_and_tied() -> None:
    found = expected_of({"a": np.ones(8), "b": np.ones(8), "c": np.full(8, 2.0)}, "lower")
    assert (found["a"].best_share, found["b"].best_share) == (0.5, 0.5)
    assert found["b"].is_within_noise
    assert not found["c"].is_within_noise


finite = st.floats(-1e6, 1e6, allow_nan=False, width=32)


@settings(deadline=None, max_examples=60)
@given(arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(1, 12)), elements=finite))
def test_against_a_twin_in_plain_python(table: np.ndarray) -> None:
    names = [f"a{i}" for i in range(table.shape[0])]
    losses = dict(zip(names, table, strict=True))
    expected, regret = expected_of(losses, "lower"), regret_of(losses)
    columns = list(zip(*table.tolist(), strict=True))
    n = len(columns)
    best_mean = min(math.fsum(row) / n for row in table.tolist())
    for i, name in enumerate(names):
        mean = math.fsum(c[i] for c in columns) / n
        assert expected[name].mean == pytest.approx(mean, abs=1e-6)
        assert expected[name].behind == pytest.approx(mean - best_mean, abs=1e-6)
        shares = [(c[i] == min(c)) / c.count(min(c)) for c in columns]
        assert expected[name].best_share == pytest.approx(math.fsum(shares) / n)
        assert regret[name].max == pytest.approx(max(c[i] - min(c) for c in columns), abs=1e-6)
    assert sum(e.best_share for e in expected.values()) == pytest.approx(1.0)
    # the law that makes mean regret no rule of its own
    by_regret = min(r.mean for r in regret.values())
    by_mean = min(expected.items(), key=lambda item: item[1].behind)[0]
    assert regret[by_mean].mean == pytest.approx(by_regret, abs=1e-6)


def test_higher_is_better_keeps_the_sign_of_the_mean() -> None:
    benefit = {"a": np.array([1.0, 3.0]), "b": np.array([5.0, 7.0])}
    found = expected_of({n: -v for n, v in benefit.items()}, "higher")
    assert (found["a"].mean, found["b"].mean) == (2.0, 6.0)
    assert (found["a"].behind, found["b"].behind) == (4.0, 0.0)


def test_the_target_by_mean_and_by_share() -> None:
    days = np.array([1.0, 2.0, 3.0, 10.0])
    assert meeting_of(days, 4.0, "at_most", None).is_met
    assert meeting_of(days, 4.0, "at_most", 0.75).is_met
    assert not meeting_of(days, 4.0, "at_most", 0.8).is_met
    assert not meeting_of(days, 4.5, "at_least", None).is_met
    # draw by draw: 1 > 0, 2 <= 3, 3 <= 9, 10 > 9
    assert meeting_of(days, np.array([0.0, 3.0, 9.0, 9.0]), "at_most", None).share == 0.5
    unknown = meeting_of(np.array([1.0, np.nan, np.nan, np.nan]), 4.0, "at_most", None)
    assert (unknown.share, unknown.mean, unknown.is_met) == (0.25, None, False)


def test_least_cost_is_sought_among_those_that_meet_the_target_only() -> None:
    expected, regret = expected_of(TABLE, "lower"), regret_of(TABLE)
    met = {n: meeting_of(np.array([v]), 2.0, "at_most", None) for n, v in
           {"a": 1.0, "b": 2.0, "c": 3.0}.items()}  # fmt: skip
    assert choose(expected, regret, met).picks["target_at_least_cost"] == "b"
    none = {n: meeting_of(np.array([9.0]), 2.0, "at_most", None) for n in TABLE}
    picks = choose(expected, regret, none).picks
    assert picks["target_at_least_cost"] is None
    assert picks["most_often_meets"] is None


def _found(losses: dict[str, np.ndarray], met: dict[str, float] | None = None) -> dict:
    expected, regret = expected_of(losses, "lower"), regret_of(losses)
    meeting = None
    if met:
        meeting = {n: meeting_of(np.full(4, v), 1.0, "at_most", None) for n, v in met.items()}
    picks = choose(expected, regret, meeting).picks
    picked = picks.get("target_at_least_cost")
    ties = ties_of(losses, picked, meeting) if picked and meeting else {}
    return {
        "picks": picks,
        "expected": {n: {"is_within_noise": e.is_within_noise} for n, e in expected.items()},
        "target": {"alternatives": {n: {"is_within_noise": ties.get(n, False)} for n in losses}},
    }


WIDE = {n: np.tile(v, 100) for n, v in TABLE.items()}
TEXT = Text(nb="fordi", en="because")


@pytest.mark.parametrize(
    ("alternative", "rule", "picked"),
    [
        ("c", "expected_value", None),
        ("a", "expected_value", "c"),
        ("b", "regret", None),
        ("c", "regret", "b"),
        ("b", "target_at_least_cost", None),
        ("c", "target_at_least_cost", "b"),  # cheaper, and does not meet the target
    ],
)
def test_a_contradiction_names_what_the_rule_picks(
    alternative: str, rule: str, picked: str | None
) -> None:
    found = _found(WIDE, {"a": 0.0, "b": 0.5, "c": 2.0})
    advised = Recommendation(alternative=alternative, rule=rule, reason=TEXT)
    fault = contradiction(advised, found)
    assert (fault is None) == (picked is None)
    if fault:
        assert f"picks '{picked}'" in fault.what
        departing = Recommendation(alternative=alternative, rule=rule, reason=TEXT, departs=TEXT)
        assert contradiction(departing, found) is None


def test_no_alternative_that_meets_the_target_is_a_contradiction_too() -> None:
    found = _found(WIDE, {"a": 5.0, "b": 5.0, "c": 5.0})
    advised = Recommendation(alternative="c", rule="target_at_least_cost", reason=TEXT)
    fault = contradiction(advised, found)
    assert fault is not None
    assert "no candidate meets the target" in fault.what


def test_a_difference_within_noise_is_no_contradiction() -> None:
    """b is 0.1 dearer on average with a standard deviation of 10 over 100 draws: se = 1."""
    step = np.tile([-10.0, 10.0], 50)
    found = _found({"a": np.zeros(100), "b": 0.1 + step})
    advised = Recommendation(alternative="b", rule="expected_value", reason=TEXT)
    assert found["picks"]["expected_value"] == "a"
    assert contradiction(advised, found) is None


def test_an_outcome_that_is_seldom_defined_is_refused() -> None:
    values = {"a": np.ones(10), "b": np.where(np.arange(10) < 5, np.nan, 1.0)}
    with pytest.raises(InputError, match="'b'"):
        defined_draws(values, "cost")
    values["b"] = np.where(np.arange(10) < 1, np.nan, 1.0)
    assert defined_draws(values, "cost").sum() == 9
