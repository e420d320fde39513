"""For staff: all requests, contacts of providers, and what was asked for and not met."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virkestoff.errors import InputError
from virkestoff.facilities import OUTCOME_NAMES
from virkestoff.facilities.outcome import OutcomeKind
from virkestoff.facilities.unmet import BY, By
from virkestoff.language import LANGUAGES, Text
from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.requests.finding import changed_meanwhile, found, reader_language
from virkestoff_hub.requests.forwarding import move_request, send_unsent
from virkestoff_hub.requests.models import FacilityRequest, Inquiry, ProviderContact
from virkestoff_hub.requests.outcomes import unmet, unmet_file, years
from virkestoff_hub.requests.register import provider_names, register
from virkestoff_hub.requests.state_words import REQUEST_WORDS
from virkestoff_hub.requests.states import REQUEST_STATES, Refused
from virkestoff_hub.requests.views import row_of

__all__ = ["contacts", "every", "remove_contact", "take_over", "unmet_download", "unmet_need"]

A_PAGE = 25
_LABELS: dict[str, Text] = {
    "provider": Text(nb="Tilbyder", en="Provider"), "name": Text(nb="Navn", en="Name"),
    "email": Text(nb="E-post", en="E-mail"), "language": Text(nb="Språk", en="Language"),
}  # fmt: skip
_BY_WORDS: dict[str, Text] = {
    "outcome": Text(nb="Utfall", en="Outcome"), "product": Text(nb="Produkt", en="Product"),
    "does": Text(nb="Arbeid", en="Work"),
}  # fmt: skip
_CODES: dict[str, Text] = {
    "all": Text(nb="Alle", en="All"), "unmet": Text(nb="Ikke dekket", en="Not met"),
    "unknown": Text(nb="Ukjent", en="Unknown"),
}  # fmt: skip


@require_GET
@needs("handle_requests")
def every(request: HttpRequest) -> HttpResponse:
    """All requests but drafts: those that wait for a broker first, then the newest."""
    lang = reader_language()
    state = request.GET.get("state", "")
    held = FacilityRequest.objects.exclude(state="draft").select_related("broker")
    if state in REQUEST_STATES:
        held = held.filter(state=state)
    page = Paginator(held, A_PAGE).get_page(request.GET.get("page"))
    waiting = FacilityRequest.objects.filter(state="escalated").order_by("escalated")
    lacking = Inquiry.objects.filter(state="unsent").values_list("provider", flat=True).distinct()
    given = {
        "page": page, "rows": [row_of(r) for r in page],
        "waiting": [row_of(r) for r in waiting],
        "lacking": sorted(register().name(p) for p in lacking.order_by("provider")),
        "options": [(s, REQUEST_WORDS[s].in_(lang), s == state)
                    for s in REQUEST_STATES if s != "draft"],
    }  # fmt: skip
    return render(request, "hub/requests/every.html", given)


@require_POST
@needs("handle_requests")
def take_over(request: HttpRequest, reference: str) -> HttpResponse:
    """A broker takes a request over."""
    held, party = found(request, reference)
    try:
        move_request(held, "take_over", party, broker=request.user)
    except Refused:
        return changed_meanwhile(request, reference)
    note(request.user, "request_taken_over", reference)
    return redirect("requests:request", reference=reference)


class ContactForm(forms.ModelForm):
    """Who gets e-mail for a provider."""

    provider = forms.ChoiceField(choices=provider_names)

    class Meta:
        model = ProviderContact
        fields = ("provider", "name", "email", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = reader_language()
        for name, field in self.fields.items():
            field.label = _LABELS[name].in_(lang)
        names = {"nb": "Norsk", "en": "English"}
        self.fields["language"].choices = [(code, names[code]) for code in LANGUAGES]


@require_http_methods(["GET", "POST"])
@needs("handle_requests")
def contacts(request: HttpRequest) -> HttpResponse:
    """Contacts of providers; what waited for a new one is sent to it at once."""
    form: Any = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        made.added_by = request.user
        made.save()
        note(request.user, "contact_added", f"{made.provider} {made.email}")
        send_unsent(made.provider)
        return redirect("requests:contacts")
    rows = [(c, register().name(c.provider)) for c in ProviderContact.objects.all()]
    status = 422 if request.method == "POST" else 200
    return render(request, "hub/requests/contacts.html", {"form": form, "rows": rows},
                  status=status)  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("handle_requests")
def remove_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a contact, after asking; its links stop working."""
    held = get_object_or_404(ProviderContact, pk=pk)
    if request.method == "POST":
        note(request.user, "contact_removed", f"{held.provider} {held.email}")
        held.delete()
        return redirect("requests:contacts")
    given = {"held": held, "name": register().name(held.provider)}
    return render(request, "hub/requests/remove_contact.html", given)


def _parts(request: HttpRequest) -> list[By]:
    return [b for b in BY if b in request.GET.getlist("by")] or ["outcome"]


def _code(code: str, by: By) -> str:
    lang, words = reader_language(), register().vocabulary
    if code in _CODES:
        return _CODES[code].in_(lang)
    if by == "outcome":
        kind: OutcomeKind = code  # type: ignore[assignment]
        return OUTCOME_NAMES[kind].in_(lang)
    return words.name(code).in_(lang) if code in words.terms else code


@require_GET
@needs("read_unmet_need")
def unmet_need(request: HttpRequest) -> HttpResponse:
    """How requests ended in a year, with what would give a requester away hidden."""
    lang, known = reader_language(), years()
    asked = request.GET.get("year", "")
    year = next((y for y in known if str(y) == asked), known[0] if known else None)
    by = _parts(request)
    rows, n_hidden, is_fault = [], 0, False
    if year is not None:
        try:
            table = unmet(year, by).table
            rows = [([(_BY_WORDS[b].in_(lang), _code(c, b))
                      for c, b in zip(cell.key, by, strict=True)],
                     None if cell.value is None else round(cell.value))
                    for cell in table.cells]  # fmt: skip
            n_hidden = table.n_suppressed
        except InputError:
            is_fault = True
    given = {
        "years": [(y, y == year) for y in known], "year": year, "rows": rows,
        "by": [(b, _BY_WORDS[b].in_(lang), b in by) for b in BY],
        "columns": [_BY_WORDS[b].in_(lang) for b in by], "n_hidden": n_hidden,
        "is_fault": is_fault, "query": "&".join(f"by={b}" for b in by),
        "is_over": year is not None and year < timezone.localdate().year,
    }  # fmt: skip
    return render(request, "hub/requests/unmet.html", given)


@require_GET
@needs("read_unmet_need")
def unmet_download(request: HttpRequest, year: int) -> HttpResponse:
    """The figures of a year that is over, as a file to be reviewed before it enters the library."""
    if year not in years() or year >= timezone.localdate().year:
        raise Http404
    try:
        text = unmet_file(unmet(year, _parts(request)))
    except InputError:
        raise Http404 from None
    note(request.user, "unmet_exported", f"{year} {' '.join(_parts(request))}")
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = f"facilities-requests-{year}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
