"""Criteria, branch and share.

Oracle: source 004, sections 1.2.1 and 1.2.2, read by hand; all 27 answers by counting.
"""

from __future__ import annotations

from itertools import product

import pytest

from virkestoff.errors import InputError
from virkestoff.industry.criteria import (
    CRITERIA,
    HealthShare,
    assess,
    branch_of_product,
    counted_amount,
)


@pytest.mark.parametrize("given", list(product(("yes", "no", "unknown"), repeat=3)))
def test_two_of_three(rules, given) -> None:
    if given.count("yes") >= 2:
        expected = "in"
    elif given.count("no") >= 2:
        expected = "out"
    else:
        expected = "undecided"
    assert assess(dict(zip(CRITERIA, given, strict=True)), rules) == expected


def test_consequences_that_the_source_draws(rules) -> None:
    fish = {"treatment_or_diagnostics": "yes", "regulated": "yes", "humans": "no"}
    unregulated = {"treatment_or_diagnostics": "yes", "regulated": "no", "humans": "yes"}
    assert assess(fish, rules) == assess(unregulated, rules) == "in"
    assert assess({}, rules) == "undecided"


def test_products_of_fish_and_of_no_approval_bear_on_those_criteria(rules) -> None:
    assert set(rules.products["animal_medicine"].criteria) == {
        "treatment_or_diagnostics", "regulated",
    }  # fmt: skip
    assert set(rules.products["unregulated_device"].criteria) == {
        "treatment_or_diagnostics", "humans",
    }  # fmt: skip


def test_unknown_answers_are_named_together(rules) -> None:
    with pytest.raises(InputError) as caught:
        assess({"human": "yes", "regulated": "perhaps"}, rules)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("what", "branch", "is_in_vitro"),
    [
        ("medicine", "pharmaceuticals", False),
        ("active_ingredient", "pharmaceuticals", False),
        ("in_vivo_diagnostic", "pharmaceuticals", False),
        ("in_vitro_diagnostic", "medical_devices", True),
        ("software_device", "medical_devices", False),
        ("digital_product", "digital_health", False),
    ],
)
def test_branch_by_product(rules, what, branch, is_in_vitro) -> None:
    found = branch_of_product(what, rules)
    assert (found.branch, found.is_in_vitro) == (branch, is_in_vitro)


def test_unknown_product(rules) -> None:
    with pytest.raises(InputError, match="is not known"):
        branch_of_product("robot", rules)


def test_unknown_share_is_not_one() -> None:
    assert counted_amount(100.0, HealthShare()) is None
    assert counted_amount(None, HealthShare(0.5, "survey")) is None
    assert counted_amount(100.0, HealthShare(0.25, "website")) == 25.0


@pytest.mark.parametrize(
    ("value", "origin"), [(1.2, "survey"), (-0.1, "survey"), (None, "survey"), (0.5, "unknown"),
                          (0.5, "rumour"), (float("nan"), "survey")],
)  # fmt: skip
def test_faulty_shares(value, origin) -> None:
    with pytest.raises(InputError):
        HealthShare(value, origin)
