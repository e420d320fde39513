"""A site with a data folder of its own; the tests are left out by name where Django is missing."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

NEEDED = ("django", "django_htmx", "django_otp", "django_tasks", "django_tasks_db", "gunicorn",
          "ninja", "segno", "whitenoise")  # fmt: skip
MISSING = [name for name in NEEDED if find_spec(name) is None]
LEFT_OUT = f"the extra 'hub' is not installed ({', '.join(MISSING)}): pip install 'virkestoff[hub]'"
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # hub_browser, hub_requests, hub_served

from hub_browser import browser, page, seeded, served  # noqa: E402, F401
from hub_requests import LISTED, SECRET, WISHES  # noqa: E402

if not MISSING:
    _folder = tempfile.TemporaryDirectory(prefix="virkestoff-hub-")
    _database = os.environ.get("VIRKESTOFF_HUB_TEST_DATABASE")  # a PostgreSQL to run against
    for name in [n for n in os.environ if n.startswith("VIRKESTOFF_")]:
        del os.environ[name]
    os.environ |= {
        "VIRKESTOFF_DATA": _folder.name,
        "DJANGO_SETTINGS_MODULE": "virkestoff_hub.settings",
        "VIRKESTOFF_HUB_DATABASE": _database or f"sqlite:///{_folder.name}/test.sqlite3",
        "VIRKESTOFF_HUB_HOSTS": "testserver,localhost,127.0.0.1",
    }


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name what is left out, and why."""
    if MISSING:
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


@pytest.fixture(scope="session")
def site():
    """The site as ``hub serve`` prepares it, over a fresh database."""
    if MISSING:
        pytest.skip(LEFT_OUT)
    import django

    django.setup()
    from django.conf import settings
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from virkestoff_hub import engine
    from virkestoff_hub.server import prepare_site

    prepare_site()
    engine.warm()
    return settings


@pytest.fixture
def _clean(site):
    """Every test begins with an empty database and full buckets."""
    from django.core.management import call_command
    from django.db import connection

    call_command("flush", verbosity=0, interactive=False)
    yield
    connection.close()


@pytest.fixture
def client(_clean, monkeypatch):
    """A browser that may ask as often as it likes; CSRF and floods have tests of their own."""
    from django.test import Client

    from virkestoff_hub import throttle

    monkeypatch.setattr(throttle, "READS", (1e6, 1e6))
    monkeypatch.setattr(throttle, "WRITES", (1e6, 1e6))
    return Client()


@pytest.fixture
def person(_clean):
    """Make a user with a role: name, role and password."""

    def make(role: str, name: str = "kari"):
        from virkestoff_hub.accounts.models import User

        return User.objects.create_user(name, password="langt passord 123", role=role)

    return make


@pytest.fixture
def signed_in(client, person):
    """Sign a new user of a role in, staff with a second factor."""

    def sign_in(role: str, name: str = "kari"):
        import django_otp
        from django.http import HttpRequest
        from django_otp.plugins.otp_totp.models import TOTPDevice

        from virkestoff_hub.accounts.permissions import STAFF

        user = person(role, name)
        client.force_login(user)
        if role in STAFF:
            device = TOTPDevice.objects.create(user=user, confirmed=True, name="app")
            session = client.session
            request = HttpRequest()
            request.session, request.user = session, user
            django_otp.login(request, device)
            session.save()
        return user

    return sign_in


@pytest.fixture
def letters(site, monkeypatch):
    """What was sent, newest last."""
    from django.core import mail

    monkeypatch.setattr(site, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def make(person):
    """Make a request in a state, with a contact of the provider."""

    def new(state: str = "draft", owner=None, **changes):
        from virkestoff_hub.accounts.models import User
        from virkestoff_hub.requests.models import FacilityRequest

        owner = owner or User.objects.filter(username="zk_owner").first() or person(
            "company", "zk_owner")  # fmt: skip
        held = {"owner": owner, "state": state, "wishes": dict(WISHES),
                "confidential": dict(SECRET), **changes}  # fmt: skip
        return FacilityRequest.objects.create(**held)

    return new


@pytest.fixture
def contact(_clean):
    """Somebody who gets e-mail for a provider."""

    def add(provider: str = LISTED, email: str = "post@leverandor.example", language: str = "nb"):
        from virkestoff_hub.requests.models import ProviderContact

        return ProviderContact.objects.create(provider=provider, name="Ola", email=email,
                                              language=language)  # fmt: skip

    return add


@pytest.fixture
def asked(make, contact, letters):
    """A request that was put to one provider, and the inquiry."""

    def new(**changes):
        from virkestoff_hub.requests.forwarding import forward

        contact()
        held = make("ready", **changes)
        [inquiry] = forward(held, {LISTED: [0]}, "requester", "http://testserver")
        return held, inquiry

    return new
