"""Facts, statistics, quantities, sources, conflicts and terms of the library."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import override
from ninja import Router

from virkestoff.evidence import Conflict, Fact, Source, Statistic
from virkestoff.evidence.fact import Confidence, Subject
from virkestoff.evidence.glossary import Term, load_glossary
from virkestoff.language import Lang, Text, place_in
from virkestoff.reports.conflict_words import RULES, why
from virkestoff.reports.statistic_words import title
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
from virkestoff_hub.engine import library
from virkestoff_hub.evidence.rows import searched_text
from virkestoff_hub.evidence.views import found_conflicts

__all__ = ["router"]

router = Router()


class OriginShape(Shape):
    """Where a record comes from, and how sure it is."""

    source: str
    place: str
    how: str
    confidence: str
    grade: str
    note: str | None
    file: str


class SpanShape(Shape):
    """From a day to a day, both included; null is open."""

    first: date | None
    last: date | None


class FactShape(Shape):
    """A parameter of the models: one number, a range of two, or low, middle and high; or a series
    by year.
    """

    id: str
    name: str
    unit: str
    price_year: int | None
    values: list[Number]
    series: dict[str, Number]
    distribution: str | None
    vat: str
    holds: SpanShape
    covers: dict[str, list[Number]]
    reason: str | None
    origin: OriginShape
    url: str
    page: str


class StatisticShape(Shape):
    """A published figure: one number or a range; no number where the source's own is lost."""

    id: str
    name: str
    kind: str
    subject: str | None
    branch: str | None
    group: dict[str, str]
    answer: str | None
    population: str | None
    definition: str | None
    n_answers: int | None
    year: int | None
    period: list[int] | None
    unit: str
    price_year: int | None
    qualifier: str
    values: list[Number]
    missing: str | None
    origin: OriginShape
    url: str
    page: str


class SubjectShape(Shape):
    """A quantity that statistics are about."""

    id: str
    name: str
    unit: str
    definition: str
    reads_as: str
    made_from: list[str]
    n_statistics: int
    statistics: str


class SourceShape(Shape):
    """A document, page or data set."""

    id: str
    title: str
    publisher: str
    year: int | None
    address: str | None
    language: str | None
    accessed: date | None
    note: str | None
    n_records: int
    url: str
    page: str


class ConflictShape(Shape):
    """Published figures that cannot all hold."""

    title: str
    rule: str
    rule_words: str
    subject: str
    year: int | None
    statistics: list[str]
    implied_low: Number
    implied_high: Number
    is_explained: bool
    reason: str | None
    reason_kind: str | None
    why: str
    hints: list[str]


class TermShape(Shape):
    """A word of the field."""

    id: str
    nb: str
    en: str
    definition: str
    source: str
    place: str


def page_in(lang: Lang, name: str, *args: str) -> str:
    """The address of a page of the site in a language."""
    with override(lang):
        return str(reverse(name, args=args))


def api_url(name: str, **given: str) -> str:
    """The address of an operation."""
    return str(reverse(f"api-v1:{name}", kwargs=given))


def _origin(record: Fact | Statistic, lang: Lang) -> dict[str, Any]:
    return {
        "source": record.source, "place": place_in(record.place, lang), "how": record.how,
        "confidence": record.confidence, "grade": record.grade, "note": record.note,
        "file": library().files[record.id],
    }  # fmt: skip


def _fact(fact: Fact, lang: Lang) -> dict[str, Any]:
    return {
        "id": fact.id, "name": fact.name.in_(lang), "unit": fact.unit,
        "price_year": fact.price_year, "values": [number(x) for x in fact.numbers],
        "series": {str(y): number(x) for y, x in sorted((fact.series or {}).items())},
        "distribution": fact.shape if fact.numbers else None, "vat": fact.vat,
        "holds": {"first": fact.valid.from_, "last": fact.valid.to},
        "covers": {k: [number(x) for x in ends] for k, ends in fact.covers.items()},
        "reason": fact.reason, "origin": _origin(fact, lang),
        "url": api_url("fact", fact=fact.id),
        "page": page_in(lang, "evidence:record", fact.id),
    }  # fmt: skip


