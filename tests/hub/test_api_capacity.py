"""The API's match sees capacity that is open to everybody, and nothing depends on the rest.

Oracle: non-interference. Two sites that differ only in what is not public answer byte for byte the
same; the engine, asked with the public lines alone, gives that answer too.
"""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta

import pytest

CURIDA = "curida"
DAY = date(2026, 11, 25)
WINDOW = {
    "provider": CURIDA, "does": "blow_fill_seal", "unit": "batch",
    "periods": [{"from": "2027-03-01", "to": "2027-04-30", "total": 12, "committed": 4,
                 "reserve": 1, "offerable": 6}],
    "batch": {"from": 5, "to": 50, "unit": "L"}, "confidence": "firm", "verified": "2026-11-01",
    "certificate": {"scope": ["gmp_finished"], "expires": "2028-01-31"},
    "excludes": ["antibiotic"], "visibility": "public",
    "price": {"basis": "market", "low": 987654, "unit": "NOK/batch", "price_year": 2026},
}  # fmt: skip
STEP = {"does": "blow_fill_seal", "quantity": {"amount": 6, "unit": "batch"}}
REQUEST = {"request": "r-1", "from": "2027-03-01", "to": "2027-04-30", "steps": [STEP]}
REQUESTS = [
    REQUEST,
    {"request": "r-2", "steps": [{"does": "blow_fill_seal"}]},
    {**REQUEST, "from": "2027-09-01", "to": "2027-09-30"},  # outside: near misses tell dates
    {**REQUEST, "steps": [{**STEP, "quantity": {"amount": 9, "unit": "batch"}}]},
    {**REQUEST, "steps": [{**STEP, "batch_size": {"amount": 200, "unit": "L"}}]},
    {**REQUEST, "modality": "antibiotic", "gmp": "gmp_investigational"},
    {**REQUEST, "budget": {"high": 5, "price_year": 2026}},
    {"request": "r-3", "steps": [{"does": "blow_fill_seal"}, {"does": "aseptic_filling"}]},
]  # fmt: skip


@pytest.fixture
def line(_clean):
    """A line of capacity; more may be said of it."""

    def make(name: str, **more):
        from virkestoff_hub.facilities.models import CapacityLine

        return CapacityLine.objects.create(provider=CURIDA, name=name, data={**WINDOW, **more})

    return make


def _asked(client, request, lang: str = "en") -> bytes:
    response = client.post(f"/api/v1/facilities/match?on={DAY}&lang={lang}", json.dumps(request),
                           content_type="application/json")  # fmt: skip
    assert response.status_code == 200, response.content[:500]
    assert response.headers["Cache-Control"] == "no-store"
    return response.content


def _answers(client) -> list[bytes]:
    return [_asked(client, request, lang) for request in REQUESTS for lang in ("nb", "en")]


def _of(answer: bytes, provider: str = CURIDA):
    steps = json.loads(answer)["steps"]
    return next(c for c in steps[0]["candidates"] if c["provider"] == provider)


def test_a_public_line_is_matched_as_the_engine_matches_it(client, line) -> None:
    from virkestoff.facilities import Window, match, request_from
    from virkestoff_hub.facilities.holding import from_library

    register = from_library()
    before = _of(_asked(client, REQUEST))
    assert (before["status"], before["window"]) == ("ask", None)
    line("open")
    register = register.__class__(**{**_fields(register), "windows": {
        f"{CURIDA}/open": Window.model_validate(WINDOW)}})  # fmt: skip
    for request in REQUESTS:
        wanted = match(request_from(request, register.vocabulary), register, DAY)
        found = json.loads(_asked(client, request))
        assert found["status"] == wanted.status
        for got, want in zip(found["steps"], wanted.steps, strict=True):
            assert [(c["provider"], c["status"], c["window"], [r["text"] for r in c["reasons"]],
                     [n["text"] for n in c["near_misses"]]) for c in got["candidates"]] == [
                (c.provider, c.status, c.window, [r.text.en for r in c.reasons],
                 [n.text.en for n in c.near_misses]) for c in want.candidates]  # fmt: skip
    assert _of(_asked(client, REQUEST))["window"] == f"{CURIDA}/open"
    late = _of(_asked(client, REQUESTS[2]))
    assert any("from" in n["text"] for n in late["near_misses"])


