"""Lines of capacity entered by their provider: a form for one, a workbook for many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virkestoff.facilities import Register, Window
from virkestoff.language import LANGUAGES, Lang, Text
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.downloads import table_file
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.fields import (
    Field,
    Fields,
    term_choices,
    unit_choices,
    upper,
    words_of,
)
from virkestoff_hub.facilities.holding import from_library, joined
from virkestoff_hub.facilities.keeping import (
    ChangedMeanwhile,
    delete_line,
    save_line,
    save_lines,
    versions_of,
)
from virkestoff_hub.facilities.line_entry import (
    COLUMN_WORDS,
    HEAD,
    NAME,
    PERIOD,
    LineRead,
    head_of,
    periods_of,
    read_line,
)
from virkestoff_hub.facilities.models import CapacityLine
from virkestoff_hub.facilities.own import CHANGED, for_speaker, seen_version, shown_provider
from virkestoff_hub.facilities.public import lang_now
from virkestoff_hub.facilities.workbook import LARGEST_FILE, RowFault, read_sheet, write_sheet

__all__ = ["add_line", "change_line", "remove_line", "sheet", "upload"]

MOST_FORM_PERIODS = 18
"""Periods that the form has room for; a line with more is changed in the workbook."""
_EMPTY_PERIODS = 2
_LISTS = ("excludes", "phases", "certificate_scope")


def _written(request: HttpRequest) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What was sent: what the line says once, and each of its periods."""
    raw: dict[str, Any] = {name: request.POST.get(name, "") for name in (*HEAD, "name")}
    raw |= {name: request.POST.getlist(name)[:60] for name in _LISTS}
    periods = [{name: request.POST.get(f"{name}_{n}", "") for name in PERIOD}
               for n in range(1, MOST_FORM_PERIODS + 1)]  # fmt: skip
    while periods and not any(v.strip() for v in periods[-1].values()):
        periods.pop()
    return raw, periods


def label_of(column: str, lang: Lang) -> str:
    """The label of a field: what its column means, without how a sheet writes it."""
    return upper(re.split("[:;]", COLUMN_WORDS[column].in_(lang))[0])


def _fields(
    raw: Mapping[str, Any], faults: Mapping[str, Text], provider: str, register: Register,
    lang: Lang,
) -> tuple[Fields, list[Field]]:  # fmt: skip
    made, held = Fields(raw, faults, lang), register.vocabulary
    stated = dict.fromkeys(c.does for c in register.providers[provider].capabilities)
    choices: dict[str, list[tuple[str, str]]] = {
        "does": [(d, upper(held.terms[d].name.in_(lang))) for d in stated],
        "unit": unit_choices(), "batch_unit": unit_choices(), "price_per": unit_choices(),
        "confidence": words_of(words.CONFIDENCES, lang),
        "visibility": words_of(words.VIEWERS, lang), "price_basis": words_of(words.BASES, lang),
        "price_visibility": words_of(words.VIEWERS, lang),
    }  # fmt: skip
    boxes = {
        "excludes": term_choices(held, "product", lang), "phases": words_of(words.PHASES, lang),
        "certificate_scope": term_choices(held, "gmp", lang),
    }
    fields = []
    for name in HEAD:
        nb, en = (label_of(name, x) for x in LANGUAGES)
        if name in choices:
            fields.append(made.choose(name, nb, en, choices[name]))
        elif name in boxes:
            fields.append(made.boxes(name, nb, en, boxes[name]))
        elif name == "outside_normal_operation":
            fields.append(made.tick(name, nb, en))
        else:
            fields.append(made.line(name, nb, en))
    return made, fields


