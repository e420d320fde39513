"""The imported register classified, with turnover from imported accounts; and its export."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from virkestoff.errors import Fault, InputError, MissingFact
from virkestoff.evidence.snapshots import safe_cell
from virkestoff.industry.classification import Classified, classify
from virkestoff.industry.decisions import Decisions, decisions_file, read_decisions
from virkestoff.industry.holdings import held

__all__ = ["ClassifiedRegister", "classify_register", "export_table", "export_verdicts"]

FORMATS = (".csv", ".parquet")


@dataclass(frozen=True)
class ClassifiedRegister:
    """What was classified: the outcome, which table it came from, and the decisions that hold."""

    classified: Classified
    as_of: date | None
    units: Path
    decisions: Decisions
    accounts_as_of: date | None


def classify_register(folder: Path, snapshot: str = "") -> ClassifiedRegister:
    """Classify the newest register that is held, or another.

    Parameters
    ----------
    folder : the data folder
    snapshot : empty for the newest; a date for the newest on or before it; else a Parquet file of
        units with the columns of the import

    Raises
    ------
    InputError
        if there is no such snapshot or file, or a decision in the folder is faulty.
    """
    decisions = read_decisions(decisions_file(folder))
    as_of: date | None = None
    if snapshot and not _is_date(snapshot):
        units = Path(snapshot)
        if not units.exists():
            step = "Write a date such as 2026-11-01, or name a Parquet file"
            raise InputError(Fault(f"--snapshot {snapshot}", "is neither a date nor a file",
                                   next_step=step))  # fmt: skip
    else:
        found = held(folder, "units", date.fromisoformat(snapshot) if snapshot else None)
        units, as_of = found.table("units"), found.manifest.as_of
    table, accounts_as_of = _with_turnover(pl.scan_parquet(units), folder, as_of)
    outcome = classify(table, decisions=decisions)
    return ClassifiedRegister(outcome, as_of, units, decisions, accounts_as_of)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _with_turnover(
    units: pl.LazyFrame, folder: Path, as_of: date | None
) -> tuple[pl.LazyFrame, date | None]:
    """The latest company revenue in NOK beside each unit, if accounts are held, for the queue."""
    try:
        found = held(folder, "accounts", as_of)
    except MissingFact:
        return units, None
    revenue = (
        pl.scan_parquet(found.table("accounts"))
        .filter(
            (pl.col("account_type") == "SELSKAP")
            & (pl.col("currency") == "NOK")
            & pl.col("revenue").is_not_null()
        )
        .sort("organisation_number", "year", "revenue")
        .group_by("organisation_number", maintain_order=True)
        .last()
        .select("organisation_number", turnover="revenue")
    )
    joined = units.join(revenue, on="organisation_number", how="left", maintain_order="left")
    return joined, found.manifest.as_of


def export_table(classified: Classified) -> pl.DataFrame:
    """One row a unit that a rule or a person touched, with the counted rules in one column."""
    why = (
        classified.evidence.filter("is_counted")
        .sort("orgnr", "weight", "rule", "field", descending=[False, True, False, False])
        .with_columns(
            piece=pl.format("{}@{} {}", "rule", "field", pl.col("weight").cast(pl.String))
        )
        .group_by("orgnr", maintain_order=True)
        .agg(pl.col("piece"))
        .with_columns(evidence=pl.col("piece").list.join("; "))
        .drop("piece")
    )
    return classified.verdicts.join(why, on="orgnr", how="left", maintain_order="left")


def export_verdicts(classified: Classified, path: Path) -> int:
    """Write the verdicts as CSV or Parquet, by the ending of the name; rows written.

    Texts that a spreadsheet would read as a formula get an apostrophe in CSV. The file is written
    beside its place and moved there whole. A workbook is written from ``export_table`` by
    ``virkestoff.reports.write_xlsx``.

    Raises
    ------
    InputError
        if the ending is another, or the folder cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise InputError(Fault(f"--export {path}", f"ends in '{path.suffix}'",
                               next_step="End the name in .csv, .xlsx or .parquet"))  # fmt: skip
    table = export_table(classified)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".verdicts-", suffix=ending)
    except OSError as problem:
        raise InputError(Fault(f"--export {path}", "cannot be written",
                               why=problem.strerror or str(problem))) from None  # fmt: skip
    os.close(handle)
    beside = Path(name)
    try:
        if ending == ".parquet":
            table.write_parquet(beside)
        else:
            _safe(table).write_csv(beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return table.height


def _safe(table: pl.DataFrame) -> pl.DataFrame:
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    return table.with_columns(
        pl.Series(name, [None if v is None else safe_cell(v) for v in table[name]], pl.String)
        for name in texts
    )