def _fields(register) -> dict:
    names = ("vocabulary", "providers", "gaps", "settings", "windows", "names", "is_synthetic")
    return {name: getattr(register, name) for name in names}


HIDDEN = [
    {"visibility": level, **more}
    for level, more in itertools.product(("registered", "broker"), (
        {}, {"periods": [{"from": "2027-08-15", "to": "2027-10-02", "offerable": 40}]},
        {"periods": [{"from": "2026-12-01", "to": "2031-12-31", "offerable": 999}]},
        {"batch": {"from": 1, "to": 7000, "unit": "L"}, "excludes": [], "certificate": None},
        {"price": {**WINDOW["price"], "low": 1, "visibility": "public"}},
        {"verified": "2020-01-01"}, {"phases": ["phase_1"]},
    ))
]  # fmt: skip


@pytest.mark.parametrize("has_public", [False, True])
def test_nothing_depends_on_lines_that_are_not_public(client, line, has_public) -> None:
    """Neither status, reasons, near misses, order and counts, nor chains."""
    from virkestoff_hub.facilities.models import CapacityLine

    if has_public:
        line("open")
    wanted = _answers(client)
    for number, hidden in enumerate(HIDDEN):
        held = line(f"hidden-{number}", **hidden)
        assert _answers(client) == wanted, hidden
        if number % 2:
            held.delete()
    assert CapacityLine.objects.count() > 3  # many at once, too
    assert _answers(client) == wanted


@pytest.mark.parametrize(
    "other",
    [{"price": {**WINDOW["price"], "low": 1}}, {"price": None},
     {"price": {**WINDOW["price"], "low": 5, "visibility": "registered"}},
     {"periods": [{"from": "2027-03-01", "to": "2027-04-30", "offerable": 6}]},
     {"periods": [{"from": "2027-03-01", "to": "2027-04-30", "total": 99, "committed": 50,
                   "reserve": 9, "offerable": 6}]}],
)  # fmt: skip
def test_nothing_depends_on_what_a_public_line_keeps_to_itself(client, line, other) -> None:
    """A price that is not open; the total, what is committed and the reserve."""
    held = line("open")
    wanted = _answers(client)
    assert b"987654" not in b"".join(wanted)
    held.delete()
    line("open", **other)
    assert _answers(client) == wanted


def test_an_opened_price_counts(client, line) -> None:
    """Oracle: 6 batches at NOK 10."""
    line("open", price={**WINDOW["price"], "low": 10, "visibility": "public"})
    found = _of(_asked(client, {**REQUEST, "budget": {"high": 59, "price_year": 2026}}))
    [price] = [r for r in found["reasons"] if r["constraint"] == "price"]
    assert (price["verdict"], price["text"]) == ("no", "From NOK 60")
    assert any(n["text"] == "for NOK 60" for n in found["near_misses"])


def test_being_signed_in_opens_nothing_here(client, line, signed_in) -> None:
    line("hidden", visibility="registered")
    line("broker", visibility="broker", periods=[
        {"from": "2027-03-01", "to": "2027-04-30", "offerable": 40}])  # fmt: skip
    wanted = _answers(client)
    signed_in("broker")
    assert _answers(client) == wanted


def test_no_other_address_of_the_api_tells_of_capacity(client, line) -> None:
    line("secret-line", visibility="public")
    line("hidden-line", visibility="registered")
    for path in ("facilities/providers", f"facilities/providers/{CURIDA}", "search?q=curida"):
        text = client.get(f"/api/v1/{path}").content.decode()
        assert "-line" not in text
        assert "987654" not in text


def test_an_answer_of_a_provider_is_told(client) -> None:
    from virkestoff_hub.facilities.holding import from_library, key_of
    from virkestoff_hub.facilities.models import Statement

    on = DAY - timedelta(days=1)
    for capability in from_library().providers[CURIDA].capabilities:
        Statement.objects.create(provider=CURIDA, key=key_of(capability), answer="right", on=on)
    assert client.get(f"/api/v1/facilities/providers/{CURIDA}").json()["is_confirmed"] is True
    assert _of(_asked(client, REQUEST))["is_confirmed"] is True
