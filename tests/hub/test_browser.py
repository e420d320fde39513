"""The site in a real browser: the journeys of visitors, by keyboard and on a telephone.

Oracle: the browser's own report of what the policy of content stopped, and what a reader sees.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest
from hub_browser import needs_browser

pytestmark = needs_browser
PAGES = (
    "", "about/", "privacy/", "accessibility/", "guide/", "instruments/", "instruments/skattefunn/",
    "instruments/coverage/", "evidence/", "evidence/record/production.penicillin.titre/",
    "evidence/sources/source_004/", "evidence/conflicts/", "industry/", "industry/statistics/",
    "studies/", "studies/example/", "studies/example/results/published/",
    "studies/example/results/published/chapters/cost/", "studies/example/compare/",
    "studies/example/results/published/numbers/stock.account_yearly_cost_state/",
    "studies/example/results/published/explain/", "studies/example/change/",
    "industry/projections/", "account/sign-in/", "nothing/", "guide/question/", "guide/answer/",
    "search/?q=legemidelproduksjn", "search/?q=qqqxxx", "api/",
    "guide/answer/scheme/skattefunn/", "guide/fact/company.employees/",
    "facilities/", "facilities/map/", "facilities/vocabulary/",
    "facilities/provider/curida_diotec/", "facilities/provider/agilera/", "facilities/match/",
    "facilities/match/answer/?does_1=atmp_production&size_1=300&size_unit_1=L&modality=cell_therapy",
    "facilities/match/answer/?does_1=cell_culture&does_2=aseptic_filling&size_1=x",
    "facilities/match/answer/?does_1=cell_culture&does_2=aseptic_filling",
)  # fmt: skip

def _begin(page, lang: str) -> None:
    page.goto(f"/{lang}/guide/")
    page.select_option("#f-company-kind", "company")
    page.fill("#f-company-employees", "12")
    page.select_option("#f-project-activity", "industrial_research")
    page.fill("#f-project-total-costs", "10 mill")
    page.click("form[method=post] button.button:not(.second)")


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_from_the_front_page_to_these_schemes_because(page, lang) -> None:
    words = {
        "nb": ("Hvilken støtte kan vi få, når, og hvorfor ikke?", "Fordi:", "Dette avgjør"),
        "en": ("Which support can we get, when, and why not?", "Because:", "What decides"),
    }[lang]
    opened = page(320)
    opened.goto(f"/{lang}/")
    opened.get_by_role("link", name=words[0]).click()
    opened.check("#f-company-is-registered-in-norway-1")
    opened.select_option("#f-company-kind", "company")
    opened.click("button[name=answer]")
    opened.wait_for_url("**/guide/answer/")
    text = opened.inner_text("main")
    assert words[1] in text
    assert words[2] in text
    opened.locator("#undecided ~ ul.schemes h3 a").first.click()
    assert opened.locator("table .tag").count() >= 1
    opened.go_back()
    opened.locator("form[action$='/keep/'] button").click()
    assert "/kept/" in opened.url
    assert opened.stopped == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_from_a_figure_to_the_place_in_its_source(page, lang) -> None:
    opened = page()
    opened.goto(f"/{lang}/industry/")
    opened.locator("table a.n").first.click()
    assert "/evidence/record/" in opened.url
    opened.locator(".note a").first.click()
    assert "/evidence/sources/" in opened.url
    assert opened.stopped == []


def test_the_guide_by_keyboard_alone(page) -> None:
    """Tab, space, arrows and return, from the skip link to the answer."""
    opened = page()
    opened.goto("/nb/guide/")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.keyboard.press("Enter")
    for _ in range(40):
        opened.keyboard.press("Tab")
        name = opened.evaluate("document.activeElement.name || ''")
        if name == "company.is_registered_in_norway":
            opened.keyboard.press("Space")
        elif name == "company.employees":
            opened.keyboard.type("12")
        elif name == "answer":
            opened.keyboard.press("Enter")
            break
    opened.wait_for_url("**/guide/answer/**")  # the skip link stands in the address
    assert "12 personer" in opened.inner_text("main").replace("\u00a0", " ")
    assert opened.stopped == []


def test_without_javascript(page) -> None:
    opened = page(java_script_enabled=False)
    _begin(opened, "nb")
    assert opened.url.endswith("/guide/question/")
    opened.click("button[value=unknown]")
    opened.click("text=Se svaret slik det er nå")
    assert opened.locator("ul.schemes li").count() > 10


def test_the_fonts_are_the_sites_own(page) -> None:
    opened = page()
    opened.goto("/nb/")
    loaded = opened.evaluate(
        "document.fonts.ready.then(all => [...all].filter(f => f.status == 'loaded')"
        ".map(f => f.family))"
    )
    assert {name.strip('"') for name in loaded} == {"Source Sans Pro"}
    assert opened.stopped == []


def test_the_other_language_is_the_same_page(page) -> None:
    opened = page()
    opened.goto("/nb/evidence/?search=penicillin")
    opened.get_by_role("link", name="English").click()
    assert opened.url.endswith("/en/evidence/?search=penicillin")


def test_a_report_is_made_in_the_background_and_a_killed_process_is_replaced(page, served) -> None:
    """The worker is killed in the middle; the run is taken up again and ends."""
    subprocess.run(
        [sys.executable, "-c", "from virkestoff.cli import main; main()", "hub", "add-user", "kari",
         "--role", "company"],
        input="langt passord 123\n", text=True, env=served.env, check=True, capture_output=True,
    )  # fmt: skip
    opened = page()
    opened.goto("/nb/account/sign-in/")
    opened.fill("#id_username", "kari")
    opened.fill("#id_password", "langt passord 123")
    opened.click("main button")
    opened.goto("/nb/instruments/coverage/")
    opened.click("form[action$='/coverage-report/'] button")
    opened.wait_for_selector("text=Pågår", timeout=60_000)
    [worker] = served.children("virkestoff_hub.runs.worker")
    os.kill(worker, signal.SIGKILL)
    [web] = served.children("hub serve")
    os.kill(web, signal.SIGKILL)
    opened.wait_for_selector("text=Ferdig", timeout=120_000)
    names = opened.locator("#state li").all_inner_texts()
    assert sorted(n.rpartition(".")[2] for n in names) == ["docx", "docx", "html", "html", "pdf",
                                                           "pdf"]  # fmt: skip
    assert all(re.fullmatch(r"[\w.-]+", name) for name in names)
    new = served.children("virkestoff_hub.runs.worker")
    assert new != [worker]
    assert len(new) == 1
