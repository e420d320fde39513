"""``virkestoff check``: everything that the library holds, checked at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from virkestoff.cli.instruments_screen import print_columns
from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang
from virkestoff.workbench.upkeep import LookedUp, UpkeepBench

__all__ = ["add_to"]


def check(
    on: Annotated[
        str, typer.Option("--date", metavar="DATE", help="The date of the check (default: today).")
    ] = "",
    links: Annotated[
        bool, typer.Option("--links", help="Ask over the network whether sources still answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    lang: Annotated[Lang, typer.Option(help="Language: nb or en.")] = "nb",
) -> None:
    """Check library, schemes, roadmap, industry and studies; list what is stale or leads nowhere.

    All faults are reported at once, with exit code 2. What is stale is no fault: it is listed.
    Whether the pages of sources still answer is looked up with --links only; nothing else here
    uses a network.
    """
    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        raise InputError(Fault(f"--date '{on[:40]}'", "is no date",
                               next_step="Write it as 2026-11-24")) from None  # fmt: skip
    bench = UpkeepBench(state.library)
    found = bench.check_everything(day, lang)
    if links and not found.faults:
        found = replace(found, links=_looked_up(bench))
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        for part in found.checked:
            console.print(escape(f"{part.name.in_(lang)}: {part.n}"), soft_wrap=True)
        print_columns(found.table(lang))
    if found.faults:
        raise InputError(found.faults)


def _looked_up(bench: UpkeepBench) -> tuple[LookedUp, ...]:
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
        console=Console(stderr=True), transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task("Links", total=None)

        def on_step(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        return bench.look_up_links(on_step)


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff``."""
    app.command()(check)
