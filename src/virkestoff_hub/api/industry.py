"""The industry: statistics of companies where there are any, and the sources' projections."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router

from virkestoff.industry.measures import MEASURES
from virkestoff.industry.projections import rebuild
from virkestoff.industry.statistics import Statistics
from virkestoff.language import Lang, Text, place_in
from virkestoff_hub.api.operations import answers
from virkestoff_hub.api.shapes import (
    Listed,
    Number,
    PageNumber,
    PageSize,
    Shape,
    Words,
    listed,
    number,
    worded,
)
from virkestoff_hub.engine import bench, library
from virkestoff_hub.industry.companies import companies, has_companies
from virkestoff_hub.industry.views import LARGEST, WORDING

__all__ = ["router"]

router = Router()
_Dimension = Literal["branch", "size", "ownership", "region"]


class CellShape(Shape):
    """A figure; null where it is hidden, not known or not meaningful, as ``mark`` says."""

    place: dict[str, str]
    year: int
    value: Number
    low: Number
    high: Number
    n_unknown: int | None
    mark: str


class TableShape(Shape):
    """A measure, protected so that no company's own figure can be found."""

    measure: str
    name: str
    unit: str
    by: list[str]
    years: list[int]
    period: list[int] | None
    is_synthetic: bool
    origin: str
    definitions: list[str]
    largest: int | None
    missing_years: dict[str, int]
    marks: dict[str, str]
    cells: list[CellShape]


class MeasureShape(Shape):
    """Something that can be measured."""

    id: str
    name: str
    kind: str
    unit: str


class PathShape(Shape):
    """A rebuilt path: the middle and what rounding leaves open, year by year."""

    unit: str
    years: list[int]
    middle: list[Number]
    low: list[Number]
    high: list[Number]


class ProjectionShape(Shape):
    """A published projection; no path where the sources do not say enough to rebuild it."""

    id: str
    name: str
    measure: str
    branch: str
    until: int
    published: list[str]
    statistics: list[str]
    path: PathShape | None
    note: str | None
    source: str
    place: str


class TargetShape(Shape):
    """A level that somebody set for a year, by the statistics that say it."""

    id: str
    name: str
    measure: str
    year: int
    statistics: list[str]
    note: str | None


_MARKS: dict[str, Text] = {
    ":": Text(nb="skjult", en="hidden"),
    "i": Text(nb="ufullstendig", en="incomplete"),
    "u": Text(nb="ikke kjent", en="not known"),
    "m": Text(nb="gir ikke mening", en="not meaningful"),
    "e": Text(nb="ingen bedrifter", en="no companies"),
}


@answers(router, "/industry/measures", Listed[MeasureShape], Text(
    nb="Mål som statistikk over bedrifter kan lages av",
    en="Measures that statistics of companies can be made of"))  # fmt: skip
def measures(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """What the parameter ``measure`` of statistics may be."""
    def shown(key: str) -> dict[str, Any]:
        one = MEASURES[key]
        return {"id": key, "name": one.name.in_(lang), "kind": one.kind, "unit": one.unit}

    return listed(request, sorted(MEASURES), shown, page, page_size)


@lru_cache(maxsize=64)
def _table(measure: str, by: tuple[str, ...]) -> Statistics:
    return bench().industry_statistics(companies(), measure, by, None, WORDING, LARGEST)


@answers(router, "/industry/statistics", TableShape, Text(
    nb="Ett mål etter bransje, størrelse, eierskap eller region",
    en="One measure by branch, size, ownership or region"))  # fmt: skip
def industry_statistics(
    request: HttpRequest, measure: Words = "turnover",
    by: list[_Dimension] = Query(default=["branch"], max_length=4),  # noqa: B008
    lang: Lang = "nb",
) -> Any:  # fmt: skip
    """Statistics of companies, where the site has any (404 where not); ``is_synthetic`` tells
    whether the companies exist.
    """
    if measure not in MEASURES or not has_companies():
        raise Http404
    dimensions = tuple(dict.fromkeys(by))
    found = _table(measure, dimensions)
    return {
        "measure": measure, "name": found.spec.name.in_(lang), "unit": found.spec.unit,
        "by": list(found.by), "years": list(found.years),
        "period": list(found.period) if found.period else None,
        "is_synthetic": found.is_synthetic, "origin": found.origin,
        "definitions": list(found.definitions), "largest": found.largest,
        "missing_years": {str(y): n for y, n in found.missing_years.items()},
        "marks": {k: w.in_(lang) for k, w in _MARKS.items()},
        "cells": [
            {"place": dict(zip(found.by, c.place, strict=True)), "year": c.year,
             "value": number(c.value), "low": number(c.low), "high": number(c.high),
             "n_unknown": c.n_unknown, "mark": c.mark}
            for c in found.cells
        ],
    }  # fmt: skip


@lru_cache(maxsize=1)
def _paths() -> dict[str, dict[str, Any] | None]:
    """The path of each projection; none where it cannot be rebuilt."""
    found: dict[str, dict[str, Any] | None] = {}
    for key, scenario in bench().projections("nb").scenarios.items():
        path = rebuild(library(), scenario)
        found[key] = None if path is None else {
            "unit": path.unit, "years": list(path.years),
            **{part: [number(x) for x in getattr(path, part)] for part in ("middle", "low", "high")}
        }  # fmt: skip
    return found


@answers(router, "/industry/projections", Listed[ProjectionShape], Text(
    nb="Kildenes framskrivninger, regnet om igjen",
    en="The sources’ projections, computed again"))  # fmt: skip
def projections(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """Base times stated growth, with the leeway that rounding leaves."""
    scenarios = bench().projections(lang).scenarios

    def shown(key: str) -> dict[str, Any]:
        one = scenarios[key]
        return {
            "id": key, "name": one.name.in_(lang), "measure": one.measure, "branch": one.branch,
            "until": one.until, "published": list(one.published), "statistics": list(one.names),
            "path": _paths()[key], "note": worded(one.note, lang), "source": one.source,
            "place": place_in(one.place, lang),
        }  # fmt: skip

    return listed(request, sorted(scenarios), shown, page, page_size)


@answers(router, "/industry/targets", Listed[TargetShape], Text(
    nb="Mål som noen har satt for et år", en="Targets that somebody set for a year"))  # fmt: skip
def targets(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """Targets for the industry, with the statistics that state them."""
    held = bench().projections(lang).targets

    def shown(key: str) -> dict[str, Any]:
        one = held[key]
        return {"id": key, "name": one.name.in_(lang), "measure": one.measure, "year": one.year,
                "statistics": list(one.names), "note": worded(one.note, lang)}  # fmt: skip

    return listed(request, sorted(held), shown, page, page_size)


