"""The answer of aid law in words: tables for the screen."""

from __future__ import annotations

import math
from collections.abc import Iterable

from virkestoff.evidence import Library
from virkestoff.instruments.aid_answer import AidAnswer
from virkestoff.instruments.aid_quantities import Range
from virkestoff.instruments.aid_titles import article_title
from virkestoff.instruments.de_minimis import Room
from virkestoff.language import Lang, Text, format_date, format_number

__all__ = ["tables"]

Table = tuple[str, list[str], list[list[str]], list[str]]

_SIZE = {
    "micro": Text(nb="mikro", en="micro"), "small": Text(nb="lite", en="small"),
    "medium": Text(nb="mellomstort", en="medium"), "large": Text(nb="stort", en="large"),
}  # fmt: skip
_STATUS = {
    "allowed": Text(nb="innenfor", en="allowed"),
    "exceeded": Text(nb="over", en="exceeded"),
    "unknown": Text(nb="ikke kjent", en="unknown"),
    "within": Text(nb="innenfor", en="within"),
    "above": Text(nb="over", en="above"),
    "known": Text(nb="kjent", en="known"),
    "not_known": Text(nb="ikke kjent", en="not known"),
    "rule_not_known": Text(nb="regelen er ikke kjent", en="rule not known"),
    "no_rule": Text(nb="ingen regel gjaldt", en="no rule held"),
    "met": Text(nb="oppfylt", en="met"),
    "not_met": Text(nb="ikke oppfylt", en="not met"),
    "not_needed": Text(nb="kreves ikke", en="not needed"),
    "needs_person": Text(nb="må vurderes", en="needs a person"),
}
_COUNTS = {
    "yes": Text(nb="ja", en="yes"), "possibly": Text(nb="kanskje", en="possibly"),
    "no": Text(nb="nei", en="no"),
}  # fmt: skip
_METHOD = {
    "reference_rate": Text(nb="referanserente", en="reference rate"),
    "market_premium": Text(nb="markedspremie", en="market premium"),
    "safe_harbour": Text(nb="trygg havn", en="safe harbour"),
    "unknown": Text(nb="ikke kjent", en="unknown"),
}
_LIMIT = {
    "own_ceiling": Text(nb="eget tak", en="own ceiling"),
    "threshold": Text(nb="meldegrense", en="notification threshold"),
    "amount": Text(nb="beløp etter artikkelen", en="amount of the article"),
}


def tables(answer: AidAnswer, library: Library, lang: Lang) -> list[Table]:
    """The tables of an answer, in the order in which they are read."""
    found = [_size(answer, library, lang)]
    if answer.articles:
        found.append(_articles(answer, library, lang))
    if answer.equivalents:
        found.append(_equivalents(answer, library, lang))
    found.append(_ledger(answer.room, library, lang))
    if answer.sgei_room is not None:
        found.append(_ledger(answer.sgei_room, library, lang))
    if answer.cumulation is not None:
        found.append(_cumulation(answer, library, lang))
    return found


def _pick(lang: Lang, nb: str, en: str) -> str:
    return nb if lang == "nb" else en


def _amount(found: Range, lang: Lang, currency: str = "EUR") -> str:
    """An amount to the whole unit; a range, or that it is unknown."""
    if not math.isfinite(found.high):
        if found.low <= 0:
            return _pick(lang, "ikke kjent", "unknown")
        return f"{_pick(lang, 'minst', 'at least')} {_amount(Range(found.low, found.low), lang)}"
    low, high = (format_number(x, lang, decimals=0) for x in (found.low, found.high))
    return f"{currency} {low}" if low == high else f"{currency} {low}–{high}"


def _share(found: Range, lang: Lang) -> str:
    if math.isnan(found.low):
        return "–"
    low, high = (format_number(100 * x, lang, 4) for x in (found.low, found.high))
    return f"{low} %" if low == high else f"{low}–{high} %"


def _cite(facts: Iterable[str], library: Library, lang: Lang) -> list[str]:
    """Sources with places, and what was not read."""
    known = [library.facts[f] for f in facts if f in library.facts]
    by_title: dict[str, dict[str, None]] = {}
    for f in known:
        by_title.setdefault(library.sources[f.source].title, {})[f.place] = None
    places = [f"{title} ({', '.join(found)})" for title, found in by_title.items()]
    unread = [f.name.in_(lang) for f in known if f.confidence != "read"]
    lines = []
    if places:
        head = _pick(lang, "Kilder", "Sources")
        lines.append(f"{head}: {'; '.join(places)}")
    if unread:
        head = _pick(lang, "Ikke lest", "Not read")
        lines.append(f"{head}: {'; '.join(dict.fromkeys(unread))}")
    return lines


