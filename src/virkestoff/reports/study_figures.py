"""The figures of a study's report. A title says what the figure shows, with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from virkestoff.language import format_number
from virkestoff.reports.combination_tables import combination_figure
from virkestoff.reports.decision_tables import information_figure
from virkestoff.reports.declared_figures import declared_figure
from virkestoff.reports.document import Cell, Column, Figure
from virkestoff.reports.figures import (
    Interval,
    Line,
    Parts,
    Step,
    Swing,
    interval_chart,
    line_band_chart,
    parts_chart,
    ranking_chart,
    timeline_chart,
)
from virkestoff.reports.figures_shared import largest_parts, made_by, range_columns
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import amount_text, scaled
from virkestoff.studies import Definition, Sweep
from virkestoff.studies.run import SWEEP_DRAWS

__all__ = ["FigureBuilder", "engine_figures", "figure_builders"]

FigureBuilder = Callable[[StudyContext], Figure]
WIDE = 10.0  # constant: from here a logarithmic axis reads better than a plain one


def engine_figures(definition: Definition) -> tuple[str, ...]:
    """The engine's own outcomes that can be drawn over the alternatives."""
    residents = (*definition.actors.public, *definition.actors.private)
    return (
        "account_net_present_cost",
        "account_public_net_cost",
        "account_break_even_yearly_benefit",
        *(f"account_yearly_cost_{actor}" for actor in residents),
    )


def _with_outcome(context: StudyContext, outcome: str) -> list[str]:
    return [
        name
        for name in context.definition.alternatives
        if context.summary(name, outcome) is not None
    ]


def outcome_figure(context: StudyContext, outcome: str, name: str) -> Figure:
    """An outcome over the alternatives, median with P10 to P90."""
    runs = _with_outcome(context, outcome)
    size, words = context.column_scale(outcome, runs)
    rows = []
    cells: list[tuple[Cell, ...]] = []
    for run in runs:
        summary = context.summary(run, outcome)
        assert summary is not None
        low, mid, high = (summary[k] / size for k in ("p10", "p50", "p90"))
        label = context.alternative_name(run)
        rows.append(Interval(label, low, mid, high, run == context.definition.baseline))
        cells.append((label, low, mid, high))
    what = context.outcome_name(outcome)
    best = min(rows, key=lambda r: r.mid)
    worst = max(rows, key=lambda r: r.mid)
    lang = context.lang
    title = context.say(
        f"{what}: fra {format_number(best.mid, lang)} ({best.label}) "
        f"til {format_number(worst.mid, lang)} {words} ({worst.label})",
        f"{what}: from {format_number(best.mid, lang)} ({best.label}) "
        f"to {format_number(worst.mid, lang)} {words} ({worst.label})",
    )
    year = context.definition.price_year
    money = f" ({year})" if "NOK" in context.unit(outcome) else ""
    subtitle = f"{words}{money}, " + context.say("median og P10–P90", "median and P10–P90")
    spread_is_wide = worst.mid > 30 * max(best.mid, 1e-12) and best.low > 0
    spec = interval_chart(rows, words, lang, log=spread_is_wide, zero=not spread_is_wide)
    alt = context.say(
        f"Vannrette søyler for {len(rows)} alternativer. {title}.",
        f"Horizontal bars for {len(rows)} alternatives. {title}.",
    )
    columns = range_columns(context, context.say("Alternativ", "Alternative"), words)
    return Figure(name, title, subtitle, alt, spec, columns, tuple(cells), made_by(context))


def parts_figure(context: StudyContext, whole: str, name: str, titles: tuple[str, str]) -> Figure:
    """What an outcome is made of, over the alternatives that have it."""
    runs = [r for r in context.definition.alternatives if whole in context.results["parts"][r]]
    names, amounts = largest_parts(context, runs, whole)
    weight = {p for run in runs for p in context.results["parts"][run][whole]}
    largest = max(sum(a.values()) for a in amounts.values())
    size, words = scaled(context.unit(whole), largest, context.lang)
    label = {part: context.part_name(part) for part in names}
    rows = [
        Parts(
            context.alternative_name(run), {label[p]: v / size for p, v in amounts[run].items()}
        )
        for run in runs
    ]
    named = [p for p in names if p in weight]
    tops = dict.fromkeys(label[max(named, key=lambda p: amounts[r].get(p, 0.0))] for r in runs)
    title = context.say(*titles) + context.say(
        f": størst er {' eller '.join(tops)}", f": the largest part is {' or '.join(tops)}"
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (row.label, *(row.amounts[label[p]] for p in names)) for row in rows
    )
    columns = (
        Column(context.say("Alternativ", "Alternative")),
        *(Column(label[p], words, "right") for p in names),
    )
    year = context.definition.price_year
    subtitle = f"{words} ({year}), " + context.say("gjennomsnitt", "mean")
    alt = context.say(
        f"Stablede søyler for {len(rows)} alternativer. {title}.",
        f"Stacked bars for {len(rows)} alternatives. {title}.",
    )
    spec = parts_chart(rows, words, context.lang)
    return Figure(name, title, subtitle, alt, spec, columns, cells, made_by(context))


