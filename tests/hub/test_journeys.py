"""The main journey of each role through the site, in Chromium, with the worker at work.

Oracle: what a person sees; the letters that the site wrote; RFC 6238 as django-otp computes it; axe
on the pages that only a form leads to.
"""

from __future__ import annotations

import base64
import email
import email.policy
import re

import pytest
from hub_browser import PASSWORD, faults_of, needs_browser, sign_in

pytestmark = [needs_browser, pytest.mark.usefixtures("seeded")]


def _press(opened, name: str) -> None:
    opened.get_by_role("button", name=name, exact=True).click()


def _follow(opened, name: str) -> None:
    opened.get_by_role("link", name=name, exact=True).first.click()


def _text(opened) -> str:
    return str(opened.inner_text("main")).replace("\u00a0", " ")


def _second_factor(opened) -> None:
    """Set the app up: the key that is shown gives the code that is asked for."""
    from django_otp.oath import totp

    assert "/second-factor/" in opened.url
    shown = opened.inner_text("code.secret").replace(" ", "")
    key = base64.b32decode(shown + "=" * (-len(shown) % 8))
    opened.fill("#id_code", f"{totp(key):06d}")
    opened.click("main form button.button")
    assert opened.locator("code.secret").count() == 8
    assert faults_of(opened) == []
    opened.locator("main a.button").click()


def _letters(served, to: str) -> list[str]:
    """Letters to somebody, in the order in which they were written."""
    found = []
    for file in sorted(served.letters.glob("*.log"), key=lambda p: p.stat().st_mtime_ns):
        for part in re.split(r"^-{70,}$", file.read_text("utf-8"), flags=re.MULTILINE):
            letter = email.message_from_string(part.strip(), policy=email.policy.default)
            if to in str(letter["To"]):
                found.append(letter.get_content())
    return found


def _links(served, text: str) -> list[str]:
    return re.findall(rf"{re.escape(served.address)}(/\S+)", text)


# ---- visitor


def test_a_visitor_takes_the_answer_along(page) -> None:
    """From the front page to schemes with their reasons, and the answer as files."""
    opened = page(accept_downloads=True)
    opened.goto("/en/")
    _follow(opened, "Which support can we get, when, and why not?")
    opened.check("#f-company-is-registered-in-norway-1")
    opened.select_option("#f-company-kind", "company")
    opened.fill("#f-company-employees", "12")
    _press(opened, "Show the answer now")
    opened.wait_for_url("**/guide/answer/")
    assert "Because:" in _text(opened)
    begins = {"PDF": b"%PDF-", "Workbook (XLSX)": b"PK\x03\x04"}
    for name, first in begins.items():
        with opened.expect_download() as got:
            _follow(opened, name)
        assert got.value.path().read_bytes().startswith(first)
    _press(opened, "Make a private link")
    secret = opened.url
    opened.context.clear_cookies()
    opened.goto(secret)
    assert "12" in _text(opened)
    _follow(opened, "Delete the answer")
    opened.locator("main form button").click()
    assert opened.goto(secret).status == 404
    assert opened.stopped == []


# ---- company, provider's contact, broker


def _write_request(opened) -> None:
    """From one's own page to a request that is ready to be sent."""
    opened.goto("/en/requests/")
    _press(opened, "Write a new request")
    opened.select_option("#f-steps-0-does", "cell_therapy_production")
    opened.fill("#f-steps-0-quantity", "3")
    opened.select_option("#f-steps-0-quantity-unit", "batch")
    _press(opened, "Save and go on")
    opened.select_option("#f-modality", "cell_therapy")
    for _ in range(2):
        _press(opened, "Save and go on")
    opened.fill("#f-summary", "Cells for a first trial")
    _press(opened, "Save and go on")
    opened.fill("#f-company", "Granli Biotek AS")
    opened.fill("#f-contact-name", "Nora Vik")
    opened.fill("#f-contact-email", "nora@granli.example")
    opened.fill("#f-details", "The molecule is XQ-1")
    _press(opened, "Save and go on")
    _press(opened, "Find providers")


def _send_to(opened, provider: str) -> str:
    opened.check(f"input[name=provider][value$=':{provider}']")
    _press(opened, "Send the anonymous description")
    assert "Answers of the providers" in _text(opened)
    return str(opened.url)


