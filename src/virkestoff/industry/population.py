"""A synthetic population of the industry that adds up to the published totals.

About a thousand companies over 2009-2019, none of them real but for the few that the sources name.
A figure that a source states of a named company stands exactly as stated and is marked; everything
else is made by the model. Method: docs/subjects/industry-population.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry.definitions import ACTIVITIES, BRANCHES
from virkestoff.industry.population_accounts import Accounts, keep_accounts
from virkestoff.industry.population_companies import Companies, settle
from virkestoff.industry.population_draws import draws
from virkestoff.industry.population_plan import Plan, load_plan
from virkestoff.industry.population_totals import LAST, YEARS, Totals, branch_totals

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ACCOUNT_COLUMNS", "COMPANY_COLUMNS", "Population", "synthetic_population"]

Flags = npt.NDArray[np.bool_]
COMPANY_COLUMNS = (
    "company_id", "name", "is_named", "branch", "is_foreign", "is_ownership_stated", "region",
    "first_year", "is_respondent", *ACTIVITIES,
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "company_id", "year", "turnover_nok", "operating_result_nok", "depreciation_nok",
    "wage_costs_nok", "value_creation_nok", "employees", "exports_nok", "stated",
)  # fmt: skip
_SMALL = 0


@dataclass(frozen=True)
class Population:
    """Companies and their accounts.

    ``companies`` has a row a company (:data:`COMPANY_COLUMNS`), ``accounts`` a row a company and
    year (:data:`ACCOUNT_COLUMNS`); null is unknown. ``stated`` names the columns of the row that
    come from a source, with a comma between. ``is_synthetic`` must be said wherever they are shown.
    """

    companies: pl.DataFrame
    accounts: pl.DataFrame
    is_synthetic: bool
    origin: str

    @property
    def years(self) -> tuple[int, ...]:
        """The years that have accounts."""
        return tuple(sorted(self.accounts["year"].unique().to_list()))

    def joined(self) -> pl.DataFrame:
        """Accounts with what is known of the company, a row a company and year."""
        return self.accounts.join(self.companies, on="company_id", how="left").sort(
            "company_id", "year"
        )


def synthetic_population(library: Library | None = None, seed: int | None = None) -> Population:
    """The synthetic population: equal library and seed give equal bytes.

    Parameters
    ----------
    library : where the published figures stand; our own if left out
    seed : another seed gives other companies with the same totals

    Raises
    ------
    InputError
        if the plan names what the library does not hold, or the totals cannot be met together.
    """
    known = library or load_library(library_folder())
    key = known.digest, seed
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _made(load_plan(known), seed)
    return _kept[key]


_MOST_KEPT = 4
_kept: dict[tuple[str, int | None], Population] = {}
"""Populations by digest of the library and seed: the tables cannot be changed."""


def _made(plan: Plan, seed: int | None) -> Population:
    number = int(plan.assumed("seed")) if seed is None else seed
    totals = branch_totals(plan)
    companies = settle(plan, totals, number)
    accounts = keep_accounts(companies, plan, totals, number)
    foreign = _foreign(companies, plan, totals, accounts, number)
    activities = _activities(companies, plan, foreign, number)
    return Population(
        _company_frame(companies, plan, foreign, activities),
        _account_frame(companies, accounts),
        is_synthetic=True,
        origin=f"synthetic population, seed {number}",
    )


def _foreign(
    companies: Companies, plan: Plan, totals: Totals, accounts: Accounts, seed: int
) -> Flags:
    """Foreign ownership: the published share of turnover in 2020, and the number of companies.

    All large and medium companies are foreign-owned at first; in random order one after the other
    becomes Norwegian as long as the foreign share of turnover stays at or above what is published.
    Small companies fill up to the number. A named company is what a source says it is; where none
    says that it is foreign, it is Norwegian here.
    """
    said = [plan.named[key].foreign if key else None for key in companies.named]
    is_named = np.array([bool(key) for key in companies.named])
    foreign = np.where(is_named, [bool(s) for s in said], companies.size != _SMALL)
    sales = accounts.turnover_2020
    needed = plan.value("foreign_turnover") * int(totals.turnover_2020.sum())
    held = int(sales[foreign].sum())
    order = np.argsort(draws(seed, companies.ids, "owner")[:, 0], kind="stable")
    for place in order:
        if foreign[place] and not is_named[place] and held - int(sales[place]) >= needed:
            foreign[place] = False
            held -= int(sales[place])
    wanted = int(plan.assumed("foreign_company_share") * companies.n)
    small = [p for p in order if companies.size[p] == _SMALL and companies.is_dormant[p]]
    small += [p for p in order if companies.size[p] == _SMALL and not companies.is_dormant[p]]
    missing = max(0, wanted - int(foreign.sum()))
    step = max(1, len(small) // max(1, missing))
    foreign[small[::step][:missing]] = True
    return foreign


def _activities(
    companies: Companies, plan: Plan, foreign: Flags, seed: int
) -> dict[int, dict[str, bool]]:
    """What the companies that answered on activity do, as counted in sections 3.1 and 3.2.

    Only so many companies have known activities as answered; for all others they are unknown.
    """
    order = np.argsort(draws(seed, companies.ids, "respondent")[:, 0], kind="stable")
    active = [int(p) for p in order if not companies.is_dormant[p]]
    n = int(plan.value("respondents_activity"))
    n_foreign = round(plan.assumed("foreign_respondent_share") * n)
    abroad = [p for p in active if foreign[p]][:n_foreign]
    home = [p for p in active if not foreign[p]][: n - n_foreign]
    kinds_abroad, kinds_home = _kinds(plan, n_foreign)
    found = dict(zip([*abroad, *home], [*kinds_abroad, *kinds_home], strict=True))
    return {place: dict(zip(ACTIVITIES, kind, strict=True)) for place, kind in found.items()}


def _kinds(plan: Plan, n_foreign: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Answers of the foreign-owned and of the others: development, tests, production by market.

    Notation of the counts: d development, t tests, p production in Norway. Those with production
    but neither of the others, and those with tests only, are taken to be equally many.
    """
    v = {name: round(plan.value(name)) for name in (
        "respondents_activity", "develops", "tests", "produces", "does_none", "produces_norway",
        "produces_norway_only", "produces_export_only")}  # fmt: skip
    both = v["produces_norway"] - v["produces_norway_only"]
    n_producing = both + v["produces_norway_only"] + v["produces_export_only"]
    apart = v["respondents_activity"] - v["develops"] - v["does_none"]
    p_only = apart // 2
    dp = n_producing - v["produces"] - p_only
    counts = {
        "dtp": v["produces"], "dt": v["tests"] - v["produces"], "dp": dp,
        "d": v["develops"] - v["tests"] - dp, "t": apart - p_only, "p": p_only,
        "": v["does_none"],
    }  # fmt: skip
    f_develops = round(plan.value("develops_foreign") * n_foreign)
    f_tests = round(plan.value("tests_foreign") * n_foreign)
    f_makes = round(plan.limits("exports_by_owner")[0] * n_foreign)
    theirs = {"dtp": f_makes, "dt": f_tests - f_makes, "d": f_develops - f_tests,
              "": n_foreign - f_develops}  # fmt: skip
    ours = {kind: n - theirs.get(kind, 0) for kind, n in counts.items()}
    markets = ["both"] * both + ["norway"] * v["produces_norway_only"]
    markets += ["export"] * v["produces_export_only"]
    sold = iter(markets)
    return _answers(theirs, sold), _answers(ours, sold)


