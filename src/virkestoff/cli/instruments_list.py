"""``virkestoff instruments list``, ``show`` and ``facts``: what the library holds."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.instruments_options import DateOption, LangOption, day_of
from virkestoff.cli.instruments_screen import print_columns, print_fitting, print_paragraphs
from virkestoff.cli.screen import console, state
from virkestoff.workbench.instruments import InstrumentsBench

__all__ = ["add_to"]


def list_schemes(
    kind: Annotated[str, typer.Option(help="grant, tax_credit, loan, guarantee, ...")] = "",
    status: Annotated[str, typer.Option(help="existing, proposed or ended.")] = "",
    phase: Annotated[str, typer.Option(help="A phase: idea, research, pilot, export, ...")] = "",
    provider: Annotated[str, typer.Option(help="Words of who runs it.")] = "",
    search: Annotated[str, typer.Option(help="Words of name, summary or provider.")] = "",
    unknowns: Annotated[
        bool, typer.Option("--unknowns", help="Show the share of unknown terms of each.")
    ] = False,
    on: DateOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    lang: LangOption = "nb",
) -> None:
    """List the schemes, all or some."""
    day = day_of(on) or date.today()
    bench = InstrumentsBench(state.library)
    chosen = bench.choose_schemes(kind=kind, status=status, phase=phase, provider=provider,
                                  search=search)  # fmt: skip
    if as_json:
        found = [
            {"id": s.id, "name": s.name.model_dump(), "provider": s.provider.model_dump(),
             "kind": s.kind, "status": s.status, "phases": list(s.phases.named),
             "unknown_share": bench.schemes.unknown_share(s.id, day),
             "last_checked": s.last_checked.isoformat()}
            for s in chosen
        ]  # fmt: skip
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif unknowns:
        title, columns, rows, notes = bench.unknown_share_table(chosen, day, lang)
        print_fitting((title, columns[1:], [row[1:] for row in rows], notes))  # names are enough
    else:
        print_paragraphs(bench.scheme_list_table(chosen, day, lang))


def show(
    scheme: Annotated[str, typer.Argument(metavar="ID", help="Id of the scheme.")],
    on: DateOption = "",
    lang: LangOption = "nb",
) -> None:
    """Show everything on a scheme: conditions, numbers, sources, what was not found."""
    day = day_of(on) or date.today()
    for table in InstrumentsBench(state.library).scheme_tables(scheme, day, lang):
        print_columns(table)


def facts(
    search: Annotated[str, typer.Argument(help="Words of the fact's name or question.")] = "",
    lang: LangOption = "nb",
) -> None:
    """List the facts that a profile may hold."""
    terms = InstrumentsBench(state.library).schemes.vocabulary.terms.values()
    for term in terms:
        text = f"{term.id} {term.name.in_(lang)} {term.question.in_(lang)}"
        if search.casefold() in text.casefold() and (search or term.id.count(".") == 1):
            unit = f" [{term.unit}]" if term.unit and term.unit != "1" else ""
            choices = f" [{', '.join(term.choices)}]" if term.choices else ""
            console.print(f"[bold]{term.id}[/]  {escape(term.question.in_(lang) + unit + choices)}",
                          soft_wrap=True)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``virkestoff instruments``."""
    app.command("list")(list_schemes)
    app.command()(show)
    app.command()(facts)
