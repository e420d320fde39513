"""When a cell is sensitive, and its protection level.

Oracle: the Handbook on Statistical Disclosure Control (sdcTools/HandbookSDC, commit eef4a18),
section 4.2: the examples by number; p-percent, dominance and prior-posterior formulas.
"""

from __future__ import annotations

import pytest

from virkestoff.disclosure import Rules, rules_from, sensitivity
from virkestoff.errors import InputError
from virkestoff.evidence import library_folder, load_library

PARAMETERS = {"minimum_frequency": 1, "p_share": None, "frequency_range": 0.1}


def _cell(*amounts: float) -> list[tuple[str, float]]:
    return [(f"c{i}", x) for i, x in enumerate(amounts)]


def test_example_1_the_1_90_rule_misses_what_p_percent_finds() -> None:
    """X = 100,000; the two largest 50,000 and 49,000: x1 is overestimated by 2 % only."""
    cell = _cell(50_000, 49_000, 1_000)
    assert sensitivity(cell, Rules(**PARAMETERS, dominance=((1, 0.9),))) is None
    p_percent = sensitivity(cell, Rules(**{**PARAMETERS, "p_share": 0.1}))
    assert p_percent is not None and p_percent.rules == ("p_percent",)
    assert p_percent.level == pytest.approx(0.1 * 50_000 - 1_000)


def test_example_2_dominance_protects_more_than_p_percent() -> None:
    """X = 110,000; 52,000 and 50,000; 15.4 % is safe at p = 10, and 102,000 > 100,000."""
    cell = _cell(52_000, 50_000, 8_000)
    assert sensitivity(cell, Rules(**{**PARAMETERS, "p_share": 0.1})) is None
    dominance = sensitivity(cell, Rules(**PARAMETERS, dominance=((2, 100 / 110),)))
    assert dominance is not None and dominance.rules == ("dominance",)
    assert dominance.level == pytest.approx(110 / 100 * 102_000 - 110_000)


@pytest.mark.parametrize(("p", "is_safe"), [(0.153, True), (0.155, False)])
def test_example_2_the_estimate_is_15_4_percent_off(p: float, is_safe: bool) -> None:
    cell = _cell(52_000, 50_000, 8_000)
    assert (sensitivity(cell, Rules(**{**PARAMETERS, "p_share": p})) is None) == is_safe


def test_example_4_upper_bound_of_the_1_85_rule() -> None:
    """X = 330 of 300, 20, 10: the feasible maximum must reach 100/85 x 300 = 352.94."""
    found = sensitivity(_cell(300, 20, 10), Rules(**PARAMETERS, dominance=((1, 0.85),)))
    assert found is not None
    assert 330 + found.level == pytest.approx(352.94, abs=0.005)


def test_prior_posterior_rule_is_p_percent_with_p_over_q() -> None:
    pq = sensitivity(_cell(100, 50, 20), Rules(**{**PARAMETERS, "p_share": 0.1}, q_share=0.4))
    plain = sensitivity(_cell(100, 50, 20), Rules(**{**PARAMETERS, "p_share": 0.25}))
    assert pq is not None and plain is not None
    assert pq.level == plain.level == pytest.approx(0.25 * 100 - 20)


def test_acro_defaults_agree_on_its_own_example_of_two_percent() -> None:
    """By hand: 2 of 3 contributors hold 0.95 of the sum, so (2, 0.90) is broken, and the third
    is 0.05/0.80 = 6 % of the first, below 10 %."""
    found = sensitivity(_cell(80, 15, 5), Rules(1, 0.1, 0.1, dominance=((2, 0.9),)))
    assert found is not None and found.rules == ("p_percent", "dominance")


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_are_sensitive(n: int, rules: Rules) -> None:
    found = sensitivity(_cell(*[100.0] * n), rules)
    assert found is not None and "frequency" in found.rules
    # by hand: p-percent calls for 10, frequency for 10 % of the sum
    assert found.level == pytest.approx(max(10.0, 10.0 * n))


def test_three_equal_contributors_are_safe(rules: Rules) -> None:
    assert sensitivity(_cell(100, 100, 100), rules) is None


def test_negative_contributions_count_by_their_size(rules: Rules) -> None:
    negative = sensitivity(_cell(-300, 20, 9), rules)
    positive = sensitivity(_cell(300, 20, 9), rules)
    assert negative == positive and positive is not None


def test_zeros_are_safe_unless_the_rules_hide_them() -> None:
    assert sensitivity(_cell(0, 0), Rules(3, 0.1, 0.1)) is None
    hidden = sensitivity(_cell(0, 0), Rules(3, 0.1, 0.1, has_sensitive_zeros=True), smallest=50.0)
    assert hidden is not None and hidden.level == 5.0


def test_the_library_gives_the_rules_and_their_facts() -> None:
    library = load_library(library_folder())
    rules = rules_from(library)
    assert (rules.minimum_frequency, rules.p_share, rules.q_share) == (3, 0.1, 1.0)
    assert rules.dominance == ()
    assert rules_from(library, with_dominance=True).dominance == ((2, 0.9),)
    assert "disclosure.p_share" in rules.facts


def test_all_bad_parameters_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Rules(0, 10.0, 0.0, q_share=2.0, dominance=((2, 90.0),), sliding=-1, loss="beauty")  # type: ignore[arg-type]
    named = [fault.where.split(" ")[0] for fault in caught.value.faults]
    assert named == [
        "minimum_frequency", "q_share", "p_share", "frequency_range", "dominance", "sliding",
        "loss",
    ]  # fmt: skip
