"""``virkestoff industry``: the map of the industry, from the registers to its projections."""

from __future__ import annotations

import typer

from virkestoff.cli.lazy import lazy_group

_COMMANDS = {
    "import": "virkestoff.cli.industry_import",
    "snapshots": "virkestoff.cli.industry_import",
    "changes": "virkestoff.cli.industry_changes",
    "organisations": "virkestoff.cli.industry_organisations",
    "classify": "virkestoff.cli.industry_classify",
    "population": "virkestoff.cli.industry_statistics",
    "statistics": "virkestoff.cli.industry_statistics",
    "project": "virkestoff.cli.industry_project",
}

app = typer.Typer(
    help="The industry: register, classification, statistics and projections.",
    cls=lazy_group(_COMMANDS),
    no_args_is_help=True,
)


@app.callback()
def _industry() -> None:
    """The industry: register, classification, statistics and projections."""
