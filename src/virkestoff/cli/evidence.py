"""``virkestoff evidence``: list, show, cite, check, conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from virkestoff.cli import evidence_conflicts
from virkestoff.cli.screen import console, state
from virkestoff.evidence import Fact, Statistic
from virkestoff.language import Lang, format_number
from virkestoff.workbench import Workbench

app = typer.Typer(help="Facts and statistics, their sources and conflicts.", no_args_is_help=True)

LangOption = Annotated[Lang, typer.Option(help="Language of names: nb or en.")]
_MARK = {"read": "", "unverified": "unverified", "assumption": "assumption"}


def value_text(record: Fact | Statistic, lang: Lang) -> str:
    """A value, range or series as text."""
    if isinstance(record, Fact) and record.series:
        years = sorted(record.series)
        return f"{years[0]}-{years[-1]}: {len(years)} values"
    value = record.value
    if value is None:
        return "–"
    numbers = value if isinstance(value, tuple) else (value,)
    shown = [format_number(float(n), lang, 4) for n in numbers]
    return shown[0] if len(shown) == 1 else "[" + "; ".join(shown) + "]"


def unit_text(record: Fact | Statistic) -> str:
    """The unit with its price year."""
    unit = "" if record.unit == "1" else record.unit
    return f"{unit} ({record.price_year})" if record.price_year else unit


@app.command("list")
def list_(
    pattern: Annotated[str, typer.Argument(help="Part of an id or name.")] = "",
    confidence: Annotated[
        str, typer.Option(help="Only read, unverified or assumption.")
    ] = "",
    lang: LangOption = "nb",
) -> None:
    """List facts and statistics."""
    found = Workbench(state.library).evidence(pattern, confidence)
    table = Table(box=None, pad_edge=False)
    for head in ("id", "value", "unit", "confidence", "source"):
        table.add_column(head, overflow="fold", no_wrap=head == "id")  # an id is copied whole
    for record in found:
        table.add_row(
            escape(record.id),
            value_text(record, lang),
            escape(unit_text(record)),
            _MARK[record.confidence] or "read",
            escape(record.source),
        )
    console.print(table)
    console.print(f"{len(found)} records")


@app.command()
def show(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a record or source.")],
    lang: LangOption = "nb",
) -> None:
    """Show one fact, statistic or source with everything that is known of it."""
    bench = Workbench(state.library)
    for label, text in bench.describe(record_id, lang):
        console.print(f"[bold]{label:<14}[/] {escape(text)}", soft_wrap=True)


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
def check() -> None:
    """Check the whole library: sources, units, ranges, dates. Exit code 2 if anything is wrong."""
    library = Workbench(state.library).library
    facts = library.facts.values()
    kinds = ("read", "unverified", "assumption")
    counts = {kind: sum(f.confidence == kind for f in facts) for kind in kinds}
    console.print(
        f"{len(library.facts)} facts ({counts['read']} read, {counts['unverified']} unverified, "
        f"{counts['assumption']} assumptions), {len(library.statistics)} statistics, "
        f"{len(library.sources)} sources: no faults"
    )



evidence_conflicts.add_to(app)
