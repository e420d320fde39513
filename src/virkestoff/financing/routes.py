"""By which legal route the state may pay for a measure, on what conditions, and what is not read.

Every alternative names a route for each of its measures. "No known basis" is a route too, and means
that no aid is given. Where the rule of the award year is not known, a result is shown both with and
without aid: never with the old rule in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence import Library, kept_per_library, library_folder, read_yaml
from virkestoff.evidence import validation_faults as faults_of
from virkestoff.evidence.fact import Validity
from virkestoff.instruments import Ceiling, Size, ceiling
from virkestoff.language import Text

__all__ = [
    "AidDecision",
    "Route",
    "RouteCheck",
    "aid_decision",
    "check_routes",
    "load_routes",
    "route_table",
]

_FILE = "instruments/routes.yaml"
Gives = Literal["aid", "no_aid", "nothing"]


class Route(BaseModel):
    """A legal route.

    Attributes
    ----------
    gives : ``aid`` (compatible aid), ``no_aid`` (payment that is not aid), ``nothing``
    needs_notification : whether the surveillance authority must approve before payment
    is_settled : whether it is settled that such a measure can meet the conditions; where it is not,
        results are shown with and without the payment
    articles : articles of the block exemption and other ceilings that bound the amount
    unverified : what has not been read
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: Text
    gives: Gives
    needs_notification: bool
    is_settled: bool = True
    basis: Text
    conditions: Text
    articles: tuple[str, ...] = ()
    valid: Validity = Validity()
    source: str
    place: str
    confidence: Literal["read", "unverified", "assumption"]
    unverified: Text


@kept_per_library
def load_routes(folder: Path | None = None) -> Mapping[str, Route]:
    """The routes of the library, by id.

    Raises
    ------
    InputError
        lists every fault of the file.
    """
    path = (folder or library_folder()) / _FILE
    data = read_yaml(path, _FILE).get("routes")
    faults = FaultCollector()
    found: dict[str, Route] = {}
    if not isinstance(data, dict) or not data:
        faults.add(f"{_FILE}: routes", "must map ids to routes")
        data = {}
    for key, record in data.items():
        if not isinstance(record, dict):
            faults.add(f"{_FILE}: routes.{key}", "must be a record with keys and values")
            continue
        try:
            found[str(key)] = Route.model_validate({"id": str(key), **record})
        except ValidationError as problem:
            faults.extend(InputError(faults_of(path, _FILE, ("routes", str(key)), problem)))
    faults.raise_if_any()
    return found


@dataclass(frozen=True)
class RouteCheck:
    """What a check of the routes of a study found.

    Attributes
    ----------
    without_basis : measures (alternative, measure) that name no known basis: no aid for them
    """

    without_basis: tuple[tuple[str, str], ...]


def check_routes(
    alternatives: Mapping[str, Mapping[str, str]], routes: Mapping[str, Route], on: date
) -> RouteCheck:
    """Check that every measure of every alternative names a route that holds on ``on``.

    Parameters
    ----------
    alternatives : alternative -> measure -> route id; an alternative without measures is empty

    Raises
    ------
    InputError
        lists every measure whose route is missing, unknown, or not known to hold on the date.
    """
    faults = FaultCollector()
    none: list[tuple[str, str]] = []
    for alternative, measures in alternatives.items():
        for measure, name in measures.items():
            where = f"alternative '{alternative}', measure '{measure}'"
            if not name:
                faults.add(where, "names no legal route",
                           next_step="Name one, or no_known_basis")  # fmt: skip
            elif name not in routes:
                faults.add(where, f"names the route '{name}', which is not in the library",
                           next_step=suggest(name, routes)
                           or f"One of {', '.join(routes)}")  # fmt: skip
            elif not routes[name].valid.period.holds_on(on):
                faults.add(where, f"names the route '{name}', which is not known on {on}",
                           why=f"known: {routes[name].valid.period}",
                           next_step="Show the result with and without aid")  # fmt: skip
            elif routes[name].gives == "nothing":
                none.append((alternative, measure))
    faults.raise_if_any()
    return RouteCheck(tuple(none))


