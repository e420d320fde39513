""""Still correct?": which lines should be confirmed again, and the link that does it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virkestoff_hub.accounts.guards import needs
from virkestoff_hub.accounts.models import User
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.facilities.fields import Fields, upper
from virkestoff_hub.facilities.holding import from_library, joined, line_id
from virkestoff_hub.facilities.keeping import LINK_DAYS, read_link, renew, upkeep_link
from virkestoff_hub.facilities.models import CapacityLine, ProviderLink
from virkestoff_hub.facilities.public import lang_now
from virkestoff_hub.facilities.shown import window_row

__all__ = ["due", "links", "still_correct"]


@require_GET
@needs("see_broker_lines")
def due(request: HttpRequest) -> HttpResponse:
    """Lines that nobody has confirmed lately, with a link to send to whom they belong to."""
    lang, register, on = lang_now(), joined(), timezone.localdate()
    by_provider: dict[str, list[Any]] = {}
    for line in CapacityLine.objects.all():
        if line.provider in register.providers:
            row = window_row(line_id(line), line.window, register, on, lang)
            if row["age"] != "fresh":
                by_provider.setdefault(line.provider, []).append((line, row))
    rows: list[dict[str, Any]] = []
    for provider, held in by_provider.items():
        token = upkeep_link(provider, {line.name: line.version for line, _ in held})
        address = reverse("facilities:still-correct", args=[token])
        people = User.objects.filter(provider_links__provider=provider, is_active=True)
        rows.append({
            "name": register.name(provider), "id": provider, "lines": [row for _, row in held],
            "link": request.build_absolute_uri(address),
            "people": [f"{u.username} {u.email}".strip() for u in people.order_by("username")],
        })  # fmt: skip
    given = {"rows": rows, "link_days": LINK_DAYS}
    return render(request, "hub/facilities/upkeep.html", given)


@require_http_methods(["GET", "POST"])
def still_correct(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link confirms lines that have not changed since it was made."""
    found = read_link(token)
    register = joined()
    if found is None or found[0] not in register.providers:
        raise Http404
    provider, versions = found
    lang, on = lang_now(), timezone.localdate()
    if request.method == "POST":
        ticked = set(request.POST.getlist("line"))
        done = renew(provider, {k: v for k, v in versions.items() if k in ticked}, on)
        if done:
            note("link", "lines_renewed", f"{provider}: {', '.join(done)}")
        return render(request, "hub/facilities/renewed.html",
                      {"done": done, "name": register.name(provider)})  # fmt: skip
    held = {c.name: c for c in CapacityLine.objects.filter(provider=provider, name__in=versions)}
    rows = [
        window_row(line_id(held[n]), held[n].window, register, on, lang)
        | {"is_same": held[n].version == version}
        for n, version in versions.items() if n in held
    ]  # fmt: skip
    given = {"rows": rows, "name": register.name(provider),
             "n_same": sum(r["is_same"] for r in rows)}  # fmt: skip
    return render(request, "hub/facilities/still_correct.html", given)


@require_http_methods(["GET", "POST"])
@needs("link_providers")
def links(request: HttpRequest) -> HttpResponse:
    """Who speaks for whom: add and remove."""
    lang, held = lang_now(), from_library()
    speakers = User.objects.filter(role="provider", is_active=True).order_by("username")
    fault = ""
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            return _removed(request)
        name = request.POST.get("user", "").replace("\0", "")[:150]
        user = speakers.filter(username=name).first()
        provider = request.POST.get("provider", "")
        if user is not None and provider in held.providers:
            _, is_new = ProviderLink.objects.get_or_create(
                user=user, provider=provider, defaults={"made_by": request.user}
            )
            if is_new:
                note(request.user, "provider_linked", f"{user.username}: {provider}")
            return redirect("facilities:links")
        fault = ("Velg en bruker og et anlegg." if lang == "nb"
                 else "Choose a user and a facility.")  # fmt: skip
    made = Fields({k: request.POST.get(k, "") for k in ("user", "provider")}, {}, lang)
    names = sorted(((k, held.name(k)) for k in held.providers), key=lambda p: p[1].casefold())
    fields = [
        made.choose("user", "Bruker med rollen «eier av utstyr eller anlegg»",
                  "User with the role ‘provider of facilities’",
                  [(u.username, u.username) for u in speakers]),
        made.choose("provider", "Anlegg", "Facility", names),
    ]  # fmt: skip
    rows = [
        {"pk": x.pk, "user": x.user.username, "provider": held.name(x.provider), "at": x.at,
         "by": x.made_by.username if x.made_by else "–",
         "is_idle": x.user.role != "provider" or not x.user.is_active}
        for x in ProviderLink.objects.select_related("user", "made_by").order_by("provider", "at")
    ]  # fmt: skip
    given = {"fields": fields, "rows": rows, "fault": upper(fault)}
    return render(request, "hub/facilities/links.html", given, status=422 if fault else 200)


def _removed(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("link", "")[:9]
    number = int(text) if text.isascii() and text.isdigit() else 0
    link = ProviderLink.objects.filter(pk=number)
    for one in link.select_related("user"):
        note(request.user, "provider_unlinked", f"{one.user.username}: {one.provider}")
    link.delete()
    return redirect("facilities:links")
