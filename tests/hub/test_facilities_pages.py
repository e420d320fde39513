"""Facilities in the browser: what is shown to whom, requests, claims, capacity, attacks on uploads.

Oracle: the engine's own answer, the tables of roles and levels below, and what was typed.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

import pytest

NB = "/nb/facilities/"
CURIDA = "curida"
WINDOW = {
    "provider": CURIDA, "does": "blow_fill_seal", "unit": "batch",
    "periods": [{"from": "2099-03-01", "to": "2099-04-30", "total": 12, "offerable": 6}],
    "confidence": "firm", "verified": "2026-11-01", "visibility": "public",
    "price": {"basis": "market", "low": 987654, "unit": "NOK/batch", "price_year": 2026},
}  # fmt: skip
LINE = {
    "does": "blow_fill_seal", "unit": "batch", "confidence": "firm", "visibility": "public",
    "from_1": "2099-03-01", "to_1": "30.04.2099", "total_1": "12", "offerable_1": "6",
}  # fmt: skip


def _page(response) -> str:
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def speaker(signed_in):
    """A user who speaks for Curida."""
    from virkestoff_hub.facilities.models import ProviderLink

    user = signed_in("provider")
    ProviderLink.objects.create(user=user, provider=CURIDA)
    return user


@pytest.fixture
def line(_clean):
    """A line of Curida's; more may be said of it."""

    def make(name: str = "bfs", **more):
        from virkestoff_hub.facilities.models import CapacityLine

        return CapacityLine.objects.create(provider=CURIDA, name=name, data={**WINDOW, **more})

    return make


# ---- public pages


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_list_is_narrowed_as_the_engine_narrows_it(client, lang) -> None:
    from virkestoff_hub.facilities.holding import from_library

    register = from_library()
    for query in ({"does": "pilot_production"}, {"kind": "hospital"}, {"where": "SE"}, {}):
        page = _page(client.get(f"/{lang}/facilities/?{urlencode(query)}"))
        found = set(re.findall(rf'href="/{lang}/facilities/provider/(\w+)/"', page))
        assert found == set(register.chosen(query.get("does", ""), query.get("where", ""),
                                            query.get("kind", "")))  # fmt: skip
    assert client.get(f"/{lang}/facilities/?does=nonsense&where=%00&kind=x").status_code == 200


def test_every_provider_has_a_page_with_its_sources_and_none_is_confirmed(client) -> None:
    from virkestoff_hub.facilities.holding import from_library

    for key, held in from_library().providers.items():
        page = _page(client.get(f"{NB}provider/{key}/"))
        assert "Ikke bekreftet av tilbyderen" in page, key
        for capability in held.capabilities:
            assert f"/nb/evidence/sources/{capability.source}/" in page, key
    assert client.get(f"{NB}provider/nobody/").status_code == 404


def test_the_map_and_its_table_add_up(client) -> None:
    """Oracle: every provider stands somewhere; a count of places read from the library."""
    from virkestoff_hub.facilities.holding import counties, from_library

    page = _page(client.get(f"{NB}map/"))
    cells = r'<th scope="row">(?:<a [^>]*>)?([^<]+)(?:</a>)?</th><td class="r">(\d+)</td>'
    rows = re.findall(cells, page)
    n_twice = int(re.search(r"i alt ekstra: (\d+)", page)[1]) if "i alt ekstra" in page else 0
    assert sum(int(n) for _, n in rows) == len(from_library().providers) + n_twice
    counted = dict(rows)
    assert counted["Sverige"] == "2"
    assert counted["Storbritannia"] == "1"
    assert counted["Østfold"] == "2"  # Halden Pharma and Fresenius Kabi
    assert counted["Rogaland"] == "0"
    assert len(counties().by_number) == 15
    drawn = re.findall(r'class="count"[^>]*>(\d+)<', page)
    assert sum(map(int, drawn)) == sum(int(n) for _, n in rows)


