"""How an operation is added: named parameters alone, one shape of faults, described for people."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.decorators import decorate_view
from pydantic import Field

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.language import Text
from virkestoff_hub.api.faults import Faults, fault_response

__all__ = ["SUMMARIES", "Day", "answers", "day_of"]

SUMMARIES: dict[str, Text] = {}
"""What each operation is for, by its id."""
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Years between which rules of support are asked for."""
_Function = Callable[..., Any]


def answers(
    router: Router,
    path: str,
    shape: Any,
    says: Text,
    *,
    method: str = "GET",
    body: str | None = None,
) -> Callable[[_Function], _Function]:
    """Add a function as an operation.

    Parameters
    ----------
    shape : of the answer
    says : what the operation is for
    body : name of the shape of the body among the components, if the operation reads one
    """

    def add(function: _Function) -> _Function:
        name = function.__name__
        SUMMARIES[name] = says
        codes = [404, 422, 429, *([400, 413, 415] if body else [])]
        responses = {200: shape, **dict.fromkeys(codes, Faults)}
        given = [p for p in inspect.signature(function).parameters if p != "request"]
        extra = {} if body is None else {"requestBody": _body(body)}
        register = router.api_operation(
            [method], path, response=responses, operation_id=name, summary=says.en,
            by_alias=True, openapi_extra=extra,
        )  # fmt: skip
        added: _Function = register(decorate_view(_names_only(given))(function))
        return added

    return add


def _body(name: str) -> Mapping[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _names_only(known: list[str]) -> Callable[[_Function], _Function]:
    """Refuse a parameter that is misspelt or given twice, instead of answering something else."""

    def guard(run: _Function) -> _Function:
        @wraps(run)
        def guarded(request: HttpRequest, **given: Any) -> HttpResponse:
            faults = []
            for name, values in request.GET.lists():
                if name not in known or name in given:
                    step = suggest(name, known) or f"The parameters are {', '.join(known)}"
                    faults.append(Fault(f"query.{name}", "is not a parameter", next_step=step))
                elif len(values) > 1 and name != "by":
                    faults.append(Fault(f"query.{name}", "is given more than once",
                                        next_step="Give it once"))  # fmt: skip
            if faults:
                return fault_response(request, 422, faults)
            response: HttpResponse = run(request, **given)
            return response

        return guarded

    return guard


def day_of(on: str | None) -> date:
    """The day that is asked for; today if none is.

    Raises
    ------
    InputError
        if there is no such day, or it lies where no rules are asked for.
    """
    if on is None:
        day: date = timezone.localdate()
        return day
    try:
        found = date.fromisoformat(on)
    except ValueError:
        raise InputError(Fault("query.on", f"'{on}' is not a day",
                               next_step="Write it as 2026-11-25")) from None  # fmt: skip
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise InputError(Fault("query.on", f"lies outside {FIRST_YEAR} to {LAST_YEAR}",
                               next_step="Ask for another day"))  # fmt: skip
    return found
