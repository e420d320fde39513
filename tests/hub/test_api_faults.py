"""Faults of the API in two languages: the same codes, places and number; other words.

Oracle: RFC 9110, 12.5.4 (quality values of Accept-Language); the English answer to the same
request; the table below.
"""

from __future__ import annotations

import json
import re

import pytest

BAD = {
    "query": ("get", "facts?confidense=read&pages=2&lang=nb&lang=en", None),
    "values": ("get", "facts?confidence=sure&page=0&page_size=a&lang=sv", None),
    "long": ("get", f"facts?search={'x' * 101}", None),
    "day": ("get", "schemes/skattefunn?on=2026-02-30", None),
    "year": ("get", "schemes/skattefunn?on=0001-01-01", None),
    "form": ("get", "schemes/skattefunn?on=soon", None),
    "fact": ("get", "facts/no.such", None), "place": ("get", "nothing", None),
    "method": ("put", "facts", None), "kind": ("get", "facilities/providers?kind=x", None),
    "broken": ("post", "check", b"{"), "list": ("post", "check", b"[]"),
    "twice": ("post", "check", b'{"company": 1, "company": 2}'),
    "nan": ("post", "check", b'{"company": {"employees": NaN}}'),
    "deep": ("post", "check", b'{"company": ' + b"[" * 20 + b"]" * 20 + b"}"),
    "long number": ("post", "check", b'{"a": ' + b"9" * 50 + b"}"),
    "large number": ("post", "check", b'{"a": 1e999}'),
    "half": ("post", "check", b'{"a": "\\ud800"}'),
    "profile": ("post", "check", {"company": {"employees": "many", "colour": 1}, "projects": {},
                                  "orgnr": "12", "awards_are_complete": 3, "project": 7}),
    "terms": ("post", "facilities/match", {"request": "r", "steps": [
        {"does": "fermentasjon av alt"}, {"does": "x", "gmp": "y"}]}),
    "request": ("post", "facilities/match", {"steps": [
        {"does": 1, "batch_size": {"amount": -1, "unit": "foot"}}], "phase": "4", "color": 1,
        "from": "x", "countries": ["Norge"]}),
    "no steps": ("post", "facilities/match", {"request": "", "steps": []}),
    "order": ("post", "facilities/match", {"request": "r", "steps": [
        {"does": "aseptic_filling", "from": "2027-05-01", "to": "2027-04-01"}]}),
    "large": ("post", "check", b'{"a": "' + b"x" * 70_000 + b'"}'),
}  # fmt: skip
ENGLISH = re.compile(r"\b(is|not|should|the|must|have|holds|input|string|which|before)\b", re.I)


def _ask(client, name: str, language: str | None):
    method, path, body = BAD[name]
    headers = {"Accept-Language": language} if language is not None else {}
    given = {} if body is None else {
        "data": body if isinstance(body, bytes) else json.dumps(body),
        "content_type": "application/json",
    }  # fmt: skip
    response = getattr(client, method)(f"/api/v1/{path}", headers=headers, **given)
    assert response.status_code >= 400
    return response


@pytest.mark.parametrize("name", BAD)
def test_words_follow_the_language_and_all_else_is_the_same(client, name) -> None:
    from virkestoff_hub.fault_words import CODES

    nb, en = (_ask(client, name, lang) for lang in ("nb", "en"))
    assert (nb.headers["Content-Language"], en.headers["Content-Language"]) == ("nb", "en")
    assert "Accept-Language" in nb.headers["Vary"]
    norwegian, english = nb.json(), en.json()
    assert (norwegian["documentation"], english["documentation"]) == ("/nb/api/", "/en/api/")
    assert norwegian["status"] == english["status"] == nb.status_code == en.status_code
    assert set(norwegian) == set(english)
    assert len(norwegian["faults"]) == len(english["faults"]) > 0
    for one, other in zip(norwegian["faults"], english["faults"], strict=True):
        assert (one["code"], one["where"]) == (other["code"], other["where"])
        assert one["code"] in CODES
        assert one["what"] != other["what"]
        assert not ENGLISH.search(re.sub("«.*?»|'.*?'", "", one["what"])), one
        assert bool(one["next_step"]) == bool(other["next_step"])
        if one["code"] == "not_valid":
            assert other["what"] in one["why"]  # nothing is lost
        elif "På engelsk" in one["next_step"]:
            assert other["next_step"] in one["next_step"]


@pytest.mark.parametrize(
    ("header", "lang"),
    [(None, "en"), ("", "en"), ("nb", "nb"), ("no", "nb"), ("nn-NO", "nb"),
     ("nb-NO,en;q=0.8", "nb"), ("en,nb;q=0.9", "en"), ("en;q=0.2, nb;q=0.7", "nb"),
     ("de, sv;q=0.9, nb;q=0.1", "nb"),
     ("de", "en"), ("*", "en"), ("nb;q=0", "en"), ("nb;q=0, en", "en"), ("x" * 5000, "en"),
     ("nb;q=hello", "en"), ("\u00e6\u00f8", "en"), ("NB", "nb")],
)  # fmt: skip
def test_the_language_is_negotiated(client, header, lang) -> None:
    response = _ask(client, "place", header)
    assert response.headers["Content-Language"] == lang
    assert response.json()["faults"][0]["what"] == {"nb": "finnes ikke",
                                                    "en": "does not exist"}[lang]  # fmt: skip


CODES = {
    "query": {"unknown_parameter", "twice"}, "day": {"not_a_day"}, "year": {"out_of_range"},
    "fact": {"not_found"}, "place": {"not_found"}, "method": {"wrong_method"},
    "broken": {"not_json"}, "list": {"not_an_object"}, "twice": {"twice"}, "nan": {"not_a_number"},
    "deep": {"too_deep"}, "long number": {"too_large_number"}, "half": {"not_text"},
    "terms": {"unknown_term"}, "large": {"too_large"}, "order": {"wrong_order", "wrong_length"},
    "kind": {"not_among_choices"}, "long": {"wrong_length"},
}  # fmt: skip


@pytest.mark.parametrize("name", CODES)
def test_codes_are_those_that_were_promised(client, name) -> None:
    """A program may rely on these: a change here is a new version of the API."""
    assert {f["code"] for f in _ask(client, name, "nb").json()["faults"]} == CODES[name]


def test_what_is_suggested_is_suggested_in_both(client) -> None:
    steps = {lang: [f["next_step"] for f in _ask(client, "query", lang).json()["faults"]]
             for lang in ("nb", "en")}  # fmt: skip
    assert "Mente du 'confidence'?" in steps["nb"]
    assert "Did you mean 'confidence'?" in steps["en"]


def test_the_description_tells_of_code_and_language(client) -> None:
    held = client.get("/api/v1/openapi.json").json()
    assert "Accept-Language" in held["info"]["description"]
    fault = held["components"]["schemas"]["FaultShape"]
    assert set(fault["required"]) == {"code", "where", "what", "why", "next_step"}
    for methods in held["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                assert ("Content-Language" in answer.get("headers", {})) is (int(status) >= 400)