def test_the_vocabulary_holds_every_term_and_synonym(client) -> None:
    from virkestoff_hub.facilities.holding import from_library

    page = _page(client.get("/en/facilities/vocabulary/"))
    for key, term in from_library().vocabulary.terms.items():
        assert f'id="{key}"' in page
        for word in term.synonyms.nb:
            assert word.replace("'", "&#x27;") in page, word


# ---- who sees which capacity

SEES = {  # role: lines of which visibility; the price is the broker's unless opened
    "visitor": {"public"}, "company": {"public", "registered"},
    "provider": {"public", "registered"}, "analyst": {"public", "registered"},
    "editor": {"public", "registered"}, "administrator": {"public", "registered"},
    "broker": {"public", "registered", "broker"},
}  # fmt: skip


@pytest.mark.parametrize("role", SEES)
def test_lines_and_prices_are_shown_by_level_on_pages_and_in_answers(
    client, signed_in, line, role
) -> None:
    if role != "visitor":
        signed_in(role)
    for visibility in ("public", "registered", "broker"):
        line(f"line-{visibility}", visibility=visibility)
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert {v for v in ("public", "registered", "broker") if f"line-{v}" in page} <= SEES[role]
    assert page.count("<h3>Blow-fill-seal") == len(SEES[role])
    assert ("987 654" in page) is (role == "broker")
    for visibility in ("public", "registered", "broker"):
        from virkestoff_hub.facilities.models import CapacityLine

        CapacityLine.objects.all().delete()
        line("x", visibility=visibility)
        query = {"does_1": "blow_fill_seal", "budget": "5", "price_year": "2026",
                 "quantity_1": "2", "quantity_unit_1": "batch"}  # fmt: skip
        answer = _page(client.get(f"{NB}match/answer/?{urlencode(query)}"))
        assert ("oppgitt kapasitet" in answer) is (visibility in SEES[role])
        assert ("Fra 1 980 000 kroner" in answer) is (role == "broker")


def test_an_opened_price_and_what_only_the_owner_sees(client, line) -> None:
    line(price={**WINDOW["price"], "visibility": "public"}, is_outside_normal_operation=True)
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert "987 654" in page
    assert "reserve" not in page  # totals, committed and reserve are nobody else's business


def test_what_one_viewer_sees_is_not_kept_in_caches(client, signed_in) -> None:
    assert "Cache-Control" not in client.get(NB).headers
    assert client.get(f"{NB}match/").headers["Cache-Control"] == "no-store"
    signed_in("company")
    assert client.get(NB).headers["Cache-Control"] == "no-store"


def test_the_calendar_adds_up_to_the_periods(client, line) -> None:
    """Oracle: 6 batches over 31 + 30 days."""
    line()
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert re.findall(r'<th scope="row">(\w+) 2099</th><td class="r">([\d,]+)</td>', page) == [
        ("mars", "3,05"), ("april", "2,95"),
    ]  # fmt: skip


def test_what_can_no_longer_be_read_is_left_out_and_the_pages_stand(client, line, caplog) -> None:
    """A library that lost a term, and data that an engine of tomorrow refuses."""
    from virkestoff_hub.facilities.models import Statement

    line("lost", excludes=["no_such_product"])
    line("broken", unit="cup")
    line("homeless", does="peptide_synthesis")
    line("sound")
    Statement.objects.create(provider=CURIDA, key="0" * 16, answer="right", on=date(2026, 11, 25))
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert page.count("<h3>") == page.count("<h3>Blow-fill-seal") == 1  # the sound one
    assert "Ikke bekreftet av tilbyderen" in page  # the answer belongs to no statement of today
    assert caplog.text.count("can no longer be read") == 2


def test_months_add_up_to_what_is_offered(_clean) -> None:
    """Oracle: the sum over the periods; months are cut at the first day."""
    from fractions import Fraction

    from virkestoff.facilities import Window
    from virkestoff.facilities.calendar import months_from, offered_in

    periods = [{"from": "2027-01-31", "to": "2027-02-01", "offerable": 2},
               {"from": "2027-02-10", "to": "2028-02-29", "offerable": 7.5}]  # fmt: skip
    window = Window.model_validate({**WINDOW, "periods": periods, "price": None})
    months = months_from(date(2027, 1, 15), 14)
    assert (months[0].first, months[0].last) == (date(2027, 1, 15), date(2027, 1, 31))
    assert months[-1].last == date(2028, 2, 29)
    found = [offered_in(window, m).amount or 0 for m in months]
    assert sum(found) == Fraction(19, 2)
    assert found[0] == 1


