"""Studies on the site: read to the source, run with changed inputs, compared, explained.

Oracles: a study whose ``study.yaml`` says what the reader chose; the price index for a fixed cost
that is added; sums of the parts of an explanation; the states and limits that the issue names.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import uuid
from pathlib import Path

import pytest

pytest.importorskip(
    "django", reason="the extra 'hub' is not installed: pip install 'virkestoff[hub]'"
)
ADMINISTRATION = "supply.stock.administration_cost"
STUDY = "/nb/studies/example/"


@pytest.fixture(scope="module")
def published(site):
    """The example, run as it stands and shown to everybody."""
    from virkestoff_hub.studies.work import publish

    folder = publish("example", 60, lambda *said: None)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def runs(site, tmp_path, monkeypatch):
    """A folder of runs of this test's own."""
    monkeypatch.setattr(site, "RUNS_ROOT", tmp_path / "runs")
    return tmp_path / "runs"


@pytest.fixture
def swift(monkeypatch):
    """Without PDF and Word, which have tests of their own and take most of the time."""
    from virkestoff.reports import document_files

    def page_alone(document, folder, stem):
        (folder / f"{stem}.html").write_text(document.subtitle, encoding="utf-8")
        return ()

    monkeypatch.setattr(document_files, "write_document", page_alone)


def _carry_out(run):
    from virkestoff_hub.runs.work import carry_out

    carry_out.func(str(run.id))
    run.refresh_from_db()
    return run


def _made(user, changes: dict, draws: int = 40, study: str = "example"):
    from virkestoff_hub.runs.work import start

    asked = {"study": study, "changes": {"levers": {}, "facts": {}} | changes, "draws": draws}
    run = _carry_out(start("study", asked, user))
    assert run.state == "done", run.fault
    return run


def _results(run) -> dict:
    return json.loads((run.folder / "results.json").read_text("utf-8"))


