"""``virkestoff instruments check`` and ``profile``: from a profile to a reasoned answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.instruments_options import DataOption, DateOption, LangOption, day_of, faults_in
from virkestoff.cli.instruments_screen import print_columns, print_lines, print_paragraphs
from virkestoff.cli.screen import console, state
from virkestoff.language import LANGUAGES
from virkestoff.reports.guide_json import guide_json
from virkestoff.workbench.instruments import InstrumentsBench

__all__ = ["add_to"]

profiles = typer.Typer(help="Profiles: facts of an enterprise and a project.",
                       no_args_is_help=True)  # fmt: skip


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
    bench = InstrumentsBench(state.library)
    bench.schemes  # noqa: B018  faults of the library stay as they are
    with faults_in(lang):
        day = day_of(on)
        is_file = Path(profile).suffix in (".yaml", ".yml") or Path(profile).is_file()
        read = (bench.read_profile(Path(profile), data) if is_file
                else bench.profile_from_number(profile, data))  # fmt: skip
        found = bench.guide(read, day)
    paths: tuple[Path, ...] = ()
    if out is not None:  # before the screen, so that a reader who stops early has the files
        paths = tuple(bench.write_answer(out, found, (lang, *(x for x in LANGUAGES if x != lang))))
    if as_json:
        typer.echo(json.dumps(guide_json(found), ensure_ascii=False, indent=2))
    else:
        for note in found.profile.notes:
            console.print(escape(note.in_(lang)))
        for line in bench.computed_lines(found, lang):
            console.print(escape(line))
        for title, lines in () if scheme else bench.front_lines(found, lang):
            print_lines(title, lines)
        for table in bench.entry_tables(found, scheme, lang) if scheme else ():
            print_columns(table)
        for table, named in () if scheme else bench.answer_tables(found, lang):
            print_paragraphs(table, named)
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


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``virkestoff instruments``."""
    app.command()(check)
    app.add_typer(profiles, name="profile")
