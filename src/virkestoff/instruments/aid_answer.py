"""Everything that aid law answers about a profile on a date.

Size, what each article allows for the project's costs, the incentive effect, gross grant
equivalents of loans and guarantees, room left under de minimis, and whether awards add up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import Library
from virkestoff.instruments.aid import REGIONAL, SIZES, Size
from virkestoff.instruments.aid_index import facts_under
from virkestoff.instruments.aid_intensity import (
    ArticleAnswer,
    Incentive,
    article_answer,
    incentive_effect,
    known_bonuses,
)
from virkestoff.instruments.aid_profile import (
    COMPANY,
    AidSection,
    AwardRecord,
    GuaranteeRecord,
    LoanRecord,
    group_of,
)
from virkestoff.instruments.aid_quantities import (
    Currency,
    DayRates,
    Quantity,
    Range,
    ends,
    in_euro,
)
from virkestoff.instruments.aid_titles import unknown_rule
from virkestoff.instruments.cumulation import AidAward, Cost, Cumulation, cumulate
from virkestoff.instruments.de_minimis import LedgerEntry, Room, room
from virkestoff.instruments.equivalent import (
    discount_rate,
    guarantee_grant_equivalent,
    guarantee_premium,
    reference_rate,
    soft_loan_grant_equivalent,
)
from virkestoff.instruments.equivalent_terms import (
    SafeHarbour,
    loan_balances,
    safe_harbour_guarantee,
    safe_harbour_loan,
)
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.sme import SingleUndertaking, SmeStatus, single_undertaking, sme_status
from virkestoff.language import Text

__all__ = ["AidAnswer", "Equivalent", "aid_answer", "equivalent_of", "facts_of_answer"]

_AID = "instruments.aid"
_DE_MINIMIS = ("de_minimis", "sgei_de_minimis")


@dataclass(frozen=True)
class Equivalent:
    """The gross grant equivalent of an award that is a loan or a guarantee, in its currency.

    ``amount`` is ``None`` where a rate of the day is not known; ``rate`` is the one used.
    """

    award: str
    method: Literal["reference_rate", "market_premium", "safe_harbour", "unknown"]
    amount: float | None
    currency: Currency
    rate: float | None
    reason: Text
    facts: tuple[str, ...]
    unverified: tuple[str, ...]


@dataclass(frozen=True)
class AidAnswer:
    """What aid law says of a profile; ``sme`` is ``None`` where the definition is not known.

    ``in_nok`` is the share of a cost in NOK, where the article has a share: it needs no rate.
    """

    on: date
    sme: SmeStatus | None
    undertaking: SingleUndertaking
    articles: Mapping[str, ArticleAnswer]
    in_nok: Mapping[str, Range]
    incentives: Mapping[str, Incentive]
    equivalents: tuple[Equivalent, ...]
    room: Room
    sgei_room: Room | None
    cumulation: Cumulation | None
    currency: Currency
    notes: tuple[Text, ...]


def aid_answer(
    library: Library,
    section: AidSection,
    facts: Mapping[str, Value],
    on: date,
    rates: DayRates | None = None,
) -> AidAnswer:
    """The whole answer for a date.

    Parameters
    ----------
    facts : those of the profile: headcount, turnover, balance sheet total, start, has_started
    rates : further rates of the day

    Raises
    ------
    InputError
        lists what does not fit together in the profile.
    """
    known = section.day_rates.joined(rates or DayRates())
    group = group_of(section, facts, on)
    _check_bonuses(library, section)
    strange = sorted({a.undertaking for a in section.awards} - group.enterprises.keys())
    if strange:
        raise InputError(
            Fault("aid.awards", f"undertaking '{name}' is not among owners and holdings",
                  next_step="Add it there, or leave undertaking out")
            for name in strange
        )  # fmt: skip
    notes: list[Text] = []
    status: SmeStatus | None = None
    try:
        status = sme_status(library, group, COMPANY, on,
                            has_ownership_changed=section.has_ownership_changed)  # fmt: skip
    except MissingFact:
        notes.append(Text(nb=f"Størrelsesreglene er ikke kjent {on.isoformat()}.",
                          en=f"The size rules are not known on {on.isoformat()}."))  # fmt: skip
    sizes: tuple[Size, ...] = tuple(s for s in SIZES if status is None or s in status.sizes)
    undertaking = single_undertaking(group, COMPANY)
    equivalents = tuple(
        equivalent_of(library, a, known) for a in section.awards if a.loan or a.guarantee
    )
    money = _money(section.awards, equivalents)
    entries = [
        LedgerEntry(a.id, a.granted, money[a.id], a.currency, a.undertaking,
                    "sgei" if a.article == "sgei_de_minimis" else "general")
        for a in section.awards if a.article in _DE_MINIMIS
    ]  # fmt: skip
    has_sgei = any(e.kind == "sgei" for e in entries)
    year = section.fiscal_year_starts
    general, sgei = (
        room(library, on, entries, known, members=undertaking, kind=kind, fiscal_year_starts=year)
        for kind in ("general", "sgei")
    )
    found, incentives = _articles(library, section, facts, on, sizes, known)
    total, currency = _cumulated(library, section, money, sizes, known, on, notes)
    return AidAnswer(
        on, status, undertaking, found, _in_nok(section, found), incentives, equivalents, general,
        sgei if has_sgei else None, total, currency, tuple(notes),
    )  # fmt: skip


def facts_of_answer(answer: AidAnswer) -> dict[str, Value]:
    """Facts of the vocabulary that follow from the answer, for the rules of schemes.

    Size class, share of public owners, and de minimis aid received in euro; a range becomes a band,
    several sizes one of several. What says nothing is left out.
    """
    found: dict[str, Value] = {}
    if answer.sme is not None and len(answer.sme.sizes) < len(SIZES):
        sizes = answer.sme.sizes
        found["company.size_class"] = next(iter(sizes)) if len(sizes) == 1 else OneOf(
            frozenset(sizes)
        )  # fmt: skip
    if answer.sme is not None:
        found["company.public_owner_share"] = _value(answer.sme.public_share)
    if answer.room.window is not None:
        found["company.de_minimis_received"] = _value(answer.room.used)
    return found


def _value(found: Range) -> Value:
    if found.is_exact:
        return found.low
    return Band(found.low, found.high if math.isfinite(found.high) else None)


def _in_nok(section: AidSection, found: Mapping[str, ArticleAnswer]) -> dict[str, Range]:
    shown = {}
    for name, answer in found.items():
        cost = ends(section.costs[name].cost)
        has_share = answer.status == "known" and not math.isnan(answer.share.low)
        if section.currency == "NOK" and has_share and answer.article != REGIONAL:
            high = answer.share.high * cost.high if answer.share.high else 0.0
            shown[name] = Range(answer.share.low * cost.low, high)
    return shown


def _check_bonuses(library: Library, section: AidSection) -> None:
    """That every addition of the project is one of some article it uses: none is left out unsaid.

    Raises
    ------
    InputError
        lists those that are not.
    """
    used = {c.article for c in section.costs.values()} | {a.article for a in section.awards}
    slots = {f.id.split(".")[3] for a in used for f in facts_under(library, f"{_AID}.{a}")}
    known = sorted({s.removeprefix("bonus_") for s in slots if s.startswith("bonus_")} - {*SIZES})
    strange = [b for b in section.bonuses if not any(known_bonuses(library, a, [b]) for a in used)]
    if strange:
        raise InputError(
            Fault(f"aid.bonuses '{b}'", "is an addition of none of the articles that are used",
                  next_step=suggest(b, known) or f"One of {', '.join(known) or 'none'}")
            for b in strange
        )  # fmt: skip


def _articles(
    library: Library,
    section: AidSection,
    facts: Mapping[str, Value],
    on: date,
    sizes: Sequence[Size],
    rates: DayRates,
) -> tuple[dict[str, ArticleAnswer], dict[str, Incentive]]:
    start, begun = facts.get("project.start"), facts.get("project.has_started")
    found, incentives = {}, {}
    for name, record in section.costs.items():
        euro = in_euro(record.cost, section.currency, rates.on(on))
        bonuses = known_bonuses(library, record.article, section.bonuses)
        found[name] = article_answer(library, record.article, on, sizes, euro, bonuses)
        incentives[name] = incentive_effect(
            library, record.article, on, applied=section.applied,
            start=section.start or (start if isinstance(start, date) else None),
            has_started=begun if isinstance(begun, bool) else None, sizes=sizes,
            is_ad_hoc=section.is_ad_hoc, form=section.form,
        )  # fmt: skip
    return found, incentives


def _money(
    awards: Sequence[AwardRecord], equivalents: Sequence[Equivalent]
) -> dict[str, Quantity]:
    computed = {e.award: e.amount for e in equivalents}
    return {a.id: computed.get(a.id, a.aid) for a in awards}


def _cumulated(
    library: Library,
    section: AidSection,
    money: Mapping[str, Quantity],
    sizes: Sequence[Size],
    rates: DayRates,
    on: date,
    notes: list[Text],
) -> tuple[Cumulation | None, Currency]:
    """Awards against costs: in the currency that all are in, else in euro at the day's rates."""
    if not section.awards:
        return None, section.currency
    with_costs = [a for a in section.awards if a.costs]
    used: set[Currency] = {a.currency for a in with_costs} | {section.currency}
    currency: Currency = "NOK" if used == {"NOK"} else "EUR"
    if used == {"NOK"}:
        notes.append(Text(nb="Støtte og kostnader er lagt sammen i kroner.",
                          en="Aid and costs are added up in NOK."))  # fmt: skip

    def amount(value: Quantity, own: Currency, day: date) -> Quantity:
        return value if currency == "NOK" else in_euro(value, own, rates.on(day))

    costs = [Cost(n, amount(c.cost, section.currency, on)) for n, c in section.costs.items()]
    awards = [
        AidAward(a.id, a.article, a.granted, amount(money[a.id], a.currency, a.granted), a.costs,
                 known_bonuses(library, a.article, section.bonuses)
                 if a.bonuses is None else a.bonuses, a.funding_rate)
        for a in section.awards if a.costs or currency == "EUR" or a.currency == "NOK"
    ]  # fmt: skip
    return cumulate(library, costs, awards, sizes, currency=currency), currency


