"""Loans and guarantees by their terms: balances, dates, instalments, de minimis safe harbours.

Days are counted actual/365: a year of 365 days is one year, a leap day is a day more. The
authority's rules that were read do not say how days count, so the convention is named here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence import Fact, Library
from virkestoff.instruments.aid_titles import unknown_rule
from virkestoff.instruments.sme import rule
from virkestoff.language import Text

__all__ = [
    "DatedBalance",
    "Repayment",
    "SafeHarbour",
    "dated_loan_grant_equivalent",
    "loan_balances",
    "present_value_of_instalments",
    "safe_harbour_guarantee",
    "safe_harbour_loan",
]

Repayment: TypeAlias = Literal["linear", "bullet", "annuity"]
_DAYS = 365.0  # constant: day count actual/365
_PREFIX = "instruments.de_minimis."


def loan_balances(
    amount: float, years: int, repayment: Repayment, *, grace_years: int = 0, rate: float = 0.0
) -> tuple[float, ...]:
    """What is outstanding during each year, shape ``(years,)``; instalments fall at the year's end.

    Parameters
    ----------
    repayment : ``linear``: equal instalments; ``annuity``: equal payments of interest and
        instalment at ``rate``; ``bullet``: all at the end
    grace_years : years at the start without instalments

    Raises
    ------
    InputError
        for an impossible amount, length or rate.
    """
    faults = FaultCollector()
    if not (math.isfinite(amount) and amount >= 0):
        faults.add("loan", f"{amount:g} is no amount from zero up")
    if years < 1 or not 0 <= grace_years < max(years, 1):
        faults.add("loan", f"{years} years with {grace_years} without instalments is no loan")
    if repayment not in get_args(Repayment):
        faults.add(f"repayment '{repayment}'", "is not known",
                   next_step=suggest(repayment, get_args(Repayment)))  # fmt: skip
    if not (math.isfinite(rate) and rate >= 0):
        faults.add("rate", f"{rate:g} is no rate from zero up")
    faults.raise_if_any()
    paying = years - grace_years
    found = [amount] * (grace_years + 1)
    for year in range(1, paying):
        if repayment == "bullet":
            left = amount
        elif repayment == "linear" or rate == 0:
            left = amount * (paying - year) / paying
        else:
            left = amount * (1 - (1 + rate) ** (year - paying)) / (1 - (1 + rate) ** -paying)
        found.append(left)
    return tuple(found)


@dataclass(frozen=True)
class DatedBalance:
    """What is outstanding from one day to another, and the nominal rate paid on it."""

    from_: date
    to: date
    balance: float
    rate: float


def dated_loan_grant_equivalent(
    periods: Sequence[DatedBalance], granted: date, reference: float
) -> float:
    """What a loan below the reference rate is worth as a grant on the day it is given.

    ``sum balance (reference - rate) d / 365 / (1 + reference)^(D / 365)`` with d the days of the
    period and D the days from the award to its end. Interest is paid at the end of each period.

    Raises
    ------
    InputError
        lists periods that end before they begin, begin before the award, or overlap.
    """
    faults = FaultCollector()
    ordered = sorted(periods, key=lambda p: p.from_)
    for p in ordered:
        where = f"period from {p.from_}"
        if p.to <= p.from_:
            faults.add(where, f"ends {p.to}")
        if p.from_ < granted:
            faults.add(where, f"begins before the award of {granted}")
    for one, two in zip(ordered, ordered[1:], strict=False):
        if two.from_ < one.to:
            faults.add(f"period from {two.from_}", f"overlaps the one to {one.to}")
    if not (math.isfinite(reference) and reference > -1):
        faults.add("reference rate", f"{reference:g} is no rate")
    faults.raise_if_any()
    return math.fsum(
        p.balance * (reference - p.rate) * ((p.to - p.from_).days / _DAYS)
        / (1 + reference) ** ((p.to - granted).days / _DAYS)
        for p in ordered
    )  # fmt: skip


def present_value_of_instalments(
    instalments: Sequence[tuple[date, float]], granted: date, discount: float
) -> float:
    """Aid in instalments at its value on the day of the award.

    ``sum amount / (1 + discount)^(D / 365)``, D days after the award; ``discount`` is the discount
    rate of that day. An instalment before the award is a fault.
    """
    early = [day for day, _ in instalments if day < granted]
    if early:
        raise InputError(Fault("instalments", f"{early[0]} is before the award of {granted}"))
    return math.fsum(
        amount / (1 + discount) ** ((day - granted).days / _DAYS) for day, amount in instalments
    )


@dataclass(frozen=True)
class SafeHarbour:
    """A loan or guarantee as de minimis aid by proportion.

    ``status``: ``available`` with ``euro``; ``not_available`` where the terms lie outside the safe
    harbour (the gross grant equivalent must then be computed); ``rule_not_known``.
    """

    status: Literal["available", "not_available", "rule_not_known"]
    euro: float | None
    reasons: tuple[Text, ...]
    facts: tuple[Fact, ...]

    @property
    def unverified(self) -> tuple[str, ...]:
        """Rules that were used and not read."""
        return tuple(f.id for f in self.facts if f.confidence != "read")


def safe_harbour_loan(
    library: Library, on: date, amount: float, years: float, security: float | None
) -> SafeHarbour:
    """A secured loan in euro as de minimis aid.

    ``ceiling x amount / A x years / Y`` with (A, Y) the short or the long limit; both give the
    same. A loan above the amount or the term of both lies outside, whatever its product.

    Parameters
    ----------
    security : share of the loan that is secured; ``None`` if it is not known
    """
    return _safe_harbour(library, on, "loan", amount, years, security)


def safe_harbour_guarantee(
    library: Library, on: date, guaranteed: float, years: float, cover: float | None
) -> SafeHarbour:
    """A guarantee in euro as de minimis aid; ``cover`` is the share of the loan guaranteed."""
    return _safe_harbour(library, on, "guarantee", guaranteed, years, cover)


def _safe_harbour(
    library: Library,
    on: date,
    what: Literal["loan", "guarantee"],
    amount: float,
    years: float,
    share: float | None,
) -> SafeHarbour:
    if not (math.isfinite(amount) and amount >= 0 and math.isfinite(years) and years > 0):
        raise InputError(Fault(what, f"{amount:g} over {years:g} years is impossible"))
    names = ("short", "short_years", "long", "long_years")
    other = "loan_security" if what == "loan" else "guarantee_cover"
    try:
        ceiling = rule(library, "instruments.aid.de_minimis.amount", on)
        limits = [rule(library, f"{_PREFIX}{what}_{name}", on) for name in names]
        bound = rule(library, f"{_PREFIX}{other}", on)
    except MissingFact as problem:
        words = unknown_rule(library, problem.faults[0].where, on)
        return SafeHarbour("rule_not_known", None, (words,), ())
    used = (ceiling, *limits, bound)
    reasons = []
    if share is None or (share < bound.central if what == "loan" else share > bound.central):
        reasons.append(
            Text(nb="Sikkerheten er for liten eller ikke kjent.",
                 en="Security is too small or not known.") if what == "loan"
            else Text(nb="Dekningen er for stor eller ikke kjent.",
                      en="Cover is too large or not known.")
        )  # fmt: skip
    short, short_years, long_, long_years = (f.central for f in limits)
    if amount <= short and years <= short_years:
        taken = amount / short * years / short_years
    elif amount <= long_ and years <= long_years:
        taken = amount / long_ * years / long_years
    else:
        taken = math.nan
        reasons.append(Text(nb="Beløp eller løpetid ligger over grensene.",
                            en="Amount or term lies above the limits."))  # fmt: skip
    if reasons:
        return SafeHarbour("not_available", None, tuple(reasons), used)
    return SafeHarbour("available", ceiling.central * taken, (), used)
