"""The body of a request: one JSON object, strictly read, of bounded size and depth."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from django.http import HttpRequest

from virkestoff.errors import Fault
from virkestoff_hub.api.faults import BodyFault

__all__ = ["DEEPEST", "LARGEST", "read_body", "with_dates"]

LARGEST = 64_000
"""Bytes of a body."""
DEEPEST = 12
"""Objects and lists within each other."""
_DIGITS = 40
"""Digits of a whole number."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_STEP = "Send one JSON object"


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent.

    Raises
    ------
    BodyFault
        if it is no JSON object, holds a key twice, or numbers that are none.
    """
    if request.content_type != "application/json":
        raise BodyFault(415, Fault("body", "is not JSON", next_step="Send a JSON object with "
                                   "Content-Type: application/json"))  # fmt: skip
    try:
        text = request.body.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number,
                           parse_int=_whole, parse_float=_finite)  # fmt: skip
    except (UnicodeDecodeError, RecursionError, json.JSONDecodeError) as problem:
        why = "" if isinstance(problem, RecursionError) else str(problem)[:100]
        raise BodyFault(400, Fault("body", "cannot be read as JSON", why, _STEP)) from None
    if not isinstance(found, dict):
        raise BodyFault(400, Fault("body", "is not an object", next_step=_STEP))
    _check(found, 1)
    return found


def _fault(what: str, step: str = "Correct it") -> NoReturn:
    raise BodyFault(400, Fault("body", what, next_step=step))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _fault("holds a key twice", "Write each key once")
    return found


def _no_number(text: str) -> NoReturn:
    _fault(f"holds {text}, which is no number", "Leave out what is not known")


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        _fault(f"holds a number of more than {_DIGITS} digits")
    return int(text)


def _finite(text: str) -> float:
    found = float(text)
    if found in (float("inf"), float("-inf")):
        _fault("holds a number that is too large")
    return found


def _check(data: Any, depth: int) -> None:
    """Depth, and text that cannot be written again."""
    if depth > DEEPEST:
        _fault(f"is deeper than {DEEPEST} objects and lists")
    if isinstance(data, str):
        if any(0xD800 <= ord(c) <= 0xDFFF for c in data):
            _fault("holds half a character")
        return
    parts = [*data, *data.values()] if isinstance(data, dict) else data
    if isinstance(data, dict | list):
        for part in parts:
            _check(part, depth + 1)


def with_dates(data: Any, is_kept: Callable[[str], bool] = lambda key: False) -> Any:
    """Days as days, as a YAML file has them; JSON has text alone.

    Parameters
    ----------
    is_kept : keys whose text stays text
    """
    if isinstance(data, dict):
        return {k: v if is_kept(k) else with_dates(v, is_kept) for k, v in data.items()}
    if isinstance(data, list):
        return [with_dates(v, is_kept) for v in data]
    if isinstance(data, str) and _DAY.match(data):
        try:
            return date.fromisoformat(data)
        except ValueError:
            return data
    return data
