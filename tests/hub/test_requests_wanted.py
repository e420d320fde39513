"""From the page of a provider to a request that asks it."""

from __future__ import annotations

from html import unescape

import pytest
from hub_requests import LISTED

NB = "/nb/facilities/"


def _page(response) -> str:
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize(("lang", "words"), [
    ("nb", "Spør denne tilbyderen anonymt"), ("en", "Ask this provider anonymously"),
])  # fmt: skip
def test_the_way_to_requests_stands_at_each_provider(client, lang, words) -> None:
    page = _page(client.get(f"/{lang}/facilities/provider/{LISTED}/"))
    assert words in page
    assert f"/{lang}/requests/?provider={LISTED}" in page
    assert f"/{lang}/requests/" in _page(client.get(f"/{lang}/facilities/"))
    to_sign_in = client.get(f"/{lang}/requests/?provider={LISTED}")
    assert to_sign_in.status_code == 302
    assert LISTED in to_sign_in.url  # so that it is not forgotten on the way


@pytest.mark.parametrize("role", ["broker", "analyst", "editor", "administrator"])
def test_no_way_for_those_who_make_no_requests(client, signed_in, role) -> None:
    signed_in(role)
    assert "Spør denne tilbyderen" not in _page(client.get(f"{NB}provider/{LISTED}/"))


def test_a_request_remembers_whom_it_came_to_ask(client, signed_in) -> None:
    from virkestoff_hub.requests.models import FacilityRequest

    signed_in("company")
    page = _page(client.get(f"/nb/requests/?provider={LISTED}"))
    assert f'name="provider" value="{LISTED}"' in page
    client.post("/nb/requests/new/", {"provider": LISTED})
    assert FacilityRequest.objects.get().wishes["wanted"] == LISTED
    client.post("/nb/requests/new/", {"provider": "nobody"})
    assert "wanted" not in FacilityRequest.objects.order_by("-pk").first().wishes
    assert "Du vil spørre" not in _page(client.get("/nb/requests/?provider=nobody"))


def test_it_is_ticked_though_it_is_not_among_the_first(make, client, signed_in) -> None:
    """The last that nothing speaks against, of more than are shown."""
    from datetime import date

    from virkestoff.facilities.vocabulary import DOES_FACETS
    from virkestoff_hub.requests.forwarding import engine_request
    from virkestoff_hub.requests.register import N_SHOWN, register, shortlist

    user = signed_in("company")
    held = make("ready", owner=user)
    for does in register().vocabulary.of_facets(DOES_FACETS):
        held.wishes = {"steps": (steps := [{"does": does}]), "summary": "Anything"}
        found = shortlist(engine_request(held), date(2026, 11, 25)).steps[0]
        open_ = [c.provider for c in found.candidates if c.status != "no"]
        if len(open_) > N_SHOWN:
            break
    else:
        raise AssertionError("no work has so many providers")
    held.wishes = {"steps": steps, "summary": "Anything", "wanted": open_[-1]}
    held.save()
    page = _page(client.get(f"/nb/requests/{held.reference}/"))
    assert f'value="0:{open_[-1]}" checked' in page
    client.post(f"/nb/requests/{held.reference}/forward/", {"provider": f"0:{open_[-1]}"})
    assert [i.provider for i in held.inquiries.all()] == [open_[-1]]


def test_it_is_told_when_something_speaks_against_it(make, client, signed_in) -> None:
    user = signed_in("company")
    wishes = {"steps": [{"does": "cell_therapy_production"}], "wanted": "curida"}
    held = make("ready", owner=user, wishes=wishes)
    page = _page(client.get(f"/nb/requests/{held.reference}/"))
    assert "Du ville spørre" in page
    assert "/nb/facilities/provider/curida/" in page
    assert 'checked' not in page
