"""Widths of table columns, from what stands in them, for the formats that need them told."""

from __future__ import annotations

import re
from dataclasses import replace

from virkestoff.language import Lang
from virkestoff.reports.document import Citation, CrossReference, Run, Table
from virkestoff.reports.numbering import cell_runs

__all__ = ["column_widths", "is_tight", "text_of", "whole_columns"]

WIDEST = 46
"""Letters a column takes before its text is broken into lines."""
GAP = 3.2
"""Space between columns, in letters."""
BOLD = 1.2
"""How much wider a bold letter is."""
FIRST = 26.0
"""Letters that the first column of a divided table gets, where its text fills them."""
HEAD = 15.0
"""Letters of a heading that a column of numbers makes room for before it breaks."""


def text_of(run: Run) -> str:
    """The letters of a run, near enough to measure it."""
    if isinstance(run, Citation):
        return f"[00, {run.place}]"
    if isinstance(run, CrossReference):
        return f"tabell 00 {run.target}"
    return run.text


def _words(text: str) -> list[str]:
    """The pieces a line may break between; a no-break space does not part them."""
    return re.split(r"[ \n]+", text)


def _measure(table: Table, lang: Lang) -> tuple[list[float], list[float]]:
    """What every column needs for its longest word, and wants for its whole text, in letters."""
    needs, wants = [], []
    for i, column in enumerate(table.columns):
        cells = ["".join(map(text_of, cell_runs(row[i], column, lang))) for row in table.rows]
        is_number = column.align == "right"
        words = [w for cell in cells for w in ([cell] if is_number else _words(cell))]
        heads = _words(f"{column.title} {column.unit}")
        need = max([1.0, *map(len, words), *(len(head) * BOLD for head in heads)])
        title = max(float(len(column.unit)), len(column.title) * BOLD)
        filled = max([need, *map(len, cells), min(title, HEAD) if is_number else title])
        needs.append(need + GAP)
        wants.append(max(need, min(float(WIDEST), filled)) + GAP)
    return needs, wants


def whole_columns(table: Table, lang: Lang, letters: float) -> tuple[Table, ...]:
    """The table in parts that fit the text width, each with the first column; one if it fits."""
    needs, wants = _measure(table, lang)
    first = max(needs[0], min(wants[0], FIRST)) if needs else 0.0
    if first + sum(needs[1:]) <= letters or len(needs) < 3:
        return (table,)
    groups: list[list[int]] = [[]]
    for i in range(1, len(needs)):
        if groups[-1] and first + sum(needs[j] for j in groups[-1]) + needs[i] > letters:
            groups.append([])
        groups[-1].append(i)
    each = -(-(len(needs) - 1) // len(groups))
    even = [list(range(i, min(i + each, len(needs)))) for i in range(1, len(needs), each)]
    if all(first + sum(needs[j] for j in group) <= letters for group in even):
        groups = even
    return tuple(_part(table, [0, *group]) for group in groups)


def _part(table: Table, kept: list[int]) -> Table:
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def is_tight(table: Table, lang: Lang, letters: float) -> bool:
    """Whether the longest words do not all fit, so that they must be divided."""
    return sum(_measure(table, lang)[0]) > letters


def column_widths(table: Table, lang: Lang, letters: float) -> list[float]:
    """Widths as shares of the text width, which holds so many ``letters``.

    Every column gets its longest word; what is left goes to the columns whose text would fill it.
    A table that needs less than the text width stays narrow, so that its rows are easy to follow.
    """
    needs, wants = _measure(table, lang)
    room = letters - sum(needs)
    wish = sum(wants) - sum(needs)
    share = 0.0 if wish <= 0 else min(1.0, max(0.0, room / wish))
    widths = [need + (want - need) * share for need, want in zip(needs, wants, strict=True)]
    total = max(letters, sum(widths))
    return [width / total for width in widths]