def sweep_figure(context: StudyContext, sweep: str, name: str) -> Figure:
    """An outcome against another, or against the lever, over the points of a sweep."""
    declared = context.definition.sweeps[sweep]
    outcome, against = declared.outcome, declared.against
    points = [
        p for p in context.results["sweeps"][sweep]["points"] if outcome in p["outcomes"]
    ]
    x_name, x_unit = _against(context, declared)
    xs = [float(p["outcomes"][against]["p50"]) if against else p["value"] for p in points]
    x_size, x_words = scaled(x_unit, max(xs), context.lang)
    x = tuple(v / x_size for v in xs)
    unit = context.unit(outcome)
    largest = max(float(p["outcomes"][outcome]["p50"]) for p in points)
    y_size, words = scaled(unit, largest, context.lang)
    low, mid, high = (
        tuple(float(p["outcomes"][outcome][k]) / y_size for p in points)
        for k in ("p10", "p50", "p90")
    )
    title, alt = _course(context, outcome, (x, x_words), (mid[0] * y_size, mid[-1] * y_size))
    log_x = min(x) > 0 and max(x) > WIDE * min(x)
    log_y = min(low) > 0 and max(mid) > WIDE * min(mid)
    line = Line(declared.name.in_(context.lang), x, mid, low, high)
    marks = []
    for run in declared.marks:
        size = context.summary(run, against) if against else None
        if size is not None:
            marks.append((float(size["p50"]) / x_size, context.part_name(f"mark_{run}")))
    x_title = x_words if against else f"{x_name}, {x_words}"
    spec = line_band_chart(
        [line], x_title, words, log_x=log_x, log_y=log_y, zero=not log_y, marks=marks
    )
    columns = (
        Column(x_name, x_words, "right"),
        *range_columns(context, "", words)[1:],
    )
    cells = tuple(zip(x, low, mid, high, strict=True))
    year = context.definition.price_year
    money = f" ({year})" if "NOK" in unit else ""
    subtitle = f"{words}{money}, " + context.say("median og P10–P90", "median and P10–P90")
    if log_x and log_y:
        subtitle += context.say(", begge akser logaritmiske", ", both axes logarithmic")
    draws = min(int(context.results["draws"]), SWEEP_DRAWS)
    return Figure(name, title, subtitle, alt, spec, columns, cells, made_by(context, draws))


def _against(context: StudyContext, sweep: Sweep) -> tuple[str, str]:
    """Name and unit of what a sweep's figure is drawn against."""
    if sweep.against:
        return context.outcome_name(sweep.against), context.unit(sweep.against)
    lever = context.definition.levers[sweep.lever]
    return lever.name.in_(context.lang), lever.unit or ""


def _course(
    context: StudyContext, outcome: str, x: tuple[tuple[float, ...], str], ends: tuple[float, float]
) -> tuple[str, str]:
    """A sweep's title and alternative text: whether the outcome rises or falls, and how far."""
    at, words = x
    what, lang = context.outcome_name(outcome), context.lang
    first, last = (amount_text(v, context.unit(outcome), lang) for v in ends)
    is_rise = ends[1] > ends[0]
    verb = context.say("stiger" if is_rise else "faller", "rises" if is_rise else "falls")
    start, end = (format_number(v, lang) for v in (at[0], at[-1]))
    title = context.say(
        f"{what} {verb} fra {first} ved {start} {words} til {last} ved {end} {words}",
        f"{what} {verb} from {first} at {start} {words} to {last} at {end} {words}",
    )
    curve = context.say(
        "Stigende kurve med bånd" if is_rise else "Fallende kurve med bånd",
        "Rising curve with band" if is_rise else "Falling curve with band",
    )
    return title, f"{curve}. {title}."


