"""``virkestoff instruments aid``: what aid law says of a profile on a date."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from virkestoff.cli.screen import console, print_table, state
from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang
from virkestoff.workbench.library import Bench

__all__ = ["add_to"]


def _day(text: str) -> date:
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Fault(f"--date '{text}'", "is no date", next_step="Write it as 2026-11-24")
        ) from None


def _plain(value: Any) -> Any:
    """Infinity and NaN as ``null``: JSON has neither."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def aid(
    profile: Annotated[Path, typer.Argument(metavar="PROFILE.yaml", help="Profile with aid:.")],
    on: Annotated[
        str, typer.Option("--date", metavar="DATE", help="Day of the award (default: today).")
    ] = "",
    rates: Annotated[
        Path | None, typer.Option(help="CSV with date,nok_per_eur: official rates by day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    lang: Annotated[Lang, typer.Option(help="Language: nb or en.")] = "nb",
) -> None:
    """Size of enterprise, aid ceilings, de minimis left, cumulation, grant equivalents."""
    from virkestoff.instruments.aid_answer import aid_answer
    from virkestoff.instruments.aid_profile import read_aid_profile
    from virkestoff.instruments.aid_quantities import read_day_rates
    from virkestoff.instruments.aid_record import as_record
    from virkestoff.instruments.aid_words import tables
    from virkestoff.instruments.scheme_files import load_schemes

    library = Bench(state.library).library
    vocabulary = load_schemes(library).vocabulary
    read, section = read_aid_profile(profile, vocabulary)
    day = _day(on) if on or read.on is None else read.on
    given = read_day_rates(rates) if rates else None
    found = aid_answer(library, section, read.facts, day, given)
    if as_json:
        record = _plain(as_record(found, library, lang))
        typer.echo(json.dumps(record, ensure_ascii=False, indent=1))
        return
    for table in tables(found, library, lang):
        print_table(table)
    warning = (
        "Regning på regler som er funnet; ikke juridisk råd."
        if lang == "nb"
        else "Arithmetic on rules that were found; not legal advice."
    )
    console.print(f"\n[dim]{escape(warning)}[/]")


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff instruments``."""
    app.command()(aid)