@dataclass(frozen=True)
class AidDecision:
    """Whether aid may be counted on by a route on a day.

    Attributes
    ----------
    allowed : the ceiling, if a rule that was read says one; else ``None``
    cases : which results to show: ``with``, ``without`` or both
    reason : for the reader
    """

    route: str
    allowed: Ceiling | None
    cases: tuple[Literal["with", "without"], ...]
    reason: Text


def aid_decision(
    library: Library,
    route: Route,
    on: date,
    size: Size,
    eligible_cost: float,
    article: str | None = None,
    bonuses: Iterable[str] = (),
) -> AidDecision:
    """What may be shown of aid by ``route`` on the award day: with, without, or both.

    Parameters
    ----------
    eligible_cost : euro
    article : which of the route's articles bounds the amount (default: its first, if any)
    """
    if route.gives == "nothing":
        return AidDecision(route.id, None, ("without",), _NO_BASIS)
    if not route.is_settled:
        return AidDecision(route.id, None, ("with", "without"), _UNSETTLED)
    if route.gives == "no_aid":
        return AidDecision(route.id, None, ("with",), _NOT_AID)
    if not route.valid.period.holds_on(on):
        return AidDecision(route.id, None, ("with", "without"), _UNKNOWN)
    if route.needs_notification:
        return AidDecision(route.id, None, ("with", "without"), _NOTIFY)
    chosen = article or (route.articles[0] if route.articles else None)
    if chosen is None:
        return AidDecision(route.id, None, ("with", "without"), _UNBOUNDED)
    try:
        allowed = ceiling(library, chosen, on, size, eligible_cost, tuple(bonuses))
    except MissingFact:
        return AidDecision(route.id, None, ("with", "without"), _UNKNOWN)
    if allowed.is_notification_needed:
        return AidDecision(route.id, allowed, ("with", "without"), _NOTIFY)
    return AidDecision(route.id, allowed, ("with",), _WITHIN)


_NO_BASIS = Text(
    nb="Ingen kjent hjemmel: det regnes uten støtte.",
    en="No known basis: computed without aid.",
)
_NOT_AID = Text(
    nb="Betalingen er ikke støtte når vilkårene er oppfylt.",
    en="The payment is not aid where the conditions are met.",
)
_UNSETTLED = Text(
    nb="Det er ikke avgjort at tiltaket oppfyller vilkårene: vist med og uten betalingen.",
    en="It is not settled that the measure meets the conditions: shown with and without it.",
)
_UNKNOWN = Text(
    nb="Regelen for tildelingsdagen er ikke kjent: vist med og uten støtte.",
    en="The rule of the award day is not known: shown with and without aid.",
)
_NOTIFY = Text(
    nb="Støtten må meldes til og godkjennes av ESA: vist med og uten støtte.",
    en="The aid must be notified to and approved by ESA: shown with and without aid.",
)
_UNBOUNDED = Text(
    nb="Ruten har ikke noe tak som er lest: vist med og uten støtte.",
    en="No ceiling of this route was read: shown with and without aid.",
)
_WITHIN = Text(
    nb="Innenfor gruppeunntaket eller taket for bagatellstøtte, etter regler som er lest.",
    en="Within the block exemption or the de minimis ceiling, by rules that were read.",
)


def route_table(
    alternatives: Mapping[str, Mapping[str, str]], routes: Mapping[str, Route]
) -> list[dict[str, Text | str]]:
    """A row per alternative and measure, for a table: basis, conditions, what is unverified."""
    return [
        {
            "alternative": alternative, "measure": measure, "route": routes[name].name,
            "basis": routes[name].basis, "conditions": routes[name].conditions,
            "source": routes[name].source, "confidence": routes[name].confidence,
            "unverified": routes[name].unverified,
        }
        for alternative, measures in alternatives.items()
        for measure, name in measures.items()
    ]  # fmt: skip