def _statistic(one: Statistic, lang: Lang) -> dict[str, Any]:
    value = one.value
    values = () if value is None else value if isinstance(value, tuple) else (value,)
    return {
        "id": one.id, "name": one.name.in_(lang), "kind": one.kind, "subject": one.subject,
        "branch": one.branch, "group": one.group, "answer": one.answer,
        "population": one.population, "definition": one.definition, "n_answers": one.n,
        "year": one.year, "period": list(one.period) if one.period else None,
        "unit": one.unit, "price_year": one.price_year, "qualifier": one.qualifier,
        "values": [number(x) for x in values], "missing": one.missing,
        "origin": _origin(one, lang), "url": api_url("statistic", statistic=one.id),
        "page": page_in(lang, "evidence:record", one.id),
    }  # fmt: skip


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, str]:
    """The text that each record is searched by."""
    held = library()
    both: list[Fact | Statistic] = [*held.facts.values(), *held.statistics.values()]
    return {r.id: searched_text(r, held) for r in both}


def _holds(record: str, search: str) -> bool:
    text = _texts()[record]
    return all(word in text for word in search.casefold().split())


@answers(router, "/facts", Listed[FactShape], Text(
    nb="Fakta som modellene bygger på, etter id",
    en="Facts that the models rest on, in order of id"))  # fmt: skip