def test_synthetic_capacity_is_not_there_without_the_demonstration(client) -> None:
    assert "demo_" not in _page(client.get(f"{NB}provider/curida_diotec/"))


def test_synthetic_capacity_is_marked_where_it_is_shown(client, monkeypatch) -> None:
    from django.conf import settings

    from virkestoff_hub.facilities import holding

    monkeypatch.setattr(settings, "HUB", type(settings.HUB)(**{**vars(settings.HUB),
                                                               "is_demo": True}))  # fmt: skip
    holding._loaded.cache_clear()
    try:
        assert "Syntetisk." in _page(client.get(f"{NB}provider/curida_diotec/"))
        query = urlencode({"does_1": "atmp_production"})
        assert "Syntetisk." in _page(client.get(f"{NB}match/answer/?{query}"))
    finally:
        holding._loaded.cache_clear()


# ---- requests


def test_the_answer_is_the_engines(client, line) -> None:
    from django.utils import timezone

    from virkestoff.facilities import match, request_from
    from virkestoff_hub.facilities.holding import joined

    line()
    query = {"does_1": "microbial_fermentation", "size_1": "300", "size_unit_1": "L",
             "modality": "peptide"}  # fmt: skip
    page = _page(client.get(f"/en/facilities/match/answer/?{urlencode(query)}"))
    register = joined()
    asked = {"request": "x", "modality": "peptide", "steps": [
        {"does": "microbial_fermentation", "batch_size": {"amount": 300, "unit": "L"}}]}
    found = match(request_from(asked, register.vocabulary), register, timezone.localdate())
    for candidate in found.steps[0].candidates:
        assert f"/en/facilities/provider/{candidate.provider}/" in page
    assert "Fits at 50 L" in page or "Can be asked at 50 L" in page  # the Testa Center
    assert "Takes up to 50 L" in page
    assert page.count('<span class="tag near_miss">') == sum(
        c.status == "near_miss" for c in found.steps[0].candidates)


def test_a_near_miss_leads_to_the_request_with_its_change(client) -> None:
    from html import unescape

    query = {"does_1": "microbial_fermentation", "size_1": "300", "size_unit_1": "L",
             "modality": "peptide"}  # fmt: skip
    page = _page(client.get(f"/en/facilities/match/answer/?{urlencode(query)}"))
    links = [unescape(a) for a in re.findall(r'<a href="([^"]*)">Try this change', page)]
    wanted = "/en/facilities/match/answer/?" + urlencode(
        {"modality": "peptide", "does_1": "microbial_fermentation", "size_1": "50",
         "size_unit_1": "L"})  # fmt: skip
    assert wanted in links  # the Testa Center takes up to 50 L
    again = _page(client.get(wanted))
    assert "Nearly fits" not in again.split("Testa Center", 1)[1].split("</li>", 1)[0]
    assert client.get(wanted.replace("/answer/", "/")).status_code == 200


@pytest.mark.parametrize(("number", "written"), [
    (50.0, "50"), (0.125, "0.1250"), (1.5, "1.5"), (2e6, "2000000"), (1e-7, "0.0000001")])
def test_a_number_is_written_as_the_form_reads_it(number, written) -> None:
    from virkestoff_hub.facilities.asked import _written
    from virkestoff_hub.facilities.entry import Entry

    assert _written(number) == written
    assert Entry({"x": written}).number("x") == number


@pytest.mark.parametrize("role", ["visitor", "company", "provider", "broker", "editor"])
def test_the_main_menu_leads_everybody_to_requests(client, signed_in, role) -> None:
    if role != "visitor":
        signed_in(role)
    assert 'href="/nb/requests/"' in _page(client.get(NB)).split("</nav>", 1)[0]
    assert client.get("/nb/requests/", follow=True).status_code == 200