def equivalent_of(library: Library, award: AwardRecord, rates: DayRates) -> Equivalent:
    """The gross grant equivalent of a loan or guarantee on the day it is given.

    De minimis aid takes the safe harbour where its terms allow and no rate is stated. Otherwise the
    reference rate (or market premium) stated in the profile counts, else that of the library on
    exactly that day; a day without a rate is unknown.
    """
    by_proportion = _by_safe_harbour(library, award, rates)
    if by_proportion is not None:
        return by_proportion
    try:
        if award.loan is not None:
            return _of_loan(library, award, award.loan)
        assert award.guarantee is not None  # the caller asks for these two
        return _of_guarantee(library, award, award.guarantee)
    except MissingFact as problem:
        words = _unknown_rate(library, problem.faults[0], award.granted)
        return Equivalent(award.id, "unknown", None, award.currency, None, words, (), ())


def _unknown_rate(library: Library, fault: Fault, on: date) -> Text:
    """Why a rate is not known: a rule of the library, or what the profile leaves out."""
    if fault.where.startswith("instruments."):
        return unknown_rule(library, fault.where, on)
    missing = Text(nb="rating eller sikkerhet mangler i profilen",
                   en="rating or collateral is missing in the profile")  # fmt: skip
    return Text(nb=f"Satsen er ikke kjent: {missing.nb}.",
                en=f"The rate is not known: {missing.en}.")  # fmt: skip


