"""Runs of one's own: started, followed, cancelled, their files downloaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from virkestoff.language import Text
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.permissions import may, may_cancel_run, may_see_run
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.engine import language
from virkestoff_hub.runs.kinds import KINDS
from virkestoff_hub.runs.models import Run
from virkestoff_hub.runs.work import start

__all__ = ["cancel", "file", "run", "runs", "start_coverage_report"]

A_PAGE = 25
MOST_OPEN = 3
"""Runs of one person that may wait or run at a time."""
STATES: dict[str, Text] = {
    "waiting": Text(nb="venter", en="waiting"),
    "running": Text(nb="pågår", en="running"),
    "done": Text(nb="ferdig", en="done"),
    "failed": Text(nb="mislyktes", en="failed"),
    "cancelled": Text(nb="stoppet", en="cancelled"),
}
STEPS: dict[str, Text] = {
    "counting": Text(nb="Teller ordninger", en="Counting schemes"),
    "writing": Text(nb="Skriver rapporten", en="Writing the report"),
    "computing": Text(nb="Regner alternativene", en="Computing the alternatives"),
    "writing_study": Text(nb="Skriver rapportene", en="Writing the reports"),
    "drawing_pages": Text(nb="Tegner sidene", en="Drawing the pages"),
    "written": Text(nb="Ferdig skrevet", en="Written"),
}
FAULTS: dict[str, Text] = {
    "worker_died": Text(
        nb="Prosessen som regnet, falt to ganger. Prøv igjen, eller si fra til den som driver "
        "nettstedet.",
        en="The process that computed fell twice. Try again, or tell those who run the site.",
    ),
    "disk": Text(
        nb="Databasen eller disken svarte ikke eller er full. Ingenting halvt er lagret. Prøv "
        "igjen senere, eller si fra til den som driver nettstedet.",
        en="The database or the disk did not answer or is full. Nothing half is kept. Try again "
        "later, or tell those who run the site.",
    ),
    "our_fault": Text(
        nb="Noe gikk galt hos oss. Feilen er skrevet i loggen. Ingenting halvt er lagret.",
        en="Something went wrong on our side. The fault is written to the log. Nothing half is "
        "kept.",
    ),
}


def _shown(run: Any) -> dict[str, Any]:
    """A run in words."""
    lang = language(get_language())
    return {
        "run": run, "title": KINDS[run.kind].title.in_(lang) if run.kind in KINDS else run.kind,
        "state": STATES[run.state].in_(lang),
        "step": STEPS[run.step].in_(lang) if run.step in STEPS else run.step,
        "fault": FAULTS[run.fault].in_(lang) if run.fault in FAULTS else run.fault,
    }  # fmt: skip


@require_GET
@needs("see_account")
def runs(request: HttpRequest) -> HttpResponse:
    """One's own runs, or all of them, the newest first."""
    user: Any = request.user
    held = Run.objects.all() if may(user, "see_all_runs") else Run.objects.filter(owner=user)
    page = Paginator(held.select_related("owner"), A_PAGE).get_page(request.GET.get("page"))
    given = {"page": page, "rows": [_shown(r) for r in page],
             "sees_all": may(user, "see_all_runs")}  # fmt: skip
    return render(request, "hub/runs/list.html", given)


@require_POST
@needs("start_report")
def start_coverage_report(request: HttpRequest) -> HttpResponse:
    """Start the report on coverage, unless too much is going on already."""
    user: Any = request.user
    n_open = Run.objects.filter(owner=user, state__in=("waiting", "running")).count()
    if n_open >= MOST_OPEN:
        return redirect("runs:list")
    made = start("coverage_report", {"on": timezone.localdate().isoformat()}, user)
    note(user, "run_started", f"{made.kind} {made.id}")
    return redirect("runs:run", run=made.id)


def _of(request: HttpRequest, run: UUID) -> Any:
    """A run that the reader may see; to others there is none."""
    held = Run.objects.filter(id=run).first()
    if held is None or not may_see_run(request.user, held):
        raise Http404
    return held


@require_GET
def run(request: HttpRequest, run: UUID) -> HttpResponse:
    """How far a run has come; its files when it is done."""
    held = _of(request, run)
    given = {**_shown(held), "may_cancel": may_cancel_run(request.user, held)}
    is_part = bool(getattr(request, "htmx", False))
    name = "hub/runs/state.html" if is_part else "hub/runs/run.html"
    return render(request, name, given)


@require_POST
def cancel(request: HttpRequest, run: UUID) -> HttpResponse:
    """Ask a run to stop: at once if it waits, else at its next step."""
    held = _of(request, run)
    if not may_cancel_run(request.user, held):
        raise Http404
    Run.objects.filter(id=held.id).update(is_cancel_asked=True)
    Run.objects.filter(id=held.id, state="waiting").update(
        state="cancelled", finished=timezone.now()
    )
    note(request.user, "run_cancelled", f"{held.kind} {held.id}")
    return redirect("runs:run", run=run)


@require_GET
def file(request: HttpRequest, run: UUID, name: str) -> HttpResponse:
    """A file of a run that is done."""
    held = _of(request, run)
    if name not in held.files:
        raise Http404
    return FileResponse((held.folder / name).open("rb"), as_attachment=True, filename=name)
