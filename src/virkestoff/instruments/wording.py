"""Facts, amounts and statuses in words, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.vocabulary import Term
from virkestoff.language import Lang, Text, format_date, format_money, format_number

__all__ = [
    "AMOUNT_OF",
    "AMOUNT_PER",
    "CAUSES",
    "KINDS",
    "PHASES",
    "STATUSES_IN_WORDS",
    "amount_range",
    "amount_words",
    "either",
    "number_words",
    "value_words",
]  # fmt: skip

STATUSES_IN_WORDS: dict[str, Text] = {
    "eligible": Text(nb="oppfyller vilkårene", en="meets the conditions"),
    "needs_person": Text(nb="krever en vurdering", en="needs a person's judgement"),
    "undecided": Text(nb="uavklart", en="undecided"),
    "closed": Text(nb="stengt", en="closed"),
    "rule_not_known": Text(nb="regelen er ikke kjent", en="rule not known"),
    "not_eligible": Text(nb="oppfyller ikke vilkårene", en="does not meet the conditions"),
}
KINDS: dict[str, Text] = {
    "grant": Text(nb="tilskudd", en="grant"),
    "tax_credit": Text(nb="skattefradrag", en="tax credit"),
    "loan": Text(nb="lån", en="loan"),
    "guarantee": Text(nb="garanti", en="guarantee"),
    "equity": Text(nb="egenkapital", en="equity"),
    "advice": Text(nb="rådgivning", en="advice"),
    "infrastructure": Text(nb="infrastruktur", en="infrastructure"),
    "network": Text(nb="nettverk", en="network"),
}
PHASES: dict[str, Text] = {
    "idea": Text(nb="idé", en="idea"),
    "research": Text(nb="forskning", en="research"),
    "verification": Text(nb="verifisering", en="verification"),
    "development": Text(nb="utvikling", en="development"),
    "test": Text(nb="test", en="test"),
    "pilot": Text(nb="pilotering", en="pilot"),
    "demonstration": Text(nb="demonstrasjon", en="demonstration"),
    "scale_up": Text(nb="oppskalering", en="scale-up"),
    "investment": Text(nb="investering", en="investment"),
    "production": Text(nb="produksjon", en="production"),
    "market": Text(nb="marked", en="market"),
    "export": Text(nb="eksport", en="export"),
    "growth": Text(nb="vekst", en="growth"),
}
SCHEME_STATUSES: dict[str, Text] = {
    "existing": Text(nb="finnes", en="exists"),
    "proposed": Text(nb="foreslått", en="proposed"),
    "ended": Text(nb="avsluttet", en="ended"),
}
CAUSES: dict[str, Text] = {
    "fact": Text(nb="opplysning mangler", en="fact missing"),
    "band": Text(nb="opplysningen er for grov", en="fact too coarse"),
    "term": Text(nb="ordningens vilkår er ikke funnet", en="the scheme's term was not found"),
    "rule": Text(nb="regelen er ikke kjent på datoen", en="rule not known on the date"),
    "judgement": Text(nb="må vurderes av en person", en="a person must judge"),
}
AMOUNT_OF: dict[str, Text] = {
    "grant": Text(nb="tilskudd", en="grant"),
    "deduction": Text(nb="fradrag i skatt", en="deduction from tax"),
    "loan": Text(nb="lån", en="loan"),
    "guarantee": Text(nb="garanti", en="guarantee"),
    "equity": Text(nb="egenkapital", en="equity"),
    "service": Text(nb="tjeneste", en="service"),
}
AMOUNT_PER: dict[str, Text] = {
    "project": Text(nb="per prosjekt", en="per project"),
    "year": Text(nb="per år", en="per year"),
    "application": Text(nb="per søknad", en="per application"),
    "company": Text(nb="per foretak", en="per enterprise"),
    "round": Text(nb="per runde", en="per round"),
    "contract": Text(nb="per kontrakt", en="per contract"),
}
_DIGITS = 6  # constant: an amount is printed to the krone where it may be
_SUFFIXES: dict[str, Text] = {
    "EUR": Text(nb="euro", en="EUR"),
    "person": Text(nb="personer", en="people"),
    "fte": Text(nb="årsverk", en="full-time equivalents"),
    "month": Text(nb="måneder", en="months"),
    "year": Text(nb="år", en="years"),
    "hour": Text(nb="timer", en="hours"),
    "NOK/EUR": Text(nb="kroner per euro", en="NOK per EUR"),
}


def either(words: list[str], lang: Lang) -> str:
    """Alternatives in words: ``a, b eller c``."""
    last = " eller " if lang == "nb" else " or "
    return last.join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def _is_share(term: Term) -> bool:
    return term.unit == "1" and not term.is_whole and term.range is not None and (
        term.range[1] <= 2  # constant: a share and nothing larger
    )  # fmt: skip


def number_words(x: float, unit: str | None, lang: Lang, *, is_share: bool = False) -> str:
    """A number with its unit, exact to six digits."""
    if is_share:
        mark = "\u00a0%" if lang == "nb" else "%"
        return format_number(100 * x, lang, _DIGITS) + mark
    if unit == "NOK":
        return format_money(x, lang, _DIGITS)
    text = format_number(x, lang, _DIGITS)
    if unit in (None, "1"):
        return text
    assert unit is not None
    word = _SUFFIXES.get(unit)
    return f"{text}\u00a0{word.in_(lang) if word else unit}"


def _point(term: Term, value: Any, lang: Lang) -> str:
    if isinstance(value, bool):
        return ("ja" if value else "nei") if lang == "nb" else ("yes" if value else "no")
    if isinstance(value, date):
        return format_date(value, lang)
    if isinstance(value, str):
        return term.choices[value].in_(lang) if term.choices and value in term.choices else value
    return number_words(float(value), term.unit, lang, is_share=_is_share(term))


def value_words(term: Term, value: Value, lang: Lang) -> str:
    """A value of a fact in words; a missing one is "unknown"."""
    if value is None:
        return "ukjent" if lang == "nb" else "unknown"
    if isinstance(value, OneOf):
        names = [_point(term, c, lang) for c in (term.choices or {}) if c in value.choices]
        return either(names, lang)
    if not isinstance(value, Band):
        return _point(term, value, lang)
    return range_words(term, value.low, value.high, lang)


def range_words(term: Term, low: Any, high: Any, lang: Lang) -> str:
    """``10 til 49``, ``minst 10``, ``høyst 49``; an end of what can be meant is open."""
    ends = term.dates if term.type == "date" else (term.range or (None, None))
    low = None if low is None or low == ends[0] else low
    high = None if high is None or high == ends[1] else high
    if low is None and high is None:
        return "hva som helst" if lang == "nb" else "any"
    if high is None:
        return f"{'minst' if lang == 'nb' else 'at least'} {_point(term, low, lang)}"
    if low is None:
        return f"{'høyst' if lang == 'nb' else 'at most'} {_point(term, high, lang)}"
    if low == high:
        return _point(term, low, lang)
    to = "til" if lang == "nb" else "to"
    if term.type == "number" and term.unit in _SUFFIXES:
        return f"{number_words(low, None, lang)} {to} {_point(term, high, lang)}"
    return f"{_point(term, low, lang)} {to} {_point(term, high, lang)}"


def amount_range(
    value: float | None, low: float | None, high: float | None, unit: str, lang: Lang,
    *, is_share: bool = False,
) -> str:  # fmt: skip
    """A value, or what is known of it."""
    if value is not None:
        return number_words(value, unit, lang, is_share=is_share)
    if high is not None and low:
        word = "til" if lang == "nb" else "to"
        first = number_words(low, unit, lang, is_share=is_share)
        return f"{first} {word} {number_words(high, unit, lang, is_share=is_share)}"
    if high is not None:
        word = "høyst" if lang == "nb" else "at most"
        return f"{word} {number_words(high, unit, lang, is_share=is_share)}"
    if low:
        word = "minst" if lang == "nb" else "at least"
        return f"{word} {number_words(low, unit, lang, is_share=is_share)}"
    return "ikke kjent" if lang == "nb" else "not known"


def amount_words(amount: Any, lang: Lang) -> str:
    """What a scheme gives, in a line; empty where it says nothing."""
    if amount is None:
        return ""
    text = amount_range(amount.value, amount.low, amount.high, amount.unit, lang)
    if amount.value is None and amount.high is None and not amount.low:
        return "beløpet er ikke kjent" if lang == "nb" else "the amount is not known"
    if amount.value is not None and amount.of != "deduction":
        # what the provider may give at most; a deduction alone is a right by law
        text = f"inntil {text}" if lang == "nb" else f"up to {text}"
    text = f"{text} {AMOUNT_PER[amount.per].in_(lang)}" if amount.per else text
    if amount.exceptional is None:
        return text
    most = number_words(amount.exceptional, amount.unit, lang)
    return f"{text}; unntaksvis inntil {most}" if lang == "nb" else (
        f"{text}; exceptionally up to {most}")  # fmt: skip
