"""What the commands share: the screen, the library folder, and how faults are printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from virkestoff.errors import VirkestoffError

__all__ = ["State", "console", "state", "to_stderr"]

console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


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
