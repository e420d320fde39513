"""Gross grant equivalents of loans and guarantees, and the reference rates they are measured by.

A rate in the library is known for the day that its source states, not for the days between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import Fact, Library

__all__ = [
    "ReferenceRate",
    "discount_rate",
    "guarantee_grant_equivalent",
    "guarantee_premium",
    "reference_rate",
    "soft_loan_grant_equivalent",
]

_BASE = "instruments.aid.base_rate.norway."


@dataclass(frozen=True)
class ReferenceRate:
    """A nominal rate, and what it rests on.

    Attributes
    ----------
    rate : fraction a year
    base_on : the day for which the base rate was read
    is_stale : whether that day is before the day that was asked for
    facts : ids of the facts
    unverified : those of them that were not read
    """

    rate: float
    base_on: date
    is_stale: bool
    facts: tuple[str, ...]
    unverified: tuple[str, ...]


def reference_rate(
    library: Library,
    on: date,
    rating: str,
    collateral: str,
    *,
    is_older_allowed: bool = False,
) -> ReferenceRate:
    """Base rate plus margin by rating (aaa, bbb, bb, b, ccc) and collateral (high, normal, low).

    Raises
    ------
    MissingFact
        if the base rate of the day was not read; with ``is_older_allowed`` the latest one read
        before it is used, and the result says so.
    """
    margin = _only(library, f"instruments.aid.margin.{rating}_{collateral}.", on)
    return _on_base(library, on, margin, is_older_allowed)


def discount_rate(library: Library, on: date, *, is_older_allowed: bool = False) -> ReferenceRate:
    """Base rate plus the fixed margin: what aid in instalments is discounted by."""
    margin = _only(library, "instruments.aid.discount_margin.", on)
    return _on_base(library, on, margin, is_older_allowed)


def guarantee_premium(library: Library, on: date, rating: str) -> Fact:
    """The safe-harbour premium a year of a guarantee; not read, so check its ``confidence``."""
    return _only(library, f"instruments.aid.guarantee_premium.{rating}.", on)


def _on_base(library: Library, on: date, margin: Fact, is_older_allowed: bool) -> ReferenceRate:
    known = sorted(
        ((f.valid.from_, f) for f in library.facts.values()
         if f.id.startswith(_BASE) and f.valid.from_ is not None),
        key=lambda pair: pair[0],
    )  # fmt: skip
    exact = [f for _, f in known if f.valid.period.holds_on(on)]
    older = [f for start, f in known if start <= on] if is_older_allowed else []
    if not exact and not older:
        raise MissingFact(
            Fault(
                "base rate", f"rule not known on {on}",
                why="read for " + (", ".join(str(start) for start, _ in known) or "no day"),
                next_step="Add the base rate of the day, or allow the latest one read before it",
            )
        )  # fmt: skip
    base = exact[-1] if exact else older[-1]
    assert base.valid.from_ is not None  # chosen from facts that have it
    used = (base, margin)
    return ReferenceRate(
        base.central + margin.central, base.valid.from_, not exact, tuple(f.id for f in used),
        tuple(f.id for f in used if f.confidence != "read"),
    )  # fmt: skip


def _only(library: Library, prefix: str, on: date) -> Fact:
    candidates = [f for f in library.facts.values() if f.id.startswith(prefix)]
    holding = [f for f in candidates if f.valid.period.holds_on(on)]
    if len(holding) == 1:
        return holding[0]
    known = "; ".join(f"{f.id}: {f.valid.period}" for f in candidates)
    raise MissingFact(
        Fault(
            prefix.removesuffix("."), f"rule not known on {on}", why=known or "no such rule",
            next_step=suggest(prefix, library.facts) or "Choose another date, rating or collateral",
        )
    )  # fmt: skip


def soft_loan_grant_equivalent(
    balances: Sequence[float], rates: Sequence[float], reference: float
) -> float:
    """What a loan below the reference rate is worth as a grant at the day it is given.

    ``sum_t (reference - rate_t) balance_t / (1 + reference)^t``, t = 1 for the first year; nominal.
    A year above the reference counts against.

    Parameters
    ----------
    balances : outstanding in each year
    rates : nominal rate paid in each year
    reference : nominal reference rate at the day of the grant
    """
    return _discounted_gain(balances, [reference - rate for rate in rates], reference, "loan")


def guarantee_grant_equivalent(
    guaranteed: Sequence[float], paid: Sequence[float], market_premium: float, discount: float
) -> float:
    """What a guarantee below the market premium is worth as a grant.

    ``sum_t (market_premium - paid_t) guaranteed_t / (1 + discount)^t``, t = 1 for the first year.

    Parameters
    ----------
    guaranteed : guaranteed amount in each year
    paid : premium paid in each year, as a share of it
    """
    gains = [market_premium - premium for premium in paid]
    return _discounted_gain(guaranteed, gains, discount, "guarantee")


def _discounted_gain(
    amounts: Sequence[float], gains: Sequence[float], rate: float, what: str
) -> float:
    if len(amounts) != len(gains):
        raise InputError(
            Fault(what, f"{len(amounts)} amounts and {len(gains)} rates",
                  next_step="Give one of each for every year")
        )  # fmt: skip
    return sum(
        amount * gain / (1.0 + rate) ** year
        for year, (amount, gain) in enumerate(zip(amounts, gains, strict=True), start=1)
    )
