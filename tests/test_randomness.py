"""Streams keyed by identity. Oracle: the definition of a Latin hypercube column."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.randomness import stratified, uniforms


@given(st.integers(0, 2**40), st.text(max_size=20), st.integers(1, 300))
def test_each_stratum_holds_one_draw(seed: int, key: str, n: int) -> None:
    column = stratified(seed, key, n_draws=n)
    assert sorted(np.floor(column * n).astype(int)) == list(range(n))
    assert (column > 0).all()
    assert (column < 1).all()


def test_a_stream_depends_on_its_name_alone() -> None:
    first = uniforms(1, "a", size=(4,))
    uniforms(1, "b", size=(1000,))
    assert (uniforms(1, "a", size=(4,)) == first).all()
    assert (uniforms(1, "a", size=(4,)) != uniforms(2, "a", size=(4,))).all()


def test_names_do_not_run_together() -> None:
    assert uniforms(1, "ab", "c", size=(1,)) != uniforms(1, "a", "bc", size=(1,))
    assert uniforms(1, 2, size=(1,)) != uniforms(1, "2", size=(1,))


@pytest.mark.parametrize("shape", [(), (1,), (3,), (7, 2), (40, 5, 2)])
@pytest.mark.parametrize("rows", [(0, 3), (1, 2), (5, 11), (10, 10), (997, 1000)])
def test_rows_have_the_numbers_that_they_have_in_the_whole(
    shape: tuple[int, ...], rows: tuple[int, int]
) -> None:
    """Oracle: the rows of the whole array."""
    whole = uniforms(3, "noise", "x", size=(1000, *shape))
    part = uniforms(3, "noise", "x", size=(1000, *shape), rows=rows)
    np.testing.assert_array_equal(part, whole[rows[0] : rows[1]])
