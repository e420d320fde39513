"""Workbooks of capacity, sound and hostile, and links that ask whether capacity still holds.

Oracle: what was written into the file cell by cell; an independent writer (zipfile) of broken ones.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest

NB = "/nb/facilities/"
CURIDA = "curida"
COLUMNS = (
    "line", "version", "from", "to", "total", "committed", "reserve", "offerable", "does", "unit",
    "batch_from", "batch_to", "batch_unit", "confidence", "visibility", "price_basis", "price_low",
    "price_high", "price_per", "price_year", "price_visibility", "outside_normal_operation",
    "excludes", "phases", "certificate_scope", "certificate_expires",
)  # fmt: skip
NAMES = {
    "nb": ("Linje", "Versjon", "Fra", "Til", "I alt", "Opptatt", "Beredskapsreserve", "Ledig",
           "Arbeid", "Enhet", "Minste batch", "Største batch", "Enhet for batch", "Hvor sikkert",
           "Vises for", "Prisgrunnlag", "Laveste pris (NOK)", "Høyeste pris (NOK)", "Pris per",
           "Prisår", "Prisen vises for", "Utenfor ordinær drift", "Tar ikke", "Faser",
           "GMP-sertifikat gjelder", "GMP-sertifikat til"),
    "en": ("Line", "Version", "From", "To", "Total", "Committed", "Preparedness reserve", "Free",
           "Work", "Unit", "Smallest batch", "Largest batch", "Unit of batch", "How sure",
           "Shown to", "Price basis", "Lowest price (NOK)", "Highest price (NOK)", "Price per",
           "Price year", "Price shown to", "Outside normal operation", "Does not take", "Phases",
           "GMP certificate covers", "GMP certificate until"),
}  # fmt: skip
HEAD = {"does": "blow_fill_seal", "unit": "batch", "confidence": "firm", "visibility": "registered"}
ROW = {"line": "bfs", "from": "2099-03-01", "to": "2099-04-30", "total": 12, "offerable": 6, **HEAD}
NEXT = {"line": "bfs", "from": "2099-05-01", "to": "2099-05-31", "offerable": 1.125}


def _sheet(*rows: dict, columns=COLUMNS) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(c) for c in columns])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.fixture
def speaker(signed_in):
    """A user who speaks for Curida."""
    from virkestoff_hub.facilities.models import ProviderLink

    user = signed_in("provider")
    ProviderLink.objects.create(user=user, provider=CURIDA)
    return user


@pytest.fixture
def send(client, speaker):
    """Upload a file, and what the page says."""

    def sent(data: bytes, name: str = "windows.xlsx"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        response = client.post(f"{NB}mine/{CURIDA}/upload/",
                               {"file": SimpleUploadedFile(name, data)})  # fmt: skip
        faults = re.findall(r"<li>((?:Ark |Filen|Arket|Velg)[^<]*)</li>", response.content.decode())
        return response.status_code, faults

    return sent


def _n_lines() -> int:
    from virkestoff_hub.facilities.models import CapacityLine

    return CapacityLine.objects.count()


def test_a_sheet_is_taken_and_comes_back_as_it_was(client, send) -> None:
    """Numbers and dates as cells of their own kind; a downloaded sheet is sent back unchanged."""
    from datetime import datetime

    from openpyxl import load_workbook

    from virkestoff_hub.facilities.models import CapacityLine

    dated = {**ROW, "from": datetime(2099, 3, 1), "price_basis": "market", "price_low": 1250.5,
             "price_per": "batch", "price_year": 2026, "excludes": "antibiotic, human_vaccine",
             "certificate_scope": "gmp_finished", "certificate_expires": "31.12.2099",
             "batch_to": 1.125, "batch_unit": "m^3"}  # fmt: skip
    assert send(_sheet(dated, NEXT, {**ROW, "line": "other"})) == (302, [])
    window = CapacityLine.objects.get(name="bfs").window
    assert [p.offerable for p in window.periods] == [6, 1.125]
    assert (window.price.low, window.price.unit, window.batch.to) == (1250.5, "NOK/batch", 1.125)
    assert window.excludes == ("antibiotic", "human_vaccine")
    held = client.get(f"{NB}mine/{CURIDA}/windows.xlsx")
    book = load_workbook(io.BytesIO(held.content))
    assert tuple(c.value for c in book.active[1]) == NAMES["nb"]
    assert send(held.content) == (302, [])
    again = CapacityLine.objects.get(name="bfs")
    assert again.version == 2
    assert again.window.model_copy(update={"verified": window.verified}) == window
    status, faults = send(held.content)  # an old file must not overwrite what came after
    assert status == 422
    assert all("endret siden filen ble lastet ned" in f for f in faults)


def test_every_fault_is_named_by_its_row_and_nothing_is_half_written(send) -> None:
    rows = [
        {**ROW, "line": "good"}, {**ROW, "line": "bad name!"}, {**ROW, "line": "a", "unit": "cup"},
        {**ROW, "line": "b", "offerable": 99}, {**ROW, "line": "c", "from": "soon"},
        {**ROW, "line": "d"}, {"line": "d", "from": "2099-04-30", "to": "2099-05-01"},
        {**ROW, "line": "e"}, {**NEXT, "line": "e", "unit": "L"},
        {**ROW, "line": "f", "total": -1}, {**ROW, "line": "g", "does": "peptide_synthesis"},
        {**ROW, "line": "h", "offerable": "1,000"}, {**ROW, "line": "i", "version": 7},
    ]  # fmt: skip
    status, faults = send(_sheet(*rows))
    assert status == 422
    at = [re.match(r"Ark Sheet, rad (\d+), kolonne ([A-Z]) \(([^)]+)\): ", f).groups()
          for f in faults]  # fmt: skip
    named = {(row, COLUMNS[ord(letter) - ord("A")]) for row, letter, _ in at}
    assert all(name == NAMES["nb"][ord(letter) - ord("A")] for _, letter, name in at)
    assert named == {
        ("3", "line"), ("4", "unit"), ("5", "total"), ("6", "from"), ("8", "from"), ("10", "unit"),
        ("11", "total"), ("12", "does"), ("13", "offerable"), ("14", "version"),
    }  # fmt: skip
    assert _n_lines() == 0


@pytest.mark.parametrize("value", ["=1+1", "=HYPERLINK(\"http://x\")", "+1", "@SUM(A1)", " =A1"])
def test_formulas_are_refused(send, value) -> None:
    status, faults = send(_sheet({**ROW, "offerable": value}))
    assert status == 422
    assert any(f.startswith("Ark Sheet, rad 2, kolonne H (Ledig): Er en formel") for f in faults)
    assert _n_lines() == 0


def test_wrong_columns_are_named(send) -> None:
    wrong = ("line", "line", "prise", *COLUMNS[2:])
    status, faults = send(_sheet(ROW, columns=wrong))
    assert status == 422
    assert {f.split(": ")[0].removeprefix("Ark Sheet, rad 1, kolonne ") for f in faults} == {
        "A (Linje)", "C (prise)", "(Versjon)"}  # fmt: skip


def _changed(data: bytes, **parts: bytes | None) -> bytes:
    """A workbook with parts replaced, added or taken out."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w",
                                                                   zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return held.getvalue()


