"""What each actor gains or loses: expected, and in the worst tenth of the draws."""

from __future__ import annotations

from virkestoff.language import format_number
from virkestoff.reports.document import Cell, Column, Number, Table
from virkestoff.reports.outcome_tables import column_scales
from virkestoff.reports.study_context import StudyContext

__all__ = ["actors_table"]


def actors_table(context: StudyContext) -> Table:
    """A row an alternative, a column an actor whom any alternative touches."""
    d, worst = context.definition, context.results["worst_decile"]
    runs = tuple(d.alternatives)
    actors = [
        actor
        for actor in (*d.actors.public, *d.actors.private)
        if any(worst[run][actor] for run in runs)
    ]
    outcomes = [f"account_net_{actor}" for actor in actors]
    scales = column_scales(context, outcomes, runs)
    columns = [Column(context.say("Alternativ", "Alternative"))]
    for actor, (_, words) in zip(actors, scales, strict=True):
        columns.append(Column(context.actor_name(actor), words, "right"))
    rows: list[tuple[Cell, ...]] = []
    for run in runs:
        cells: list[Cell] = [context.alternative_name(run)]
        for actor, outcome, (size, _) in zip(actors, outcomes, scales, strict=True):
            summary = context.summary(run, outcome)
            mean = summary["mean"] if summary else 0.0
            text = format_number(mean / size, context.lang)
            if worst[run][actor] != mean:
                text += f" ({format_number(worst[run][actor] / size, context.lang)})"
            origin = f"{context.alternative_name(run)}: {context.outcome_name(outcome)}"
            cells.append(Number(f"{run}.{outcome}", text, context.run_marks[run], origin))
        rows.append(tuple(cells))
    caption = context.say(
        "Hva hver aktør vinner eller taper mot i dag, ventet og i den verste tidelen",
        "What each actor gains or loses against today, expected and in the worst tenth",
    )
    note = context.say(
        f"Nåverdi. Forventet, og i parentes gjennomsnittet av den tidelen av trekkene som er verst "
        f"for aktøren. Minus er tap. Priser fra {d.price_year}.",
        f"Present value. Expected, and in brackets the mean of the tenth of the draws that is "
        f"worst for the actor. Minus is a loss. Prices of {d.price_year}.",
    )
    return Table("actors", caption, tuple(columns), tuple(rows), (note,))
