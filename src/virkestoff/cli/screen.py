"""What the commands share: the screen, the library folder, and how faults are printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as RichText

from virkestoff.errors import VirkestoffError
from virkestoff.language import visible

__all__ = ["State", "console", "print_table", "state", "to_stderr"]

WHOLE_NAME = 30  # constant: characters
LONGEST_NUMBER = 36  # constant: characters; a longer cell is a sentence with a number in it


class _Screen(Console):
    """A screen that no text steers: control characters of a name or a file are written out."""

    def render_str(self, text: str, **options: Any) -> RichText:
        return super().render_str(visible(text), **options)


console = _Screen(highlight=False)
_errors = _Screen(stderr=True, highlight=False, soft_wrap=True)


@dataclass
class State:
    """Options that stand before the noun."""

    library: Path | None = None


state = State()


def to_stderr(problem: VirkestoffError) -> None:
    """Print every fault on a line of its own."""
    n = len(problem.faults)
    _errors.print(f"[bold red]{'Fault' if n == 1 else f'{n} faults'}[/]; nothing was written.")
    for fault in problem.faults:
        _errors.print(f"  [bold]{escape(fault.where)}[/]: {escape(fault.what)}")
        if fault.why:
            _errors.print(f"    why:  {escape(fault.why)}")
        if fault.next_step:
            _errors.print(f"    next: {escape(fault.next_step)}")


def print_table(table: tuple[str, list[str], list[list[str]], list[str]]) -> None:
    """Print a table: title, columns, rows, notes."""
    title, columns, rows, notes = table
    console.print(f"\n[bold]{escape(title)}[/]")
    shown = Table(box=None, pad_edge=False)
    for index, column in enumerate(columns):
        is_text = not index or all(not any(c.isdigit() for c in row[index]) for row in rows)
        is_text |= max((len(row[index]) for row in rows), default=0) > LONGEST_NUMBER
        justify: Literal["left", "right"] = "left" if is_text else "right"
        # a name is read whole where it leaves room for the numbers
        is_whole = not index and max((len(row[0]) for row in rows), default=0) <= WHOLE_NAME
        shown.add_column(escape(column), justify=justify, overflow="fold", no_wrap=is_whole)
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    console.print(shown)
    for note in notes:
        console.print(escape(note))
