"""A run from waiting to its end: asked for, carried out, cancelled, taken up after a fall.

A try of a run is its own: what a worker that was thought dead still has to say of an earlier try is
not heard, and its files are not kept.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from virkestoff.errors import VirkestoffError
from virkestoff_hub.runs.kinds import KINDS

__all__ = ["Cancelled", "carry_out", "recover", "start"]

MOST_TRIES = 2
"""Times that a run is begun: once more if its worker died."""
SILENT = timedelta(minutes=5)
"""After so long without a sign of life a running run counts as left by its worker."""
BEAT_SECONDS = 30.0
"""Between two signs of life of a run, however long its steps are."""
WAITS = (0.0, 1.0, 5.0, 20.0)
"""Seconds before each attempt to note how a run ended: a full disk may have room again."""
_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody cancelled the run."""


def start(kind: str, asked: dict[str, Any], owner: Any) -> Any:
    """Ask for a run; it waits for the worker."""
    from virkestoff_hub.runs.models import Run

    with transaction.atomic():
        run = Run.objects.create(kind=kind, parameters=asked, owner=owner)
        carry_out.enqueue(str(run.id))
    return run


@task()
def carry_out(run_id: str) -> None:
    """Do the work of a run: its files appear whole when it is done, or not at all."""
    from virkestoff_hub.runs.models import Run

    now = timezone.now()
    is_mine = Run.objects.filter(id=run_id, state="waiting").update(
        state="running", started=now, seen=now, n_tries=F("n_tries") + 1
    )
    if not is_mine:
        return
    run = Run.objects.get(id=run_id)
    draft: Path | None = None
    state, fault = "failed", ""
    try:
        root = Path(settings.RUNS_ROOT)
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
        with _beating(run):
            KINDS[run.kind].work(run.parameters, draft, _teller(run))
        state = "done" if _put(run, draft) else ""
    except Cancelled:
        state = "cancelled"
    except VirkestoffError as problem:
        fault = str(problem)
    except (DatabaseError, OSError):  # a full disk above all
        _log.exception("run %s", run_id)
        fault = "disk"
    except Exception:  # noqa: BLE001 - whatever it was, the run must not seem to go on
        _log.exception("run %s", run_id)
        fault = "our_fault"
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)  # gives its room back first
    if state:
        _end(run, state, fault)


def _mine(run: Any) -> Any:
    """The run, as long as this try is the one that goes on."""
    from virkestoff_hub.runs.models import Run

    return Run.objects.filter(id=run.id, state="running", n_tries=run.n_tries)


def _teller(run: Any) -> Callable[[int, int, str], None]:
    def tell(n_done: int, n_steps: int, step: str) -> None:
        if not _mine(run).filter(is_cancel_asked=False).exists():
            raise Cancelled  # cancelled, deleted with its owner, or begun anew elsewhere
        _mine(run).update(n_done=n_done, n_steps=n_steps, step=step[:200], seen=timezone.now())

    return tell


@contextmanager
def _beating(run: Any) -> Iterator[None]:
    """Give a sign of life every half minute, in a thread of its own, while the work goes on."""
    is_over = threading.Event()

    def beat() -> None:
        while not is_over.wait(BEAT_SECONDS):
            try:
                _mine(run).update(seen=timezone.now())
            except DatabaseError:
                _log.warning("run %s: no sign of life could be written", run.id)
        connection.close()

    thread = threading.Thread(target=beat, name="hub-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _put(run: Any, draft: Path) -> bool:
    """Put the files in their place, if the run is still this try's."""
    if not _mine(run).exists():
        return False
    run.delete_files()
    draft.replace(run.folder)
    if not _mine(run).exists():  # deleted with its owner this moment
        run.delete_files()
        return False
    return True


def _end(run: Any, state: str, fault: str = "") -> bool:
    """Note how a run ended; ``False`` if it is no longer there, or was begun anew."""
    for wait in WAITS:
        time.sleep(wait)
        try:
            return bool(_mine(run).update(state=state, fault=fault, finished=timezone.now()))
        except DatabaseError:
            _log.exception("run %s: its end could not be written", run.id)
    return False  # it falls silent and is taken up when there is room


def recover(is_alone: bool = False) -> int:
    """Take up runs whose worker died: once more, then they have failed; how many there were.

    Parameters
    ----------
    is_alone : no other worker is at work, so that every running run was left
    """
    from virkestoff_hub.runs.models import Run

    left = Run.objects.filter(state="running")
    if not is_alone:
        left = left.filter(seen__lt=timezone.now() - SILENT)
    n = 0
    for run in left:
        n += 1
        if run.n_tries < MOST_TRIES and not run.is_cancel_asked:
            with transaction.atomic():
                if _mine(run).update(state="waiting"):
                    carry_out.enqueue(str(run.id))
        else:
            state = "cancelled" if run.is_cancel_asked else "failed"
            _end(run, state, "" if run.is_cancel_asked else "worker_died")
    for draft in Path(settings.RUNS_ROOT).glob(".draft-*") if is_alone else ():
        shutil.rmtree(draft, ignore_errors=True)
    return n
