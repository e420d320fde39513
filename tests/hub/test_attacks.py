"""Attacks that were tried on the site and got through once.

Oracle: what an attacker gains: another count of guesses, somebody else's sign-in shut, a fault.
"""

from __future__ import annotations

import pytest

PASSWORD = "langt passord 123"
SPELLINGS = ("kari", " kari", "kari ", "\uff4bari", "\t\uff4b\uff41ri", "KARI")


def test_another_spelling_of_a_name_gives_no_further_guesses(client, person) -> None:
    person("company")
    for name in SPELLINGS[:5]:
        client.post("/nb/account/sign-in/", {"username": name, "password": "galt"})
    for name in SPELLINGS:
        asked = client.post("/nb/account/sign-in/", {"username": name, "password": PASSWORD})
        assert asked.status_code == 429, name


@pytest.mark.parametrize("before", ["code:", "\0code:", " code:"])
def test_nobody_shuts_anothers_second_factor_by_a_name(client, person, before) -> None:
    from virkestoff_hub.accounts.attempts import is_shut

    user = person("analyst")
    for _ in range(6):
        client.post("/nb/account/sign-in/", {"username": f"{before}{user.pk}", "password": "x"})
    assert not is_shut(f"\0code:{user.pk}", "192.0.2.1")


@pytest.mark.parametrize("digits", ["\u00b2", "\u0663", "9" * 5000, "-1", "1e9"])
@pytest.mark.parametrize("name", ["version", "drop"])
def test_digits_that_are_none_do_no_harm(client, signed_in, make, name, digits) -> None:
    held = make("draft", owner=signed_in("company"))
    sent = {"version": "1", "steps.0.does": "", "steps.1.does": "", name: digits, "do": "next"}
    asked = client.post(f"/nb/requests/{held.reference}/write/work/", sent)
    assert asked.status_code == (409 if name == "version" else 422)


@pytest.mark.parametrize("length", ["\u00b2", "-1", "x"])
def test_a_length_that_is_no_number_is_refused(client, length) -> None:
    asked = client.generic("POST", "/api/v1/guide", b"{}", content_type="application/json",
                           CONTENT_LENGTH=length)  # fmt: skip
    assert asked.status_code == 413


def test_a_broker_learns_who_signed_only_after_taking_over(client, signed_in, make, asked) -> None:
    from virkestoff_hub.requests import answers

    held, inquiry = asked()
    answers.answer(inquiry.links.first(), True)
    inquiry.refresh_from_db()
    answers.sign_as_requester(inquiry, held.owner, "Hemmelig Underskriver", "nb")
    signed_in("broker")
    address = f"/nb/requests/{held.reference}/"
    assert "Hemmelig Underskriver" not in client.get(address).content.decode()
    client.post(f"{address}take-over/")
    assert "Hemmelig Underskriver" in client.get(address).content.decode()


def test_a_second_click_on_forward_asks_nobody_twice(asked, monkeypatch) -> None:
    """The other click is done between the reading of the request and its change."""
    from virkestoff_hub.requests import forwarding

    held, inquiry = asked()
    inquiry.delete()
    move = forwarding.move_request

    def meanwhile(*args, **changes) -> None:
        forwarding.Inquiry.objects.create(request=held, provider=inquiry.provider, steps=[0])
        move(*args, **changes)

    monkeypatch.setattr(forwarding, "move_request", meanwhile)
    assert forwarding.forward(held, {inquiry.provider: [0]}, "requester", "http://testserver") == []
    assert held.inquiries.count() == 1


def test_a_run_leaves_no_files_of_a_deleted_user(person, monkeypatch, tmp_path) -> None:
    from types import SimpleNamespace

    from django.conf import settings

    from virkestoff_hub.runs import work
    from virkestoff_hub.runs.models import Run

    monkeypatch.setattr(settings, "RUNS_ROOT", tmp_path)
    user = person("company")
    run = Run.objects.create(kind="slow", owner=user)

    def slow(asked, folder, tell) -> None:
        (folder / "secret.html").write_text("x", encoding="utf-8")
        user.delete()

    monkeypatch.setitem(work.KINDS, "slow", SimpleNamespace(work=slow))
    work.carry_out.func(str(run.id))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_of_hundreds_of_digits_in_a_sheet_is_a_fault_at_its_field(site, sign) -> None:
    from virkestoff_hub.facilities.entry import Entry

    entry = Entry({"total": sign * 10**400})
    assert entry.number("total") is None
    assert set(entry.faults) == {"total"}


