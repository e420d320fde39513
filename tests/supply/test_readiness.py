"""Readers of the preparedness data. Oracles: the lognormal mean (scipy), and the stated rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, FixedParameters, load_library
from virkestoff.supply import (
    load_advice,
    load_shortage_events,
    mean_duration,
    season_shares,
)

ROOT = Path(__file__).resolve().parents[2] / "library"


def test_mean_duration_is_that_of_a_lognormal() -> None:
    for median, spread in ((4.0, 0.88), (1.0, 0.0), (6.0, 1.3)):
        exact = stats.lognorm.mean(spread, scale=median) if spread else median
        assert mean_duration(median, spread).item() == pytest.approx(exact, rel=1e-12)
    found = mean_duration(np.full((3, 1), 2.0), np.zeros((3, 1)))
    assert found.tolist() == [[2.0]] * 3


def test_season_has_the_shape_that_was_read() -> None:
    """Peaks before Christmas and in February-March (Sweden 1997-2002), least in the summer."""
    shares = season_shares(CentralParameters(load_library(ROOT), 2025))
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    assert shares[11] == max(shares)
    assert min(shares[1], shares[2]) > max(shares[0], shares[3])
    assert shares[6] == min(shares)


def test_a_season_that_does_not_sum_to_one_is_refused() -> None:
    months = {f"supply.season.month_{m:02d}": 0.1 for m in range(1, 13)}
    with pytest.raises(InputError, match="sum to 1.2, not 1"):
        season_shares(FixedParameters(months))


def test_advice_is_ranked_and_its_facts_exist() -> None:
    library = load_library(ROOT)
    advice = load_advice(ROOT / "supply" / "preparedness.yaml")
    assert [line.rank for line in advice if line.wanted.endswith("_mixture")] == [1, 2, 3, 4, 5]
    for line in advice:
        assert 0 < library.fact(line.acceptable).central <= 1
    order = [line.instead for line in advice if line.wanted.endswith("penicillin_mixture")]
    tablet, amoxicillin, cefalexin = (
        order.index(f"{name}")
        for name in ("phenoxymethylpenicillin_tablet", "amoxicillin_mixture", "cefalexin_mixture")
    )
    assert tablet < amoxicillin < cefalexin, "the order of the advice of 6 January 2023"
    assert all("six_apa" in a.rests_on for a in advice if a.instead.startswith("amoxicillin"))


def test_bad_advice_is_named_all_at_once(tmp_path: Path) -> None:
    line = "  - {wanted: a, instead: %s, rank: 1, acceptable: supply.x}\n"
    path = tmp_path / "advice.yaml"
    path.write_text("substitution:\n" + line % "a" + line % "b")
    with pytest.raises(InputError) as caught:
        load_advice(path)
    assert len(caught.value.faults) == 2
    path.write_text("substitution: [{wanted: a}]\n")
    with pytest.raises(InputError, match="acceptable: is missing"):
        load_advice(path)
    path.write_text("facts: {}\n")
    with pytest.raises(InputError, match="is empty or missing"):
        load_shortage_events(path)


def test_shortages_seen_are_counted_and_dated() -> None:
    library = load_library(ROOT)
    events = load_shortage_events(ROOT / "supply" / "shortage_events.yaml")
    assert [(e.presentation.rsplit("_", 1)[1], e.year) for e in events] == [
        ("mixture", 2022), ("tablet", 2023),
    ]  # fmt: skip
    for event in events:
        assert library.statistics[event.episodes].value == 1
        assert library.fact(event.months).central > 0
        assert 0 < library.fact(event.missing_share).central < 1
