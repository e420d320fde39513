"""Discounting.

Oracles: the ladder tables T4 and T5 are own arithmetic with FRAM's rule (Kystverket, FRAM 3), so
they test that the rule is followed, not that the rule is right; closed forms are algebra.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.discounting import (
    Rates,
    annuity_factor,
    discount_factors,
    level_amount,
    present_value,
)
from virkestoff.errors import InputError
from virkestoff.timeline import Years

R109 = Rates((0.04, 0.03, 0.02), (40, 75))

# T4: discounted to 2025, ladder from the opening year 2029, eight printed digits.
T4 = {
    2025: 1.0,
    2026: 0.96153846,
    2035: 0.67556417,
    2065: 0.20828904,
    2068: 0.1851682,
    2069: 0.17977495,
    2070: 0.17453879,
    2103: 0.0658057,
    2104: 0.0645154,
    2105: 0.06325039,
}
# T5: the first 40 steps carry the first rate; six printed digits.
T5 = {
    1: 0.961538,
    10: 0.675564,
    20: 0.456387,
    30: 0.308319,
    40: 0.208289,
    41: 0.202222,
    50: 0.154987,
    75: 0.074022,
    76: 0.072571,
    100: 0.045119,
}
T5_SUMS = {10: 8.1109, 20: 13.5903, 40: 19.7928, 50: 21.5695, 75: 24.2683}


@pytest.mark.parametrize(("year", "factor"), T4.items())
def test_ladder_from_the_opening_year(year: int, factor: float) -> None:
    found = discount_factors(Years(year, year), R109, base_year=2025, ladder_start=2029)
    assert found[0] == pytest.approx(factor, abs=1e-8)


@pytest.mark.parametrize(("t", "factor"), T5.items())
def test_ladder_from_the_first_step(t: int, factor: float) -> None:
    assert discount_factors(Years(t, t), R109, 0)[0] == pytest.approx(factor, abs=1e-6)


@pytest.mark.parametrize(("n", "total"), T5_SUMS.items())
def test_annuity_sums_of_the_ladder(n: int, total: float) -> None:
    assert annuity_factor(discount_factors(Years(1, n), R109, 0)) == pytest.approx(total, abs=5e-5)


@given(rate=st.floats(0.001, 0.2), n=st.integers(1, 120))
def test_a_constant_rate_is_the_closed_form(rate: float, n: int) -> None:
    factors = discount_factors(Years(1, n), Rates((rate,)), 0)
    np.testing.assert_allclose(factors, (1 + rate) ** -np.arange(1.0, n + 1), rtol=1e-12)
    assert annuity_factor(factors) == pytest.approx((1 - (1 + rate) ** -n) / rate, rel=1e-10)


@given(value=st.floats(-1e12, 1e12), n=st.integers(1, 100), rate=st.floats(0.0, 0.2))
def test_annuity_goes_there_and_back(value: float, n: int, rate: float) -> None:
    factors = discount_factors(Years(2027, 2026 + n), Rates((rate,)), 2026)
    yearly = level_amount(np.array([value]), factors)
    back = present_value(np.repeat(yearly[:, None], n, axis=1), factors)
    np.testing.assert_allclose(back, [value], rtol=1e-12, atol=1e-6)


@given(first=st.integers(1990, 2060), start=st.integers(1990, 2060), base=st.integers(1990, 2060))
def test_factors_fall_and_the_base_year_is_one(first: int, start: int, base: int) -> None:
    years = Years(first, first + 120)
    factors = discount_factors(years, R109, base, start)
    assert np.all(np.diff(factors) < 0)
    if years.first <= base <= years.last:
        assert factors[base - first] == 1.0
    ratio = factors[:-1] / factors[1:] - 1
    expected = [
        0.04 if y < start + 40 else 0.03 if y < start + 75 else 0.02 for y in years.array[1:]
    ]
    np.testing.assert_allclose(ratio, expected, atol=1e-12)


def test_the_later_rate_never_reaches_back() -> None:
    forward = discount_factors(Years(41, 41), R109, 0)[0]
    assert forward < 1.03**-41  # the shortcut that the rule forbids is larger
    assert forward == pytest.approx(1.04**-40 / 1.03, rel=1e-12)


def test_present_value_does_not_change_with_blocks() -> None:
    rng = np.random.default_rng(1)
    amounts = rng.normal(size=(257, 40)) * 1e9
    factors = discount_factors(Years(2027, 2066), R109, 2026)
    whole = present_value(amounts, factors)
    parts = [present_value(amounts[i : i + k], factors) for i, k in ((0, 1), (1, 100), (101, 156))]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    fortran = present_value(np.asfortranarray(amounts), factors)
    np.testing.assert_array_equal(fortran, whole)


@given(
    n_draws=st.integers(1, 40), n_years=st.integers(1, 60), cut=st.integers(1, 40),
    seed=st.integers(0, 2**32 - 1), is_per_draw=st.booleans(),
)  # fmt: skip
def test_a_row_is_summed_alone(
    n_draws: int, n_years: int, cut: int, seed: int, is_per_draw: bool
) -> None:
    rng = np.random.default_rng(seed)
    amounts = rng.normal(size=(n_draws, n_years)) * 10.0 ** rng.integers(0, 12, n_years)
    factors = rng.random((n_draws, n_years) if is_per_draw else n_years)
    whole = present_value(amounts, factors)
    for span in (slice(0, cut), slice(cut, None)):
        part = present_value(amounts[span], factors[span] if is_per_draw else factors)
        np.testing.assert_array_equal(part, whole[span])
    plain = [sum(a * f for a, f in zip(*pair, strict=True))
             for pair in zip(amounts, np.broadcast_to(factors, amounts.shape), strict=True)]
    np.testing.assert_allclose(whole, plain, rtol=1e-9, atol=1e-9 * float(np.abs(amounts).sum()))


@pytest.mark.parametrize(
    ("steps", "switches", "what"),
    [
        ((4.0,), (), "yearly fractions"),
        ((0.04, 0.03), (), "do not fit"),
        ((0.04, 0.03, 0.02), (75, 40), "do not rise"),
    ],
)
def test_impossible_rates(steps: tuple[float, ...], switches: tuple[int, ...], what: str) -> None:
    with pytest.raises(InputError, match=what):
        Rates(steps, switches)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="do not fit"):
        present_value(np.ones((2, 3)), np.ones(4))
    with pytest.raises(InputError, match="no year"):
        level_amount(np.ones(2), np.ones(0))
