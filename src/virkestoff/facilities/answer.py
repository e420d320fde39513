"""An answer as plain data, for JSON and for pages: nothing in it that the viewer may not see."""

from __future__ import annotations

from typing import Any

from virkestoff.facilities.chains import Match
from virkestoff.facilities.matching import Candidate, StepMatch
from virkestoff.facilities.provider import Capability, Provider
from virkestoff.facilities.reason import Reason
from virkestoff.facilities.register import Register
from virkestoff.language import Text

__all__ = ["answer_data", "provider_data", "reason_data"]


def _text(text: Text) -> dict[str, str]:
    return {"nb": text.nb, "en": text.en}


def reason_data(reason: Reason) -> dict[str, Any]:
    """One reason."""
    return {
        "constraint": reason.constraint, "verdict": reason.verdict, "text": _text(reason.text),
        "source": reason.source, "place": reason.place,
    }  # fmt: skip


def _candidate_data(candidate: Candidate, register: Register) -> dict[str, Any]:
    return {
        "provider": candidate.provider,
        "name": register.name(candidate.provider),
        "is_confirmed": register.providers[candidate.provider].is_confirmed,
        "status": candidate.status,
        "window": candidate.window,
        "reasons": [reason_data(r) for r in candidate.reasons],
        "near_misses": [
            {"then": near.then, "text": _text(near.text),
             "changes": [{"field": c.field, "text": _text(c.text)} for c in near.changes]}
            for near in candidate.near_misses
        ],
    }  # fmt: skip


def _step_data(step: StepMatch, register: Register) -> dict[str, Any]:
    return {
        "does": step.need.does,
        "candidates": [_candidate_data(c, register) for c in step.candidates],
        "not_stated": list(step.not_stated),
    }


def answer_data(found: Match, register: Register) -> dict[str, Any]:
    """The answer; the requester is not in it."""
    return {
        "request": found.request.request,
        "date": found.on.isoformat(),
        "is_synthetic": found.is_synthetic,
        "status": found.status,
        "suggested_outcome": found.suggested_outcome(),
        "steps": [_step_data(step, register) for step in found.steps],
        "chains": [
            {"providers": list(c.providers), "status": c.status, "n_transfers": c.n_transfers}
            for c in found.chains
        ],
        "notices": [
            {"text": _text(gap.text), "source": gap.source, "place": gap.place}
            for gap in found.notices
        ],
    }


def _capability_data(capability: Capability, register: Register) -> dict[str, Any]:
    stated = capability.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"name": _text(register.vocabulary.name(capability.does)), **stated}


def provider_data(key: str, provider: Provider, register: Register) -> dict[str, Any]:
    """What is stated of one provider, with sources."""
    return {
        "id": key,
        "name": register.name(key),
        "kind": provider.kind,
        "country": provider.country,
        "is_confirmed": provider.is_confirmed,
        "access": provider.access.model_dump() if provider.access else None,
        "capabilities": [_capability_data(c, register) for c in provider.capabilities],
        "lacks": [lack.model_dump() for lack in provider.lacks],
    }
