"""Coverage as a file: a row a place, with codes, words, numbers and the schemes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from virkestoff.instruments.coverage import Coverage
from virkestoff.language import Lang, format_date
from virkestoff.reports.coverage_tables import CoverageTables
from virkestoff.reports.coverage_words import DIMENSION_WORDS
from virkestoff.reports.industry_files import LabelledTable, write_labelled

__all__ = ["write_coverage"]


def write_coverage(
    found: Coverage, tables: CoverageTables, path: Path, as_of: date, lang: Lang
) -> tuple[Path, ...]:
    """Write as the file's name ends: .csv, .xlsx, .parquet, .dta or .sav; the files written.

    Raises
    ------
    InputError
        if the format is unknown or the file cannot be written.
    """
    say = tables.say
    rows = []
    for cell in found.cells:
        row: dict[str, object] = {}
        for k, (name, code) in enumerate(zip(found.by, cell.place, strict=True)):
            row[name] = code
            row[f"{name}_name"] = tables.code(found, k, code)
        row |= {"schemes": cell.n}
        if found.weight != "number":
            row |= {"low": cell.low, "high": cell.high, "n_unknown": cell.n_unknown}
        rows.append(row | {"ids": " ".join(cell.schemes)})
    labels = {name: DIMENSION_WORDS[name].in_(lang) for name in found.by}
    labels |= {f"{name}_name": DIMENSION_WORDS[name].in_(lang) for name in found.by}
    labels |= {
        "schemes": say("Ordninger", "Schemes"), "low": say("Fra", "From"), "high": say("Til", "To"),
        "n_unknown": say("Ukjent", "Unknown"), "ids": say("Ordningenes id", "Ids of the schemes"),
    }  # fmt: skip
    about = (
        (say("Innhold", "Content"), tables.coverage_title(found)),
        (say("Dato", "Date"), format_date(found.on, lang)),
        *((say("Merknad", "Note"), note) for note in tables.coverage(found).notes),
    )
    kinds = {"schemes": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n_unknown": pl.Int64}
    columns = list(rows[0]) if rows else [*found.by, "schemes", "ids"]
    schema = {c: kinds.get(c, pl.String) for c in columns}
    table = LabelledTable("coverage", pl.DataFrame(rows, schema=schema), labels, about)
    return write_labelled(table, path, as_of, lang)