def _answers(counts: dict[str, int], sold: Any) -> list[tuple[Any, ...]]:
    """Seven answers a company; what the counts do not say is unknown."""
    rows: list[tuple[Any, ...]] = []
    for kind, count in counts.items():
        for _ in range(count):
            market = next(sold) if "p" in kind else ""
            at_home, away = market in ("both", "norway"), market in ("both", "export")
            abroad = True if kind == "" else None
            rows.append(("d" in kind, "t" in kind, None, at_home, away, abroad, None))
    return rows


def _company_frame(
    companies: Companies, plan: Plan, foreign: Flags, activities: dict[int, dict[str, bool]]
) -> pl.DataFrame:
    import polars as pl

    rows = []
    for place, (key, company_id) in enumerate(zip(companies.named, companies.ids, strict=True)):
        named = plan.named[key] if key else None
        unknown: dict[str, Any] = dict.fromkeys(ACTIVITIES)
        answers = activities.get(place, unknown)
        rows.append(
            {
                "company_id": company_id,
                "name": named.name if named else f"Synthetic company {company_id[-4:]}",
                "is_named": named is not None,
                "branch": BRANCHES[companies.branch[place]],
                "is_foreign": bool(foreign[place]),
                "is_ownership_stated": named is not None and named.foreign is not None,
                "region": None,
                "first_year": int(companies.first_year[place]),
                "is_respondent": place in activities,
                **answers,
            }
        )
    kinds: dict[str, Any] = {"region": pl.String, **dict.fromkeys(ACTIVITIES, pl.Boolean)}
    return pl.DataFrame(rows, schema_overrides=kinds).select(COMPANY_COLUMNS).sort("company_id")


def _account_frame(companies: Companies, made: Accounts) -> pl.DataFrame:
    import polars as pl

    place, t = np.nonzero(made.exists)
    value = made.value_creation
    fields = ("turnover_nok", "employees")
    stated = [
        ",".join(f for f in fields if (int(p), int(y), f) in made.stated)
        for p, y in zip(place, t, strict=True)
    ]
    ids = np.array(companies.ids)
    before = pl.DataFrame(
        {
            "company_id": ids[place],
            "year": np.array(YEARS)[t],
            "turnover_nok": made.turnover[place, t],
            "operating_result_nok": made.operating_result[place, t],
            "depreciation_nok": made.depreciation[place, t],
            "wage_costs_nok": made.wage_costs[place, t],
            "value_creation_nok": value[place, t],
            "employees": made.employees[place, t],
            "stated": stated,
        }
    )
    awake = ~companies.is_dormant
    after = pl.DataFrame(
        {
            "company_id": ids[awake],
            "year": np.full(int(awake.sum()), LAST + 1),
            "turnover_nok": made.turnover_2020[awake],
            "exports_nok": made.exports_2020[awake],
            "stated": [""] * int(awake.sum()),
        }
    )
    both = pl.concat([before, after], how="diagonal")
    return both.select(ACCOUNT_COLUMNS).sort("company_id", "year")
