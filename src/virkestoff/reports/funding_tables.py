"""The table of legal routes: by which rule the state may pay for each measure of a study.

A study names them in ``routes.yaml`` of its folder: alternative, measure, name and route. Every
alternative stands there; one without state payments has no measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import Library, content_root, read_yaml, validation_faults
from virkestoff.financing import Route, aid_decision, check_routes, load_routes
from virkestoff.instruments import Size
from virkestoff.language import Text
from virkestoff.reports.document import Cell, Citation, Column, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.studies import Definition

__all__ = [
    "Bound",
    "Measure",
    "StudyRoutes",
    "cases_of",
    "load_study_routes",
    "routes_table",
    "study_routes",
]

FILE = "routes.yaml"


class Bound(BaseModel):
    """A rule that bounds aid: article, size of the undertaking, bonuses asked for.

    ``needs_eligible``: the article allows a share of the measure's eligible cost; else an amount.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    size: Size = "large"
    bonuses: tuple[str, ...] = ()
    needs_eligible: bool = False


class Measure(BaseModel):
    """A payment by the state, and the route that it takes.

    Attributes
    ----------
    cost : outcome that holds the state's present cost of the measure
    eligible : outcome that holds the cost of which an article allows a share
    ceilings : rules that may bound it, of which the largest amount counts
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    route: str
    cost: str | None = None
    eligible: str | None = None
    ceilings: tuple[Bound, ...] = ()


class StudyRoutes(BaseModel):
    """What a study's ``routes.yaml`` holds: alternative, then measure by id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    routes: dict[str, dict[str, Measure]]


def load_study_routes(
    folder: Path, definition: Definition, routes: Mapping[str, Route]
) -> StudyRoutes:
    """The routes of a study, each checked against the library.

    Raises
    ------
    InputError
        lists alternatives that are missing or unknown, and measures whose route is missing,
        unknown, or not known to hold on the study's date.
    """
    where, faults = f"{folder.name}/{FILE}", FaultCollector()
    path = folder / FILE
    data = read_yaml(path, where) if path.is_file() else {}
    if not data:
        faults.add(where, "does not exist or is empty",
                   next_step="Name a route for every measure of every alternative")  # fmt: skip
    faults.raise_if_any()
    try:
        found = StudyRoutes.model_validate(data)
    except ValidationError as problem:
        raise InputError(validation_faults(path, where, (), problem)) from None
    for name in definition.alternatives:
        if name not in found.routes:
            faults.add(f"{where}: routes", f"has no alternative '{name}'",
                       next_step="Write {} where the state pays nothing")  # fmt: skip
    _check_outcomes(found, definition, where, faults)
    for name in found.routes:
        if name not in definition.alternatives:
            faults.add(f"{where}: routes.{name}", "is no alternative of the study",
                       next_step=suggest(name, definition.alternatives))  # fmt: skip
    named = {
        alternative: {key: measure.route for key, measure in measures.items()}
        for alternative, measures in found.routes.items()
    }
    try:
        check_routes(named, routes, definition.as_of)
    except InputError as problem:
        faults.extend(problem)
    faults.raise_if_any()
    return found


def _check_outcomes(
    found: StudyRoutes, definition: Definition, where: str, faults: FaultCollector
) -> None:
    for alternative, measures in found.routes.items():
        for key, measure in measures.items():
            place = f"{where}: routes.{alternative}.{key}"
            for outcome in (measure.cost, measure.eligible):
                if outcome is not None and outcome not in definition.outcomes:
                    step = suggest(outcome, definition.outcomes)
                    faults.add(place, f"'{outcome}' is not an outcome", next_step=step)
            if measure.eligible is None and any(b.needs_eligible for b in measure.ceilings):
                faults.add(place, "has a ceiling on eligible cost and names no outcome eligible")


def study_routes(context: StudyContext) -> StudyRoutes:
    """The routes of the study that is reported."""
    folder = context.folder or content_root() / "studies" / context.definition.study
    return load_study_routes(folder, context.definition, load_routes())


def cases_of(library: Library, route: Route, on: date) -> tuple[tuple[str, ...], Text]:
    """Which results may be shown for a payment made on a day, and why."""
    is_bounded = route.gives == "aid" and not route.needs_notification and route.articles
    if is_bounded and route.valid.period.holds_on(on):
        return ("with", "without"), _BOUNDED
    found = aid_decision(library, route, on, "large", 0.0)
    return found.cases, found.reason


_BOUNDED = Text(
    nb="Innenfor et tak som avhenger av kostnaden: vist med og uten støtte.",
    en="Within a ceiling that depends on the cost: shown with and without aid.",
)
_CASES = {
    "with": Text(nb="med", en="with"),
    "without": Text(nb="uten", en="without"),
    "both": Text(nb="med og uten", en="with and without"),
}


def routes_table(context: StudyContext) -> Table:
    """By which route the state may pay for each measure in the study's first year."""
    known, found = load_routes(), study_routes(context)
    award = date(context.definition.years[0], 1, 1)
    columns = (
        Column(context.say("Alternativ: tiltak", "Alternative: measure")),
        Column(context.say("Rute", "Route")),
        Column(context.say("Grunnlag og vilkår", "Basis and conditions")),
        Column(context.say("Ikke lest", "Not read")),
        Column(context.say("Regnes", "Counted")),
        Column(context.say("Kilde", "Source")),
    )
    rows: list[tuple[Cell, ...]] = []
    for alternative, measures in found.routes.items():
        for measure in measures.values():
            route = known[measure.route]
            cases, reason = cases_of(context.library, route, award)
            case = _CASES["both" if len(cases) > 1 else cases[0]].in_(context.lang)
            rows.append(
                (
                    f"{context.alternative_name(alternative)}: {measure.name.in_(context.lang)}",
                    route.name.in_(context.lang),
                    f"{route.basis.in_(context.lang)}. {route.conditions.in_(context.lang)}",
                    route.unverified.in_(context.lang),
                    (Words(case, strong=True), Words(f". {reason.in_(context.lang)}")),
                    (Citation(route.source, route.place),),
                )
            )
    caption = context.say(
        "Rettslig rute for hvert tiltak der staten betaler",
        "Legal route of every measure in which the state pays",
    )
    note = context.say(
        "Ruten er studiens forslag og ingen juridisk vurdering. «Regnes» gjelder betaling i "
        "studiens første år: med støtte, uten støtte eller begge deler. Uten støtte bygges "
        "anlegget ikke, og alternativet blir som i dag.",
        'The route is the study\'s proposal and no legal opinion. "Counted" is for payment in the '
        "study's first year: with aid, without aid or both. Without aid the plant is not built, "
        "and the alternative is as today.",
    )
    return Table("routes", caption, columns, tuple(rows), (note,))
