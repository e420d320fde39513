"""Widths of table columns, from what stands in them, for the formats that need them told."""

from __future__ import annotations

import re
from dataclasses import replace

from virkestoff.language import Lang
from virkestoff.reports.document import Citation, CrossReference, Number, Run, Table
from virkestoff.reports.fonts import width_of
from virkestoff.reports.numbering import cell_runs, mark_letter

__all__ = [
    "column_widths",
    "is_tight",
    "letters_of",
    "natural_width",
    "row_lines",
    "text_of",
    "whole_columns",
]

GAP = 1.3
"""Space between columns, in ems."""
FIRST = 13.0
"""Ems that the first column of a divided table gets, where its text fills them."""
NAME = 24
"""Letters above which a name without spaces is divided after its stops."""
POWER = 4
"""How nearly the height of a row is the height of its highest cell."""
STEP = 0.5
"""Ems by which a column is widened at a time."""
MOVES = (0.5, 1.0, 2.0, 4.0)
"""Ems that are tried to move from one column to another."""
SPACE = 0.2
"""Width of a space, in ems."""
HEAD = 7.5
"""Ems of a heading that a column of numbers makes room for before it breaks."""
_BOLD = "SourceSansPro-Bold.ttf"


def text_of(run: Run) -> str:
    """The letters of a run, near enough to measure it."""
    if isinstance(run, Citation):
        return f"[00, {run.place}]"
    if isinstance(run, CrossReference):
        return f"tabell 00 {run.target}"
    if isinstance(run, Number):
        return run.text + mark_letter(run.mark)
    return run.text


def _words(text: str) -> list[str]:
    """The pieces a line may break between; a no-break space does not part them."""
    if len(text) > NAME and " " not in text:
        return re.findall(r"[^._/]+[._/]*", text)
    return re.split(r"[ \n]+", text)


def _measure(table: Table, lang: Lang) -> tuple[list[float], list[float]]:
    """What every column needs for its longest word, and fills with its whole text, in ems."""
    needs, wants = [], []
    for column, cells in zip(table.columns, _texts(table, lang), strict=True):
        is_number = column.align == "right"
        lines = [width_of(cell) for cell in cells]
        words = lines if is_number else [width_of(w) for cell in cells for w in _words(cell)]
        heads = [width_of(w, _BOLD) for w in _words(f"{column.title} {column.unit}")]
        title = max(width_of(column.unit), width_of(column.title, _BOLD))
        need = max([0.5, *words, *heads])
        wants.append(max([need, *lines, min(title, HEAD) if is_number else title]) + GAP)
        needs.append(need + GAP)
    return needs, wants


def _texts(table: Table, lang: Lang) -> list[list[str]]:
    """The text of every cell, by columns."""
    return [
        ["".join(map(text_of, cell_runs(row[i], column, lang))) for row in table.rows]
        for i, column in enumerate(table.columns)
    ]


def letters_of(table: Table, lang: Lang) -> list[int]:
    """The letters of the longest cell of each column."""
    return [max(map(len, cells), default=0) for cells in _texts(table, lang)]


def natural_width(table: Table, lang: Lang) -> float:
    """Ems that a table fills where no text is broken."""
    return sum(_measure(table, lang)[1])