def _text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def _library_hash() -> str:
    from virkestoff.evidence import content_root

    whole = hashlib.sha256()
    for path in sorted((content_root() / "library").rglob("*.yaml")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_from_the_headline_to_the_place_in_the_source(client, published, lang) -> None:
    """Front page, studies, study, result, number, fact, source: six clicks without signing in."""
    assert f'/{lang}/studies/"' in _text(client.get(f"/{lang}/"))
    assert f"/{lang}/studies/example/" in _text(client.get(f"/{lang}/studies/"))
    page = _text(client.get(f"/{lang}/studies/example/"))
    [result] = set(re.findall(rf'href="(/{lang}/studies/example/results/published/)"', page))
    first = _text(client.get(result))
    sums = first[first.index('class="sums"') :]
    number = re.search(r'<a class="n" href="([^"]+)"', sums)[1]
    rests = _text(client.get(number))
    assert (ADMINISTRATION in rests) or ("record/" in rests)
    fact = re.search(rf'<th scope="row"><a href="(/{lang}/evidence/record/[^"]+)"', rests)[1]
    record = _text(client.get(fact))
    source = re.search(rf'href="(/{lang}/evidence/sources/[^"]+)"', record)[1]
    assert client.get(source).status_code == 200


def test_every_link_of_every_chapter_leads_somewhere(client, published) -> None:
    page = _text(client.get(f"{STUDY}results/published/"))
    base = f"{STUDY}results/published/chapters/"
    chapters = set(re.findall(rf'href="({base}[^"#]+)', page))
    assert len(chapters) >= 3
    links = set()
    for chapter in chapters:
        text = _text(client.get(chapter))
        assert "this-run" not in text
        links |= {a for a in re.findall(r'href="(/nb/[^"#]+)', text) if "/files/" not in a}
        for address, anchor in re.findall(rf'href="({base}[^"#]+)#([^"]+)"', text):
            assert address.endswith(f"/{anchor}/") or f'id="{anchor}"' in _text(client.get(address))
    found = {a: client.get(a).status_code for a in sorted(links)}
    assert {a for a, s in found.items() if s not in (200, 302)} == set()


def test_a_number_names_all_facts_and_those_that_decide_first(client, published) -> None:
    results = json.loads((published / "results.json").read_text("utf-8"))
    text = _text(client.get(f"{STUDY}results/published/numbers/stock.account_yearly_cost_state/"))
    rows = re.findall(r'<th scope="row"><a href="[^"]+/([^/"]+)/">', text)
    assert sorted(rows) == sorted(results["facts"]["stock"])
    [ranking] = results["rankings"]
    largest = max(ranking["influences"], key=lambda i: i["first_order"])
    assert rows[0] == largest["fact"]
    for name in ("stock.nothing", "nobody.stock_value", "stock", "..%2Fresults"):
        assert client.get(f"{STUDY}results/published/numbers/{name}/").status_code == 404


def test_files_are_those_of_the_run_alone(client, published) -> None:
    names = ["manifest.json", "report.en.docx", "report.en.html", "report.en.pdf",
             "report.nb.docx", "report.nb.html", "report.nb.pdf", "results.en.xlsx",
             "results.json", "results.nb.xlsx"]  # fmt: skip
    assert sorted(p.name for p in published.iterdir() if p.is_file()) == names
    for name in names:
        answer = client.get(f"{STUDY}results/published/files/{name}")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == (published / name).read_bytes()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        answer.close()
    for name in ("pages", "..%2fpublished%2fresults.json", "%2e%2e", "nb.json", "results.json%00"):
        assert client.get(f"{STUDY}results/published/files/{name}").status_code == 404


def test_a_changed_lever_gives_what_a_study_with_that_lever_gives(
    person, runs, swift, tmp_path
) -> None:
    """Oracle: the same study with ``months: 12`` in its study.yaml, run by the engine."""
    from virkestoff.evidence import content_root
    from virkestoff.workbench import Workbench

    folder = tmp_path / "example"
    shutil.copytree(content_root() / "studies" / "example", folder)
    text = (folder / "study.yaml").read_text("utf-8")
    (folder / "study.yaml").write_text(text.replace("{months: 6}", "{months: 12}"), "utf-8")
    Workbench().run_study(str(folder), draws=40, out=tmp_path / "own", with_report=False, threads=1)
    own = json.loads((tmp_path / "own" / "results.json").read_text("utf-8"))
    found = _results(_made(person("company"), {"levers": {"stock": {"months": 12.0}}}))
    for key in ("alternatives", "rankings", "effects", "levers", "library", "facts_used"):
        assert found[key] == own[key], key
    assert found["changed_inputs"] == {
        "levers": {"stock": {"months": 12.0}}, "facts": {},
        "before": {"levers": {"stock": {"months": 6.0}}, "facts": {}},
    }  # fmt: skip
    assert "changed_inputs" not in own


def test_a_changed_fact_counts_as_it_must_and_the_library_stays(person, runs, swift) -> None:
    """Oracle: a cost a year that is fixed at c adds c, carried to the study's price year."""
    from virkestoff_hub.engine import library

    before, held = _library_hash(), library().facts[ADMINISTRATION]
    user, cost = person("company"), {}
    for c in (1e6, 3e6):
        run = _made(user, {"facts": {ADMINISTRATION: [c, c, c]}})
        cost[c] = _results(run)["alternatives"]["stock"]["account_yearly_cost_state"]
    factor = library().indices.factor("NOK", held.price_year, 2025)
    for key in ("mean", "p10", "p50", "p90"):
        assert cost[3e6][key] - cost[1e6][key] == pytest.approx(2e6 * factor, rel=1e-6)
    used = _results(run)["facts_used"][ADMINISTRATION]
    assert (used["numbers"], used["confidence"]) == ([3e6] * 3, "assumption")
    assert used["source"] == "changed_by_reader"
    assert _library_hash() == before
    assert library().facts[ADMINISTRATION] is held
    assert "changed_by_reader" not in library().sources


def test_the_result_says_everywhere_what_the_reader_changed(client, signed_in, runs) -> None:
    import openpyxl
    from docx import Document

    user = signed_in("company")
    run = _made(user, {"levers": {"stock": {"months": 12.0}},
                       "facts": {ADMINISTRATION: [1e6, 2e6, 3e6]}}, draws=20)  # fmt: skip
    words = {"nb": "ndret av leseren, ikke bibliotekets",
             "en": "hanged by the reader, not the library"}  # fmt: skip
    for lang, said in words.items():
        base = f"/{lang}/studies/example/"
        for page in ("", f"results/{run.id}/", f"results/{run.id}/chapters/cost/",
                     f"results/{run.id}/chapters/changed-inputs/",
                     f"results/{run.id}/numbers/stock.account_yearly_cost_state/",
                     f"results/{run.id}/facts/{ADMINISTRATION}/",
                     f"results/{run.id}/explain/"):  # fmt: skip
            assert said in _text(client.get(base + page)), page
        assert said in (run.folder / f"report.{lang}.html").read_text("utf-8")
        pdf = (run.folder / f"report.{lang}.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")
        held = Document(str(run.folder / f"report.{lang}.docx"))
        assert any(said in p.text for p in held.paragraphs)
        book = openpyxl.load_workbook(run.folder / f"results.{lang}.xlsx")
        shown = [str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row]
        assert sum(said in c for c in shown) >= 2
    changed = _text(client.get(f"{STUDY}results/{run.id}/chapters/changed-inputs/"))
    assert "Ekstra lager" in changed
    assert json.loads((run.folder / "manifest.json").read_text("utf-8"))["changed_by"]
    fact = _text(client.get(f"{STUDY}results/{run.id}/facts/{ADMINISTRATION}/"))
    assert f"/nb/evidence/record/{ADMINISTRATION}/" in fact
    assert client.get(f"{STUDY}results/{run.id}/").headers["Cache-Control"] == "no-store"


def _form(client, **changed) -> dict[str, str]:
    page = _text(client.get(f"{STUDY}change/"))
    fields = dict(re.findall(r'<input type="text"[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"',
                             page))  # fmt: skip
    return {**fields, "alternative": "stock", "do": "run", **changed}


def test_faults_stand_at_their_fields_and_the_rest_is_kept(client, signed_in, published) -> None:
    from virkestoff_hub.runs.models import Run

    signed_in("company")
    name = f"fact:{ADMINISTRATION}"
    sent = _form(client, **{"lever:stock:months": "mange", f"{name}:0": "5000000",
                            f"{name}:2": "4", "draws": "2001"})  # fmt: skip
    answer = client.post(f"{STUDY}change/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    for kept in ("mange", "5000000", "2001"):
        assert f'value="{kept}"' in page
    for fault in ("Skriv et tall", "stige fra lav til høy", "et helt tall fra 20 til 2000"):
        assert page.count(fault) >= 2, fault  # in the summary and at the field
    for anchor in re.findall(r'<li><a href="#([^"]+)">', page[page.index('class="faults"') :]):
        assert f'id="{anchor}"' in page
    for wrong, words in (("25", "mellom 0 og 24"), ("1.500", "Skriv et tall"),
                         ("", "Skriv et tall"), ("nan", "Skriv et tall"),
                         ("9" * 400, "Skriv et tall")):  # fmt: skip
        page = client.post(f"{STUDY}change/", _form(client, **{"lever:stock:months": wrong}))
        assert page.status_code == 422
        assert words in page.content.decode()
    for numbers, words in ((("-1", "1", "2"), "Må være over null"),
                           (("1", "2", "1e30"), "tusen ganger")):  # fmt: skip
        parts = {f"{name}:{i}": n for i, n in enumerate(numbers)}
        page = client.post(f"{STUDY}change/", _form(client, **parts))
        assert page.status_code == 422
        assert words in page.content.decode()
    assert Run.objects.count() == 0


def test_facts_are_found_and_what_was_typed_is_kept(client, signed_in, published) -> None:
    signed_in("company")
    sent = _form(client, do="find", find="lager", **{"lever:stock:months": "7"})
    page = _text(client.post(f"{STUDY}change/", sent))
    assert 'value="7"' in page
    added = re.findall(r'name="add" value="([^"]+)"', page)
    assert added
    page = _text(client.post(f"{STUDY}change/", {**sent, "add": added[0]}))
    assert f'name="fact:{added[0]}:0"' in page
    page = _text(client.post(f"{STUDY}change/", {**sent, "alternative": "today", "do": "show"}))
    assert '<input type="hidden" name="lever:stock:months" value="7">' in page
    page = _text(client.post(f"{STUDY}change/", {**sent, "add": "instruments.nothing"}))
    assert "instruments.nothing" not in page
    assert client.post(f"{STUDY}change/", {**sent, "alternative": "x"}).status_code == 404


def test_the_form_starts_a_run_that_is_followed_and_read(
    client, signed_in, published, runs, swift
) -> None:
    from virkestoff_hub.runs.models import Run

    signed_in("company")
    sent = _form(client, **{"lever:stock:months": "12", f"fact:{ADMINISTRATION}:2": "99000000",
                            "draws": "60"})  # fmt: skip
    answer = client.post(f"{STUDY}change/", sent)
    run = Run.objects.get()
    assert answer.url == f"/nb/runs/{run.id}/"
    assert run.parameters["changes"]["levers"] == {"stock": {"months": 12.0}}
    assert list(run.parameters["changes"]["facts"]) == [ADMINISTRATION]
    assert client.get(f"{STUDY}results/{run.id}/").status_code == 404  # not done yet
    _carry_out(run)
    assert f"{STUDY}results/{run.id}/" in _text(client.get(answer.url))
    again = _text(client.get(f"{STUDY}change/?from={run.id}"))
    assert 'value="12"' in again
    assert 'value="99000000"' in again
    compared = _text(client.get(f"{STUDY}compare/?before=published&after={run.id}"))
    assert "Endrede inndata: 2." in compared
    assert "Studien anbefaler ikke noe alternativ" in compared
    assert "ndret av leseren" in compared


def test_two_equal_runs_do_not_differ(client, signed_in, published, runs, swift) -> None:
    run = _made(signed_in("company"), {}, draws=60)
    text = _text(client.get(f"/en/studies/example/compare/?before=published&after={run.id}"))
    assert "Changed inputs: 0. Outcomes that moved beyond noise: 0 of" in text
    assert "Choose two different runs" in _text(
        client.get("/en/studies/example/compare/?before=published&after=published"))  # fmt: skip


def test_the_parts_of_an_explanation_sum(client, published) -> None:
    text = _text(client.get(f"{STUDY}results/published/explain/?a=stock&b=today"))
    cells = re.findall(r'<tr[^>]*><th scope=row[^>]*>([^<]*)</th>.*?<td class=r>([^<]*)</td></tr>',
                       text)  # fmt: skip
    numbers = {}
    for label, shown in cells:
        plain = shown.replace("\u2212", "-").replace("\u202f", "").replace(",", ".")
        numbers.setdefault(label, []).append(float(plain))
    [total] = numbers.pop("Sum")
    parts = [v for found in numbers.values() for v in found]
    assert sum(parts) == pytest.approx(total, abs=0.006 * sum(map(abs, parts)))
    for query, status in (("a=x&b=today", 404), ("a=today&b=today", 200)):
        assert client.get(f"{STUDY}results/published/explain/?{query}").status_code == status


def test_a_run_is_cancelled_and_leaves_nothing(person, runs, swift) -> None:
    from virkestoff_hub.runs.models import Run
    from virkestoff_hub.runs.work import start

    asked = {"study": "example", "changes": {"levers": {}, "facts": {}}, "draws": 200}
    run = start("study", asked, person("company"))
    Run.objects.update(is_cancel_asked=True)
    _carry_out(run)
    assert run.state == "cancelled"
    assert run.n_done == 0
    assert list(runs.iterdir()) == []


def test_progress_is_told_a_block_at_a_time(person, runs, swift, monkeypatch) -> None:
    from virkestoff_hub.runs import work

    told, teller = [], work._teller

    def listening(run):
        tell = teller(run)
        return lambda *said: (told.append(said), tell(*said))

    monkeypatch.setattr(work, "_teller", listening)
    _made(person("company"), {}, draws=100)
    computed = [done for done, _, step in told if step == "computing"]
    assert computed == sorted(computed)
    assert len(computed) == 8  # four blocks of 25 draws, two alternatives
    assert {step for _, _, step in told} == {"computing", "writing_study", "drawing_pages"}


def test_runs_of_others_and_forged_names_are_not_there(
    client, signed_in, person, published, runs, swift
) -> None:
    from virkestoff_hub.runs.models import Run

    others = _made(person("company", "ola"), {})
    pages = ("", "chapters/front/", "numbers/stock.stock_value/", "explain/", "files/results.json",
             f"facts/{ADMINISTRATION}/")  # fmt: skip
    for _ in range(2):  # as a visitor, and as another user
        for key in (others.id, uuid.uuid4(), "x", "..", "published2", f"{others.id}x"):
            for page in pages:
                assert client.get(f"{STUDY}results/{key}/{page}").status_code == 404
        for query in (f"before=published&after={others.id}", "before=published&after=x"):
            assert client.get(f"{STUDY}compare/?{query}").status_code == 404
        assert str(others.id) not in _text(client.get(STUDY))
        if _ == 0:
            signed_in("analyst")
    assert client.get(f"{STUDY}change/?from={others.id}").status_code == 404
    own = _made(Run.objects.get().owner.__class__.objects.get(username="kari"), {})
    assert client.get(f"{STUDY}results/{own.id}/").status_code == 200
    wrong = f"/nb/studies/antibiotics/results/{own.id}/"
    assert client.get(wrong).status_code == 404
    report = Run.objects.create(kind="coverage_report", owner=own.owner, state="done")
    assert client.get(f"{STUDY}results/{report.id}/").status_code == 404
    for page in ("nothing/", "nothing/change/", "nothing/compare/", "..%2fexample/"):
        assert client.get(f"/nb/studies/{page}").status_code == 404


@pytest.mark.parametrize(
    ("role", "draws", "status"),
    [("company", "2000", 302), ("company", "2001", 422), ("company", "19", 422),
     ("company", "20,5", 422), ("analyst", "10000", 302), ("analyst", "10001", 422)],
)  # fmt: skip
def test_draws_are_limited_by_role(client, signed_in, published, role, draws, status) -> None:
    signed_in(role)
    answer = client.post(f"{STUDY}change/", _form(client, draws=draws))
    assert answer.status_code == status


def test_nobody_has_more_than_three_runs_waiting(client, signed_in, published) -> None:
    signed_in("company")
    for status in (302, 302, 302, 422):
        answer = client.post(f"{STUDY}change/", _form(client))
        assert answer.status_code == status
    assert "kjøringer som venter" in answer.content.decode()


def test_a_visitor_signs_in_first_and_starts_nothing(client, published) -> None:
    from virkestoff_hub.accounts.permissions import most_draws
    from virkestoff_hub.runs.models import Run

    for answer in (client.get(f"{STUDY}change/"), client.post(f"{STUDY}change/", {"do": "run"})):
        assert answer.status_code == 302
        assert "/sign-in/" in answer.url
    assert Run.objects.count() == 0
    assert most_draws(None) == 0


def test_a_run_of_an_older_library_is_read_and_not_followed(
    client, signed_in, runs, swift
) -> None:
    run = _made(signed_in("company"), {})
    path = run.folder / "results.json"
    held = _results(run)
    path.write_text(json.dumps({**held, "library": "0" * 64}), "utf-8")
    for page in ("", "numbers/stock.stock_value/", "explain/", f"facts/{ADMINISTRATION}/"):
        assert "eldre bibliotek" in _text(client.get(f"{STUDY}results/{run.id}/{page}"))


def test_no_run_is_published_yet(client, site, monkeypatch, tmp_path) -> None:
    held = type(site.HUB)(**{**vars(site.HUB), "folder": Path(tmp_path)})
    monkeypatch.setattr(site, "HUB", held)
    assert "Ingen resultater er lagt ut" in _text(client.get(STUDY))
    assert client.get(f"{STUDY}results/published/").status_code == 404


def test_numbers_are_read_as_they_are_written() -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    from virkestoff_hub.studies.fields import read_number, written

    numbers = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-9)

    @given(numbers, st.sampled_from(["nb", "en"]))
    def there_and_back(x, lang) -> None:
        assert read_number(written(x, lang), lang) == pytest.approx(x, rel=1e-11)

    there_and_back()
    for text, lang, value in (
        ("1 234,5", "nb", 1234.5), ("1,234.5", "en", 1234.5), ("\u22123", "nb", -3.0),
        ("1.5", "nb", 1.5), ("1.500", "nb", None), ("1,5", "en", None), ("1,500", "nb", 1.5),
        ("1e400", "en", None), ("", "nb", None), ("12 stk", "nb", None), ("inf", "en", None),
        ("1,50", "en", None), ("0x10", "nb", None), ("٣", "nb", None),
    ):  # fmt: skip
        assert read_number(text, lang) == value, text
