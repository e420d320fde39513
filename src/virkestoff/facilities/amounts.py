"""Amounts with units: compared exactly, converted only where the units allow it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from virkestoff.errors import InputError, suggest
from virkestoff.quantities import factor

__all__ = ["UNITS", "WHOLE_UNITS", "Amount", "Scale", "exact", "in_unit"]

UNITS = (
    "L", "mL", "m^3", "kg", "g", "mg", "t", "GBq", "MBq", "m^2", "hour", "day", "week", "month",
    "batch", "campaign", "unit", "tablet", "vial", "bottle", "pack", "person", "position",
)  # fmt: skip
"""What amounts may be in: closed, since units with an offset or huge powers do not convert."""
WHOLE_UNITS = ("batch", "campaign", "unit")
"""Units of which there is no half."""
_LARGEST = 1e12  # constant: above every amount that anybody writes in earnest
_SMALLEST = 1e-12
Positive = Annotated[float, Field(ge=_SMALLEST, le=_LARGEST, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=_LARGEST, allow_inf_nan=False)]


def exact(number: float) -> Fraction:
    """The decimal number that a person wrote, without binary rounding."""
    return Fraction(repr(number))


def in_unit(number: Fraction, unit: str, wanted: str) -> Fraction | None:
    """``number`` in another unit; ``None`` if one does not convert to the other."""
    if unit == wanted:
        return number
    try:
        # twelve digits: the factors between decimal units are decimal, their floats are not
        return number * Fraction(f"{factor(unit, wanted):.12g}")
    except InputError:
        return None


def known_unit(text: str) -> str:
    """``text`` if it is one of the units that facilities are measured in.

    Raises
    ------
    ValueError
        if it is none, so that the fault stands beside the record's others.
    """
    if text not in UNITS:
        hint = suggest(text, UNITS) or f"Known: {', '.join(UNITS)}"
        raise ValueError(f"'{text[:40]}' is not a unit of facilities. {hint}")
    return text


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Amount(_Frozen):
    """How much, above zero."""

    amount: Positive
    unit: str

    _is_unit = field_validator("unit")(known_unit)

    @property
    def exact(self) -> Fraction:
        """The amount as written."""
        return exact(self.amount)

    def of(self, unit: str) -> Fraction | None:
        """The amount in another unit; ``None`` if it does not convert."""
        return in_unit(self.exact, self.unit, unit)


class Scale(_Frozen):
    """From the smallest to the largest size that a facility takes; an end that is unknown is none.

    ``from`` and ``to`` are in ``unit``, both included.
    """

    from_: Positive | None = Field(default=None, alias="from")
    to: Positive | None = None
    unit: str

    _is_unit = field_validator("unit")(known_unit)

    @model_validator(mode="after")
    def _rises(self) -> Scale:
        if self.from_ is None and self.to is None:
            raise ValueError("needs from, to or both; leave the scale out where it is unknown")
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError("'to' is smaller than 'from'")
        return self

    def ends(self, unit: str) -> tuple[Fraction | None, Fraction | None] | None:
        """Smallest and largest in another unit; ``None`` if it does not convert."""
        found: list[Fraction | None] = []
        for end in (self.from_, self.to):
            converted = None if end is None else in_unit(exact(end), self.unit, unit)
            if end is not None and converted is None:
                return None
            found.append(converted)
        return found[0], found[1]


def rounded_down(number: Fraction, unit: str) -> Fraction:
    """``number``, or the whole units in it where half a unit is none."""
    return Fraction(math.floor(number)) if unit in WHOLE_UNITS else number
