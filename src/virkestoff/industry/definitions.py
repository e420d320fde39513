"""Definitions of the industry's map, from ``library/industry/definitions.yaml``.

Each function takes columns (polars expressions) and gives a column. A value that is not known is
null and stays null: ``and`` and ``or`` are those of three-valued logic, so that a company without
wage costs on file is neither active nor inactive. Nothing here counts an unknown as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, kept_per_library, library_folder, read_yaml
from virkestoff.evidence.library import validation_faults
from virkestoff.language import Text

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "ACTIVITIES",
    "BRANCHES",
    "SIZES",
    "Activity",
    "Definition",
    "JCurve",
    "Thresholds",
    "cagr",
    "funnel",
    "gini",
    "growth",
    "health_part",
    "herfindahl",
    "is_active",
    "is_j_curve",
    "largest_share",
    "load_definitions",
    "market_share",
    "ownership",
    "ratio",
    "size_class",
    "thresholds",
    "value_creation",
]

Array = npt.NDArray[np.float64]
Comparison = Literal["at_least", "above"]
JCurve = Literal["j_curve_footnote", "j_curve_box"]
Activity = Literal[
    "develops_in_norway",
    "tests_in_norway",
    "tests_abroad",
    "produces_in_norway_for_norway",
    "produces_in_norway_for_export",
    "produces_abroad_for_norway",
    "produces_abroad_for_abroad",
]
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
"""The seven statements of question 19 of the survey in source 004."""
BRANCHES = ("pharmaceuticals", "medical_devices", "digital_health")
SIZES = ("small", "medium", "large")
_PREFIX = "industry.definition."


class Definition(BaseModel):
    """A definition as a source words it.

    ``wage_floor`` and ``cost_ratio`` say of a J-curve wording how its two thresholds compare.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    text: Text
    source: str
    place: str = Field(min_length=1)
    wage_floor: Comparison | None = None
    cost_ratio: Comparison | None = None


@dataclass(frozen=True)
class Thresholds:
    """The numbers of the definitions, each a fact of the library, in NOK and persons."""

    wage_floor_nok: float
    cost_ratio: float
    small_below_nok: float
    large_above_nok: float
    withheld_below: int


def thresholds(library: Library) -> Thresholds:
    """The thresholds that ``library`` holds."""

    def value(name: str) -> float:
        return library.fact(_PREFIX + name).central

    return Thresholds(
        value("j_curve_wage_floor"),
        value("j_curve_cost_ratio"),
        value("size_small_below"),
        value("size_large_above"),
        int(value("headcount_withheld_below")),
    )


@kept_per_library
def load_definitions(path: Path | None = None) -> Mapping[str, Definition]:
    """The definitions by id.

    Raises
    ------
    InputError
        lists every fault of the file.
    """
    file = path or library_folder() / "industry" / "definitions.yaml"
    faults, found = FaultCollector(), {}
    for key, record in (read_yaml(file).get("definitions") or {}).items():
        try:
            found[key] = Definition.model_validate(record)
        except ValidationError as problem:
            name = f"industry/{file.name}"
            faults.extend(InputError(validation_faults(file, name, ("definitions", key), problem)))
    faults.raise_if_any()
    return found


def is_active(wage_costs: pl.Expr) -> pl.Expr:
    """Whether a company is active in the year: wage costs above zero (004, section 1.3)."""
    return wage_costs > 0


def value_creation(operating_result: pl.Expr, depreciation: pl.Expr, wages: pl.Expr) -> pl.Expr:
    """Operating result before depreciation plus wage costs, in the unit of the columns."""
    return operating_result + depreciation + wages


def health_part(amount: pl.Expr, share: pl.Expr) -> pl.Expr:
    """The part of an amount that belongs to the health industry: ``amount * share``.

    A share that is not known leaves the part unknown: it is not one (004, section 1.2.2).
    """
    return amount * share


def is_j_curve(
    wages: pl.Expr, turnover: pl.Expr, costs: pl.Expr, wording: JCurve, limits: Thresholds
) -> pl.Expr:
    """Whether a company is at the bottom of a J-curve, by the wording that the caller names.

    ``wages >= floor`` (footnote 9) or ``wages > floor`` (box), and either no sales income or
    ``costs > ratio * turnover`` (footnote 9) or ``costs >= ratio * turnover`` (box). The wording
    differs only for companies that stand exactly on a threshold.

    Raises
    ------
    InputError
        if the wording is not one of the two.
    """
    known = load_definitions()
    if wording not in get_args(JCurve):
        raise InputError(
            Fault(f"wording '{wording}'", "is no wording of the J-curve company",
                  next_step=suggest(wording, get_args(JCurve)) or f"Use {get_args(JCurve)}")
        )  # fmt: skip
    words = known[wording]
    floor = limits.wage_floor_nok
    is_paid = wages >= floor if words.wage_floor == "at_least" else wages > floor
    twice = limits.cost_ratio * turnover
    is_dear = costs >= twice if words.cost_ratio == "at_least" else costs > twice
    return is_paid & ((turnover == 0) | is_dear)


