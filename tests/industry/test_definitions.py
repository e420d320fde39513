"""Definitions by hand: thresholds to the krone, three-valued logic, concentration, growth."""

from __future__ import annotations

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import library_folder, load_library
from virkestoff.industry.definitions import (
    ACTIVITIES,
    Thresholds,
    cagr,
    funnel,
    gini,
    growth,
    health_part,
    herfindahl,
    is_active,
    is_j_curve,
    largest_share,
    load_definitions,
    market_share,
    ownership,
    ratio,
    size_class,
    thresholds,
    value_creation,
)

LIMITS = Thresholds(500_000, 2.0, 20e6, 200e6, 5)
amounts = st.lists(st.floats(0, 1e9, allow_nan=False), min_size=2, max_size=12).filter(
    lambda values: sum(values) > 1
)


def column(expression: pl.Expr, **values: list) -> list:
    return pl.DataFrame(values, strict=False).select(expression.alias("x"))["x"].to_list()


def test_the_library_holds_the_thresholds_of_the_sources() -> None:
    """Source 004, sections 1.3.1 and 2.1.1; the register withholds headcounts below five."""
    assert thresholds(load_library(library_folder())) == LIMITS


def test_every_definition_has_a_place_in_a_source_of_the_library() -> None:
    library = load_library(library_folder())
    for definition in load_definitions().values():
        assert definition.source in library.sources
        assert definition.place


def test_active_is_wages_above_zero_and_unknown_stays_unknown() -> None:
    found = column(is_active(pl.col("w")), w=[0, 1, None])
    assert found == [False, True, None]


def test_the_two_wordings_of_the_j_curve_differ_on_the_thresholds_alone() -> None:
    """Footnote 9: at least 500,000 and more than twice; box: over 500,000 and at least twice."""
    rows = {
        # wages, turnover, costs
        "on the floor, no sales": (500_000, 0, 500_000),
        "over the floor, costs twice": (500_001, 400_000, 800_000),
        "over both": (500_001, 400_000, 800_001),
        "under the floor": (499_999, 0, 900_000),
        "sells enough": (900_000, 900_000, 1_000_000),
    }
    wages, sales, costs = map(list, zip(*rows.values(), strict=True))

    def by(wording: str) -> list:
        e = is_j_curve(pl.col("w"), pl.col("t"), pl.col("c"), wording, LIMITS)  # type: ignore[arg-type]
        return column(e, w=wages, t=sales, c=costs)

    assert by("j_curve_footnote") == [True, False, True, False, False]
    assert by("j_curve_box") == [False, True, True, False, False]


def test_a_j_curve_of_unknown_turnover_is_unknown_unless_wages_decide() -> None:
    e = is_j_curve(pl.col("w"), pl.col("t"), pl.col("c"), "j_curve_box", LIMITS)
    assert column(e, w=[600_000, 100], t=[None, None], c=[None, None]) == [None, False]


def test_an_unknown_wording_is_a_fault() -> None:
    with pytest.raises(InputError, match="no wording"):
        is_j_curve(pl.col("w"), pl.col("t"), pl.col("c"), "j_curve", LIMITS)  # type: ignore[arg-type]


def test_sizes_to_the_krone() -> None:
    """Below 20 million small, above 200 million large: the bounds are medium-sized."""
    sales = [0, 19_999_999, 20_000_000, 200_000_000, 200_000_001, None]
    found = column(size_class(pl.col("t"), LIMITS), t=sales)
    assert found == ["small", "small", "medium", "medium", "large", None]


def test_ownership_health_share_and_ratio_keep_the_unknown() -> None:
    owners = [True, False, None]
    assert column(ownership(pl.col("f")), f=owners) == ["foreign", "norwegian", None]
    assert column(health_part(pl.col("a"), pl.col("s")), a=[10.0, 10.0], s=[0.3, None]) == [3, None]
    assert column(ratio(pl.col("a"), pl.col("b")), a=[1, 1, None], b=[4, 0, 2]) == [
        0.25,
        None,
        None,
    ]
    e = value_creation(pl.col("a"), pl.col("b"), pl.col("c"))
    assert column(e, a=[5, -2], b=[1, 1], c=[4, None]) == [10, None]


def test_the_funnel_against_the_eight_kinds_of_company() -> None:
    kinds = list(itertools.product([True, False], repeat=3))
    frame = pl.DataFrame(
        [
            dict(zip(ACTIVITIES, (d, t, None, p, False, None, None), strict=True))
            for d, t, p in kinds
        ],
        schema=dict.fromkeys(ACTIVITIES, pl.Boolean),
    )
    counts = {step: frame.filter(e).height for step, e in funnel().items()}
    assert counts == {"develops": 4, "tests": 2, "produces": 1, "none": 1}


def test_growth_by_hand() -> None:
    """Doubling in ten years is 7.18 % a year; nothing grows from zero."""
    assert growth(50, 75) == 0.5
    assert cagr(1, 2, 10) == pytest.approx(0.0717734625, abs=1e-10)
    assert math.isnan(growth(0, 5)) and math.isnan(cagr(0, 5, 3)) and math.isnan(cagr(1, 2, 0))
    assert market_share(54.0, 15_500.0) == pytest.approx(0.00348, abs=1e-5)


def test_concentration_by_hand() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert largest_share(values, 2) == pytest.approx(0.7)
    assert herfindahl(values) == pytest.approx(0.30)
    assert gini(values) == pytest.approx(0.25)
    assert herfindahl(np.ones(8)) == pytest.approx(1 / 8) and gini(np.ones(8)) == 0
    assert gini(np.array([0.0, 0, 0, 5])) == pytest.approx(0.75)


def test_an_unknown_amount_has_no_concentration() -> None:
    with pytest.raises(InputError, match="known and not negative"):
        gini(np.array([1.0, np.nan]))


@given(amounts)
def test_gini_is_half_the_relative_mean_difference(values: list[float]) -> None:
    """Oracle: the definition as a double sum over all pairs."""
    x, n = values, len(values)
    pairs = sum(abs(a - b) for a in x for b in x)
    assert gini(np.array(x)) == pytest.approx(pairs / (2 * n * sum(x)), abs=1e-9)


@given(amounts, st.integers(1, 5))
def test_concentration_ignores_order_and_scale(values: list[float], k: int) -> None:
    a, b = np.array(values), np.array(values[::-1])
    for measure in (lambda v: largest_share(v, k), herfindahl, gini):
        assert measure(a) == measure(b)
        assert measure(a * 2) == pytest.approx(measure(a), rel=1e-9)
