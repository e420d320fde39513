"""First-order indices. Oracle: closed forms of additive models, and the Ishigami function."""

import numpy as np
import pytest

from virkestoff.randomness import stratified
from virkestoff.studies.sensitivity import first_order, orders_of, rank


def _columns(n: int, names: str) -> dict[str, np.ndarray]:
    return {name: stratified(3, name, n_draws=n) for name in names}


def test_additive_model_in_closed_form() -> None:
    """y = 3a + b: Var(3a) / Var(y) = 9 / 10."""
    x = _columns(20_000, "abc")
    found = {i.fact: i for i in rank(x, 3 * x["a"] + x["b"])}
    assert found["a"].first_order == pytest.approx(0.9, abs=0.01)
    assert found["b"].first_order == pytest.approx(0.1, abs=0.02)
    assert found["c"].first_order == pytest.approx(0.0, abs=0.01)
    assert found["a"].direction > 0.9


def test_ishigami_published_indices() -> None:
    """Ishigami and Homma 1990 with a = 7, b = 0.1: S = 0.3139, 0.4424, 0."""
    x = {k: (2 * v - 1) * np.pi for k, v in _columns(50_000, "abc").items()}
    y = np.sin(x["a"]) + 7 * np.sin(x["b"]) ** 2 + 0.1 * x["c"] ** 4 * np.sin(x["a"])
    for name, expected in (("a", 0.3139), ("b", 0.4424), ("c", 0.0)):
        assert first_order(x[name], y) == pytest.approx(expected, abs=0.02)


def test_constant_or_undefined_outcomes_have_no_ranking() -> None:
    x = _columns(100, "a")
    assert rank(x, np.ones(100)) == []
    assert rank(x, np.full(100, np.nan)) == []


def test_orders_sorted_beforehand_change_nothing() -> None:
    """Oracle: classes and ranks of the defined draws alone, ties and undefined draws included."""
    columns = _columns(500, "abcd")
    columns["d"] = np.round(columns["d"] * 5)
    outcome = np.where(columns["c"] < 0.3, np.nan, 2 * columns["a"] - columns["b"] + columns["d"])
    is_defined = np.isfinite(outcome)
    orders = orders_of(columns)
    found = rank(columns, outcome, orders)
    alone = rank({k: v[is_defined] for k, v in columns.items()}, outcome[is_defined])
    assert found == alone == rank(columns, outcome)
    for influence in found:
        if influence.first_order > 0:
            plain = first_order(columns[influence.fact][is_defined], outcome[is_defined])
            assert influence.first_order == plain
