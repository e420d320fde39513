"""``virkestoff check --links``: what is said of addresses that do not answer."""

from __future__ import annotations

import json

import pytest

from virkestoff.connectors import links
from virkestoff.connectors.links import Link


@pytest.fixture
def looked_up(monkeypatch) -> list[str]:
    """The first address is gone, the second has moved, the third is slow, the others answer."""
    asked: list[str] = []

    def look_up(addresses, *, on_step=None, **_):
        wanted = sorted(set(addresses))
        asked.extend(wanted)
        if on_step:
            on_step(len(wanted), len(wanted))
        first = [
            Link(wanted[0], "dead", "404"),
            Link(wanted[1], "moved", "200", "https://elsewhere.example/page"),
            Link(wanted[2], "unclear", "time"),
        ]
        return (*first, *(Link(address, "answers", "200") for address in wanted[3:]))

    monkeypatch.setattr(links, "look_up", look_up)
    return asked


def test_pages_that_are_gone_or_moved_are_listed(command, looked_up) -> None:
    result = command("check", "--date", "2026-11-24", "--links", "--lang", "nb")
    assert result.code == 0
    text = " ".join(result.out.split())
    assert "Siden finnes ikke lenger: 1" in text
    assert "Siden er flyttet: 1" in text
    assert "ikke svar i tide" in text
    assert f"{len(looked_up)} adresser er spurt" in text
    assert "https://elsewhere.example/page" in result.out.replace("\n", "")


def test_programs_get_every_address_with_the_sources_that_stand_there(command, looked_up) -> None:
    result = command("check", "--date", "2026-11-24", "--links", "--json")
    found = json.loads(result.out)["links"]
    assert [link["address"] for link in found] == looked_up
    assert all(link["sources"] for link in found)
    assert [link["state"] for link in found[:3]] == ["dead", "moved", "unclear"]


def test_without_links_nothing_is_asked(command, looked_up) -> None:
    result = command("check", "--date", "2026-11-24", "--json")
    assert json.loads(result.out)["links"] is None
    assert looked_up == []


def test_where_there_is_no_network_one_line_says_so(command, monkeypatch) -> None:
    monkeypatch.setattr(
        links, "look_up", lambda some, **_: tuple(Link(a, "unclear", "name") for a in some)
    )
    text = " ".join(command("check", "--links", "--lang", "en").out.split())
    assert "None of the addresses was asked" in text
    assert "no such name" not in text
