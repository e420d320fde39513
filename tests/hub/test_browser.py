"""The site in a real browser: the journeys people make, by keyboard and on a telephone, and axe.

Oracle: axe-core (WCAG 2.1 A and AA, and its best practices), the browser's own report of what the
policy of content stopped, and what a reader sees.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome")
                 if (p := shutil.which(n))), "")  # fmt: skip
LACKS = [
    *(n for n in ("playwright", "axe_playwright_python") if importlib.util.find_spec(n) is None),
    *([] if CHROMIUM else ["chromium"]),
]
pytestmark = pytest.mark.skipif(
    bool(LACKS),
    reason=f"no browser: {', '.join(LACKS)} missing (pip install 'virkestoff[hub-test]', "
    "apt-get install chromium)",
)
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
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A site that shows the synthetic companies, with one web process."""
    from hub_served import Served

    site = Served(tmp_path_factory.mktemp("data"), "--demo", "--workers", "1")
    subprocess.run(
        [sys.executable, "-c", "from virkestoff.cli import main; main()", "hub", "publish-studies",
         "example", "--draws", "40"], env=site.env, check=True, capture_output=True,
    )  # fmt: skip
    yield site
    site.stop()


@pytest.fixture(scope="module")
def browser():
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def page(served, browser):
    """A page that notes what it could not load, and what it asked of others."""
    opened = []

    def new(width: int = 1280, **more):
        context = browser.new_context(viewport={"width": width, "height": 800},
                                      base_url=served.address, **more)  # fmt: skip
        fresh = context.new_page()
        fresh.stopped = []
        fresh.on("console", lambda m: fresh.stopped.append(m.text) if "404" not in m.text else None)
        fresh.on("pageerror", lambda e: fresh.stopped.append(str(e)))
        fresh.on("request", lambda r: None if r.url.startswith(served.address)
                 else fresh.stopped.append(r.url))  # fmt: skip
        opened.append(context)
        return fresh

    yield new
    for context in opened:
        context.close()


def _begin(page, lang: str) -> None:
    page.goto(f"/{lang}/guide/")
    page.select_option("#f-company-kind", "company")
    page.fill("#f-company-employees", "12")
    page.select_option("#f-project-activity", "industrial_research")
    page.fill("#f-project-total-costs", "10 mill")
    page.click("form[method=post] button.button:not(.second)")


@pytest.mark.parametrize(("lang", "width", "scheme"), [("nb", 320, "dark"), ("en", 1280, "light")])
def test_axe_finds_nothing_and_nothing_is_too_wide(page, lang, width, scheme) -> None:
    import axe_playwright_python

    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    opened = page(width, color_scheme=scheme, bypass_csp=True)
    _begin(opened, lang)
    found = {}
    for path in PAGES:
        opened.goto(f"/{lang}/{path}")
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