def _by_safe_harbour(
    library: Library, award: AwardRecord, rates: DayRates
) -> Equivalent | None:
    if award.article != "de_minimis":
        return None
    rate = 1.0 if award.currency == "EUR" else rates.on(award.granted)
    if rate is None:
        return None
    found: SafeHarbour | None = None
    if award.loan is not None and award.loan.reference_rate is None:
        loan = award.loan
        found = safe_harbour_loan(library, award.granted, loan.amount / rate, loan.years,
                                  loan.security)  # fmt: skip
    if award.guarantee is not None and award.guarantee.market_premium is None:
        given = award.guarantee
        found = safe_harbour_guarantee(library, award.granted, given.guaranteed / rate,
                                       given.years, given.cover)  # fmt: skip
    if found is None or found.status != "available" or found.euro is None:
        return None
    words = Text(nb="Forholdsmessig del av taket (trygg havn).",
                 en="A proportion of the ceiling (safe harbour).")  # fmt: skip
    return Equivalent(award.id, "safe_harbour", found.euro * rate, award.currency, None, words,
                      tuple(f.id for f in found.facts), found.unverified)  # fmt: skip


def _of_loan(library: Library, award: AwardRecord, loan: LoanRecord) -> Equivalent:
    facts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    if loan.reference_rate is not None:
        reference = loan.reference_rate
        words = Text(nb="Referanserenten er oppgitt i profilen.",
                     en="The reference rate is stated in the profile.")  # fmt: skip
    else:
        if loan.rating is None or loan.collateral is None:
            raise MissingFact(Fault(f"award '{award.id}'", "rating or collateral is missing"))
        found = reference_rate(library, award.granted, loan.rating, loan.collateral)
        reference, facts, unread = found.rate, found.facts, found.unverified
        words = Text(nb="ESAs basisrente for dagen med påslag.",
                     en="ESA's base rate of the day with its margin.")  # fmt: skip
    balances = loan_balances(loan.amount, loan.years, loan.repayment,
                             grace_years=loan.grace_years, rate=loan.rate)  # fmt: skip
    amount = soft_loan_grant_equivalent(balances, [loan.rate] * loan.years, reference)
    return Equivalent(award.id, "reference_rate", max(amount, 0.0), award.currency, reference,
                      words, facts, unread)  # fmt: skip


def _of_guarantee(library: Library, award: AwardRecord, given: GuaranteeRecord) -> Equivalent:
    facts: list[str] = []
    unread: list[str] = []
    market = given.market_premium
    if market is None:
        if given.rating is None:
            raise MissingFact(Fault(f"award '{award.id}'", "rating is missing"))
        premium = guarantee_premium(library, award.granted, given.rating)
        market = premium.central
        facts.append(premium.id)
        unread += [premium.id] if premium.confidence != "read" else []
    discount = given.discount_rate
    if discount is None:
        found = discount_rate(library, award.granted)
        discount = found.rate
        facts += found.facts
        unread += found.unverified
    balances = loan_balances(given.guaranteed, given.years, given.repayment,
                             grace_years=given.grace_years)  # fmt: skip
    amount = guarantee_grant_equivalent(balances, [given.premium] * given.years, market, discount)
    words = Text(nb="Markedspremie mot betalt premie.", en="Market premium against premium paid.")
    return Equivalent(award.id, "market_premium", max(amount, 0.0), award.currency, market, words,
                      tuple(facts), tuple(unread))  # fmt: skip

