"""All schemes over a whole population: how many are eligible, not eligible, undecided, ...

Distinct conditions are computed once per batch of rows, as Boolean columns; their bitmaps are
joined to schemes 64 rows at a time (``word_trees``), and amounts are computed for eligible rows
alone. Counts and sums are whole numbers, so they are equal for any size of batch and any number of
threads. Amounts are rounded half up to whole kroner before they are summed. ``statuses`` computes
the same results over columns, without words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from virkestoff.errors import FaultCollector
from virkestoff.instruments.bitmaps import every_row, has_rows, n_words, read_bitmaps, rows_of
from virkestoff.instruments.columns import condition_column
from virkestoff.instruments.engine import N_FIXED, STATUSES, CompiledScheme, Engine, Status
from virkestoff.instruments.engine_tree import MET, NOT_MET, RULE, UNDECIDED
from virkestoff.instruments.expression import Node
from virkestoff.instruments.population_amounts import Amounts, compile_amounts, sum_rounded
from virkestoff.instruments.scheme_rules import Tree
from virkestoff.instruments.vocabulary import Term
from virkestoff.instruments.word_trees import (
    Gate,
    Planes,
    WordTrees,
    fixed_planes,
    leaf_words,
    run_gates,
)

__all__ = ["PopulationResult", "check_frame", "run_population", "statuses"]

BATCH_ROWS = 2**21


@dataclass(frozen=True)
class PopulationResult:
    """What schemes say to a population.

    Attributes
    ----------
    rows : how many were asked
    counts : scheme -> status -> rows
    amount_nok : scheme -> sum of known amounts over eligible rows, whole NOK
    n_amounts : scheme -> eligible rows whose amount is known
    conditions : scheme -> leaf -> rows that meet it, rows for which it is open; the others fail it
    """

    rows: int
    counts: Mapping[str, Mapping[Status, int]]
    amount_nok: Mapping[str, int]
    n_amounts: Mapping[str, int]
    conditions: Mapping[str, Mapping[str, tuple[int, int]]]


def check_frame(engine: Engine, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that the rules read, in the types that the back end computes with.

    Choices become an enumeration of the vocabulary, numbers floating point, dates dates. Columns
    that are absent are unknown for all; columns that no rule reads are left out.

    Raises
    ------
    InputError
        lists every column with a name that is no fact, another type, NaN or an infinite number,
        a number out of its range, or a choice that is none.
    """
    faults = FaultCollector()
    terms = engine.vocabulary.terms
    for name in frame.columns:
        if name not in terms:
            faults.add(f"column '{name}'", "is not a fact of the vocabulary",
                       next_step=engine.vocabulary.suggestion(name))  # fmt: skip
    needed = _facts_needed(engine)
    columns: list[pl.Series] = []
    for name in needed:
        if name not in frame.columns:
            columns.append(pl.Series(name, [None], dtype=_dtype(terms[name])).new_from_index(
                0, frame.height))  # fmt: skip
            continue
        problem, column = _sound(terms[name], frame[name])
        if problem or column is None:
            faults.add(f"column '{name}'", problem)
        else:
            columns.append(column)
    faults.raise_if_any()
    # without a column a frame has no height
    return pl.DataFrame(columns or [pl.Series("row", range(frame.height), dtype=pl.Int64)])


def _dtype(term: Term) -> Any:
    if term.type == "choice":
        return pl.Enum(list(term.choices or ()))
    kinds = {"number": pl.Float64, "bool": pl.Boolean, "date": pl.Date, "text": pl.String}
    return kinds[term.type]


def _sound(term: Term, column: pl.Series) -> tuple[str, pl.Series | None]:
    """What is wrong with a column, and the column in its type if nothing is."""
    kind = column.dtype
    if kind == pl.Null:
        return "", column.cast(_dtype(term))
    if term.type == "number":
        if not kind.is_numeric() or kind.is_decimal():
            return f"holds {kind}, where numbers are meant", None
        numbers = column.cast(pl.Float64)
        least, most = numbers.min(), numbers.max()
        if numbers.is_finite().not_().any():
            return "holds NaN or an infinite number", None
        assert term.range is not None
        is_meant = least is None or (term.range[0] <= least and most <= term.range[1])  # type: ignore[operator]
        if not is_meant:
            return f"holds numbers from {least!r} to {most!r}, outside what can be meant", None
        if term.is_whole and (numbers != numbers.round()).any():
            return "holds numbers that are not whole", None
        return "", numbers
    if term.type == "choice":
        if kind not in (pl.String, pl.Categorical) and not isinstance(kind, pl.Enum):
            return f"holds {kind}, where choices are meant", None
        named = set(column.unique().cast(pl.String).drop_nulls())
        strange = sorted(named - set(term.choices or ()))
        if strange:
            return f"holds '{strange[0]}', which is not one of its choices", None
        is_same = isinstance(kind, pl.Enum) and list(kind.categories) == list(term.choices or ())
        return "", column if is_same else column.cast(pl.String).cast(_dtype(term))
    if kind != _dtype(term):
        return f"holds {kind}, where {_dtype(term)} is meant", None
    return "", column


