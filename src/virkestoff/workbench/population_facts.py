"""Companies of a population as facts that rules read: what accounts and a register can say.

Everything else is unknown, and stays so: size by the rules of aid needs owners and subsidiaries,
the year in which a company first appears is not when it was founded, and no account tells of a
project.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from virkestoff.errors import Fault, InputError
from virkestoff.instruments.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

    from virkestoff.industry.population import Population

__all__ = ["facts_of_population", "frame_from_file"]

UNKNOWN = "unknown"


def facts_of_population(
    population: Population, vocabulary: Vocabulary
) -> tuple[pl.DataFrame, list[str], int]:
    """A row a company of the last year with headcounts, its branch, and the year.

    A company is registered in Norway and is a company: that is what a population of accounts holds.
    """
    import polars as pl

    staffed = population.accounts.drop_nulls("employees")["year"]
    year = max(staffed.to_list(), default=population.years[-1])
    rows = population.joined().filter(pl.col("year") == year).sort("company_id")
    choices = list(vocabulary.terms["company.branch"].choices or ())
    branch = pl.col("branch").cast(pl.String)
    export = pl.when(pl.col("turnover_nok") > 0).then(
        (pl.col("exports_nok") / pl.col("turnover_nok")).clip(0.0, 1.0)
    )
    frame = rows.select(
        pl.lit(True).alias("company.is_registered_in_norway"),
        pl.lit("company").alias("company.kind"),
        pl.col("employees").cast(pl.Float64).alias("company.employees"),
        pl.col("turnover_nok").cast(pl.Float64).alias("company.turnover"),
        pl.col("wage_costs_nok").cast(pl.Float64).alias("company.wage_costs"),
        (pl.col("turnover_nok") > 0).alias("company.has_sales"),
        export.cast(pl.Float64).alias("company.export_share"),
        pl.col("is_foreign").alias("company.is_foreign_owned"),
        pl.when(branch.is_in(choices)).then(branch).alias("company.branch"),
    )
    return frame, rows["branch"].cast(pl.String).fill_null(UNKNOWN).to_list(), year


def frame_from_file(path: Path) -> tuple[pl.DataFrame, list[str]]:
    """A population that somebody made: a Parquet file with a column a fact.

    Raises
    ------
    InputError
        if the file cannot be read as Parquet or is empty.
    """
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise InputError(Fault(str(path), "cannot be read as Parquet",
                               str(problem).splitlines()[0] if str(problem) else "")) from None
    if not frame.height:
        raise InputError(Fault(str(path), "holds no company"))
    if "company.branch" not in frame.columns:
        return frame, [UNKNOWN] * frame.height
    return frame, frame["company.branch"].cast(pl.String).fill_null(UNKNOWN).to_list()
