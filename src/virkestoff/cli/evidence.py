"""``virkestoff evidence``: list, subjects, show, cite, check, conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli import evidence_conflicts, evidence_list
from virkestoff.cli.screen import console, state
from virkestoff.evidence import find_conflicts
from virkestoff.evidence.conflicts import conflicts_touching
from virkestoff.language import Lang
from virkestoff.workbench import Workbench

app = typer.Typer(help="Facts and statistics, their sources and conflicts.", no_args_is_help=True)

LangOption = Annotated[Lang, typer.Option(help="Language of names: nb or en.")]
@app.command()
def show(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a record or source.")],
    lang: LangOption = "nb",
) -> None:
    """Show one fact, statistic or source with everything that is known of it."""
    bench = Workbench(state.library)
    for label, text in bench.describe(record_id, lang):
        console.print(f"[bold]{label:<14}[/] {escape(text)}", soft_wrap=True)
    if record_id not in bench.library.statistics:
        return
    label = "uenighet" if lang == "nb" else "conflict"
    for conflict in conflicts_touching(bench.library, [record_id]):
        head, *rest = evidence_conflicts.conflict_lines(conflict, bench.library, lang)
        console.print(f"[bold]{label:<14}[/] {escape(head)}", soft_wrap=True)
        for line in rest:
            console.print(escape(line), soft_wrap=True)


@app.command()
def cite(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A fact id, or STUDY:ALTERNATIVE.OUTCOME.")
    ],
    results: Annotated[
        Path | None, typer.Option(help="Folder of the run (default: results/STUDY).")
    ] = None,
    lang: LangOption = "nb",
) -> None:
    """Say where a number comes from: a source, or an alternative with its facts and seed."""
    for line in Workbench(state.library).cite(name, results, lang):
        console.print(escape(line), soft_wrap=True)


@app.command()
def check(lang: LangOption = "en") -> None:
    """Check the whole library: sources, units, ranges, dates. Exit code 2 if anything is wrong."""
    library = Workbench(state.library).library
    facts = library.facts.values()
    kinds = ("read", "unverified", "assumption")
    counts = {kind: sum(f.confidence == kind for f in facts) for kind in kinds}
    n_facts, n_statistics = len(library.facts), len(library.statistics)
    if lang == "nb":
        said = (
            f"{n_facts} fakta ({counts['read']} lest, {counts['unverified']} ikke etterprøvd, "
            f"{counts['assumption']} antakelser), {n_statistics} statistiske tall, "
            f"{len(library.sources)} kilder: ingen feil"
        )
    else:
        said = (
            f"{n_facts} facts ({counts['read']} read, {counts['unverified']} unverified, "
            f"{counts['assumption']} assumptions), {n_statistics} statistics, "
            f"{len(library.sources)} sources: no faults"
        )
    console.print(said)
    console.print(evidence_conflicts.summary(find_conflicts(library), lang))


evidence_list.add_to(app)
evidence_conflicts.add_to(app)
