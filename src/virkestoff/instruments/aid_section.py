"""The part of a profile that aid law asks for: accounts, owners, costs, awards, rates.

It stands under the key ``aid`` of a profile, beside the facts of ``company`` and ``project``. A
number may be a number, ``[low, high]`` with ``null`` for an open end, or absent where it is
unknown. Money is NOK unless ``currency: EUR`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from virkestoff.errors import FaultCollector, InputError
from virkestoff.instruments.aid_intensity import Form
from virkestoff.instruments.aid_quantities import Currency, DayRates, ends
from virkestoff.instruments.equivalent_terms import Repayment
from virkestoff.instruments.intervals import Band
from virkestoff.instruments.sme_group import Accounts, Kind, Link

__all__ = [
    "COMPANY",
    "AidSection",
    "AwardRecord",
    "CostRecord",
    "GuaranteeRecord",
    "LoanRecord",
    "RelationRecord",
    "read_section",
]

COMPANY = "company"
"""The id of the enterprise that the profile is about."""
_NAME = r"^[a-z0-9_]{1,60}$"


def _quantity(raw: Any) -> Any:
    if isinstance(raw, list):
        if len(raw) != 2 or any(
            isinstance(x, bool) or not isinstance(x, int | float | None) for x in raw
        ):
            raise ValueError("is no band: write [low, high], null for an open end")
        raw = Band(*raw)
    elif raw is not None and (isinstance(raw, bool) or not isinstance(raw, int | float | Band)):
        raise ValueError(f"'{raw}' is no number and no [low, high]")
    try:
        ends(raw)
    except InputError as problem:
        raise ValueError(problem.faults[0].what) from None
    return raw


Number = Annotated[Any, BeforeValidator(_quantity)]
Name = Annotated[str, Field(pattern=_NAME)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AccountsRecord(_Record):
    """The accounts of a year; ``includes`` names enterprises that they hold by consolidation."""

    year: int = Field(ge=1990, le=2100)
    employees: Number = None
    turnover: Number = None
    balance_total: Number = None
    currency: Currency = "NOK"
    includes: tuple[Name, ...] = ()

    def accounts(self) -> Accounts:
        """As the size rules read them."""
        return Accounts(self.year, self.employees, self.turnover, self.balance_total,
                        self.currency, frozenset(self.includes))  # fmt: skip


class RelationRecord(_Record):
    """An owner (``of`` says of whom) or a subsidiary (``by`` says whose).

    ``votes`` is as ``share`` where it is left out; ``is_controlling: null`` says that it is not
    known whether there is control by other means than votes.
    """

    id: Name
    share: Number = None
    votes: Number = None
    of: Name = COMPANY
    by: Name = COMPANY
    kind: Kind = "enterprise"
    links: tuple[Link, ...] = ()
    is_controlling: bool | None = False
    is_same_market: bool | None = None
    accounts: tuple[AccountsRecord, ...] = ()


class CostRecord(_Record):
    """A category of eligible cost and the article that aid to it would rest on."""

    cost: Number = None
    article: str


class LoanRecord(_Record):
    """Terms of a loan: instalments once a year; ``security`` a share of the loan."""

    amount: float = Field(ge=0)
    years: int = Field(ge=1, le=60)
    repayment: Repayment = "linear"
    grace_years: int = Field(default=0, ge=0)
    rate: float = Field(ge=0, le=1)
    rating: str | None = None
    collateral: Literal["high", "normal", "low"] | None = None
    reference_rate: float | None = Field(default=None, gt=0, le=1)
    security: Share | None = None


class GuaranteeRecord(_Record):
    """Terms of a guarantee: ``guaranteed`` at the start, run down like the loan behind it."""

    guaranteed: float = Field(ge=0)
    years: int = Field(ge=1, le=60)
    repayment: Repayment = "linear"
    grace_years: int = Field(default=0, ge=0)
    premium: float = Field(ge=0, le=1)
    rating: str | None = None
    market_premium: float | None = Field(default=None, gt=0, le=1)
    discount_rate: float | None = Field(default=None, gt=0, le=1)
    cover: Share | None = None


class AwardRecord(_Record):
    """Aid given or planned: its amount, or the loan or guarantee that it lies in.

    Without ``bonuses`` those of the project count, as far as its article has them.
    """

    id: Name
    article: str
    granted: date
    aid: Number = None
    currency: Currency = "NOK"
    costs: tuple[Name, ...] = ()
    bonuses: tuple[str, ...] | None = None
    funding_rate: Share | None = None
    undertaking: Name = COMPANY
    loan: LoanRecord | None = None
    guarantee: GuaranteeRecord | None = None


class AidSection(_Record):
    """What stands under ``aid``."""

    accounts: tuple[AccountsRecord, ...] = ()
    has_ownership_changed: bool = False
    owners: tuple[RelationRecord, ...] = ()
    holdings: tuple[RelationRecord, ...] = ()
    currency: Currency = "NOK"
    costs: dict[Name, CostRecord] = Field(default_factory=dict)
    bonuses: tuple[str, ...] = ()
    applied: date | None = None
    start: date | None = None
    is_ad_hoc: bool = False
    form: Form = "grant"
    awards: tuple[AwardRecord, ...] = ()
    rates: dict[date, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    fiscal_year_starts: int = Field(default=1, ge=1, le=12)

    @property
    def day_rates(self) -> DayRates:
        """The rates of the profile."""
        return DayRates(self.rates)


def read_section(
    raw: Any, place: Callable[[tuple[str | int, ...]], str], faults: FaultCollector
) -> AidSection:
    """What stands under ``aid``; every fault of it is added to ``faults``.

    Parameters
    ----------
    place : words for the place of keys, for messages
    """
    section = AidSection()
    if not isinstance(raw, Mapping):
        faults.add(place(("aid",)), "must hold keys and values")
        return section
    try:
        section = AidSection.model_validate(raw)
    except ValidationError as problem:
        for error in problem.errors():
            at = tuple(part for part in error["loc"] if isinstance(part, str | int))
            what = error["msg"].removeprefix("Value error, ")
            what = {"extra_forbidden": "is not a known key", "missing": "is missing"}.get(
                error["type"], what
            )
            faults.add(place(("aid", *at)), what)
    for number, award in enumerate(section.awards):
        given = sum(x is not None for x in (award.loan, award.guarantee))
        if given > 1 or (given and award.aid is not None):
            faults.add(f"{place(('aid', 'awards', number))} '{award.id}'",
                       "has more than one of aid, loan and guarantee",
                       next_step="Give the amount, or the terms from which it follows")  # fmt: skip
    return section
