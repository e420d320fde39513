"""One's own requests, and what a requester or a broker does to one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virkestoff.facilities import OUTCOME_KINDS, OUTCOME_NAMES
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.permissions import may
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.requests import answers, outcomes
from virkestoff_hub.requests import forwarding as sending
from virkestoff_hub.requests.agreement import NDA_VERSION, agreement
from virkestoff_hub.requests.anonymity import names_somebody
from virkestoff_hub.requests.draft import plain_text
from virkestoff_hub.requests.fields import fields_of
from virkestoff_hub.requests.finding import (
    changed_meanwhile,
    found,
    own,
    reader_language,
    site_of,
)
from virkestoff_hub.requests.register import listed, log_offers, register, shortlist
from virkestoff_hub.requests.shown import shown_shortlist, summary_rows, title_of
from virkestoff_hub.requests.state_words import INQUIRY_WORDS, REQUEST_WORDS
from virkestoff_hub.requests.states import Refused, inquiry_after, request_after

__all__ = ["close", "delete", "forward", "reply", "request", "requests", "revoke", "row_of",
           "sign"]  # fmt: skip

A_PAGE = 25
MOST_TEXT = 2000


def row_of(held: Any) -> dict[str, Any]:
    """A request in a list."""
    lang, words = reader_language(), register().vocabulary
    does = [s.get("does", "") for s in held.wishes.get("steps", [])]
    names = [words.name(d).in_(lang) for d in does if d in words.terms]
    return {
        "held": held, "work": ", ".join(names), "state": REQUEST_WORDS[held.state].in_(lang),
        "outcome": OUTCOME_NAMES[held.outcome].in_(lang) if held.outcome else "",
    }  # fmt: skip


@require_GET
@needs("see_account")
def requests(request: HttpRequest) -> HttpResponse:
    """One's own requests, the newest first."""
    user: Any = request.user
    if not may(user, "make_request"):
        if may(user, "handle_requests"):
            return redirect("requests:every")
        if may(user, "read_unmet_need"):
            return redirect("requests:unmet")
        raise Http404
    page = Paginator(user.facility_requests.all(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "hub/requests/list.html",
                  {"page": page, "rows": [row_of(r) for r in page],
                   **_wanted(request.GET.get("provider", ""))})  # fmt: skip


def _wanted(provider: str) -> dict[str, str]:
    """Whom the reader came to ask, from the page of a provider."""
    held = register()
    return {"wanted": provider, "wanted_name": held.name(provider)} if (
        provider in held.providers) else {}  # fmt: skip


def _missing(held: Any, steps: list[dict[str, Any]], asked: set[str]) -> dict[str, str]:
    """Whom the requester came to ask and cannot choose, since something speaks against it."""
    provider = held.wishes.get("wanted", "")
    if provider in asked or any(c["is_wanted"] for s in steps for c in s["candidates"]):
        return {}
    return _wanted(provider)


@require_GET
@needs("see_account")
def request(request: HttpRequest, reference: str) -> HttpResponse:
    """A request as it stands: shortlist, answers, questions, agreement, looks, the end."""
    held, party = found(request, reference)
    if held.state == "draft":
        return redirect("requests:review", reference=reference)
    return _page(request, held, party)


def _page(request: HttpRequest, held: Any, party: str, fault: str = "", at: str = "",
          status: int = 200) -> HttpResponse:  # fmt: skip
    """The page of a request, with a fault at one of its forms."""
    lang, words = reader_language(), register()
    asked = sending.engine_request(held, lang)
    is_mine = party == "requester" or (held.broker_id == request.user.pk)
    inquiries = [_inquiry(i, party, is_mine) for i in held.inquiries.all()]
    may_forward = request_after(held.state, "forward", party) is not None
    steps = _choices(held, asked, inquiries) if asked and may_forward else []
    missing = _missing(held, steps, {i["inquiry"].provider for i in inquiries}) if steps else {}
    given = {
        **row_of(held), **missing, "party": party, "fault": fault, "at": at, "inquiries": inquiries,
        "title": title_of(asked, words, lang) if asked else held.reference,
        "rows": summary_rows(asked, words, lang) if asked else [],
        "confidential": _confidential(held, party, is_mine), "steps": steps,
        "typed": request.POST.get("text", ""),
        "may_write": request_after(held.state, "write", party) is not None,
        "may_delete": request_after(held.state, "delete", party) is not None,
        "may_take_over": request_after(held.state, "take_over", party) is not None,
        "may_close": request_after(held.state, "close", party) is not None,
        "agreement": agreement(lang), "version": NDA_VERSION,
        "outcomes": _outcomes(held), "n_steps": len(held.wishes.get("steps", [])),
        "works": [(i, words.vocabulary.name(s["does"]).in_(lang))
                  for i, s in enumerate(held.wishes.get("steps", []))
                  if s.get("does") in words.vocabulary.terms],
    }  # fmt: skip
    return render(request, "hub/requests/request.html", given, status=status)


def _confidential(held: Any, party: str, is_mine: bool) -> list[Any]:
    """All of it to the requester; to the broker who took over, whom to talk to."""
    fields = fields_of("confidential", held.confidential, register(), reader_language(), {})
    if party == "requester":
        return fields
    has_taken = held.state in ("taken_over", "closed") and is_mine
    return [f for f in fields if f.name != "details"] if has_taken else []


def _outcomes(held: Any) -> list[tuple[str, str, bool]]:
    lang, likely = reader_language(), outcomes.suggested(held)
    return [(k, OUTCOME_NAMES[k].in_(lang), k == likely) for k in OUTCOME_KINDS]


def _choices(held: Any, asked: Any, inquiries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The shortlist without those that were asked already."""
    match = shortlist(asked, timezone.localdate())
    log_offers(match)
    steps = shown_shortlist(match, register(), reader_language(), held.wishes.get("wanted", ""))
    known = {i["inquiry"].provider for i in inquiries}
    for step in steps:
        step["candidates"] = [c for c in step["candidates"] if c["provider"] not in known]
    return steps


def _inquiry(inquiry: Any, party: str, is_mine: bool) -> dict[str, Any]:
    lang = reader_language()

    def allows(action: str) -> bool:
        return inquiry_after(inquiry.state, action, party) is not None

    return {
        "inquiry": inquiry, "name": register().name(inquiry.provider),
        "state": INQUIRY_WORDS[inquiry.state].in_(lang),
        "reason": OUTCOME_NAMES[inquiry.reason].in_(lang) if inquiry.reason else "",
        "messages": list(inquiry.messages.all()),
        "acceptances": [a for a in inquiry.acceptances.all() if is_mine or a.party == "provider"],
        "looks": list(inquiry.looks.all()), "may_reply": allows("reply"),
        "may_sign": allows("sign"), "may_revoke": allows("revoke"),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("make_request")
def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete a request that nobody has been asked about, after asking."""
    held = own(request, reference)
    if request_after(held.state, "delete", "requester") is None:
        return changed_meanwhile(request, reference)
    if request.method == "POST":
        held.delete()
        note(request.user, "request_deleted", reference)
        return redirect("requests:list")
    return render(request, "hub/requests/delete.html", row_of(held))


@require_POST
@needs("see_account")
def forward(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the request to the providers that were ticked in the shortlist."""
    held, party = found(request, reference)
    asked = sending.engine_request(held)
    if asked is None or request_after(held.state, "forward", party) is None:
        return changed_meanwhile(request, reference)
    match = shortlist(asked, timezone.localdate())
    wanted = held.wishes.get("wanted", "")
    offered = {f"{s.step}:{c.provider}" for s in match.steps for c in listed(s, wanted)}
    ticked = request.POST.getlist("provider")
    chosen: dict[str, list[int]] = {}
    for key in ticked:
        if key in offered:
            step, _, provider = key.partition(":")
            chosen.setdefault(provider, []).append(int(step))
    if not chosen or not set(ticked) <= offered:
        fault = ("Velg minst én av tilbyderne i listen." if reader_language() == "nb"
                 else "Choose at least one of the providers in the list.")  # fmt: skip
        return _page(request, held, party, fault, "forward", status=422)
    try:
        made = sending.forward(held, chosen, party, site_of(request))
    except Refused:
        return changed_meanwhile(request, reference)
    for inquiry in made:
        note(request.user, "request_forwarded", f"{reference} {inquiry.provider}")
    return redirect("requests:request", reference=reference)


def _one(request: HttpRequest, reference: str, pk: int) -> tuple[Any, str, Any]:
    held, party = found(request, reference)
    inquiry = held.inquiries.select_related("request__owner").filter(pk=pk).first()
    if inquiry is None:
        raise Http404
    return held, party, inquiry


@require_POST
@needs("see_account")
def reply(request: HttpRequest, reference: str, inquiry: int) -> HttpResponse:
    """Reply to a provider's question, without saying who asks."""
    held, party, one = _one(request, reference, inquiry)
    is_norwegian = reader_language() == "nb"
    text = plain_text(request.POST.get("text", ""), MOST_TEXT)
    fault = ""
    if not text:
        fault = "Skriv et svar." if is_norwegian else "Write a reply."
    elif named := names_somebody(text, held.confidential, held.owner):
        words = "Svaret skal være anonymt. Ta bort" if is_norwegian else (
            "The reply is to be anonymous. Take away")  # fmt: skip
        fault = f"{words}: {named}"
    if fault:
        return _page(request, held, party, fault, f"reply-{one.pk}", status=422)
    try:
        answers.reply(one, request.user, party, text)
    except Refused:
        return changed_meanwhile(request, reference)
    return redirect("requests:request", reference=reference)


@require_POST
@needs("make_request")
def sign(request: HttpRequest, reference: str, inquiry: int) -> HttpResponse:
    """Accept the NDA towards one provider."""
    held, party, one = _one(request, reference, inquiry)
    name = plain_text(request.POST.get("name", ""), 150)
    if not name or request.POST.get("accept") != NDA_VERSION:
        fault = ("Skriv navnet ditt og kryss av for at du godtar." if reader_language() == "nb"
                 else "Write your name and tick that you accept.")  # fmt: skip
        return _page(request, held, party, fault, f"sign-{one.pk}", status=422)
    try:
        answers.sign_as_requester(one, request.user, name, reader_language())
    except Refused:
        return changed_meanwhile(request, reference)
    return redirect("requests:request", reference=reference)


@require_POST
@needs("make_request")
def revoke(request: HttpRequest, reference: str, inquiry: int) -> HttpResponse:
    """End a provider's access."""
    one = _one(request, reference, inquiry)[2]
    try:
        answers.revoke(one, request.user)
    except Refused:
        return changed_meanwhile(request, reference)
    return redirect("requests:request", reference=reference)


@require_POST
@needs("see_account")
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a request with how it ended."""
    held, party = found(request, reference)
    kind = request.POST.get("outcome", "")
    step = request.POST.get("step", "0")
    is_norwegian = reader_language() == "nb"
    fault = ""
    if kind not in OUTCOME_KINDS:
        fault = "Velg hvordan det endte." if is_norwegian else "Choose how it ended."
    elif kind == "agreed" and not held.inquiries.filter(state__in=outcomes.AGREEABLE).exists():
        fault = ("Ingen tilbyder har svart ja, så det kan ikke være en avtale." if is_norwegian
                 else "No provider has said yes, so there can be no agreement.")  # fmt: skip
    if fault:
        return _page(request, held, party, fault, "close", status=422)
    try:
        outcomes.close(held, request.user, party, kind, int(step) if step in tuple("012345") else 0)
    except Refused:
        return changed_meanwhile(request, reference)
    return redirect("requests:request", reference=reference)
