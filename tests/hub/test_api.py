"""The API gives what the engine gives, in one shape, and refuses what it cannot read.

Oracle: the engine asked directly; schemathesis (requests made from the OpenAPI description, in
process, each answer checked against it); JSON as the standard has it, which knows no NaN.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from math import inf, nan

import pytest

LISTS = (
    "schemes", "profile-facts", "facts", "statistics", "subjects", "sources", "conflicts",
    "glossary", "facilities/providers", "facilities/vocabulary", "industry/measures",
    "industry/projections", "industry/targets", "studies", "search?q=antibiotika",
)  # fmt: skip
PROFILE = {
    "company": {"is_registered_in_norway": True, "kind": "company", "employees": 12,
                "founded": "2021-03-01"},
    "project": {"activity": "industrial_research", "total_costs": "10 mill"},
    "date": "2026-11-24",
}  # fmt: skip
REQUEST = {
    "request": "r-1", "requester": "hemmelig as", "modality": "peptide", "phase": "phase_1",
    "from": "2027-03-01", "to": "2027-06-30", "countries": ["NO"],
    "steps": [{"does": "microbial_fermentation", "batch_size": {"amount": 300, "unit": "L"}},
              {"does": "aseptic_filling"}],
}  # fmt: skip
DAY = date(2026, 11, 24)


def _no_number(text: str) -> None:
    raise AssertionError(f"{text} is no JSON")


def _read(response):
    assert response.headers["Content-Type"].startswith("application/json"), response.content[:200]
    return json.loads(response.content, parse_constant=_no_number)


def _get(client, path: str):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, (path, response.content[:500])
    return _read(response)


def _post(client, path: str, body: object, status: int = 200):
    response = client.post(f"/api/v1/{path}", body if isinstance(body, bytes) else
                           json.dumps(body), content_type="application/json")  # fmt: skip
    assert response.status_code == status, response.content[:1000]
    return _read(response)


def _faults(data) -> dict[str, str]:
    assert set(data) == {"status", "faults", "documentation"}
    assert all(set(f) == {"code", "where", "what", "why", "next_step"} for f in data["faults"])
    return {f["where"]: f["what"] for f in data["faults"]}


def _everything(client, path: str):
    """The items of all pages of a list."""
    found, at = [], f"/api/v1/{path}{'&' if '?' in path else '?'}page_size=37"
    while at:
        data = _read(client.get(at))
        found += data["items"]
        at = data["next"]
    assert len(found) == data["n"]
    return found


# ---- what is given


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_whole_and_its_items_are_found_again(client, path, lang) -> None:
    sign = "&" if "?" in path else "?"
    data = _get(client, f"{path}{sign}lang={lang}&page_size=20")
    assert data["n"] >= len(data["items"]) > 0
    for item in data["items"][:3]:
        if item.get("url"):
            again = _read(client.get(f"{item['url']}?lang={lang}"))
            assert {k: again[k] for k in item} == item
        if item.get("page"):
            assert item["page"].startswith(f"/{lang}/")
            assert client.get(item["page"]).status_code == 200


def test_lists_hold_every_record_of_the_library_once(client) -> None:
    from virkestoff.evidence import find_conflicts
    from virkestoff.evidence.glossary import load_glossary
    from virkestoff.facilities import load_register
    from virkestoff_hub.engine import bench, library

    held, register = library(), load_register(library())
    known = {
        "facts": held.facts, "statistics": held.statistics, "sources": held.sources,
        "subjects": held.subjects, "schemes": bench().schemes.schemes,
        "glossary": load_glossary(held), "facilities/providers": register.providers,
        "facilities/vocabulary": register.vocabulary.terms,
        "profile-facts": bench().schemes.vocabulary.terms,
        "industry/projections": bench().projections("nb").scenarios,
        "industry/targets": bench().projections("nb").targets,
        "studies": [s.study for s in bench().studies()],
    }  # fmt: skip
    for path, records in known.items():
        assert [item["id"] for item in _everything(client, path)] == sorted(records), path
    conflicts = _everything(client, "conflicts")
    assert [set(c["statistics"]) for c in conflicts] == [
        {s.id for s in c.statistics} for c in find_conflicts(held)
    ]


def test_numbers_are_those_of_the_library(client) -> None:
    from virkestoff_hub.engine import library

    for item in _everything(client, "facts"):
        fact = library().facts[item["id"]]
        assert item["values"] == list(fact.numbers)
        assert item["series"] == {str(y): x for y, x in (fact.series or {}).items()}
        assert (item["unit"], item["origin"]["source"]) == (fact.unit, fact.source)
        assert item["origin"]["confidence"] == fact.confidence
    for item in _everything(client, "statistics"):
        one = library().statistics[item["id"]]
        value = [] if one.value is None else (
            list(one.value) if isinstance(one.value, tuple) else [one.value])  # fmt: skip
        assert (item["values"], item["year"], item["branch"]) == (value, one.year, one.branch)


def test_lists_are_narrowed(client) -> None:
    from virkestoff_hub.engine import bench, library

    turnover = _everything(client, "statistics?subject=industry.turnover&branch=all")
    assert {s["id"] for s in turnover} == {
        s.id for s in library().statistics.values()
        if s.subject == "industry.turnover" and s.branch == "all"
    }  # fmt: skip
    assumed = _everything(client, "facts?confidence=assumption&search=penicillin")
    assert assumed
    assert {f["origin"]["confidence"] for f in assumed} == {"assumption"}
    loans = _everything(client, "schemes?kind=loan")
    assert {s["id"] for s in loans} == {s.id for s in bench().choose_schemes(kind="loan")}


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_checked_profile_is_the_guides_answer(client, lang) -> None:
    from virkestoff.instruments.profile import profile_of
    from virkestoff.reports.guide_json import guide_json
    from virkestoff_hub.engine import bench

    data = {**PROFILE, "date": DAY,
            "company": {**PROFILE["company"], "founded": date(2021, 3, 1)}}  # fmt: skip
    profile = profile_of(data, bench().schemes.vocabulary)
    wanted = guide_json(bench().guide(profile, DAY))
    found = _post(client, f"check?lang={lang}", PROFILE)
    assert found["counts"] == wanted["counts"]
    assert found["profile"]["facts"].keys() == wanted["profile"]["facts"].keys()
    assert found["deadlines"] == wanted["deadlines"]
    assert len(found["schemes"]) == len(wanted["schemes"])
    for got, want in zip(found["schemes"], wanted["schemes"], strict=True):
        assert (got["id"], got["status"], got["group"], got["missing"]) == (
            want["id"], want["status"], want["group"], want["missing"])  # fmt: skip
        assert got["name"] == want["name"][lang]
        assert [c["result"] for c in got["conditions"]] == [c["result"] for c in want["conditions"]]
        if want["amount"] is not None:
            assert got["amount"]["value"] == want["amount"]["value"]
            assert len(got["amount"]["steps"]) == len(want["amount"]["steps"])
        assert [len(m["changes"]) for m in got["near_misses"]] == [
            len(m["changes"]) for m in want["near_misses"]]  # fmt: skip
    assert any(s["amount"] and s["amount"]["steps"] for s in found["schemes"])


def test_near_misses_are_told_with_their_ends(client, monkeypatch) -> None:
    from virkestoff_hub.api import schemes

    real = schemes.guide_json
    changes = [{"fact": "project.trl", "now": 3.0, "from": 5.0, "to": inf},
               {"fact": "company.kind", "now": "tto", "choices": ["company"]}]  # fmt: skip

    def with_near(answer):
        found = real(answer)
        found["schemes"][0]["near_misses"] = [{"changes": changes, "then": "met"}]
        return found

    monkeypatch.setattr(schemes, "guide_json", with_near)
    [miss] = _post(client, "check", PROFILE)["schemes"][0]["near_misses"]
    assert miss["changes"] == [
        {"fact": "project.trl", "now": 3.0, "low": 5.0, "high": None, "choices": None},
        {"fact": "company.kind", "now": "tto", "low": None, "high": None, "choices": ["company"]},
    ]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_match_is_the_engines_and_the_requester_is_not_in_it(client, lang) -> None:
    from virkestoff.facilities import load_register, match, request_from
    from virkestoff_hub.engine import library

    register = load_register(library())
    wanted = match(request_from(REQUEST, register.vocabulary), register, DAY)
    found = _post(client, f"facilities/match?on={DAY}&lang={lang}", REQUEST)
    assert "hemmelig" not in json.dumps(found)
    assert (found["status"], found["suggested_outcome"]) == (
        wanted.status, wanted.suggested_outcome())  # fmt: skip
    for got, want in zip(found["steps"], wanted.steps, strict=True):
        assert [(c["provider"], c["status"]) for c in got["candidates"]] == [
            (c.provider, c.status) for c in want.candidates]  # fmt: skip
        assert [[r["text"] for r in c["reasons"]] for c in got["candidates"]] == [
            [r.text.in_(lang) for r in c.reasons] for c in want.candidates]  # fmt: skip


def test_search_is_the_engines(client) -> None:
    from virkestoff_hub.engine import search

    wanted = search().search("skatefun", lang="en", limit=10, offset=10)
    found = _get(client, "search?q=skatefun&lang=en&page=2&page_size=10")
    assert [h["id"] for h in found["items"]] == [h.document.id for h in wanted.hits]
    assert (found["n"], found["counts"], found["reads_as"]) == (
        wanted.total, wanted.counts, wanted.reads_as)  # fmt: skip
    for hit in found["items"]:
        for start, end in hit["title"]["spans"]:
            assert 0 <= start < end <= len(hit["title"]["text"])


def test_statistics_of_companies_are_the_engines_and_hidden_figures_are_null(
    client, monkeypatch
) -> None:
    from virkestoff.industry.cells import Cell, hidden
    from virkestoff_hub.api import industry
    from virkestoff_hub.engine import bench

    response = client.get("/api/v1/industry/statistics")
    assert response.status_code == 404  # a site without companies
    population = bench().population("synthetic")[0]
    monkeypatch.setattr(industry, "has_companies", lambda: True)
    monkeypatch.setattr(industry, "companies", lambda: population)
    industry._table.cache_clear()
    by = ("branch", "ownership")
    wanted = bench().industry_statistics(population, "turnover", by, None, "j_curve_box", 4)
    found = _get(client, "industry/statistics?measure=turnover&by=branch&by=ownership")
    assert found["is_synthetic"] is True
    assert [(tuple(c["place"].values()), c["value"], c["mark"]) for c in found["cells"]] == [
        (c.place, c.value, c.mark) for c in wanted.cells]  # fmt: skip
    nowhere = (hidden(("all", "all"), 2024), Cell(("all", "x"), 2024, nan, -inf, inf, 0, "i"))
    monkeypatch.setattr(industry, "_table", lambda *asked: replace(wanted, cells=nowhere))
    cells = _get(client, "industry/statistics?by=branch&by=ownership")["cells"]
    assert {c[key] for c in cells for key in ("value", "low", "high")} == {None}
    assert [c["mark"] for c in cells] == [":", "i"]
    assert client.get("/api/v1/industry/statistics?measure=none").status_code == 404
    assert client.get("/api/v1/industry/statistics?by=postcode").status_code == 422


def test_a_projection_that_cannot_be_rebuilt_has_no_path(client) -> None:
    from virkestoff.industry.projections import load_scenarios, rebuild
    from virkestoff_hub.engine import library

    found = {p["id"]: p["path"] for p in _everything(client, "industry/projections")}
    for key, scenario in load_scenarios(library()).items():
        path = rebuild(library(), scenario)
        assert (found[key] is None) == (path is None)
        if path is not None:
            assert found[key]["middle"] == list(path.middle)


def test_every_scheme_is_told_with_its_rules_on_a_day(client) -> None:
    from virkestoff_hub.engine import bench

    for key, scheme in bench().schemes.schemes.items():
        data = _get(client, f"schemes/{key}?on=2026-11-24&lang=en")
        assert data["name"] == scheme.name.en
        leaves = {leaf.id for _, leaf in scheme.leaves}
        assert {c["id"] for c in data["conditions"] if c["id"]} <= leaves
        assert len(data["references"]) == len(scheme.references)
    old = _get(client, "schemes/skattefunn?on=1995-01-01")
    assert old["on"] == "1995-01-01"
    assert old["rules"] != data["rules"] or all(p["value"] is None for p in old["parameters"])


# ---- what is refused


def test_a_misspelt_parameter_is_told_and_all_faults_at_once(client) -> None:
    response = client.get("/api/v1/facts?confidense=read&pages=2&lang=nb&lang=en")
    assert response.status_code == 422
    faults = _faults(_read(response))
    assert set(faults) == {"query.confidense", "query.pages", "query.lang"}
    assert "Did you mean 'confidence'?" in response.content.decode()
    response = client.get("/api/v1/facts?confidence=sure&page=0&page_size=a&lang=sv")
    assert response.status_code == 422
    assert set(_faults(_read(response))) == {
        "query.confidence", "query.page", "query.page_size", "query.lang"}  # fmt: skip


def test_all_faults_of_a_body_are_told_at_once(client) -> None:
    bad = {"company": {"employees": "many", "colour": 1}, "projects": {}, "orgnr": "12"}
    found = _faults(_post(client, "check", bad, 422))
    assert set(found) == {"body.company.employees", "body.company.colour", "body.projects",
                          "body.orgnr"}  # fmt: skip
    bad = {"request": "r", "steps": [{"does": "fermentasjon av alt"}, {"does": "x", "gmp": "y"}]}
    found = _faults(_post(client, "facilities/match", bad, 422))
    assert len(found) == 3
    bad = {"steps": [{"does": 1, "batch_size": {"amount": -1, "unit": "foot"}}], "phase": "4"}
    assert len(_faults(_post(client, "facilities/match", bad, 422))) >= 4


@pytest.mark.parametrize("path", ["check", "facilities/match"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"[]", 400), (b"null", 400), (b"7", 400), (b'"a"', 400),
        (b"[" * 60_000, 400), (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
        (b'{"company": ' + b"[" * 20 + b"]" * 20 + b"}", 400),
        (b'{"company": {"employees": NaN}}', 400), (b'{"company": {"employees": Infinity}}', 400),
        (b'{"company": {"employees": 1e999}}', 400),
        (b'{"company": {"employees": ' + b"9" * 5000 + b"}}", 400),
        (b'{"company": {"employees": 3, "employees": 4}}', 400),
        (b'{"\xff": 1}', 400), (b'{"a": "\\ud800"}', 400),
        (b'{"a": "' + b"x" * 70_000 + b'"}', 413),
        (b'{"steps": {"a": 1}, "company": [1]}', 422),
        (b'{"request": 5, "steps": [[]], "company": {"employees": {"from": []}}}', 422),
        (b'{"company": {"employees": 999999999999999999999999999999}, "request": "a"}', 422),
        (b'{"company": {"founded": "9999-99-99"}, "steps": [{"does": null}]}', 422),
        (b'{"steps": [], "awards": 3, "owners": [{"share": "x"}], "aid": []}', 422),
    ],
)  # fmt: skip
def test_hostile_bodies(client, path, body, status) -> None:
    data = _post(client, path, body, status)
    assert _faults(data)
    assert data["status"] == status


def test_a_body_that_is_not_json_by_its_own_word_is_refused(client) -> None:
    assert client.post("/api/v1/check").status_code == 415
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        response = client.post("/api/v1/check", b"{}", content_type=kind)
        assert response.status_code == 415, kind
        assert _faults(_read(response))


def test_every_fault_has_the_one_shape(client) -> None:
    for path in ("nothing", "facts/no.such", "schemes/no_such", "facilities/providers/x",
                 "studies/none", "sources/none", "schemes/", "../v2/",
                 "statistics/a/b"):  # fmt: skip
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == 404, path
        assert _faults(_read(response))
    for method in ("post", "put", "delete", "patch", "options"):
        response = getattr(client, method)("/api/v1/facts")
        assert response.status_code == 405, method
        assert "GET" in response.headers["Allow"]
        assert _faults(_read(response))
    assert _read(client.get("/api/v1/schemes/skattefunn?on=2026-02-30"))["status"] == 422
    assert _read(client.get("/api/v1/schemes/skattefunn?on=0001-01-01"))["status"] == 422
    assert _read(client.get("/api/v1/facts?search=%00%ff"))["n"] == 0


def test_a_flood_is_told_to_wait_in_json(_clean) -> None:
    from django.test import Client

    client = Client()
    statuses = [client.post("/api/v1/check", "{", content_type="application/json").status_code
                for _ in range(30)]  # fmt: skip
    assert set(statuses) == {400, 429}
    response = client.post("/api/v1/check", "{}", content_type="application/json")
    assert int(response.headers["Retry-After"]) >= 1
    assert _faults(_read(response))


# ---- who may ask


def test_no_cookie_is_set_or_read_and_nobody_elsewhere_is_let_in(client, signed_in) -> None:
    signed_in("company")
    for response in (
        client.get("/api/v1/facts", headers={"Origin": "https://other.example"}),
        client.post("/api/v1/check", "{}", content_type="application/json"),
    ):
        assert response.status_code == 200
        assert not response.cookies
        assert [h for h in response.headers if h.lower().startswith("access-control")] == []
    assert response.headers["Cache-Control"] == "no-store"


def test_staff_without_a_second_factor_are_visitors_here(client, person) -> None:
    client.force_login(person("analyst"))
    assert client.get("/nb/").status_code == 302
    assert client.get("/api/v1/schemes").status_code == 200


# ---- the description


def test_the_description_names_every_operation_and_the_page_shows_it(client) -> None:
    held = _get(client, "openapi.json")
    assert held["openapi"].startswith("3.1")
    start = _get(client, "")
    assert set(start["resources"]) == set(held["paths"]) - {"/api/v1/"}
    for lang in ("nb", "en"):
        page = client.get(f"/{lang}/api/").content.decode()
        for path, methods in held["paths"].items():
            assert page.count(f"<code>{path}</code>") >= len(methods)
        assert "https://" not in page.partition("<main")[2].partition("</main>")[0]
        links = set(held["components"]["schemas"])
        assert all(f'id="shape-{name}"' in page for name in links)


def test_random_requests_get_what_the_description_says(client) -> None:
    """A few requests for each operation, right ones and wrong ones, the same each time."""
    schemathesis = pytest.importorskip(
        "schemathesis", reason="schemathesis is not installed: pip install 'virkestoff[hub-test]'"
    )
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks as of_openapi

    checks = [not_a_server_error, of_openapi.status_code_conformance,
              of_openapi.content_type_conformance, of_openapi.response_schema_conformance,
              of_openapi.negative_data_rejection]  # fmt: skip
    bounded = settings(max_examples=4, derandomize=True, database=None, deadline=None,
                       phases=[Phase.generate],
                       suppress_health_check=list(HealthCheck))  # fmt: skip
    application = get_wsgi_application()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application,
                                            headers={"Host": "localhost"})  # fmt: skip
    n = 0
    for result in schema.get_all_operations():
        for mode in schemathesis.GenerationMode:

            @bounded
            @given(case=result.ok().as_strategy(generation_mode=mode))
            def ask(case):
                nonlocal n
                n += 1
                case.call_and_validate(checks=checks, headers={"Host": "localhost"})

            is_asked = bool(result.ok().definition.raw.get("parameters"))
            if is_asked or mode.is_positive:  # nothing can be wrong where nothing is asked
                ask()
    assert n > 150
