"""``virkestoff roadmap``: needs, measures and positions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.markup import escape
from rich.table import Table

from virkestoff.cli.screen import console, state
from virkestoff.language import Lang, Text
from virkestoff.workbench import Workbench

app = typer.Typer(help="Needs, measures, and who says what of them.", no_args_is_help=True)

LangOption = Annotated[Lang, typer.Option(help="Language of texts: nb or en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the records as JSON.")]


def _print_json(records: Mapping[str, BaseModel]) -> None:
    found = [{"id": key, **record.model_dump(mode="json")} for key, record in records.items()]
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _print_rows(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], what: str) -> None:
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print(table)
    console.print(f"{len(rows)} {what}")


@app.command()
def needs(lang: LangOption = "nb", as_json: JsonOption = False) -> None:
    """List what parties say is lacking, with source and place."""
    found = Workbench(state.library).needs()
    if as_json:
        _print_json(found)
        return
    rows = [
        (key, need.name.in_(lang), need.text.in_(lang), f"{need.source}, {need.place}")
        for key, need in found.items()
    ]
    _print_rows(("id", "need", "what is lacking", "source"), rows, "needs")


@app.command()
def measures(lang: LangOption = "nb", as_json: JsonOption = False) -> None:
    """List what is done or proposed, by whom, and which needs it answers."""
    found = Workbench(state.library).measures()
    if as_json:
        _print_json(found)
        return
    rows = [
        (
            key,
            measure.name.in_(lang),
            measure.status,
            measure.responsible.in_(lang),
            ", ".join(measure.needs),
            f"{measure.source}, {measure.place}",
        )
        for key, measure in found.items()
    ]
    heads = ("id", "measure", "status", "responsible", "needs", "source")
    _print_rows(heads, rows, "measures")


@app.command()
def positions(
    topic: Annotated[str, typer.Option(help="Only what is said of this topic.")] = "",
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """List who says what, with condition, interest, source and place."""
    found = Workbench(state.library).positions(topic)
    if as_json:
        _print_json(found)
        return

    def text(value: Text | None) -> str:
        return value.in_(lang) if value else ""

    rows = [
        (
            p.topic,
            p.who,
            p.stance,
            p.says.in_(lang),
            text(p.condition),
            text(p.interest),
            f"{p.source}, {p.place}",
        )
        for p in found.values()
    ]
    heads = ("topic", "who", "stance", "says", "condition", "interest", "source")
    _print_rows(heads, rows, "positions")
