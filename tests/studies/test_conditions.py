"""Scenario discovery. Oracle: boxes planted in the draws."""

from __future__ import annotations

import numpy as np
import pytest

from virkestoff.studies.conditions import find_box


def _columns(seed: int, n: int = 4000, n_facts: int = 30) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {f"x{i:02}": generator.random(n) * (i + 1) for i in range(n_facts)}


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_box_is_found_in_the_units_of_its_facts(seed: int) -> None:
    x = _columns(seed)
    happens = (x["x03"] > 0.6 * 4) & (x["x07"] < 0.5 * 8)
    box = find_box(x, happens)
    assert box is not None
    found = {c.fact: c for c in box.conditions}
    assert found.keys() == {"x03", "x07"}
    assert found["x03"].low == pytest.approx(2.4, abs=0.15)
    assert found["x03"].high is None
    assert found["x07"].high == pytest.approx(4.0, abs=0.3)
    assert box.coverage > 0.95
    assert box.density > 0.9
    assert box.base_rate == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("seed", range(5))
def test_noise_lowers_the_density_to_what_was_planted(seed: int) -> None:
    x = _columns(seed)
    u = np.random.default_rng(100 + seed).random(4000)
    inside = (x["x05"] > 2.0) & (x["x05"] < 4.5)  # both ends limited
    box = find_box(x, np.where(inside, u < 0.8, u < 0.1))
    assert box is not None
    assert [c.fact for c in box.conditions] == ["x05"]
    assert box.conditions[0].low == pytest.approx(2.0, abs=0.25)
    assert box.conditions[0].high == pytest.approx(4.5, abs=0.25)
    assert box.density == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize("seed", range(3))
def test_no_more_than_three_conditions(seed: int) -> None:
    x = _columns(seed, 8000)
    happens = np.logical_and.reduce([x[f"x{i:02}"] > 0.3 * (i + 1) for i in range(5)])
    box = find_box(x, happens)
    assert box is not None
    assert 1 <= len(box.conditions) <= 3
    assert {c.fact for c in box.conditions} <= {f"x{i:02}" for i in range(5)}
    assert box.density > 1.5 * box.base_rate


def test_chance_gives_no_box_nineteen_times_in_twenty() -> None:
    boxes = 0
    for seed in range(40):
        x = _columns(seed, 1000, 20)
        happens = np.random.default_rng(1000 + seed).random(1000) < 0.3
        boxes += find_box(x, happens) is not None
    assert boxes <= 6  # binomial(40, 0.05) exceeds six with probability 0.003


@pytest.mark.parametrize("share", [0.0, 1.0, 0.002])
def test_what_never_or_always_happens_has_no_box(share: float) -> None:
    x = _columns(1, 1000, 3)
    assert find_box(x, np.arange(1000) < share * 1000) is None
    assert find_box({}, np.arange(1000) % 3 == 0) is None


def test_the_order_of_the_facts_changes_nothing() -> None:
    x = _columns(2)
    happens = (x["x03"] > 2.4) & (x["x07"] < 4.0)
    backwards = dict(reversed(list(x.items())))
    assert find_box(x, happens) == find_box(backwards, happens)


def test_the_density_is_judged_on_draws_that_did_not_find_the_box() -> None:
    """Oracle: counted by hand on the odd draws."""
    x = _columns(4)
    u = np.random.default_rng(9).random(4000)
    happens = np.where(x["x02"] < 1.0, u < 0.7, u < 0.2)
    box = find_box(x, happens)
    assert box is not None
    inside = np.ones(4000, dtype=bool)
    for c in box.conditions:
        inside &= x[c.fact] >= (-np.inf if c.low is None else c.low)
        inside &= x[c.fact] <= (np.inf if c.high is None else c.high)
    odd = np.arange(4000) % 2 == 1
    assert box.density == pytest.approx(happens[inside & odd].mean())
    assert box.coverage == pytest.approx((happens & inside & odd).sum() / happens[odd].sum())
