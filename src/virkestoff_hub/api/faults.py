"""The one shape of every fault: what is wrong, where, why, and what to do next, all at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from virkestoff.errors import Fault
from virkestoff_hub.api.shapes import Shape

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
}
_LONGEST = 200
"""Characters of what somebody sent that a fault repeats."""
DOCUMENTATION = "/en/api/"


class FaultShape(Shape):
    """One thing that is wrong."""

    where: str
    what: str
    why: str
    next_step: str


class Faults(Shape):
    """Every thing that is wrong."""

    status: int
    faults: list[FaultShape]
    documentation: str


class BodyFault(Exception):
    """A body that cannot be read: the status and the fault."""

    def __init__(self, status: int, fault: Fault) -> None:
        self.status, self.fault = status, fault
        super().__init__(str(fault))


def is_api(request: HttpRequest) -> bool:
    """Whether a request is for the API."""
    return request.path_info.startswith(PREFIX)


def fault_response(
    status: int, faults: Iterable[Fault], headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Faults as an answer."""
    shown = [
        {"where": f.where[:_LONGEST], "what": f.what, "why": f.why, "next_step": f.next_step}
        for f in faults
    ]
    data = {"status": status, "faults": shown, "documentation": DOCUMENTATION}
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    clean = text.encode("utf-8", "replace")  # a lone surrogate that somebody sent
    return HttpResponse(clean, status=status, headers=dict(headers or {}),
                        content_type="application/json; charset=utf-8")  # fmt: skip


def status_response(
    request: HttpRequest, status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer to what failed before it reached a resource."""
    what, step = _STATUS[status]
    where = f"{request.method} {request.path_info}"
    return fault_response(status, [Fault(where, what, next_step=step)], headers)


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
