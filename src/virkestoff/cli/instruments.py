"""``virkestoff instruments``: support schemes, and the guide from a profile to an answer."""

from __future__ import annotations

import typer

from virkestoff.cli.lazy import lazy_group

_COMMANDS = {
    "list": "virkestoff.cli.instruments_list",
    "show": "virkestoff.cli.instruments_list",
    "facts": "virkestoff.cli.instruments_list",
    "check": "virkestoff.cli.instruments_check",
    "profile": "virkestoff.cli.instruments_check",
    "ask": "virkestoff.cli.instruments_ask",
    "aid": "virkestoff.cli.instruments_aid",
    "coverage": "virkestoff.cli.instruments_coverage",
    "reform": "virkestoff.cli.instruments_coverage",
    "population": "virkestoff.cli.instruments_coverage",
}

app = typer.Typer(
    help="Support schemes: who can get what, why, how much, and where the gaps are.",
    cls=lazy_group(_COMMANDS),
    no_args_is_help=True,
)


@app.callback()
def _instruments() -> None:
    """Support schemes: who can get what, why, how much, and where the gaps are."""
