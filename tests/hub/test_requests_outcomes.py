"""Outcomes of requests counted as unmet need, and how letters are sent.

Oracle: counts made by hand; the settings of Django's mail written out.
"""

from __future__ import annotations

import re

import pytest


def _record(year: int, kind: str, requester: str, n: int) -> None:
    from virkestoff_hub.requests.models import RecordedOutcome

    for k in range(n):
        RecordedOutcome.objects.create(
            request=f"F-{year}{kind[:5]}{requester}{k}", kind=kind, on=f"{year}-05-0{k + 1}",
            requester=requester, does="cell_therapy_production", modality="cell_therapy",
        )  # fmt: skip


def test_unmet_need_is_counted_and_small_counts_are_hidden(client, signed_in) -> None:
    import yaml

    for company in "abcdefgh":
        _record(2024, "no_capability", company, 1)
        _record(2024, "price", company, 1)
    _record(2024, "class", "a", 1)  # one company alone
    _record(2026, "price", "a", 1)
    signed_in("analyst")
    page = client.get("/nb/requests/unmet/?year=2024").content.decode()
    rows = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td class="r"[^>]*>([^<]+)<', page))
    assert rows["Alle"] == "17"
    assert rows["Produkt- eller GMP-klasse"] == ":"
    text = client.get("/nb/requests/unmet/2024.yaml").content.decode()
    held = yaml.safe_load(text)["statistics"]
    hidden = [k for k, r in held.items() if r["value"] is None]
    assert any("class" in k for k in hidden)
    assert all(r["subject"] == "facilities.requests" for r in held.values())
    assert client.get("/nb/requests/unmet/2026.yaml").status_code == 404  # the year is not over
    assert client.get("/nb/requests/unmet/2023.yaml").status_code == 404
    assert client.get("/nb/requests/unmet/?year=2024&by=product&by=does").status_code == 200


@pytest.mark.parametrize(("address", "wanted"), [
    ("", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
    ("console", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ("smtp+tls://me:p%40ss@mail.example.no", {
        "EMAIL_HOST": "mail.example.no", "EMAIL_PORT": 587, "EMAIL_HOST_USER": "me",
        "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}),
    ("smtps://mail.example.no:466", {"EMAIL_PORT": 466, "EMAIL_USE_SSL": True}),
])  # fmt: skip
def test_how_letters_are_sent_is_a_setting(tmp_path, address, wanted) -> None:
    from virkestoff_hub.environment import read_environment

    found = read_environment({"VIRKESTOFF_DATA": str(tmp_path), "VIRKESTOFF_HUB_MAIL": address})
    assert {k: found.mail[k] for k in wanted} == wanted
