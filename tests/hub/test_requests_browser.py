"""Requests in a real browser: from draft to answer without JavaScript, and axe on each page.

Oracle: axe-core (WCAG 2.1 A and AA, and its best practices), and what a person sees.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hub_browser import TAGS, needs_browser

pytestmark = needs_browser

PASSWORD = "langt passord 123"
SEED = f"""
import django; django.setup()
from virkestoff_hub.accounts.models import User
from virkestoff_hub.requests.models import AnswerLink, FacilityRequest, Inquiry, ProviderContact
from virkestoff_hub.requests.forwarding import forward, token_of
user = User.objects.create_user("kari", password="{PASSWORD}", role="company")
ProviderContact.objects.create(provider="celleterapi_ous", name="Ola", email="o@l.example")
wishes = {{"steps": [{{"does": "cell_therapy_production", "quantity": "3",
          "quantity_unit": "batch"}}], "modality": "cell_therapy", "from": "2027-03-01",
          "summary": "Cells for a first trial"}}
secret = {{"company": "Fjellbekk AS", "contact_name": "Kari Lie", "contact_email": "k@f.example"}}
given = {{"owner": user, "wishes": wishes, "confidential": secret}}
names = [FacilityRequest.objects.create(reference="F-DRAFT", **given).reference]
for state in ("waiting", "question", "yes", "open"):
    held = FacilityRequest.objects.create(state="ready", reference="F-" + state.upper(), **given)
    forward(held, {{"celleterapi_ous": [0]}}, "requester", "http://127.0.0.1")
    Inquiry.objects.filter(request=held).update(state=state)
    print(token_of(AnswerLink.objects.get(inquiry__request=held)))
FacilityRequest.objects.create(state="ready", reference="F-READY", **given)
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A site of its own: these requests have the references of those that others seed."""
    from hub_served import Served

    site = Served(tmp_path_factory.mktemp("requests"), "--workers", "1", VIRKESTOFF_HUB_PROXIES="1")
    yield site
    site.stop()


@pytest.fixture(scope="module")
def tokens(served) -> list[str]:
    """Requests in several states; the tokens of their links."""
    env = {**served.env, "DJANGO_SETTINGS_MODULE": "virkestoff_hub.settings"}
    ran = subprocess.run([sys.executable, "-c", SEED], env=env, check=True, capture_output=True,
                         text=True)  # fmt: skip
    return ran.stdout.split()


def _sign_in(opened, lang: str) -> None:
    opened.goto(f"/{lang}/account/sign-in/")
    opened.fill("#id_username", "kari")
    opened.fill("#id_password", PASSWORD)
    opened.click("main button")


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 320, "dark"), ("nb", 1280, "light")])
def test_axe_finds_nothing_on_requests(page, tokens, lang, width, scheme) -> None:
    import axe_playwright_python

    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    opened = page(width, color_scheme=scheme, bypass_csp=True)
    _sign_in(opened, lang)
    parts = ("work", "needs", "frame", "summary", "confidential")
    paths = ["", *(f"F-DRAFT/write/{p}/" for p in parts), "F-DRAFT/review/", "F-DRAFT/delete/",
             "F-READY/", "F-WAITING/", "F-QUESTION/", "F-YES/", "F-OPEN/",
             *(f"answer/{t}/?say=no" for t in tokens)]  # fmt: skip
    found = {}
    for path in paths:
        assert opened.goto(f"/{lang}/requests/{path}").status == 200
        opened.evaluate(source)
        result = opened.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
        )
        faults = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result["violations"]]
        if opened.evaluate("document.documentElement.scrollWidth") > width:
            faults.append("wider than the screen")
        if faults:
            found[path] = faults
    assert found == {}


def test_a_request_without_javascript(page, tokens) -> None:
    opened = page(java_script_enabled=False)
    _sign_in(opened, "nb")
    opened.goto("/nb/requests/")
    opened.click("text=Skriv en ny forespørsel")
    opened.select_option("#f-steps-0-does", "cell_therapy_production")
    for _ in range(3):
        opened.click("button.button[value=next]")
    opened.fill("#f-summary", "Celler til en første studie")
    opened.click("button.button[value=next]")
    opened.fill("#f-company", "Fjellbekk AS")
    opened.click("button.button[value=next]")
    assert "Skriv hvem tilbyderen skal snakke med" in opened.inner_text("main")
    assert opened.input_value("#f-company") == "Fjellbekk AS"
    opened.fill("#f-contact-name", "Kari Lie")
    opened.fill("#f-contact-email", "kari@fjellbekk.example")
    opened.click("button.button[value=next]")
    opened.click("text=Finn tilbydere")
    opened.locator("input[name=provider]").first.check()
    opened.click("text=Send den anonyme omtalen")
    assert "Svar fra tilbyderne" in opened.inner_text("main")
    opened.goto(f"/nb/requests/answer/{tokens[0]}/")
    opened.click("text=Ja, vi vil vite mer")
    assert "Dere har svart ja" in opened.inner_text("main")
