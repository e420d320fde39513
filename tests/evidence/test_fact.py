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
    fact = Fact.model_validate({**ORIGIN, "value": [low, mode, high]})
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
