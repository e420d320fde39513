"""results.xlsx: outcomes, payers, facts with their sources, rankings and sweeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from virkestoff.reports.changed_inputs import changed_sheet
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.xlsx import Sheet, write_xlsx

__all__ = ["write_workbook"]

_STATISTICS = ("mean", "p10", "p50", "p90")


def write_workbook(context: StudyContext, path: Path) -> None:
    """Write the workbook of a run."""
    sheets = [*changed_sheet(context), _outcomes(context), _yearly(context), _facts(context),
              _rankings(context)]  # fmt: skip
    write_xlsx(path, sheets, context.definition.as_of, context.lang)


def _outcomes(context: StudyContext) -> Sheet:
    rows: list[tuple[Any, ...]] = []
    for kind in ("alternatives", "probes"):
        for run, outcomes in context.results[kind].items():
            for outcome, summary in outcomes.items():
                numbers = [summary[s] for s in _STATISTICS]
                name, what = context.alternative_name(run), context.outcome_name(outcome)
                rows.append((f"{run}.{outcome}", name, what, summary["unit"], *numbers))
    columns = ("id", context.say("alternativ", "alternative"), context.say("utfall", "outcome"),
               context.say("enhet", "unit"), *_STATISTICS)  # fmt: skip
    year = context.definition.price_year
    note = context.say(f"Priser fra {year}.", f"Prices of {year}.")
    return Sheet(context.say("utfall", "outcomes"), columns, tuple(rows), (note,))


def _yearly(context: StudyContext) -> Sheet:
    first = context.definition.years[0]
    rows = [
        (context.alternative_name(run), context.actor_name(actor), first + i, value)
        for run, actors in context.results["yearly"].items()
        for actor, values in actors.items()
        for i, value in enumerate(values)
    ]
    columns = (
        context.say("alternativ", "alternative"),
        context.say("aktør", "actor"),
        context.say("år", "year"),
        context.say("netto NOK, snitt", "net NOK, mean"),
    )
    note = context.say("Netto mot i dag; pluss er inntekt.", "Net against today; plus is income.")
    return Sheet(context.say("årlig", "yearly"), columns, tuple(rows), (note,))


def _facts(context: StudyContext) -> Sheet:
    rows: list[tuple[Any, ...]] = []
    for fact_id in context.facts_read:
        fact = context.library.fact(fact_id)
        source = context.library.source(fact.source)
        numbers = fact.numbers or (float("nan"),)
        rows.append(
            (
                fact_id,
                fact.name.in_(context.lang),
                *(n if fact.numbers else None for n in (numbers[0], numbers[-1])),
                fact.central if fact.numbers else None,
                fact.unit,
                fact.price_year,
                fact.confidence,
                fact.how,
                fact.grade,
                f"{source.publisher}: {source.title}",
                fact.place,
                source.url or "",
            )
        )
    columns = ("id", "name", "low", "high", "central", "unit", "price year", "confidence", "how",
               "grade", "source", "place", "url")  # fmt: skip
    return Sheet(context.say("fakta", "facts"), columns, tuple(rows), ())


def _rankings(context: StudyContext) -> Sheet:
    rows = [
        (r["run"], r["outcome"], i["fact"], i["first_order"], i["direction"], i["at_low"],
         i["at_high"])
        for r in context.results["rankings"]
        for i in r["influences"]
    ]  # fmt: skip
    columns = ("run", "outcome", "fact", "first-order index", "rank correlation",
               "mean in lowest tenth", "mean in highest tenth")  # fmt: skip
    return Sheet(context.say("følsomhet", "sensitivity"), columns, tuple(rows), ())
