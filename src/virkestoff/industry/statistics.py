"""Statistics of the industry by branch, size, ownership, region and year, safe to publish.

Every table passes through :mod:`virkestoff.disclosure`: no cell gives a company away, and a ratio
stands only where both of its sums may. A headcount or amount that is not known is counted as
unknown and bounded, never taken as zero. Sums are exact (``math.fsum`` over whole numbers), so no
order of rows changes a figure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from virkestoff.disclosure import (
    Contribution,
    Dimension,
    Rules,
    Table,
    flat,
    frequency_table,
    magnitude_table,
    rules_from,
    sensitivity,
)
from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry.cells import (
    EMPTY,
    INCOMPLETE,
    MEANINGLESS,
    MISSING,
    SUPPRESSED,
    Cell,
    figure,
    hidden,
    nothing,
)
from virkestoff.industry.definitions import (
    JCurve,
    Thresholds,
    cagr,
    gini,
    growth,
    health_part,
    herfindahl,
    is_active,
    is_j_curve,
    largest_share,
    ownership,
    size_class,
    thresholds,
)
from virkestoff.industry.measures import DIMENSIONS, MEASURES, TOTAL, UNKNOWN, Measure
from virkestoff.industry.nested import shown_values
from virkestoff.industry.population import Population

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Cell", "Statistics", "known_years", "statistics"]

LARGEST = 4
"""How many of the largest companies a share counts; else a multiple of it, see `_check`."""
Row = dict[str, Any]
Shown = Mapping[tuple[str, ...], float | None]
_WHOLE = flat("industry", ["industry"])


@dataclass(frozen=True)
class Statistics:
    """A table of one measure.

    ``period`` is the years compared, if they are. ``wording`` is the J-curve definition used, and
    ``largest`` the number of companies in a share of the largest, where they matter.
    """

    measure: str
    by: tuple[str, ...]
    years: tuple[int, ...]
    cells: tuple[Cell, ...]
    is_synthetic: bool
    origin: str
    definitions: tuple[str, ...]
    rules: Rules
    missing_years: Mapping[int, int]
    largest: int | None = None
    period: tuple[int, int] | None = None

    @property
    def spec(self) -> Measure:
        """What is measured."""
        return MEASURES[self.measure]

    @property
    def n_suppressed(self) -> int:
        """How many figures are hidden."""
        return sum(cell.mark == SUPPRESSED for cell in self.cells)

    def cell(self, place: Sequence[str], year: int) -> Cell:
        """The figure at a place in a year."""
        return next(c for c in self.cells if c.place == tuple(place) and c.year == year)


def statistics(
    population: Population,
    measure: str,
    *,
    by: Sequence[str] = (),
    years: Sequence[int] | None = None,
    wording: JCurve = "j_curve_box",
    largest: int = LARGEST,
    library: Library | None = None,
    rules: Rules | None = None,
) -> Statistics:
    """One measure, by any crossing of the dimensions.

    Parameters
    ----------
    population : companies and accounts
    measure : a key of :data:`virkestoff.industry.measures.MEASURES`
    by : keys of :data:`virkestoff.industry.measures.DIMENSIONS`; all margins come along
    years : years; all if left out; growth compares the first with the last
    wording : which of the two J-curve definitions counts
    largest : how many companies the share of the largest counts, a multiple of four: the shares
        of four and of five together would give the fifth
    library : thresholds and disclosure rules; our own if left out
    rules : disclosure rules instead of the library's

    Raises
    ------
    InputError
        lists what is unknown: a measure, a dimension, a year that has no accounts; or says why a
        table cannot be protected.
    """
    known = library or load_library(library_folder())
    chosen = tuple(sorted(set(years))) if years else population.years
    _check(population, measure, by, chosen, largest)
    spec = MEASURES[measure]
    frame = _defined(population, wording, thresholds(known))
    frame = frame.filter(frame["year"].is_in(chosen)).select(
        "company_id", "year", "is_present", *by, *(f for f in spec.fields if f != "is_present")
    )
    work = _Work(frame, by, largest, thresholds(known), rules or rules_from(known))
    cells = work.compared(spec, chosen) if spec.needs_period else work.yearly(spec, chosen)
    is_j = "is_j_curve" in spec.fields
    return Statistics(
        measure,
        tuple(by),
        chosen[-1:] if spec.needs_period else chosen,
        tuple(cells),
        population.is_synthetic,
        population.origin,
        (*spec.definitions, *((wording,) if is_j else ()), *(b for b in by if b in _DEFINED)),
        work.rules,
        work.missing(spec, chosen),
        largest if spec.statistic == "largest" else None,
        (chosen[0], chosen[-1]) if spec.needs_period else None,
    )


def known_years(population: Population, measure: str) -> tuple[int, ...]:
    """The last year in which a measure is known; for growth the first and the last.

    Empty if the measure is unknown or no year has it.
    """
    if measure not in MEASURES:
        return ()
    needs = {"is_present": "year", "is_active": "wage_costs_nok", "is_j_curve": "wage_costs_nok"}
    columns = [needs.get(field, field) for field in MEASURES[measure].fields]
    years = sorted(population.accounts.drop_nulls(columns)["year"].unique().to_list())
    if MEASURES[measure].fields == ("is_present",):  # a year with wages is a whole year
        years = sorted(population.accounts.drop_nulls("wage_costs_nok")["year"].unique()) or years
    return tuple(years[:1] + years[-1:]) if MEASURES[measure].needs_period else tuple(years[-1:])


_DEFINED = ("size", "ownership")


def _check(
    population: Population,
    measure: str,
    by: Sequence[str],
    years: Sequence[int],
    largest: int,
) -> None:
    faults = FaultCollector()
    if measure not in MEASURES:
        faults.add(
            f"measure '{measure}'",
            "is unknown",
            next_step=suggest(measure, MEASURES) or f"One of {', '.join(MEASURES)}",
        )
    for name in by:
        if name not in DIMENSIONS:
            faults.add(
                f"dimension '{name}'",
                "is unknown",
                next_step=suggest(name, DIMENSIONS) or f"One of {', '.join(DIMENSIONS)}",
            )
    if len(set(by)) != len(by):
        faults.add(f"dimensions {', '.join(by)}", "name one twice")
    for year in years:
        if year not in population.years:
            has = f"{population.years[0]} to {population.years[-1]}" if population.years else "none"
            faults.add(f"year {year}", "has no accounts", f"the population has {has}")
    if measure in MEASURES and MEASURES[measure].needs_period and len(set(years)) < 2:
        faults.add(f"measure '{measure}'", "compares two years",
                   next_step="Name a first and a last year, as in 2009-2019")  # fmt: skip
    if measure == "largest_share" and (largest < LARGEST or largest % LARGEST):
        faults.add(f"the share of the {largest} largest", "gives companies away",
                   "beside another share of the largest it would give a few companies between "
                   "the two", f"Take {LARGEST}, {2 * LARGEST}, {3 * LARGEST} or so on")  # fmt: skip
    faults.raise_if_any()


class _Work:
    """Rows with what the definitions say of them, and the tables made of them."""

    def __init__(
        self,
        frame: pl.DataFrame,
        by: Sequence[str],
        largest: int,
        limits: Thresholds,
        rules: Rules,
    ) -> None:
        self.by, self.largest, self.limits, self.rules = tuple(by), largest, limits, rules
        self.rows: dict[int, list[Row]] = {}
        for row in frame.to_dicts():
            self.rows.setdefault(row["year"], []).append(row)
        codes = {name: sorted({r[name] for rows in self.rows.values() for r in rows})
                 for name in self.by}  # fmt: skip
        self.codes = {name: codes[name] or [UNKNOWN] for name in self.by}
        self.dimensions = self._dimensions(self.by)
        self.places = list(product(*(d.codes() for d in self.dimensions)))

    def missing(self, spec: Measure, years: Sequence[int]) -> dict[int, int]:
        """Year -> companies whose amounts are unknown in it, where there are any."""
        counts = {y: sum(any(r[f] is None for f in spec.fields) for r in self.rows[y])
                  for y in years}  # fmt: skip
        return {year: n for year, n in counts.items() if n}

    def _dimensions(self, by: Sequence[str]) -> tuple[Dimension, ...]:
        return tuple(flat(name, self.codes[name]) for name in by) or (_WHOLE,)

    def _shown(self, year: int, field: str, rows: Sequence[Row]) -> Shown:
        """The values that may stand beside every coarser table of the same sums."""
        return shown_values(
            lambda by, fixed: self._table(year, field, rows, by, fixed), self.by, self.rules, TOTAL
        )

    def _table(
        self,
        year: int,
        field: str,
        rows: Iterable[Row],
        by: Sequence[str] | None = None,
        fixed: Collection[tuple[str, ...]] = (),
    ) -> Table:
        by = self.by if by is None else by
        is_count = field.startswith("is_")
        found = []
        for row in rows:
            amount = row[field]
            if is_count and amount is False:
                continue
            value = None if amount is None else float(amount)
            place = tuple(row[name] for name in by) or ("industry",)
            found.append(Contribution(row["company_id"], place, value))
        make = frequency_table if is_count and all(c.amount for c in found) else magnitude_table
        return make(f"{field}.{year}", self._dimensions(by), found, fixed=fixed)

    def yearly(self, spec: Measure, years: Sequence[int]) -> list[Cell]:
        """The figures of each year."""
        cells = []
        for year in years:
            rows = self.rows[year]
            if spec.kind == "ratio":  # both sums over the companies of which both are known
                known = [r for r in rows if all(r[f] is not None for f in spec.fields)]
                lost = [r for r in rows if any(r[f] is None for f in spec.fields)]
                cells += self._ratios(spec, year, known, lost)
            elif spec.kind == "concentration":
                cells += self._concentrated(spec, year, rows)
            else:
                table = self._table(year, spec.fields[0], rows)
                shown = self._shown(year, spec.fields[0], rows)
                make = self._shares if spec.kind == "share" else self._sums
                cells += make(spec, year, table, shown)
        return cells

    def compared(self, spec: Measure, years: Sequence[int]) -> list[Cell]:
        """Growth from the first to the last year."""
        first, last = years[0], years[-1]
        tables = [self._table(y, spec.fields[0], self.rows[y]) for y in (first, last)]
        shown = [self._shown(y, spec.fields[0], self.rows[y]) for y in (first, last)]
        cells = []
        for key in filter(self._own, self.places):
            sums = [s[key] for s in shown]
            n_unknown = sum(t.n_unknown(key) for t in tables)
            if sums[0] is None or sums[1] is None:
                cells.append(hidden(self._out(key), last))
            elif not all(t.n_contributors(key) for t in tables):
                cells.append(nothing(self._out(key), last, n_unknown))
            else:
                value = growth(sums[0], sums[1])
                if spec.kind == "cagr":
                    value = cagr(sums[0], sums[1], last - first)
                cells.append(figure(self._out(key), last, value, n_unknown))
        return cells

    def _out(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The place as the reader sees it: an undivided table has no code."""
        return key if self.by else ()

    def _own(self, key: tuple[str, ...]) -> bool:
        """Whether a key is told apart from the whole of an undivided table."""
        return bool(self.by) or key == (TOTAL,)

    def _sums(self, spec: Measure, year: int, table: Table, shown: Shown) -> list[Cell]:
        cells = []
        for key in filter(self._own, self.places):
            value, n_unknown = shown[key], table.n_unknown(key)
            place = self._out(key)
            if value is None:
                cells.append(hidden(place, year))
            elif n_unknown and not table.n_contributors(key):
                cells.append(self._bounded(spec, place, year, None, n_unknown))
            else:
                cells.append(self._bounded(spec, place, year, value, n_unknown))
        return cells

    def _bounded(
        self, spec: Measure, place: tuple[str, ...], year: int, value: float | None, n: int
    ) -> Cell:
        """A sum with what the unknown may add.

        A withheld headcount is below the register's limit; a yes or no adds at most one; an amount
        has no upper bound, and one that may be negative no lower bound.
        """
        if not n:
            return Cell(place, year, value, value, value, 0, "")
        known = value or 0.0
        field = spec.fields[0]
        low: float | None = known
        high: float | None = None
        if field == "employees":
            high = known + n * (self.limits.withheld_below - 1)
        elif field.startswith("is_"):
            high = known + n
        elif field not in ("turnover_nok", "exports_nok", "wage_costs_nok"):
            low = None
        return Cell(place, year, value, low, high, n, INCOMPLETE if value is not None else MISSING)

    def _shares(self, spec: Measure, year: int, table: Table, shown: Shown) -> list[Cell]:
        whole_key = tuple(TOTAL for _ in self.dimensions)
        whole = shown[whole_key]
        cells = []
        for key in filter(self._own, self.places):
            value, n = shown[key], table.n_unknown(whole_key)
            if value is None or whole is None:
                cells.append(hidden(self._out(key), year))
            elif not whole:
                cells.append(nothing(self._out(key), year, n))
            else:
                cells.append(figure(self._out(key), year, value / whole, n))
        return cells

    def _ratios(self, spec: Measure, year: int, known: list[Row], lost: list[Row]) -> list[Cell]:
        """Shown where both sums may be; not where a reader who has the sums of all companies
        could work out the amounts of the few that are left out here."""
        shown = [self._shown(year, field, known) for field in spec.fields]
        rest = [self._table(year, field, lost) for field in spec.fields]
        unknown = self._table(year, "is_present", lost)
        present = self._table(year, "is_present", known)
        cells = []
        for key in filter(self._own, self.places):
            above, below = (s[key] for s in shown)
            n = int(unknown.value(key))
            gives_away = any(
                sensitivity(table.contributors.get(key, {}).items(), self.rules) for table in rest
            )
            if above is None or below is None or gives_away:
                cells.append(hidden(self._out(key), year))
            elif not present.value(key):
                mark = MISSING if n else EMPTY
                cells.append(Cell(self._out(key), year, None, None, None, n, mark))
            elif not below or self._is_beyond(spec, above, below):
                cells.append(Cell(self._out(key), year, None, None, None, n, MEANINGLESS))
            else:
                cells.append(figure(self._out(key), year, above / below, n))
        return cells

    def _is_beyond(self, spec: Measure, above: float, below: float) -> bool:
        """A margin beyond ±100 %: turnover is then near zero beside what it is to carry.

        Below, it is the margin of a J-curve company: costs over the ratio that defines it.
        """
        if spec.fields != ("operating_result_nok", "turnover_nok"):
            return False
        return above > below or below - above > self.limits.cost_ratio * below

    def _concentrated(self, spec: Measure, year: int, rows: list[Row]) -> list[Cell]:
        field = spec.fields[0]
        table = self._table(year, field, rows)
        shown = self._shown(year, field, rows)
        cells = []
        for key in filter(self._own, self.places):
            owned = table.contributors.get(key, {})
            amounts = np.array(sorted(owned.values()))
            n = table.n_unknown(key)
            if shown[key] is None or (amounts.size and self._gives_away(spec, owned)):
                cells.append(hidden(self._out(key), year))
            elif not amounts.size or not amounts.sum():
                cells.append(nothing(self._out(key), year, n))
            else:
                value = {
                    "largest": lambda a: largest_share(a, self.largest),
                    "herfindahl": herfindahl,
                    "gini": gini,
                }[spec.statistic](amounts)
                cells.append(figure(self._out(key), year, value, n))
        return cells

    def _gives_away(self, spec: Measure, owned: Mapping[str, float]) -> bool:
        """Whether concentration tells more of a company than the sum beside it does.

        A share of the largest gives two sums, theirs and that of the rest: each must be safe. A
        Herfindahl index gives the sum of squares: another company must not come within p of the
        largest, so the p-percent rule holds for the squares with ``(1 + p)**2 - 1`` for p.
        """
        falling = sorted(owned.items(), key=lambda item: (-item[1], item[0]))
        if len(falling) <= max(self.largest, self.rules.minimum_frequency):
            return True
        if spec.statistic == "largest":
            step = LARGEST
            parts = [falling[i : i + step] for i in range(0, self.largest, step)]
            return any(sensitivity(part, self.rules) for part in (*parts, falling[self.largest :]))
        if spec.statistic == "herfindahl" and self.rules.p_share is not None:
            squares = [amount * amount for _, amount in falling]
            near = (1 + self.rules.closeness) ** 2 - 1
            return math.fsum(squares[2:]) < near * squares[0]
        return False


def _defined(population: Population, wording: JCurve, limits: Thresholds) -> pl.DataFrame:
    """Rows with size, ownership, activity and J-curve; amounts and staff by health share."""
    import polars as pl

    frame = population.joined()
    sales, wages = pl.col("turnover_nok"), pl.col("wage_costs_nok")
    costs = sales - pl.col("operating_result_nok")
    frame = frame.with_columns(
        is_present=pl.lit(True),
        is_active=is_active(wages),
        is_j_curve=is_j_curve(wages, sales, costs, wording, limits) & is_active(wages),
        size=size_class(sales, limits),
        ownership=ownership(pl.col("is_foreign")),
    )
    if "health_share" in frame.columns:  # what a company is, it is as a whole: that came first
        share = pl.col("health_share")
        parts = [c for c in frame.columns if c.endswith("_nok") or c == "employees"]
        frame = frame.with_columns(
            health_part(pl.col(c), share).round(0).cast(pl.Int64) for c in parts
        )
    return frame.with_columns(pl.col(name).fill_null(UNKNOWN) for name in DIMENSIONS)
