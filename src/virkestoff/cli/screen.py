"""What the commands share: the screen, the library folder, and how faults are printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as RichText

from virkestoff.errors import VirkestoffError
from virkestoff.language import Lang, visible

__all__ = ["State", "console", "print_table", "state", "to_stderr"]

WHOLE_NAME = 30  # constant: characters
_NUMBER = re.compile(r"[^\w]*(?:(?:NOK|EUR|USD|kr)\W*)?\d|[^\w]*\Z")
"""How a cell of numbers begins, or that it is empty or a sign; a name with a digit is text."""
LONGEST_NUMBER = 36  # constant: characters; a longer cell is a sentence with a number in it


class _Screen(Console):
    """A screen that no text steers: control characters of a name or a file are written out."""

    def render_str(self, text: str, **options: Any) -> RichText:
        return super().render_str(visible(text), **options)


console = _Screen(highlight=False)
_errors = _Screen(stderr=True, highlight=False, soft_wrap=True)


@dataclass
class State:
    """Options that stand before the noun, and the language in which faults are told."""

    library: Path | None = None
    faults_in: Lang = "en"


state = State()


def to_stderr(problem: VirkestoffError) -> None:
    """Print every fault on a line of its own."""
    n, is_nb = len(problem.faults), state.faults_in == "nb"
    head = ("Feil" if n == 1 else f"{n} feil") if is_nb else "Fault" if n == 1 else f"{n} faults"
    rest = "ingenting ble skrevet." if is_nb else "nothing was written."
    why, step = ("hvorfor:", "neste:") if is_nb else ("why: ", "next:")
    _errors.print(f"[bold red]{head}[/]; {rest}")
    for fault in problem.faults:
        _errors.print(f"  [bold]{escape(fault.where)}[/]: {escape(fault.what)}")
        if fault.why:
            _errors.print(f"    {why} {escape(fault.why)}")
        if fault.next_step:
            _errors.print(f"    {step} {escape(fault.next_step)}")


def print_table(
    table: tuple[str, list[str], list[list[str]], list[str]], widths: Sequence[int] = ()
) -> None:
    """Print a table: title, columns, rows, notes; ``widths`` of its columns if they are chosen."""
    title, columns, rows, notes = table
    console.print(f"\n[bold]{escape(title)}[/]")
    shown = Table(box=None, pad_edge=False)
    for index, column in enumerate(columns):
        is_text = not index or not all(_NUMBER.match(row[index]) for row in rows)
        is_text |= max((len(row[index]) for row in rows), default=0) > LONGEST_NUMBER
        justify: Literal["left", "right"] = "left" if is_text else "right"
        # a name is read whole where it leaves room for the numbers
        is_whole = (not widths and not index
                    and max((len(row[0]) for row in rows), default=0) <= WHOLE_NAME)  # fmt: skip
        shown.add_column(escape(column), justify=justify, overflow="fold", no_wrap=is_whole,
                         width=widths[index] if widths else None)  # fmt: skip
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    console.print(shown)
    for note in notes:
        console.print(escape(note))
