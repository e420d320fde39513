"""Tables with a row an alternative and a column an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from virkestoff.costbenefit import INDUSTRY_HEADING, SOCIETY_HEADING, SOCIETY_NOTE
from virkestoff.language import format_number, format_range
from virkestoff.reports.document import Cell, Column, Number, Table
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import scaled
from virkestoff.studies import Statistic

__all__ = [
    "KEY_OF",
    "alternatives_table",
    "column_scales",
    "how_note",
    "industry_table",
    "outcome_table",
    "payers_table",
    "probes_table",
    "society_table",
    "spread",
    "spread_text",
    "sustainability_table",
]

MILLION, BILLION = 1e6, 1e9
MONEY = ("NOK", "NOK/year")
ERRORS = 2.0
"""Standard errors after the sign ±."""
KEY_OF: dict[Statistic, str] = {"median": "p50", "mean": "mean"}
"""Where a statistic stands in a summary."""


def spread(
    context: StudyContext,
    run: str,
    outcome: str,
    size: float,
    statistic: Statistic = "median",
    *,
    has_noise: bool = False,
) -> Cell:
    """Median or mean with P10 to P90, or a dash where the outcome does not apply.

    With ``has_noise`` two standard errors of the mean stand in place of the range.
    """
    summary = context.summary(run, outcome)
    if summary is None:
        return "–"
    text = spread_text(context, summary, size, statistic, has_noise=has_noise)
    origin = f"{context.alternative_name(run)}: {context.outcome_name(outcome)}"
    return Number(f"{run}.{outcome}", text, context.run_marks[run], origin)


def spread_text(
    context: StudyContext,
    summary: Mapping[str, float],
    size: float,
    statistic: Statistic,
    *,
    has_noise: bool = False,
) -> str:
    """``41 (25 til 70)``, with noise ``41 (± 3)``; the number alone where it has neither."""
    mid = format_number(summary[KEY_OF[statistic]] / size, context.lang)
    if has_noise:
        error = ERRORS * summary.get("se", 0.0) / size
        return f"{mid} (± {format_number(error, context.lang, 2)})" if error else mid
    ends = {summary[key] for key in ("p10", "p50", "p90")}
    # Of what is 0 or 1 in a draw the mean is a share of draws, and percentiles say nothing.
    is_share = statistic == "mean" and ends <= {0.0, 1.0}
    if summary["p10"] == summary["p90"] or is_share:
        return mid
    low, high = summary["p10"] / size, summary["p90"] / size
    return f"{mid} ({format_range(low, high, context.lang)})"


def column_scales(
    context: StudyContext, outcomes: Sequence[str], runs: Sequence[str]
) -> list[tuple[float, str]]:
    """What each column is divided by, and its unit in words.

    All money of a table stands in one scale: billions where every amount is one, else millions,
    as running text prints most of them.
    """
    found = [context.column_scale(o, list(runs)) for o in outcomes]
    medians = [
        abs(s["p50"])
        for o, (size, _) in zip(outcomes, found, strict=True)
        if size >= MILLION and context.unit(o) in MONEY
        for run in runs
        if (s := context.summary(run, o)) is not None and s["p50"]
    ]
    if not medians or min(medians) >= BILLION:
        return found
    return [
        scaled(context.unit(o), MILLION, context.lang)
        if size >= MILLION and context.unit(o) in MONEY
        else (size, words)
        for o, (size, words) in zip(outcomes, found, strict=True)
    ]


def how_note(
    context: StudyContext, statistic: Statistic | None, *, has_money: bool = True
) -> str:
    """What stands in the cells of a table; ``None`` where the heads of the columns say it."""
    year = context.definition.price_year if has_money else None
    prices = context.say(f"Priser fra {year}. ", f"Prices of {year}. ") if year else ""
    nb, en = {
        "median": ("Median", "Median"),
        "mean": ("Forventningsverdi", "Expected value"),
        None: ("Median eller forventningsverdi", "Median or expected value"),
    }[statistic]
    return context.say(
        f"{nb}, P10 til P90 i parentes. {prices}Streken betyr at målet ikke gjelder.",
        f"{en}, with P10 to P90 in brackets. {prices}A dash: does not apply.",
    )


def outcome_table(
    context: StudyContext,
    name: str,
    caption: str,
    outcomes: list[str],
    notes: tuple[str, ...] = (),
    runs: tuple[str, ...] = (),
    statistic: Statistic = "median",
) -> Table:
    """A row an alternative (or run), a column an outcome; columns that never apply are left out."""
    alternatives = list(runs or context.definition.alternatives)
    outcomes = [o for o in outcomes if any(context.summary(run, o) for run in alternatives)]
    scales = column_scales(context, outcomes, alternatives)
    columns = (
        Column(context.say("Alternativ", "Alternative")),
        *(
            Column(context.outcome_short(o), words, "right")
            for o, (_, words) in zip(outcomes, scales, strict=True)
        ),
    )
    rows = tuple(
        (
            context.alternative_name(run),
            *(
                spread(context, run, o, size, statistic)
                for o, (size, _) in zip(outcomes, scales, strict=True)
            ),
        )
        for run in alternatives
    )
    return Table(name, caption, columns, rows, (*notes, how_note(context, statistic)))


def alternatives_table(context: StudyContext) -> Table:
    """The outcomes that the study shows first; without a list all that it measures."""
    shown = context.definition.shown or tuple(context.definition.outcomes)
    caption = context.say("Alternativene side om side", "The alternatives side by side")
    return outcome_table(context, "alternatives", caption, list(shown))


def payers_table(context: StudyContext) -> Table:
    """What each actor pays beyond today, spread evenly over all years."""
    actors = (*context.definition.actors.public, *context.definition.actors.private)
    caption = context.say(
        "Hvem betaler: kostnad utover i dag, jevnet ut over alle år",
        "Who pays: cost beyond today, spread evenly over all years",
    )
    outcomes = [f"account_yearly_cost_{actor}" for actor in actors]
    outcomes = [o for o in outcomes if _ever(context, o)]  # an actor that nothing touches is none
    note = context.say(
        "Like store årlige beløp med samme nåverdi. Minus betyr at aktøren tjener på alternativet.",
        "Equal yearly amounts with the same present value. Minus: the actor gains.",
    )
    owner = context.say(
        "En eier som får avkastningskravet sitt dekket, tjener mer enn kalkulasjonsrenten.",
        "An owner whose required return is met earns more than the appraisal rate.",
    )
    notes = (f"{note} {owner}",) if "owner_value" in context.definition.outcomes else (note,)
    return outcome_table(context, "payers", caption, outcomes, notes)


def _ever(context: StudyContext, outcome: str) -> bool:
    """Whether any alternative has another value than zero."""
    found = (context.summary(run, outcome) for run in context.definition.alternatives)
    return any(s is not None and (s["p10"] or s["p90"]) for s in found)


def industry_table(context: StudyContext) -> Table:
    """The owner's own account, at the owner's required return."""
    wanted = ("owner_value", "required_price_pack", "support", "cash_before_sales")
    outcomes = [o for o in wanted if o in context.definition.outcomes]
    note = context.say(
        "Eierens nåverdi er regnet uten støtte, ved eierens eget avkastningskrav. Dette regnskapet "
        "legges aldri sammen med samfunnets.",
        "The owner's present value is without support, at the owner's own required return. This "
        "account is never added to society's.",
    )
    heading = INDUSTRY_HEADING.in_(context.lang)
    shown = tuple(
        run for run in context.definition.alternatives if context.summary(run, "owner_value")
    )
    return outcome_table(context, "industry", heading, outcomes, (note,), shown)


def society_table(context: StudyContext) -> Table:
    """Society's account: ranked where the study decides, else headed so that nobody ranks by it."""
    outcomes = [
        "account_net_present_cost",
        "account_public_net_cost",
        "account_tax_financing_cost",
        "account_break_even_yearly_benefit",
    ]
    heading = SOCIETY_HEADING.in_(context.lang)
    note = SOCIETY_NOTE.in_(context.lang)
    if context.definition.unvalued:
        what = context.definition.unvalued.in_(context.lang)
        heading = context.say(
            f"Netto nåkostnad; ikke verdsatt: {what}", f"Net present cost; not valued: {what}"
        )
        note = context.say(
            "Alternativene rangeres ikke, for denne nytten er ikke verdsatt. For hvert alternativ "
            "vises den årlige nytten som må til for at samfunnet går i null.",
            "The alternatives are not ranked, because this benefit is not valued. For each "
            "alternative the yearly benefit at which society breaks even is shown.",
        )
    runs: tuple[str, ...] = ()
    if context.definition.decision:
        heading = context.say(
            "Samfunnets regnskap, med mangel verdsatt, billigst først",
            "Society's account, with shortage valued, cheapest first",
        )
        note = context.say(
            "Rekkefølgen er etter forventet netto nåkostnad.",
            "In the order of expected net present cost.",
        )
        runs = tuple(context.results["alternatives"])
        runs = tuple(sorted(runs, key=lambda r: _mean(context, r, outcomes[0])))
    mean = context.say(
        "Regnskapet bygger på forventningsverdier, så tabellen viser dem. Teksten og de andre "
        "tabellene viser medianer, som kan være lavere eller høyere.",
        "The account rests on expected values, so the table shows them. The text and the other "
        "tables show medians, which may be lower or higher.",
    )
    return outcome_table(
        context, "society", heading, outcomes, (note, mean), runs, statistic="mean"
    )


def _mean(context: StudyContext, run: str, outcome: str) -> float:
    summary = context.summary(run, outcome)
    return float(summary["mean"]) if summary else 0.0


def probes_table(context: StudyContext) -> Table:
    """The runs that answer side questions, in the columns of the main table."""
    shown = [o for o in context.definition.shown if not o.startswith("account_")]
    extra = [o for o in ("unit_cost_kg", "support") if o in context.definition.outcomes]
    caption = context.say("Tilleggsberegninger", "Side questions")
    return outcome_table(
        context, "probes", caption, [*shown, *extra], (), tuple(context.definition.probes)
    )


def sustainability_table(context: StudyContext) -> Table:
    """Energy, solvent, effluent and CO2e per kilo."""
    outcomes = ["electricity_per_kg", "solvent_per_kg", "effluent_per_kg", "co2e_per_kg"]
    shown = [o for o in outcomes if o in context.definition.outcomes]
    caption = context.say("Bærekraft per kilo virkestoff", "Sustainability per kilo of substance")
    return outcome_table(context, "sustainability", caption, shown)
