"""Work that is done again and again beside the runs, each in a thread of the worker."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections

__all__ = ["keep_doing"]

_log = logging.getLogger(__name__)


def keep_doing(name: str, work: Callable[[], object], seconds: float) -> None:
    """Do something now and after every so many seconds, whatever it meets."""

    def run() -> None:
        while True:
            try:
                work()
            except Exception:  # noqa: BLE001 - the thread must outlive a database that is away
                _log.exception("%s", name)
            close_old_connections()
            time.sleep(seconds)

    threading.Thread(target=run, name=f"hub-{name}", daemon=True).start()
