"""Attacks that every site meets: forged forms, fixed sessions, guessing, redirects, floods.

Oracle: what a browser or an attacker would do, and the checks of Django for production.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PASSWORD = "langt passord 123"


def _sign_in(client, name: str = "kari", password: str = PASSWORD, **more: str):
    return client.post("/nb/account/sign-in/", {"username": name, "password": password, **more})


def test_a_forged_form_is_refused(_clean) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    for address in ("guide/", "guide/keep/", "account/sign-in/", "account/sign-out/"):
        response = strict.post(f"/nb/{address}", {"number": "1"})
        assert response.status_code == 403, address
        assert "Skjemaet var for gammelt" in response.content.decode()


def test_the_session_has_a_new_key_after_signing_in(client, person) -> None:
    person("company")
    client.post("/nb/guide/", {"company.employees": "3"})
    before = client.session.session_key
    assert _sign_in(client).status_code == 302
    assert client.session.session_key != before
    assert client.get("/nb/guide/answer/").status_code == 200  # what was said is kept


def test_the_session_of_a_changed_password_ends_elsewhere(client, signed_in) -> None:
    from django.test import Client

    user = signed_in("company")
    other = Client()
    other.force_login(user)
    changed = client.post("/nb/account/password/", {
        "old_password": PASSWORD, "new_password1": "et nytt langt ord 7",
        "new_password2": "et nytt langt ord 7"})  # fmt: skip
    assert changed.status_code == 302
    assert client.get("/nb/account/").status_code == 200
    assert other.get("/nb/account/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "gone"),
    [("/nb/runs/", "/nb/runs/"), ("https://evil.example/", "/nb/account/"),
     ("//evil.example", "/nb/account/"), ("javascript:alert(1)", "/nb/account/"),
     ("/\\evil.example", "/nb/account/"), ("http:///evil.example", "/nb/account/")],
)  # fmt: skip
def test_signing_in_leads_within_the_site(client, person, wanted, gone) -> None:
    person("company")
    assert _sign_in(client, next=wanted).url == gone


def test_guessing_shuts_a_name_and_the_right_password_does_not_open_it(client, person) -> None:
    person("company")
    for _ in range(5):
        assert _sign_in(client, password="galt").status_code == 422
    response = _sign_in(client)
    assert response.status_code == 429
    assert "Vent et kvarter" in response.content.decode()


def test_a_failed_attempt_names_nobody(client, person) -> None:
    from virkestoff_hub.accounts.models import Attempt

    person("company")
    texts = [_sign_in(client, name, "galt").content.decode() for name in ("kari", "ingen")]
    assert [t.count("passer ikke sammen") for t in texts] == [1, 1]
    assert "kari" not in str(list(Attempt.objects.values()))


def test_floods_are_told_to_wait(site) -> None:
    from virkestoff_hub.throttle import Buckets

    clock = [0.0]
    buckets = Buckets(3, 0.5, lambda: clock[0])
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]
    assert buckets.take("b") == 0.0
    clock[0] = 2.0
    assert buckets.take("a") == 0.0


def test_the_page_for_a_flood(_clean) -> None:
    from django.test import Client

    client = Client()
    statuses = [client.post("/nb/guide/forget/").status_code for _ in range(60)]
    assert 429 in statuses
    response = client.post("/nb/guide/forget/")
    assert int(response.headers["Retry-After"]) >= 1
    assert "For mange forespørsler" in response.content.decode()


def test_a_second_factor_is_set_up_and_asked_for(client, person) -> None:
    from django_otp.oath import TOTP

    from virkestoff_hub.accounts.second_factor import pending

    user = person("analyst")
    _sign_in(client)
    page = client.get("/nb/account/second-factor/").content.decode()
    assert "Sett opp kode" in page
    assert client.get("/nb/account/second-factor/picture.svg").content.startswith(b"<?xml")
    wrong = client.post("/nb/account/second-factor/", {"code": "000000"})
    assert wrong.status_code == 422
    device = pending(user)
    device.throttle_reset()
    token = f"{TOTP(device.bin_key).token():06d}"
    codes = client.post("/nb/account/second-factor/", {"code": token}).content.decode()
    assert "Skriv ned kodene" in codes
    assert client.get("/nb/account/").status_code == 200
    assert client.get("/nb/account/second-factor/picture.svg").status_code == 404  # it is over

    import re

    paper = re.findall(r'<code class="secret">([a-z2-7]+)</code>', codes)
    assert len(paper) == 8
    client.post("/nb/account/sign-out/")
    _sign_in(client)
    assert client.get("/nb/account/").url == "/nb/account/second-factor/"
    assert client.post("/nb/account/second-factor/", {"code": paper[0]}).status_code == 302
    assert client.get("/nb/account/").status_code == 200
    client.post("/nb/account/sign-out/")
    _sign_in(client)
    used = client.post("/nb/account/second-factor/", {"code": paper[0]})
    assert used.status_code == 422  # once


def test_an_account_is_downloaded_and_deleted(client, signed_in) -> None:
    from virkestoff_hub.accounts.models import TrailEntry, User

    signed_in("company")
    held = client.get("/nb/account/data.json").json()
    assert held["user"]["name"] == "kari"
    assert client.post("/nb/account/delete/", {"password": "galt"}).status_code == 422
    assert User.objects.count() == 1
    assert client.post("/nb/account/delete/", {"password": PASSWORD}).status_code == 302
    assert User.objects.count() == 0
    assert [e.who for e in TrailEntry.objects.filter(what="account_deleted")] == ["kari"]


def test_an_administrator_adds_and_shuts_out_and_cannot_lock_everybody_out(
    client, signed_in
) -> None:
    from virkestoff_hub.accounts.models import TrailEntry, User

    boss = signed_in("administrator", "sjef")
    added = client.post("/nb/account/users/add/",
                        {"username": "ny", "email": "", "role": "editor"})  # fmt: skip
    assert "er lagt til" in added.content.decode()
    new = User.objects.get(username="ny")
    again = client.post("/nb/account/users/add/",
                        {"username": "NY", "email": "", "role": "editor"})  # fmt: skip
    assert again.status_code == 422
    client.post(f"/nb/account/users/{new.pk}/", {"email": "", "role": "editor"})
    new.refresh_from_db()
    assert not new.is_active
    alone = client.post(f"/nb/account/users/{boss.pk}/", {"email": "", "role": "company",
                                                          "is_active": "on"})  # fmt: skip
    assert alone.status_code == 422
    assert set(TrailEntry.objects.values_list("what", flat=True)) >= {"user_added", "user_changed"}
    assert client.get("/nb/account/trail/?what=user_added").status_code == 200


def test_production_settings_pass_the_checks_of_django(tmp_path) -> None:
    """Oracle: ``check --deploy`` with every warning a fault."""
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("VIRKESTOFF_")},
        "VIRKESTOFF_DATA": str(tmp_path), "VIRKESTOFF_HUB_MODE": "production",
        "VIRKESTOFF_HUB_HOSTS": "hub.example.no", "VIRKESTOFF_HUB_CONTACT": "post@example.no",
        "DJANGO_SETTINGS_MODULE": "virkestoff_hub.settings",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    secret = tmp_path / "hub" / "secret-key"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) > 50


def test_faults_of_the_environment_are_told_at_once(tmp_path) -> None:
    from virkestoff.errors import InputError
    from virkestoff_hub.environment import read_environment

    with pytest.raises(InputError) as caught:
        read_environment({
            "VIRKESTOFF_DATA": str(tmp_path), "VIRKESTOFF_HUB_MODE": "fast",
            "VIRKESTOFF_HUB_HOSTS": "a b; c", "VIRKESTOFF_HUB_CONTACT": "nobody",
            "VIRKESTOFF_HUB_PROXIES": "x", "VIRKESTOFF_HUB_DATABASE": "mysql://a/b",
            "VIRKESTOFF_HUB_DEMO": "yes", "VIRKESTOFF_HUB_MAIL": "pigeon://loft",
        })  # fmt: skip
    named = {fault.where for fault in caught.value.faults}
    assert named == {f"VIRKESTOFF_HUB_{n}" for n in ("MODE", "HOSTS", "CONTACT", "PROXIES",
                                                      "DATABASE", "DEMO", "MAIL")}  # fmt: skip
    assert not (tmp_path / "hub").exists()  # nothing was written


def test_a_postgresql_address_is_read(tmp_path) -> None:
    from virkestoff_hub.environment import read_environment

    address = "postgresql://ola:p%40ss@db.example.no:5433/hub"
    found = read_environment({"VIRKESTOFF_DATA": str(tmp_path), "VIRKESTOFF_HUB_DATABASE": address})
    wanted = {"NAME": "hub", "USER": "ola", "PASSWORD": "p@ss", "HOST": "db.example.no",
              "PORT": "5433"}  # fmt: skip
    assert {k: found.database[k] for k in wanted} == wanted