def facts(
    request: HttpRequest, search: Words = "", confidence: Confidence | None = None,
    source: Words = "", lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """All facts, or those of a source and confidence whose name or id holds some words."""
    found = [
        f for key, f in sorted(library().facts.items())
        if confidence in (None, f.confidence) and source in ("", f.source) and _holds(key, search)
    ]  # fmt: skip
    return listed(request, found, lambda f: _fact(f, lang), page, page_size)


@answers(router, "/facts/{fact}", FactShape, Text(nb="Ett faktum", en="One fact"))
def fact(request: HttpRequest, fact: str, lang: Lang = "nb") -> Any:
    """A fact with its numbers, source and place."""
    return _fact(_one(library().facts, fact), lang)


def _one(records: Mapping[str, Any], key: str) -> Any:
    if key not in records:
        raise Http404
    return records[key]


@answers(router, "/statistics", Listed[StatisticShape], Text(
    nb="Publiserte tall, etter id", en="Published figures, in order of id"))  # fmt: skip
def statistics(
    request: HttpRequest, search: Words = "", subject: Words = "", branch: Words = "",
    source: Words = "", year: int | None = None,
    kind: Literal["observed", "estimate", "projection", "target"] | None = None,
    lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """All published figures, or those on a subject, branch, year or from a source."""
    found = [
        s for key, s in sorted(library().statistics.items())
        if subject in ("", s.subject) and branch in ("", s.branch) and source in ("", s.source)
        and year in (None, s.year) and kind in (None, s.kind) and _holds(key, search)
    ]  # fmt: skip
    return listed(request, found, lambda s: _statistic(s, lang), page, page_size)


@answers(router, "/statistics/{statistic}", StatisticShape, Text(
    nb="Ett publisert tall", en="One published figure"))  # fmt: skip
def statistic(request: HttpRequest, statistic: str, lang: Lang = "nb") -> Any:
    """A published figure with its source and place."""
    return _statistic(_one(library().statistics, statistic), lang)


@lru_cache(maxsize=1)
def _counts() -> tuple[Counter[str | None], Counter[str]]:
    """Statistics by subject, and records by source."""
    held = library()
    both = [*held.facts.values(), *held.statistics.values()]
    return Counter(s.subject for s in held.statistics.values()), Counter(r.source for r in both)


def _subject(key: str, one: Subject, lang: Lang) -> dict[str, Any]:
    return {
        "id": key, "name": one.name.in_(lang), "unit": one.unit,
        "definition": one.definition.in_(lang), "reads_as": one.reads_as,
        "made_from": list(one.made_from), "n_statistics": _counts()[0][key],
        "statistics": f"{api_url('statistics')}?subject={key}",
    }  # fmt: skip


@answers(router, "/subjects", Listed[SubjectShape], Text(
    nb="Størrelser som publiserte tall handler om",
    en="Quantities that published figures are about"))  # fmt: skip
def subjects(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """What the parameter ``subject`` of statistics may be."""
    found = sorted(library().subjects.items())
    return listed(request, found, lambda pair: _subject(pair[0], pair[1], lang), page, page_size)


def _source(key: str, one: Source, lang: Lang) -> dict[str, Any]:
    return {
        "id": key, "title": one.title, "publisher": one.publisher, "year": one.year,
        "address": one.url, "language": one.language, "accessed": one.accessed, "note": one.note,
        "n_records": _counts()[1][key], "url": api_url("source", source=key),
        "page": page_in(lang, "evidence:source", key),
    }  # fmt: skip


@answers(router, "/sources", Listed[SourceShape], Text(nb="Kilder", en="Sources"))
def sources(
    request: HttpRequest, search: Words = "", lang: Lang = "nb", page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """All sources, or those whose title or publisher holds some words."""
    words = search.casefold().split()
    found = [
        (key, s) for key, s in sorted(library().sources.items())
        if all(w in f"{key} {s.title} {s.publisher} {s.year or ''}".casefold() for w in words)
    ]  # fmt: skip
    return listed(request, found, lambda pair: _source(pair[0], pair[1], lang), page, page_size)


@answers(router, "/sources/{source}", SourceShape, Text(nb="Én kilde", en="One source"))
def source(request: HttpRequest, source: str, lang: Lang = "nb") -> Any:
    """A source, and how many records were taken from it."""
    return _source(source, _one(library().sources, source), lang)


def _conflict(one: Conflict, lang: Lang) -> dict[str, Any]:
    low, high = one.implied or (math.nan, math.nan)
    reason = one.reason
    return {
        "title": title(one, library(), lang), "rule": one.rule,
        "rule_words": RULES[one.rule].in_(lang), "subject": one.subject, "year": one.year,
        "statistics": [s.id for s in one.statistics], "implied_low": number(low),
        "implied_high": number(high),
        "is_explained": reason is not None and reason.kind != "unknown",
        "reason": worded(reason.text, lang) if reason else None,
        "reason_kind": reason.kind if reason else None, "why": why(one, lang),
        "hints": list(one.hints),
    }  # fmt: skip


@answers(router, "/conflicts", Listed[ConflictShape], Text(
    nb="Publiserte tall som ikke kan stemme samtidig",
    en="Published figures that cannot hold together"))  # fmt: skip
def conflicts(
    request: HttpRequest, is_explained: bool | None = None, lang: Lang = "nb",
    page: PageNumber = 1, page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """Sets of figures, how they were found to conflict, and why where it is known."""
    found = [_conflict(c, lang) for c in found_conflicts()]
    chosen = [c for c in found if is_explained in (None, c["is_explained"])]
    return listed(request, chosen, lambda c: c, page, page_size)


@lru_cache(maxsize=1)
def _glossary() -> Mapping[str, Term]:
    return load_glossary(library())


@answers(router, "/glossary", Listed[TermShape], Text(
    nb="Begreper på norsk og engelsk", en="Terms in Norwegian and English"))  # fmt: skip
def glossary(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """Terms with definitions."""
    def shown(pair: tuple[str, Term]) -> dict[str, Any]:
        key, term = pair
        return {"id": key, "nb": term.nb, "en": term.en, "definition": term.definition.in_(lang),
                "source": term.source, "place": place_in(term.place, lang)}  # fmt: skip

    return listed(request, sorted(_glossary().items()), shown, page, page_size)
