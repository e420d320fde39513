"""What an article allows for a project when size or cost is known only within limits.

Also the incentive effect (Article 6 of the block exemption). An article or date without a rule that
was read answers "rule not known"; a rule of another date is never used.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import Library
from virkestoff.instruments.aid import SIZES, Ceiling, Size, articles, ceiling
from virkestoff.instruments.aid_index import facts_under
from virkestoff.instruments.aid_quantities import Quantity, Range, ends
from virkestoff.instruments.aid_titles import article_title, unknown_rule
from virkestoff.instruments.sme import rule
from virkestoff.language import Text

__all__ = [
    "ANY_COST",
    "FORMS",
    "ArticleAnswer",
    "Form",
    "Incentive",
    "article_answer",
    "check_article",
    "incentive_effect",
    "known_bonuses",
]

Form: TypeAlias = Literal["grant", "loan", "guarantee", "repayable_advance", "tax", "equity"]
FORMS: tuple[Form, ...] = get_args(Form)
_NAME = re.compile(r"\d{1,2}[a-z]?(_[a-z]+)?")
_FREE = {"de_minimis", "sgei_de_minimis"}
_RULES = "instruments.aid_rules."
ANY_COST = 1e15  # constant: a cost so large that it limits no amount


@dataclass(frozen=True)
class ArticleAnswer:
    """What an article allows, by size, and over all sizes that are possible.

    Attributes
    ----------
    share : of eligible cost; from rules that were read alone up to every rule. NaN where the
        article states an amount, from zero up to one where nothing is known
    aid : euro, likewise; up to infinity where nothing is known
    reason : why the rule is not known
    """

    article: str
    on: date
    status: Literal["known", "not_known"]
    by_size: dict[Size, Ceiling]
    share: Range
    aid: Range
    cost: Range
    threshold: float | None
    reason: Text | None

    @property
    def unverified(self) -> tuple[str, ...]:
        """Rules that were used and not read."""
        return tuple(dict.fromkeys(u for c in self.by_size.values() for u in c.unverified))

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of the rules used."""
        return tuple(dict.fromkeys(s for c in self.by_size.values() for s in c.sources))


def check_article(library: Library, article: str) -> None:
    """That a name can be an article; whether it has rules is another question.

    Raises
    ------
    InputError
        for a name that is neither in the library nor of the form of an article's number.
    """
    known = articles(library)
    if article not in known and not _NAME.fullmatch(article):
        raise InputError(
            Fault(f"article '{article}'", "is no article",
                  next_step=suggest(article, known) or f"One of {', '.join(known)}")
        )  # fmt: skip


