"""Alternatives and combinations of them: cost for each shortage avoided, and the frontier."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang, Text, format_number
from virkestoff.reports.document import Cell, Column, Figure, Mark, Number, Table
from virkestoff.reports.figures_shared import made_by
from virkestoff.reports.frontier import Point, frontier_chart
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import scaled
from virkestoff.studies.combinations import Combinations
from virkestoff.supply import Frontier, frontier

__all__ = ["COMBINATION_FIGURES", "combination_figure", "combination_table"]

COMBINATION_FIGURES = ("combined_frontier",)
ERRORS = 2.0
"""Standard errors after the sign ±."""
_STANDING: Mapping[str, Text] = {
    "efficient": Text(nb="på linjen", en="on the frontier"),
    "dominated": Text(nb="et annet er billigere og tryggere", en="another is cheaper and safer"),
    "extended_dominated": Text(
        nb="en blanding er billigere", en="a mix of two others is cheaper"
    ),
}


def _declared(context: StudyContext) -> tuple[Combinations, Mapping[str, Any]]:
    """The declaration, and what was found.

    Raises
    ------
    InputError
        if the study declares no combinations.
    """
    declared, found = context.definition.combinations, context.results.get("combinations")
    if declared is None or found is None:
        raise InputError(
            Fault(
                "study.yaml",
                "has no combinations, and the report places a table or figure of them",
                next_step="Write combinations: in study.yaml and run the study, or take it out",
            )
        )
    return declared, found


def _placed(declared: Combinations, found: Mapping[str, Any]) -> tuple[list[str], Frontier]:
    """The runs with both cost and shortage, and where each stands."""
    needed = (declared.cost, declared.shortage)
    runs = [run for run, held in found["runs"].items() if all(o in held for o in needed)]
    cost, left = ([found["runs"][run][o]["mean"] for run in runs] for o in needed)
    return runs, frontier(cost, left)


def _size(
    context: StudyContext, found: Mapping[str, Any], outcome: str
) -> tuple[float, str]:
    held = (run[outcome] for run in found["runs"].values() if outcome in run)
    largest = max((abs(summary["mean"]) for summary in held), default=0.0)
    return scaled(context.unit(outcome), largest, context.lang)


def _cell(
    context: StudyContext, found: Mapping[str, Any], run: str, outcome: str, size: float
) -> Cell:
    """Expected value, with two standard errors; a dash where it has no meaning."""
    summary = found["runs"][run].get(outcome)
    if summary is None:
        return "–"
    text = format_number(summary["mean"] / size, context.lang)
    if summary.get("se"):
        text += f" (± {format_number(ERRORS * summary['se'] / size, context.lang, 2)})"
    origin = f"{context.alternative_name(run)}: {context.outcome_name(outcome)}"
    # On other draws than the outcome that can be cited, so it has no key of its own.
    return Number("", text, _mark(context, run), origin)


def _mark(context: StudyContext, run: str) -> Mark:
    """The weakest confidence of the facts of the alternatives that are combined."""
    declared = context.definition.combinations
    parts = declared.names.get(run, (run,)) if declared else (run,)
    kinds = {context.run_marks[part] for part in parts}
    order: tuple[Mark, ...] = ("assumption", "unverified", "read")
    return next(kind for kind in order if kind in kinds)


def combination_table(context: StudyContext) -> Table:
    """A row an alternative or combination: outcomes, where it stands, and the next step's cost."""
    declared, found = _declared(context)
    runs, line = _placed(declared, found)
    say = context.say
    sizes = {outcome: _size(context, found, outcome) for outcome in declared.columns}
    step_unit = _per(context.unit(declared.cost), context.unit(declared.shortage))
    known = [float(step) for step in line.step_cost if not math.isnan(step)]
    step_size, step_words = scaled(step_unit, max(known, default=0.0), context.lang)
    columns = (
        Column(say("Alternativ eller kombinasjon", "Alternative or combination")),
        *(Column(context.outcome_short(o), words, "right") for o, (_, words) in sizes.items()),
        Column(say("Står", "Stands")),
        Column(say("Samfunnets kostnad for neste steg", "Society's cost of the next step"),
               step_words, "right"),
    )  # fmt: skip
    steps = dict(zip(line.order, line.step_cost, strict=True))
    rows: list[tuple[Cell, ...]] = []
    for i, run in enumerate(runs):
        step = steps.get(i)
        rows.append(
            (
                context.alternative_name(run),
                *(_cell(context, found, run, o, size) for o, (size, _) in sizes.items()),
                _STANDING[line.standing[i]].in_(context.lang),
                "–" if step is None or math.isnan(step) else float(step) / step_size,
            )
        )
    caption = say(
        "Kostnad per unngått mangel, for hvert alternativ og hver kombinasjon",
        "Cost of each shortage avoided, for every alternative and combination",
    )
    return Table("combinations", caption, columns, tuple(rows), _notes(context, declared, found))