def _period_rows(
    periods: Sequence[Mapping[str, str]], read: LineRead | None, lang: Lang
) -> tuple[list[list[Field]], list[Field]]:
    """The periods as rows of fields with room for more, and those with a fault."""
    rows: list[list[Field]] = []
    faulty: list[Field] = []
    n_rows = min(MOST_FORM_PERIODS, max(len(periods) + _EMPTY_PERIODS, 3))
    for index in range(n_rows):
        own = periods[index] if index < len(periods) else {}
        faults = read.period_faults.get(index, {}) if read else {}
        row = Fields({f"{k}_{index + 1}": v for k, v in own.items()},
                     {f"{k}_{index + 1}": t for k, t in faults.items()}, lang)  # fmt: skip
        for name in PERIOD:
            nb, en = (label_of(name, x) for x in LANGUAGES)
            row.line(f"{name}_{index + 1}", nb, en)
        rows.append(row.made)
        faulty += row.faulty
    return rows, faulty


def _form(
    request: HttpRequest, provider: str, raw: Mapping[str, Any],
    periods: Sequence[Mapping[str, str]], read: LineRead | None, version: int,
    name: str = "", now: CapacityLine | None = None,
) -> HttpResponse:  # fmt: skip
    """The form of a line; with ``now``, also what somebody else has made of it meanwhile."""
    lang, register = lang_now(), joined()
    made, fields = _fields(raw, read.faults if read else {}, provider, register, lang)
    fault = read.faults["name"].in_(lang) if read and "name" in read.faults else ""
    rows, faulty = _period_rows(periods, read, lang)
    at_periods = read.faults["periods"].in_(lang) if read and "periods" in read.faults else ""
    given = {
        "id": provider, "provider_name": register.name(provider), "name": name, "fields": fields,
        "rows": rows, "faulty": [*made.faulty, *faulty], "version": version,
        "name_raw": raw.get("name", ""), "name_fault": fault, "periods_fault": at_periods,
        "changed": CHANGED.in_(lang) if now else "", "is_full": len(periods) >= MOST_FORM_PERIODS,
        "theirs": _differences(read.window, now.window, lang)
        if now and read and read.window else [],
    }  # fmt: skip
    is_faulty = bool(given["faulty"] or fault or at_periods)
    return render(request, "hub/facilities/line.html", given,
                  status=409 if now else 422 if is_faulty else 200)  # fmt: skip


def _differences(own: Window, other: Window, lang: Lang) -> list[tuple[str, str, str]]:
    """Field, what the reader wrote, and what now stands, where the two differ."""
    mine, theirs = head_of(own), head_of(other)
    found = [
        (label_of(name, lang), mine[name] or "–",
         theirs[name] or "–")
        for name in HEAD if mine[name] != theirs[name]
    ]  # fmt: skip
    periods = ["; ".join(" / ".join(p[k] or "–" for k in PERIOD) for p in periods_of(window))
               for window in (own, other)]  # fmt: skip
    if periods[0] != periods[1]:
        label = "Perioder (fra / til / alt / opptatt / reserve / ledig)" if lang == "nb" else (
            "Periods (from / to / total / committed / reserve / free)")  # fmt: skip
        found.append((label, periods[0], periods[1]))
    return found


@require_http_methods(["GET", "POST"])
@for_speaker
def add_line(request: HttpRequest, provider: str) -> HttpResponse:
    """A new line of capacity."""
    if request.method == "GET":
        start = {"visibility": "registered"}
        return _form(request, provider, start, [], None, 0)
    raw, periods = _written(request)
    name = str(raw["name"]).strip()
    read = read_line(raw, periods, provider, joined(), timezone.localdate())
    problem: Text | None = None
    if not NAME.fullmatch(name):
        problem = Text(nb="Gi linjen et navn av bokstaver a–z, tall, strek og understrek.",
                       en="Name the line with letters a–z, digits, hyphen and underscore.")
    elif name in versions_of(provider):
        problem = Text(nb="Det finnes allerede en linje med dette navnet.",
                       en="There is already a line of this name.")  # fmt: skip
    if read.window is not None and problem is None:
        try:
            with transaction.atomic():
                save_line(provider, name, read.window, 0, request.user)
                note(request.user, "line_changed", f"{provider}/{name}")
            return redirect("facilities:own", provider=provider)
        except ChangedMeanwhile:
            problem = Text(nb="Det finnes allerede en linje med dette navnet.",
                           en="There is already a line of this name.")  # fmt: skip
    if problem is not None:
        read = LineRead(None, {**read.faults, "name": problem}, read.period_faults)
    return _form(request, provider, raw, periods, read, 0)


