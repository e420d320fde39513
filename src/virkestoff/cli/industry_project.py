"""``virkestoff industry project``: published projections rebuilt, targets, frozen rounds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.screen import console, print_table, state
from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.language import Lang
from virkestoff.workbench import Workbench

__all__ = ["add_to"]

CHARTS = (".svg", ".png")
TABLES = (".csv", ".xlsx", ".parquet", ".dta", ".sav")


_WRITTEN = {"nb": "Skrevet", "en": "Written"}
_SHOWN = {
    "nb": "Uten --out og --chart vises tabellene på skjermen.",
    "en": "Without --out and --chart the tables are shown on the screen.",
}


def _reasons(given: list[str]) -> dict[str, str]:
    """``scenario=why`` as a mapping."""
    faults = FaultCollector()
    found = {}
    for item in given:
        name, mark, why = item.partition("=")
        if not mark or not name.strip() or not why.strip():
            faults.add(f"--reason '{item}'", "is not SCENARIO=WHY",
                       next_step='Write --reason turnover_2030_base="new base year"')  # fmt: skip
        found[name.strip()] = why.strip()
    faults.raise_if_any()
    return found


def _check_suffix(path: Path | None, option: str, known: tuple[str, ...]) -> None:
    if path is not None and path.suffix.lower() not in known:
        raise InputError(
            Fault(f"{option} {path}", "is of no known kind", next_step=f"End it {', '.join(known)}")
        )


def project(
    chart: Annotated[
        Path | None,
        typer.Option(help="Draw the paths: FILE.svg or .png; the measure is added to the name."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=f"Write the paths: FILE{' or '.join(TABLES)}.")
    ] = None,
    freeze: Annotated[
        str, typer.Option(metavar="NAME", help="Freeze the projections as a round of this name.")
    ] = "",
    made: Annotated[
        str, typer.Option(metavar="DATE", help="The round's date (default: today).")
    ] = "",
    reason: Annotated[
        list[str] | None,
        typer.Option(metavar="SCENARIO=WHY", help="Why a scenario differs from the last round."),
    ] = None,
    rounds: Annotated[
        bool, typer.Option("--rounds", help="Show what moved between the frozen rounds.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="Folder of your own data, where rounds are kept.")
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language: nb or en.")] = "nb",
) -> None:
    """Rebuild the published projections, beside what they printed, what came, and the targets."""
    _check_suffix(chart, "--chart", CHARTS)
    _check_suffix(out, "--out", TABLES)
    bench = Workbench(state.library)
    if freeze:
        day = _date(made) if made else date.today()
        path, kept = bench.freeze_round(freeze, day, _reasons(reason or []), data)
        said = "tall frosset i" if lang == "nb" else "figures frozen in"
        console.print(f"{kept.id}: {len(kept.rows)} {said} {path}", soft_wrap=True)
        return
    if rounds:
        for table in bench.revision_tables(data, lang):
            print_table(table)
        return
    tables = bench.projection_tables(lang)
    if not (out or chart):
        for table in tables:
            print_table(table)
        return
    written = [*(bench.write_projections(out, date.today(), lang) if out else ())]
    written += bench.draw_projections(chart, lang) if chart else []
    rows = "rader" if lang == "nb" else "rows"
    for title, _, body, _ in tables:
        console.print(f"{escape(title)}: {len(body)} {rows}", soft_wrap=True)
    console.print(_SHOWN[lang], soft_wrap=True)
    for file in written:
        console.print(f"{_WRITTEN[lang]}: {escape(str(file))}", soft_wrap=True)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Fault(f"--made '{text}'", "is no date", next_step="Write it as 2026-11-24")
        ) from None


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff industry``."""
    app.command()(project)
