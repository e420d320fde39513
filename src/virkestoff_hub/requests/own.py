"""Everything that is stored of a user's requests, as plain data."""

from __future__ import annotations

from typing import Any

__all__ = ["contacts_added_by", "requests_of"]


def _inquiry(inquiry: Any) -> dict[str, Any]:
    return {
        "provider": inquiry.provider, "state": inquiry.state, "reason": inquiry.reason,
        "created": inquiry.created.isoformat(),
        "answered": inquiry.answered.isoformat() if inquiry.answered else None,
        "messages": [{"party": m.party, "text": m.text, "at": m.at.isoformat()}
                     for m in inquiry.messages.all()],
        "acceptances": [{"party": a.party, "version": a.version, "name": a.name,
                         "at": a.at.isoformat()} for a in inquiry.acceptances.all()],
        "looks": [{"who": k.who, "at": k.at.isoformat()} for k in inquiry.looks.all()],
    }  # fmt: skip


def requests_of(user: Any) -> list[dict[str, Any]]:
    """The requests of a user with all that belongs to them, in order of time."""
    return [
        {
            "reference": held.reference, "state": held.state, "outcome": held.outcome,
            "created": held.created.isoformat(), "wishes": held.wishes,
            "confidential": held.confidential, "history": held.history,
            "inquiries": [_inquiry(i) for i in held.inquiries.all()],
        }
        for held in user.facility_requests.order_by("created", "id")
    ]  # fmt: skip


def contacts_added_by(user: Any) -> list[dict[str, Any]]:
    """The contacts of providers that a user added."""
    from virkestoff_hub.requests.models import ProviderContact

    return [
        {"provider": c.provider, "name": c.name, "email": c.email, "language": c.language}
        for c in ProviderContact.objects.filter(added_by=user).order_by("provider", "id")
    ]
