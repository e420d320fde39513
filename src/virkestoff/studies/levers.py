"""Levers: what can be chosen in a study, and within which bounds."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from virkestoff.language import Text
from virkestoff.quantities import parse_unit

__all__ = ["Lever", "Name", "Value"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Value = str | float


class Lever(BaseModel):
    """Something that can be chosen: one of ``choices``, or a number in ``range`` with a unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    choices: tuple[Name, ...] | None = None
    unit: str | None = None
    range: tuple[float, float] | None = None
    default: Value | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if (self.choices is None) == (self.range is None):
            raise ValueError("needs either choices or range")
        if self.range is not None:
            if self.unit is None:
                raise ValueError("a range needs a unit")
            parse_unit(self.unit)
            if self.range[0] > self.range[1]:
                raise ValueError(f"range {list(self.range)} ends before it starts")
        if self.default is not None and (problem := self.problem_with(self.default)):
            raise ValueError(f"default {problem}")
        return self

    def problem_with(self, value: Value) -> str:
        """Why ``value`` cannot be chosen, or an empty string."""
        if self.choices is not None:
            if value not in self.choices:
                return f"'{value}' is none of {', '.join(self.choices)}"
            return ""
        assert self.range is not None
        if isinstance(value, str):
            return f"'{value}' is no number"
        low, high = self.range
        if not low <= value <= high:
            return f"{value:g} lies outside {low:g} to {high:g} {self.unit}"
        return ""
