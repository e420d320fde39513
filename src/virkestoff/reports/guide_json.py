"""The answer to a profile as plain values for JSON: stable keys, both languages, full numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

from virkestoff.instruments.condition_rows import condition_rows
from virkestoff.instruments.engine_amount import Amount
from virkestoff.instruments.guide import Answer, Entry
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.near_miss import Change
from virkestoff.language import Text

__all__ = ["guide_json", "plain_value"]


def plain_value(value: Value) -> Any:
    """A fact as JSON: a band is ``{from, to}``, one of several choices ``{one_of}``."""
    match value:
        case Band():
            return {"from": plain_value(value.low), "to": plain_value(value.high)}
        case OneOf():
            return {"one_of": sorted(value.choices)}
        case date():
            return value.isoformat()
    return value


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"nb": text.nb, "en": text.en}


def guide_json(answer: Answer) -> dict[str, Any]:
    """The whole answer."""
    profile = answer.profile
    return {
        "date": answer.on.isoformat(),
        "profile": {
            "name": profile.name,
            "organisation_number": profile.organisation_number,
            "facts": {k: plain_value(v) for k, v in profile.facts.items()},
            "not_known": sorted(profile.not_known),
            "origins": {k: _text(v) for k, v in profile.origins.items()},
            "notes": [_text(note) for note in profile.notes],
        },
        "counts": dict(answer.counts),
        "settled": answer.n_settled,
        "schemes": [_entry(entry) for entry in answer.entries],
        "questions": [
            {"fact": q.fact, "settles": q.settles, "schemes": list(q.schemes),
             "question": _text(q.term.question), "ask": _text(q.term.ask)}
            for q in answer.questions
        ],
        "deadlines": [
            {"scheme": d.scheme, "kind": d.kind, "day": d.day.isoformat()}
            for d in answer.deadlines
        ],
    }  # fmt: skip


def _entry(entry: Entry) -> dict[str, Any]:
    result, opening = entry.result, entry.result.opening
    scheme = result.scheme
    return {
        "id": entry.id,
        "name": _text(scheme.name),
        "provider": _text(scheme.provider),
        "kind": scheme.kind,
        "group": entry.group,
        "status": result.status,
        "rules": result.rules,
        "reason": _text(entry.reason),
        "open": opening.is_open,
        "closes": opening.closes.isoformat() if opening.closes else None,
        "opens_next": opening.opens_next.isoformat() if opening.opens_next else None,
        "last_checked": scheme.last_checked.isoformat(),
        "missing": list(entry.deciding),
        "unknown_terms": [
            {"what": _text(t.what), "ask": _text(t.ask), "question": _text(t.question)}
            for t in result.unknown_terms
        ],
        "judgements": [_text(leaf.text) for leaf in result.judgements],
        "near_misses": [
            {"changes": [_change(c) for c in miss.changes], "then": miss.then}
            for miss in entry.near
        ],
        "turns": None if entry.turn is None else {
            "day": entry.turn.day.isoformat(), "is_end": entry.turn.is_end,
            "facts": list(entry.turn.facts),
            "judged_from": entry.turn.judged_from.isoformat() if entry.turn.judged_from else None,
        },
        "conditions": _conditions(entry),
        "amount": _amount(result.amount),
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = {"fact": change.fact, "now": plain_value(change.before)}
    if change.choices:
        return {**found, "choices": list(change.choices)}
    return {**found, "from": plain_value(change.low), "to": plain_value(change.high)}


def _conditions(entry: Entry) -> list[dict[str, Any]]:
    found = []
    for row in condition_rows(entry.result):
        line: dict[str, Any] = {"depth": row.depth, "text": _text(row.text), "result": row.truth}
        leaf = row.leaf
        if leaf is not None:
            reference = leaf.reference
            line |= {
                "id": leaf.id, "part": leaf.part, "is_negated": row.is_negated,
                "cause": leaf.cause, "expression": leaf.dated.expression,
                "facts": {name: plain_value(value) for name, value in leaf.facts},
                "parameters": {p.name: _parameter(p.value) for p in leaf.dated.parameters},
                "reference": None if reference is None else {
                    "source": reference.source, "place": reference.place,
                    "article": reference.article, "how": reference.how,
                },
            }  # fmt: skip
        found.append(line)
    return found


def _parameter(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else plain_value(value)


def _amount(amount: Amount | None) -> dict[str, Any] | None:
    if amount is None:
        return None
    return {
        "value": amount.value, "low": amount.low, "high": amount.high, "unit": amount.unit,
        "exceptional": amount.exceptional,
        "per": amount.per, "of": amount.of, "missing": list(amount.missing),
        "unknown_terms": [
            {"what": _text(t.what), "ask": _text(t.ask), "question": _text(t.question)}
            for t in amount.unknown_terms
        ],
        "steps": [
            {"part": s.part, "name": _text(s.name), "expression": s.expression, "value": s.value,
             "low": s.low, "high": s.high, "unit": s.unit,
             "reads": {name: plain_value(value) for name, value in s.reads},
             "parameters": {p.name: _parameter(p.value) for p in s.parameters}}
            for s in amount.steps
        ],
    }  # fmt: skip
