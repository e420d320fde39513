"""Every dated number of a scheme is named by a rule, or says why people alone read it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import content_root, read_yaml
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.scheme_files import load_schemes
from virkestoff.instruments.vocabulary import check_facts
from virkestoff.instruments.wording import amount_words

FOLDER = content_root() / "library" / "instruments" / "schemes"
ON = date(2026, 11, 24)


@pytest.fixture(scope="module")
def schemes(library):
    return load_schemes(library)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda p: p.stem)
def test_a_parameter_is_named_by_a_rule_or_says_why_not(path) -> None:
    """Oracle: the words of the file itself, not what the engine makes of them."""
    data = read_yaml(path)
    rules = repr({k: v for k, v in data.items() if k in ("conditions", "costs", "support")})
    named = set(re.findall(r"parameter\.([a-z0-9_]+)", rules))
    shown = {n for n, p in data.get("parameters", {}).items() if "shown_only" in p}
    assert named == set(data.get("parameters", {})) - shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shown_only": None, "cap": "parameter.max_grant"}, "no condition and no amount names it"),
        ({"shown_only": {"nb": "x", "en": "x"}}, "says shown_only, and a rule names it"),
    ],
)
def test_a_limit_that_nothing_reads_does_not_load(schemes, change, words) -> None:
    scheme = read_yaml(FOLDER / "startup_grant_2.yaml")
    if "cap" in change:
        scheme["support"]["cap"] = change["cap"]
    scheme["parameters"]["first_award"]["shown_only"] = change["shown_only"]
    with pytest.raises(InputError, match="first_award") as problem:
        schemes.with_(scheme)
    assert words in str(problem.value)


@pytest.mark.parametrize(
    ("facts", "nb", "en"),
    [
        ({"company.received.startup_grant_2": False}, "inntil 500 000 kr", "up to NOK 500,000"),
        ({}, "500 000 kr til 1 mill. kr", "NOK 500,000 to NOK 1 million"),
        ({"company.received.startup_grant_2": True, "company.first_startup_grant_2": 3e5},
         "inntil 700 000 kr", "up to NOK 700,000"),
    ],
)  # fmt: skip
def test_a_first_award_is_at_most_half_a_million(schemes, facts, nb, en) -> None:
    amount = _amount(schemes, "startup_grant_2", {**facts, "project.eligible_costs": 4e6})
    assert [_plain(amount_words(amount, lang)) for lang in ("nb", "en")] == [
        f"{nb} per søknad", f"{en} per application",
    ]  # fmt: skip


def test_what_is_given_by_exception_is_named_as_such(schemes) -> None:
    amount = _amount(schemes, "innovation_contract", {"project.supplier_costs": 6e7})
    assert (amount.value, amount.exceptional) == (7e6, 2e7)
    assert [_plain(amount_words(amount, lang)) for lang in ("nb", "en")] == [
        "inntil 7 mill. kr per prosjekt; unntaksvis inntil 20 mill. kr",
        "up to NOK 7 million per project; exceptionally up to NOK 20 million",
    ]
    assert [s.part for s in amount.steps][-1] == "exceptional_cap"
    small = _amount(schemes, "innovation_contract", {"project.supplier_costs": 1e7})
    assert (small.value, small.exceptional) == (5e6, None)


def _amount(schemes, key, facts):
    engine = engine_for(schemes, ON)
    return engine.check(check_facts(engine.vocabulary, facts)).results[key].amount


def _plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)