def size_class(turnover: pl.Expr, limits: Thresholds) -> pl.Expr:
    """``small`` below 20 million, ``large`` above 200 million, else ``medium`` (section 1.3.1)."""
    import polars as pl

    return (
        pl.when(turnover < limits.small_below_nok).then(pl.lit("small"))
        .when(turnover > limits.large_above_nok).then(pl.lit("large"))
        .when(turnover.is_not_null()).then(pl.lit("medium"))
    )  # fmt: skip


def ownership(is_foreign: pl.Expr) -> pl.Expr:
    """``foreign`` for a subsidiary or branch of a foreign group, else ``norwegian``."""
    import polars as pl

    return (
        pl.when(is_foreign).then(pl.lit("foreign")).when(~is_foreign).then(pl.lit("norwegian"))
    )  # fmt: skip


def funnel() -> dict[str, pl.Expr]:
    """The funnel of figure 3-1: each step holds the companies of the step before that go on.

    ``develops``, of these ``tests``, of these ``produces`` (for Norway or for export), and
    ``none``: none of the three in Norway. Columns are named as in :data:`ACTIVITIES`.
    """
    import polars as pl

    develops, tests = pl.col("develops_in_norway"), pl.col("tests_in_norway")
    makes = pl.col("produces_in_norway_for_norway") | pl.col("produces_in_norway_for_export")
    return {
        "develops": develops,
        "tests": develops & tests,
        "produces": develops & tests & makes,
        "none": ~(develops | tests | makes),
    }


def ratio(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """``above / below``; null where either is unknown or ``below`` is zero.

    Productivity is value creation over employees, the margin is the operating result over
    turnover, the export share is exports over turnover: sums over sums, not means of ratios.
    """
    import polars as pl

    return pl.when(below != 0).then(above / below)


def growth(first: float, last: float) -> float:
    """Total growth ``last / first - 1``; NaN where ``first`` is not above zero."""
    return last / first - 1 if first > 0 else float("nan")


def cagr(first: float, last: float, n_years: int) -> float:
    """Yearly growth ``(last / first) ** (1 / n_years) - 1``; NaN if it is not defined."""
    if first <= 0 or last < 0 or n_years < 1:
        return float("nan")
    return float((last / first) ** (1 / n_years) - 1)


def market_share(turnover: float, market: float) -> float:
    """Turnover over the market in one currency and year; NaN where the market is not above 0."""
    return turnover / market if market > 0 else float("nan")


def _clean(values: Array) -> Array:
    """Amounts in rising order; negative or unknown ones have no place in a share."""
    values = np.asarray(values, dtype=np.float64)
    if np.isnan(values).any() or (values < 0).any():
        raise InputError(
            Fault("concentration", "needs amounts that are known and not negative",
                  next_step="Leave the unknown out and say how many they are")
        )  # fmt: skip
    return np.sort(values)


def largest_share(values: Array, k: int) -> float:
    """The share of the ``k`` largest of ``values``, shape (n,); NaN if they sum to zero."""
    ordered = _clean(values)
    total = float(np.sum(ordered))
    return float(np.sum(ordered[-k:])) / total if total > 0 and k > 0 else float("nan")


def herfindahl(values: Array) -> float:
    """The sum of squared shares, from ``1 / n`` (all equal) to 1 (one has all)."""
    ordered = _clean(values)
    total = float(np.sum(ordered))
    return float(np.sum((ordered / total) ** 2)) if total > 0 else float("nan")


def gini(values: Array) -> float:
    """``sum_i (2 i - n - 1) x_i / (n sum x)`` for rising ``x``.

    0 if all are equal, ``1 - 1/n`` if one has all. Source: the mean difference form of Gini (1912).
    """
    ordered = _clean(values)
    n, total = ordered.size, float(np.sum(ordered))
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(np.sum(ranks * ordered)) / (n * total) if total > 0 else float("nan")
