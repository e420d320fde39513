"""All schemes over a whole population: how many are eligible, not eligible, undecided, ...

Distinct conditions are computed once per batch of rows, as Boolean columns; each scheme's tree is
then joined from them. Counts and sums are whole numbers, so they are equal for any size of batch
and any number of threads. Amounts are rounded half up to whole kroner before they are summed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from virkestoff.errors import FaultCollector
from virkestoff.instruments.columns import Column, condition_column, value_column
from virkestoff.instruments.engine import N_FIXED, STATUSES, CompiledScheme, Engine, Status
from virkestoff.instruments.engine_amount import AmountPart
from virkestoff.instruments.engine_tree import MET, NOT_MET, RULE, UNDECIDED, compile_tree
from virkestoff.instruments.expression import Clamp, nodes_of
from virkestoff.instruments.scheme_rules import Tree
from virkestoff.instruments.vocabulary import Term

__all__ = ["PopulationResult", "check_frame", "run_population", "statuses"]

BATCH_ROWS = 2**20


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


# ---- trees over columns


@dataclass(frozen=True)
class _Split:
    """A tree as one condition of the population, and what stands fixed beside it.

    ``condition`` is over columns; ``fixed`` the worst of the fixed results in the same ``all``.
    """

    condition: pl.Expr | None
    fixed: int


def _split(tree: Tree, places: Sequence[int]) -> _Split | None:
    """The tree split into columns and fixed results, or ``None`` if they are mixed deeper down."""
    sort, inner = tree
    if sort == "leaf":
        place = places[inner]
        if place < N_FIXED:
            return _Split(None, place)
        return _Split(pl.col(_column(place)), MET)
    parts = [_split(p, places) for p in ((inner,) if sort == "not" else inner)]
    if any(p is None for p in parts):
        return None
    known = [p for p in parts if p is not None]
    if sort == "all":
        columns = [p.condition for p in known if p.condition is not None]
        fixed = max((p.fixed for p in known), default=MET)
        return _Split(pl.all_horizontal(columns) if columns else None, fixed)
    if all(p.condition is None for p in known):  # the same for everybody
        return _Split(None, compile_tree(tree, places)(range(N_FIXED)))
    if any(p.condition is None or p.fixed != MET for p in known):
        return None
    columns = [p.condition for p in known if p.condition is not None]
    return _Split(~columns[0] if sort == "not" else pl.any_horizontal(columns), MET)


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


def _scheme_columns(compiled: CompiledScheme) -> _Split | pl.Expr:
    """The conditions split from what is fixed; or one column of results."""
    tree = compiled.dated.tree
    assert tree is not None
    least = RULE if compiled.lacks else MET
    split = _split(tree, compiled.places)
    if split is None:
        return pl.max_horizontal(
            _result_column(tree, compiled.places), pl.lit(least, dtype=pl.Int8)
        )
    return _Split(split.condition, max(split.fixed, least))


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
    totals: Counter[str] = Counter()
    for start in range(0, sound.height, batch_rows):
        lazy = sound.slice(start, batch_rows).lazy().with_columns(plan.conditions)
        row = lazy.with_columns(plan.joined).select(plan.wanted).collect().row(0, named=True)
        totals.update({name: int(value or 0) for name, value in row.items()})
    keys = list(engine.schemes)
    return PopulationResult(
        frame.height,
        {key: _tallied(engine.schemes[key], key, totals, frame.height) for key in keys},
        {key: totals[f"{key}:sum"] for key in keys},
        {key: totals[f"{key}:n"] for key in keys},
        {key: _conditions(engine.schemes[key], totals, frame.height) for key in keys},
    )


def _conditions(
    compiled: CompiledScheme, totals: Mapping[str, int], rows: int
) -> dict[str, tuple[int, int]]:
    """Of each condition: rows that meet it, and rows for which it is open."""
    found: dict[str, tuple[int, int]] = {}
    for place, leaf in zip(compiled.places, compiled.dated.leaves, strict=True):
        name = _column(place)
        is_computed = place >= N_FIXED and not compiled.is_aside
        found[leaf.leaf.id] = (
            (totals[f"{name}:met"], totals[f"{name}:open"]) if is_computed else (0, rows)
        )
    return found


@dataclass(frozen=True)
class _Plan:
    """The expressions of an engine: conditions, schemes from them, and what is counted."""

    conditions: list[pl.Expr]
    joined: list[pl.Expr]
    wanted: list[pl.Expr]


@lru_cache(maxsize=16)
def _plan(engine: Engine) -> _Plan:
    joined: list[pl.Expr] = []
    wanted = [pl.len().alias("rows")]
    for k in range(len(engine.conditions)):
        wanted += [pl.col(f"c{k}").sum().alias(f"c{k}:met"),
                   pl.col(f"c{k}").null_count().alias(f"c{k}:open")]  # fmt: skip
    for key, compiled in engine.schemes.items():
        if compiled.is_aside:
            continue
        found, column = _scheme_columns(compiled), pl.col(f"{key}:all")
        eligible: pl.Expr = pl.repeat(True, pl.len())
        if not isinstance(found, _Split):
            joined.append(found.alias(f"{key}:all"))
            wanted += [(column == r).sum().alias(f"{key}:{r}") for r in range(NOT_MET + 1)]
            eligible, is_ever = column == MET, True
        else:
            is_ever = found.fixed == MET
            wanted.append((pl.len() if found.condition is None else column.sum())
                          .alias(f"{key}:met"))  # fmt: skip
            if found.condition is not None:
                joined.append(found.condition.alias(f"{key}:all"))
                wanted.append(column.null_count().alias(f"{key}:open"))
                eligible = column
        if is_ever and compiled.opening.is_open is not False:
            wanted += _summed(key, compiled, eligible)
    conditions = [
        condition_column(node).alias(f"c{k}") for k, node in enumerate(engine.conditions)
    ]
    return _Plan(conditions, joined, wanted)


def _summed(key: str, compiled: CompiledScheme, eligible: pl.Expr) -> list[pl.Expr]:
    """Sum and number of the known amounts of eligible rows, each rounded half up."""
    support = compiled.scheme.support
    is_uncapped = support is not None and support.cap == "none"
    facts = {f for part in compiled.parts.values() for f in part.facts}
    some = (lambda name: pl.col(name).filter(eligible)) if facts else pl.col
    amount = amount_column(compiled.parts, some, is_uncapped=is_uncapped)
    if amount is None:
        return []
    if facts:  # an amount that is the same for all still stands once a row
        amount = amount + some(min(facts)).is_null().cast(pl.Float64) * 0.0
    whole = (amount + 0.5).floor().cast(pl.Int64)
    if not facts:  # one amount for all
        n = eligible.sum().cast(pl.Int64)
        return [(whole.first() * n).alias(f"{key}:sum"), n.alias(f"{key}:n")]
    if _is_known_with_its_facts(compiled.parts):  # counted on bits, without the amounts
        n = pl.all_horizontal(eligible, *(pl.col(f).is_not_null() for f in sorted(facts))).sum()
    else:
        n = whole.count()
    return [whole.sum().alias(f"{key}:sum"), n.alias(f"{key}:n")]


def _is_known_with_its_facts(parts: Mapping[str, AmountPart]) -> bool:
    """Whether the amount is known exactly where all its facts are."""
    cases = [case for part in parts.values() for case in part.cases or ()]
    return all(
        when is None and not any(isinstance(n, Clamp) for n in nodes_of(then))
        for when, then in cases
    )


def _tallied(
    compiled: CompiledScheme, key: str, totals: Mapping[str, int], rows: int
) -> dict[Status, int]:
    tally: dict[Status, int] = dict.fromkeys(STATUSES, 0)
    if compiled.is_aside:
        tally["closed"] = rows
        return tally
    by_result = dict.fromkeys(range(NOT_MET + 1), 0)
    if f"{key}:met" in totals:
        found = _scheme_columns(compiled)
        assert isinstance(found, _Split)
        fixed = found.fixed
        met, n_open = totals[f"{key}:met"], totals.get(f"{key}:open", 0)
        by_result[NOT_MET] = rows - met - n_open
        by_result[fixed] += met
        by_result[max(fixed, UNDECIDED)] += n_open
    else:
        by_result = {r: totals.get(f"{key}:{r}", 0) for r in by_result}
    for result, n in by_result.items():
        tally[compiled.status(result)] += n
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


# ---- amounts


def _case_column(part: AmountPart | None, column: Column) -> pl.Expr | None:
    """A part of an amount over columns; null where it is not known."""
    if part is None or part.cases is None:
        return None
    shown: pl.Expr = pl.lit(None, dtype=pl.Float64)
    for when, then in reversed(part.cases):
        value = value_column(then, column)
        if when is None:
            shown = value
            continue
        holds = condition_column(when, column)
        shown = (
            pl.when(holds.is_null()).then(pl.lit(None, dtype=pl.Float64))
            .when(holds).then(value).otherwise(shown)
        )  # fmt: skip
    return shown


def _bounded(value: pl.Expr, low: float, high: float) -> pl.Expr:
    """Within bounds, as the amounts of one profile are; null stays null."""
    return value.clip(low, high if math.isfinite(high) else None)


def amount_column(
    parts: Mapping[str, AmountPart], column: Column = pl.col, *, is_uncapped: bool
) -> pl.Expr | None:
    """The amount over columns, null where a part is not known; ``None`` if it never is known."""
    found = {name: _case_column(part, column) for name, part in parts.items()}
    money = {n: _bounded(c, 0.0, math.inf) for n, c in found.items()
             if c is not None and n not in ("rate", "own_share")}  # fmt: skip
    share = {n: _bounded(c, 0.0, 1.0) for n, c in found.items()
             if c is not None and n in ("rate", "own_share")}  # fmt: skip
    if "formula" in parts:
        amount = money.get("formula")
        needs_cap = "cap" in parts and not is_uncapped
    else:
        amount = share["rate"] * money["base"] if "rate" in share and "base" in money else None
        needs_cap = not is_uncapped
        if amount is not None and "own_share" in parts:
            own = share.get("own_share")
            amount = None if own is None else _least(amount, (1.0 - own) * money["base"])
    if amount is not None and needs_cap:
        amount = _least(amount, money["cap"]) if "cap" in money else None
    if amount is not None and "minimum" in parts:
        least = money.get("minimum")
        if least is None:
            return None
        is_known = amount.is_not_null() & least.is_not_null()
        amount = pl.when(is_known & (amount < least)).then(0.0).when(is_known).then(amount)
    return amount


def _least(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """The lesser of two; null where either is."""
    if not right.meta.root_names():  # reads its column once
        return left.clip(upper_bound=right)
    is_known = left.is_not_null() & right.is_not_null()
    return pl.when(is_known).then(pl.min_horizontal(left, right))
