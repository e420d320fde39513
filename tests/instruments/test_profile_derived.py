"""Facts that follow from accounts, owners and awards: every value by hand from the definition.

Small is below 50 people and at most EUR 10 million of turnover or balance sheet total; medium below
250 people and at most 50 or 43 million; a partner holds a quarter or more (Annex I).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.instruments.intervals import Band, OneOf
from virkestoff.instruments.profile import profile_of, read_profile
from virkestoff.instruments.profile_derived import with_computed_facts
from virkestoff.instruments.profile_writing import dump_profile
from virkestoff.instruments.vocabulary import load_vocabulary

NOW = date(2026, 11, 24)
NOR = Path(__file__).parent / "aid_profiles" / "nor.yaml"
SIZE, PUBLIC = "company.size_class", "company.public_owner_share"
DE_MINIMIS, RATE = "company.de_minimis_received", "market.nok_per_eur"
SMALL = {"employees": 34, "turnover": 80e6, "balance_total": 60e6}
FOUNDER = {"kind": "person", "share": 1.0}


@pytest.fixture(scope="module")
def vocabulary(library):
    return load_vocabulary(library.root / "instruments")


@pytest.fixture(scope="module")
def compute(library, vocabulary):
    def run(data, on=NOW):
        return with_computed_facts(library, vocabulary, profile_of(data, vocabulary), on)

    return run


@pytest.mark.parametrize(
    ("company", "owners", "expected"),
    [
        ({"employees": 300}, [], "large"),
        ({"employees": 249}, [], OneOf(frozenset({"medium", "large"}))),  # money is not known
        ({"employees": 49}, [], None),
        ({"employees": 100, "turnover": 100e6, "balance_total": 100e6}, [],
         OneOf(frozenset({"medium", "large"}))),
        (SMALL, [], None),  # owners are not known: it may be any
        (SMALL, [FOUNDER], "small"),
        ({**SMALL, "employees": "30-60"}, [FOUNDER], OneOf(frozenset({"small", "medium"}))),
        ({**SMALL, "turnover": 2e9}, [FOUNDER], "small"),  # one of the two limits of money will do
        ({**SMALL, "turnover": 2e9, "balance_total": 2e9}, [FOUNDER], "large"),
        (SMALL, [{"kind": "enterprise", "share": 0.3}, {"kind": "person", "share": 0.7}], None),
        (SMALL, [{"kind": "enterprise", "share": 0.2}, {"kind": "person", "share": 0.8}], "small"),
        (SMALL, [{"kind": "person", "share": 0.7}], None),  # the rest may be a partner
        (SMALL, [{"kind": "person", "share": 0.8}], "small"),  # it cannot
        (SMALL, [{"kind": "public", "share": 0.3}, {"kind": "person", "share": 0.7}], "large"),
    ],
)  # fmt: skip
def test_size_of_a_plain_profile(compute, company, owners, expected) -> None:
    found = compute({"company": company, "owners": owners})
    assert found.facts.get(SIZE) == expected
    assert (SIZE in found.computed) == (expected is not None)
    if expected is not None:
        assert found.origins[SIZE].en.startswith("computed from employees, turnover and balance")
        assert found.origins[SIZE].nb.startswith("beregnet fra ansatte, omsetning og balanse")


def test_without_owners_a_note_says_what_the_figures_alone_give(compute) -> None:
    (note,) = compute({"company": SMALL}).notes
    assert note.en.startswith("By its own figures alone the enterprise is small.")
    assert compute({"company": {**SMALL, "size_class": "small"}}).notes == ()
    assert compute({}).notes == ()


def test_what_is_stated_counts_and_a_contradiction_is_named(compute) -> None:
    found = compute({"company": {**SMALL, "size_class": "large"}, "aid": {"owners": []}})
    assert found.facts[SIZE] == "large"
    assert SIZE not in found.computed
    (note,) = found.notes
    assert "stated as large, but small computed from employees" in note.en
    assert "oppgitt large, men small beregnet fra ansatte" in note.nb
    agreed = compute({"company": {**SMALL, "size_class": ["small", "medium"]},
                      "aid": {"owners": []}})  # fmt: skip
    assert agreed.facts[SIZE] == OneOf(frozenset({"small", "medium"}))
    assert agreed.notes == ()


def test_unknown_said_of_size_gives_way_to_figures(compute) -> None:
    found = compute({"company": {**SMALL, "size_class": "unknown"}, "aid": {"owners": []}})
    assert found.facts[SIZE] == "small"
    assert SIZE not in found.not_known


def test_one_file_serves_both(library, vocabulary) -> None:
    """34 + 0.33 x 60 = 53.8 people; the loan's grant equivalent is 1.5 x (1 - 1.0691^-4) million;
    two thirds of the owners are not listed and may be anybody."""
    read = read_profile(NOR, vocabulary)
    found = with_computed_facts(library, vocabulary, read, NOW)
    assert found.facts[SIZE] == "medium"
    assert found.facts[PUBLIC].low == 0.0
    assert found.facts[PUBLIC].high == pytest.approx(0.67)
    used = (500_000 + 1.5e6 * (1 - 1.0691**-4)) / 11.8
    assert found.facts[DE_MINIMIS] == pytest.approx(used)
    assert RATE not in found.facts  # the rate of the day was not given
    for fact in (SIZE, PUBLIC, DE_MINIMIS):
        assert found.origins[fact].en.startswith("computed from ")


def test_nothing_comes_from_silence(compute) -> None:
    found = compute({"company": SMALL, "aid": {"accounts": []}})
    assert found.computed == frozenset()
    none = compute({"aid": {"awards": []}})
    assert none.facts == {DE_MINIMIS: 0.0}


def test_the_rate_of_the_day_and_of_no_other(compute) -> None:
    given = {"aid": {"rates": {"2026-11-24": 11.7}}}
    assert compute(given).facts == {RATE: 11.7}
    assert compute(given, date(2026, 11, 23)).facts == {}


def test_no_rule_on_the_date_gives_no_value(compute) -> None:
    """Norway had no de minimis rule between 1 January and 10 November 2024."""
    found = compute({"aid": {"awards": []}}, date(2024, 5, 1))
    assert DE_MINIMIS not in found.facts


def test_another_date_computes_anew(library, vocabulary, compute) -> None:
    given = {"aid": {"awards": [{"id": "a", "article": "de_minimis", "granted": "2024-12-01",
                                 "aid": 50_000, "currency": "EUR"}]}}  # fmt: skip
    first = compute(given)
    assert first.facts[DE_MINIMIS] == 50_000
    later = with_computed_facts(library, vocabulary, first, date(2028, 6, 1))
    assert later.facts[DE_MINIMIS] == 0.0
    again = with_computed_facts(library, vocabulary, later, NOW)
    assert again.facts == first.facts


def test_written_and_read_again(library, vocabulary, tmp_path) -> None:
    read = read_profile(NOR, vocabulary)
    found = with_computed_facts(library, vocabulary, read, NOW)
    path = tmp_path / "p.yaml"
    path.write_text(dump_profile(found, vocabulary))
    assert "size_class" not in path.read_text()
    back = read_profile(path, vocabulary)
    assert back.aid == read.aid
    assert with_computed_facts(library, vocabulary, back, NOW).facts == found.facts


def test_bands_under_aid_are_written_as_bands(vocabulary, tmp_path) -> None:
    given = profile_of({"aid": {"owners": [{"id": "b", "share": [0.2, None]}]}}, vocabulary)
    path = tmp_path / "p.yaml"
    path.write_text(dump_profile(given, vocabulary))
    assert read_profile(path, vocabulary).aid.owners[0].share == Band(0.2, None)


def test_faults_of_both_parts_stand_with_their_lines(vocabulary, tmp_path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("company:\n  employes: 3\naid:\n  owners:\n    - {id: B!, share: 2}\n"
                    "  award: []\n")  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_profile(path, vocabulary)
    where = [fault.where for fault in caught.value.faults]
    assert where[0] == "p.yaml:2: company.employes"
    assert "p.yaml:5: aid.owners.0.id" in where
    assert "p.yaml:6: aid.award" in where


@pytest.mark.parametrize("raw", ["text", [1], 3])
def test_aid_that_holds_no_keys_is_a_fault(vocabulary, raw) -> None:
    with pytest.raises(InputError, match="must hold keys and values"):
        profile_of({"aid": raw}, vocabulary)