def test_a_company_finds_a_provider_and_tells_the_outcome(page, served) -> None:
    """Draft, send, the question and the yes from the link of the letter, agreement, outcome."""
    company, provider = page(), page(320, bypass_csp=True)
    sign_in(company, "en", "nora")
    _write_request(company)
    address = _send_to(company, "celleterapi_ous")
    letter = _letters(served, "o@l.example")[-1]
    assert "Granli" not in letter
    assert "XQ-1" not in letter
    link = _links(served, letter)[0].partition("?")[0]

    provider.goto(link)
    assert "Granli" not in provider.content()
    provider.click("text=Vi har et spørsmål først")
    provider.fill("#a-ask", "Hvor mange celler?")
    _press(provider, "Send spørsmålet")
    company.goto(address)
    company.get_by_label("Reply to the question, still anonymously").fill("A billion a batch")
    _press(company, "Send the reply")
    provider.goto(link)
    assert "A billion a batch" in _text(provider)
    _press(provider, "Ja, vi vil vite mer")
    provider.fill("#a-name", "Ola Dahl")
    provider.check("#a-accept")
    _press(provider, "Godta avtalen")
    assert provider.get_by_role("button", name="Åpne den fortrolige delen").count() == 0

    company.goto(address)
    company.get_by_label("Your name").fill("Nora Vik")
    company.get_by_label(re.compile("I accept the agreement towards")).check()
    _press(company, "Accept")
    provider.goto(link)
    _press(provider, "Åpne den fortrolige delen")
    assert "Granli Biotek AS" in _text(provider)
    assert "XQ-1" in _text(provider)
    assert faults_of(provider) == []

    company.goto(address)
    assert "Opened by: Ola" in _text(company)
    company.check("#o-agreed")
    _press(company, "Close")
    assert "Agreed" in company.inner_text("main .lead")
    provider.goto(link)
    assert "Granli" not in provider.content()
    assert company.stopped == []


def test_a_broker_takes_an_escalated_request_over(page, served) -> None:
    """Sign in with a second factor, take over, ask another provider, add its contact, close."""
    broker = page(bypass_csp=True)
    sign_in(broker, "nb", "megler")
    _second_factor(broker)
    _follow(broker, "Forespørsler")
    _follow(broker, "F-ESCALATED")
    assert "Fjellbekk" not in _text(broker)
    _press(broker, "Ta over forespørselen")
    assert "megler" in broker.inner_text("main .lead")
    box = broker.locator("input[name=provider]").first
    name = broker.locator(f"label[for='{box.get_attribute('id')}'] b").inner_text()
    provider = str(box.get_attribute("value")).partition(":")[2]
    box.check()
    _press(broker, "Send den anonyme omtalen")
    broker.goto("/nb/requests/broker/")
    assert f"Legg til en kontakt for: {name}" in _text(broker)
    _follow(broker, "Kontakter hos tilbydere")
    broker.select_option("#id_provider", provider)
    broker.fill("#id_name", "Siri")
    broker.fill("#id_email", "siri@nytt.example")
    _press(broker, "Legg til")
    assert len(_links(served, _letters(served, "siri@nytt.example")[-1])) >= 1
    broker.goto("/nb/requests/F-ESCALATED/")
    broker.check("#o-price")
    _press(broker, "Avslutt")
    assert "Pris" in broker.inner_text("main .lead")
    broker.goto("/nb/requests/unmet/")
    assert "Hva ble etterspurt og ikke funnet?" in _text(broker)
    assert broker.stopped == []


# ---- provider, and two who change one record


def test_a_provider_claims_enters_a_window_and_keeps_it_up(page, served, seeded) -> None:
    """Answer what is stated, enter capacity, and confirm old lines by the broker's link."""
    opened = page()
    sign_in(opened, "nb", "ola")
    _follow(opened, "Mine anlegg")
    opened.locator("main table a").first.click()
    opened.get_by_role("button", name=re.compile("Alt som ikke er besvart, stemmer")).click()
    assert opened.get_by_role("button", name=re.compile("Alt som ikke er besvart")).count() == 0
    _follow(opened, "Slik andre ser siden")
    assert "Bekreftet av tilbyderen" in _text(opened)
    opened.go_back()
    _follow(opened, "Legg til en linje")
    opened.fill("#f-name", "host")
    _press(opened, "Lagre")
    assert "Rett dette og send igjen" in _text(opened)
    assert opened.input_value("#f-name") == "host"
    _fill_line(opened)
    _press(opened, "Lagre")
    assert "host" in opened.inner_text("#lines ~ table")

    broker = page(session=seeded["sessions"]["broker"], bypass_csp=True)
    broker.goto("/nb/facilities/upkeep/")
    link = re.findall(rf"{re.escape(served.address)}(/nb/facilities/still-correct/[^\s<\"]+)",
                      broker.content())[0]  # fmt: skip
    stranger = page(320, bypass_csp=True)
    stranger.goto(link)
    stranger.locator("main form button.button").click()
    assert "bfs" in _text(stranger)
    assert faults_of(stranger) == []
    broker.reload()
    assert "bfs" not in _text(broker)


