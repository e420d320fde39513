"""Streams keyed by identity. Oracle: the definition of a Latin hypercube column."""

import numpy as np
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