def test_several_steps_make_chains_and_the_same_address_the_same_order(client) -> None:
    query = urlencode({"does_1": "process_development", "does_2": "aseptic_filling"})
    pages = [_page(client.get(f"{NB}match/answer/?{query}")) for _ in range(2)]
    assert pages[0] == pages[1]
    assert "Alle steg etter hverandre" in pages[0]
    assert "overføringer:" in pages[0]


def test_a_line_fits_and_nothing_is_stored_for_a_visitor(client, line, django_tables) -> None:
    from django.utils import timezone

    line(verified=timezone.localdate().isoformat())
    before = django_tables()
    query = urlencode({"does_1": "blow_fill_seal", "quantity_1": "6", "quantity_unit_1": "batch",
                       "from": "2099-03-01", "to": "2099-04-30"})  # fmt: skip
    response = client.get(f"{NB}match/answer/?{query}")
    assert "Noen passer<" in _page(response)
    late = _page(client.get(f"{NB}match/answer/?{query.replace('=6&', '=7&')}"))
    assert "Noen passer<" not in late
    assert "Ledig i tiden: bare 6 batch" in late
    assert django_tables() == before
    assert not response.cookies


@pytest.fixture
def django_tables(_clean):
    """How many rows each table of the site has."""

    def count() -> dict[str, int]:
        from django.apps import apps

        return {m._meta.label: m.objects.count() for m in apps.get_models()}

    return count


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"does_1": ""}, "f-does-1"), ({"does_1": "magic"}, "f-does-1"),
     ({"size_1": "many", "size_unit_1": "L"}, "f-size-1"), ({"size_1": "3"}, "f-size-unit-1"),
     ({"size_1": "1,000", "size_unit_1": "L"}, "f-size-1"),
     ({"size_1": "-3", "size_unit_1": "L"}, "f-size-1"),
     ({"size_1": "1e5", "size_unit_1": "L"}, "f-size-1"),
     ({"quantity_2": "3", "quantity_unit_2": "batch"}, "f-does-2"),
     ({"from": "2027-13-01"}, "f-from"), ({"from": "31.02.2027"}, "f-from"),
     ({"from": "2027-05-01", "to": "2027-04-01"}, "f-to"), ({"budget": "5"}, "f-price-year"),
     ({"budget": "5", "price_year": "now"}, "f-price-year"), ({"gmp": "peptide"}, "f-gmp"),
     ({"country": "XX"}, "f-country"), ({"safety": "peptide"}, "f-safety")],
)  # fmt: skip
def test_a_fault_stands_at_its_field_and_the_rest_is_kept(client, wrong, field) -> None:
    query = {"does_1": "blow_fill_seal", "modality": "peptide", "quantity_1": "77",
             "quantity_unit_1": "batch", **wrong}  # fmt: skip
    response = client.get(f"{NB}match/answer/?{urlencode(query)}")
    page = _page(response)
    assert response.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert '<option value="peptide" selected' in page
    assert 'value="77"' in page


def test_strange_addresses_do_no_harm(client) -> None:
    for query in ("does_1=%00", "does_1=" + "x" * 4000, "from=<script>", "country=" * 200,
                  "does_1=blow_fill_seal&does_1=y", "size_1=∞", "price_year=２０２６"):
        response = client.get(f"{NB}match/answer/?{query}")
        assert response.status_code in (200, 422), query
        assert "<script>" not in _page(response)


# ---- who may speak for whom