def _size(answer: AidAnswer, library: Library, lang: Lang) -> Table:
    day = format_date(answer.on, lang)
    title = _pick(lang, f"Størrelse etter støttereglene, {day}", f"Size by aid rules, {day}")
    heads = [
        _pick(lang, "år", "year"), _pick(lang, "årsverk", "staff"),
        _pick(lang, "omsetning", "turnover"), _pick(lang, "balansesum", "balance sheet total"),
        _pick(lang, "tallene gir", "the figures give"), _pick(lang, "klasse", "class"),
    ]  # fmt: skip
    if answer.sme is None:
        return title, heads, [], [n.in_(lang) for n in answer.notes]
    status = answer.sme
    rows = [
        [str(y.year), _count(y.employees, lang), _amount(y.turnover, lang),
         _amount(y.balance_total, lang), _classes(y.classes, lang), _classes(y.status, lang)]
        for y in status.years
    ]  # fmt: skip
    notes = [f"{_pick(lang, 'Klasse', 'Class')}: {_classes(status.classes, lang)}"]
    notes += [r.in_(lang) for r in status.reasons]
    if status.missing:
        head = _pick(lang, "Mangler", "Missing")
        notes.append(f"{head}: {'; '.join(m.in_(lang) for m in status.missing)}")
    return title, heads, rows, notes + _cite(status.facts, library, lang)


def _count(found: Range, lang: Lang) -> str:
    if not math.isfinite(found.high):
        return _pick(lang, "ikke kjent", "unknown")
    low, high = (format_number(x, lang, 4) for x in (found.low, found.high))
    return low if low == high else f"{low}–{high}"


def _classes(classes: Iterable[str], lang: Lang) -> str:
    order = list(_SIZE)
    word = _pick(lang, " eller ", " or ")
    return word.join(_SIZE[c].in_(lang) for c in sorted(classes, key=order.index))


def _articles(answer: AidAnswer, library: Library, lang: Lang) -> Table:
    title = _pick(lang, "Hva artiklene tillater", "What the articles allow")
    heads = [
        _pick(lang, "kostnad", "cost"), _pick(lang, "artikkel", "article"),
        _pick(lang, "støtteandel", "share"), _pick(lang, "støtte", "aid"),
        _pick(lang, "meldegrense", "notify above"),
        _pick(lang, "insentiveffekt", "incentive effect"),
    ]  # fmt: skip
    rows, notes, facts = [], [], dict[str, None]()
    said: dict[str, dict[str, None]] = {}
    for name, found in answer.articles.items():
        incentive = answer.incentives[name]
        is_known = found.status == "known"
        limit = Range(found.threshold, found.threshold) if found.threshold is not None else None
        rows.append([
            name, article_title(found.article).in_(lang),
            _share(found.share, lang) if is_known else _STATUS["not_known"].in_(lang),
            _aid(answer, name, lang) if is_known else "–",
            _amount(limit, lang) if limit else "–", _STATUS[incentive.status].in_(lang),
        ])  # fmt: skip
        if found.reason is not None:
            notes.append(f"{name}: {found.reason.in_(lang)}")
        if incentive.status not in ("met", "not_needed"):
            notes += [f"{name}: {r.in_(lang)}" for r in incentive.reasons]
        facts.update(dict.fromkeys(s.fact for c in found.by_size.values() for s in c.steps))
        facts.update(dict.fromkeys(incentive.facts))
        for n in (n for c in found.by_size.values() for n in c.notes):
            said.setdefault(n, {})[article_title(found.article).in_(lang)] = None
    notes += [f"{'; '.join(of)}: {n}" for n, of in said.items()]
    return title, heads, rows, list(dict.fromkeys(notes)) + _cite(facts, library, lang)


def _aid(answer: AidAnswer, name: str, lang: Lang) -> str:
    """In euro where the rate of the day is known, else the share of the cost in NOK."""
    found = answer.articles[name].aid
    if not math.isfinite(found.high) and name in answer.in_nok:
        return _amount(answer.in_nok[name], lang, "NOK")
    return _amount(found, lang)


def _equivalents(answer: AidAnswer, library: Library, lang: Lang) -> Table:
    title = _pick(lang, "Brutto tilskuddsekvivalent", "Gross grant equivalent")
    heads = [_pick(lang, "tildeling", "award"), _pick(lang, "måte", "method"),
             _pick(lang, "sats", "rate"), _pick(lang, "støtte", "aid")]  # fmt: skip
    rows, notes, facts = [], [], dict[str, None]()
    for e in answer.equivalents:
        rate = "–" if e.rate is None else f"{format_number(100 * e.rate, lang, 4)} %"
        aid = _pick(lang, "ikke kjent", "unknown")
        if e.amount is not None:
            aid = _amount(Range(e.amount, e.amount), lang, e.currency)
        rows.append([e.award, _METHOD[e.method].in_(lang), rate, aid])
        notes.append(f"{e.award}: {e.reason.in_(lang)}")
        facts.update(dict.fromkeys(e.facts))
    return title, heads, rows, notes + _cite(facts, library, lang)


