"""``virkestoff industry``: the map of the industry, from the registers to its projections."""

from __future__ import annotations

import typer

from virkestoff.cli import (
    industry_classify,
    industry_import,
    industry_organisations,
    industry_project,
)

app = typer.Typer(
    help="The industry: register, classification, statistics and projections.",
    no_args_is_help=True,
)
# each command stands in a module of its own, which adds it
industry_import.add_to(app)
industry_organisations.add_to(app)
industry_classify.add_to(app)
industry_project.add_to(app)
