"""Writing a request: part by part, each saved as it is, with undo; then a look over all of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.requests.draft import checked, part_faults, written_part
from virkestoff_hub.requests.fields import MOST_STEPS, PARTS, fields_of, work_fields
from virkestoff_hub.requests.finding import changed_meanwhile, own, reader_language
from virkestoff_hub.requests.forwarding import move_request
from virkestoff_hub.requests.models import FacilityRequest
from virkestoff_hub.requests.register import log_offers, register, shortlist
from virkestoff_hub.requests.shown import summary_rows, title_of
from virkestoff_hub.requests.states import Refused, request_after

__all__ = ["new", "part", "review"]

MOST_OPEN = 20
"""Requests of one user that may be open at a time."""
MOST_KEPT = 20
"""Earlier versions of a draft that undo can go back to."""


@require_POST
@needs("make_request")
def new(request: HttpRequest) -> HttpResponse:
    """A new draft, unless there are too many open requests already."""
    user: Any = request.user
    if user.facility_requests.exclude(state="closed").count() >= MOST_OPEN:
        return redirect("requests:list")
    contact = {"contact_name": user.get_full_name(), "contact_email": user.email}
    wishes: dict[str, Any] = {"steps": [{}]}
    if (wanted := request.POST.get("provider", "")) in register().providers:
        wishes["wanted"] = wanted
    made = FacilityRequest.objects.create(owner=user, wishes=wishes, confidential=contact)
    return redirect("requests:part", reference=made.reference, part="work")


@require_http_methods(["GET", "POST"])
@needs("make_request")
def part(request: HttpRequest, reference: str, part: str) -> HttpResponse:
    """One part of the form: saved whatever stands in it; faults stand at their fields."""
    held = own(request, reference)
    if part not in PARTS:
        raise Http404
    if request_after(held.state, "write", "requester") is None:
        return changed_meanwhile(request, reference)
    if request.method == "GET":
        return _page(request, held, part, {})
    if request.POST.get("do") == "undo":
        _undo(held)
        return redirect("requests:part", reference=reference, part=part)
    is_saved = _save(held, part, request.POST)
    if not is_saved:
        return _page(request, held, part, {}, status=409)
    faults = part_faults(part, checked(held, register(), reader_language(), _year(held)).faults)
    if faults and request.POST.get("do") == "next":
        return _page(request, held, part, faults, status=422)
    return redirect(*_next(request.POST.get("do", ""), held, part))


def _year(held: Any) -> int:
    return int(held.created.year)


def _next(do: str, held: Any, part: str) -> tuple[str, ...]:
    from django.urls import reverse

    order = list(PARTS)
    place = order.index(part) + (do == "next") - (do == "back" and part != order[0])
    if do == "save":
        return (reverse("requests:list"),)
    if place >= len(order):
        return (reverse("requests:review", args=[held.reference]),)
    return (reverse("requests:part", args=[held.reference, order[place]]),)


@transaction.atomic
def _save(held: Any, part: str, post: Any) -> bool:
    """Take a part over; ``False`` if the draft was changed elsewhere meanwhile.

    What was written stands in ``held`` in any case, so that the page shows it.
    """
    before = {"wishes": held.wishes, "confidential": held.confidential}
    name = "confidential" if part == "confidential" else "wishes"
    after = written_part(part, post, before[name])
    if part == "work":
        drop = post.get("drop", "")
        if len(after["steps"]) > 1:
            after["steps"] = [s for i, s in enumerate(after["steps"]) if str(i) != drop]
        if post.get("do") == "add" and len(after["steps"]) < MOST_STEPS:
            after["steps"] = [*after["steps"], {}]
    setattr(held, name, after)
    version = post.get("version", "")
    mine = FacilityRequest.objects.filter(
        pk=held.pk, version=int(version) if version.isdecimal() and len(version) < 9 else -1
    )
    if after == before[name] and mine.exists():
        return True
    history = [*held.history, before][-MOST_KEPT:]
    state = request_after(held.state, "write", "requester")
    changed = {name: after, "history": history, "version": held.version + 1, "state": state,
               "changed": timezone.now()}  # fmt: skip
    if not mine.filter(state=held.state).update(**changed):
        return False
    held.history, held.version, held.state = history, held.version + 1, state
    return True


@transaction.atomic
def _undo(held: Any) -> None:
    if not held.history or request_after(held.state, "undo", "requester") is None:
        return
    *rest, last = held.history
    FacilityRequest.objects.filter(pk=held.pk, version=held.version, state=held.state).update(
        wishes=last["wishes"], confidential=last["confidential"], history=rest,
        version=held.version + 1, changed=timezone.now(),
    )  # fmt: skip


def _page(request: HttpRequest, held: Any, part: str, faults: dict[str, str],
          status: int = 200) -> HttpResponse:  # fmt: skip
    lang, words = reader_language(), register()
    steps, fields = [], []
    if part == "work":
        steps = work_fields(held.wishes.get("steps") or [{}], words, lang, faults)
    else:
        of = held.confidential if part == "confidential" else held.wishes
        fields = fields_of(part, of, words, lang, faults)
    every = [f for group in steps for f in group] + fields
    order = list(PARTS)
    given = {
        "held": held, "part": part, "title": PARTS[part].in_(lang), "steps": steps,
        "fields": fields, "n": order.index(part) + 1, "n_parts": len(order),
        "parts": [(key, words_.in_(lang), key == part) for key, words_ in PARTS.items()],
        "is_first": part == order[0], "may_add": len(steps) < MOST_STEPS,
        "faults": [(f.anchor, f"{f.label}: {f.fault}") for f in every if f.fault],
        "is_stale": status == 409,
    }  # fmt: skip
    return render(request, "hub/requests/part.html", given, status=status)


@require_http_methods(["GET", "POST"])
@needs("make_request")
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """What providers will see first and what they see later; then: find providers."""
    held = own(request, reference)
    if request_after(held.state, "submit", "requester") is None:
        return redirect("requests:request", reference=reference)
    lang, words = reader_language(), register()
    found = checked(held, words, lang, _year(held))
    if request.method == "POST" and found.request is not None:
        return _submit(request, held, found.request)
    faults = [(part, PARTS[part].in_(lang), list(dict.fromkeys(texts.values())))
              for part in PARTS if (texts := part_faults(part, found.faults))]  # fmt: skip
    given = {
        "held": held, "faults": faults, "confidential": fields_of(
            "confidential", held.confidential, words, lang, {}),
        "rows": summary_rows(found.request, words, lang) if found.request else [],
        "title": title_of(found.request, words, lang) if found.request else "",
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "hub/requests/review.html", given, status=status)


def _submit(request: HttpRequest, held: Any, asked: Any) -> HttpResponse:
    try:
        with transaction.atomic():
            move_request(held, "submit", "requester")
            log_offers(shortlist(asked, timezone.localdate()))
            note(request.user, "request_submitted", held.reference)
    except Refused:
        return changed_meanwhile(request, held.reference)
    return redirect("requests:request", reference=held.reference)
