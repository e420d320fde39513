"""The worker: does what waits, until it is stopped or its server is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
import uuid

__all__ = ["work"]

WATCH_SECONDS = 2.0
LOOK_SECONDS, REMIND_SECONDS, TIDY_SECONDS = 60.0, 30 * 60.0, 24 * 3600.0
"""Between two looks for runs that were left, letters that are due, and what is kept too long."""


def work(is_child: bool = False) -> None:
    """Do what waits in the queue.

    Parameters
    ----------
    is_child : a server started it, and it ends when the server is gone
    """
    from django_tasks_db.management.commands.db_worker import Worker

    from virkestoff_hub.requests.reminders import remind
    from virkestoff_hub.rounds import keep_doing
    from virkestoff_hub.runs.work import recover
    from virkestoff_hub.tidy import tidy

    if is_child:
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    recover(is_alone=is_child)
    keep_doing("recovery", recover, LOOK_SECONDS)
    keep_doing("reminders", remind, REMIND_SECONDS)
    keep_doing("tidiness", tidy, TIDY_SECONDS)
    worker = Worker(
        queue_names=["default"], interval=1.0, batch=False, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )  # fmt: skip
    worker.configure_signals()
    worker.run()


def _watch(parent: int) -> None:
    """End this process when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "virkestoff_hub.settings")
    import django

    django.setup()
    work(is_child=True)