def test_guesses_of_a_password_are_counted_where_one_is_signed_in(client, signed_in) -> None:
    """A session that was left open: its password can be guessed five times, on either form."""
    from virkestoff_hub.accounts.models import User

    signed_in("company")
    wrong = {"old_password": "galt", "new_password1": "x", "new_password2": "x"}
    for n in range(5):
        address, data = (("delete", {"password": "galt"}), ("password", wrong))[n % 2]
        assert client.post(f"/nb/account/{address}/", data).status_code == 422
    for address, data in (("delete", {"password": "langt passord 123"}), ("password", wrong)):
        answer = client.post(f"/nb/account/{address}/", data)
        assert answer.status_code == 429
        assert "Vent et kvarter" in answer.content.decode()
    assert User.objects.count() == 1


def test_the_last_administrator_stays(client, signed_in, person) -> None:
    from virkestoff_hub.accounts.models import User

    signed_in("administrator")
    sent = {"password": "langt passord 123"}
    answer = client.post("/en/account/delete/", sent)
    assert answer.status_code == 422
    assert "Make somebody else one first" in answer.content.decode()
    person("administrator", "ola")
    assert client.post("/en/account/delete/", sent).status_code == 302
    assert [u.username for u in User.objects.all()] == ["ola"]


def test_what_is_made_for_somebody_is_kept_by_no_cache(client, signed_in) -> None:
    pages = ("", "instruments/", "evidence/", "industry/", "search/?q=gmp", "facilities/")
    for page in pages:
        assert "no-store" not in client.get(f"/nb/{page}").headers.get("Cache-Control", ""), page
    signed_in("company")
    for page in pages:
        assert client.get(f"/nb/{page}").headers["Cache-Control"] == "no-store", page


def test_sessions_whose_time_is_up_are_deleted(client, signed_in) -> None:
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from virkestoff_hub.tidy import tidy

    signed_in("company")
    old = Session.objects.create(session_key="old", session_data="",
                                 expire_date=timezone.now() - timedelta(1))  # fmt: skip
    tidy()
    assert not Session.objects.filter(pk=old.pk).exists()
    assert Session.objects.count() == 1


def test_the_addresses_of_one_line_count_as_one(site) -> None:
    """Oracle: RFC 4291, an interface has the lower 64 bits."""
    from django.test import RequestFactory

    from virkestoff_hub.throttle import address_of

    seen = {a: address_of(RequestFactory().get("/", REMOTE_ADDR=a))
            for a in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "10.0.0.1",
                      "::ffff:10.0.0.2", "")}  # fmt: skip
    assert seen["2001:db8::1"] == seen["2001:db8::ffff:1"] != seen["2001:db8:0:1::1"]
    assert len(set(seen.values())) == 5


def test_the_export_of_ones_data_holds_what_one_wrote(client, make, signed_in) -> None:
    from virkestoff_hub.facilities.models import ProviderLink
    from virkestoff_hub.requests.models import ProviderContact
    from virkestoff_hub.runs.models import Run

    user = signed_in("provider")
    ProviderLink.objects.create(user=user, provider="curida_diotec")
    client.post("/nb/facilities/mine/curida_diotec/confirm/")
    Run.objects.create(kind="study", owner=user, parameters={"draws": 77})
    ProviderContact.objects.create(provider="agilera", name="Siri", email="s@ny.example",
                                   added_by=user)  # fmt: skip
    taken = make("taken_over", broker=user)
    held = client.get("/nb/account/data.json").json()
    assert held["runs"][0]["parameters"] == {"draws": 77}
    assert held["contacts_added"][0]["email"] == "s@ny.example"
    assert held["requests_taken_over"] == [taken.reference]
    assert {s["answer"] for s in held["facilities"]["statements"]} == {"right"}
    assert held["facilities"]["capacity"] == []
    assert held["has_second_factor"] is False
    assert "pbkdf2" not in str(held)
    assert "password" not in str(held)
