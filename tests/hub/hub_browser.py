"""Chromium against one served site: who is signed in, what a page could not load, and axe."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome")
                 if (p := shutil.which(n))), "")  # fmt: skip
LACKS = [
    *(n for n in ("playwright", "axe_playwright_python") if importlib.util.find_spec(n) is None),
    *([] if CHROMIUM else ["chromium"]),
]
needs_browser = pytest.mark.skipif(
    bool(LACKS),
    reason=f"no browser: {', '.join(LACKS)} missing (pip install 'virkestoff[hub-test]', "
    "apt-get install chromium)",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
NARROW = 320
PASSWORD = "langt passord 123"
SEED = Path(__file__).parent / "hub_seed.py"


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A site that shows the synthetic companies, with one web process.

    It believes one proxy, so that each context of the browser is an address of its own and has its
    own bucket of forms a second.
    """
    from hub_served import Served

    site = Served(tmp_path_factory.mktemp("data"), "--demo", "--workers", "1",
                  VIRKESTOFF_HUB_PROXIES="1")  # fmt: skip
    yield site
    site.stop()


@pytest.fixture(scope="session")
def seeded(served) -> dict[str, Any]:
    """A person of each role, and something of every kind to look at: names, keys, sessions."""
    ran = subprocess.run([sys.executable, str(SEED)], env=served.env, check=False,
                         capture_output=True, text=True)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def browser():
    """Chromium; ended with each file, since nothing of Django runs beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


_REFUSED = re.compile(r"status of 4(03|04|09|22)\b")
"""A page that says what is wrong; its status is told on the console, too."""
_n_addresses = iter(range(1, 65_000))


@pytest.fixture
def page(served, browser):
    """A page that notes what it could not load, and what it asked of others.

    With ``session``, somebody is signed in on it.
    """
    opened = []

    def new(width: int = 1280, session: str = "", **more):
        n = next(_n_addresses)
        context = browser.new_context(
            viewport={"width": width, "height": 800}, base_url=served.address,
            extra_http_headers={"X-Forwarded-For": f"10.0.{n // 250}.{n % 250 + 1}"}, **more,
        )  # fmt: skip
        if session:
            context.add_cookies([{"name": "session", "value": session, "url": served.address}])
        context.set_default_timeout(20_000)
        fresh = context.new_page()
        fresh.stopped = []
        fresh.on("console", lambda m: None if _REFUSED.search(m.text)
                 else fresh.stopped.append(m.text))  # fmt: skip
        fresh.on("pageerror", lambda e: fresh.stopped.append(str(e)))
        fresh.on("request", lambda r: None if r.url.startswith(served.address)
                 else fresh.stopped.append(r.url))  # fmt: skip
        opened.append(context)
        return fresh

    yield new
    for context in opened:
        context.close()


def sign_in(opened, lang: str, name: str, password: str = PASSWORD) -> None:
    """Name and password, as a person gives them."""
    opened.goto(f"/{lang}/account/sign-in/")
    opened.fill("#id_username", name)
    opened.fill("#id_password", password)
    opened.click("main button")


def faults_of(opened) -> list[str]:
    """What axe finds on the page as it stands, and whether a telephone would scroll sideways.

    The width is tried in both colour schemes.
    """
    if not opened.evaluate("typeof axe === 'object'"):
        opened.evaluate(_axe_source())
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"],
               "preload": False, "iframes": False}
    result = opened.evaluate("options => axe.run(document, options)", options)
    found = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in result["violations"]]
    size = opened.viewport_size
    is_dark = opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    opened.set_viewport_size({**size, "width": NARROW})
    for scheme in ("light", "dark") if is_dark else ("dark", "light"):
        opened.emulate_media(color_scheme=scheme)
        if opened.evaluate("document.documentElement.scrollWidth") > NARROW:
            found.append(f"{scheme}: wider than the screen: {opened.evaluate(_WIDEST)}")
    opened.set_viewport_size(size)
    return found


_WIDEST = f"""[...document.querySelectorAll('main *, header *, footer *')].filter(
    e => e.getBoundingClientRect().right > {NARROW}).slice(0, 3).map(
    e => e.outerHTML.slice(0, 100)).join(' | ')"""


@cache
def _axe_source() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
