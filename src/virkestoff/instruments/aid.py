"""How much state aid an article allows on a date: dated rules, steps, sources, what is not read.

A rule is a fact ``instruments.aid.<article>.<slot>.<name>``. The slots are ``intensity`` (or
``intensity_<size>`` where the article says it by size), ``bonus_<what>``, ``cap`` or
``cap_<size>``, ``threshold`` (notification), ``threshold_factor_<what>``, ``amount``,
``amount_<what>``, ``amount_factor_<what>``. Code holds no share and no amount.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence import Fact, Library
from virkestoff.instruments.aid_index import facts_under
from virkestoff.language import Text

__all__ = ["SIZES", "Ceiling", "Size", "Step", "adjusted_regional_aid", "articles", "ceiling"]

Size = Literal["small", "medium", "large"]
SIZES: tuple[Size, ...] = get_args(Size)
_PREFIX = "instruments.aid."
_NOT_ARTICLES = {"base_rate", "discount_margin", "margin", "guarantee_premium"}
REGIONAL = "14"
EXCLUSIVE = frozenset({"collaboration", "c_area"})
"""Additions of article 25 that are not added to one another: letters b, c and d of paragraph 6."""


@dataclass(frozen=True)
class Step:
    """One step of the derivation: a rule that was used, with its value."""

    name: Text
    value: float
    unit: str
    fact: str
    confidence: str


@dataclass(frozen=True)
class Ceiling:
    """The aid that an article allows; amounts in euro, shares as fractions.

    Attributes
    ----------
    share, aid : with every bonus asked for, verified or not; ``share`` is NaN where the article
        states an amount
    verified_share, verified_aid : with rules that were read alone: what a decision may rest on
    threshold : above it the aid must be notified; ``None`` where the article has an amount instead
    is_notification_needed : whether ``verified_aid`` lies above ``threshold``
    without_notification : the most that may be given under the article without notification
    steps : rules used, in order
    sources : ids
    unverified : ids of facts used that were not read
    notes : what the rules say of their own limits
    """

    article: str
    on: date
    size: Size
    eligible_cost: float
    share: float
    aid: float
    verified_share: float
    verified_aid: float
    threshold: float | None
    is_notification_needed: bool
    without_notification: float
    steps: tuple[Step, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass
class _Rules:
    """The rules of one article on one date, and those that have been used."""

    library: Library
    article: str
    on: date
    used: list[Fact] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"{_PREFIX}{self.article}."

    def slots(self) -> set[str]:
        """Slots that the article has at any time."""
        found = facts_under(self.library, self.prefix.removesuffix("."))
        return {f.id.removeprefix(self.prefix).split(".")[0] for f in found}

    def holding(self, slot: str) -> Fact | None:
        facts = facts_under(self.library, f"{self.prefix}{slot}")
        found = [f for f in facts if f.valid.period.holds_on(self.on)]
        if len(found) > 1:
            raise InputError(
                Fault(f"{self.prefix}{slot}", f"has {len(found)} rules on {self.on}",
                      next_step="End the older one where the newer begins")
            )  # fmt: skip
        return found[0] if found else None

    def use(self, slot: str) -> Fact | None:
        """The rule, noted as used; ``None`` if none holds."""
        fact = self.holding(slot)
        if fact is not None and fact not in self.used:
            self.used.append(fact)
        return fact

    def need(self, slot: str) -> Fact:
        """The rule, which must be read.

        Raises
        ------
        MissingFact
            if none holds on the date, or if it was not read.
        """
        fact = self.use(slot)
        if fact is None or fact.confidence != "read":
            raise self.unknown(slot)
        return fact

    def unknown(self, slot: str) -> MissingFact:
        known = "; ".join(
            f"{f.id}: {f.valid.period}, {f.confidence}"
            for f in facts_under(self.library, f"{self.prefix}{slot}")
        )
        return MissingFact(
            Fault(
                f"{self.prefix}{slot}", f"rule not known on {self.on}",
                why=f"known rules: {known or 'none'}",
                next_step="Show the result with and without aid, or add the rule with its source",
            )
        )  # fmt: skip


def articles(library: Library) -> tuple[str, ...]:
    """The articles that the library has rules for, at any date."""
    facts = facts_under(library, _PREFIX.removesuffix("."))
    found = {f.id.removeprefix(_PREFIX).split(".")[0] for f in facts}
    return tuple(sorted(found - _NOT_ARTICLES))


def ceiling(
    library: Library,
    article: str,
    on: date,
    size: Size,
    eligible_cost: float,
    bonuses: Sequence[str] = (),
    *,
    received: float = 0.0,
) -> Ceiling:
    """The aid that an article allows on a date.

    Share of eligible cost: ``min(intensity + bonus of size + bonuses, cap)``. Articles that state
    an amount allow ``min(amount - received, eligible cost)``. Aid above the threshold must be
    notified: it is then no longer the article that allows it.

    Parameters
    ----------
    article : such as ``25_experimental``, ``14``, ``de_minimis``; ``articles`` lists them
    on : the day on which aid is granted
    eligible_cost : euro, at the official rate of that day
    bonuses : such as ``collaboration``, ``repayable_advance``, ``c_area``
    received : of amounts over three years, euro already received

    Raises
    ------
    MissingFact
        ``rule not known``: no rule that was read holds on the date. An older rule is never used.
    InputError
        lists every unknown article, size, bonus and impossible amount.
    """
    rules = _Rules(library, article, on)
    _check(rules, size, eligible_cost, bonuses, received)
    if "amount" in rules.slots():
        return _by_amount(rules, size, eligible_cost, bonuses, received)
    share, verified_share = _shares(rules, size, bonuses, eligible_cost)
    if article == REGIONAL:
        reach = _regional_base(rules, eligible_cost)
    else:
        reach = eligible_cost
    limit = rules.need("threshold").central
    for bonus in bonuses:
        factor = rules.use(f"threshold_factor_{bonus}")
        if factor is not None and factor.confidence == "read":
            limit *= factor.central  # one that was not read is shown, but raises no limit
    aid, verified = share * reach, verified_share * reach
    return _result(rules, size, eligible_cost, (share, aid), (verified_share, verified), limit)


def _check(rules: _Rules, size: Size, cost: float, bonuses: Sequence[str], received: float) -> None:
    faults = FaultCollector()
    slots = rules.slots()
    if not slots or rules.article in _NOT_ARTICLES:
        known = articles(rules.library)
        faults.add(f"article '{rules.article}'", "is not in the library",
                   next_step=suggest(rules.article, known)
                   or f"One of {', '.join(known)}")  # fmt: skip
    if size not in SIZES:
        faults.add(f"size '{size}'", "is not known", next_step=f"One of {', '.join(SIZES)}")
    for name, value in (("eligible cost", cost), ("aid received", received)):
        if not (math.isfinite(value) and value >= 0):
            faults.add(name, f"{value:g} is no amount from zero up")
    heads = ("bonus_", "threshold_factor_", "amount_factor_", "amount_")
    known_bonuses = sorted(
        {s.removeprefix(h) for s in slots for h in heads if s.startswith(h)} - set(SIZES)
    )
    for bonus in bonuses:
        if slots and not any(f"{head}{bonus}" in slots for head in heads):
            faults.add(f"bonus '{bonus}'", f"is not one of article {rules.article}",
                       next_step=suggest(bonus, known_bonuses) or
                       f"One of {', '.join(known_bonuses) or 'none'}")  # fmt: skip
        elif bonus in SIZES:
            faults.add(f"bonus '{bonus}'", "follows from the size", next_step="Leave it out")
    if len(set(bonuses)) < len(bonuses):
        faults.add("bonuses", "one is named twice")
    if rules.article.startswith("25_") and set(bonuses) >= EXCLUSIVE:
        faults.add("bonuses", f"{' and '.join(sorted(EXCLUSIVE))} cannot be added together",
                   why="Article 25(6): letters b, c and d exclude one another",
                   next_step="Ask for the larger one")  # fmt: skip
    faults.raise_if_any()


def _shares(rules: _Rules, size: Size, bonuses: Sequence[str], cost: float) -> tuple[float, float]:
    """The share with every bonus, and with those that were read alone."""
    slots = rules.slots()
    if any(s.startswith("intensity_") for s in slots):
        if f"intensity_{size}" not in slots:
            # The article is open to other sizes: it must be known on the date to say so.
            for other in sorted(s for s in slots if s.startswith("intensity_")):
                rules.need(other)
            return 0.0, 0.0
        base = rules.need(f"intensity_{size}").central
        wanted = [f"bonus_{b}" for b in bonuses if f"bonus_{b}" in slots]
    else:
        base = rules.need("intensity").central
        wanted = [f"bonus_{b}" for b in (size, *bonuses) if f"bonus_{b}" in slots]
    if rules.article == REGIONAL and cost > rules.need("first_step").central:
        wanted = [w for w in wanted if w.removeprefix("bonus_") not in SIZES]
    share, verified = base, base
    for slot in wanted:
        bonus = rules.use(slot)
        if bonus is None:
            raise rules.unknown(slot)
        share += bonus.central
        verified += bonus.central if bonus.confidence == "read" else 0.0
    for slot in (f"cap_{size}", "cap"):
        cap = rules.holding(slot)
        if cap is not None and share > cap.central:
            rules.use(slot)
            share, verified = cap.central, min(verified, cap.central)
    return min(share, 1.0), min(verified, 1.0)


def _regional_base(rules: _Rules, cost: float) -> float:
    """The part of cost that the share applies to: full, then reduced, then none."""
    first, second = rules.need("first_step").central, rules.need("second_step").central
    factor = rules.need("second_factor").central
    return min(cost, first) + factor * max(min(cost, second) - first, 0.0)


def adjusted_regional_aid(
    library: Library, on: date, intensity: float, eligible_cost: float
) -> tuple[float, tuple[str, ...]]:
    """Aid to a large regional investment at a stated intensity, and ids that were not read.

    ``R x (A + factor x B)`` with A the cost up to the first step, B the cost from there to the
    second, and nothing above. For areas whose intensity is known elsewhere: the library does not
    hold those of the map from 2022.
    """
    rules = _Rules(library, REGIONAL, on)
    found = [rules.use(slot) for slot in ("first_step", "second_step", "second_factor")]
    steps = [f for f in found if f is not None]
    if len(steps) < len(found):
        raise rules.unknown("first_step")
    first, second, factor = (f.central for f in steps)
    base = min(eligible_cost, first) + factor * max(min(eligible_cost, second) - first, 0.0)
    return intensity * base, tuple(f.id for f in steps if f.confidence != "read")


def _by_amount(
    rules: _Rules, size: Size, cost: float, bonuses: Sequence[str], received: float
) -> Ceiling:
    amount = verified = rules.need("amount").central
    for bonus in bonuses:
        other = rules.use(f"amount_{bonus}")
        factor = rules.use(f"amount_factor_{bonus}")
        if other is None and factor is None:
            raise rules.unknown(f"amount_{bonus}")
        if other is not None:
            amount = other.central
            verified = other.central if other.confidence == "read" else verified
    for bonus in bonuses:
        factor = rules.holding(f"amount_factor_{bonus}")
        if factor is not None:
            amount *= factor.central
            verified *= factor.central if factor.confidence == "read" else 1.0
    aid = min(max(amount - received, 0.0), cost)
    sure = min(max(verified - received, 0.0), cost)
    return _result(rules, size, cost, (math.nan, aid), (math.nan, sure), None)


def _result(
    rules: _Rules,
    size: Size,
    cost: float,
    whole: tuple[float, float],
    verified: tuple[float, float],
    limit: float | None,
) -> Ceiling:
    steps = tuple(Step(f.name, f.central, f.unit, f.id, f.confidence) for f in rules.used)
    return Ceiling(
        rules.article, rules.on, size, cost, *whole, *verified, limit,
        limit is not None and verified[1] > limit,
        verified[1] if limit is None else min(verified[1], limit),
        steps,
        tuple(dict.fromkeys(f.source for f in rules.used)),
        tuple(f.id for f in rules.used if f.confidence != "read"),
        tuple(dict.fromkeys(f.note for f in rules.used if f.note)),
    )  # fmt: skip
