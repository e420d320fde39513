"""What has been kept long enough is deleted: kept answers and sessions whose time is up."""

from __future__ import annotations

from django.core.management import call_command

__all__ = ["tidy"]


def tidy() -> None:
    """Delete what has been kept too long."""
    from virkestoff_hub.guide.kept import delete_expired

    delete_expired()
    call_command("clearsessions", verbosity=0)
