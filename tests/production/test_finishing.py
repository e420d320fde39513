"""Finished forms: tablets of a year, press-hours, suites, limits of the calendar."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, SampledParameters
from virkestoff.production import (
    Processes,
    combine,
    design_finishing,
    operate_finishing,
    packs_from_kg,
    substance_for,
)

TABLET = "phenoxymethylpenicillin_tablet"
VIAL = "benzylpenicillin_vial"
MIXTURE = "phenoxymethylpenicillin_mixture"


def test_norway_needs_22_million_tablets(processes: Processes, central: CentralParameters) -> None:
    # Oracle: production-supply-notes, 13 t is about 22 million tablets of 660 mg: holds for 660 mg
    # of potassium salt (13.1 t x 1.109 / 660 mg).
    packs = packs_from_kg(TABLET, np.array([[13_100.0]]), processes, central)
    assert float(packs[0, 0]) * 30 == pytest.approx(22e6, rel=0.01)


def test_press_hours_of_norway(processes: Processes, central: CentralParameters) -> None:
    # Oracle: 22 million tablets are 110-220 hours of pressing at 200,000-100,000 an hour; at the
    # middle rate 147 h, here over an efficiency of 0.55 and a yield of 0.97, with 4 changeovers.
    packs = packs_from_kg(TABLET, np.array([[13_100.0]]), processes, central)
    design = design_finishing({TABLET: packs}, processes, central)
    year = operate_finishing(design, {TABLET: packs}, central)
    pressing = float(year.press_hours[0, 0]) - 4 * 24
    assert pressing == pytest.approx(22.0e6 / 150_000 / 0.55 / 0.97, rel=0.01)
    assert 100 <= pressing * 0.55 * 0.97 <= 220
    assert float(design.lines["press"][0, 0]) == 1
    assert float(year.shifts["oral_solids"][0, 0]) == 1  # one day shift is enough for Norway


def test_packs_and_substance_are_inverse(processes: Processes, central: CentralParameters) -> None:
    for name in processes.presentations:
        packs = packs_from_kg(name, np.array([[5_000.0]]), processes, central)
        product = processes.presentations[name].substance
        form = processes.presentations[name].form
        used = substance_for({name: packs}, processes, central)[product]
        loss = float(central(f"production.finishing.{form}_yield", "1")[0, 0])
        assert float(used[0, 0]) * loss == pytest.approx(5_000.0, rel=1e-12)


def test_three_suites_are_kept_apart(processes: Processes, central: CentralParameters) -> None:
    packs = {TABLET: np.array([[7e5]]), VIAL: np.array([[1.5e5]]), MIXTURE: np.array([[1.5e5]])}
    design = design_finishing(packs, processes, central)
    areas = {duty.item: duty.area for duty in design.duties if duty.item != "serialisation_line"}
    assert areas == {
        "granulator": "oral_solids",
        "tablet_press": "oral_solids",
        "coater": "oral_solids",
        "blister_line": "oral_solids",
        "powder_bottle_line": "powder_mixture",
        "powder_vial_line": "aseptic",
        "isolator": "aseptic",
    }
    assert sum(duty.item == "serialisation_line" for duty in design.duties) == 3
    only = design_finishing({VIAL: packs[VIAL]}, processes, central)
    assert {duty.area for duty in only.duties} == {"aseptic"}


@given(seed=st.integers(0, 2**31), scale=st.floats(0.01, 40.0))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_hours_never_exceed_the_calendar(
    seed: int,
    scale: float,
    processes: Processes,
    sampled: Callable[[int, int], SampledParameters],
) -> None:
    # Law: lines times the hours that a line can be scheduled; what does not fit is a shortfall.
    parameters = sampled(seed, 9)
    peak = {TABLET: np.full((9, 1), 7e5), VIAL: np.full((9, 1), 2e5), MIXTURE: np.full((9, 1), 2e5)}
    design = design_finishing(peak, processes, parameters)
    wanted = {name: np.full((9, 3), float(n[0, 0]) * scale) for name, n in peak.items()}
    year = operate_finishing(design, wanted, parameters)
    for line, used in year.hours.items():
        assert np.all(used <= design.lines[line] * design.line_hours * (1 + 1e-9)), line
    left = substance_for({n: wanted[n] - year.packs[n] for n in wanted}, processes, parameters)
    for product, kg in year.shortfall_kg.items():
        np.testing.assert_allclose(kg, left[product], rtol=1e-9, atol=1e-9)
        if scale <= 1.0:
            assert np.all(kg == 0)


@pytest.mark.parametrize(
    ("bottles", "lines", "crew_shifts", "shifts"),
    [
        # Oracle, by hand: a line fills 2,400 x 0.55 = 1,320 bottles an hour, 0.96 of them good, and
        # loses 4 x 24 h to changeover. Its 5,000 hours hold 3 shifts of 1,750 h, the last not full.
        (0.0, 1, 1, 1),  # idle: one crew stays
        (2.00e6, 1, 1, 1),  # 1,578 + 96 = 1,674 h
        (2.20e6, 1, 2, 2),  # 1,736 + 96 = 1,832 h
        (6.10e6, 1, 3, 3),  # 4,814 + 96 = 4,910 h
        (6.30e6, 2, 3, 3),  # 4,972 + 96 = 5,068 h: a second line needs no more people yet
        (6.60e6, 2, 4, 3),  # 5,208 + 96 = 5,304 h: four crews in three shifts
        (12.4e6, 2, 6, 3),  # 9,785 + 96 = 9,881 h
        (12.5e6, 2, 6, 3),  # 9,864 + 96 = 9,960 h
        (12.7e6, 3, 6, 3),  # 10,022 + 96 = 10,118 h: a third line lets no crew go
        (13.2e6, 3, 7, 3),  # 10,417 + 96 = 10,513 h
    ],
)
def test_crews_follow_the_hours_of_all_lines(
    bottles: float,
    lines: int,
    crew_shifts: int,
    shifts: int,
    processes: Processes,
    central: CentralParameters,
) -> None:
    per_pack = central(processes.presentations[MIXTURE].units_per_pack, "1")
    packs = {MIXTURE: bottles / per_pack}
    peak = {MIXTURE: np.maximum(packs[MIXTURE], 1.0)}  # the line of an idle suite still stands
    design = design_finishing(peak, processes, central)
    year = operate_finishing(design, packs, central)
    assert float(design.lines["bottle"][0, 0]) == lines
    assert float(year.shifts["powder_mixture"][0, 0]) == shifts
    persons = year.shift_positions["powder_mixture"] * year.shifts["powder_mixture"]
    assert float(persons[0, 0]) == pytest.approx(4.0 * crew_shifts, rel=1e-12)  # 4 to a crew


@given(
    seed=st.integers(0, 2**31),
    tens=st.lists(st.floats(2.0, 8.0), min_size=3, max_size=3),
    grows=st.lists(st.floats(1.0, 4.0), min_size=3, max_size=3),
    first_year=st.floats(0.0, 1.0),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_more_packs_never_need_fewer_people(
    seed: int,
    tens: list[float],
    grows: list[float],
    first_year: float,
    processes: Processes,
    sampled: Callable[[int, int], SampledParameters],
) -> None:
    # Law, per draw, suite and year, for plants each built for its own packs of any mix.
    parameters = sampled(seed, 16)
    profile = np.array([[first_year, 1.0]])
    found = []
    for factors in ([1.0, 1.0, 1.0], grows):
        packs = {
            name: 10.0**ten * factor * profile
            for name, ten, factor in zip((TABLET, MIXTURE, VIAL), tens, factors, strict=True)
        }
        peak = {name: number.max(axis=1, keepdims=True) for name, number in packs.items()}
        design = design_finishing(peak, processes, parameters)
        found.append(operate_finishing(design, packs, parameters))
    small, large = found
    for suite, shifts in small.shifts.items():
        before = small.shift_positions[suite] * shifts
        after = large.shift_positions[suite] * large.shifts[suite]
        assert np.all(after >= before * (1.0 - 1e-12)), suite
        assert np.all(large.shifts[suite] >= shifts), suite
        assert np.all(large.shift_positions[suite] >= small.shift_positions[suite] * (1 - 1e-12))


@given(
    seed=st.integers(0, 2**31),
    tonnes=st.floats(1.0, 300.0),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_persons_on_duty_man_no_more_lines_than_there_are(
    seed: int,
    tonnes: float,
    processes: Processes,
    sampled: Callable[[int, int], SampledParameters],
) -> None:
    # Law: on average at most every line has its crew; one line of each kind has exactly one.
    parameters = sampled(seed, 16)
    kg = np.full((1, 1), 1000.0 * tonnes)
    packs = {TABLET: packs_from_kg(TABLET, kg, processes, parameters)}
    design = design_finishing(packs, processes, parameters)
    year = operate_finishing(design, packs, parameters)
    crew = parameters("production.finishing.oral_solids_crew", "1")
    most = np.maximum.reduce(list(design.lines.values()))
    at_once = year.shift_positions["oral_solids"] / crew
    assert np.all(at_once <= most * (1 + 1e-12))
    np.testing.assert_allclose(at_once[most == 1.0], 1.0, rtol=1e-12)


@given(scale=st.floats(1.0, 50.0))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_more_packs_never_need_fewer_lines(
    scale: float, processes: Processes, central: CentralParameters
) -> None:
    small = design_finishing({TABLET: np.array([[7e5]])}, processes, central)
    large = design_finishing({TABLET: np.array([[7e5 * scale]])}, processes, central)
    for line, number in small.lines.items():
        assert large.lines[line][0, 0] >= number[0, 0]


def test_suites_add_up(processes: Processes, central: CentralParameters) -> None:
    packs = {TABLET: np.array([[7e5, 8e5]]), VIAL: np.array([[1.5e5, 1e5]])}
    peak = {name: n.max(axis=1, keepdims=True) for name, n in packs.items()}
    both = operate_finishing(design_finishing(peak, processes, central), packs, central)
    parts = []
    for name, n in packs.items():
        design = design_finishing({name: peak[name]}, processes, central)
        parts.append(operate_finishing(design, {name: n}, central))
    joined = combine(*parts)
    np.testing.assert_allclose(joined.electricity_kwh, both.electricity_kwh)
    np.testing.assert_allclose(joined.water_m3, both.water_m3)
    np.testing.assert_allclose(joined.campaigns, both.campaigns)
    assert set(joined.materials_kg) == set(both.materials_kg)
    assert set(joined.shift_positions) == {"oral_solids", "aseptic"}


def test_packs_that_make_no_sense_are_faults(
    processes: Processes, central: CentralParameters
) -> None:
    with pytest.raises(InputError) as caught:
        design_finishing(
            {TABLET: np.array([[-1.0]]), "tablet": np.ones((1, 1))}, processes, central
        )
    assert len(caught.value.faults) == 2
