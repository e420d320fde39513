"""The guide and a request from start to end with the keyboard alone, in Chromium.

Oracle: what has the focus, that it can be seen to have it, and what a person sees at the end. The
mouse is never used: a step that Tab does not reach fails.
"""

from __future__ import annotations

import pytest
from hub_browser import PASSWORD, needs_browser

pytestmark = [needs_browser, pytest.mark.usefixtures("seeded")]
MOST_STOPS = 150
SEEN = """() => { const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none' }"""


def _reach(opened, selector: str, words: str = "") -> None:
    """Tab on until something has the focus; every stop on the way can be seen to have it."""
    ask = """([selector, words]) => { const e = document.activeElement;
      return e.matches(selector) && (e.innerText || '').includes(words) }"""
    if opened.evaluate(ask, [selector, words]):
        return  # the page began there
    for _ in range(MOST_STOPS):
        opened.keyboard.press("Tab")
        assert opened.evaluate(SEEN), opened.evaluate("document.activeElement.outerHTML")
        if opened.evaluate(ask, [selector, words]):
            return
    raise AssertionError(f"Tab does not reach {selector} {words}")


def _press(opened, selector: str, words: str = "") -> None:
    """Reach it, press return, and wait for the page that it leads to."""
    _reach(opened, selector, words)
    with opened.expect_navigation():
        opened.keyboard.press("Enter")


def _type(opened, selector: str, text: str) -> None:
    _reach(opened, selector)
    opened.keyboard.type(text)


def _choose(opened, selector: str, value: str) -> None:
    """Arrow down in a list until the value stands there."""
    _reach(opened, selector)
    for _ in range(MOST_STOPS):
        if opened.evaluate("document.activeElement.value") == value:
            return
        opened.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not in {selector}")


def test_the_guide_from_start_to_end(page) -> None:
    """Front page, short profile, a question, the answer, why one scheme, a private link."""
    opened = page()
    opened.goto("/nb/")
    _press(opened, "main a", "Hvilken støtte kan vi få")
    _choose(opened, "#f-company-kind", "company")
    _type(opened, "#f-company-employees", "12")
    _press(opened, "button", "Gå til spørsmålene")
    assert opened.url.endswith("/guide/question/")
    _press(opened, "button", "Vet ikke")
    _press(opened, "main a", "Se svaret")
    assert "12" in opened.inner_text("main")
    _press(opened, "ul.schemes a")
    assert opened.locator("main table").count() >= 1
    _press(opened, "nav.trail a", "Svaret")
    _reach(opened, "main a", "Privat lenke")  # past a hundred schemes
    opened.keyboard.press("Enter")
    _press(opened, "button", "Lag en privat lenke")
    assert "/guide/kept/" in opened.url
    assert opened.stopped == []


def test_a_request_from_start_to_end(page) -> None:
    """Sign in, write, send, revoke, and tell how it ended."""
    opened = page()
    opened.goto("/nb/")
    _press(opened, "main a", "Hvordan spør vi dem uten å si hvem vi er?")
    _type(opened, "#id_username", "tast")
    _type(opened, "#id_password", PASSWORD)
    with opened.expect_navigation():
        opened.keyboard.press("Enter")
    _press(opened, "main button", "Skriv en ny forespørsel")
    _choose(opened, "#f-steps-0-does", "cell_therapy_production")
    for _ in range(3):
        _press(opened, "button", "Lagre og gå videre")
    _type(opened, "#f-summary", "Celler til en første studie")
    _press(opened, "button", "Lagre og gå videre")
    _type(opened, "#f-company", "Tastatur AS")
    _type(opened, "#f-contact-name", "Tone Tast")
    _reach(opened, "#f-contact-email")
    opened.keyboard.press("Control+A")
    opened.keyboard.type("tone@tastatur.example")
    _press(opened, "button", "Lagre og gå videre")
    _press(opened, "button", "Finn tilbydere")
    _reach(opened, "input[name=provider]")
    opened.keyboard.press("Space")
    _press(opened, "button", "Send den anonyme omtalen")
    assert "Svar fra tilbyderne" in opened.inner_text("main")
    _press(opened, "button", "Trekk tilbake tilgangen")
    _reach(opened, "input[name=outcome]")
    opened.keyboard.press("Space")
    _press(opened, "button", "Avslutt")
    assert opened.inner_text("main .lead").startswith("Avsluttet")
    assert opened.stopped == []


def test_an_answer_from_the_link_of_a_letter(page, seeded) -> None:
    """A provider's contact asks, without signing in."""
    opened = page(320)
    opened.goto(f"/nb/requests/answer/{seeded['places']['token_waiting']}/")
    _reach(opened, "summary", "Vi har et spørsmål først")
    opened.keyboard.press("Enter")
    _type(opened, "#a-ask", "Hvor mange celler?")
    _press(opened, "button", "Send spørsmålet")
    assert "Hvor mange celler?" in opened.inner_text("main")
    assert opened.stopped == []
