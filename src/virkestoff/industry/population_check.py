"""Published totals against the synthetic population: value, deviation, tolerance, met or not.

Every figure is computed anew from the rows of companies and accounts, by code that did not make
them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from virkestoff.evidence import Library, Statistic, library_folder, load_library
from virkestoff.industry.definitions import (
    JCurve,
    Thresholds,
    cagr,
    funnel,
    growth,
    is_active,
    is_j_curve,
    largest_share,
    ownership,
    size_class,
    thresholds,
)
from virkestoff.industry.population import Population
from virkestoff.industry.population_plan import Plan, Target, load_plan
from virkestoff.language import Text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Check", "Outcome", "against_population", "lost_figures"]

Outcome = Literal["met", "conflict", "missed"]
_SOURCE, _PREFIX = "source_004", "industry."


@dataclass(frozen=True)
class Check:
    """One published figure beside the population's.

    ``reproduced`` holds one value, or one a year where the source speaks of every year;
    ``deviation`` is how far the value lies outside what is published (0 inside a bound or range),
    in the statistic's unit. ``outcome``: met; conflict (not met, and ``reason`` names the figure
    of higher priority that excludes it); missed (not met, and no such reason).
    """

    name: str
    target: Target
    statistic: Statistic
    reproduced: tuple[float, ...]
    deviation: float
    outcome: Outcome
    reason: Text | None

    @property
    def published(self) -> tuple[float, ...]:
        """The published value, or its lowest and highest."""
        value = self.statistic.value
        assert value is not None
        return tuple(value) if isinstance(value, tuple) else (float(value),)


def against_population(population: Population, library: Library | None = None) -> tuple[Check, ...]:
    """Every target of the plan, computed from ``population``."""
    plan = load_plan(library or load_library(library_folder()))
    view = _View(population, plan)
    return tuple(_checked(name, target, plan, view) for name, target in plan.targets.items())


def lost_figures(library: Library) -> tuple[Statistic, ...]:
    """Figures of source 004 about the industry whose numbers are lost in the text."""
    return tuple(
        s for s in library.statistics.values()
        if s.source == _SOURCE and s.missing == "figure_text_lost"
        and (s.subject or "").startswith(_PREFIX)
    )  # fmt: skip


def _checked(name: str, target: Target, plan: Plan, view: _View) -> Check:
    statistic = plan.library.statistics[target.statistic]
    found = view.measured(target, statistic)
    deviation = _deviation(target, statistic, found)
    is_met = abs(deviation) <= target.tolerance
    qualifier = target.qualifier or statistic.qualifier
    if is_met and deviation == 0 and qualifier in ("more_than", "less_than"):
        is_met = all(_inside(qualifier, x, statistic) for x in found)
    outcome: Outcome = "met" if is_met else "conflict" if target.conflict else "missed"
    reason = None if is_met else target.conflict
    return Check(name, target, statistic, found, deviation, outcome, reason)


def _inside(qualifier: str, x: float, statistic: Statistic) -> bool:
    bound = statistic.value
    if isinstance(bound, tuple) or bound is None:
        return True
    return x > bound if qualifier == "more_than" else x < bound


def _deviation(target: Target, statistic: Statistic, found: tuple[float, ...]) -> float:
    """The largest signed distance from the published value, bound or range.

    A range whose ends are two companies is met by its ends, not by lying inside it.
    """
    value = statistic.value
    assert value is not None
    qualifier = target.qualifier or statistic.qualifier
    low, high = (value[0], value[-1]) if isinstance(value, tuple) else (value, value)
    if isinstance(value, tuple) and target.measure == "margin_range":
        return float(max((x - y for x, y in zip(found, value, strict=True)), key=abs))
    if not isinstance(value, tuple):
        if qualifier == "more_than":
            high = np.inf
        if qualifier in ("less_than", "up_to"):
            low = -np.inf
    distances = [x - low if x < low else x - high if x > high else 0.0 for x in found]
    return float(max(distances, key=abs))


class _View:
    """The population's rows, and how each measure is computed from them."""

    def __init__(self, population: Population, plan: Plan) -> None:
        import polars as pl

        self.limits: Thresholds = thresholds(plan.library)
        self.plan = plan
        self.companies = population.companies
        base = population.accounts.filter(pl.col("year") == _base_year(population))
        sizes = base.select("company_id", size=size_class(pl.col("turnover_nok"), self.limits))
        rows = population.joined().join(sizes, on="company_id", how="left")
        self.rows = rows.with_columns(owner=ownership(pl.col("is_foreign")))
        self.whole = _base_year(population)

    def measured(self, target: Target, statistic: Statistic) -> tuple[float, ...]:
        """One value, or one a year."""
        period = statistic.period or (statistic.year or self.whole,) * 2
        years = (target.year, target.year) if target.year else period
        branch = target.branch or statistic.branch or "all"
        measures: dict[str, Callable[[Target, str, tuple[int, int]], tuple[float, ...]]] = {
            "companies": self._companies,
            "active": self._active,
            "company_share": self._company_share,
            "j_curve_share": self._j_curve_share,
            "total": self._totals,
            "share": self._share,
            "growth": self._growth,
            "cagr": self._cagr,
            "yearly_growth": self._yearly_growth,
            "years_above": self._years_above,
            "years_of_decline": self._years_of_decline,
            "owner_shares": self._owner_shares,
            "margin": self._margins,
            "margins": self._margins,
            "margin_gaps": self._margin_gaps,
            "margin_range": self._margin_range,
            "productivity": self._productivity,
            "productivities": self._mean_productivity,
            "productivity_growth": self._productivity_growth,
            "largest_share": self._largest,
            "respondents": self._respondents,
            "step": self._step,
            "market": self._market,
            "activity_share": self._activity_share,
            "company": self._company,
        }
        return measures[target.measure](target, branch, years)

    def _part(self, branch: str, year: int, target: Target | None = None) -> pl.DataFrame:
        import polars as pl

        part = self.rows.filter(pl.col("year") == year)
        if branch != "all":
            part = part.filter(pl.col("branch") == branch)
        if target and target.size:
            part = part.filter(pl.col("size") == target.size)
        if target and target.owner:
            part = part.filter(pl.col("owner") == target.owner)
        return part

    def _sum(self, field: str, branch: str, year: int, target: Target | None = None) -> float:
        column = self._part(branch, year, target)[field].drop_nulls()
        return float(np.sum(column.to_numpy().astype(np.int64)))

    def _companies(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        return (float(self.companies.height),)

    def _active(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        import polars as pl

        part = self._part(branch, years[1])
        return (float(part.filter(is_active(pl.col("wage_costs_nok"))).height),)

    def _company_share(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        part = self._part(branch, self.whole, target)
        return (part.height / self._part("all", self.whole).height,)

    def _j_curve_share(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        """By both wordings: neither may depend on the few that stand on a threshold."""
        import polars as pl

        part = self._part(branch, years[1])
        n = part.filter(is_active(pl.col("wage_costs_nok"))).height
        sales = pl.col("turnover_nok")
        costs = sales - pl.col("operating_result_nok")
        wages = pl.col("wage_costs_nok")
        return tuple(
            part.filter(is_j_curve(wages, sales, costs, wording, self.limits)).height / n
            for wording in get_args(JCurve)
        )

    def _totals(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        return (self._sum(target.field, branch, years[1], target),)

    def _share(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        part = self._sum(target.field, branch, years[1], target)
        return (part / self._sum(target.field, "all", years[1]),)

    def _growth(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        first, last = (self._sum(target.field, branch, y, target) for y in years)
        return (growth(first, last),)

    def _cagr(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        first, last = (self._sum(target.field, branch, y, target) for y in years)
        return (cagr(first, last, years[1] - years[0]),)

    def _yearly_growth(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        first = years[0] - 1 if years[0] == years[1] else years[0]
        sums = [self._sum(target.field, branch, y) for y in range(first, years[1] + 1)]
        return tuple(growth(a, b) for a, b in zip(sums, sums[1:], strict=False))

    def _rates(self, field: str, branch: str) -> list[float]:
        """Growth in every year that the population has."""
        years = sorted(self.rows["year"].unique().to_list())
        sums = [self._sum(field, branch, year) for year in years]
        return [growth(a, b) for a, b in zip(sums, sums[1:], strict=False)]

    def _years_above(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        limit = self.plan.value("turnover_best_years")
        return (float(sum(rate > limit for rate in self._rates(target.field, branch))),)

    def _years_of_decline(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        return (float(sum(rate < 0 for rate in self._rates(target.field, branch))),)

    def _margin(self, branch: str, year: int) -> float:
        result = self._sum("operating_result_nok", branch, year)
        return result / self._sum("turnover_nok", branch, year)

    def _margins(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        return tuple(self._margin(branch, y) for y in range(years[0], years[1] + 1))

    def _margin_gaps(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        span = range(years[0], years[1] + 1)
        return tuple(self._margin(branch, y) - self._margin("all", y) for y in span)

    def _margin_range(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        part = self._part(branch, years[1])
        sales = part["turnover_nok"].to_numpy()
        margins = part["operating_result_nok"].to_numpy()[sales > 0] / sales[sales > 0]
        return float(np.min(margins)), float(np.max(margins))

    def _one_productivity(self, branch: str, year: int) -> float:
        value = self._sum("value_creation_nok", branch, year)
        return value / self._sum("employees", branch, year)

    def _productivity(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        return (self._one_productivity(branch, years[1]),)

    def _mean_productivity(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        levels = [self._one_productivity(branch, y) for y in range(years[0], years[1] + 1)]
        return (sum(levels) / len(levels),)

    def _productivity_growth(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        first, last = (self._one_productivity(branch, y) for y in years)
        return (growth(first, last),)

    def _largest(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        values = self._part(branch, years[1])[target.field].drop_nulls().to_numpy()
        return (largest_share(values.astype(np.float64), target.largest or 1),)

    def _answered(self, target: Target) -> pl.DataFrame:
        import polars as pl

        part = self.companies.filter(pl.col("is_respondent"))
        part = part.with_columns(owner=ownership(pl.col("is_foreign")))
        return part.filter(pl.col("owner") == target.owner) if target.owner else part

    def _respondents(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        return (float(self._answered(target).height),)

    def _step(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        part = self._answered(target)
        return (float(part.filter(funnel()[target.activity or ""]).height),)

    def _market(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        part = self._answered(target)
        return (float(part.filter(_made(target.activity or "")).height),)

    def _activity_share(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        part = self._answered(target)
        return (part.filter(_made(target.activity or "")).height / part.height,)

    def _owner_shares(
        self, target: Target, branch: str, years: tuple[int, int]
    ) -> tuple[float, ...]:
        owners = [target.model_copy(update={"owner": o}) for o in ("norwegian", "foreign")]
        return tuple(self._activity_share(owner, branch, years)[0] for owner in owners)

    def _company(self, target: Target, branch: str, years: tuple[int, int]) -> tuple[float, ...]:
        import polars as pl

        part = self._part("all", years[1]).filter(pl.col("company_id") == target.company)
        return (float(part[target.field].item()),)


def _made(activity: str) -> pl.Expr:
    """Companies by an activity or by the market that they produce for."""
    import polars as pl

    at_home = pl.col("produces_in_norway_for_norway")
    away = pl.col("produces_in_norway_for_export")
    return {
        "develops": pl.col("develops_in_norway"),
        "tests": pl.col("tests_in_norway"),
        "produces": at_home | away,
        "norway": at_home,
        "export": away,
        "norway_only": at_home & ~away,
        "export_only": away & ~at_home,
        "untested": (at_home | away) & ~pl.col("tests_in_norway"),
    }[activity]


def _base_year(population: Population) -> int:
    """The last year whose accounts hold wage costs."""
    known = population.accounts.drop_nulls("wage_costs_nok")
    return int(known["year"].max())  # type: ignore[arg-type]
