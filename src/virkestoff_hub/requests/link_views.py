"""What a provider's contact sees and does with the link in the e-mail, without signing in.

Opening the link changes nothing: programs that check links in e-mail open them too. Every answer is
a form that a person sends.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from virkestoff.facilities import OUTCOME_NAMES
from virkestoff_hub.requests import answers
from virkestoff_hub.requests.agreement import NDA_VERSION, agreement
from virkestoff_hub.requests.draft import plain_text
from virkestoff_hub.requests.fields import fields_of
from virkestoff_hub.requests.finding import reader_language
from virkestoff_hub.requests.forwarding import link_of, provider_title
from virkestoff_hub.requests.register import register
from virkestoff_hub.requests.state_words import PROVIDER_WORDS
from virkestoff_hub.requests.states import Refused, inquiry_after

__all__ = ["answer"]

MOST_TEXT = 2000
ACTIONS = {"yes": "answer_yes", "no": "answer_no", "ask": "ask", "sign": "sign", "look": "look"}
"""What the forms of the page do, by the value of their button."""


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The anonymous summary and the forms for an answer; later the agreement and what it opens."""
    link = link_of(token, timezone.now())
    if link is None:
        raise Http404
    if request.method == "GET":
        return _page(request, link)
    do = request.POST.get("do", "")
    fault = _fault(do, request.POST)
    if fault:
        return _page(request, link, do, fault, status=422)
    try:
        if do == "look":
            return _confidential(request, link, answers.look(link))
        _act(do, link, request.POST)
    except Refused:
        return _page(request, link, status=409)
    return redirect("requests:answer", token=token)


def _fault(do: str, post: Any) -> str:
    """What is wrong with what was sent, in words; empty if nothing is."""
    is_norwegian = reader_language() == "nb"
    if do == "no" and post.get("reason") not in answers.NO_REASONS:
        return "Velg en grunn." if is_norwegian else "Choose a reason."
    if do == "ask" and not plain_text(post.get("text", ""), MOST_TEXT):
        return "Skriv et spørsmål." if is_norwegian else "Write a question."
    if do == "sign" and (
        not plain_text(post.get("name", ""), MOST_TEXT) or post.get("accept") != NDA_VERSION
    ):
        return ("Skriv navnet ditt og kryss av for at du godtar." if is_norwegian
                else "Write your name and tick that you accept.")  # fmt: skip
    if do not in ACTIONS:
        return "Velg et svar." if is_norwegian else "Choose an answer."
    return ""


def _act(do: str, link: Any, post: Any) -> None:
    if do == "ask":
        answers.ask(link, plain_text(post.get("text", ""), MOST_TEXT))
    elif do == "sign":
        answers.sign_as_provider(link, plain_text(post.get("name", ""), 150), reader_language())
    else:
        answers.answer(link, do == "yes", post.get("reason", ""))


def _page(request: HttpRequest, link: Any, do: str = "", fault: str = "",
          status: int = 200) -> HttpResponse:  # fmt: skip
    lang, inquiry = reader_language(), link.inquiry
    inquiry.refresh_from_db()
    title, rows = provider_title(inquiry, lang)
    say = do or request.GET.get("say", "")
    may = {key: inquiry_after(inquiry.state, action, "provider") is not None
           for key, action in ACTIONS.items()}  # fmt: skip
    given = {
        "reference": inquiry.request.reference, "title": title, "rows": rows,
        "state": inquiry.state,
        "words": PROVIDER_WORDS[inquiry.state].in_(lang), "provider": register().name(
            inquiry.provider), "person": link.contact, "may": may, "say": say, "fault": fault,
        "reasons": [(k, OUTCOME_NAMES[k].in_(lang), request.POST.get("reason") == k)
                    for k in answers.NO_REASONS],
        "typed": request.POST.get("text", ""), "name": request.POST.get("name", link.contact.name),
        "agreement": agreement(lang), "version": NDA_VERSION, "expires": link.expires,
        "messages": list(inquiry.messages.all()), "is_open": inquiry.state == "open",
    }  # fmt: skip
    return render(request, "hub/requests/answer.html", given, status=status)


def _confidential(request: HttpRequest, link: Any, held: dict[str, str]) -> HttpResponse:
    lang, inquiry = reader_language(), link.inquiry
    title, rows = provider_title(inquiry, lang)
    given = {
        "reference": inquiry.request.reference, "title": title, "rows": rows,
        "fields": fields_of("confidential", held, register(), lang, {}),
    }
    return render(request, "hub/requests/opened.html", given)
