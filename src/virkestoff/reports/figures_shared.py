"""What the figures of a study share: columns of their data, parts that count, source line."""

from __future__ import annotations

from collections.abc import Mapping

from virkestoff.language import format_number
from virkestoff.reports.document import Column
from virkestoff.reports.study_context import StudyContext
from virkestoff.studies import Statistic

__all__ = ["largest_parts", "made_by", "range_columns"]

PARTS_SHOWN = 9


def range_columns(
    context: StudyContext, first: str, unit: str, statistic: Statistic = "median"
) -> tuple[Column, ...]:
    """Columns of the data of a figure: what a row is, P10, the middle and P90."""
    middle = context.say("Median", "Median")
    if statistic == "mean":
        middle = context.say("Forventet", "Expected")
    return (
        Column(first),
        Column("P10", unit, "right"),
        Column(middle, unit, "right"),
        Column("P90", unit, "right"),
    )


def made_by(context: StudyContext, n_draws: int | None = None) -> str:
    """The source line of a figure: draws and seed."""
    draws = format_number(n_draws or context.results["draws"], context.lang, 9)
    seed = context.results["seed"]
    return context.say(
        f"studiens beregning, {draws} trekk, frø {seed}",
        f"the study's calculation, {draws} draws, seed {seed}",
    )


def largest_parts(
    context: StudyContext, runs: list[str], whole: str
) -> tuple[list[str], Mapping[str, Mapping[str, float]]]:
    """The names of the parts that count, and mean amounts with the small ones in one rest."""
    means: dict[str, dict[str, float]] = {
        run: {part: v["mean"] for part, v in context.results["parts"][run][whole].items()}
        for run in runs
    }
    weight: dict[str, float] = {}
    for amounts in means.values():
        for part, value in amounts.items():
            weight[part] = max(weight.get(part, 0.0), value)
    ordered = sorted(weight, key=lambda p: (-weight[p], p))
    kept = ordered[:PARTS_SHOWN]
    rest = context.say("annet", "other")
    cut = {}
    for run, amounts in means.items():
        cut[run] = {part: amounts.get(part, 0.0) for part in kept}
        if len(ordered) > len(kept):
            cut[run][rest] = sum(v for p, v in amounts.items() if p not in kept)
    return ([*kept, rest] if len(ordered) > len(kept) else kept), cut
