"""What a section is made of: paragraphs, lists, callouts, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from virkestoff.reports.runs import Number, Run, Runs

__all__ = [
    "Block",
    "Bullets",
    "Callout",
    "Cell",
    "Column",
    "Figure",
    "Paragraph",
    "Table",
    "runs_of",
]

Tone = Literal["note", "warning"]
Align = Literal["left", "right"]
Cell = str | float | int | None | Number | Runs


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Runs


@dataclass(frozen=True)
class Bullets:
    """A list; ``ordered`` numbers it."""

    items: tuple[Runs, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Callout:
    """A note or a warning that stands out, with a heading in words (never colour alone)."""

    title: str
    runs: Runs
    tone: Tone = "note"


@dataclass(frozen=True)
class Column:
    """A table column; ``digits`` are the significant digits of the numbers printed in it."""

    title: str
    unit: str = ""
    align: Align = "left"
    digits: int = 3


@dataclass(frozen=True)
class Table:
    """A table; the first column heads its row when ``row_headers`` is set."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    source_line: str = ""
    row_headers: bool = True


@dataclass(frozen=True)
class Figure:
    """A figure whose ``title`` states the finding, and ``subtitle`` the unit and price year.

    ``alt`` describes the picture for those who do not see it, ``spec`` is a Vega-Lite
    specification, ``columns`` and ``rows`` are the data that it draws.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    spec: Mapping[str, Any] = field(hash=False)
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source_line: str = ""


Block = Paragraph | Bullets | Callout | Table | Figure


def _cells(rows: tuple[tuple[Cell, ...], ...]) -> Iterator[Run]:
    for row in rows:
        for cell in row:
            if isinstance(cell, Number):
                yield cell
            elif isinstance(cell, tuple):
                yield from cell


def runs_of(block: Block) -> Iterator[Run]:
    """Every run of a block, in reading order."""
    match block:
        case Paragraph(runs) | Callout(runs=runs):
            yield from runs
        case Bullets(items):
            for item in items:
                yield from item
        case Table() | Figure():
            yield from _cells(block.rows)
