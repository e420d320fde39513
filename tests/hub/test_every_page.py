"""Every page of the site in Chromium: none is left out, axe finds nothing, 320 px are wide enough.

Oracle: Django's own list of addresses; axe-core (WCAG 2.1 A and AA, and its best practices) in
light and dark, in both languages, as the role that sees the page; the width of the page as the
browser measures it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hub_browser import faults_of, needs_browser
from hub_pages import ELSEWHERE, FAULTS, FILES, PAGES, TAKES_FORMS

SAMPLE = {"int": "1", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "slug": "x", "str": "x"}


def _addresses(patterns, where: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and address of everything that the site answers to, but the JSON of the API."""
    for pattern in patterns:
        address = where + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            if address != "api/v1/":
                inner = getattr(pattern, "namespace", None)
                yield from _addresses(pattern.url_patterns, address, f"{inner}:" if inner else "")
        else:
            yield space + (pattern.name or address), address


def _all_addresses() -> dict[str, str]:
    from django.urls import get_resolver

    return dict(_addresses(get_resolver().url_patterns))


def _name_of(path: str) -> str:
    from django.urls import resolve

    filled = re.sub(r"\{(\w+)\}", lambda m: SAMPLE["uuid"] if m[1].startswith("run_") else "1",
                    path.partition("?")[0])  # fmt: skip
    return resolve(f"/nb/{filled}").view_name


def test_no_page_is_left_out(site) -> None:
    """A new address is a page of the list, or has a reason why it is none."""
    known = _all_addresses()
    pages = {_name_of(path) for paths in PAGES.values() for path in paths}
    none = [*TAKES_FORMS, *FILES, *ELSEWHERE]
    assert len(known) > 80
    assert sorted(known.keys() - pages - set(none)) == [], "add them to tests/hub/hub_pages.py"
    assert sorted(set(none) - known.keys()) == [], "they are gone: take them off the list"
    assert sorted(pages & set(none)) == []


@pytest.mark.parametrize("name", TAKES_FORMS)
def test_what_takes_forms_is_no_page(client, name) -> None:
    from django.utils.translation import override

    address = _all_addresses()[name]
    with override("nb"):
        filled = re.sub(r"<(\w+):\w+>", lambda m: SAMPLE[m[1]], address)
    assert client.get(f"/nb/{filled.removeprefix('nb/')}").status_code == 405


@needs_browser
def test_files_are_no_pages(page, seeded) -> None:
    found = {}
    for role, address in FILES.values():
        opened = page(session=seeded["sessions"][role])
        if "guide/answer" in address:
            _begin(opened, "en")
        answer = opened.context.request.get(f"/en/{address.format(**seeded['places'])}")
        kind = answer.headers["content-type"].partition(";")[0]
        if answer.status != 200 or kind == "text/html":
            found[address] = (answer.status, kind)
    assert found == {}


def _begin(opened, lang: str) -> None:
    opened.goto(f"/{lang}/guide/")
    opened.select_option("#f-company-kind", "company")
    opened.fill("#f-company-employees", "12")
    opened.select_option("#f-project-activity", "industrial_research")
    opened.fill("#f-project-total-costs", "10 mill")
    opened.click("form[method=post] button.button:not(.second)")


@needs_browser
@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("lang", "width", "scheme"), [("nb", 320, "dark"), ("en", 1280, "light")])
def test_every_page_is_for_everybody(page, seeded, role, lang, width, scheme) -> None:
    opened = page(width, seeded["sessions"][role], color_scheme=scheme, bypass_csp=True)
    if role == "visitor":
        _begin(opened, lang)
    wanted = [(path, 200) for path in PAGES[role]] + list(FAULTS.get(role, ()))
    found = {}
    for path, status in wanted:
        address = f"/{lang}/{path.format(**seeded['places'])}"
        answer = opened.goto(address)
        faults = faults_of(opened)
        if answer.status != status or not answer.url.endswith(address):
            faults.append(f"{answer.status} at {answer.url}, not {status}")
        if faults:
            found[path] = faults
    assert found == {}
