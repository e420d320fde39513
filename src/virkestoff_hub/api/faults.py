"""The one shape of every fault: what is wrong, where, why, and what to do next, all at once.

Words follow the client's ``Accept-Language``; code, status and place are the same in each language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from pydantic import Field

from virkestoff.errors import Fault
from virkestoff.language import Lang
from virkestoff_hub.api.shapes import Shape
from virkestoff_hub.fault_words import CODES, told

__all__ = ["PREFIX", "BodyFault", "FaultShape", "Faults", "fault_response", "is_api",
           "query_faults", "status_response"]  # fmt: skip

PREFIX = "/api/"
"""Addresses that answer in JSON, also when they fail."""

_STATUS: dict[int, tuple[str, str]] = {
    400: ("is not understood", "Read how to ask at the address in 'documentation'"),
    403: ("is not open to you", "Read what is open at the address in 'documentation'"),
    404: ("does not exist", "Find the addresses at the address in 'documentation'"),
    405: ("does not answer to this method", "Use a method that the header Allow names"),
    413: ("is too large", "Send less"),
    415: ("is not JSON", "Send a JSON object with Content-Type: application/json"),
    429: ("was asked too often", "Wait as many seconds as the header Retry-After says"),
    500: ("failed on our side", "Try again in a little while; the fault is in the log"),
    503: ("cannot be read just now", "Try again in a little while"),
}
_NORWEGIAN = ("nb", "no", "nn")
_LONGEST = 200
"""Characters of what somebody sent that a fault repeats."""


class FaultShape(Shape):
    """One thing that is wrong: a code that never changes, and words in the language asked for."""

    code: Annotated[str, Field(json_schema_extra={"examples": list(CODES)})]
    where: str
    what: str
    why: str
    next_step: str


class Faults(Shape):
    """Every thing that is wrong, in Norwegian or English by ``Accept-Language`` (else English)."""

    status: int
    faults: list[FaultShape]
    documentation: str


class BodyFault(Exception):
    """A body that cannot be read: the status and the fault."""

    def __init__(self, status: int, fault: Fault) -> None:
        self.status, self.fault = status, fault
        super().__init__(str(fault))


def lang_of(request: HttpRequest) -> Lang:
    """The language that a client would rather read, by its ``Accept-Language``; else English."""
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    for tag, weight in parse_accept_lang_header(header):
        first = tag.partition("-")[0]
        if weight > 0 and first in _NORWEGIAN:
            return "nb"
        if weight > 0 and first == "en":
            return "en"
    return "en"


def is_api(request: HttpRequest) -> bool:
    """Whether a request is for the API."""
    return request.path_info.startswith(PREFIX)


def fault_response(
    request: HttpRequest,
    status: int,
    faults: Iterable[Fault],
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Faults as an answer, in the language that the client would rather read."""
    lang = lang_of(request)
    shown = []
    for fault in faults:
        said = told(fault, lang)
        shown.append({"code": said.code, "where": fault.where[:_LONGEST], "what": said.what,
                      "why": said.why, "next_step": said.next_step})  # fmt: skip
    data = {"status": status, "faults": shown, "documentation": f"/{lang}/api/"}
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    clean = text.encode("utf-8", "replace")  # a lone surrogate that somebody sent
    of_language = {"Content-Language": lang, "Vary": "Accept-Language"}
    return HttpResponse(clean, status=status, headers={**(headers or {}), **of_language},
                        content_type="application/json; charset=utf-8")  # fmt: skip


def status_response(
    request: HttpRequest, status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer to what failed before it reached a resource."""
    what, step = _STATUS[status]
    where = f"{request.method} {request.path_info}"
    return fault_response(request, status, [Fault(where, what, next_step=step)], headers)


def query_faults(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Findings on parameters, in the words of the house."""
    found = []
    for error in errors:
        where = ".".join(str(part) for part in error["loc"])
        what = str(error["msg"]).removeprefix("Value error, ")
        if error["type"] == "missing":
            found.append(Fault(where, "is missing", next_step="Add it"))
        else:
            what = what[:1].lower() + what[1:]
            found.append(Fault(where, what, next_step="Correct it, or leave it out"))
    return found
