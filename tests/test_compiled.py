"""Compiled loops give the bits of the same loops in Python, kept on disk or not."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.compiled import compiled

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


def _mixed(x: np.ndarray, y: np.ndarray) -> float:
    total = 0.0
    for k in range(x.size):
        total += x[k] * y[k] - x[k] / (1.0 + y[k] * y[k])
    return total


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=30))
def test_no_product_is_fused_and_no_sum_reordered(pairs) -> None:
    x, y = np.array(pairs).T.copy()
    assert compiled(_mixed)(x, y) == _mixed(x, y)


def test_without_a_folder_to_keep_it_in_the_function_is_compiled_anyway(monkeypatch) -> None:
    """numba raises RuntimeError when neither the module's folder nor the user's can be written."""
    plain = numba.njit

    def refusing(*, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return plain(**options)

    monkeypatch.setattr("virkestoff.compiled.numba.njit", refusing)
    x = np.array([1.0, 2.0])
    assert compiled(_mixed)(x, x) == _mixed(x, x)