def _ledger(found: Room, library: Library, lang: Lang) -> Table:
    what = _pick(lang, "Bagatellstøtte", "De minimis aid")
    if found.kind == "sgei":
        what = _pick(lang, "Bagatellstøtte til tjenester av allmenn økonomisk betydning",
                     "De minimis aid to services of general economic interest")  # fmt: skip
    title = f"{what}, {format_date(found.on, lang)}"
    heads = [_pick(lang, "tildeling", "award"), _pick(lang, "dag", "day"),
             "NOK per EUR", "EUR",
             _pick(lang, "teller", "counts"), _pick(lang, "grunn", "reason")]  # fmt: skip
    rows = [
        [x.entry.id, x.entry.granted.isoformat(),
         "–" if x.nok_per_eur is None else format_number(x.nok_per_eur, lang, 6),
         _amount(x.euro, lang), _COUNTS[x.counts].in_(lang), x.reason.in_(lang)]
        for x in found.lines
    ]  # fmt: skip
    notes = []
    if found.window is not None and found.ceiling is not None:
        first, last = (format_date(d, lang) for d in (found.window.first, found.window.last))
        top = Range(found.ceiling, found.ceiling)
        notes = [
            f"{_pick(lang, 'Vindu', 'Window')}: {first} – {last}",
            f"{_pick(lang, 'Tak', 'Ceiling')}: {_amount(top, lang)}; "
            f"{_pick(lang, 'brukt', 'used')}: {_amount(found.used, lang)}; "
            f"{_pick(lang, 'igjen', 'left')}: {_amount(found.room, lang)}",
        ]
    else:
        notes.append(_STATUS[found.status].in_(lang))
    notes += [n.in_(lang) for n in found.notes]
    if found.missing_rates:
        days = ", ".join(d.isoformat() for d in found.missing_rates)
        notes.append(_pick(lang, f"Mangler kurs: {days}", f"Missing rates: {days}"))
    return title, heads, rows, notes + _cite((f.id for f in found.facts), library, lang)


def _cumulation(answer: AidAnswer, library: Library, lang: Lang) -> Table:
    found = answer.cumulation
    assert found is not None  # the caller asks
    title = _pick(lang, "Støtte lagt sammen", "Aid added up")
    heads = [_pick(lang, "kostnad", "cost"), _pick(lang, "beløp", "amount"),
             _pick(lang, "høyeste tak", "highest ceiling"), _pick(lang, "artikkel", "article"),
             _pick(lang, "EU-grense", "Union limit"),
             _pick(lang, "tildelinger", "awards")]  # fmt: skip
    rows = []
    for x in found.categories:
        ceiling = "–" if x.article is None else _amount(x.ceiling, lang, answer.currency)
        limit = "–" if x.union_limit is None else _amount(x.union_limit, lang, answer.currency)
        title = "–" if x.article is None else article_title(x.article).in_(lang)
        rows.append([x.cost, _amount(x.amount, lang, answer.currency), ceiling, title, limit,
                     ", ".join(x.awards) or "–"])  # fmt: skip
    status = _STATUS[found.status].in_(lang)
    by = f" ({_amount(found.excess, lang, answer.currency)})" if found.status == "exceeded" else ""
    notes = [f"{_pick(lang, 'Samlet', 'Together')}: {status}{by}"]
    for limit_line in found.limits:
        if limit_line.status == "above" or limit_line.what != "own_ceiling":
            limit = _amount(limit_line.limit, lang, answer.currency)
            subject = limit_line.subject
            if limit_line.what != "own_ceiling":
                subject = article_title(subject).in_(lang)
            notes.append(
                f"{_LIMIT[limit_line.what].in_(lang)} {subject}: "
                f"{_amount(limit_line.aid, lang, answer.currency)} / {limit}: "
                f"{_STATUS[limit_line.status].in_(lang)}"
            )
    notes += [n.in_(lang) for n in answer.notes]
    if found.missing:
        head = _pick(lang, "Mangler", "Missing")
        notes.append(f"{head}: {'; '.join(m.in_(lang) for m in found.missing)}")
    return title, heads, rows, notes + _cite((*found.facts, *found.unverified), library, lang)
