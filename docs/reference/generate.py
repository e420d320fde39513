"""Write the reference pages that are made from the code: run ``make docs``.

The pages are checked by tests/house/test_documents.py, so a command cannot change in silence.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import typer.main

from virkestoff.cli import app
from virkestoff.evidence import content_root, load_library
from virkestoff.instruments.scheme_files import load_schemes
from virkestoff.reports.scheme_pages import scheme_pages
from virkestoff.reports.scheme_tables import unknown_table
from virkestoff_hub.commands import app as hub

AS_OF = date(2026, 11, 24)
"""The date for which shares of unknown terms are told."""
HERE = Path(__file__).resolve().parent
HEADING = (
    "# The command line\n\n"
    "Made from the code by `make docs`; do not edit by hand.\n\n"
    "Exit codes: 0 done; 2 something in the input is wrong: one message lists every fault, and\n"
    "nothing is written; 1 a fault of the program itself.\n"
)


def _values(parameter: Any) -> str:
    """The values that an option or argument takes."""
    kind = parameter.type_descriptor.annotation
    alternatives = [part for part in get_args(kind) if part is not type(None)]
    if alternatives and all(isinstance(part, str) for part in alternatives):
        return " or ".join(f"`{part}`" for part in alternatives)
    if len(alternatives) == 1:
        kind = alternatives[0]
        if get_args(kind):
            return " or ".join(f"`{part}`" for part in get_args(kind))
    name = {"str": "text", "int": "integer", "float": "number", "bool": "yes or no"}.get(
        getattr(kind, "__name__", str(kind)), "path"
    )
    low = "" if parameter.min is None else f", at least {parameter.min}"
    high = "" if parameter.max is None else f", at most {parameter.max}"
    return name + low + high


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
    else:
        name = ", ".join([*parameter.opts, *parameter.secondary_opts])
    default = parameter.default
    shown = "" if default in (None, False, "") or callable(default) else f"`{default}`"
    if default is True:
        shown = "yes"
    if parameter.required:
        shown = "required"
    text = (getattr(parameter, "help", "") or "").replace("|", "\\|").replace("\n", " ")
    kind = _values(parameter)
    name = name.replace("|", "\\|")
    return f"| `{name}` | {kind} | {shown} | {text} |"


def _pages(command: Any, path: tuple[str, ...]) -> list[str]:
    """The text for a command and everything below it."""
    heading = "#" * min(len(path) + 1, 4)
    text = [f"\n{heading} `{' '.join(path)}`\n", (command.help or "").strip()]
    parameters = [p for p in command.params if p.name != "help" and not p.hidden]
    if parameters:
        text += ["", "| name | values | default | meaning |", "|---|---|---|---|"]
        text += [_row(parameter) for parameter in parameters]
    if hasattr(command, "list_commands"):
        for name in sorted(set(command.list_commands(None)) - {"hub"}):  # a guest: told below
            text += _pages(command.get_command(None, name), (*path, name))
    return text


def command_line_page() -> str:
    """The page on every command, as Markdown."""
    command, guest = typer.main.get_command(app), typer.main.get_command(hub)
    lines = [*_pages(command, ("virkestoff",)), *_pages(guest, ("virkestoff", "hub"))]
    return HEADING + "\n".join(lines) + "\n"


def unknown_terms_page() -> str:
    """The share of unknown terms of every support scheme, as Markdown."""
    library = load_library(content_root() / "library")
    schemes = load_schemes(library)
    table = unknown_table(schemes, list(schemes.schemes.values()), AS_OF, "en")
    rows = [f"| `{key}` | {name} | {share} | {day} |" for key, name, share, day in table.rows]
    return "\n".join([
        "# What is not known of support schemes", "",
        "Made from the library by `make docs`; do not edit by hand.", "",
        f"As of {AS_OF.isoformat()}. {table.notes[0]} The terms by name, with whom to ask: "
        "`virkestoff instruments show ID`.", "",
        "| scheme | name | unknown terms | last checked |", "|---|---|---|---|", *rows, "",
    ])


def pages() -> dict[str, str]:
    """File name and text of every generated page."""
    library = load_library(content_root() / "library")
    return {
        "command-line.md": command_line_page(), "unknown-terms.md": unknown_terms_page(),
        **scheme_pages(load_schemes(library), library),
    }  # fmt: skip


def write() -> None:
    """Write every page; a page of a scheme that is gone goes too."""
    written = pages()
    for path in (HERE / "schemes").glob("*.md"):
        if f"schemes/{path.name}" not in written:
            path.unlink()
    for file_name, content in written.items():
        (HERE / file_name).parent.mkdir(exist_ok=True)
        (HERE / file_name).write_text(content, encoding="utf-8")
    print(f"wrote {len(written)} pages in docs/reference")


if __name__ == "__main__":
    write()
