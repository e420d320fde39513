"""Support schemes: the list, one with its rules on a day, and a profile checked against all."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Router

from virkestoff.instruments.profile import Profile, profile_of
from virkestoff.instruments.scheme import Kind, PhaseName, Scheme
from virkestoff.instruments.vocabulary import Term
from virkestoff.language import Lang, Text, place_in
from virkestoff.reports.guide_json import guide_json, plain_value
from virkestoff_hub.api.bodies import read_body, with_dates
from virkestoff_hub.api.evidence import api_url, page_in
from virkestoff_hub.api.guide_shapes import AnswerShape, ConditionShape, UnknownShape
from virkestoff_hub.api.operations import Day, answers, day_of
from virkestoff_hub.api.shapes import (
    Listed,
    Number,
    PageNumber,
    PageSize,
    Shape,
    Words,
    listed,
    number,
    plain,
    worded,
)
from virkestoff_hub.engine import bench

__all__ = ["router"]

router = Router()


class SchemeShape(Shape):
    """A scheme in the list."""

    id: str
    name: str
    provider: str
    kind: str
    status: str
    summary: str | None
    phases: list[str]
    last_checked: date
    url: str
    page: str


class ParameterShape(Shape):
    """A number in the rules as it holds on the day; null where it is not known."""

    id: str
    value: Any
    source: str | None
    place: str | None


class FigureShape(Shape):
    """A budget, or how many were reached, in a year."""

    year: int
    value: Number
    unit: str
    price_year: int | None
    source: str
    place: str


class CitedShape(Shape):
    """What a scheme rests on; no source where the document is not known."""

    source: str | None
    place: str | None


class WholeSchemeShape(SchemeShape):
    """A scheme with its rules on a day."""

    on: date
    rules: str
    exists_from: date | None
    exists_to: date | None
    recipients: list[str]
    branches: list[str]
    open: bool | None
    closes: str | None
    opens_next: str | None
    assessment: str | None
    conditions: list[ConditionShape]
    parameters: list[ParameterShape]
    unknown_terms: list[UnknownShape]
    budget: list[FigureShape]
    reach: list[FigureShape]
    references: list[CitedShape]


class ProfileFactShape(Shape):
    """A fact that a profile may hold, and how to ask for it."""

    id: str
    name: str
    type: str
    unit: str | None
    smallest: Number
    largest: Number
    is_whole: bool
    choices: dict[str, str]
    question: str
    ask: str


def _summary(scheme: Scheme, lang: Lang) -> dict[str, Any]:
    return {
        "id": scheme.id, "name": scheme.name.in_(lang), "provider": scheme.provider.in_(lang),
        "kind": scheme.kind, "status": scheme.status, "summary": worded(scheme.summary, lang),
        "phases": list(scheme.phases.named), "last_checked": scheme.last_checked,
        "url": api_url("scheme", scheme=scheme.id),
        "page": page_in(lang, "instruments:scheme", scheme.id),
    }  # fmt: skip


@answers(router, "/schemes", Listed[SchemeShape], Text(
    nb="Støtteordninger, etter id", en="Support schemes, in order of id"))  # fmt: skip
def schemes(
    request: HttpRequest, kind: Kind | None = None,
    status: Literal["existing", "proposed", "ended"] | None = None,
    phase: PhaseName | None = None, search: Words = "", lang: Lang = "nb", page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """All schemes, or those of a kind, status or phase whose texts hold some words."""
    found = bench().choose_schemes(
        kind=kind or "", status=status or "", phase=phase or "", search=search
    )
    found.sort(key=lambda s: s.id)
    return listed(request, found, lambda s: _summary(s, lang), page, page_size)


@lru_cache(maxsize=8)
def _unasked(on: date) -> dict[str, dict[str, Any]]:
    """What the guide says of each scheme where nothing is known of who asks."""
    answer = guide_json(bench().guide(Profile({}), on))
    return {entry["id"]: entry for entry in answer["schemes"]}


@answers(router, "/schemes/{scheme}", WholeSchemeShape, Text(
    nb="Én ordning med vilkår, tall og kilder på en dag",
    en="One scheme with conditions, numbers and sources on a day"))  # fmt: skip
def scheme(request: HttpRequest, scheme: str, on: Day | None = None, lang: Lang = "nb") -> Any:
    """The rules as they stand on a day (default: today); what was not found is said."""
    held, day = bench().schemes, day_of(on)
    if scheme not in held.schemes:
        raise Http404
    one, entry = held.schemes[scheme], plain(_unasked(day)[scheme], lang)
    dated = bench().scheme_result(scheme, day).compiled.dated
    return {
        **_summary(one, lang), "on": day, "exists_from": one.period.from_,
        "exists_to": one.period.to, "recipients": list(one.recipients),
        "branches": list(one.branches), "assessment": worded(one.assessment, lang),
        **{key: entry[key] for key in ("rules", "open", "closes", "opens_next", "conditions",
                                       "unknown_terms")},
        "parameters": [_parameter(p, lang) for p in dated.parameters.values()],
        "budget": [_figure(f, lang) for f in one.budget],
        "reach": [_figure(f, lang) for f in one.reach],
        "references": [
            {"source": r.source, "place": place_in(r.place, lang) if r.place else None}
            for r in one.references
        ],
    }  # fmt: skip


def _parameter(parameter: Any, lang: Lang) -> dict[str, Any]:
    value, record = parameter.value, parameter.record
    shown = list(value) if isinstance(value, tuple) else plain_value(value)
    return {
        "id": parameter.name, "value": plain(shown, lang),
        "source": record.source if record else None,
        "place": place_in(record.place, lang) if record and record.place else None,
    }  # fmt: skip


def _figure(figure: Any, lang: Lang) -> dict[str, Any]:
    return {"year": figure.year, "value": number(figure.value), "unit": figure.unit,
            "price_year": figure.price_year, "source": figure.source,
            "place": place_in(figure.place, lang)}  # fmt: skip


@answers(router, "/profile-facts", Listed[ProfileFactShape], Text(
    nb="Opplysninger som en profil kan ha", en="Facts that a profile may hold"))  # fmt: skip
def profile_facts(
    request: HttpRequest, lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50
) -> Any:
    """What a profile may say, with the question for it; ``company.employees`` is written as
    ``{"company": {"employees": 12}}``.
    """
    terms = bench().schemes.vocabulary.terms

    def shown(term: Term) -> dict[str, Any]:
        low, high = term.range or (None, None)
        return {
            "id": term.id, "name": term.name.in_(lang), "type": term.type, "unit": term.unit,
            "smallest": number(low), "largest": number(high), "is_whole": term.is_whole,
            "choices": {k: w.in_(lang) for k, w in (term.choices or {}).items()},
            "question": term.question.in_(lang), "ask": term.ask.in_(lang),
        }  # fmt: skip

    found = [terms[key] for key in sorted(terms)]
    return listed(request, found, shown, page, page_size)


@answers(router, "/check", AnswerShape, Text(
    nb="En profil prøvd mot alle ordninger, med grunner, beløp og frister; ingenting lagres",
    en="A profile checked against all schemes, with reasons, amounts and deadlines; nothing is "
    "kept"), method="POST", body="Profile")  # fmt: skip
def check(request: HttpRequest, on: Day | None = None, lang: Lang = "nb") -> Any:
    """The guide's answer. Nothing is looked up in a register: a profile says all that is known."""
    data = with_dates(read_body(request), lambda key: key in ("profile", "orgnr"))
    profile = profile_of(data, bench().schemes.vocabulary, _place)
    return _answer(profile, day_of(on) if on else profile.on or day_of(None), lang)


def _place(keys: tuple[str | int, ...]) -> str:
    return ".".join(("body", *map(str, keys)))


def _answer(profile: Profile, on: date, lang: Lang) -> Any:
    found = guide_json(bench().guide(profile, on))
    for entry in found["schemes"]:
        for miss in entry["near_misses"]:
            for change in miss["changes"]:
                change["low"], change["high"] = change.pop("from", None), change.pop("to", None)
    return plain(found, lang)
