"""``virkestoff study``: check, explain, diff, sensitivity: what a decision rests on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from virkestoff.cli.screen import console, print_table, state
from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang
from virkestoff.workbench import Workbench

__all__ = ["add_to"]

StudyName = Annotated[str, typer.Argument(metavar="SLUG|FOLDER", help="A study's name or folder.")]
LangOption = Annotated[Lang, typer.Option(help="nb or en.")]
ResultsOption = Annotated[
    Path | None, typer.Option(help="Folder of the run (default: results/STUDY).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to ``virkestoff study``."""
    app.command()(check)
    app.command()(explain)
    app.command()(diff)
    app.command()(sensitivity)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def check(study: StudyName, results: ResultsOption = None, lang: LangOption = "nb") -> None:
    """Check that the recommendation follows from results. Exit code 2 if it does not."""
    tables = Workbench(state.library).check_study(study, results, lang)
    for table in tables:
        print_table(table)
    if tables:
        held = (
            "Anbefalingen følger av regelen sin, eller studien sier hvorfor den fraviker den."
            if lang == "nb"
            else "The recommendation follows from its rule, or the study says why it departs."
        )
    elif lang == "nb":
        held = "Resultatene hører til studien, som ikke har noen avgjørelse (decision:)."
    else:
        held = "The results belong to the study, which has no decision (decision:)."
    console.print(f"\n{held}")


def explain(
    names: Annotated[
        list[str],
        typer.Argument(metavar="STUDY:A B | STUDY A B", help="A study and two alternatives."),
    ],
    results: ResultsOption = None,
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """Explain the difference in net present cost between two alternatives, in parts that sum."""
    study, a, b = _three(names)
    bench = Workbench(state.library)
    if as_json:
        _print_json(bench.explain(study, a, b, results).as_dict())
    else:
        print_table(bench.explanation_table(study, a, b, results, lang))


def _three(names: list[str]) -> tuple[str, str, str]:
    """The study and the two alternatives, from two words or three."""
    parts = names
    if len(names) == 2 and ":" in names[0]:
        study, _, first = names[0].rpartition(":")
        parts = [study, first, names[1].removeprefix(f"{study}:")]
    if len(parts) != 3 or not all(parts):
        raise InputError(
            Fault(
                f"study explain {' '.join(names)}",
                "needs a study and two alternatives",
                next_step="Write STUDY:A B, such as antibiotics:buffer bulk_stock",
            )
        )
    return parts[0], parts[1], parts[2]


def diff(
    before: Annotated[Path, typer.Argument(metavar="DIR_A", help="Folder of the first run.")],
    after: Annotated[Path, typer.Argument(metavar="DIR_B", help="Folder of the second run.")],
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """Show what changed between two runs of a study: inputs, outcomes beyond noise, advice."""
    bench = Workbench(state.library)
    found = bench.diff(before, after)
    if as_json:
        _print_json(found)
        return
    for table in bench.diff_tables(found, lang):
        print_table(table)


def sensitivity(
    study: StudyName,
    run: Annotated[str, typer.Option(help="Alternative or probe.")],
    outcome: Annotated[str, typer.Option(help="Outcome of the study or account_*.")],
    base: Annotated[int, typer.Option(min=16, max=65536, help="Base rows of the design.")] = 256,
    facts: Annotated[int, typer.Option(min=1, max=64, help="Facts that stand alone.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 1,
    results: ResultsOption = None,
    lang: LangOption = "nb",
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads.")] = 2,
    as_json: JsonOption = False,
) -> None:
    """Decompose the variance of an outcome: Sobol indices of facts, of all others and of chance."""
    bench = Workbench(state.library)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True) if as_json else console,
    ) as progress:
        task = progress.add_task("Running", total=None)

        def on_step(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        found, path = bench.sensitivity(
            study, run, outcome, base=base, facts=facts, seed=seed, out=results,
            threads=threads, on_step=on_step,
        )  # fmt: skip
    if as_json:
        _print_json(found)
        return
    print_table(bench.sensitivity_table(study, found, lang))
    console.print(escape(str(path)), soft_wrap=True)
