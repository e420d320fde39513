"""How the guide prints tables on any screen: a scheme a paragraph, or columns of text."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from virkestoff.cli.screen import console

__all__ = ["print_columns", "print_paragraphs"]

ScreenTable = tuple[str, list[str], list[list[str]], list[str]]
_EMPTY = ("", "–")


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
