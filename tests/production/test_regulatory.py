"""Time line: networks worked by hand, a slow recursive twin, laws, and the tasks of the library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, FixedParameters, Library
from virkestoff.production.regulatory import (
    TimeLine,
    critical_path,
    load_tasks,
    share_of_year,
    tasks_for,
    time_line,
)
from virkestoff.timeline import Years

YEARS = Years(2027, 2066)
PREFIX = "production.timeline."
SHORT = {
    "concept": 1.0,
    "financing": 0.5,
    "permits": 2.0,
    "permits_existing": 0.25,
    "detail": 0.75,
    "construction": 2.0,
    "construction_existing": 1.0,
    "qualification": 0.5,
    "manufacturing_authorisation": 0.25,
    "engineering_substance": 0.5,
    "engineering_finished": 0.25,
    "validation_substance": 0.25,
    "validation_finished": 0.25,
    "stability": 0.5,
    "cep": 1.5,
    "variation": 0.5,
    "new_authorisation": 0.5,
    "clock_stops": 0.5,
    "launch": 0.25,
    "presale_crew": 0.5,
    "ramp_first": 0.4,
    "ramp_second": 0.8,
    "validation_number": 3.0,
}


def fixed(**changes: float) -> FixedParameters:
    return FixedParameters({PREFIX + name: value for name, value in {**SHORT, **changes}.items()})


def slow_end(task: str, lasts: Mapping[str, float], after: Mapping[str, tuple[str, ...]]) -> float:
    """The twin: one number, plain recursion."""
    start = 0.0
    for other in after[task]:
        start = max(start, slow_end(other, lasts, after))
    return start + lasts[task]


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, list[float]], dict[str, tuple[str, ...]]]:
    n = draw(st.integers(1, 8))
    names = [f"t{i}" for i in range(n)]
    lasts = {x: draw(st.lists(st.floats(0.0, 5.0), min_size=2, max_size=2)) for x in names}
    after = {
        name: tuple(draw(st.lists(st.sampled_from(names[:i]), unique=True))) if i else ()
        for i, name in enumerate(names)
    }
    return lasts, after


def test_a_small_network_by_hand() -> None:
    # Oracle: a takes 2; b 3 and c 1 wait for a; d 4 waits for both: d runs from 5 to 9.
    lasts = {"d": 4.0, "c": 1.0, "b": 3.0, "a": 2.0}
    after = {"b": ("a",), "c": ("a",), "d": ("c", "b")}
    starts, ends = critical_path({k: np.array([v]) for k, v in lasts.items()}, after)
    assert {name: float(start[0]) for name, start in starts.items()} == {
        "a": 0.0,
        "b": 2.0,
        "c": 2.0,
        "d": 5.0,
    }
    assert float(ends["d"][0]) == 9.0


@given(networks())
@settings(max_examples=100, deadline=None)
def test_the_fast_path_is_the_slow_one(
    network: tuple[dict[str, list[float]], dict[str, tuple[str, ...]]],
) -> None:
    lasts, after = network
    starts, ends = critical_path({k: np.array(v) for k, v in lasts.items()}, after)
    for draw in (0, 1):
        one = {name: values[draw] for name, values in lasts.items()}
        for name, before in after.items():
            assert ends[name][draw] == slow_end(name, one, after)
            assert all(starts[name][draw] >= ends[other][draw] for other in before)


def test_faults_of_a_network_are_told_at_once() -> None:
    one = np.ones(1)
    with pytest.raises(InputError) as caught:
        critical_path(
            {"design": one, "build": one, "sell": -one},
            {"design": ("build",), "build": ("design",), "sell": ("bild",)},
        )
    text = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "circle" in text and "'bild'" in text and "Did you mean 'build'" in text


def test_the_first_pack_of_norway_by_hand(central: CentralParameters) -> None:
    # Oracle, in months from the modes in the library, greenfield: concept 8, financing 14, detail
    # 24 (permits 20), construction 42, qualification 50. Finished forms: engineering 52, validation
    # 54, stability 60, variation 64, launch 67. With substance: engineering 54, validation 57,
    # stability 63, certificate 63 + 16.5 = 79.5, variation 83.5, launch 86.5.
    line = time_line("finished", "greenfield", "partner", central, YEARS)
    assert line.construction_start[0] * 12 == pytest.approx(24, abs=1e-9)
    assert line.construction_end[0] * 12 == pytest.approx(42, abs=1e-9)
    assert line.first_pack_years[0] * 12 == pytest.approx(67, abs=1e-9)
    full = time_line("api_and_finished", "greenfield", "partner", central, YEARS)
    assert full.first_pack_years[0] * 12 == pytest.approx(86.5, abs=1e-9)
    # A new authorisation takes 210 + 180 days where the variation takes 4 months.
    own = time_line("finished", "greenfield", "own", central, YEARS)
    days = (own.first_pack_years[0] - line.first_pack_years[0]) * 365.25
    assert days == pytest.approx(390 - 4 * 365.25 / 12, abs=0.5)
    # At an existing site construction takes 9 months less; permits were not on the path.
    site = time_line("finished", "brownfield", "partner", central, YEARS)
    assert (line.first_pack_years - site.first_pack_years)[0] * 12 == pytest.approx(9, abs=1e-9)


def test_without_a_holder_nobody_is_supplied(central: CentralParameters) -> None:
    line = time_line("api_and_finished", "greenfield", "none", central, YEARS)
    assert np.isnan(line.first_pack_years).all()
    assert not line.output_share.any()
    assert "launch" not in line.ends
    assert line.spend_share.sum() == pytest.approx(1.0)  # it is built and paid all the same


def test_a_master_file_spares_the_certificate() -> None:
    # Oracle: the certificate (1.5 years) is on the path and nothing else takes its place before
    # the substance's stability: 0.5 + 0.25 + 0.5 after qualification, finished form 0.75 + 0.75.
    cep = time_line("api_and_finished", "greenfield", "own", fixed(), YEARS)
    asmf = time_line("api_and_finished", "greenfield", "own", fixed(), YEARS, dossier="asmf")
    assert "cep" not in asmf.ends
    qualified = cep.ends["qualification"][0]
    assert cep.starts["new_authorisation"][0] == pytest.approx(qualified + 0.5 + 0.25 + 0.5 + 1.5)
    assert asmf.starts["new_authorisation"][0] == pytest.approx(qualified + 0.75 + 0.25 + 0.5)


def test_money_and_output_follow_the_calendar() -> None:
    # Oracle: concept 1, permits to 3, construction 3-5, qualification 5.5, engineering 5.75,
    # validation 6, stability 6.5, variation 7, launch 7.25. Half of the cost falls in each of years
    # 3 and 4. Ramp 0.4, 0.8, 1 from 7.25: 0.75 x 0.4; 0.25 x 0.4 + 0.75 x 0.8; 0.25 x 0.8 + 0.75.
    line = time_line("finished", "greenfield", "partner", fixed(), Years(2027, 2038))
    assert line.first_pack_years[0] == pytest.approx(7.25)
    np.testing.assert_allclose(line.spend_share[0, 2:6], [0.0, 0.5, 0.5, 0.0])
    np.testing.assert_allclose(line.output_share[0, 6:], [0.0, 0.3, 0.7, 0.95, 1.0, 1.0])
    np.testing.assert_allclose(line.running_share[0, 4:], [0.0] + [1.0] * 7)
    np.testing.assert_allclose(line.crew_share[0, 4:9], [0.0, 0.5, 0.5, 0.875, 1.0])
    assert line.validation_batches == 3


def test_construction_beyond_the_years_is_not_paid_in_them() -> None:
    line = time_line("finished", "greenfield", "own", fixed(), Years(2027, 2030))
    assert line.spend_share.sum() == pytest.approx(0.5)  # 3 to 5 years, of which 3 to 4 is inside


def test_construction_that_takes_no_time_is_paid_at_once() -> None:
    line = time_line("finished", "greenfield", "own", fixed(construction=0.0), YEARS)
    assert line.spend_share[0, 3] == 1.0
    assert line.spend_share.sum() == 1.0


@given(
    fact=st.sampled_from([name for name in SHORT if not name.startswith(("ramp", "presale"))]),
    longer=st.floats(0.0, 3.0),
    steps=st.sampled_from(["finished", "api_and_finished"]),
    mode=st.sampled_from(["greenfield", "brownfield", "standby"]),
    holder=st.sampled_from(["own", "partner"]),
)
@settings(max_examples=100, deadline=None)
def test_a_longer_task_never_gives_an_earlier_pack(
    fact: str, longer: float, steps: str, mode: str, holder: str
) -> None:
    def line(parameters: FixedParameters) -> TimeLine:
        return time_line(steps, mode, holder, parameters, YEARS)  # type: ignore[arg-type]

    short, slow = line(fixed()), line(fixed(**{fact: SHORT[fact] + longer}))
    assert slow.first_pack_years[0] >= short.first_pack_years[0]
    assert np.all(slow.output_share <= short.output_share + 1e-12)
    after = tasks_for(load_tasks(), steps, mode, holder)  # type: ignore[arg-type]
    for task, before in after.items():
        assert all(slow.starts[task][0] >= slow.ends[other][0] for other in before)


def test_shares_stay_shares_in_every_draw(sampled: object) -> None:
    line = time_line("api_and_finished", "greenfield", "own", sampled(3, 256), YEARS)  # type: ignore[operator]
    assert line.spend_share.shape == (256, YEARS.size)
    np.testing.assert_allclose(line.spend_share.sum(axis=1), 1.0)
    for share in (line.output_share, line.running_share, line.crew_share):
        assert share.min() >= 0.0 and share.max() <= 1.0
        assert np.all(np.diff(share, axis=1) >= -1e-12)
    assert np.all(line.crew_share <= line.running_share + 1e-12)


def test_share_of_year_by_hand() -> None:
    np.testing.assert_allclose(share_of_year(np.array([0.5, 9.0]), np.inf, 2), [[0.5, 1], [0, 0]])


def test_every_duration_is_in_the_library(library: Library) -> None:
    for task in load_tasks().values():
        for fact in (*task.durations, *(task.existing or ())):
            assert fact in library.facts


def test_unknown_choices_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        time_line("tablets", "new", "friend", fixed(), YEARS, "dmf")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 4


def test_a_bad_file_lists_all_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "tasks.yaml"
    file.write_text(
        "tasks:\n"
        "  construction: {name: {nb: a, en: b}, durations: [x], after: [qualification]}\n"
        "  qualification: {name: {nb: a, en: b}, durations: [x], after: [construction, deciding]}\n"
    )
    with pytest.raises(InputError) as caught:
        load_tasks(file)
    text = str(caught.value)
    assert "circle" in text and "'deciding'" in text and "'launch' is missing" in text
    file.write_text("tasks:\n  a: {name: {nb: a, en: b}, durations: []}\n  b: {lasts: 3}\n")
    with pytest.raises(InputError) as caught:
        load_tasks(file)
    assert len(caught.value.faults) >= 3