def whole_columns(table: Table, lang: Lang, room: float) -> tuple[Table, ...]:
    """The table in parts that fit the text width, each with the first column; one if it fits."""
    needs, wants = _measure(table, lang)
    first = max(needs[0], min(wants[0], FIRST)) if needs else 0.0
    if first + sum(needs[1:]) <= room or len(needs) < 3:
        return (table,)
    groups: list[list[int]] = [[]]
    for i in range(1, len(needs)):
        if groups[-1] and first + sum(needs[j] for j in groups[-1]) + needs[i] > room:
            groups.append([])
        groups[-1].append(i)
    each = -(-(len(needs) - 1) // len(groups))
    even = [list(range(i, min(i + each, len(needs)))) for i in range(1, len(needs), each)]
    if all(first + sum(needs[j] for j in group) <= room for group in even):
        groups = even
    return tuple(_part(table, [0, *group]) for group in groups)


def _part(table: Table, kept: list[int]) -> Table:
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def is_tight(table: Table, lang: Lang, room: float) -> bool:
    """Whether the longest words do not all fit, so that they must be divided."""
    return sum(_measure(table, lang)[0]) > room


def column_widths(table: Table, lang: Lang, room: float) -> list[float]:
    """Widths as shares of the text width, which is ``room`` ems.

    Every column gets its longest word. Where the whole text has no room, what is left goes step
    by step to the column that shortens the table most, so that a column of long text is wide
    and a column of short answers narrow. A table that needs less than the text width stays
    narrow, so that its rows are easy to follow.
    """
    needs, wants = _measure(table, lang)
    widths = list(wants) if sum(wants) <= room else _shared(table, lang, needs, wants, room)
    total = max(room, sum(widths))
    return [width / total for width in widths]


def row_lines(table: Table, lang: Lang, room: float) -> list[int]:
    """Lines that each row fills when the columns have their widths."""
    widths = column_widths(table, lang, room)
    columns = [
        [_lines([width_of(w) for w in _words(cell)], width * room - GAP) for cell in cells]
        for cells, width in zip(_texts(table, lang), widths, strict=True)
    ]
    return [max(row) for row in zip(*columns, strict=True)]


def _shared(
    table: Table, lang: Lang, needs: list[float], wants: list[float], room: float
) -> list[float]:
    """Widths between what columns need and want, with the sum of the row heights small.

    A row is about as high as its highest cell: with text n_j long in a column w_j wide the norm
    (sum_j (n_j / w_j)^p)^(1/p), which for p = 4 is near the largest and still smooth. A step
    more in column j lowers it by h^(1-p) (n_j / w_j)^p / w_j.
    """
    texts = [[max(1.0, width_of(cell)) for cell in cells] for cells in _texts(table, lang)]
    rows = list(zip(*texts, strict=True))
    widths = list(needs)
    while sum(widths) + STEP <= room:
        gains = [0.0] * len(widths)
        for row in rows:
            lines = [(n / max(1.0, w - GAP)) ** POWER for n, w in zip(row, widths, strict=True)]
            height = sum(lines) ** (1 / POWER - 1)
            for j, line in enumerate(lines):
                gains[j] += height * line / widths[j]
        open_columns = [j for j in range(len(widths)) if widths[j] + STEP <= wants[j] + STEP / 2]
        if not open_columns:
            break
        widths[max(open_columns, key=lambda j: gains[j])] += STEP
    return _fewest_lines(table, lang, widths, needs)


def _fewest_lines(table: Table, lang: Lang, widths: list[float], needs: list[float]) -> list[float]:
    """Move width between columns as long as that saves lines: the norm knows no whole lines."""
    texts = [[[width_of(w) for w in _words(cell)] for cell in cells]
             for cells in _texts(table, lang)]  # fmt: skip
    heights = [[_lines(cell, w - GAP) for cell in cells]
               for cells, w in zip(texts, widths, strict=True)]  # fmt: skip
    total = sum(map(max, zip(*heights, strict=True)))
    moves = [(i, j, step) for step in MOVES for i in range(len(widths))
             for j in range(len(widths)) if i != j]  # fmt: skip
    found = True
    while found:
        found = False
        for giver, taker, step in moves:
            if widths[giver] - step < needs[giver]:
                continue
            tried = list(heights)
            for j, change in ((giver, -step), (taker, step)):
                tried[j] = [_lines(cell, widths[j] + change - GAP) for cell in texts[j]]
            lines = sum(map(max, zip(*tried, strict=True)))
            if lines < total:
                total, heights, found = lines, tried, True
                widths[giver] -= step
                widths[taker] += step
    return widths


def _lines(words: list[float], width: float) -> int:
    """Lines that words of these widths fill in a column."""
    lines, used = 1, -SPACE
    for word in words:
        if used + SPACE + word > width and used > 0:
            lines, used = lines + 1, -SPACE
        used += SPACE + word
    return lines
