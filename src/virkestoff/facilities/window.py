"""Windows: what a provider offers, when, how sure, at which price, and who may see it.

``total``, ``committed``, ``reserve`` and ``offerable`` are separate: what can be offered is not the
rest of the total, since validation, changeover and preparedness take their part (Norwegian
hospitals may rent out only what normal operation leaves, source_003, lines 337-340). An amount is
spread evenly over the days of its period. All sums are exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from virkestoff.facilities.amounts import (
    NotNegative,
    Scale,
    exact,
    known_unit,
    rounded_down,
)
from virkestoff.facilities.provider import Phase

__all__ = [
    "VIEWERS", "Availability", "Certificate", "Period", "Price", "Viewer", "Window", "available",
]  # fmt: skip

Viewer = Literal["public", "registered", "broker"]
VIEWERS: tuple[Viewer, ...] = get_args(Viewer)
"""From who sees least to who sees most."""
Confidence = Literal["firm", "likely", "indicative"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
"""A day in the range that anybody plans in."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(_Frozen):
    """Amounts from a day to a day, both included, in the unit of the window; unknown is none."""

    from_: Day = Field(alias="from")
    to: Day
    total: NotNegative | None = None
    committed: NotNegative | None = None
    reserve: NotNegative | None = None
    offerable: NotNegative | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Period:
        if self.to < self.from_:
            raise ValueError("ends before it starts")
        parts = [exact(p) for p in (self.committed, self.reserve, self.offerable) if p is not None]
        if self.total is not None and sum(parts, Fraction(0)) > exact(self.total):
            raise ValueError("committed, reserve and offerable are together more than the total")
        return self

    @property
    def n_days(self) -> int:
        """Days of the period."""
        return (self.to - self.from_).days + 1


class Price(_Frozen):
    """A price without VAT, from ``low`` to ``high`` per unit; what is unknown is none.

    ``visibility`` says who may see it: brokers alone, unless the provider opens it.
    """

    basis: Literal["actual_cost", "market", "subsidised"]
    low: NotNegative | None = None
    high: NotNegative | None = None
    unit: str | None = None
    price_year: int | None = Field(default=None, ge=1990, le=2199)
    visibility: Viewer = "broker"

    @field_validator("unit")
    @classmethod
    def _is_money(cls, text: str | None) -> str | None:
        if text is None:
            return None
        money, _, per = text.partition("/")
        if money != "NOK" or not per:
            raise ValueError("a price is in NOK per unit, such as NOK/batch")
        known_unit(per)
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Price:
        has_amount = self.low is not None or self.high is not None
        if has_amount and (self.unit is None or self.price_year is None):
            raise ValueError("an amount needs unit and price_year")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError("'high' is less than 'low'")
        return self


class Certificate(_Frozen):
    """A GMP certificate: the classes that it covers, and the last day on which it holds."""

    scope: tuple[str, ...] = Field(min_length=1)
    expires: Day


class Window(_Frozen):
    """One line of capacity of one provider.

    Attributes
    ----------
    provider, does : id of the provider, and which of its capabilities the line belongs to
    unit : what amounts are counted in, such as batch, L or hour
    periods : amounts by period; periods do not overlap
    batch : sizes that the line takes; none: those of the capability
    confidence : how sure the provider is
    verified : the day on which the provider last said that it holds
    is_outside_normal_operation : that normal operation is not affected; hospitals must say so
    excludes : products that the line does not take
    phases : phases that the line takes; empty: those of the capability
    visibility : who may see that the line exists
    """

    provider: str
    does: str
    unit: str
    periods: tuple[Period, ...] = Field(min_length=1, max_length=400)
    batch: Scale | None = None
    confidence: Confidence
    verified: Day
    price: Price | None = None
    is_outside_normal_operation: bool = False
    excludes: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    certificate: Certificate | None = None
    visibility: Viewer

    _is_unit = field_validator("unit")(known_unit)

    @model_validator(mode="after")
    def _periods_are_apart(self) -> Window:
        ordered = sorted(self.periods, key=lambda p: p.from_)
        for one, two in pairwise(ordered):
            if two.from_ <= one.to:
                raise ValueError(
                    f"two periods hold {two.from_}: the amount of that day would count twice"
                )
        return self

    def is_seen_by(self, viewer: Viewer) -> bool:
        """Whether a viewer may see the line."""
        return VIEWERS.index(self.visibility) <= VIEWERS.index(viewer)

    def as_seen_by(self, viewer: Viewer) -> Window:
        """The line without a price that the viewer may not see."""
        if self.price is None or VIEWERS.index(self.price.visibility) <= VIEWERS.index(viewer):
            return self
        return self.model_copy(update={"price": None})

    def age_days(self, on: date) -> int:
        """Days since the provider last confirmed it; below zero if that lies ahead."""
        return (on - self.verified).days


@dataclass(frozen=True)
class Availability:
    """What a line offers between two days.

    Attributes
    ----------
    amount : what is known to be offered, in the unit of the window; whole units only where half a
        unit is none
    has_unknown : whether a period in between states no offerable amount
    """

    amount: Fraction
    has_unknown: bool


def available(window: Window, first: date, last: date) -> Availability:
    """What the line offers from ``first`` to ``last``, both included.

    ``sum over periods of offerable * (common days) / (days of the period)``, rounded down for units
    of which there is no half.
    """
    amount = Fraction(0)
    has_unknown = False
    for period in window.periods:
        start, end = max(first, period.from_), min(last, period.to)
        n_common = (end - start).days + 1
        if n_common <= 0:
            continue
        if period.offerable is None:
            has_unknown = True
        else:
            amount += exact(period.offerable) * n_common / period.n_days
    return Availability(amount=rounded_down(amount, window.unit), has_unknown=has_unknown)


def last_day(window: Window) -> date:
    """The last day of the last period."""
    return max(period.to for period in window.periods)
