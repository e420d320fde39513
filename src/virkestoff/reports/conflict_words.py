"""Conflicts in words: how they were found, what the others give, why they differ."""

from __future__ import annotations

import math

from virkestoff.evidence import Conflict, Library
from virkestoff.language import Lang, Text
from virkestoff.reports.statistic_words import amounts, with_unit

__all__ = ["RULES", "implied_words", "why"]

RULES: dict[str, Text] = {
    "same_subject": Text(nb="samme størrelse", en="same quantity"),
    "growth": Text(nb="vekst mot nivåer", en="growth against levels"),
    "yearly_growth": Text(nb="årlig vekst mot nivåer", en="yearly growth against levels"),
    "share": Text(nb="andel mot nivåer", en="share against levels"),
    "ratio": Text(nb="forholdstall mot nivåer", en="ratio against levels"),
    "sum": Text(nb="sum av bransjene", en="sum of the branches"),
    "compound": Text(nb="årlig vekst mot samlet vekst", en="yearly growth against total growth"),
    "share_level": Text(nb="andel av annen kilde", en="share by another source"),
    "part_of": Text(nb="del større enn helheten", en="part above its whole"),
    "limit": Text(nb="ordlyd i definisjon", en="wording of a definition"),
    "declared": Text(nb="ført opp for hånd", en="entered by hand"),
}
_GIVES: dict[str, Text] = {
    "sum": Text(nb="bransjene gir", en="the branches give"),
    "compound": Text(nb="den årlige veksten gir", en="the yearly growth gives"),
    "share_level": Text(nb="andel av helheten gir", en="share of the whole gives"),
    "part_of": Text(nb="helheten er", en="the whole is"),
}
_LEVELS_GIVE = Text(nb="nivåene gir", en="the levels give")
_HINTS: dict[str, Text] = {
    "definition": Text(nb="ulik definisjon", en="different definition"),
    "population": Text(nb="ulik populasjon", en="different population"),
    "n": Text(nb="ulikt antall svar", en="different number of answers"),
    "same_source": Text(nb="samme kilde to steder", en="one source in two places"),
}
_KINDS: dict[str, Text] = {
    "definition": Text(nb="definisjon", en="definition"),
    "population": Text(nb="populasjon", en="population"),
    "year": Text(nb="år", en="year"),
    "rounding": Text(nb="avrunding", en="rounding"),
    "base": Text(nb="grunnlag", en="base"),
    "price_year": Text(nb="prisår", en="price year"),
    "revision": Text(nb="revisjon", en="revision"),
    "misprint": Text(nb="trykkfeil", en="misprint"),
    "unknown": Text(nb="ikke forklart", en="not explained"),
}
_HOW: dict[str, Text] = {
    "read": Text(nb="lest", en="read"),
    "derived": Text(nb="regnet ut", en="derived"),
    "assumption": Text(nb="antatt", en="assumption"),
}


def why(conflict: Conflict, lang: Lang) -> str:
    """Why the figures differ, or what differs between them."""
    if conflict.reason:
        reason = conflict.reason
        said = f"{_KINDS[reason.kind].in_(lang)}: {reason.text.in_(lang)}"
        return f"{said} ({_HOW[reason.how].in_(lang)})"
    hints = ", ".join(_HINTS[h].in_(lang) for h in conflict.hints)
    unknown = "ikke kjent" if lang == "nb" else "not known"
    return f"{unknown}; {hints}" if hints else unknown


def implied_words(conflict: Conflict, library: Library, lang: Lang) -> str:
    """What the other figures give where the first is held against them; else empty."""
    if conflict.implied is None:
        return ""
    first = conflict.statistics[0]
    subject = library.subjects.get(first.subject or "")
    unit = subject.unit if subject else first.unit
    is_share = unit in ("1", "1/year") and (subject is None or subject.reads_as == "share")
    unit = "%" if is_share else unit
    low, high = (x * (100 if is_share else 1) for x in conflict.implied)  # constant: per cent
    if math.isinf(high):
        both = ("mer enn " if lang == "nb" else "more than ") + amounts(low, low, lang)
    elif math.isinf(low):
        both = ("under " if lang == "nb" else "less than ") + amounts(high, high, lang)
    else:
        both = amounts(low, high, lang)
    says = _GIVES.get(conflict.rule, _LEVELS_GIVE).in_(lang)
    return f"{says} {with_unit(both, unit, lang)}".rstrip()
