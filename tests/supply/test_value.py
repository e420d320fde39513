"""What missing treatment is worth. Oracle: the formulas by hand on given values, and laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, FixedParameters, load_library
from virkestoff.supply import (
    PARTS,
    course_lengths,
    treatment_loss,
    value_of_missing,
)

GIVEN = {
    "supply.course.tablet": 10.0,
    "supply.course.mixture": 4.0,
    "supply.untreated.failure_extra": 0.1,
    "supply.untreated.failure_qaly": 0.01,
    "supply.untreated.chest_share": 0.2,
    "supply.untreated.chest_complication_extra": 0.05,
    "supply.untreated.upper_complication_extra": 0.0,
    "supply.untreated.severe_share": 0.5,
    "supply.untreated.severe_share_crisis": 1.0,
    "supply.untreated.severe_complication_extra": 0.03,
    "supply.untreated.complication_qaly": 0.2,
    "supply.untreated.complication_death": 0.1,
    "supply.untreated.death_qaly": 10.0,
    "supply.untreated.complication_admitted": 0.5,
    "supply.untreated.hospital_days": 4.0,
    "supply.untreated.work_days_per_failure": 2.0,
    "supply.substituted.failure_extra": 0.02,
    "supply.substituted.adverse_extra": 0.05,
    "supply.substituted.adverse_qaly": 0.002,
    "supply.substituted.cdi_base": 0.001,
    "supply.substituted.cdi_relative_risk": 1.5,
    "supply.substituted.cdi_qaly": 0.04,
    "supply.substituted.cdi_cost": 60000.0,
    "supply.substituted.units_per_course": 20.0,
    "supply.substituted.resistance_cost": 5.0,
    "supply.substituted.extra_price": 70.0,
    "supply.contact.doctor_untreated": 0.5,
    "supply.contact.doctor_substituted": 0.25,
    "supply.contact.pharmacy": 1.0,
    "supply.cost.doctor_contact": 800.0,
    "supply.cost.doctor_municipal_share": 0.25,
    "supply.cost.pharmacy_contact": 90.0,
    "supply.cost.hospital_day": 10000.0,
    "supply.cost.work_day": 3000.0,
    "supply.value.qaly": 1e6,
    "supply.value.insurance": 0.0,
}
NAMES = ("phenoxymethylpenicillin_tablet", "phenoxymethylpenicillin_mixture")


def _parameters(**changes: float) -> FixedParameters:
    return FixedParameters({**GIVEN, **changes})


def _one(untreated: float, other: float, same: float, **options: bool):
    """Ten DDD of tablets a course, so each amount is a tenth as many courses."""
    ways = [np.array([[[x, 0.0]]]) for x in (untreated, other, same)]
    parameters = _parameters()
    courses = course_lengths(NAMES, parameters)
    return value_of_missing(*ways, courses, treatment_loss(parameters, **options))


def test_a_course_not_given_by_hand() -> None:
    """c = 0.5 x 0.2 x 0.05 + 0.5 x 0.03 = 0.02; QALY = 0.1 x 0.01 + 0.02 x (0.2 + 0.1 x 10)."""
    value = _one(10.0, 0.0, 0.0)
    assert value.qaly.item() == pytest.approx(0.025, rel=1e-12)
    expected = {
        "health": 25000.0,
        "state": 300.0,  # 0.5 contacts x 800 x 0.75
        "municipalities": 100.0,
        "hospitals": 400.0,  # 0.02 x 0.5 x 4 x 10,000
        "pharmacies": 90.0,
        "substitutes": 0.0,
        "lost_work": 600.0,  # 0.1 x 2 x 3,000
        "resistance": 0.0,
        "insurance": 0.0,
    }
    found = {part: amount.item() for part, amount in value.parts().items()}
    assert found == pytest.approx(expected, rel=1e-12)
    assert value.total.item() == pytest.approx(26490.0, rel=1e-12)


def test_a_course_replaced_by_another_antibiotic_by_hand() -> None:
    """QALY = 0.02 x 0.01 + 0.05 x 0.002 + 0.0005 x 0.04 = 0.00032; C. difficile 0.0005 x 60,000."""
    value = _one(0.0, 10.0, 0.0, count_resistance=True)
    assert value.qaly.item() == pytest.approx(0.00032, rel=1e-12)
    found = {part: amount.item() for part, amount in value.parts().items()}
    assert found == pytest.approx(
        {
            "health": 320.0, "state": 150.0, "municipalities": 50.0, "hospitals": 30.0,
            "pharmacies": 90.0, "substitutes": 70.0, "lost_work": 120.0, "resistance": 100.0,
            "insurance": 0.0,
        },
        rel=1e-12,
    )  # fmt: skip


def test_a_course_replaced_by_another_form_by_hand() -> None:
    value = _one(0.0, 0.0, 10.0, count_resistance=True)
    assert value.qaly.item() == pytest.approx(0.0002, rel=1e-12)
    assert value.total.item() == pytest.approx(200 + 150 + 50 + 90 + 120, rel=1e-12)
    assert value.resistance.item() == 0.0


def test_resistance_is_off_unless_asked_for() -> None:
    off, on = _one(0.0, 10.0, 0.0), _one(0.0, 10.0, 0.0, count_resistance=True)
    assert off.resistance.item() == 0.0
    assert (on.total - off.total).item() == pytest.approx(100.0, rel=1e-12)


def test_insurance_is_a_share_of_health() -> None:
    parameters = _parameters(**{"supply.value.insurance": 0.5})
    ways = [np.array([[[10.0, 0.0]]]), np.zeros((1, 1, 2)), np.zeros((1, 1, 2))]
    courses = course_lengths(NAMES, parameters)
    value = value_of_missing(*ways, courses, treatment_loss(parameters))
    assert value.insurance.item() == pytest.approx(12500.0, rel=1e-12)


amounts = st.lists(st.floats(0.0, 1e7), min_size=12, max_size=12)


@given(amounts, amounts, amounts)
def test_value_adds_over_presentations_and_ways(a: list, b: list, c: list) -> None:
    """Twin: each draw, year, presentation and way alone, summed with plain loops."""
    ways = [np.array(x).reshape(2, 3, 2) for x in (a, b, c)]
    parameters = _parameters()
    courses = course_lengths(NAMES, parameters)
    loss = treatment_loss(parameters, count_resistance=True)
    value = value_of_missing(*ways, courses, loss)
    per = [loss.untreated, loss.replaced_other, loss.replaced_same]
    for d in range(2):
        for y in range(3):
            slow = sum(
                ways[w][d, y, p] / courses[0, p] * per[w][part].item()
                for w in range(3)
                for p in range(2)
                for part in PARTS
            )
            assert value.total[d, y] == pytest.approx(slow, rel=1e-9, abs=1e-6)


def test_in_a_crisis_the_untreated_are_as_ill_as_all_patients() -> None:
    """c = 1.0 x 0.03; QALY = 0.1 x 0.01 + 0.03 x 1.2; substitutes are as before."""
    calm, crisis = (treatment_loss(_parameters(), is_crisis=on) for on in (False, True))
    assert crisis.untreated_qaly.item() == pytest.approx(0.037, rel=1e-12)
    assert crisis.untreated["hospitals"].item() == pytest.approx(600.0, rel=1e-12)
    assert crisis.replaced_other == calm.replaced_other


def test_nothing_missing_is_worth_nothing() -> None:
    value = _one(0.0, 0.0, 0.0)
    assert value.total.item() == 0.0
    assert value.qaly.item() == 0.0


def test_bad_amounts_are_named_all_at_once() -> None:
    loss = treatment_loss(_parameters())
    bad, nan = np.full((1, 1, 2), -1.0), np.full((1, 1, 2), np.nan)
    with pytest.raises(InputError) as caught:
        value_of_missing(bad, nan, np.zeros((1, 1, 2)), np.zeros((1, 2)), loss)
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match="n_draws, n_years, n_presentations"):
        value_of_missing(np.zeros((1, 1)), nan, nan, np.ones((1, 2)), loss)


def test_an_unknown_course_is_named() -> None:
    with pytest.raises(InputError, match="benzylpenicillin_vial"):
        course_lengths(("benzylpenicillin_vial",), _parameters())


def test_the_library_gives_a_worth_that_an_expert_would_believe(checkout: Path) -> None:
    """Bounds set beforehand: some hundreds to some thousands NOK per course not given.

    Oracle: with trials of otitis one in 16 has pain some days longer, and one in 40 to 4000 gets
    a serious complication; a QALY is worth about a million NOK.
    """
    parameters = CentralParameters(load_library(checkout / "library"), 2025)
    loss = treatment_loss(parameters)
    totals = [
        sum(way[part].item() for part in PARTS)
        for way in (loss.untreated, loss.replaced_other, loss.replaced_same)
    ]
    assert 500 < totals[0] < 5000
    assert 100 < totals[2] < totals[1] < totals[0]
    assert loss.untreated["insurance"].item() == 0.0
    assert loss.untreated_qaly.item() < 0.002  # less than a day of full health


@pytest.fixture
def checkout() -> Path:
    return Path(__file__).resolve().parents[2]
