"""Every form with every field filled with what nobody should send: never a fault of ours.

Oracle: the fields that the page itself has; HTTP.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

CURIDA = "curida_diotec"
MOST_FIELDS = 24
"""Fields of a form that are tried one at a time."""
HOSTILE = {
    "empty": "", "NUL": "a\0b", "lone surrogate": "a\ud800", "long": "x" * 20_000,
    "markup": "<script>alert(1)</script>'\"", "formula": "=cmd|' /C calc'!A0", "emoji": "👩‍🔬" * 50,
    "digits": "9" * 400, "superscript": "²", "no day": "2027-02-30", "line breaks": "a\r\nb\u2028c",
    "right to left": "\u202eabc", "percent": "%s%n{0}{{x}}{% x %}",
}  # fmt: skip
class _Forms(HTMLParser):
    """The forms of a page that are posted: where each goes, and what it would send as it stands."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.in_form, self.name = address, {}, None, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or one of its fields."""
        held = {k: v or "" for k, v in attrs}
        if tag == "form":
            is_post = held.get("method") == "post"
            self.in_form = self.found.setdefault(held.get("action", self.address), {}) if (
                is_post) else None  # fmt: skip
        if self.in_form is None:
            return
        name = held.get("name", "")
        if tag in ("input", "select", "textarea", "button") and name:
            is_choice = held.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in held or name not in self.in_form:
                self.in_form[name] = held.get("value", "")
            self.name = name if tag == "select" else ""
        if tag == "option" and self.name and ("selected" in held or not self.in_form[self.name]):
            self.in_form[self.name] = held.get("value", "")


def _forms(client, address: str) -> dict[str, dict[str, str]]:
    read = _Forms(address)
    read.feed(client.get(address).content.decode())
    for fields in read.found.values():
        fields.pop("csrfmiddlewaretoken", None)
    return read.found


def _every(client, addresses: list[str], left_out: tuple[str, ...] = ("sign-out",)) -> int:
    """Send each form of these pages, all fields and each field hostile; how many were sent."""
    client.raise_request_exception = False
    n, faults = 0, []
    for address in addresses:
        for target, fields in _forms(client, address).items():
            if target.rstrip("/").endswith(left_out):
                continue
            for kind, value in HOSTILE.items():
                one = [{**fields, name: value} for name in fields]
                for sent in (dict.fromkeys(fields, value), *one[:MOST_FIELDS]):
                    body = urlencode(sent, errors="surrogatepass")
                    answer = client.post(target, body, "application/x-www-form-urlencoded")
                    n += 1
                    if answer.status_code >= 500:
                        faults.append((target, kind, answer.status_code))
    assert faults == []
    return n


def test_forms_of_visitors(client) -> None:
    assert _every(client, ["/nb/guide/", "/nb/guide/question/", "/nb/guide/answer/",
                           "/nb/guide/fact/company.employees/", "/nb/account/sign-in/"]) > 50


def test_forms_of_a_company(client, make, contact, signed_in) -> None:
    user = signed_in("company")
    contact("celleterapi_ous")
    draft, ready = make("draft", owner=user), make("ready", owner=user)
    parts = ("work", "needs", "frame", "summary", "confidential")
    assert _every(client, ["/nb/requests/", "/nb/account/password/", "/nb/account/delete/",
                           *(f"/nb/requests/{draft.reference}/write/{p}/" for p in parts),
                           f"/nb/requests/{draft.reference}/review/",
                           f"/nb/requests/{ready.reference}/"]) > 100


@pytest.mark.parametrize("state", ["waiting", "question", "yes", "open"])
def test_forms_of_links_and_of_who_asked(client, asked, signed_in, state) -> None:
    from virkestoff_hub.requests.forwarding import token_of

    held, inquiry = asked(owner=signed_in("company"))
    type(inquiry).objects.filter(pk=inquiry.pk).update(state=state)
    link = f"/nb/requests/answer/{token_of(inquiry.links.get())}/"
    assert _every(client, [f"/nb/requests/{held.reference}/", link, f"{link}?say=no",
                           f"{link}?say=ask"]) > 20


def test_forms_of_a_provider(client, signed_in) -> None:
    from virkestoff_hub.facilities.holding import from_library, statements_of
    from virkestoff_hub.facilities.models import ProviderLink

    ProviderLink.objects.create(user=signed_in("provider"), provider=CURIDA)
    key = statements_of(CURIDA, from_library().providers[CURIDA])[0].key
    mine = f"/nb/facilities/mine/{CURIDA}/"
    assert _every(client, [f"{mine}statement/add/", f"{mine}statement/{key}/", f"{mine}line/",
                           mine]) > 40


def test_forms_of_staff(client, make, signed_in) -> None:
    user = signed_in("administrator")
    assert _every(client, ["/nb/account/users/add/", f"/nb/account/users/{user.pk}/",
                           "/nb/facilities/links/"]) > 20


def test_forms_of_a_broker(client, make, signed_in) -> None:
    signed_in("broker")
    held = make("escalated")
    assert _every(client, ["/nb/requests/broker/contacts/", "/nb/facilities/links/",
                           f"/nb/requests/{held.reference}/"]) > 20


def test_forms_of_an_analyst(client, signed_in) -> None:
    signed_in("analyst")
    assert _every(client, ["/nb/studies/example/change/", "/nb/instruments/coverage/"]) > 12


def test_questions_in_addresses(client) -> None:
    """What a form sends with GET: match, search, lists, statistics."""
    client.raise_request_exception = False
    faults = []
    pages = ("facilities/match/answer/", "facilities/", "search/", "evidence/", "instruments/",
             "industry/statistics/", "industry/projections/", "studies/example/compare/",
             "instruments/coverage/")  # fmt: skip
    for page in pages:
        shown = client.get(f"/nb/{page}").content.decode()
        if page.startswith("facilities/match"):
            shown = client.get("/nb/facilities/match/").content.decode()
        names = re.findall(r'<(?:input|select)\b[^>]*\bname="([^"]+)"', shown)
        fields = sorted(set(names)) or ["q"]
        for kind, value in HOSTILE.items():
            sent = value[:2000].encode("utf-8", "replace").decode()
            answer = client.get(f"/nb/{page}", dict.fromkeys(fields, sent))
            if answer.status_code >= 500:
                faults.append((page, kind, answer.status_code))
    assert faults == []