def _per(cost: str, shortage: str) -> str:
    """The unit of cost over shortage: what is yearly in both is yearly in neither."""
    if cost.endswith("/year") and shortage.endswith("/year"):
        cost, shortage = cost.removesuffix("/year"), shortage.removesuffix("/year")
    return f"{cost}/{shortage}"


def _notes(
    context: StudyContext, declared: Combinations, found: Mapping[str, Any]
) -> tuple[str, ...]:
    n = format_number(found["draws"], context.lang, 9)
    cost, left = (context.outcome_name(o) for o in (declared.cost, declared.shortage))
    year = context.definition.price_year
    return (
        context.say(
            f"Forventningsverdier over de første {n} trekkene, like for alle rader, derfor andre "
            f"tall enn i tabeller med alle trekk. Etter ± står to standardfeil. Priser fra {year}.",
            f"Expected values over the first {n} draws, equal for all rows; hence other figures "
            f"than in tables over all draws. After ± stand two standard errors. Prices of {year}.",
        ),
        context.say(
            f"Linjen er av {_low(cost)} mot {_low(left)}, etter forventningsverdi. To rader som "
            "skiller seg mindre enn ±, kan bytte plass. «Neste steg» er merkostnaden for samfunnet "
            "for hver enhet mindre mangel, mot raden før på linjen.",
            f"The frontier is of {_low(cost)} against {_low(left)}, by expected value. Two rows "
            "that differ by less than ± may change places. “Next step” is society's extra cost "
            "for each unit of shortage less, against the row before on the frontier.",
        ),
    )


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]


def combination_figure(context: StudyContext) -> Figure:
    """The frontier: alternatives, and the combinations that lie on it."""
    declared, found = _declared(context)
    runs, line = _placed(declared, found)
    on_line = {runs[i] for i in line.order}
    shown = [run for run in runs if run in context.definition.alternatives or run in on_line]
    outcomes = (declared.cost, declared.shortage)
    sizes = [_size(context, found, outcome) for outcome in outcomes]
    points: list[Point] = []
    cells: list[tuple[Cell, ...]] = []
    for run in shown:
        held = [found["runs"][run][o] for o in outcomes]
        (x, x_low, x_high), (y, y_low, y_high) = (
            (s["mean"] / size, *((s["mean"] + k * ERRORS * s.get("se", 0.0)) / size
                                 for k in (-1, 1)))
            for s, (size, _) in zip(held, sizes, strict=True)
        )  # fmt: skip
        name = context.alternative_name(run)
        is_today = run == context.definition.baseline
        points.append(Point(name, x, y, x_low, x_high, y_low, y_high, is_today))
        cells.append((name, x, y))
    joined = [context.alternative_name(runs[i]) for i in line.order]
    titles = [f"{context.outcome_name(o)} ({words})" if words else context.outcome_name(o)
              for o, (_, words) in zip(outcomes, sizes, strict=True)]  # fmt: skip
    columns = (
        Column(context.say("Alternativ eller kombinasjon", "Alternative or combination")),
        *(Column(context.outcome_short(o), words, "right")
          for o, (_, words) in zip(outcomes, sizes, strict=True)),
    )  # fmt: skip
    n = len(joined)
    title = context.say(
        f"{_word(n, 'nb')} veier er billigst for sin trygghet",
        f"{_word(n, 'en')} ways are cheapest for their protection",
    )
    subtitle = context.say(
        "Forventningsverdi og to standardfeil til hver side; linjen går gjennom ",
        "Expected value and two standard errors each way; the line joins ",
    ) + ", ".join(joined)
    alt = context.say(f"{len(points)} punkter med kryss. {title}.",
                      f"{len(points)} points with crosses. {title}.")  # fmt: skip
    spec = frontier_chart(points, joined, *titles)
    source = made_by(context, found["draws"])
    return Figure("combined_frontier", title, subtitle, alt, spec, columns, tuple(cells), source)


def _word(n: int, lang: Lang) -> str:
    """A small number as a word that begins a sentence."""
    nb = ("Ingen", "Én", "To", "Tre", "Fire", "Fem", "Seks", "Sju", "Åtte", "Ni", "Ti")
    en = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    words = nb if lang == "nb" else en
    return words[n] if n < len(words) else str(n)
