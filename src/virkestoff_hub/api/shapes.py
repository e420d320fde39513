"""What every answer has in common: exact fields, unknown numbers as null, pages of lists."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from virkestoff.language import Lang, Text

__all__ = ["Listed", "Number", "PageNumber", "PageSize", "Shape", "Words", "listed", "number",
           "plain", "worded"]  # fmt: skip

Number = Annotated[float, Field(allow_inf_nan=False)] | None
"""A number, or null where it is not known; never NaN or infinite."""
LARGEST_PAGE, A_PAGE, LAST_PAGE = 200, 50, 100_000
PageNumber = Annotated[int, Field(ge=1, le=LAST_PAGE)]
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]
Words = Annotated[str, Field(max_length=100)]
"""A word or an id in a query."""
_Item = TypeVar("_Item")


class Shape(BaseModel):
    """An answer with exactly these fields."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Listed(Shape, Generic[_Item]):
    """A page of a list; ``n`` is how many there are in all."""

    n: int
    page: int
    page_size: int
    next: str | None
    previous: str | None
    items: list[_Item]


def listed(
    request: HttpRequest,
    found: Sequence[Any],
    shown: Callable[[Any], Mapping[str, Any]],
    page: int,
    page_size: int,
    n: int | None = None,
) -> dict[str, Any]:
    """A page of what was found.

    Parameters
    ----------
    found : all of it; or the items of this page alone, where ``n`` says how many there are
    """
    total = len(found) if n is None else n
    start = (page - 1) * page_size
    items = found[start : start + page_size] if n is None else found

    def address(number: int) -> str:
        query = [(k, v) for k, vs in request.GET.lists() for v in vs if k != "page"]
        return f"{request.path}?{urlencode([*query, ('page', number)])}"

    return {
        "n": total, "page": page, "page_size": page_size,
        "next": address(page + 1) if start + page_size < total else None,
        "previous": address(page - 1) if page > 1 else None,
        "items": [shown(item) for item in items],
    }  # fmt: skip


def number(x: float | None) -> float | None:
    """The number, or nothing where it is not known or has no end."""
    return None if x is None or not math.isfinite(x) else float(x)


def worded(text: Text | None, lang: Lang) -> str | None:
    """A text in the language asked for."""
    return None if text is None else text.in_(lang)


def plain(data: Any, lang: Lang) -> Any:
    """Data of the engine for an answer: texts in one language, numbers without an end as null."""
    match data:
        case {"nb": str() as nb, "en": str() as en} if len(data) == 2:
            return nb if lang == "nb" else en
        case Mapping():
            return {str(key): plain(value, lang) for key, value in data.items()}
        case str():
            return data
        case Sequence():
            return [plain(value, lang) for value in data]
        case float():
            return number(data)
    return data


Language = Literal["nb", "en"]
