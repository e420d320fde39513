"""``virkestoff instruments``: support schemes, and the guide from a profile to an answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli import instruments_aid, instruments_ask, instruments_coverage
from virkestoff.cli.instruments_screen import print_columns, print_paragraphs
from virkestoff.cli.screen import console, print_table, state
from virkestoff.errors import Fault, InputError
from virkestoff.language import LANGUAGES, Lang
from virkestoff.reports.guide_json import guide_json
from virkestoff.workbench.instruments import InstrumentsBench

__all__ = ["app", "day_of"]

app = typer.Typer(
    help="Support schemes: who can get what, why, how much, and where the gaps are.",
    no_args_is_help=True,
)
profiles = typer.Typer(help="Profiles: facts of an enterprise and a project.",
                       no_args_is_help=True)  # fmt: skip

LangOption = Annotated[Lang, typer.Option(help="Language: nb or en.")]
DateOption = Annotated[
    str, typer.Option("--date", metavar="DATE", help="The date of the answer (default: today).")
]
DataOption = Annotated[
    Path | None, typer.Option(help="Folder of your own data, where imported registers lie.")
]


def day_of(text: str, default: date | None = None) -> date | None:
    """The date that an option names.

    Raises
    ------
    InputError
        if it is none.
    """
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Fault(f"--date '{text[:40]}'", "is no date", next_step="Write it as 2026-11-24")
        ) from None


@app.command("list")
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
        print_table(bench.unknown_share_table(chosen, day, lang))
    else:
        print_paragraphs(bench.scheme_list_table(chosen, lang))


@app.command()
def show(
    scheme: Annotated[str, typer.Argument(metavar="ID", help="Id of the scheme.")],
    on: DateOption = "",
    lang: LangOption = "nb",
) -> None:
    """Show everything on a scheme: conditions, numbers, sources, what was not found."""
    day = day_of(on) or date.today()
    for table in InstrumentsBench(state.library).scheme_tables(scheme, day, lang):
        print_columns(table)


@app.command()
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


@app.command()
def check(
    profile: Annotated[
        str, typer.Argument(metavar="PROFILE", help="A profile, or an organisation number.")
    ],
    on: DateOption = "",
    scheme: Annotated[
        str, typer.Option(metavar="ID", help="Show every condition of this scheme alone.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for page, PDF, workbook and calendar.")
    ] = None,
    data: DataOption = None,
    lang: LangOption = "nb",
) -> None:
    """Check a profile against all schemes: what fits, why, how much, what is missing."""
    day = day_of(on)
    bench = InstrumentsBench(state.library)
    is_file = Path(profile).suffix in (".yaml", ".yml") or Path(profile).is_file()
    read = (bench.read_profile(Path(profile), data) if is_file
            else bench.profile_from_number(profile, data))  # fmt: skip
    found = bench.guide(read, day)
    if as_json:
        typer.echo(json.dumps(guide_json(found), ensure_ascii=False, indent=2))
    else:
        for note in read.notes:
            console.print(escape(note.in_(lang)))
        for table in bench.entry_tables(found, scheme, lang) if scheme else ():
            print_columns(table)
        for table, named in () if scheme else bench.answer_tables(found, lang):
            print_paragraphs(table, named)
    if out is not None:
        paths = bench.write_answer(out, found, (lang, *(x for x in LANGUAGES if x != lang)))
        for path in () if as_json else paths:
            console.print(escape(str(path)), soft_wrap=True)


@profiles.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    lang: LangOption = "nb",
) -> None:
    """Write an empty profile that explains itself."""
    InstrumentsBench(state.library).new_profile(file, lang)
    console.print(escape(str(file)), soft_wrap=True)


app.add_typer(profiles, name="profile")
instruments_ask.add_to(app)
instruments_aid.add_to(app)
instruments_coverage.add_to(app)
