"""``virkestoff study``: list, run, report, new."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from virkestoff.cli import study_decision
from virkestoff.cli.screen import console, state
from virkestoff.language import Lang
from virkestoff.workbench import Workbench

app = typer.Typer(
    help="Answer a commission: run a study and write its report.", no_args_is_help=True
)

WIDE_ENOUGH = 140  # constant: characters that the table with ranges needs

StudyName = Annotated[str, typer.Argument(metavar="SLUG|FOLDER", help="A study's name or folder.")]
LangOption = Annotated[
    Lang | None, typer.Option(help="nb or en (default: both languages are written).")
]
OutOption = Annotated[Path | None, typer.Option(help="Folder for the results.")]


@app.command("list")
def list_(lang: Annotated[Lang, typer.Option(help="nb or en.")] = "nb") -> None:
    """List the studies that came along."""
    for definition in Workbench(state.library).studies():
        console.print(f"[bold]{definition.study}[/]  {escape(definition.title.in_(lang))}")


@app.command()
def run(
    study: StudyName,
    draws: Annotated[int, typer.Option(min=8, max=1_000_000, help="Number of draws.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    out: OutOption = None,
    lang: LangOption = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads.")] = 2,
    block: Annotated[
        int, typer.Option(min=64, help="Draws computed at a time; changes no result.")
    ] = 1250,
    report: Annotated[bool, typer.Option(help="Write the report as well.")] = True,
) -> None:
    """Run a study and write its results and report."""
    bench = Workbench(state.library)
    started = time.perf_counter()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console
    ) as progress:
        task = progress.add_task("Running", total=None)

        def on_step(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        finished = bench.run_study(
            study,
            draws=draws,
            seed=seed,
            out=out,
            langs=(lang,) if lang else ("nb", "en"),
            threads=threads,
            block=block,
            with_report=report,
            on_step=on_step,
        )
    _print_summary(bench, study, finished.folder, lang or "nb")
    console.print(f"\n{draws} draws, seed {seed}, {time.perf_counter() - started:.0f} s")
    for path in finished.files:
        console.print(escape(str(path)), soft_wrap=True)


def _print_summary(bench: Workbench, study: str, folder: Path, lang: Lang) -> None:
    """The alternatives on the screen; a narrow screen gets the medians without their ranges."""
    title, columns, rows, notes = bench.summary_table(study, folder, lang)
    console.print(f"\n[bold]{escape(title)}[/]")
    table = Table(box=None, pad_edge=False)
    is_narrow = console.width < WIDE_ENOUGH
    for index, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if index else "left"
        no_wrap = is_narrow and not index
        table.add_column(escape(column), justify=justify, no_wrap=no_wrap, overflow="fold")
    for row in rows:
        cells = [cell.split(" (")[0] for cell in row] if is_narrow else row
        table.add_row(*(escape(cell) for cell in cells))
    console.print(table)
    if is_narrow:
        notes = [note.replace(_RANGES[lang], "") for note in notes] + [_WIDER[lang]]
    for note in notes:
        console.print(escape(note))


_RANGES = {"nb": ", P10 til P90 i parentes", "en": ", with P10 to P90 in brackets"}
_WIDER = {
    "nb": "Spennet (P10 til P90) står i rapporten, og her i et bredere vindu.",
    "en": "Ranges (P10 to P90) stand in the report, and here in a wider window.",
}


@app.command()
def report(study: StudyName, results: OutOption = None, lang: LangOption = None) -> None:
    """Write the report again from results that are there already."""
    bench = Workbench(state.library)
    for path in bench.write_reports(study, results, (lang,) if lang else ("nb", "en")):
        console.print(escape(str(path)), soft_wrap=True)


@app.command()
def new(name: Annotated[str, typer.Argument(help="Folder to make.")]) -> None:
    """Make a small study of your own that runs, to start from."""
    for path in Workbench(state.library).new_study(Path(name)):
        console.print(escape(str(path)), soft_wrap=True)


study_decision.add_to(app)
