"""From a few facts to schemes with reasons, kept behind a link, deleted again.

Oracle: the engine's own answer to the same profile, and what was typed.
"""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

PROFILE = {
    "company.is_registered_in_norway": "ja", "company.kind": "company", "company.employees": "12",
    "company.turnover": "5 mill.", "project.activity": "industrial_research", "project.trl": "4",
    "project.total_costs": "10 mill.",
}  # fmt: skip


@pytest.fixture
def begun(client):
    """A round of questions that has begun."""
    assert client.post("/nb/guide/", PROFILE).status_code == 302
    return client


def test_a_short_profile_is_read_as_it_was_meant(begun) -> None:
    page = begun.get("/nb/guide/answer/").content.decode().replace("\u202f", " ")
    for words in ("12 personer", "5 mill. kr", "10 mill. kr", "du har oppgitt"):
        assert words in page.replace("\xa0", " ")


def test_the_page_says_what_the_engine_says(begun) -> None:
    from django.utils import timezone

    from virkestoff_hub.engine import bench
    from virkestoff_hub.guide.rounds import Round

    found = bench().guide(Round.of(begun.session).profile, timezone.localdate())
    page = begun.get("/nb/guide/answer/").content.decode()
    for entry in found.entries:
        assert f"/nb/guide/answer/scheme/{entry.id}/" in page
    assert f"{found.n_settled} av {len(found.entries)}" in page


def test_faults_stand_at_the_field_and_the_rest_is_kept(client) -> None:
    response = client.post("/nb/guide/", {**PROFILE, "company.employees": "tolv", "number": "12"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#f-company-employees"' in page
    assert 'href="#f-number"' in page
    assert 'value="tolv"' in page
    assert 'value="5 mill."' in page
    assert "«tolv» er ikke et tall" in page
    assert client.get("/nb/guide/question/").status_code == 302  # nothing began


def test_questions_are_answered_skipped_and_taken_back(begun) -> None:
    def asked() -> str:
        page = begun.get("/en/guide/question/").content.decode()
        return re.search(r'name="fact" value="([^"]+)"', page)[1]

    first = asked()
    begun.post("/en/guide/question/", {"fact": first, "do": "skipped"})
    second = asked()
    assert second != first
    begun.post("/en/guide/question/", {"fact": second, "do": "unknown"})
    assert asked() not in (first, second)
    begun.post("/en/guide/question/", {"do": "back"})
    assert asked() == second
    begun.post("/en/guide/question/", {"do": "back"})
    assert asked() == first
    refused = begun.post("/en/guide/question/", {"fact": first, "do": "answer", first: "¿?"})
    assert refused.status_code == 422


def test_answering_everything_ends_in_the_answer(begun) -> None:
    """No fact is asked twice, whatever is answered."""
    seen: set[str] = set()
    for _ in range(200):
        response = begun.get("/nb/guide/question/")
        if response.status_code == 302:
            break
        fact = re.search(r'name="fact" value="([^"]+)"', response.content.decode())[1]
        assert fact not in seen
        seen.add(fact)
        begun.post("/nb/guide/question/", {"fact": fact, "do": "unknown"})
    else:
        pytest.fail("the questions never end")
    assert response.url == "/nb/guide/answer/"


def test_a_fact_is_changed_and_taken_out(begun) -> None:
    begun.post("/nb/guide/fact/company.employees/",
               {"fact": "company.employees", "do": "answer", "company.employees": "300"})
    assert "300" in begun.get("/nb/guide/answer/").content.decode()
    begun.post("/nb/guide/fact/company.employees/", {"fact": "company.employees", "do": "removed"})
    assert "guide/fact/company.employees/\">Endre" not in begun.get(
        "/nb/guide/answer/").content.decode()  # fmt: skip


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_answer_is_taken_along(begun, lang) -> None:
    import openpyxl

    from virkestoff_hub.engine import bench

    book = openpyxl.load_workbook(io.BytesIO(begun.get(f"/{lang}/guide/answer.xlsx").content))
    cells = {cell for row in book.worksheets[0].values for cell in row}
    assert set(bench().schemes.schemes) <= cells
    page = begun.get(f"/{lang}/guide/answer.pdf")
    assert page.content.startswith(b"%PDF-")
    assert page.headers["Cache-Control"] == "no-store"


def test_a_private_link_works_without_a_session_and_is_deleted(begun) -> None:
    from django.test import Client

    from virkestoff_hub.guide.models import KeptAnswer

    address = begun.post("/nb/guide/keep/").url
    secret = address.rstrip("/").rpartition("/")[2]
    assert secret not in str(KeptAnswer.objects.values())  # the link itself is not stored
    other = Client()
    page = other.get(address)
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert other.get(f"{address}scheme/skattefunn/").status_code == 200
    assert other.get(f"{address}answer.pdf").content.startswith(b"%PDF-")
    assert other.get(f"{address}delete/").status_code == 200
    assert KeptAnswer.objects.count() == 1  # asking deletes nothing
    other.post(f"{address}delete/")
    assert KeptAnswer.objects.count() == 0
    assert other.get(address).status_code == 404


def test_a_private_link_expires(begun) -> None:
    from django.utils import timezone

    from virkestoff_hub.guide.kept import delete_expired
    from virkestoff_hub.guide.models import KeptAnswer

    address = begun.post("/nb/guide/keep/").url
    KeptAnswer.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert begun.get(address).status_code == 404
    assert delete_expired() == 1


def test_what_was_said_is_forgotten_on_request(begun) -> None:
    begun.post("/nb/guide/forget/")
    assert begun.get("/nb/guide/answer/").status_code == 302


def test_a_profile_comes_back_from_memory_as_it_was() -> None:
    from virkestoff.instruments.intervals import Band, OneOf
    from virkestoff.instruments.profile import Profile
    from virkestoff.language import Text
    from virkestoff_hub.guide.memory import profile_from, profile_to

    facts = {
        "a": True, "b": 2.5, "c": "company", "d": date(2021, 5, 1), "e": Band(10.0, None),
        "f": Band(date(2021, 1, 1), date(2021, 12, 31)), "g": OneOf(frozenset(("x", "y"))),
    }  # fmt: skip
    text = Text(nb="registeret", en="register")
    profile = Profile(facts, name="N", organisation_number="974760673",
                      not_known=frozenset(("h",)), origins={"a": text}, notes=(text,))
    assert profile_from(profile_to(profile), dict.fromkeys([*facts, "h"])) == profile