@require_http_methods(["GET", "POST"])
@for_speaker
def change_line(request: HttpRequest, provider: str, line: str) -> HttpResponse:
    """Change a line, from the version that was shown."""
    held = CapacityLine.objects.filter(provider=provider, name=line).first()
    if held is None:
        raise Http404
    if request.method == "GET":
        return _form(request, provider, head_of(held.window), periods_of(held.window), None,
                     held.version, line)  # fmt: skip
    raw, periods = _written(request)
    read = read_line(raw, periods, provider, joined(), timezone.localdate())
    seen = seen_version(request)
    if read.window is None:
        return _form(request, provider, raw, periods, read, seen, line)
    try:
        with transaction.atomic():
            save_line(provider, line, read.window, seen, request.user)
            note(request.user, "line_changed", f"{provider}/{line}")
    except ChangedMeanwhile:
        held.refresh_from_db()
        return _form(request, provider, raw, periods, read, held.version, line, held)
    return redirect("facilities:own", provider=provider)


@require_http_methods(["GET", "POST"])
@for_speaker
def remove_line(request: HttpRequest, provider: str, line: str) -> HttpResponse:
    """Remove a line, after asking."""
    held = CapacityLine.objects.filter(provider=provider, name=line).first()
    if held is None:
        raise Http404
    is_changed = False
    if request.method == "POST":
        try:
            with transaction.atomic():
                delete_line(provider, line, seen_version(request))
                note(request.user, "line_deleted", f"{provider}/{line}")
            return redirect("facilities:own", provider=provider)
        except ChangedMeanwhile:
            is_changed = True
            held = CapacityLine.objects.filter(provider=provider, name=line).first()
            if held is None:
                return redirect("facilities:own", provider=provider)
    given = {"id": provider, "line": line, "version": held.version, "is_changed": is_changed,
             "provider_name": from_library().name(provider)}  # fmt: skip
    return render(request, "hub/facilities/remove.html", given, status=409 if is_changed else 200)


@require_GET
@for_speaker
def sheet(request: HttpRequest, provider: str) -> HttpResponse:
    """All lines of a provider as a workbook, to be filled in and sent back."""
    lines = {c.name: (c.window, c.version) for c in CapacityLine.objects.filter(provider=provider)}
    name = f"windows-{provider.replace('_', '-')}"
    data = write_sheet(lines, provider, joined(), lang_now())
    return table_file({"xlsx": data}, name, "xlsx", timezone.localdate())


@require_POST
@for_speaker
def upload(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the lines of a workbook: all of them, or none and what is wrong with each row."""
    sent: Any = request.FILES.get("file")
    if sent is None:
        faults = [RowFault(0, "", Text(nb="Velg en fil.", en="Choose a file."))]
        return shown_provider(request, provider, tuple(faults), 422)
    data = sent.read(LARGEST_FILE + 1)
    found = read_sheet(data, provider, joined(), versions_of(provider), timezone.localdate())
    if found.faults:
        return shown_provider(request, provider, tuple(found.faults), 422)
    try:
        with transaction.atomic():
            save_lines(provider, found.windows, request.user)
            note(request.user, "lines_uploaded", f"{provider}: {', '.join(found.windows)}")
    except ChangedMeanwhile as problem:
        said = Text(nb=f"Linjen {problem.name} ble endret i dette øyeblikk. Ingenting er lagret.",
                    en=f"The line {problem.name} was changed in this moment. Nothing is stored.")
        return shown_provider(request, provider, (RowFault(0, "", said),), 409)
    return redirect("facilities:own", provider=provider)