def _fill_line(opened) -> None:
    opened.locator("#f-does").select_option(index=1)
    opened.select_option("#f-unit", "batch")
    opened.select_option("#f-confidence", "firm")
    opened.fill("#f-from_1, #f-from-1", "2099-03-01")
    opened.fill("#f-to_1, #f-to-1", "2099-04-30")
    opened.fill("#f-offerable_1, #f-offerable-1", "6")


def test_of_two_editors_of_a_record_the_second_sees_both_versions(page) -> None:
    """Nothing of either is lost: the second is told, sees both, and decides."""
    first, second = page(), page(bypass_csp=True)
    for opened, name in ((first, "ola"), (second, "eva")):
        sign_in(opened, "en", name)
    first.goto("/en/facilities/mine/agilera/line/")
    first.fill("#f-name", "shared")
    _fill_line(first)
    _press(first, "Save")
    for opened in (first, second):
        opened.goto("/en/facilities/mine/agilera/line/shared/")
    first.select_option("#f-visibility", "public")
    _press(first, "Save")
    second.select_option("#f-confidence", "likely")
    _press(second, "Save")
    assert "Somebody else has changed this" in _text(second)
    both = second.inner_text("main table")
    assert "firm" in both
    assert "likely" in both
    assert second.input_value("#f-confidence") == "likely"
    assert faults_of(second) == []
    _press(second, "Save")
    first.goto("/en/facilities/mine/agilera/line/shared/")
    assert first.input_value("#f-confidence") == "likely"


# ---- analyst


def test_an_analyst_changes_inputs_runs_and_compares(page) -> None:
    """Change a number, follow the run to its end, read, compare, download."""
    opened = page(accept_downloads=True, bypass_csp=True)
    sign_in(opened, "en", "analyse")
    _second_factor(opened)
    opened.goto("/en/studies/example/change/")
    field = opened.locator("fieldset.field input.number").first
    was = field.input_value()
    field.fill("x")
    _press(opened, "Run in the background")
    assert "Mend this" in _text(opened)
    changed = opened.locator("fieldset.field input.number").first
    changed.fill(_a_little_more(was))
    opened.fill("#f-draws", "20")
    _press(opened, "Run in the background")
    opened.wait_for_url("**/runs/**")
    opened.get_by_role("link", name="Read the result").wait_for(timeout=90_000)
    assert faults_of(opened) == []
    with opened.expect_download() as got:
        _follow(opened, "results.json")
    assert b'"changed_inputs"' in got.value.path().read_bytes()
    _follow(opened, "Compare with the study")
    assert "Changed inputs: 1." in _text(opened)
    assert faults_of(opened) == []
    opened.go_back()
    _follow(opened, "Read the result")
    assert "changed" in _text(opened).lower()


def _a_little_more(text: str) -> str:
    """The number as it is written on the page, a hundredth higher."""
    number = float(text.replace(",", "").replace("\u202f", "").replace("\u00a0", ""))
    return f"{number * 1.01:.6g}"


# ---- editor, administrator


def test_an_editor_reads_unmet_need_behind_a_second_factor(page) -> None:
    opened = page(bypass_csp=True)
    sign_in(opened, "en", "rita")
    opened.goto("/en/requests/unmet/")
    _second_factor(opened)
    _follow(opened, "Requests")
    assert "What was asked for and not found?" in _text(opened)
    assert opened.goto("/en/requests/broker/").status == 403


def test_an_administrator_invites_changes_a_role_and_reads_the_trail(page) -> None:
    chief, invited = page(bypass_csp=True), page(320)
    sign_in(chief, "nb", "sjef")
    _second_factor(chief)
    _follow(chief, "Brukere")
    _follow(chief, "Legg til en bruker")
    _press(chief, "Legg til")
    assert "Rett dette" in _text(chief)
    chief.fill("#id_username", "mina")
    chief.fill("#id_email", "mina@example.com")
    chief.select_option("#id_role", "company")
    _press(chief, "Legg til")
    assert faults_of(chief) == []
    password = chief.inner_text("code.secret")
    sign_in(invited, "nb", "mina", password)
    invited.goto("/nb/account/")
    assert "Bruker i et foretak" in _text(invited)
    assert invited.goto("/nb/account/users/").status == 403

    _follow(chief, "Til brukerne")
    _follow(chief, "mina")
    chief.select_option("#id_role", "analyst")
    _press(chief, "Lagre")
    invited.goto("/nb/account/")
    assert "/second-factor/" in invited.url, "a role of staff asks for more at once"
    chief.goto("/nb/account/trail/")
    trail = _text(chief)
    assert "mina (company)" in trail
    assert "mina (analyst)" in trail
    assert chief.stopped == []
    assert PASSWORD not in trail