def ranking_figure(context: StudyContext, ranking: Mapping[str, Any], name: str) -> Figure:
    """What decides an outcome: its mean where each fact is lowest and highest."""
    outcome = ranking["outcome"]
    size, words = scaled(context.unit(outcome), ranking["mean"], context.lang)
    rows = []
    cells: list[tuple[Cell, ...]] = []
    for influence in ranking["influences"][:8]:
        label = context.library.fact(influence["fact"]).name.in_(context.lang)
        rows.append(Swing(label, influence["at_low"] / size, influence["at_high"] / size))
        share = influence["first_order"]
        cells.append((label, influence["at_low"] / size, influence["at_high"] / size, share))
    what, run = context.outcome_name(outcome), context.alternative_name(ranking["run"])
    share = format_number(100 * ranking["influences"][0]["first_order"], context.lang, 2)
    title = context.say(
        f"{rows[0].label} avgjør mest av «{what.lower()}» ({run}): {share} % av variansen",
        f"{rows[0].label} decides most of “{what.lower()}” ({run}): {share}% of the variance",
    )
    low_high = (
        context.say("laveste tidel", "lowest tenth"),
        context.say("høyeste tidel", "highest tenth"),
    )
    spec = ranking_chart(rows, ranking["mean"] / size, words, context.lang, low_high=low_high)
    columns = (
        Column(context.say("Størrelse", "Quantity")),
        Column(low_high[0], words, "right"),
        Column(low_high[1], words, "right"),
        Column(context.say("Andel av variansen", "Share of variance"), "", "right"),
    )
    subtitle = context.say(
        f"{words}: gjennomsnitt der størrelsen er i laveste og høyeste tidel",
        f"{words}: mean where the quantity is in its lowest and highest tenth",
    )
    alt = context.say(f"Liggende søyler. {title}.", f"Horizontal bars. {title}.")
    return Figure(name, title, subtitle, alt, spec, columns, tuple(cells), made_by(context))


def timeline_figure(context: StudyContext, run: str, name: str) -> Figure:
    """The steps until the first saleable pack, with the spread of when each ends."""
    parts = context.results["parts"][run]
    starts, ends = parts["timeline_start"], parts["timeline_end"]
    rows = []
    cells: list[tuple[Cell, ...]] = []
    for part in sorted(ends, key=lambda p: (starts[p]["p50"], ends[p]["p50"])):
        start, end = starts[part]["p50"], ends[part]
        label = context.part_name(part)
        rows.append(Step(label, start, end["p50"], end["p10"], end["p90"]))
        cells.append((label, start, end["p10"], end["p50"], end["p90"]))
    last = max(rows, key=lambda r: r.end)
    years = context.say("år etter beslutning", "years after the decision")
    title = context.say(
        f"Første pakning kan selges {format_number(last.end, 'nb', 2)} år etter beslutningen",
        f"The first pack can be sold {format_number(last.end, 'en', 2)} years after the decision",
    )
    columns = (
        Column(context.say("Trinn", "Step")),
        Column(context.say("Start", "Start"), "", "right"),
        *range_columns(context, "", "")[1:],
    )
    subtitle = f"{context.alternative_name(run)}, {years}, " + context.say(
        "median; strek P10–P90", "median; line P10–P90"
    )
    alt = context.say(f"Tidslinje med {len(rows)} trinn. {title}.",
                      f"Time line with {len(rows)} steps. {title}.")  # fmt: skip
    spec = timeline_chart(rows, years, context.lang)
    return Figure(name, title, subtitle, alt, spec, columns, tuple(cells), made_by(context))


def figure_builders(context: StudyContext) -> dict[str, FigureBuilder]:
    """Every figure that the results can fill, by the name that prose places it with."""
    builders: dict[str, FigureBuilder] = {}
    names = [*context.definition.outcomes, *engine_figures(context.definition)]
    for outcome in names:
        if len(_with_outcome(context, outcome)) > 1:
            builders[f"outcome_{outcome}"] = lambda c, o=outcome: outcome_figure(  # type: ignore[misc]
                c, o, f"figure_{o}"
            )
    wholes = {w for parts in context.results["parts"].values() for w in parts}
    for whole in sorted(wholes & context.definition.outcomes.keys()):
        what = context.definition.outcomes[whole].name
        builders[f"parts_{whole}"] = lambda c, w=whole, t=what: parts_figure(  # type: ignore[misc]
            c, w, f"parts_{w}", (f"{t.nb} i deler", f"{t.en} in parts")
        )
    for i, ranking in enumerate(context.results["rankings"]):
        if ranking["influences"]:
            builders[f"ranking_{ranking['run']}_{ranking['outcome']}"] = (
                lambda c, r=ranking, i=i: ranking_figure(c, r, f"ranking_{i}")  # type: ignore[misc]
            )
    for sweep in context.results["sweeps"]:
        builders[f"sweep_{sweep}"] = lambda c, s=sweep: sweep_figure(  # type: ignore[misc]
            c, s, f"sweep_{s}"
        )
    if "information" in context.results:
        builders["information"] = information_figure
    if "combinations" in context.results:
        builders["combined_frontier"] = combination_figure
    for run, parts in context.results["parts"].items():
        if "timeline_end" in parts:
            builders[f"timeline_{run}"] = lambda c, r=run: timeline_figure(  # type: ignore[misc]
                c, r, f"timeline_{r}"
            )
    for name in context.definition.figures:
        builders[name] = lambda c, n=name: declared_figure(c, n)  # type: ignore[misc]
    return builders
