"""Providers of facilities, the words of capability, and a request against both."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from virkestoff.facilities import Match, Register, match, request_from
from virkestoff.facilities.answer import answer_data, provider_data
from virkestoff.facilities.provider import ProviderKind
from virkestoff.facilities.vocabulary import Facet
from virkestoff.language import Lang, Text, place_in
from virkestoff_hub.api.bodies import read_body
from virkestoff_hub.api.evidence import api_url
from virkestoff_hub.api.operations import Day, answers, day_of
from virkestoff_hub.api.shapes import (
    Listed,
    Number,
    PageNumber,
    PageSize,
    Shape,
    Words,
    listed,
    plain,
    worded,
)
from virkestoff_hub.facilities.holding import from_library, joined
from virkestoff_hub.search.addresses import page_if_served

__all__ = ["router"]

router = Router()


class PlaceShape(Shape):
    """A place in a source; for ``own_statement``, the day on which the provider said so itself."""

    source: str
    place: str


class AccessShape(PlaceShape):
    """Whether a provider works for others."""

    to: str


class ScaleShape(Shape):
    """From the smallest to the largest size; null where it is not known."""

    smallest: Number
    largest: Number
    unit: str


class CapabilityShape(PlaceShape):
    """One statement of what a provider can do; empty lists mean that nothing is said."""

    does: str
    name: str
    products: list[str]
    excludes: list[str]
    scale: ScaleShape | None
    gmp: list[str]
    is_without_gmp: bool
    phases: list[str]
    analytics: list[str]
    safety: list[str]
    places: list[str]
    status: str
    also: list[PlaceShape]
    note: str | None


class LackShape(PlaceShape):
    """What a source says that a provider does not have."""

    does: str


class ProviderShape(Shape):
    """What sources say of a provider; ``is_confirmed`` tells whether it stands behind it itself."""

    id: str
    name: str
    kind: str
    country: str
    is_confirmed: bool
    access: AccessShape | None
    capabilities: list[CapabilityShape]
    lacks: list[LackShape]
    url: str
    page: str | None


class CapabilityTermShape(Shape):
    """A word of capability: what it is a kind of, and what its size is measured in."""

    id: str
    facet: str
    name: str
    synonyms: list[str]
    broader: list[str]
    unit: str | None
    source: str | None
    place: str | None


class ReasonShape(PlaceShape):
    """Why a provider fits or not."""

    constraint: str
    verdict: str
    text: str


class ChangeShape(Shape):
    """What would have to be otherwise in the request."""

    field: str
    text: str


class NearMissShape(Shape):
    """Changes with which it would fit."""

    then: str
    text: str
    changes: list[ChangeShape]


class CandidateShape(Shape):
    """A provider for a step."""

    provider: str
    name: str
    is_confirmed: bool
    status: str
    window: str | None
    reasons: list[ReasonShape]
    near_misses: list[NearMissShape]


class StepShape(Shape):
    """A step: providers in order of fit, and those of whom nobody says that they can."""

    does: str
    candidates: list[CandidateShape]
    not_stated: list[str]


class ChainShape(Shape):
    """One provider for each step."""

    providers: list[str]
    status: str
    n_transfers: int


class NoticeShape(PlaceShape):
    """What a source says that a country lacks."""

    text: str


class MatchShape(Shape):
    """Who can do what a request asks for."""

    request: str
    date: str
    is_synthetic: bool
    status: str
    suggested_outcome: str | None
    steps: list[StepShape]
    chains: list[ChainShape]
    notices: list[NoticeShape]


def _provider(key: str, held: Register, lang: Lang) -> dict[str, Any]:
    provider = held.providers[key]
    data = plain(provider_data(key, provider, held), lang)
    for shown, capability in zip(data["capabilities"], provider.capabilities, strict=True):
        scale = capability.scale
        full = {name: list(getattr(capability, name)) for name in (
            "products", "excludes", "gmp", "phases", "analytics", "safety", "places")}  # fmt: skip
        shown |= {
            **full, "is_without_gmp": capability.is_without_gmp, "status": capability.status,
            "also": [_said(a.source, a.place, lang) for a in capability.also],
            "note": worded(capability.note, lang),
            "scale": None if scale is None else {
                "smallest": scale.from_, "largest": scale.to, "unit": scale.unit},
        }  # fmt: skip
    for said in (*data["capabilities"], *data["lacks"], *filter(None, [data["access"]])):
        said["place"] = place_in(said["place"], lang)
    return {**data, "url": api_url("provider", provider=key),
            "page": page_if_served(f"/{lang}/facilities/provider/{key}/")}  # fmt: skip


def _said(source: str, place: str, lang: Lang) -> dict[str, str]:
    return {"source": source, "place": place_in(place, lang)}


@answers(router, "/facilities/providers", Listed[ProviderShape], Text(
    nb="Tilbydere av anlegg, slik kildene omtaler dem",
    en="Providers of facilities, as the sources speak of them"))  # fmt: skip
def providers(
    request: HttpRequest, does: Words = "", kind: ProviderKind | None = None,
    country: Words = "", lang: Lang = "nb", page: PageNumber = 1, page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """Providers with a capability, of a kind, in a country (two letters)."""
    held = joined()
    is_known = not does or does in held.vocabulary.terms
    found = sorted(held.chosen(does, country, kind or "")) if is_known else []
    return listed(request, found, lambda key: _provider(key, held, lang), page, page_size)


@answers(router, "/facilities/providers/{provider}", ProviderShape, Text(
    nb="Én tilbyder", en="One provider"))  # fmt: skip
def provider(request: HttpRequest, provider: str, lang: Lang = "nb") -> Any:
    """What is stated of one provider, with sources; nothing is confirmed until it says so."""
    held = joined()
    if provider not in held.providers:
        raise Http404
    return _provider(provider, held, lang)


@answers(router, "/facilities/vocabulary", Listed[CapabilityTermShape], Text(
    nb="Ordene som anlegg og forespørsler beskrives med",
    en="The words that facilities and requests are described with"))  # fmt: skip
def capability_vocabulary(
    request: HttpRequest, facet: Facet | None = None, lang: Lang = "nb", page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Any:  # fmt: skip
    """The terms, what each is a kind of, and what its size is measured in."""
    terms = from_library().vocabulary.terms

    def shown(key: str) -> dict[str, Any]:
        term = terms[key]
        synonyms = term.synonyms.nb if lang == "nb" else term.synonyms.en
        place = place_in(term.place, lang) if term.place else None
        return {"id": key, "facet": term.facet, "name": term.name.in_(lang),
                "synonyms": list(synonyms), "broader": list(term.broader), "unit": term.unit,
                "source": term.source, "place": place}  # fmt: skip

    found = sorted(key for key, t in terms.items() if facet in (None, t.facet))
    return listed(request, found, shown, page, page_size)


@answers(router, "/facilities/match", MatchShape, Text(
    nb="Hvem kan gjøre det en forespørsel ber om, og hvorfor ikke; ingenting lagres",
    en="Who can do what a request asks for, and why not; nothing is kept"),
    method="POST", body="FacilityRequest")  # fmt: skip
def match_request(request: HttpRequest, on: Day | None = None, lang: Lang = "nb") -> Any:
    """Providers for each step, in order of fit, with reasons; near misses and their changes.

    Matched against what sources and providers say, with the lines of capacity and the prices that
    are open to everybody. No other line is looked at: nothing here depends on one.
    """
    register = joined()
    wanted = request_from(read_body(request), register.vocabulary, "body")
    found: Match = match(wanted, register, day_of(on), viewer="public")
    data = plain(answer_data(found, register), lang)
    said = [r for s in data["steps"] for c in s["candidates"] for r in c["reasons"]]
    for one in (*said, *data["notices"]):
        one["place"] = place_in(one["place"], lang) if one["place"] else ""
    return data
