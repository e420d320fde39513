"""A request in a real browser without JavaScript, from draft to answer.

Oracle: what a person sees. Axe reads the pages in ``test_every_page``.
"""

from __future__ import annotations

import pytest
from hub_browser import needs_browser, sign_in

pytestmark = [needs_browser, pytest.mark.usefixtures("seeded")]


def test_a_request_without_javascript(page, seeded) -> None:
    opened = page(java_script_enabled=False)
    sign_in(opened, "nb", "nora")
    opened.goto("/nb/requests/")
    opened.click("text=Skriv en ny forespørsel")
    opened.select_option("#f-steps-0-does", "cell_therapy_production")
    for _ in range(3):
        opened.click("button.button[value=next]")
    opened.fill("#f-summary", "Celler til en første studie")
    opened.click("button.button[value=next]")
    opened.fill("#f-company", "Granli Biotek AS")
    opened.click("button.button[value=next]")
    assert "Skriv hvem tilbyderen skal snakke med" in opened.inner_text("main")
    assert opened.input_value("#f-company") == "Granli Biotek AS"
    opened.fill("#f-contact-name", "Nora Vik")
    opened.fill("#f-contact-email", "nora@granli.example")
    opened.click("button.button[value=next]")
    opened.click("text=Finn tilbydere")
    opened.locator("input[name=provider]").first.check()
    opened.click("text=Send den anonyme omtalen")
    assert "Svar fra tilbyderne" in opened.inner_text("main")
    opened.goto(f"/nb/requests/answer/{seeded['places']['token_waiting']}/")
    opened.click("text=Ja, vi vil vite mer")
    assert "Dere har svart ja" in opened.inner_text("main")