def _facts_needed(engine: Engine) -> list[str]:
    found = {name for names in engine.facts_read for name in names}
    for compiled in engine.schemes.values():
        found |= {f for part in compiled.parts.values() for f in part.facts}
    return sorted(found)


# ---- results over columns, as a table of statuses shows them


def _column(place: int) -> str:
    return f"c{place - N_FIXED}"


def _result_column(tree: Tree, places: Sequence[int]) -> pl.Expr:
    """The result of any tree, as a whole number from met (0) to not met (4)."""
    sort, inner = tree
    if sort == "leaf":
        place = places[inner]
        if place < N_FIXED:
            return pl.lit(place, dtype=pl.Int8)
        truth = pl.col(_column(place))
        return (truth.not_().cast(pl.Int8) * pl.lit(NOT_MET, dtype=pl.Int8)).fill_null(
            pl.lit(UNDECIDED, dtype=pl.Int8)
        )
    if sort == "not":
        return _turned(_result_column(inner, places))
    parts = [_result_column(part, places) for part in inner]
    if not parts:
        return pl.lit(MET, dtype=pl.Int8)
    if sort == "all":
        return pl.max_horizontal(parts)
    return _turned(pl.max_horizontal([_turned(part) for part in parts]))


def _turned(result: pl.Expr) -> pl.Expr:
    """Met and not met turned round; the results of conditions are never null here."""
    is_end = (result == MET) | (result == NOT_MET)
    return pl.when(is_end).then(pl.lit(NOT_MET, dtype=pl.Int8) - result).otherwise(result)


# ---- running


def run_population(
    engine: Engine, frame: pl.DataFrame, *, batch_rows: int = BATCH_ROWS, is_checked: bool = False
) -> PopulationResult:
    """Count the statuses of every scheme over a population.

    Parameters
    ----------
    frame : a column per fact; null is unknown
    batch_rows : rows computed at a time; the results are equal for any
    is_checked : whether the frame comes from ``check_frame``
    """
    sound = frame if is_checked else check_frame(engine, frame)
    plan = _plan(engine)
    room = _Room(plan, min(batch_rows, sound.height))
    counts = np.zeros(plan.n_words, np.int64)
    sums, n_known = Counter[str](), Counter[str]()
    for start in range(0, sound.height, batch_rows):
        block = _Block(plan, sound.slice(start, batch_rows), room)
        counts += block.counts()
        for key, amounts in plan.amounts.items():
            total, n = block.summed(plan.planes[key][0], amounts)
            sums[key] += total
            n_known[key] += n
    keys = list(engine.schemes)
    found = counts.tolist()
    return PopulationResult(
        frame.height,
        {key: _tallied(engine.schemes[key], plan, found, frame.height) for key in keys},
        {key: sums[key] for key in keys},
        {key: n_known[key] for key in keys},
        {key: _conditions(engine.schemes[key], plan, found, frame.height) for key in keys},
    )


@dataclass(frozen=True)
class _Plan:
    """What is computed of a block of rows.

    Attributes
    ----------
    conditions : over columns; each is numbered by its place here
    numbers : from a condition of the engine, or of a case of an amount, to its number
    gates, n_words : how words are joined, and how many rows of words that gives
    trees : where the words of a condition stand
    planes : where the words of each scheme's results stand; none for schemes that are aside
    """

    conditions: tuple[pl.Expr, ...]
    numbers: Mapping[Node, int]
    trees: WordTrees
    gates: tuple[Gate, ...]
    n_words: int
    planes: Mapping[str, Planes]
    amounts: Mapping[str, Amounts]


@lru_cache(maxsize=16)
def _plan(engine: Engine) -> _Plan:
    asked = {key: c for key, c in engine.schemes.items() if not c.is_aside}
    amounts: dict[str, Amounts] = {}
    nodes: dict[Node, None] = {}
    for key, compiled in asked.items():
        nodes.update((leaf.node, None) for leaf in compiled.dated.leaves if leaf.node is not None)
        support = compiled.scheme.support
        is_uncapped = support is not None and support.cap == "none"
        found = compile_amounts(compiled.parts, is_uncapped=is_uncapped)
        if found is not None and compiled.opening.is_open is not False:
            amounts[key] = found
            cases = [c for part in compiled.parts.values() for c in part.cases or ()]
            nodes.update((when, None) for when, _ in cases if when is not None)
    numbers = {node: k for k, node in enumerate(nodes)}
    trees = WordTrees(len(numbers))
    planes = {key: _planes(trees, compiled, numbers) for key, compiled in asked.items()}
    gates, moved = trees.needed(place for four in planes.values() for place in four)
    return _Plan(
        tuple(condition_column(node).alias(f"c{k}") for node, k in numbers.items()),
        numbers, trees, gates, trees.n_leaf_words + len(gates),
        {key: (moved[a], moved[b], moved[c], moved[d]) for key, (a, b, c, d) in planes.items()},
        amounts,
    )  # fmt: skip


