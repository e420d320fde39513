"""Staff: a plant worked by hand, minima that do not vanish, laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, FixedParameters
from virkestoff.production import Activity
from virkestoff.production.staffing import GROUPS, MODES, staff

FACTS = "production.operations."
ROUND = {
    FACTS + "supervision": 0.2,
    FACTS + "quality_share": 0.25,
    FACTS + "quality_minimum": 8.0,
    FACTS + "release_staff": 4.0,
    FACTS + "pharmacovigilance_staff": 1.0,
    FACTS + "management_staff": 5.0,
    FACTS + "engineering_staff": 3.0,
    FACTS + "engineering_share": 0.05,
    FACTS + "warehouse_staff": 3.0,
    FACTS + "warehouse_share": 0.1,
    FACTS + "maintenance_staff": 0.25,
    FACTS + "maintenance_minimum": 3.0,
    FACTS + "utilities_positions": 2.0,
    FACTS + "standby_crew": 0.3,
    FACTS + "standby_fixed": 0.5,
    "production.brownfield.staff": 0.4,
}


def plant(**areas: tuple[float, float]) -> Activity:
    """Positions and shifts per area, two years."""
    two = np.ones((1, 2))
    return Activity(
        shift_positions={area: two * positions for area, (positions, _) in areas.items()},
        shifts={area: two * shifts for area, (_, shifts) in areas.items()},
    )


def test_a_greenfield_plant_by_hand() -> None:
    # Oracle: 6 positions x 5 crews = 30 operators, 2 x 5 = 10 on utilities, so 40 in the crews.
    # Supervision 8, maintenance 10, engineering 3 (share gives 2), warehouse 4, release 4,
    # pharmacovigilance 1, management 5: 75 in all. Quality is 25 % of the whole: 25 of 100.
    found = staff(plant(substance=(6, 5)), {"substance"}, "greenfield", FixedParameters(ROUND))
    assert {name: float(group[0, 0]) for name, group in found.groups.items()} == pytest.approx(
        {
            "operators": 30,
            "utilities": 10,
            "supervision": 8,
            "quality": 25,
            "release": 4,
            "pharmacovigilance": 1,
            "maintenance": 10,
            "engineering": 3,
            "warehouse": 4,
            "management": 5,
        }
    )
    assert found.total.shape == (1, 2)
    assert float(found.total[0, 1]) == pytest.approx(100)


def test_standby_and_brownfield_by_hand() -> None:
    # Oracle, brownfield: 9 operators of one shift, 2 x 0.4 on utilities, management 5 x 0.4 = 2.
    # Standby: 9 x 0.3 = 2.7 operators, management 5 x 0.4 x 0.5 = 1, quality at least 8 x 0.2.
    activity = plant(oral_solids=(5, 1), powder_mixture=(4, 1))
    areas = {"oral_solids", "powder_mixture", "shared"}
    site = staff(activity, areas, "brownfield", FixedParameters(ROUND)).groups
    assert float(site["operators"][0, 0]) == pytest.approx(9)
    assert float(site["utilities"][0, 0]) == pytest.approx(0.8)
    assert float(site["management"][0, 0]) == pytest.approx(2)
    kept = staff(activity, areas, "standby", FixedParameters(ROUND)).groups
    assert float(kept["operators"][0, 0]) == pytest.approx(2.7)
    assert float(kept["management"][0, 0]) == pytest.approx(1)
    assert float(kept["quality"][0, 0]) >= 1.6


def test_minima_do_not_vanish_with_scale() -> None:
    # Oracle: without crews what is left is the sum of the minima, 8+4+1+5+3+3+3 = 27.
    found = staff(plant(aseptic=(0, 1)), {"aseptic"}, "greenfield", FixedParameters(ROUND))
    crews = found.groups["operators"] + found.groups["utilities"]
    assert float(crews[0, 0]) == 2.0  # one shift watches the utilities
    none = FixedParameters({**ROUND, FACTS + "utilities_positions": 0.0})
    left = staff(plant(aseptic=(0, 1)), {"aseptic"}, "greenfield", none)
    assert float(left.total[0, 0]) == pytest.approx(27)


def test_a_small_site_with_fermentation_employs_about_as_many_as_one_that_is_known(
    central: CentralParameters,
) -> None:
    # Oracle: 110 people for 1.8 m3 of microbial fermentation with fill and finish (C&EN 2018): the
    # fixed crew does not follow volume. Compared within a third, never fitted.
    activity = plant(substance=(6, 5), oral_solids=(5, 1), powder_mixture=(4, 1))
    found = staff(activity, set(activity.shifts), "greenfield", central)
    assert float(found.total[0, 0]) == pytest.approx(110, rel=1 / 3)


@given(
    positions=st.floats(0.0, 20.0),
    more=st.floats(0.0, 20.0),
    shifts=st.floats(1.0, 6.0),
    mode=st.sampled_from(MODES),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_staff_never_falls_with_positions(
    central: CentralParameters, positions: float, more: float, shifts: float, mode: str
) -> None:
    few = staff(plant(aseptic=(positions, shifts)), {"aseptic"}, mode, central)  # type: ignore[arg-type]
    many = staff(plant(aseptic=(positions + more, shifts)), {"aseptic"}, mode, central)  # type: ignore[arg-type]
    for name in GROUPS:
        assert np.all(many.groups[name] >= few.groups[name] - 1e-12)
        assert np.all(few.groups[name] >= 0.0)


def test_an_existing_site_shares_and_standby_shares_more(sampled: object) -> None:
    activity = plant(oral_solids=(5, 2), aseptic=(7, 1))
    draws = sampled(5, 200)  # type: ignore[operator]
    total = {mode: staff(activity, set(activity.shifts), mode, draws).total for mode in MODES}  # type: ignore[arg-type]
    assert total["greenfield"].shape == (200, 2)
    assert np.all(total["brownfield"] <= total["greenfield"])
    assert np.all(total["standby"] <= total["brownfield"])


def test_only_areas_in_use_have_crews() -> None:
    activity = plant(oral_solids=(5, 1), aseptic=(7, 1))
    one = staff(activity, {"aseptic"}, "greenfield", FixedParameters(ROUND))
    assert float(one.groups["operators"][0, 0]) == 7.0


def test_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        staff(plant(aseptic=(7, 1)), {"aseptik", "press"}, "new", FixedParameters(ROUND))  # type: ignore[arg-type]
    assert len(caught.value.faults) == 3
    assert "Did you mean 'aseptic'" in str(caught.value)
    with pytest.raises(InputError, match="no area"):
        staff(plant(aseptic=(7, 1)), {"shared"}, "greenfield", FixedParameters(ROUND))
