"""What has been kept long enough is deleted: kept answers and sessions whose time is up."""

from __future__ import annotations

import logging
import threading
import time

from django.core.management import call_command
from django.db import close_old_connections

__all__ = ["keep_tidy", "tidy"]

EVERY_SECONDS = 24 * 3600.0
_log = logging.getLogger(__name__)


def tidy() -> None:
    """Delete what has been kept too long."""
    from virkestoff_hub.guide.kept import delete_expired

    delete_expired()
    call_command("clearsessions", verbosity=0)


def keep_tidy() -> None:
    """Do it every day, in a thread of the worker."""

    def run() -> None:
        while True:
            try:
                tidy()
            except Exception:  # noqa: BLE001 - the thread must outlive a database that is away
                _log.exception("what was kept too long")
            close_old_connections()
            time.sleep(EVERY_SECONDS)

    threading.Thread(target=run, name="hub-tidy", daemon=True).start()
