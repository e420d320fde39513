"""Fills the database of a served site: a person of each role, and something of every kind to see.

Runs in a process of its own, with the environment of the site. Its last line of output is JSON:
what stands in the addresses of pages, and the session of each person.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

STAFF = ("broker", "analyst", "editor", "administrator")
PASSWORD = "langt passord 123"
WISHES = {"steps": [{"does": "cell_therapy_production", "quantity": "3", "quantity_unit": "batch"}],
          "modality": "cell_therapy", "from": "2027-03-01",
          "summary": "Cells for a first trial"}  # fmt: skip
SECRET = {"company": "Fjellbekk AS", "contact_name": "Kari Lie", "contact_email": "k@f.example"}
LISTED, CURIDA = "celleterapi_ous", "curida"
LINE = {"provider": CURIDA, "does": "blow_fill_seal", "unit": "batch", "confidence": "firm",
        "visibility": "registered",
        "periods": [{"from": "2099-03-01", "to": "2099-04-30", "offerable": 6}]}  # fmt: skip


def session_of(user: Any, is_verified: bool = True) -> str:
    """The key of a session in which a user is signed in, staff with the second factor."""
    import django_otp
    from django.http import HttpRequest
    from django.test import Client
    from django_otp.plugins.otp_totp.models import TOTPDevice

    client = Client()
    client.force_login(user)
    session = client.session
    if user.role in STAFF and is_verified:
        device = TOTPDevice.objects.create(user=user, confirmed=True, name="app")
        request: Any = HttpRequest()
        request.session, request.user = session, user
        django_otp.login(request, device)
        session.save()
    return str(session.session_key)


def add_people() -> tuple[dict[str, Any], dict[str, str]]:
    """One of each role, and two of staff who have not shown their second factor."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from virkestoff_hub.accounts.models import User

    people, sessions = {}, {"visitor": ""}
    for role in ("company", "provider", *STAFF):
        people[role] = User.objects.create_user(f"see_{role}", f"{role}@see.example", PASSWORD,
                                                role=role)  # fmt: skip
        sessions[role] = session_of(people[role])
    for name in ("fresh", "half"):
        held = User.objects.create_user(f"see_{name}", password=PASSWORD, role="editor")
        if name == "half":
            TOTPDevice.objects.create(user=held, confirmed=True, name="app")
        sessions[name] = session_of(held, is_verified=False)
    for name, role in (("sjef", "administrator"), ("megler", "broker"), ("analyse", "analyst"),
                       ("nora", "company"), ("ola", "provider"), ("eva", "provider"),
                       ("tast", "company"), ("rita", "editor")):  # fmt: skip
        User.objects.create_user(name, f"{name}@example.com", PASSWORD, role=role)
    return people, sessions


def add_facilities(people: dict[str, Any]) -> dict[str, Any]:
    """A provider with a line that nobody has confirmed lately."""
    from django.utils import timezone

    from virkestoff_hub.accounts.models import User
    from virkestoff_hub.facilities.holding import from_library, statements_of
    from virkestoff_hub.facilities.keeping import upkeep_link
    from virkestoff_hub.facilities.models import CapacityLine, ProviderLink

    ProviderLink.objects.create(user=people["provider"], provider=CURIDA,
                                made_by=people["administrator"])  # fmt: skip
    for name in ("ola", "eva"):
        ProviderLink.objects.create(user=User.objects.get(username=name), provider="agilera")
    verified = (timezone.localdate() - timedelta(days=200)).isoformat()
    line = CapacityLine.objects.create(provider=CURIDA, name="bfs",
                                       data={**LINE, "verified": verified})  # fmt: skip
    stated = statements_of(CURIDA, from_library().providers[CURIDA])
    return {"statement": stated[0].key, "upkeep": upkeep_link(CURIDA, {"bfs": line.version})}


def add_requests(people: dict[str, Any]) -> dict[str, Any]:
    """Requests in every state, with the links of their letters; outcomes of years that are over."""
    from django.utils import timezone

    from virkestoff_hub.requests.forwarding import forward, move_request, token_of
    from virkestoff_hub.requests.models import (
        AnswerLink,
        FacilityRequest,
        Inquiry,
        ProviderContact,
        RecordedOutcome,
    )
    from virkestoff_hub.requests.outcomes import close

    held = ProviderContact.objects.create(provider=LISTED, name="Ola", email="o@l.example")
    given = {"owner": people["company"], "wishes": WISHES, "confidential": SECRET}
    tokens = {}

    def made(name: str, state: str = "ready") -> Any:
        return FacilityRequest.objects.create(reference=f"F-{name.upper()}", state=state, **given)

    made("draft", "draft")
    made("ready")
    for state in ("waiting", "question", "yes", "open", "escalated", "taken", "closed"):
        request = made(state)
        forward(request, {LISTED: [0]}, "requester", "http://127.0.0.1")
        if state in ("question", "yes", "open"):
            Inquiry.objects.filter(request=request).update(state=state)
        tokens[f"token_{state}"] = token_of(AnswerLink.objects.get(inquiry__request=request))
        if state in ("escalated", "taken"):
            move_request(request, "escalate", "system", escalated=timezone.now())
        if state == "taken":
            move_request(request, "take_over", "broker", broker=people["broker"])
        if state == "closed":
            close(request, people["company"], "requester", "no_answer")
    for n in range(24):
        RecordedOutcome.objects.create(
            request=f"F-OLD{n}", kind="price" if n % 2 else "no_answer",
            on=date(timezone.localdate().year - 1, 1 + n % 12, 3), requester=f"{n % 12}",
            does="cell_therapy_production", modality="cell_therapy",
        )  # fmt: skip
    return {**tokens, "contact": held.pk, "year": timezone.localdate().year - 1}


def add_runs(owner: Any) -> dict[str, Any]:
    """The published run, and an analyst's runs in every state."""
    from django.conf import settings
    from django.utils import timezone

    from virkestoff_hub.runs.models import Run
    from virkestoff_hub.studies.work import publish

    folder = publish("example", 40, lambda *said: None)
    found = {}
    asked = {"study": "example", "changes": {}, "draws": 40}
    for state in ("done", "running", "failed", "cancelled"):
        run = Run.objects.create(
            kind="study", state=state, owner=owner, parameters=asked, n_done=2, n_steps=7,
            step="computing", seen=timezone.now(), n_tries=1,
            fault="worker_died" if state == "failed" else "",
        )
        found[f"run_{state}"] = str(run.id)
        if state == "done":
            shutil.copytree(folder, Path(settings.RUNS_ROOT) / str(run.id))
    return found


def main() -> None:
    """Fill the database; tell what is there."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "virkestoff_hub.settings"
    django.setup()
    from django.utils import timezone

    from virkestoff.instruments.profile import Profile
    from virkestoff_hub.accounts.models import User
    from virkestoff_hub.guide.kept import keep

    people, sessions = add_people()
    found = {
        **add_facilities(people), **add_requests(people), **add_runs(people["analyst"]),
        "user": User.objects.get(username="see_company").pk,
        "secret": keep(Profile({}), timezone.localdate()), "provider": CURIDA,
    }  # fmt: skip
    sys.stdout.write(json.dumps({"places": found, "sessions": sessions}) + "\n")


main()
