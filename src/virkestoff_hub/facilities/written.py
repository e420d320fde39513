"""What a user wrote about facilities, as plain data."""

from __future__ import annotations

from typing import Any

__all__ = ["written_by"]


def written_by(user: Any) -> dict[str, Any]:
    """Versions of statements, and the lines of capacity that the user changed last."""
    from virkestoff_hub.facilities.models import CapacityLine, StatementVersion

    return {
        "statements": [
            {"provider": s.provider, "key": s.key, "version": s.version, "answer": s.answer,
             "capability": s.capability, "at": s.at.isoformat()}
            for s in StatementVersion.objects.filter(by=user).order_by("at", "id")
        ],
        "capacity": [
            {"provider": c.provider, "name": c.name, "version": c.version, "data": c.data,
             "changed": c.changed.isoformat()}
            for c in CapacityLine.objects.filter(changed_by=user).order_by("provider", "name")
        ],
    }  # fmt: skip
