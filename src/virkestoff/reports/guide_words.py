"""Words of the guide: changes, days to keep, rules with the names of facts in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from virkestoff.instruments.engine import LeafResult
from virkestoff.instruments.engine_amount import AmountStep
from virkestoff.instruments.guide import Deadline, Entry, Group
from virkestoff.instruments.near_miss import Change, NearMiss
from virkestoff.instruments.scheme_rules import ReadParameter
from virkestoff.instruments.vocabulary import Term, Vocabulary
from virkestoff.instruments.wording import (
    CAUSES,
    either,
    number_words,
    range_words,
    value_words,
)
from virkestoff.language import Lang, Text, format_date

__all__ = [
    "change_words",
    "deadline_words",
    "opening_words",
    "parameter_words",
    "read_words",
    "result_words",
    "rule_words",
    "way_words",
]

_CASE = re.compile(r"(.+) \((\S+) = '(\w+)'\)")
_THEN: dict[str, Text] = {
    "eligible": Text(nb="da er vilkårene oppfylt", en="then the conditions are met"),
    "needs_person": Text(nb="da gjenstår bare en vurdering hos forvalteren",
                         en="then only the provider's judgement is left"),
    "undecided": Text(nb="da er den ikke lenger utelukket, men andre vilkår er åpne",
                      en="then it is no longer ruled out, but other conditions are open"),
    "rule_not_known": Text(nb="da er regelen på datoen fortsatt ikke kjent",
                           en="then the rule on the date is still not known"),
}  # fmt: skip
_NAME = re.compile(r"[a-z]+(?:\.[a-z_][a-z0-9_]*)+")


def say(lang: Lang, nb: str, en: str) -> str:
    """One of two texts."""
    return nb if lang == "nb" else en


def change_words(change: Change, vocabulary: Vocabulary, lang: Lang) -> str:
    """``once the technology is at TRL 5 or above (now 4)``, ``if you partner with ...``."""
    term = vocabulary.terms[change.fact]
    name = term.name.in_(lang)
    now = f" ({say(lang, 'nå', 'now')} {value_words(term, change.before, lang)})"
    if change.choices == (True,):
        return change.phrase.in_(lang) if change.phrase else f"{say(lang, 'hvis', 'if')} «{name}»"
    if change.choices:
        new = either([value_words(term, c, lang) for c in change.choices], lang)
    else:
        new = range_words(term, change.low, change.high, lang)
    if change.phrase is not None:
        if change.low is not None and not change.choices:
            new = _span_words(term, change.low, change.high, lang)
        return change.phrase.in_(lang).replace("{value}", new) + now
    return f"{say(lang, 'hvis', 'if')} «{name}» {say(lang, 'er', 'is')} {new}{now}"


def _span_words(term: Term, low: float, high: float, lang: Lang) -> str:
    """``5 or above``, ``4 or below``, ``6 to 8``."""
    words = range_words(term, low, high, lang)
    ends = term.range or (None, None)
    if high == ends[1] and low != ends[0]:
        return value_words(term, low, lang) + say(lang, " eller høyere", " or above")
    if low == ends[0] and high != ends[1]:
        return value_words(term, high, lang) + say(lang, " eller lavere", " or below")
    return words


def miss_words(miss: NearMiss, vocabulary: Vocabulary, lang: Lang) -> str:
    """A near miss in a sentence: what it takes, and what the rules say then."""
    changes = say(lang, " og ", " and ").join(
        change_words(c, vocabulary, lang) for c in miss.changes
    )
    return f"{changes}; {_THEN[miss.then].in_(lang)}"


def way_words(entry: Entry, vocabulary: Vocabulary, lang: Lang) -> list[str]:
    """What it would take, in sentences: changes, and time."""
    found = [miss_words(miss, vocabulary, lang) for miss in entry.near]
    if entry.turn is not None and not entry.turn.is_end:
        names = ", ".join(vocabulary.terms[f].name.in_(lang) for f in entry.turn.facts)
        day = format_date(entry.turn.day, lang)
        why = say(lang, "bare tid skal til; datoen følger av", "time alone; it follows from")
        found.append(f"{say(lang, 'fra', 'from')} {day} ({why} «{names}»)")
    return found


def deadline_words(deadline: Deadline, lang: Lang, group: Group = "now") -> str:
    """What a day to keep is about; of a scheme that is not met yet, ``until`` says no more."""
    if deadline.kind == "until" and group not in ("now", "person"):
        return say(lang, "siste dag ordningen er mulig slik profilen er",
                   "last day on which the scheme is possible with this profile")  # fmt: skip
    return {
        "closes": say(lang, "siste dag å søke", "last day to apply"),
        "opens": say(lang, "utlysningen åpner", "the call opens"),
        "until": say(lang, "siste dag vilkårene er oppfylt uten endring",
                     "last day on which the conditions hold unchanged"),
        "from": say(lang, "første dag vilkårene kan være oppfylt",
                    "first day on which the conditions may hold"),
    }[deadline.kind]  # fmt: skip


def opening_words(entry: Entry, lang: Lang) -> str:
    """Whether one can apply, and until when."""
    opening, rule = entry.result.opening, entry.result.scheme.opening
    if opening.is_open is None:
        text = say(lang, "søknadsfrist ikke funnet", "no deadline found")
    elif opening.is_open and opening.closes:
        text = say(lang, "søk innen ", "apply by ") + format_date(opening.closes, lang)
    elif opening.is_open:
        text = (say(lang, "krever ingen søknad", "needs no application") if rule.kind == "none"
                else say(lang, "søk når som helst", "apply any time"))  # fmt: skip
    elif opening.opens_next:
        text = say(lang, "åpner ", "opens ") + format_date(opening.opens_next, lang)
    else:
        text = say(lang, "stengt", "closed")
    if entry.turn is not None and entry.turn.is_end:
        last = [d for d in entry.deadlines if d.kind == "until"]
        if last:
            text += (
                say(lang, "; vilkårene holder til ", "; conditions hold until ")
                if entry.group in ("now", "person")
                else say(lang, "; mulig til ", "; possible until ")
            )
            text += format_date(last[0].day, lang)
            if entry.turn.judged_from is not None:
                end = format_date(entry.turn.day - timedelta(days=1), lang)
                text += say(lang, f", deretter til {end} bare ved unntak",
                            f", then until {end} by exception only")  # fmt: skip
    return text


def result_words(truth: bool | None, leaf: LeafResult | None, lang: Lang) -> str:
    """``met``, ``not met``, or why it is open."""
    if truth is True:
        return say(lang, "oppfylt", "met")
    if truth is False:
        return say(lang, "ikke oppfylt", "not met")
    cause = leaf.cause if leaf is not None else None
    return CAUSES[cause].in_(lang) if cause else say(lang, "åpent", "open")


def parameter_words(parameters: Iterable[ReadParameter], lang: Lang) -> list[str]:
    """``Largest grant = NOK 16 million``."""
    found = []
    for p in parameters:
        if isinstance(p.value, float):
            # a share is written as per cent, as in the sources
            shown = number_words(p.value, p.unit, lang, is_share=p.unit == "1" and p.value < 1)
        elif p.value is None:
            shown = say(lang, "ukjent", "unknown")
        elif isinstance(p.value, tuple):
            shown = ", ".join(p.value)
        elif isinstance(p.value, bool | str):
            shown = str(p.value)
        else:
            shown = format_date(p.value, lang)
        found.append(f"{p.words.in_(lang)} = {shown}")
    return found


def read_words(leaf: LeafResult, vocabulary: Vocabulary, lang: Lang) -> str:
    """What a condition read: facts with their values, and parameters."""
    facts = [
        f"{vocabulary.terms[name].name.in_(lang)} = "
        f"{value_words(vocabulary.terms[name], value, lang)}"
        for name, value in leaf.facts
    ]
    return "; ".join([*facts, *parameter_words(leaf.dated.parameters, lang)])


def step_words(step: AmountStep, vocabulary: Vocabulary, lang: Lang) -> str:
    """What a step of an amount read."""
    facts = [
        f"{vocabulary.terms[name].name.in_(lang)} = "
        f"{value_words(vocabulary.terms[name], value, lang)}"
        for name, value in step.reads
    ]
    return "; ".join([*facts, *parameter_words(step.parameters, lang)])


def rule_words(step: AmountStep, vocabulary: Vocabulary, lang: Lang) -> str:
    """The rule of a step with the names of its facts and parameters in it."""
    names = {f"parameter.{p.name}": p.words.in_(lang) for p in step.parameters}
    names |= {
        "rate * base": say(lang, "andel × kostnad", "share × cost"),
        "min(amount, cap)": say(lang, "det minste av beløpet og grensen",
                                "the smaller of amount and limit"),
        "min(rate * base, (1 - own_share) * base)": say(
            lang, "det minste av støtten og kostnaden uten egenandelen",
            "the smaller of the support and the cost without the own share"),
        "0 below minimum": say(lang, "null under grensen", "nought below the limit"),
    }  # fmt: skip
    if step.expression in names:
        return str(names[step.expression])

    def named(match: re.Match[str]) -> str:
        name = match[0]
        term = vocabulary.terms.get(name)
        return f"«{names.get(name) or (term.name.in_(lang) if term else name)}»"

    return _NAME.sub(named, _cases_words(step, vocabulary, lang)).replace("*", "×").replace(
        "min(", say(lang, "det minste av (", "the smallest of (")
    ).replace("max(", say(lang, "det største av (", "the largest of ("))  # fmt: skip


def _cases_words(step: AmountStep, vocabulary: Vocabulary, lang: Lang) -> str:
    """The cases of a rule that the facts leave, with the names of choices; one stands bare."""
    reads, kept = dict(step.reads), []
    for case in step.expression.split("; "):
        match = _CASE.fullmatch(case)
        if match is None:
            kept.append(case)
            continue
        then, fact, choice = match.groups()
        value = reads.get(fact)
        if isinstance(value, str):
            if value == choice:
                return then
            continue
        term = vocabulary.terms.get(fact)
        words = value_words(term, choice, lang) if term else choice
        kept.append(f"{then} ({say(lang, 'når', 'when')} {fact} = {words})")
    return "; ".join(kept) or step.expression
