"""Requests from draft to outcome: who may do what when, what leaks to whom, what is sent when.

Oracles: tables of allowed moves written here from the issue and not from the code, tried against
every state, action and role; a clock set by hand and the days 3, 9, 21 and 45 of the issue; secrets
that are looked for in every letter and page; counts made by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hub_requests import LISTED, ROLES, SECRET, SHORT, WISHES, WORDS, last_token, links_in

# ---- the two machines, by every state, action and party

OWNER_MAY = {
    "draft": {"write": "draft", "undo": "draft", "delete": "deleted", "submit": "ready"},
    "ready": {"write": "draft", "delete": "deleted", "forward": "forwarded", "close": "closed"},
    "forwarded": {"forward": "forwarded", "close": "closed"},
    "escalated": {"forward": "escalated", "close": "closed"},
    "taken_over": {"forward": "taken_over", "close": "closed"},
    "closed": {},
}
BROKER_MAY = {
    "draft": {}, "ready": {"take_over": "taken_over"}, "forwarded": {"take_over": "taken_over"},
    "escalated": {"take_over": "taken_over", "close": "closed"},
    "taken_over": {"forward": "taken_over", "close": "closed"}, "closed": {},
}  # fmt: skip
CLOCK_MAY = {"forwarded": {"escalate": "escalated"}}


def test_every_move_of_a_request(site) -> None:
    from virkestoff_hub.requests.states import (
        PARTIES,
        REQUEST_ACTIONS,
        REQUEST_STATES,
        request_after,
    )

    may = {"requester": OWNER_MAY, "broker": BROKER_MAY, "system": CLOCK_MAY, "provider": {}}
    assert set(may) == set(PARTIES)
    assert set(REQUEST_STATES) == set(OWNER_MAY)
    for party, table in may.items():
        for state in REQUEST_STATES:
            for action in REQUEST_ACTIONS:
                wanted = table.get(state, {}).get(action)
                assert request_after(state, action, party) == wanted, (party, state, action)


def test_every_move_of_an_inquiry(site) -> None:
    from virkestoff_hub.requests.states import (
        INQUIRY_ACTIONS,
        INQUIRY_STATES,
        PARTIES,
        inquiry_after,
    )

    live = {"unsent", "waiting", "question", "yes", "signed_by_provider", "signed_by_requester",
            "open"}  # fmt: skip

    def wanted(state: str, action: str, party: str) -> str | None:
        """The rules in words."""
        match action, party:
            case "send", "system":
                return "waiting" if state == "unsent" else None
            case "remind", "system":
                return "waiting" if state == "waiting" else None  # nobody who has answered
            case "answer_yes", "provider":
                return "yes" if state in ("waiting", "question") else None
            case "answer_no", "provider":  # a provider may always step back
                return "no" if state in live - {"unsent"} else None
            case "ask", "provider":
                return "question" if state in ("waiting", "question") else None
            case "reply", ("requester" | "broker"):
                return "waiting" if state == "question" else None
            case "sign", ("requester" | "provider"):
                other = "provider" if party == "requester" else "requester"
                if state == f"signed_by_{other}":
                    return "open"  # only when both have
                return f"signed_by_{party}" if state == "yes" else None
            case "look", "provider":
                return "open" if state == "open" else None
            case "revoke", "requester":
                return "revoked" if state in live else None
            case "end", "system":
                return "ended" if state in live else None
        return None

    assert live | {"no", "revoked", "ended"} == set(INQUIRY_STATES)
    n_allowed = 0
    for state in INQUIRY_STATES:
        for action in INQUIRY_ACTIONS:
            for party in PARTIES:
                after = wanted(state, action, party)
                n_allowed += after is not None
                assert inquiry_after(state, action, party) == after, (state, action, party)
    assert n_allowed > 20


def _do(client, action: str, held) -> int:
    """Ask the site for an action by its form; the status."""
    base = f"/nb/requests/{held.reference}/"
    form = {
        "write": (f"{base}write/summary/", {"version": held.version, "summary": "New words",
                                            "do": "save"}),
        "undo": (f"{base}write/summary/", {"do": "undo"}),
        "delete": (f"{base}delete/", {}), "submit": (f"{base}review/", {}),
        "forward": (f"{base}forward/", {"provider": f"0:{LISTED}"}),
        "take_over": (f"{base}take-over/", {}),
        "close": (f"{base}close/", {"outcome": "no_capability"}),
    }  # fmt: skip
    address, data = form[action]
    return client.post(address, data).status_code


@pytest.mark.parametrize("role", ["owner", *ROLES])
def test_every_action_in_every_state_by_every_role(client, signed_in, make, person, letters, role):
    """What the forms do is what the tables say; others see no such request."""
    from virkestoff_hub.requests.models import FacilityRequest

    owner = None
    if role == "owner":
        owner = signed_in("company", "zk_owner")
    elif role != "visitor":
        signed_in(role, "ola")
    may = {"owner": OWNER_MAY, "broker": BROKER_MAY}.get(role, {})
    for state in OWNER_MAY:
        for action in ("write", "undo", "delete", "submit", "forward", "take_over", "close"):
            before = {"wishes": {**WISHES, "summary": "Old words"}, "confidential": SECRET}
            held = make(state, owner, history=[before])
            status = _do(client, action, held)
            now = FacilityRequest.objects.filter(pk=held.pk).first()
            wanted = may.get(state, {}).get(action)
            where = (role, state, action, status)
            assert (now.state if now else "deleted") == (wanted or state), where
            changed = now is None or now.version != held.version
            assert changed == (wanted is not None and action in ("write", "undo", "delete")), where
            assert status == 302 if wanted else status in (302, 403, 404, 409), where
            FacilityRequest.objects.all().delete()
    assert status in ((302,) if role == "visitor" else (403, 404, 409))


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_owner_and_broker_sees_a_request(client, signed_in, make, role) -> None:
    if role != "visitor":
        signed_in(role, "ola")
    for state in OWNER_MAY:
        held = make(state)
        page = client.get(f"/nb/requests/{held.reference}/")
        is_shown = role == "broker" and state != "draft"
        assert (page.status_code == 200) == is_shown, (role, state)
        assert not any(w in page.content.decode().lower() for w in WORDS if w != "zk_owner")


# ---- the draft

def test_a_draft_is_written_part_by_part_and_faults_stand_at_their_fields(
    client, signed_in
) -> None:
    from virkestoff_hub.requests.models import FacilityRequest

    signed_in("company")
    first = client.post("/nb/requests/new/").url
    held = FacilityRequest.objects.get()
    assert first == f"/nb/requests/{held.reference}/write/work/"
    assert client.get(first).status_code == 200
    wrong = client.post(first, {"version": 1, "steps.0.does": "cell_therapy_production",
                                "steps.0.batch_size": "tre hundre", "steps.0.batch_unit": "L",
                                "do": "next"})  # fmt: skip
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="tre hundre"' in page  # the rest is kept
    assert 'aria-describedby="f-steps-0-batch-size-hint f-steps-0-batch-size-fault"' in page
    assert "Skriv et tall" in page
    again = client.post(first, {"version": 2, "steps.0.does": "cell_therapy_production",
                                "steps.0.batch_size": "1.000", "steps.0.batch_unit": "L",
                                "do": "next"})  # fmt: skip
    assert "uten skille mellom tusener" in again.content.decode()
    held.refresh_from_db()
    right = client.post(first, {"version": held.version, "steps.0.does": "cell_therapy_production",
                                "steps.0.batch_size": "0,5", "steps.0.batch_unit": "L",
                                "do": "next"})  # fmt: skip
    assert right.url.endswith("/write/needs/")
    held.refresh_from_db()
    assert held.wishes["steps"][0]["batch_size"] == "0,5"
    assert client.post(right.url, {"do": "undo"}).status_code == 302
    held.refresh_from_db()
    assert held.wishes["steps"][0]["batch_size"] == "1.000"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"from": "2027-06-01", "to": "2027-03-01"}, "to", "før første dag"),
        ({"from": "1. mars"}, "from", "Skriv en dato"),
        ({"from": "31.2.2027"}, "from", "Skriv en dato"),
        ({"modality": "unicorn"}, "modality", "Velg fra listen"),
        ({"safety": ["gmp"]}, "safety", "Velg fra listen"),
        ({"budget_low": "5", "budget_high": ""}, "budget_high", "høyeste"),
        ({"budget_low": "9", "budget_high": "5"}, "budget_high", "mindre"),
        ({"steps": [{"does": ""}]}, "steps.0.does", "Velg hva"),
        ({"steps": [{"does": "gmp"}]}, "steps.0.does", "Velg fra listen"),
        ({"steps": [{**SHORT, "quantity": "0", "quantity_unit": "batch"}]}, "steps.0.quantity",
         "for lite"),
        ({"steps": [{**SHORT, "quantity": "3"}]}, "steps.0.quantity_unit", "Velg en enhet"),
        ({"steps": [{**SHORT, "quantity": "3", "quantity_unit": "parsec"}]},
         "steps.0.quantity_unit", "Velg en enhet"),
        ({"steps": [{**SHORT, "quantity": "nan", "quantity_unit": "L"}]}, "steps.0.quantity",
         "Skriv et tall"),
        ({"summary": "x" * 2001}, "summary", "for lang"),
        ({"summary": "Ring 22 33 44 55"}, "summary", "anonym"),
        ({"summary": "We at zebrafjell-pharma need help"}, "summary", "anonym"),
        ({"summary": "Ask Kvitebjorn Ravnkloa"}, "summary", ""),
        ({"summary": "Org 974 760 673"}, "summary", "anonym"),
        ({"summary": "See www.lab.example/x"}, "summary", "anonym"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(make, change, field, words) -> None:
    from virkestoff_hub.requests.draft import checked
    from virkestoff_hub.requests.register import register

    held = make()
    held.wishes = {**held.wishes, **change}
    found = checked(held, register(), "nb", 2026)
    if not words:  # another spelling than the name's is beyond what can be found
        assert found.request is not None
        return
    assert found.request is None
    assert words in found.faults[field], found.faults
    assert list(found.faults) == [field]


def test_what_was_written_is_what_the_engine_matches(make) -> None:
    from datetime import date

    from virkestoff_hub.requests.draft import checked
    from virkestoff_hub.requests.register import register

    request = checked(make(), register(), "nb", 2026).request
    assert (request.from_, request.to) == (date(2027, 3, 1), date(2027, 6, 30))
    assert (request.steps[0].quantity.amount, request.steps[0].quantity.unit) == (3.0, "batch")
    assert (request.budget.high, request.budget.price_year) == (7313377.0, 2026)
    assert request.requester is None  # nothing of the company reaches the engine


def test_two_windows_on_one_draft_do_not_overwrite_each_other(client, signed_in, make) -> None:
    held = make(owner=signed_in("company", "zk_owner"))
    address = f"/nb/requests/{held.reference}/write/summary/"
    assert client.post(address, {"version": 1, "summary": "first", "do": "next"}).status_code == 302
    late = client.post(address, {"version": 1, "summary": "second", "do": "next"})
    assert late.status_code == 409
    assert "second" in late.content.decode()
    held.refresh_from_db()
    assert held.wishes["summary"] == "first"


def test_a_forged_form_is_refused(make, contact, asked, letters) -> None:
    from django.test import Client

    held, _ = asked()
    strict = Client(enforce_csrf_checks=True)
    close = f"/nb/requests/{held.reference}/close/"
    for address in ("/nb/requests/new/", close, last_token(letters)):
        assert strict.post(address, {"do": "yes"}).status_code == 403


# ---- from the shortlist to the confidential part

def test_the_journey_of_a_request(client, signed_in, make, contact, letters) -> None:
    """From the draft to an agreement, as requester and provider see it."""
    from django.test import Client

    from virkestoff_hub.accounts.models import TrailEntry
    from virkestoff_hub.requests.models import Inquiry

    held = make(owner=signed_in("company", "zk_owner"))
    held.owner.email = "eier@zebrafjell.example"
    held.owner.save()
    contact(language="en")
    page = f"/nb/requests/{held.reference}/"
    assert "Cells for a first trial" in client.get(f"{page}review/").content.decode()
    assert client.post(f"{page}review/").url == page
    shown = client.get(page).content.decode()
    assert f'value="0:{LISTED}"' in shown
    assert client.post(f"{page}forward/", {"provider": "0:nobody"}).status_code == 422
    assert letters == []
    assert client.post(f"{page}forward/", {"provider": f"0:{LISTED}"}).status_code == 302
    [letter] = letters
    assert letter.to == ["post@leverandor.example"]
    assert letter.subject.startswith(f"Request {held.reference}")
    links = links_in(letter.body)
    assert [link.partition("?")[2] for link in links] == ["say=yes", "say=no", "say=ask"]

    provider = Client()
    for link in links:  # a program that checks links opens them all
        opened = provider.get(link)
        assert opened.status_code == 200
        assert opened.headers["Cache-Control"] == "no-store"
    inquiry = Inquiry.objects.get()
    assert inquiry.state == "waiting"
    token = links[0].partition("?")[0]
    assert provider.post(token, {"do": "no"}).status_code == 422  # a reason is asked for
    assert provider.post(token, {"do": "look"}).status_code == 409
    assert provider.post(token, {"do": "ask", "text": "How soon?"}).status_code == 302
    assert letters[-1].to == ["eier@zebrafjell.example"]
    assert "How soon?" in client.get(page).content.decode()
    named = client.post(f"{page}{inquiry.pk}/reply/", {"text": "Ask Zebrafjell Pharma"})
    assert named.status_code == 422
    assert client.post(f"{page}{inquiry.pk}/reply/", {"text": "In May"}).status_code == 302
    assert "In May" in letters[-1].body
    assert provider.post(token, {"do": "yes"}).status_code == 302
    assert provider.post(token, {"do": "sign", "name": "Ola"}).status_code == 422
    assert provider.post(token, {"do": "sign", "name": "Ola Nordmann",
                                 "accept": "2026-1"}).status_code == 302  # fmt: skip
    assert provider.post(token, {"do": "look"}).status_code == 409  # one has accepted, not both
    signed = client.post(f"{page}{inquiry.pk}/sign/", {"name": "Kari", "accept": "2026-1"})
    assert signed.status_code == 302
    inside = provider.post(token, {"do": "look"})
    assert SECRET["details"] in inside.content.decode()
    accepted = {(a.party, a.version, a.name, a.account) for a in inquiry.acceptances.all()}
    assert accepted == {("provider", "2026-1", "Ola Nordmann", "post@leverandor.example"),
                        ("requester", "2026-1", "Kari", "zk_owner")}  # fmt: skip
    assert inquiry.looks.count() == 1
    assert "Ola &lt;post@leverandor.example&gt;" in client.get(page).content.decode()
    assert client.post(f"{page}{inquiry.pk}/revoke/").status_code == 302
    assert provider.get(token).status_code == 404
    assert provider.post(token, {"do": "look"}).status_code == 404
    done = set(TrailEntry.objects.values_list("what", flat=True))
    assert done >= {"request_submitted", "request_forwarded", "request_answered", "request_signed",
                    "request_replied", "request_looked_at", "request_revoked"}  # fmt: skip


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_nothing_confidential_leaks_before_both_have_accepted(client, asked, letters, lang) -> None:
    """Every letter and every page of the provider, in every state before the part is open."""
    from virkestoff_hub.requests.models import Inquiry

    _, inquiry = asked()
    token = last_token(letters).replace("/nb/", f"/{lang}/")
    for state in ("waiting", "question", "yes", "signed_by_provider", "signed_by_requester", "no",
                  "ended"):  # fmt: skip
        Inquiry.objects.filter(pk=inquiry.pk).update(state=state)
        answers = [client.get(token), client.post(token, {"do": "look"}),
                   client.post(token, {"do": "nothing"})]  # fmt: skip
        assert [a.status_code for a in answers] == [200, 409, 422]
        seen = " ".join([a.content.decode() for a in answers] + [m.subject + m.body
                                                                 for m in letters]).lower()
        seen = seen.replace("\u00a0", " ").replace("\u202f", " ")
        assert "cells for a first trial" in seen
        assert [w for w in WORDS if w in seen] == [], state


def test_a_provider_sees_nothing_of_other_providers(client, make, contact, letters, monkeypatch):
    """No name, no capacity, no price: windows with telling numbers are in the register."""
    from dataclasses import replace

    from virkestoff.facilities import Window
    from virkestoff_hub.requests import register as held_register
    from virkestoff_hub.requests import shown, views
    from virkestoff_hub.requests.forwarding import forward

    line = Window.model_validate({
        "provider": "curida_diotec", "does": "atmp_production", "unit": "batch",
        "periods": [{"from": "2027-03-01", "to": "2027-06-30", "offerable": 4242}],
        "confidence": "firm", "verified": "2026-11-01", "visibility": "registered",
        "price": {"basis": "market", "low": 515151, "high": 616161, "unit": "NOK/batch",
                  "price_year": 2026},
    })  # fmt: skip
    whole = held_register.register()
    rich = replace(whole, windows={"w": line})
    for module in (held_register, views, shown):
        monkeypatch.setattr(module, "register", lambda: rich, raising=False)
    contact()
    held = make("ready")
    forward(held, {LISTED: [0]}, "requester", "http://testserver")
    seen = client.get(last_token(letters)).content.decode() + letters[-1].body
    others = [name for key, name in whole.names.items() if key != LISTED and key in whole.providers]
    assert whole.name(LISTED) in seen
    assert [n for n in others if n in seen and n not in whole.name(LISTED)] == []
    assert [n for n in ("4242", "515", "616") if n in seen.replace("\u00a0", "")] == []


def test_a_price_for_brokers_alone_does_not_reach_the_requester(make, monkeypatch) -> None:
    """Oracle: the shortlist with and without the price is the same."""
    from dataclasses import replace
    from datetime import date

    from virkestoff.facilities import Window
    from virkestoff_hub.requests import register as held_register
    from virkestoff_hub.requests.forwarding import engine_request

    def line(**more) -> dict:
        return {"provider": "curida_diotec", "does": "atmp_production", "unit": "batch",
                "periods": [{"from": "2027-03-01", "to": "2027-06-30", "offerable": 4}],
                "confidence": "firm", "verified": "2026-11-01", "visibility": "registered", **more}

    price = {"basis": "market", "low": 9e7, "high": 9e7, "unit": "NOK/batch", "price_year": 2026}
    request = engine_request(make("ready"))
    found = []
    whole = held_register.register()
    for given in (line(), line(price=price)):
        rich = replace(whole, windows={"w": Window.model_validate(given)})
        monkeypatch.setattr(held_register, "register", lambda rich=rich: rich)
        found.append(held_register.shortlist(request, date(2026, 11, 25)))
    assert found[0].steps == found[1].steps


def test_links_are_signed_expire_and_end_with_their_contact(client, asked, letters) -> None:
    from virkestoff_hub.requests.models import AnswerLink

    asked()
    token = last_token(letters)
    assert client.get(token).status_code == 200
    flipped = "0" if token.split("/")[-2][0] != "0" else "1"
    head, _, tail = token.rpartition("answer/")
    assert client.get(f"{head}answer/{flipped}{tail[1:]}").status_code == 404
    link = AnswerLink.objects.get()
    assert client.get(f"/nb/requests/answer/{link.pk.hex}/").status_code == 404
    assert client.get(f"/nb/requests/answer/{link.pk.hex}:x/").status_code == 404
    link.expires = datetime(2020, 1, 1, tzinfo=UTC)
    link.save()
    assert client.get(token).status_code == 404
    link.expires = datetime(2199, 1, 1, tzinfo=UTC)
    link.save()
    link.contact.delete()
    assert client.get(token).status_code == 404


def test_a_provider_without_a_contact_waits_for_one(client, signed_in, make, letters) -> None:
    from virkestoff_hub.requests.forwarding import forward

    held = make("ready")
    [inquiry] = forward(held, {LISTED: [0]}, "requester", "http://testserver")
    assert (inquiry.state, letters) == ("unsent", [])
    signed_in("broker", "ola")
    assert "Legg til en kontakt for" in client.get("/nb/requests/broker/").content.decode()
    bad = client.post("/nb/requests/broker/contacts/", {"provider": LISTED, "name": "Ola",
                                                        "email": "nobody", "language": "nb"})
    assert bad.status_code == 422
    client.post("/nb/requests/broker/contacts/", {"provider": LISTED, "name": "Ola",
                                                  "email": "o@l.example", "language": "nb"})
    inquiry.refresh_from_db()
    assert inquiry.state == "waiting"
    assert [m.to for m in letters] == [["o@l.example"]]


def test_a_mail_server_that_is_away_loses_nothing(make, contact, letters, monkeypatch) -> None:
    from virkestoff_hub.requests import letters as post
    from virkestoff_hub.requests.forwarding import forward
    from virkestoff_hub.requests.reminders import remind

    contact()

    def away(*given) -> None:
        raise ConnectionRefusedError(111, "refused")

    with monkeypatch.context() as patch:
        patch.setattr(post, "_send", away)
        [inquiry] = forward(make("ready"), {LISTED: [0]}, "requester", "http://testserver")
    assert (inquiry.state, inquiry.links.count()) == ("unsent", 0)
    remind()
    inquiry.refresh_from_db()
    assert inquiry.state == "waiting"
    assert len(letters) == 1


# ---- fair turns

def test_offers_are_kept_and_rank_equals(make) -> None:
    """Oracle: among providers with equal distance, those offered less often come first."""
    from datetime import date

    from virkestoff_hub.requests.forwarding import engine_request
    from virkestoff_hub.requests.models import LoggedOffer
    from virkestoff_hub.requests.register import N_SHOWN, log_offers, shortlist

    on = date(2026, 11, 25)
    wishes = {"steps": [{"does": "cell_therapy_production"}], "summary": "Cells"}
    for _ in range(6):
        request = engine_request(make("ready", wishes=wishes))
        before = {}
        for offer in LoggedOffer.objects.all():
            before.setdefault(offer.provider, set()).add(offer.request)
        found = shortlist(request, on)
        listed = found.steps[0].shortlist(N_SHOWN)
        for one, two in zip(listed, listed[1:], strict=False):
            if (one.status, one.distance, one.is_remote) == (two.status, two.distance,
                                                             two.is_remote):
                counts = [len(before.get(c.provider, ())) for c in (one, two)]
                assert counts == sorted(counts)
        log_offers(found)
        log_offers(found)  # the first look counts
        assert [c.provider for c in shortlist(request, on).steps[0].shortlist(N_SHOWN)] == [
            c.provider for c in listed]  # one's own look does not change the order
    assert LoggedOffer.objects.count() == 6 * len(listed)


# ---- outcomes and unmet need

def test_an_outcome_is_typed_and_ends_what_is_open(client, signed_in, asked, letters) -> None:
    from virkestoff_hub.requests.models import RecordedOutcome

    held, inquiry = asked()
    token = last_token(letters)
    client.force_login(held.owner)
    base = f"/nb/requests/{held.reference}/close/"
    assert client.post(base, {"outcome": "lost"}).status_code == 422
    assert client.post(base, {"outcome": "agreed"}).status_code == 422  # nobody has said yes
    assert client.post(base, {"outcome": "no_capacity_in_window"}).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.state == "ended"
    client.logout()
    page = client.get(token).content.decode()
    assert "Forespørselen er avsluttet" in page
    assert "Cells for a first trial" not in page
    kept = RecordedOutcome.objects.get()
    assert (kept.kind, kept.does, kept.modality) == (
        "no_capacity_in_window", "cell_therapy_production", "cell_therapy")  # fmt: skip
    assert not any(w in str(vars(kept)).lower() for w in WORDS)


def test_one_company_counts_once_whoever_wrote(make, person) -> None:
    from virkestoff_hub.requests.outcomes import requester_key

    one = make(confidential={**SECRET, "organisation_number": "974 760 673"})
    two = make(owner=person("company", "per"), confidential={**SECRET, "company": "Another"})
    three = make(confidential={**SECRET, "organisation_number": "", "company":
                                "zebrafjell  pharma as"})
    four = make(confidential={**SECRET, "organisation_number": ""})
    assert requester_key(one) == requester_key(two) != requester_key(three)
    assert requester_key(three) == requester_key(four)
    assert "974760673" not in requester_key(one)


# ---- one's own data

def test_own_data_holds_the_requests_and_deletion_takes_them(client, asked, letters) -> None:
    from virkestoff_hub.requests.models import FacilityRequest, Inquiry

    held, _ = asked()
    token = last_token(letters)
    client.force_login(held.owner)
    [given] = client.get("/nb/account/data.json").json()["requests"]
    assert given["confidential"] == SECRET
    assert given["wishes"] == WISHES
    assert [i["provider"] for i in given["inquiries"]] == [LISTED]
    client.post("/nb/account/delete/", {"password": "langt passord 123"})
    assert (FacilityRequest.objects.count(), Inquiry.objects.count()) == (0, 0)
    assert client.get(token).status_code == 404


@pytest.mark.parametrize("role", ["company", "provider", "broker", "analyst", "editor",
                                  "administrator"])  # fmt: skip
def test_everybody_who_signs_in_lands_somewhere(client, signed_in, role) -> None:
    signed_in(role)
    assert client.get("/nb/requests/", follow=True).status_code == 200


def test_every_page_in_both_languages(client, signed_in, make, contact, asked, letters) -> None:
    """Each part, each state of the request, each state of the inquiry."""
    from virkestoff_hub.requests.fields import PARTS
    from virkestoff_hub.requests.models import Inquiry

    held, inquiry = asked()
    token = last_token(letters)
    client.force_login(held.owner)
    draft = make()
    for lang in ("nb", "en"):
        for part in PARTS:
            page = client.get(f"/{lang}/requests/{draft.reference}/write/{part}/")
            assert page.status_code == 200
        for name in ("review", "delete"):
            assert client.get(f"/{lang}/requests/{draft.reference}/{name}/").status_code == 200
        for state in OWNER_MAY:
            address = f"/{lang}/requests/{make(state).reference}/"
            assert client.get(address, follow=True).status_code == 200
        for state in ("unsent", "waiting", "question", "yes", "signed_by_provider",
                      "signed_by_requester", "open", "no", "revoked", "ended"):
            Inquiry.objects.filter(pk=inquiry.pk).update(state=state, reason="price")
            assert client.get(f"/{lang}/requests/{held.reference}/").status_code == 200
            if state not in ("revoked", "unsent"):
                assert client.get(token.replace("/nb/", f"/{lang}/")).status_code == 200
    assert client.get(f"/nb/requests/{draft.reference}/write/nothing/").status_code == 404