@pytest.mark.parametrize("role", [r for r in SEES if r != "provider"])
def test_only_a_provider_speaks_for_a_provider(client, signed_in, role) -> None:
    """A link alone is not enough: the role must be the provider's."""
    from virkestoff_hub.facilities.models import ProviderLink

    if role != "visitor":
        ProviderLink.objects.create(user=signed_in(role), provider=CURIDA)
    wanted = 302 if role == "visitor" else 403
    for address in ("mine/", f"mine/{CURIDA}/", f"mine/{CURIDA}/line/",
                    f"mine/{CURIDA}/windows.xlsx"):  # fmt: skip
        assert client.get(NB + address).status_code == wanted, address
    for address in (f"mine/{CURIDA}/confirm/", f"mine/{CURIDA}/upload/", f"mine/{CURIDA}/line/"):
        assert client.post(NB + address, LINE).status_code in (wanted, 405), address


def test_a_provider_reaches_its_own_and_no_other(client, speaker, line) -> None:
    from virkestoff_hub.facilities.models import CapacityLine, ProviderLink

    line()
    assert client.get(f"{NB}mine/{CURIDA}/").status_code == 200
    for address in ("mine/agilera/", "mine/agilera/line/", "mine/agilera/windows.xlsx"):
        assert client.get(NB + address).status_code == 403, address
    for address in ("mine/agilera/confirm/", "mine/agilera/upload/", "mine/agilera/line/"):
        assert client.post(NB + address, LINE).status_code == 403, address
    assert client.get(f"{NB}mine/nobody/").status_code == 404
    assert CapacityLine.objects.count() == 1
    ProviderLink.objects.all().delete()
    assert client.get(f"{NB}mine/{CURIDA}/").status_code == 403
    assert client.post(f"{NB}mine/{CURIDA}/line/bfs/remove/", {"version": "1"}).status_code == 403


@pytest.mark.parametrize("role", SEES)
def test_links_are_made_by_broker_and_administrator(client, signed_in, person, role) -> None:
    from virkestoff_hub.accounts.models import TrailEntry
    from virkestoff_hub.facilities.models import ProviderLink

    person("provider", "per")
    if role != "visitor":
        signed_in(role)
    sent = client.post(f"{NB}links/", {"user": "per", "provider": CURIDA})
    if role not in ("broker", "administrator"):
        assert sent.status_code == (302 if role == "visitor" else 403)
        assert ProviderLink.objects.count() == 0
        return
    assert ProviderLink.objects.get().user.username == "per"
    assert "Curida" in _page(client.get(f"{NB}links/"))
    assert client.post(f"{NB}links/", {"user": "per", "provider": "x"}).status_code == 422
    client.post(f"{NB}links/", {"do": "remove", "link": ProviderLink.objects.get().pk})
    assert ProviderLink.objects.count() == 0
    noted = list(TrailEntry.objects.filter(what__startswith="provider_").values_list("what"))
    assert noted == [("provider_unlinked",), ("provider_linked",)]


def test_levels_and_speakers_as_functions(person) -> None:
    from django.contrib.auth.models import AnonymousUser

    from virkestoff_hub.accounts.permissions import may_speak_for, viewer_of
    from virkestoff_hub.facilities.models import ProviderLink

    levels = {r: ("broker" if "broker" in s else "registered" if "registered" in s else "public")
              for r, s in SEES.items()}  # fmt: skip
    for role, level in levels.items():
        user = AnonymousUser() if role == "visitor" else person(role, role)
        assert viewer_of(user) == level
        assert may_speak_for(user, CURIDA) is False
        if role == "provider":
            ProviderLink.objects.create(user=user, provider=CURIDA)
            assert may_speak_for(user, CURIDA)
            assert not may_speak_for(user, "agilera")
            user.is_active = False
            assert not may_speak_for(user, CURIDA)
            assert viewer_of(user) == "public"


# ---- claims


def _keys(client) -> list[str]:
    return re.findall(r"/statement/([0-9a-f]{16})/", _page(client.get(f"{NB}mine/{CURIDA}/")))


