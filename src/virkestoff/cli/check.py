"""``virkestoff check``: everything that the library holds, checked at once, without a network."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.instruments_screen import print_columns
from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang
from virkestoff.workbench.upkeep import UpkeepBench

__all__ = ["add_to"]


def check(
    on: Annotated[
        str, typer.Option("--date", metavar="DATE", help="The date of the check (default: today).")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    lang: Annotated[Lang, typer.Option(help="Language: nb or en.")] = "nb",
) -> None:
    """Check library, schemes, roadmap, industry and studies; list what is stale or leads nowhere.

    All faults are reported at once, with exit code 2. What is stale is no fault: it is listed.
    Whether a page still answers is not looked up; there is no network here.
    """
    try:
        day = date.fromisoformat(on) if on else date.today()
    except ValueError:
        raise InputError(Fault(f"--date '{on[:40]}'", "is no date",
                               next_step="Write it as 2026-11-24")) from None  # fmt: skip
    found = UpkeepBench(state.library).check_everything(day, lang)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        for part in found.checked:
            console.print(escape(f"{part.name.in_(lang)}: {part.n}"), soft_wrap=True)
        print_columns(found.table(lang))
    if found.faults:
        raise InputError(found.faults)


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff``."""
    app.command()(check)
