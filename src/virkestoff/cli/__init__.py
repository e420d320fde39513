"""The command line: one module per noun, one message for all faults, exit code 2 for bad input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import virkestoff
from virkestoff.cli.lazy import lazy_group
from virkestoff.cli.screen import state, to_stderr
from virkestoff.errors import VirkestoffError

__all__ = ["app", "main"]

_NOUNS = {
    noun: f"virkestoff.cli.{noun}"
    for noun in (
        "evidence", "study", "roadmap", "industry", "instruments", "facilities", "search", "check",
    )
}

app = typer.Typer(
    name="virkestoff",
    cls=lazy_group(_NOUNS, guests="virkestoff.commands"),
    help="Decide how a country builds and keeps production of medicines: "
    "evidence, models and studies in one traceable chain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"virkestoff {virkestoff.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    library: Annotated[
        Path | None,
        typer.Option(help="Folder with the library (default: the one that came along)."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print version."),
    ] = False,
) -> None:
    state.library = library


def main() -> None:
    """Run the command line; faults of the input end with one message and exit code 2."""
    state.faults_in = "en"  # a process may run several commands
    try:
        app(prog_name="virkestoff")
    except VirkestoffError as problem:
        to_stderr(problem)
        sys.exit(2)


if __name__ == "__main__":
    main()