def test_a_provider_confirms_corrects_and_denies(client, speaker) -> None:
    from virkestoff_hub.facilities.holding import joined

    keys = _keys(client)
    assert len(keys) == 2
    sent = client.post(f"{NB}mine/{CURIDA}/statement/{keys[0]}/", {
        "version": "0", "answer": "corrected", "scale_from": "5", "scale_to": "250",
        "scale_unit": "L", "gmp": ["gmp_finished"], "products": ["medicine"]})  # fmt: skip
    assert sent.status_code == 302
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert "Delvis bekreftet av tilbyderen: 1 av 2" in page
    assert "5–250 L" in page
    assert "Tilbyderens egen opplysning" in page
    assert not joined().providers[CURIDA].is_confirmed
    client.post(f"{NB}mine/{CURIDA}/confirm/")
    held = joined().providers[CURIDA]
    assert held.is_confirmed
    assert held.capabilities[0].scale.to == 250
    assert "Bekreftet av tilbyderen" in _page(client.get(f"{NB}provider/{CURIDA}/"))
    client.post(f"{NB}mine/{CURIDA}/statement/{keys[0]}/", {"version": "1", "answer": "ended"})
    assert joined().providers[CURIDA].capabilities[0].status == "ended"
    answer = _page(client.get(f"{NB}match/answer/?does_1=blow_fill_seal"))
    assert "Er avsluttet (Tilbyderens egen opplysning" in answer


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"answer": ""}, "f-answer"), ({"answer": "maybe"}, "f-answer"),
     ({"scale_to": "5"}, "f-scale-unit"), ({"scale_from": "9", "scale_to": "5",
                                            "scale_unit": "L"}, "f-scale-to"),
     ({"gmp": ["gmp"], "without_gmp": "on"}, "f-gmp"), ({"products": ["gmp"]}, "f-products")],
)  # fmt: skip
def test_a_faulty_correction_is_shown_again(client, speaker, wrong, field) -> None:
    from virkestoff_hub.facilities.models import Statement

    key = _keys(client)[0]
    sent = client.post(f"{NB}mine/{CURIDA}/statement/{key}/",
                       {"version": "0", "answer": "corrected", "phases": ["phase_2"], **wrong})
    assert sent.status_code == 422
    page = _page(sent)
    assert f'href="#{field}"' in page
    assert re.search(r'value="phase_2" checked', page)
    assert Statement.objects.count() == 0


def test_two_who_answer_the_same_statement(client, speaker) -> None:
    key = _keys(client)[0]
    address = f"{NB}mine/{CURIDA}/statement/{key}/"
    client.post(address, {"version": "0", "answer": "ended"})
    second = client.post(address, {"version": "0", "answer": "corrected", "scale_to": "42",
                                   "scale_unit": "L"})  # fmt: skip
    page = _page(second)
    assert second.status_code == 409
    assert "Noen andre har endret dette" in page
    assert 'value="42"' in page
    assert "Avsluttet," in page
    assert client.post(address, {"version": "x", "answer": "right"}).status_code == 409
    again = re.search(r'name="version" value="(\d+)"', page)[1]
    assert client.post(address, {"version": again, "answer": "right"}).status_code == 302


# ---- lines by form


def test_a_line_is_entered_changed_and_removed(client, speaker) -> None:
    from virkestoff_hub.accounts.models import TrailEntry
    from virkestoff_hub.facilities.models import CapacityLine

    sent = client.post(f"{NB}mine/{CURIDA}/line/", {**LINE, "name": "bfs"})
    assert sent.status_code == 302
    held = CapacityLine.objects.get()
    assert held.window.periods[0].offerable == 6
    assert held.window.periods[0].to == date(2099, 4, 30)
    assert held.window.price is None
    form = _page(client.get(f"{NB}mine/{CURIDA}/line/bfs/"))
    assert 'value="2099-04-30"' in form
    client.post(f"{NB}mine/{CURIDA}/line/bfs/", {**LINE, "version": "1", "offerable_1": "4"})
    held.refresh_from_db()
    assert (held.version, held.window.periods[0].offerable) == (2, 4)
    twice = client.post(f"{NB}mine/{CURIDA}/line/", {**LINE, "name": "bfs"})
    assert twice.status_code == 422
    old = client.post(f"{NB}mine/{CURIDA}/line/bfs/remove/", {"version": "1"})
    assert old.status_code == 409
    client.post(f"{NB}mine/{CURIDA}/line/bfs/remove/", {"version": "2"})
    assert CapacityLine.objects.count() == 0
    assert set(TrailEntry.objects.values_list("what", flat=True)) == {"line_changed",
                                                                      "line_deleted"}  # fmt: skip


