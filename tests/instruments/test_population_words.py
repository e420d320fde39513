"""Words of 64 rows against the readable tree, row by row; and amounts of a population by hand.

Oracles: ``compile_tree`` on each row's results; Python's own bits and lists; arithmetic by hand.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.instruments.bitmaps import every_row, has_rows, n_words, read_bitmaps, rows_of
from virkestoff.instruments.engine_tree import MET, NOT_MET, RESULT_OF, compile_tree
from virkestoff.instruments.population_amounts import sum_rounded
from virkestoff.instruments.word_trees import WordTrees, fixed_planes, leaf_words, run_gates

N_CONDITIONS = 4
TRUTHS = st.sampled_from([True, False, None])
COLUMNS = st.integers(1, 140).flatmap(
    lambda n: st.lists(st.lists(TRUTHS, min_size=n, max_size=n),
                       min_size=N_CONDITIONS, max_size=N_CONDITIONS)
)  # fmt: skip
LEAVES = st.tuples(st.just("leaf"), st.integers(0, N_CONDITIONS + NOT_MET))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, max_size=4).map(tuple)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=12,
)


def frame_of(columns) -> pl.DataFrame:
    return pl.DataFrame({f"c{k}": pl.Series(c, dtype=pl.Boolean) for k, c in enumerate(columns)})


def read(frame):
    shape = frame.width, n_words(frame.height)
    true, possible = (np.full(shape, 7, np.uint64) for _ in range(2))  # nothing is left over
    every = every_row(frame.height)
    read_bitmaps(frame, true, possible, every)
    return true, true | (possible ^ every)  # known is what is true or not possible


@settings(max_examples=100, deadline=None)
@given(COLUMNS, st.lists(TREES, min_size=1, max_size=4))
def test_words_give_what_the_tree_gives_row_by_row(columns, shapes) -> None:
    """The first leaves are conditions, the others each result that is the same for every row."""
    n_rows = len(columns[0])
    trees = WordTrees(N_CONDITIONS)
    leaves = [trees.leaf(k) for k in range(N_CONDITIONS)]
    leaves += [fixed_planes(result) for result in range(NOT_MET + 1)]
    planes = [trees.planes(shape, leaves) for shape in shapes]
    gates, moved = trees.needed(place for four in planes for place in four)
    words = np.full((trees.n_leaf_words + len(gates), n_words(n_rows)), 7, np.uint64)
    every = every_row(n_rows)
    read_bitmaps(frame_of(columns), *leaf_words(words, N_CONDITIONS), every)
    run_gates(gates, words, every)
    assert not (words & ~every).any()  # no bit past the last row
    places = range(N_CONDITIONS + NOT_MET + 1)
    rows = np.arange(n_rows)
    for shape, four in zip(shapes, planes, strict=True):
        better = [has_rows(words[moved[place]], rows) for place in four]
        found = NOT_MET - sum(b.astype(int) for b in better)
        one_by_one = compile_tree(shape, places)
        expected = [
            one_by_one([*(RESULT_OF[column[r]] for column in columns), *range(MET, NOT_MET + 1)])
            for r in range(n_rows)
        ]
        assert found.tolist() == expected


def test_equal_trees_make_no_gate_twice_and_plain_ones_none() -> None:
    trees = WordTrees(2)
    leaves = [trees.leaf(0), trees.leaf(1), fixed_planes(MET), fixed_planes(NOT_MET)]
    both = ("all", (("leaf", 0), ("leaf", 1)))
    first = trees.planes(both, leaves)
    assert trees.planes(("all", (("leaf", 1), ("leaf", 0), ("leaf", 2))), leaves) == first
    assert trees.planes(("not", ("not", both)), leaves) == first
    assert trees.planes(("any", (("leaf", 3), both)), leaves) == first
    assert trees.planes(("all", (both, ("leaf", 3))), leaves) == fixed_planes(NOT_MET)
    assert len(trees.needed(first)[0]) == 2


@settings(max_examples=60, deadline=None)
@given(COLUMNS, st.integers(0, 70))
def test_bitmaps_are_the_columns_wherever_they_start(columns, start) -> None:
    """A slice of a column starts in the middle of a byte; several chunks are one."""
    whole = frame_of(columns)
    for frame in (whole.slice(start), pl.concat([whole, whole.slice(start)], rechunk=False),
                  whole.select(pl.all().fill_null(False)).slice(start)):  # fmt: skip
        if not frame.height:
            continue
        true, known = read(frame)
        for k, column in enumerate(frame.get_columns()):
            values = column.to_list()
            assert rows_of(true[k]).tolist() == [r for r, v in enumerate(values) if v]
            assert rows_of(known[k]).tolist() == [r for r, v in enumerate(values) if v is not None]
            assert int(np.bitwise_count(known[k]).sum()) == sum(v is not None for v in values)


def test_only_boolean_columns_have_bitmaps() -> None:
    with pytest.raises(TypeError, match="only Boolean"):
        read(pl.DataFrame({"x": [1]}))


@given(st.lists(st.one_of(st.just(math.nan), st.floats(0, 1e9)), max_size=40))
def test_amounts_are_rounded_half_up_and_then_summed(amounts) -> None:
    known = [a for a in amounts if not math.isnan(a)]
    expected = sum(math.floor(a + 0.5) for a in known), len(known)
    assert sum_rounded(np.array(amounts, float), len(amounts)) == expected


def test_sums_do_not_wrap_round() -> None:
    """Three times 2 to the power 62 is more than 64 bits hold."""
    assert sum_rounded(np.full(3, 2.0**62), 3) == (3 * 2**62, 3)
    assert sum_rounded(0.5, 4) == (4, 4)
    assert sum_rounded(math.nan, 4) == (0, 0)
