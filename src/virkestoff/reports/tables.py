"""Widths of table columns, from what stands in them, for the formats that need them told."""

from __future__ import annotations

from virkestoff.language import Lang
from virkestoff.reports.document import Citation, CrossReference, Run, Table
from virkestoff.reports.numbering import cell_runs

__all__ = ["column_widths", "text_of"]

NARROWEST = 5
WIDEST = 40


def text_of(run: Run) -> str:
    """The letters of a run, near enough to measure it."""
    if isinstance(run, Citation):
        return f"[00, {run.place}]"
    if isinstance(run, CrossReference):
        return f"tabell 00 {run.target}"
    return run.text


def column_widths(table: Table, lang: Lang) -> list[float]:
    """Relative widths: as the longest word demands, and beyond that as the text fills it."""
    widths = []
    for i, column in enumerate(table.columns):
        cells = ["".join(map(text_of, cell_runs(r[i], column, lang))) for r in table.rows]
        heads = f"{column.title} {column.unit}".split()
        words = [w for cell in cells for w in ([cell] if column.align == "right" else cell.split())]
        longest = max(map(len, [*heads, *words]), default=1)
        fullest = max(map(len, [*cells, column.title, column.unit]), default=1)
        widths.append(float(max(NARROWEST, longest + 1, min(WIDEST, fullest))))
    return widths