def _planes(trees: WordTrees, compiled: CompiledScheme, numbers: Mapping[Node, int]) -> Planes:
    tree = compiled.dated.tree
    assert tree is not None
    leaves = [
        fixed_planes(place) if leaf.node is None else trees.leaf(numbers[leaf.node])
        for place, leaf in zip(compiled.places, compiled.dated.leaves, strict=True)
    ]
    found = trees.planes(tree, leaves)
    return trees.worst([found, fixed_planes(RULE)]) if compiled.lacks else found


class _Room:
    """Memory for the words of one block, used for every block: fresh memory costs as much again."""

    def __init__(self, plan: _Plan, n_rows: int) -> None:
        shape = plan.n_words, n_words(n_rows)
        self.words, self.bits = np.zeros(shape, np.uint64), np.zeros(shape, np.uint8)


class _Block:
    """Some rows of a population, their conditions computed and joined."""

    def __init__(self, plan: _Plan, frame: pl.DataFrame, room: _Room) -> None:
        self.plan, self.frame = plan, frame
        width = n_words(frame.height)
        self.words, self.bits = room.words[:, :width], room.bits[:, :width]
        # beside the columns, so that a condition without facts has their height
        with_conditions = frame.lazy().with_columns(plan.conditions)
        names = [condition.meta.output_name() for condition in plan.conditions]
        every = every_row(frame.height)
        # each condition reads columns alone, so there is nothing to optimise, which takes time too
        found = with_conditions.select(names).collect(optimizations=pl.QueryOptFlags.none())
        read_bitmaps(found, *leaf_words(self.words, len(names)), every)
        run_gates(plan.gates, self.words, every)
        self._numbers: dict[str, NDArray[np.float64]] = {}

    def counts(self) -> NDArray[np.int64]:
        """How many rows each row of words holds."""
        np.bitwise_count(self.words, out=self.bits)
        found: NDArray[np.int64] = self.bits.sum(axis=1, dtype=np.int64)
        return found

    def summed(self, place: int, amounts: Amounts) -> tuple[int, int]:
        """Sum and number of the known amounts of the rows in some words."""
        rows = rows_of(self.words[place])
        return sum_rounded(amounts(_Some(self, rows)), rows.size) if rows.size else (0, 0)

    def number(self, fact: str) -> NDArray[np.float64]:
        """A fact of all rows of the block; NaN where it is unknown."""
        if fact not in self._numbers:
            self._numbers[fact] = self.frame[fact].to_numpy()
        return self._numbers[fact]


@dataclass(frozen=True)
class _Some:
    """Rows of a block, as amounts read them."""

    block: _Block
    rows: NDArray[np.intp]

    def number(self, fact: str) -> NDArray[np.float64]:
        return self.block.number(fact).take(self.rows, mode="clip")  # quicker; none is outside

    def truth(self, condition: Node) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        plan, words = self.block.plan, self.block.words
        met, _, _, possible = plan.trees.leaf(plan.numbers[condition])
        is_met = has_rows(words[met], self.rows)
        return is_met, is_met | ~has_rows(words[possible], self.rows)


def _conditions(
    compiled: CompiledScheme, plan: _Plan, counts: Sequence[int], rows: int
) -> dict[str, tuple[int, int]]:
    """Of each condition: rows that meet it, and rows for which it is open."""
    found: dict[str, tuple[int, int]] = {}
    for leaf in compiled.dated.leaves:
        if leaf.node is None or compiled.is_aside:
            found[leaf.leaf.id] = (0, rows)
            continue
        met, _, _, possible = plan.trees.leaf(plan.numbers[leaf.node])
        found[leaf.leaf.id] = (counts[met], counts[possible] - counts[met])
    return found


def _tallied(
    compiled: CompiledScheme, plan: _Plan, counts: Sequence[int], rows: int
) -> dict[Status, int]:
    tally: dict[Status, int] = dict.fromkeys(STATUSES, 0)
    if compiled.is_aside:
        tally["closed"] = rows
        return tally
    better = [0, *(counts[place] for place in plan.planes[compiled.scheme.id]), rows]
    for result in range(NOT_MET + 1):
        tally[compiled.status(result)] += better[result + 1] - better[result]
    return tally


def statuses(engine: Engine, frame: pl.DataFrame, *, is_checked: bool = False) -> pl.DataFrame:
    """The status of every row in every scheme: one column per scheme."""
    sound = frame if is_checked else check_frame(engine, frame)
    conditions = [
        condition_column(node).alias(f"c{k}") for k, node in enumerate(engine.conditions)
    ]
    kind = pl.Enum(STATUSES)
    columns = []
    for key, compiled in engine.schemes.items():
        assert compiled.dated.tree is not None
        result = pl.max_horizontal(
            _result_column(compiled.dated.tree, compiled.places),
            pl.lit(RULE if compiled.lacks else MET, dtype=pl.Int8),
        )
        words = [compiled.status(code) for code in range(NOT_MET + 1)]
        columns.append(
            result.replace_strict(list(range(NOT_MET + 1)), words, return_dtype=kind).alias(key)
        )
    height = pl.int_range(pl.len()).alias("row")  # a scheme of fixed results alone has no height
    shown = sound.lazy().with_columns(conditions).select(height, *columns).collect()
    return shown.drop("row")