def test_two_editors_on_one_line_keep_both_values(client, speaker, line) -> None:
    from virkestoff_hub.facilities.models import CapacityLine

    line()
    address = f"{NB}mine/{CURIDA}/line/bfs/"
    client.post(address, {**LINE, "version": "1", "offerable_1": "5"})
    second = client.post(address, {**LINE, "version": "1", "offerable_1": "3",
                                   "confidence": "likely"})  # fmt: skip
    page = _page(second)
    assert second.status_code == 409
    assert "Noen andre har endret dette" in page
    assert "2099-03-01 / 2099-04-30 / 12 / – / – / 3" in page  # mine
    assert "2099-03-01 / 2099-04-30 / 12 / – / – / 5" in page  # theirs
    assert re.search(r'value="likely" selected', page)
    assert CapacityLine.objects.get().window.periods[0].offerable == 5
    again = re.search(r'name="version" value="(\d+)"', page)[1]
    assert client.post(address, {**LINE, "version": again,
                                 "offerable_1": "3"}).status_code == 302  # fmt: skip
    assert CapacityLine.objects.get().window.periods[0].offerable == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"does": ""}, "f-does"), ({"does": "peptide_synthesis"}, "f-does"),
     ({"unit": "cup"}, "f-unit"),
     ({"offerable_1": "99"}, "f-total-1"), ({"to_1": "2098-01-01"}, "f-to-1"),
     ({"from_1": ""}, "f-from-1"), ({"offerable_1": "1.000"}, "f-offerable-1"),
     ({"from_2": "2099-04-30", "to_2": "2099-05-01"}, "f-from-2"),
     ({"price_low": "5"}, "f-price-basis"), ({"price_low": "5", "price_basis": "market"},
                                             "f-price-per"),
     ({"certificate_scope": ["gmp"]}, "f-certificate-expires"), ({"batch_to": "5"}, "f-batch-unit"),
     ({"batch_from": "9", "batch_to": "5", "batch_unit": "L"}, "f-batch-to"),
     ({"excludes": ["gmp"]}, "f-excludes"), ({"visibility": "all"}, "f-visibility"),
     ({"from_1": "", "to_1": "", "total_1": "", "offerable_1": ""}, "periods")],
)  # fmt: skip
def test_a_faulty_line_is_shown_again_and_not_kept(client, speaker, wrong, field) -> None:
    from virkestoff_hub.facilities.models import CapacityLine

    sent = client.post(f"{NB}mine/{CURIDA}/line/",
                       {**LINE, "name": "my-line", "phases": ["phase_2"], **wrong})  # fmt: skip
    page = _page(sent)
    assert sent.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert 'value="my-line"' in page
    assert re.search(r'value="phase_2" checked', page)
    assert CapacityLine.objects.count() == 0


def test_a_hospitals_line_lies_outside_normal_operation_at_actual_cost(_clean) -> None:
    """Oracle: source_003, lines 337-340; the engine's loader refuses the same."""
    from virkestoff_hub.facilities.holding import from_library
    from virkestoff_hub.facilities.line_entry import read_line

    register = from_library()
    hospital = next(k for k, p in register.providers.items() if p.kind == "hospital")
    does = register.providers[hospital].capabilities[0].does
    head = {"does": does, "unit": "batch", "confidence": "firm", "visibility": "public"}
    periods = [{"from": "2099-03-01", "to": "2099-03-31"}]
    on = date(2026, 11, 25)
    refused = read_line(head, periods, hospital, register, on)
    assert set(refused.faults) == {"outside_normal_operation", "price_basis"}
    right = {**head, "outside_normal_operation": "on", "price_basis": "actual_cost"}
    assert read_line(right, periods, hospital, register, on).window is not None
