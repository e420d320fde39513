"""Rooms: areas by suite and grade, their cost, and the utilities that serve them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, FixedParameters
from virkestoff.production.activity import Area, Duty
from virkestoff.production.rooms import plan_rooms, room_costs, site_duties

AREAS: dict[str, float] = {
    "production.area.oral_solids_d": 500,
    "production.area.powder_mixture_d": 250,
    "production.area.aseptic_d": 150,
    "production.area.aseptic_c": 60,
    "production.area.aseptic_b": 35,
    "production.area.aseptic_a": 26,
    "production.area.substance_d": 120,
    "production.area.next_line": 0.5,
    "production.area.process_hall": 400,
    "production.area.hall_per_m3": 5,
    "production.area.support": 0.6,
    "production.area.technical": 0.4,
    "production.area.warehouse": 0.5,
    "production.area.qc": 500,
    "production.area.offices_share": 0.2,
}
PRICES: dict[str, float] = {
    "production.capital.grade_a": 200,
    "production.capital.grade_b": 100,
    "production.capital.grade_c": 60,
    "production.capital.grade_d": 40,
    "production.capital.plain": 10,
    "production.capital.shell": 20,
    "production.capital.containment": 1.5,
}


def duty(item: str, area: Area, count: float, size: float = 1.0, unit: str = "1") -> Duty:
    return Duty(item, np.full((1, 1), size), unit, np.full((1, 1), count), area)


def test_two_tablet_lines_by_hand() -> None:
    # Oracle: by hand. Clean 500 x (1 + 0.5) = 750; support 450; technical 300; warehouse
    # (750 + 450)/2 = 600; offices 240; laboratory 500; in all 2,840 m2.
    parameters = FixedParameters(AREAS | PRICES)
    duties = [duty("tablet_press", "oral_solids", 1), duty("blister_line", "oral_solids", 2)]
    rooms = plan_rooms(duties, ("oral_solids",), parameters)
    assert rooms.of_grade("d").item() == 750
    assert rooms.production.item() == 1200
    assert rooms.total.item() == pytest.approx(2840)
    # by hand: 750 x 40 x 1.5; support 450 x 10; shells at 20
    costs = room_costs(rooms, parameters)
    assert costs.fit_out["oral_solids"].item() == 45_000
    assert costs.plain.item() == 4_500
    assert costs.laboratory.item() == 20_000
    assert costs.shell_production.item() == 1500 * 20
    assert costs.shell_shared.item() == 840 * 20
    assert costs.shell_laboratory.item() == 10_000


def test_a_hall_follows_vessels_by_hand() -> None:
    # Oracle: by hand. Groups fermentation and synthesis 2 x 400; volume 2 x 20 + 2 + 6 = 48 m3 at
    # 5 m2; the crystalliser adds volume, no group.
    duties = [
        duty("fermenter", "substance", 2, 20, "m^3"),
        duty("seed_fermenter", "substance", 1, 2000, "L"),
        duty("reactor_glass_lined", "substance", 1, 4, "m^3"),
        duty("crystalliser", "substance", 1, 2, "m^3"),
        duty("filter_dryer", "substance", 1, 3, "m^2"),
    ]
    rooms = plan_rooms(duties, ("substance",), FixedParameters(AREAS))
    assert rooms.hall.item() == pytest.approx(800 + 48 * 5)
    assert rooms.of_grade("d").item() == 120


def test_vial_filling_and_sterile_substance_have_a_core_each() -> None:
    duties = [
        duty("powder_vial_line", "aseptic", 1),
        duty("crystalliser_sterile", "aseptic", 3, 1, "m^3"),
    ]
    rooms = plan_rooms(duties, ("aseptic",), FixedParameters(AREAS))
    assert rooms.lines["aseptic"].item() == 2
    assert [rooms.of_grade(g).item() for g in "abcd"] == [39, 52.5, 90, 225]


def test_a_suite_in_use_is_built_however_little_is_made() -> None:
    rooms = plan_rooms([], ("powder_mixture", "shared"), FixedParameters(AREAS))
    assert rooms.of_grade("d").item() == 250


def test_grades_and_plain_area_make_the_whole() -> None:
    rooms = plan_rooms([], ("aseptic", "substance", "oral_solids"), FixedParameters(AREAS))
    assert sum(area.item() for area in rooms.by_grade.values()) == pytest.approx(rooms.total.item())


def test_faults_are_named_at_once() -> None:
    duties = [duty("tablet_press", "oral_solids", 1), duty("bottle", "powder_mixture", 0)]
    with pytest.raises(InputError) as caught:
        plan_rooms(duties, ("substnce",), FixedParameters(AREAS))  # type: ignore[arg-type]
    assert len(caught.value.faults) == 2
    assert "Did you mean 'substance'" in str(caught.value)


def test_utilities_of_one_fermenter(central: CentralParameters) -> None:
    # Oracle: by hand, 16 m3 of broth: (2 kW stirring + 35 mol/m3/h x 460 kJ/mol / 3600 = 4.472 kW)
    # per m3; waste water 16 x 3 / 208 h x peak 4; steam 2 m3/h x 240 kg.
    duties = (
        duty("fermenter", "substance", 1, 20, "m^3"),
        duty("medium_steriliser", "substance", 1, 2, "m^3/hour"),
    )
    rooms = plan_rooms(duties, ("substance",), central)
    found = {d.item: d.size.item() for d in site_duties(duties, rooms, central)}
    assert found["chiller"] == pytest.approx(16 * (2 + 35 * 460 / 3600), rel=0.01)
    assert found["boiler"] == pytest.approx(2 * 240, rel=0.01)
    cycle = (
        central("production.fermentation.batch_time", "hour")
        + central("production.fermentation.turnaround", "hour")
    ).item()
    assert found["waste_water_plant"] == pytest.approx(16 * 3 / cycle * 4, rel=0.01)
    assert found["purified_water"] == pytest.approx(1.0)
    assert "water_for_injections" not in found


@given(lines=st.integers(0, 6), more=st.integers(0, 6), volume=st.floats(0.1, 200.0))
def test_area_never_falls_with_lines_or_volume(lines: int, more: int, volume: float) -> None:
    parameters = FixedParameters(AREAS)

    def area(lines: int, volume: float) -> float:
        duties = [
            duty("blister_line", "oral_solids", lines),
            duty("fermenter", "substance", 1, volume, "m^3"),
        ]
        return plan_rooms(duties, ("oral_solids", "substance"), parameters).total.item()

    assert area(lines + more, volume) >= area(lines, volume)
    assert area(lines, volume * 1.5) > area(lines, volume)
