"""What a provider says that no source says: added, counted, withdrawn, undone, two at once.

Oracle: what was typed, read back from the pages and from the engine's match; the database's rows.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

NB = "/nb/facilities/"
CURIDA = "curida"
ADD = f"{NB}mine/{CURIDA}/statement/add/"
NEW = {
    "does": "peptide_synthesis", "scale_from": "0,5", "scale_to": "20", "scale_unit": "kg",
    "products": ["peptide"], "gmp": ["gmp_investigational"], "phases": ["phase_1", "phase_2"],
    "note_nb": "Bare etter avtale", "note_en": "By agreement only",
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


def _own():
    from virkestoff_hub.facilities.models import Statement

    return Statement.objects.get(key__startswith="own-")


def _address(key: str = "") -> str:
    return f"{NB}mine/{CURIDA}/statement/{key or _own().key}/"


def _library_key(client) -> str:
    page = _page(client.get(f"{NB}mine/{CURIDA}/"))
    return re.findall(r"/statement/([0-9a-f]{16})/", page)[0]


def _candidate(does: str = "peptide_synthesis", **wishes):
    from virkestoff.facilities import match, request_from
    from virkestoff_hub.facilities.holding import joined

    register = joined()
    asked = request_from({"request": "r", **wishes, "steps": [{"does": does}]}, register.vocabulary)
    return match(asked, register, date(2026, 11, 25)).steps[0].candidate(CURIDA)


def _status(does: str = "peptide_synthesis", **wishes) -> str:
    found = _candidate(does, **wishes)
    return found.status if found else "not stated"


# ---- added, shown, counted


def test_what_no_source_says_is_added_shown_with_its_day_and_counts(client, speaker) -> None:
    from django.utils import timezone

    from virkestoff.language import format_date
    from virkestoff_hub.accounts.models import TrailEntry

    assert _status() == "not stated"
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, NEW).status_code == 302
    day = format_date(timezone.localdate(), "nb").replace("\xa0", " ")
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    for said in ("Peptidsyntese", "0,5–20 kg", "Bare etter avtale", "fase 1, fase 2",
                 f"Tilbyderens egen opplysning, {day}", f"Oppgitt av tilbyderen, {day}"):
        assert said in page, said
    english = _page(client.get(f"/en/facilities/provider/{CURIDA}/"))
    assert "By agreement only" in english
    assert "Stated by the provider" in english
    found = _candidate(modality="peptide", phase="phase_1", gmp="gmp_investigational")
    own = {r.constraint: r.verdict for r in found.reasons if r.source == "own_statement"}
    assert own == dict.fromkeys(("process", "exists", "product", "phase", "gmp"), "yes")
    assert found.status == "ask"  # free capacity is not stated
    answer = _page(client.get(f"{NB}match/answer/?does_1=peptide_synthesis&size_1=50&"
                              "size_unit_1=kg"))  # fmt: skip
    assert "Tar inntil 20 kg" in answer
    assert "ved 20 kg" in answer
    assert [e.what for e in TrailEntry.objects.all()] == ["statement_added"]


def test_it_is_in_the_list_the_vocabulary_and_the_api_and_confirms_nothing(client, speaker) -> None:
    from virkestoff_hub.facilities.holding import joined

    client.post(ADD, NEW)
    assert not joined().providers[CURIDA].is_confirmed
    assert "Ikke bekreftet av tilbyderen" in _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert f"/provider/{CURIDA}/" in _page(client.get(f"{NB}?does=peptide_synthesis"))
    told = client.get(f"/api/v1/facilities/providers/{CURIDA}?lang=en").json()
    [own] = [c for c in told["capabilities"] if c["source"] == "own_statement"]
    assert (own["does"], own["scale"]) == (
        "peptide_synthesis", {"smallest": 0.5, "largest": 20, "unit": "kg"})  # fmt: skip
    assert own["note"] == "By agreement only"
    assert date.fromisoformat(own["place"])
    listed = client.get("/api/v1/facilities/providers?does=peptide_synthesis").json()
    assert CURIDA in [p["id"] for p in listed["items"]]


def test_a_line_of_capacity_may_belong_to_it_and_then_it_fits(client, speaker) -> None:
    client.post(ADD, {"does": "peptide_synthesis"})
    line = {"name": "pep", "does": "peptide_synthesis", "unit": "batch", "confidence": "firm",
            "visibility": "public", "from_1": "2099-03-01", "to_1": "2099-04-30",
            "offerable_1": "6"}  # fmt: skip
    assert client.post(f"{NB}mine/{CURIDA}/line/", line).status_code == 302
    assert _status() == "fits"
    client.post(_address(), {"version": "1", "answer": "wrong"})
    assert _status() == "not stated"
    assert "brukes ikke" in _page(client.get(f"{NB}mine/{CURIDA}/"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"does": ""}, "f-does"), ({"does": "magic"}, "f-does"), ({"does": "peptide"}, "f-does"),
     ({"scale_unit": ""}, "f-scale-unit"), ({"scale_to": "0,1"}, "f-scale-to"),
     ({"scale_unit": "cup"}, "f-scale-unit"), ({"scale_to": "1.000"}, "f-scale-to"),
     ({"without_gmp": "on"}, "f-gmp"), ({"products": ["gmp"]}, "f-products"),
     ({"excludes": ["peptide"]}, "f-excludes"), ({"phases": ["phase_9"]}, "f-phases"),
     ({"safety": ["x"]}, "f-safety"), ({"analytics": ["peptide"]}, "f-analytics"),
     ({"note_nb": "a\x00b"}, "f-note-nb"), ({"note_en": "x" * 201}, "f-note-en")],
)  # fmt: skip
def test_a_fault_stands_at_its_field_and_the_rest_is_kept(client, speaker, wrong, field) -> None:
    from virkestoff_hub.facilities.models import Statement, StatementVersion

    sent = client.post(ADD, {**NEW, **wrong})
    page = _page(sent)
    assert sent.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert 'value="By agreement only"' in page or "note_en" in wrong
    assert (Statement.objects.count(), StatementVersion.objects.count()) == (0, 0)


def test_a_note_is_text_and_nothing_else(client, speaker) -> None:
    client.post(ADD, {**NEW, "note_nb": "<script>alert(1)</script> {{ x }}", "note_en": ""})
    for lang in ("nb", "en"):  # what is said in one language alone is shown in both
        page = _page(client.get(f"/{lang}/facilities/provider/{CURIDA}/"))
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }}" in page
        assert "<script>alert" not in page


def test_the_same_is_not_said_twice(client, speaker) -> None:
    from virkestoff_hub.facilities.models import Statement

    assert client.post(ADD, NEW).status_code == 302
    assert client.post(ADD, NEW).status_code == 422
    from virkestoff_hub.facilities.holding import from_library

    stated = [c for c in from_library().providers[CURIDA].capabilities
              if c.does == "blow_fill_seal"]  # fmt: skip
    again = client.post(ADD, {"does": "blow_fill_seal", "products": list(stated[0].products)})
    assert again.status_code == 422
    assert "allerede oppgitt" in _page(again)
    assert client.post(ADD, {**NEW, "products": ["antibiotic"]}).status_code == 302
    assert len(set(Statement.objects.filter(capability__does="peptide_synthesis")
                   .values_list("key", flat=True))) == 2  # fmt: skip


# ---- withdrawn, wrong, undone


def test_it_is_changed_ended_called_wrong_and_every_step_is_undone(client, speaker) -> None:
    from virkestoff_hub.facilities.models import StatementVersion

    client.post(ADD, NEW)
    held = {k: v for k, v in NEW.items() if k != "does"}
    client.post(_address(), {**held, "version": "1", "answer": "added", "scale_to": "99"})
    assert _candidate().reasons
    assert _own().read.scale.to == 99
    client.post(_address(), {"version": "2", "answer": "ended"})
    assert "Er avsluttet" in [r.text.nb for r in _candidate().why_not]
    assert "Avsluttet," in _page(client.get(f"{NB}provider/{CURIDA}/"))
    client.post(_address(), {"version": "3", "answer": "wrong"})
    assert _status() == "not stated"
    assert "Peptidsyntese" not in _page(client.get(f"{NB}provider/{CURIDA}/"))
    page = _page(client.get(_address()))
    assert page.count("Gå tilbake til denne") == 3
    assert "0,5–99 kg" in page
    assert "0,5–20 kg" in page
    assert page.count("gjelder nå") == 1
    undone = client.post(f"{_address()}restore/", {"version": "4", "to": "1"})
    assert undone.status_code == 302
    assert (_own().answer, _own().read.scale.to, _own().version) == ("added", 20, 5)
    assert _status() == "ask"
    kept = list(StatementVersion.objects.order_by("version").values_list("version", "answer"))
    assert kept == [(1, "added"), (2, "added"), (3, "ended"), (4, "wrong"), (5, "added")]


def test_an_undone_statement_is_stated_anew_today(client, speaker) -> None:
    from django.utils import timezone

    from virkestoff_hub.facilities.models import Statement, StatementVersion

    client.post(ADD, NEW)
    old = {**_own().capability, "place": "2020-02-02"}
    StatementVersion.objects.update(capability=old)
    Statement.objects.update(capability=old, version=2, answer="wrong")
    client.post(f"{_address()}restore/", {"version": "2", "to": "1"})
    assert _own().read.place == timezone.localdate().isoformat()


def test_a_statement_of_the_library_is_called_wrong_and_the_answer_taken_back(
    client, speaker
) -> None:
    """What is called wrong is a lack by the provider's word, not by a source's."""
    from virkestoff_hub.facilities.holding import from_library, joined, key_of

    first = from_library().providers[CURIDA].capabilities[0]
    key, before = _library_key(client), _status(first.does)
    assert key == key_of(first)
    client.post(_address(key), {"version": "0", "answer": "wrong"})
    found = _candidate(first.does)
    assert (found.status, found.why_not[0].source) == ("no", "own_statement")
    assert found.why_not[0].text.nb.startswith("Mangler: ")
    page = _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert "Dette er det sagt at den mangler" in page
    assert '<span class="tag proposed">feil</span>' in page
    client.post(f"{_address(key)}restore/", {"version": "1", "to": "0"})
    assert _status(first.does) == before
    assert "0 av" not in _page(client.get(f"{NB}provider/{CURIDA}/"))
    assert not joined().providers[CURIDA].lacks
    client.post(f"{NB}mine/{CURIDA}/confirm/")  # an answer that was taken back is open again
    assert joined().providers[CURIDA].is_confirmed
    answers = re.findall(r"<td data-label=\"Svar\">([^<]+)</td>", _page(client.get(_address(key))))
    assert answers == ["Stemmer", "Svaret er tatt tilbake", "Feil", "Ikke besvart"]


def test_wrong_does_not_rule_out_what_is_stated_otherwise(client, speaker) -> None:
    from virkestoff_hub.facilities.holding import from_library, joined

    first = from_library().providers[CURIDA].capabilities[0]
    client.post(_address(_library_key(client)), {"version": "0", "answer": "wrong"})
    client.post(ADD, {"does": first.does, "scale_to": "7", "scale_unit": "L"})
    assert not joined().providers[CURIDA].lacks
    assert _status(first.does) == "ask"


# ---- two at once, and others


def test_two_editors_of_one_statement_keep_both(client, speaker) -> None:
    client.post(ADD, NEW)
    held = {k: v for k, v in NEW.items() if k != "does"}
    mine = {**held, "version": "1", "answer": "added"}
    client.post(_address(), {**mine, "scale_to": "30"})
    second = client.post(_address(), {**mine, "scale_to": "40"})
    page = _page(second)
    assert second.status_code == 409
    assert 'value="40"' in page
    assert "0,5–30 kg" in page
    assert _own().read.scale.to == 30
    late = client.post(f"{_address()}restore/", {"version": "1", "to": "1"})
    assert late.status_code == 409
    assert _own().version == 2
    again = re.search(r'name="version" value="(\d+)"', page)[1]
    assert client.post(_address(), {**mine, "version": again,
                                    "scale_to": "40"}).status_code == 302  # fmt: skip
    assert _own().read.scale.to == 40


def test_two_who_add_the_same_work_at_once(client, speaker, monkeypatch) -> None:
    from virkestoff_hub.facilities import keeping, statements
    from virkestoff_hub.facilities.models import Statement

    key = keeping.new_key(CURIDA, "peptide_synthesis")
    client.post(ADD, NEW)
    monkeypatch.setattr(statements, "new_key", lambda provider, does: key)
    second = client.post(ADD, {**NEW, "products": ["antibiotic"]})
    assert second.status_code == 409
    assert "la til det samme arbeidet i dette øyeblikk" in _page(second)
    assert Statement.objects.count() == 1


def test_nothing_is_half_written(client, speaker, monkeypatch) -> None:
    """The trail fails after the statement: neither statement nor version stands."""
    from virkestoff_hub.facilities import statements
    from virkestoff_hub.facilities.models import Statement, StatementVersion

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(statements, "note", broken)
    with pytest.raises(OSError, match="disk full"):
        client.post(ADD, NEW)
    assert (Statement.objects.count(), StatementVersion.objects.count()) == (0, 0)


def test_only_who_speaks_for_it_adds_and_undoes(client, speaker) -> None:
    from virkestoff_hub.facilities.models import ProviderLink, Statement

    client.post(ADD, NEW)
    key = _own().key
    for address in (ADD, _address(key), f"{_address(key)}restore/"):
        other = address.replace(f"/{CURIDA}/", "/agilera/")
        assert client.post(other, NEW).status_code == 403, other
    assert client.get(f"{_address(key)}restore/").status_code == 405
    for to in ("9", "x", "", "0", "-1"):  # version 0 is the library's alone
        answer = client.post(f"{_address(key)}restore/", {"version": "1", "to": to})
        assert answer.status_code == 404, to
    assert client.get(_address("own-000000000-01")).status_code == 404
    ProviderLink.objects.all().delete()
    for address in (ADD, _address(key), f"{_address(key)}restore/"):
        assert client.post(address, NEW).status_code == 403, address
    assert Statement.objects.get().version == 1


def test_a_statement_that_the_library_no_longer_understands_is_left_out(
    client, speaker, caplog
) -> None:
    from virkestoff_hub.facilities.models import Statement

    client.post(ADD, NEW)
    Statement.objects.update(capability={**_own().capability, "does": "no_such_work"})
    assert client.get(f"{NB}provider/{CURIDA}/").status_code == 200
    assert client.get(f"{NB}mine/{CURIDA}/").status_code == 200
    assert "can no longer be read" in caplog.text
    Statement.objects.update(capability={"does": 7})
    assert _status() == "not stated"


def test_what_was_said_before_versions_were_kept_begins_its_history(_clean) -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from virkestoff_hub.facilities.models import Statement, StatementVersion

    Statement.objects.create(provider=CURIDA, key="0" * 16, answer="right", version=3,
                             on=date(2026, 11, 1))  # fmt: skip
    module = __import__("virkestoff_hub.facilities.migrations.0002_statement_versions",
                        fromlist=["keep_what_stands"])  # fmt: skip
    state = MigrationExecutor(connection).loader.project_state(("facilities",
                                                                "0002_statement_versions"))
    module.keep_what_stands(state.apps, None)
    [kept] = StatementVersion.objects.all()
    assert (kept.version, kept.answer, kept.at.date()) == (3, "right", date(2026, 11, 1))
