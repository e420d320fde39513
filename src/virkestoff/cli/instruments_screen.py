"""How the guide prints tables on any screen: a scheme a paragraph, or columns of text."""

from __future__ import annotations

import re

from rich.markup import escape
from rich.table import Table

from virkestoff.cli.screen import console, print_table

__all__ = ["print_columns", "print_fitting", "print_lines", "print_paragraphs"]

ScreenTable = tuple[str, list[str], list[list[str]], list[str]]
_EMPTY = ("", "–")
_GAP = "  "
_BREAKS = re.compile("[ \n]")
"""Where a cell may be divided; never at a space that keeps a number and its unit together."""
_LONG = 120  # constant: letters of a cell that is a list rather than an entry


def print_lines(title: str, lines: list[str]) -> None:
    """A heading and its lines."""
    console.print(f"\n[bold]{escape(title)}[/]")
    for line in lines:
        console.print(f"  {escape(line)}", soft_wrap=True)


def print_paragraphs(table: ScreenTable, named: tuple[int, ...] = ()) -> None:
    """A row a paragraph: the first cell in bold, the others below it.

    Parameters
    ----------
    named : columns whose heading stands before the text, each on a line of its own
    """
    title, columns, rows, notes = table
    console.print(f"\n[bold]{escape(title)}[/] ({len(rows)})")
    before = ""
    for row in rows:
        if row[0] and row[0] != before:
            console.print(f"  [bold]{escape(row[0])}[/]", soft_wrap=True)
        before = row[0]
        plain = [cell for k, cell in enumerate(row) if k and k not in named and cell not in _EMPTY]
        if plain:
            console.print(f"    {escape(' · '.join(plain))}", soft_wrap=True)
        for k in named:
            if row[k] not in _EMPTY:
                console.print(f"    {escape(columns[k])}: {escape(row[k])}", soft_wrap=True)
    for note in notes:
        console.print(f"[dim]{escape(note)}[/]")


def print_fitting(table: ScreenTable) -> None:
    """A table of columns where no word of it must be broken for the screen, else paragraphs."""
    _, columns, rows, _ = table
    longest = [
        max(len(word) for cell in (column, *(row[k] for row in rows))
            for word in _BREAKS.split(cell))
        for k, column in enumerate(columns)
    ]  # fmt: skip
    fits = sum(longest) + len(_GAP) * (len(columns) - 1) <= console.width
    tall = any(len(cell) > _LONG for row in rows for cell in row)
    if fits and not tall:
        print_table(table, _widths(longest, columns, rows))
    else:
        flat = (table[0], [c.replace("\n", " ") for c in columns], rows, table[3])
        print_paragraphs(flat, tuple(range(1, len(columns))))


def _widths(longest: list[int], columns: list[str], rows: list[list[str]]) -> list[int]:
    """The room of the screen divided: each column its longest word, then what its lines want."""
    wanted = [
        max(len(line) for cell in (column, *(row[k] for row in rows)) for line in cell.split("\n"))
        for k, column in enumerate(columns)
    ]  # fmt: skip
    found = list(longest)
    room = console.width - len(_GAP) * (len(columns) - 1) - sum(found)
    while room > 0 and (short := [k for k, w in enumerate(found) if w < wanted[k]]):
        narrowest = min(short, key=lambda k: found[k] / wanted[k])
        found[narrowest] += 1
        room -= 1
    return found


def print_columns(table: ScreenTable) -> None:
    """A table of text: every column to the left, words kept whole where they fit."""
    title, columns, rows, notes = table
    console.print(f"\n[bold]{escape(title)}[/]")
    shown = Table(box=None, pad_edge=False, show_header=any(columns))
    for column in columns:
        shown.add_column(escape(column), overflow="fold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    console.print(shown)
    for note in notes:
        console.print(f"[dim]{escape(note)}[/]")
