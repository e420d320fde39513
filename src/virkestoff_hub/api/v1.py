"""The first version of the API: its routers, its faults and its description."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from pydantic.json_schema import models_json_schema

from virkestoff.errors import InputError, MissingFact
from virkestoff.facilities.request import Request
from virkestoff.instruments.profile import KEYS
from virkestoff.instruments.vocabulary import SUBJECTS
from virkestoff.language import Text
from virkestoff_hub.api import evidence, facilities, found, industry, schemes, studies
from virkestoff_hub.api.faults import (
    BodyFault,
    fault_response,
    query_faults,
    status_response,
)
from virkestoff_hub.api.operations import answers
from virkestoff_hub.api.shapes import Shape
from virkestoff_hub.engine import library

__all__ = ["api", "description", "openapi"]

REFERENCE = "#/components/schemas/{model}"
ABOUT = (
    "Everything public of the site as JSON: support schemes, figures and sources, facilities, "
    "industry, studies and search. No key, session or cookie. Texts are in the language of "
    "?lang= (nb or en). Unknown numbers are null. Lists come in pages: n, page, page_size, next "
    "and previous. Every fault has one shape: code, where, what, why and next_step; its words are "
    "in Norwegian or English by the header Accept-Language (English unless said), its code is the "
    "same in both. Addresses and fields of this version stay; new fields may be added."
)
_FAULT_HEADERS = {
    "Content-Language": {
        "description": "The language of the words of the faults, chosen by Accept-Language",
        "schema": {"type": "string", "enum": ["nb", "en"]},
    },
    "Vary": {"description": "Accept-Language", "schema": {"type": "string"}},
}
api = NinjaAPI(
    title="Virkestoff", version="1", description=ABOUT, urls_namespace="api-v1", openapi_url=None,
    docs_url=None,
)  # fmt: skip
_start = Router()


class StartShape(Shape):
    """Where to begin."""

    version: str
    library: str
    description: str
    documentation: str
    resources: list[str]


@answers(_start, "/", StartShape, Text(nb="Hvor man begynner", en="Where to begin"))
def start(request: HttpRequest) -> Any:
    """The addresses without parameters, and the version of the library that answers."""
    at = reverse("api-v1:start")
    return {
        "version": api.version, "library": library().digest, "description": f"{at}openapi.json",
        "documentation": "/en/api/", "resources": [p for p in description()["paths"] if p != at],
    }  # fmt: skip


for tag, router in (
    ("start", _start), ("schemes", schemes.router), ("evidence", evidence.router),
    ("facilities", facilities.router), ("industry", industry.router), ("studies", studies.router),
    ("search", found.router),
):  # fmt: skip
    api.add_router("", router, tags=[tag])


@api.exception_handler(ValidationError)
def _parameters(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    return fault_response(request, 422, query_faults(problem.errors))


@api.exception_handler(InputError)
def _input(request: HttpRequest, problem: InputError) -> HttpResponse:
    return fault_response(request, 422, problem.faults)


@api.exception_handler(MissingFact)
def _missing(request: HttpRequest, problem: MissingFact) -> HttpResponse:
    return fault_response(request, 404, problem.faults)


@api.exception_handler(BodyFault)
def _body(request: HttpRequest, problem: BodyFault) -> HttpResponse:
    return fault_response(request, problem.status, [problem.fault])


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, problem: Http404) -> HttpResponse:
    return status_response(request, 404)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, problem: HttpError) -> HttpResponse:
    return status_response(request, problem.status_code)


def _profile() -> dict[str, Any]:
    """A profile: facts by subject; which facts there are, ``/profile-facts`` tells."""
    facts = {"type": "object", "additionalProperties": True}
    listed = {"type": "array", "items": {"type": "object"}}
    known: dict[str, Any] = {
        **dict.fromkeys(SUBJECTS, facts), "awards": listed, "owners": listed,
        "profile": {"type": "string", "maxLength": 200, "description": "A name for it"},
        "orgnr": {"type": "string", "pattern": "^[0-9]{9}$"},
        "date": {"type": "string", "format": "date", "description": "The day asked for"},
        "awards_are_complete": {"type": "boolean"},
        "aid": {"type": "object", "description": "What aid law asks for"},
    }  # fmt: skip
    example = {"company": {"employees": 12, "is_registered_in_norway": True}}
    return {
        "title": "Profile", "type": "object", "additionalProperties": False,
        "properties": {key: known[key] for key in KEYS}, "example": example,
        "description": "What is known of an enterprise and a project. A fact that is left out is "
        "unknown; it is never nought and never no.",
    }  # fmt: skip


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI description, made once."""
    made: dict[str, Any] = dict(api.get_openapi_schema())
    _, bodies = models_json_schema([(Request, "validation")], ref_template=REFERENCE)
    components = made["components"]["schemas"]
    for name, schema in bodies["$defs"].items():
        components[name] = schema
    components["FacilityRequest"] = components.pop("Request")
    components["Profile"] = _profile()
    made["paths"] = {path: made["paths"][path] for path in sorted(made["paths"])}
    for methods in made["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    answer["headers"] = _FAULT_HEADERS
    return made


def openapi(request: HttpRequest) -> HttpResponse:
    """The description as JSON."""
    if request.method not in ("GET", "HEAD"):
        return status_response(request, 405, {"Allow": "GET, HEAD"})
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