def _hostile() -> dict[str, bytes]:
    sound = _sheet(ROW)
    first = "xl/worksheets/sheet1.xml"
    laughs = (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet xmlns="http://'
              b'schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>')
    cut = zipfile.ZipFile(io.BytesIO(sound)).read(first)[:-40]
    return {
        "empty": b"", "text": b"line;version\n", "old excel": b"\xd0\xcf\x11\xe0" * 100,
        "larger than 1 MB": sound + b"\0" * 1_000_001, "cut off": sound[: len(sound) // 2],
        "a bomb": _changed(sound, **{first: b" " * 30_000_000}),
        "entities": _changed(sound, **{first: laughs}),
        "macros": _changed(sound, **{"xl/vbaProject.bin": b"x"}),
        "links": _changed(sound, **{"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "many parts": _changed(sound, **{f"xl/x{n}.xml": b"<x/>" for n in range(200)}),
        "no workbook": _changed(sound, **{"xl/workbook.xml": None}),
        "broken sheet": _changed(sound, **{first: cut}),
        "a zip of another kind": _changed(_sheet(), **{"[Content_Types].xml": b"<x/>"}),
        "too many rows": _sheet(*([NEXT] * 2_001)), "no rows": _sheet(),
    }  # fmt: skip


def test_hostile_files_are_refused_in_words_and_change_nothing(client, send) -> None:
    for name, data in _hostile().items():
        status, faults = send(data)
        assert (status, len(faults) >= 1) == (422, True), name
    assert client.post(f"{NB}mine/{CURIDA}/upload/").status_code == 422
    assert _n_lines() == 0


def test_a_change_in_the_same_moment_undoes_the_whole_file(client, send, monkeypatch) -> None:
    from virkestoff_hub.facilities import keeping, own_lines
    from virkestoff_hub.facilities.models import CapacityLine

    assert send(_sheet(ROW)) == (302, [])

    def late(provider, windows, user):
        CapacityLine.objects.filter(name="bfs").update(version=5)
        keeping.save_lines(provider, windows, user)

    monkeypatch.setattr(own_lines, "save_lines", late)
    status, _ = send(_sheet({**ROW, "line": "aaa"}, {**ROW, "version": 1}))
    assert status == 409
    assert not CapacityLine.objects.filter(name="aaa").exists()


def test_numbers_are_written_so_that_they_are_read_again(site) -> None:
    from hypothesis import given, settings
    from hypothesis import strategies as st

    from virkestoff_hub.facilities.entry import Entry
    from virkestoff_hub.facilities.line_entry import _written

    @settings(max_examples=200, deadline=None)
    @given(st.one_of(
        st.integers(0, 10**12).map(float),
        st.decimals(0, 10**6, places=3, allow_nan=False).map(float),
    ))  # fmt: skip
    def check(number: float) -> None:
        entry = Entry({"n": _written(number)})
        assert entry.number("n") == number
        assert entry.faults == {}

    check()


# ---- still correct?


@pytest.fixture
def old_line(_clean):
    """A line that was confirmed a year ago."""

    def make(name: str = "bfs", days: int = 200):
        from django.utils import timezone

        from virkestoff_hub.facilities.models import CapacityLine

        verified = (timezone.localdate() - timedelta(days=days)).isoformat()
        data = {"provider": CURIDA, **HEAD, "verified": verified, "periods": [
            {"from": "2099-03-01", "to": "2099-04-30", "offerable": 6}]}  # fmt: skip
        return CapacityLine.objects.create(provider=CURIDA, name=name, data=data)

    return make


def test_a_link_renews_without_signing_in_and_only_once(client, signed_in, old_line) -> None:
    from django.test import Client
    from django.utils import timezone

    from virkestoff_hub.accounts.models import TrailEntry

    one, two, fresh = old_line("one"), old_line("two"), old_line("fresh", 3)
    signed_in("broker")
    page = client.get(f"{NB}upkeep/").content.decode()
    assert "fresh" not in re.sub(r'class="[^"]*"', "", page)
    link = re.search(r"http://testserver(/nb/facilities/still-correct/[^<]+/)", page)[1]
    stranger = Client()
    shown = stranger.get(link)
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.content.decode().count(" checked>") == 2
    one.refresh_from_db()
    assert one.version == 1  # looking renews nothing: scanners of mail look at links
    done = stranger.post(link, {"line": ["one", "fresh", "nothing"]}).content.decode()
    assert "one – bekreftet i dag" in done
    for held in (one, two, fresh):
        held.refresh_from_db()
    assert one.window.verified == timezone.localdate()
    assert (one.version, two.version, fresh.version) == (2, 1, 1)
    again = stranger.post(link, {"line": ["one"]}).content.decode()
    assert "Ingenting er endret" in again
    assert [e.who for e in TrailEntry.objects.filter(what="lines_renewed")] == ["link"]


def test_a_forged_old_or_changed_link_renews_nothing(client, old_line, monkeypatch) -> None:
    from django.core import signing

    from virkestoff_hub.facilities.keeping import upkeep_link

    held = old_line()
    token = upkeep_link(CURIDA, {"bfs": 1})
    forged = signing.dumps({"provider": CURIDA, "lines": {"bfs": 1}}, salt="another")
    for wrong in ("x", token[:-1], token + "a", forged, "a:b:c"):
        assert client.get(f"{NB}still-correct/{wrong}/").status_code == 404, wrong
        assert client.post(f"{NB}still-correct/{wrong}/", {"line": "bfs"}).status_code == 404
    type(held).objects.update(version=2)
    page = client.get(f"{NB}still-correct/{token}/").content.decode()
    assert "endret siden lenken ble laget" in page
    client.post(f"{NB}still-correct/{token}/", {"line": "bfs"})
    held.refresh_from_db()
    assert held.version == 2
    import time

    later = time.time() + 46 * 24 * 3600
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert client.get(f"{NB}still-correct/{token}/").status_code == 404


@pytest.mark.parametrize("role", ["visitor", "company", "provider", "analyst", "editor",
                                  "administrator"])  # fmt: skip
def test_links_to_renew_are_the_brokers(client, signed_in, old_line, role) -> None:
    old_line()
    if role != "visitor":
        signed_in(role)
    status = client.get(f"{NB}upkeep/").status_code
    assert status == (302 if role == "visitor" else 403)


def test_ageing_is_told_by_the_settings_of_the_library(client, signed_in, old_line) -> None:
    """Oracle: fresh for 90 days, not relied on after 365 (library/facilities/settings.yaml)."""
    signed_in("company")
    for name, days in (("a", 90), ("b", 91), ("c", 365), ("d", 366)):
        old_line(name, days)
    page = client.get(f"{NB}provider/{CURIDA}/").content.decode()
    found = re.findall(r'<span class="tag (fresh|due|stale)">', page)
    assert found == ["fresh", "due", "due", "stale"]
    answer = client.get(f"{NB}match/answer/?does_1=blow_fill_seal").content.decode()
    assert "Noen passer<" in answer
