"""The answer of aid law as plain values for JSON: every figure with its facts and sources."""

from __future__ import annotations

from datetime import date
from typing import Any

from virkestoff.evidence import Library
from virkestoff.instruments.aid import SIZES
from virkestoff.instruments.aid_answer import AidAnswer
from virkestoff.instruments.aid_quantities import Range
from virkestoff.instruments.aid_titles import article_title
from virkestoff.instruments.de_minimis import Room
from virkestoff.instruments.sme import CLASSES
from virkestoff.language import Lang

__all__ = ["as_record"]


def as_record(answer: AidAnswer, library: Library, lang: Lang) -> dict[str, Any]:
    """The answer as plain values: every figure with its facts, sources and places."""
    used = _facts(answer)
    return {
        "on": answer.on.isoformat(),
        "size": _size_record(answer, lang),
        "single_undertaking": {"certain": sorted(answer.undertaking.certain),
                               "possible": sorted(answer.undertaking.possible)},
        "articles": {n: _article_record(answer, n, lang) for n in answer.articles},
        "equivalents": [
            {"award": e.award, "method": e.method, "amount": e.amount, "currency": e.currency,
             "rate": e.rate, "reason": e.reason.in_(lang), "facts": list(e.facts),
             "unverified": list(e.unverified)}
            for e in answer.equivalents
        ],
        "de_minimis": [_room_record(r, lang) for r in (answer.room, answer.sgei_room) if r],
        "cumulation": _cumulation_record(answer, lang),
        "notes": [n.in_(lang) for n in answer.notes],
        "facts": {
            f.id: {"name": f.name.in_(lang), "value": f.value, "unit": f.unit,
                   "source": f.source, "title": library.sources[f.source].title,
                   "place": f.place, "confidence": f.confidence,
                   "valid": [_iso(f.valid.from_), _iso(f.valid.to)]}
            for f in (library.facts[name] for name in sorted(used))
        },
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _ends(found: Range) -> list[float]:
    return [found.low, found.high]


def _facts(answer: AidAnswer) -> set[str]:
    used = set(answer.sme.facts) if answer.sme else set()
    for found in answer.articles.values():
        used |= {s.fact for c in found.by_size.values() for s in c.steps}
    for incentive in answer.incentives.values():
        used |= set(incentive.facts)
    for e in answer.equivalents:
        used |= set(e.facts)
    for r in (answer.room, answer.sgei_room):
        used |= {f.id for f in r.facts} if r else set()
    if answer.cumulation:
        used |= {*answer.cumulation.facts, *answer.cumulation.unverified}
    return used


def _size_record(answer: AidAnswer, lang: Lang) -> dict[str, Any] | None:
    status = answer.sme
    if status is None:
        return None
    return {
        "classes": sorted(status.classes, key=CLASSES.index),
        "sizes": sorted(status.sizes, key=SIZES.index),
        "years": [
            {"year": y.year, "employees": _ends(y.employees), "turnover_eur": _ends(y.turnover),
             "balance_total_eur": _ends(y.balance_total), "nok_per_eur": y.nok_per_eur,
             "figures_give": sorted(y.classes, key=CLASSES.index),
             "class": sorted(y.status, key=CLASSES.index)}
            for y in status.years
        ],
        "relations": [{"enterprise": r.enterprise, "kind": r.kind, "share": _ends(r.share)}
                      for r in status.relations],
        "public_share": _ends(status.public_share),
        "reasons": [r.in_(lang) for r in status.reasons],
        "missing": [m.in_(lang) for m in status.missing],
    }  # fmt: skip


def _article_record(answer: AidAnswer, name: str, lang: Lang) -> dict[str, Any]:
    found, incentive = answer.articles[name], answer.incentives[name]
    return {
        "article": found.article, "title": article_title(found.article).in_(lang),
        "status": found.status, "share": _ends(found.share),
        "aid_eur": _ends(found.aid), "cost_eur": _ends(found.cost),
        "threshold_eur": found.threshold,
        "aid_nok": _ends(answer.in_nok[name]) if name in answer.in_nok else None,
        "reason": found.reason.in_(lang) if found.reason else None,
        "by_size": {
            size: {"share": c.share, "verified_share": c.verified_share, "aid_eur": c.aid,
                   "verified_aid_eur": c.verified_aid,
                   "steps": [{"fact": s.fact, "value": s.value, "unit": s.unit} for s in c.steps]}
            for size, c in found.by_size.items()
        },
        "incentive_effect": {"status": incentive.status,
                             "reasons": [r.in_(lang) for r in incentive.reasons]},
    }  # fmt: skip


def _room_record(found: Room, lang: Lang) -> dict[str, Any]:
    return {
        "kind": found.kind, "status": found.status, "ceiling_eur": found.ceiling,
        "used_eur": _ends(found.used), "room_eur": _ends(found.room),
        "window": None if found.window is None
        else [found.window.first.isoformat(), found.window.last.isoformat()],
        "ledger": [
            {"award": x.entry.id, "granted": x.entry.granted.isoformat(),
             "nok_per_eur": x.nok_per_eur, "euro": _ends(x.euro), "counts": x.counts,
             "reason": x.reason.in_(lang)}
            for x in found.lines
        ],
        "missing_rates": [d.isoformat() for d in found.missing_rates],
        "notes": [n.in_(lang) for n in found.notes],
    }  # fmt: skip


def _cumulation_record(answer: AidAnswer, lang: Lang) -> dict[str, Any] | None:
    found = answer.cumulation
    if found is None:
        return None
    return {
        "status": found.status, "currency": answer.currency, "excess": _ends(found.excess),
        "total": _ends(found.total),
        "categories": [
            {"cost": x.cost, "amount": _ends(x.amount), "ceiling": _ends(x.ceiling),
             "article": x.article, "awards": list(x.awards),
             "union_limit": None if x.union_limit is None else _ends(x.union_limit)}
            for x in found.categories
        ],
        "limits": [{"what": x.what, "subject": x.subject, "aid": _ends(x.aid),
                    "limit": _ends(x.limit), "status": x.status} for x in found.limits],
        "missing": [m.in_(lang) for m in found.missing],
    }  # fmt: skip
