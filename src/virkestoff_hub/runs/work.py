"""A run from waiting to its end: asked for, carried out, cancelled, taken up after a fall."""

from __future__ import annotations

import logging
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from virkestoff.errors import VirkestoffError
from virkestoff_hub.runs.kinds import KINDS

__all__ = ["Cancelled", "carry_out", "recover", "start"]

MOST_TRIES = 2
"""Times that a run is begun: once more if its worker died."""
SILENT = timedelta(minutes=5)
"""After so long without a word a running run counts as left by its worker."""
_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody cancelled the run."""


def start(kind: str, asked: dict[str, Any], owner: Any) -> Any:
    """Ask for a run; it waits for the worker."""
    from virkestoff_hub.runs.models import Run

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
    root = Path(settings.RUNS_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
    try:
        KINDS[run.kind].work(run.parameters, draft, lambda *said: _tell(run_id, *said))
        run.delete_files()
        draft.replace(run.folder)
        if not _end(run_id, "done"):  # deleted with its owner while it went on
            run.delete_files()
    except Cancelled:
        _end(run_id, "cancelled")
    except VirkestoffError as problem:
        _end(run_id, "failed", str(problem))
    except OSError as problem:  # a full disk above all
        _log.exception("run %s", run_id)
        _end(run_id, "failed", problem.strerror or "OSError")
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _tell(run_id: str, n_done: int, n_steps: int, step: str) -> None:
    from virkestoff_hub.runs.models import Run

    if not Run.objects.filter(id=run_id, is_cancel_asked=False).exists():
        raise Cancelled  # cancelled, or deleted with its owner
    Run.objects.filter(id=run_id).update(
        n_done=n_done, n_steps=n_steps, step=step[:200], seen=timezone.now()
    )


def _end(run_id: str, state: str, fault: str = "") -> bool:
    """Note how a run ended; ``False`` if it is no longer there."""
    from virkestoff_hub.runs.models import Run

    held = Run.objects.filter(id=run_id)
    return bool(held.update(state=state, fault=fault, finished=timezone.now()))


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
            Run.objects.filter(id=run.id, state="running").update(state="waiting")
            carry_out.enqueue(str(run.id))
        else:
            state = "cancelled" if run.is_cancel_asked else "failed"
            _end(str(run.id), state, "" if run.is_cancel_asked else "worker_died")
    for draft in Path(settings.RUNS_ROOT).glob(".draft-*") if is_alone else ():
        shutil.rmtree(draft, ignore_errors=True)
    return n