def known_bonuses(library: Library, article: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Those of the bonuses wanted that the article has at any time."""
    slots = {f.id.split(".")[3] for f in facts_under(library, f"instruments.aid.{article}")}
    heads = ("bonus_", "threshold_factor_", "amount_factor_", "amount_")
    return tuple(b for b in wanted if any(f"{head}{b}" in slots for head in heads))


def article_answer(
    library: Library,
    article: str,
    on: date,
    sizes: Collection[Size],
    cost: Quantity,
    bonuses: Sequence[str] = (),
    *,
    received: float = 0.0,
) -> ArticleAnswer:
    """The ceiling of an article on a date for every size that is possible.

    Parameters
    ----------
    sizes : those possible, such as ``sme_status(...).sizes``
    cost : eligible cost in euro; a band gives a range, an unknown cost leaves the share alone
    bonuses : additions asked for, as in ``aid.ceiling``
    received : of amounts over three years, euro already received

    Returns
    -------
    ``aid.low`` is what may rest on rules that were read, for the size and the cost that give least;
    ``aid.high`` uses every rule, for those that give most.

    Raises
    ------
    InputError
        for what is no article, no size, no bonus of the article, or no amount.
    """
    check_article(library, article)
    reach = ends(cost, "eligible cost")
    if not sizes or set(sizes) - set(SIZES):
        raise InputError(Fault("sizes", f"{sorted(sizes)} names none or an unknown size",
                               next_step=f"Some of {', '.join(SIZES)}"))  # fmt: skip
    if article not in articles(library):
        title = article_title(article)
        words = Text(nb=f"Ingen regel for {title.nb} er lest.",
                     en=f"No rule of {title.en} has been read.")  # fmt: skip
        return _unknown(article, on, reach, words)
    points = _points(library, article, on, reach)
    found: dict[Size, list[Ceiling]] = {}
    try:
        for size in (s for s in SIZES if s in sizes):
            found[size] = [
                ceiling(library, article, on, size, point, bonuses, received=received)
                for point in points
            ]
    except MissingFact as problem:
        words = unknown_rule(library, problem.faults[0].where, on, article)
        return _unknown(article, on, reach, words)
    every = [c for ceilings in found.values() for c in ceilings]
    is_amount = any(math.isnan(c.share) for c in every)
    share = Range(math.nan, math.nan)
    if not is_amount:
        share = Range(min(c.verified_share for c in every), max(c.share for c in every))
    most = max(c.aid for c in every)
    if not math.isfinite(reach.high) and is_amount:
        most = max(_whole_amount(library, article, on, size, bonuses, received) for size in found)
    elif not math.isfinite(reach.high):
        most = math.inf if share.high > 0 else 0.0
    return ArticleAnswer(
        article, on, "known", {size: ceilings[-1] for size, ceilings in found.items()}, share,
        Range(min(c.verified_aid for c in every), most), reach, every[0].threshold, None,
    )  # fmt: skip


def _points(library: Library, article: str, on: date, cost: Range) -> list[float]:
    """Costs at which the least and the most aid of a range lie: its ends, and a step between.

    Above its first step regional aid loses the addition for size, so that aid falls there.
    """
    # an unknown cost is taken as one euro for the share, which no step of cost reaches
    top = cost.high if math.isfinite(cost.high) else max(cost.low, 1.0)
    steps = [
        f.central for f in facts_under(library, f"instruments.aid.{article}.first_step")
        if f.valid.period.holds_on(on)
    ]  # fmt: skip
    between = [x for s in steps for x in (s, math.nextafter(s, math.inf)) if cost.low < x < top]
    return sorted({cost.low, *between, top})


def _whole_amount(
    library: Library, article: str, on: date, size: Size, bonuses: Sequence[str], received: float
) -> float:
    return ceiling(library, article, on, size, ANY_COST, bonuses, received=received).aid


def _unknown(article: str, on: date, cost: Range, reason: Text) -> ArticleAnswer:
    return ArticleAnswer(
        article, on, "not_known", {}, Range(0.0, 1.0), Range(0.0, math.inf), cost, None, reason
    )


@dataclass(frozen=True)
class Incentive:
    """Whether aid has the incentive effect that the block exemption asks for.

    ``status``: met, not_met, not_needed, needs_person (a judgement is left), unknown (a date is
    missing), rule_not_known (no rule was read for the date or the article).
    """

    status: Literal["met", "not_met", "not_needed", "needs_person", "unknown", "rule_not_known"]
    reasons: tuple[Text, ...]
    facts: tuple[str, ...]


def incentive_effect(
    library: Library,
    article: str,
    on: date,
    *,
    applied: date | None = None,
    start: date | None = None,
    has_started: bool | None = None,
    sizes: Collection[Size] = SIZES,
    is_ad_hoc: bool = False,
    form: Form = "grant",
) -> Incentive:
    """The test of Article 6: a written application before work starts.

    De minimis aid and article 22 need none. Ad hoc aid to a large undertaking also needs documents
    of what the aid changes. Tax reliefs have a test of their own that a person must make.

    Parameters
    ----------
    applied : day of the written application
    start : day on which work starts, planned or actual
    has_started : whether work has started on ``on``, where ``start`` is not known
    """
    check_article(library, article)
    if form not in FORMS:
        raise InputError(Fault(f"form '{form}'", "is not known",
                               next_step=suggest(form, FORMS) or f"One of {', '.join(FORMS)}")
        )  # fmt: skip
    if article in _FREE:
        words = Text(nb="Bagatellstøtte er ikke støtte etter EØS-avtalen og trenger ingen test.",
                     en="De minimis aid is no state aid and needs no test.")  # fmt: skip
        return Incentive("not_needed", (words,), ())
    try:
        first = rule(library, f"{_RULES}application_first", on)
        proof = rule(library, f"{_RULES}ad_hoc_large_proof", on)
        exempt = rule(library, f"{_RULES}no_incentive_test", on)
    except MissingFact:
        words = Text(nb=f"Regelen er ikke kjent {on.isoformat()}.",
                     en=f"Rule not known on {on.isoformat()}.")  # fmt: skip
        return Incentive("rule_not_known", (words,), ())
    if article == "22":
        words = Text(nb="Artikkel 22 trenger ingen søknad før start.",
                     en="Article 22 needs no application before start.")  # fmt: skip
        return Incentive("not_needed", (words,), (exempt.id,))
    if form == "tax":
        words = Text(nb="Skattefordeler: rettskrav etter objektive vilkår, vedtatt før start?",
                     en="Tax relief: a right by objective criteria, adopted before start?"
        )  # fmt: skip
        return Incentive("needs_person", (words,), (first.id,))
    found, reason = _application(applied, start, has_started, on)
    reasons, facts = [reason], [first.id]
    status: Literal["met", "not_met", "unknown", "needs_person"] = found
    if found == "met" and is_ad_hoc and "large" in sizes:
        status = "needs_person" if set(sizes) == {"large"} else "unknown"
        facts.append(proof.id)
        reasons.append(Text(nb="Enkeltstøtte til stort foretak: virkningen må dokumenteres.",
                            en="Ad hoc aid to a large undertaking: its effect must be shown.")
        )  # fmt: skip
    return Incentive(status, tuple(reasons), tuple(facts))


def _application(
    applied: date | None, start: date | None, has_started: bool | None, on: date
) -> tuple[Literal["met", "not_met", "unknown"], Text]:
    if applied is not None and start is not None:
        if applied < start:
            return "met", Text(nb="Søknaden kom før arbeidet starter.",
                               en="The application came before work starts.")  # fmt: skip
        return "not_met", Text(nb="Arbeidet startet før søknaden, eller samme dag.",
                               en="Work started before the application, or on the same day."
        )  # fmt: skip
    if applied is None and (has_started or (start is not None and start < on)):
        return "not_met", Text(nb="Arbeidet har startet uten søknad.",
                               en="Work has started without an application.")  # fmt: skip
    if applied is not None and has_started is False and applied <= on:
        return "met", Text(nb="Det er søkt, og arbeidet har ikke startet.",
                           en="There is an application, and work has not started.")  # fmt: skip
    missing = "søknadsdag" if applied is None else "startdag"
    other = "the day of application" if applied is None else "the day of start"
    return "unknown", Text(nb=f"Mangler: {missing}.", en=f"Missing: {other}.")
