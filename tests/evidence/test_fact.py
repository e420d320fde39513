"""Distributions. Oracle: scipy.stats, a second implementation of the same distributions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from virkestoff.evidence import Fact

ORIGIN = {
    "id": "a.x", "name": {"nb": "a", "en": "b"}, "unit": "1", "source": "s", "place": "p",
    "how": "read", "grade": "low",
}  # fmt: skip
U = np.linspace(0.001, 0.999, 50)


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0.01, 10))
def test_triangular_equals_scipy(low: float, step: float, above: float) -> None:
    mode, high = low + step, low + step + above
    shape = {"distribution": "triangular"}
    fact = Fact.model_validate({**ORIGIN, **shape, "value": [low, mode, high]})
    other = stats.triang(step / (step + above), loc=low, scale=step + above)
    np.testing.assert_allclose(fact.quantile(U), other.ppf(U), rtol=1e-9, atol=1e-9)
    assert fact.mean == pytest.approx(other.mean())


def test_lognormal_equals_scipy() -> None:
    fact = Fact.model_validate({**ORIGIN, "value": [1, 4, 16], "distribution": "lognormal"})
    sigma = math.log(16) / (2 * stats.norm.ppf(0.95))
    other = stats.lognorm(sigma, scale=4)
    np.testing.assert_allclose(fact.quantile(U), other.ppf(U), rtol=1e-9)
    np.testing.assert_allclose(fact.quantile(np.array([0.05, 0.95])), [1, 16], rtol=1e-9)
    assert fact.mean == pytest.approx(other.mean())


def test_uniform_and_point() -> None:
    assert Fact.model_validate({**ORIGIN, "value": [1, 3]}).quantile(U) == pytest.approx(1 + 2 * U)
    assert (Fact.model_validate({**ORIGIN, "value": 7}).quantile(U) == 7).all()


@pytest.mark.parametrize("value", [(1, 2, 4), (1, 1, 4), (1, 4, 4), (0.3, 1, 7)])
def test_a_factor_either_way_is_drawn_on_a_logarithmic_scale(value: tuple[float, ...]) -> None:
    """Oracle: scipy's triangle of the logarithms, and its mean by numerical integration."""
    fact = Fact.model_validate({**ORIGIN, "value": list(value)})
    assert fact.shape == "log_triangular"
    low, mode, high = np.log(value)
    other = stats.triang((mode - low) / (high - low), loc=low, scale=high - low)
    np.testing.assert_allclose(fact.quantile(U), np.exp(other.ppf(U)), rtol=1e-9)
    mean = other.expect(np.exp, epsabs=1e-10)
    assert fact.mean == pytest.approx(mean, rel=1e-6)


def test_a_factor_of_two_either_way_has_its_median_at_the_mode() -> None:
    fact = Fact.model_validate({**ORIGIN, "value": [1, 2, 4]})
    assert fact.quantile(np.array([0.5])) == pytest.approx(2.0)
    assert fact.mean < 2.1  # drawn on a plain scale it would be 2.33


def test_narrow_ranges_and_ranges_from_zero_are_plain_triangles() -> None:
    for value in ([35, 45, 55], [0, 0.05, 0.3], [-2, 0, 2]):
        assert Fact.model_validate({**ORIGIN, "value": value}).shape == "triangular"
