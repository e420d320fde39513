"""Profiles: what people write, what it means, what is refused.

Oracles: values worked out by hand; files written back and read again; every fault of a file that
is wrong on purpose is looked for by its line.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from guide_schemes import FIVE, RD, TRL5, scheme, schemes
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.instruments.guide_rules import load_guide_rules
from virkestoff.instruments.intervals import Band, OneOf
from virkestoff.instruments.profile import Profile, profile_of, read_profile, with_implied
from virkestoff.instruments.profile_register import facts_of_unit
from virkestoff.instruments.profile_writing import dump_profile, profile_template
from virkestoff.instruments.vocabulary import check_facts
from virkestoff.instruments.written_values import Unreadable, read_written

WORDS = schemes(scheme("one", project=TRL5, parameters=FIVE), scheme("two", project=RD)).vocabulary
T = WORDS.terms


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        ("company.employees", 12, 12.0),
        ("company.employees", "10-49", Band(10, 49)),
        ("company.employees", "10 til 49 ansatte", Band(10, 49)),
        ("company.employees", "under 50", Band(0, 49)),
        ("company.employees", "mer enn 249", Band(250, T["company.employees"].range[1])),
        ("company.employees", "50+", Band(50, T["company.employees"].range[1])),
        ("company.employees", {"from": 10, "to": 49}, Band(10, 49)),
        ("company.employees", "7 - 7", 7.0),
        ("company.turnover", "2,5 mill. kr", 2.5e6),
        ("company.turnover", "2.5 million NOK", 2.5e6),
        ("company.turnover", "1 til 2 mrd. kr", Band(1e9, 2e9)),
        ("company.turnover", "1 200 000", 1.2e6),
        ("company.turnover", "1,200,000", 1.2e6),
        ("company.turnover", "1.200.000,5", 1200000.5),
        ("company.turnover", {"value": 3, "unit": "NOK"}, 3.0),
        ("company.export_share", "45 %", 0.45),
        ("company.export_share", 0.45, 0.45),
        ("project.duration", "2 år", 24.0),
        ("project.duration", {"value": 1.5, "unit": "year"}, 18.0),
        ("project.trl", "4", 4.0),
        ("company.founded", date(2021, 5, 1), date(2021, 5, 1)),
        ("company.founded", "2021-05-01", date(2021, 5, 1)),
        ("company.founded", "2024-02", Band(date(2024, 2, 1), date(2024, 2, 29))),
        ("company.founded", 2021, Band(date(2021, 1, 1), date(2021, 12, 31))),
        ("company.founded", "2019-2021", Band(date(2019, 1, 1), date(2021, 12, 31))),
        ("company.size_class", "small", "small"),
        ("company.size_class", ["small", "medium"], OneOf(frozenset(("small", "medium")))),
        ("company.size_class", "small or medium", OneOf(frozenset(("small", "medium")))),
        ("company.legal_form", "Aksjeselskap", "as"),
        ("project.is_rd", "ja", True),
        ("project.is_rd", False, False),
        ("project.is_rd", "unknown", None),
        ("project.is_rd", None, None),
    ],
)
def test_what_people_write_is_understood(fact, raw, value) -> None:
    assert read_written(T[fact], raw) == value


@pytest.mark.parametrize(
    ("fact", "raw", "said"),
    [
        ("company.turnover", "1.500", "may mean 1500 or 1.5"),
        ("company.turnover", "1,500 kr", "may mean 1500 or 1.5"),
        ("company.turnover", "2 EUR", "the unit 'EUR' does not fit"),
        ("company.turnover", {"value": 2, "unit": "kg"}, "does not fit"),
        ("company.turnover", {"value": 2, "unit": "bananas"}, "does not fit"),
        ("company.turnover", {"valu": 2}, "Did you mean 'value'"),
        ("company.turnover", {"value": 2, "from": 1}, "both value and a band"),
        ("company.turnover", {"unit": "NOK"}, "needs value"),
        ("company.turnover", "mye", "is not a number"),
        ("company.turnover", True, "is not a number"),
        ("company.turnover", float("nan"), "not a finite number"),
        ("company.turnover", [1, 2], "is not a number"),
        ("company.employees", "49-10", "does not rise"),
        ("company.employees", {"from": 49, "to": 10}, "does not rise"),
        ("company.employees", 2.5, "is not whole"),
        ("company.employees", -1, "outside what can be meant"),
        ("company.employees", "under 0", "outside what can be meant"),
        ("project.trl", 12, "outside what can be meant"),
        ("project.is_rd", 1, "is not yes or no"),
        ("project.is_rd", "maybe", "is not yes or no"),
        ("company.size_class", "smal", "Did you mean 'small'"),
        ("company.size_class", {"from": "small"}, "is not one of its choices"),
        ("company.founded", "2021-13", "is not a date"),
        ("company.founded", "2021-02-30", "is not a date"),
        ("company.founded", "i fjor", "is not a date"),
        ("company.founded", {"from": "2022-01-01", "to": "2021-01-01"}, "does not rise"),
        ("company.industry_code", "<script>", "does not have its form"),
        ("company.turnover", "9" * 300, "longer than"),
    ],
)
def test_what_is_not_understood_is_refused_and_says_why(fact, raw, said) -> None:
    with pytest.raises(Unreadable, match=said):
        read_written(T[fact], raw)


@given(st.text(max_size=60), st.sampled_from(sorted(T)))
def test_no_text_makes_it_fall_over_or_gives_a_value_outside_the_vocabulary(text, fact) -> None:
    try:
        value = read_written(T[fact], text)
    except Unreadable:
        return
    if value is not None:
        assert check_facts(WORDS, {fact: value}) == {fact: value}


FAULTY = """\
profile: Test
orgnr: 12345
datte: 2026-11-24
company:
  employes: 12
  turnover: 1.5 EUR
  received: {one: maybe, three: true}
project:
  trl: 12
  has_started: 1
market: none
owners:
  - {kind: person, share: 0.7}
  - {kind: cat, share: 0.7, colour: red}
awards:
  - {scheme: thre}
  - 5
"""


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "faulty.yaml"
    path.write_text(FAULTY)
    with pytest.raises(InputError) as caught:
        read_profile(path, WORDS)
    told = {fault.where: fault for fault in caught.value.faults}
    for where, what in {
        "faulty.yaml:2: orgnr": "nine digits",
        "faulty.yaml:3: datte": "not a known key",
        "faulty.yaml:5: company.employes": "not a fact",
        "faulty.yaml:6: company.turnover": "does not fit",
        "faulty.yaml:7: company.received.one": "yes or no",
        "faulty.yaml:7: company.received.three": "not a fact",
        "faulty.yaml:9: project.trl": "outside",
        "faulty.yaml:10: project.has_started": "yes or no",
        "faulty.yaml:11: market": "does not hold facts",
        "faulty.yaml:14: owners.1.kind": "",
        "faulty.yaml:14: owners.1.colour": "not a known key",
        "faulty.yaml:16: awards.0.scheme": "is no scheme",
        "faulty.yaml:17: awards.1": "",
    }.items():
        assert where in told, sorted(told)
        assert what in told[where].what
    assert len(told) == 13
    assert "Did you mean 'date'?" in told["faulty.yaml:3: datte"].next_step
    assert "employees" in told["faulty.yaml:5: company.employes"].next_step


def test_unknown_is_kept_apart_from_not_said() -> None:
    profile = profile_of({"company": {"turnover": "unknown", "is_listed": False}}, WORDS)
    assert profile.facts == {"company.is_listed": False}
    assert profile.not_known == {"company.turnover"}


@pytest.mark.parametrize(
    ("fact", "typed", "said"),
    [
        ("public_owner_share", 0.0, "says 0, and the owners listed say 0.4 to 0.5"),
        ("established_owner_share", 0.2, "says 0.2, and the owners listed say 0.5"),
        ("is_foreign_owned", True, "says true, and the owners listed say false"),
    ],
)
def test_a_fact_that_contradicts_the_owners_is_a_fault_that_names_both(fact, typed, said) -> None:
    owners = [
        {"kind": "public", "share": 0.4, "is_foreign": False},
        {"kind": "enterprise", "share": 0.5, "is_foreign": False},
    ]
    with pytest.raises(InputError) as problem:
        profile_of({"owners": owners, "company": {fact: typed}}, WORDS)
    [fault] = problem.value.faults
    assert (fault.where, fault.what) == (f"profile: company.{fact}", said)
    assert f"leave company.{fact} out" in fault.next_step


def test_a_fact_that_the_owners_leave_room_for_stands() -> None:
    """Three tenths have no owner named: a public body may have them."""
    owners = [{"kind": "public", "share": 0.4}, {"kind": "person", "share": 0.3}]
    typed = {"public_owner_share": 0.6}
    assert profile_of({"owners": owners, "company": typed}, WORDS).facts[
        "company.public_owner_share"] == 0.6  # fmt: skip


def test_owners_give_shares_by_arithmetic() -> None:
    owners = [
        {"kind": "enterprise", "share": 0.3, "is_foreign": True},
        {"kind": "public", "share": 0.2}, {"kind": "public", "share": 0.1},
    ]  # fmt: skip
    facts = profile_of({"owners": owners}, WORDS).facts
    # 0.4 is not accounted for: it may be public, foreign, or one enterprise
    assert facts["company.public_owner_share"] == pytest.approx(0.3, abs=0) or (
        facts["company.public_owner_share"].low == pytest.approx(0.3)
        and facts["company.public_owner_share"].high == pytest.approx(0.7)
    )
    assert facts["company.established_owner_share"] == Band(0.3, pytest.approx(0.4))
    assert "company.is_foreign_owned" not in facts
    owners.append({"kind": "person", "share": 0.4})
    facts = profile_of({"owners": owners}, WORDS).facts
    assert "company.is_foreign_owned" not in facts  # where three owners are at home is not said
    at_home = [{"is_foreign": False, **owner} for owner in owners]
    facts = profile_of({"owners": at_home}, WORDS).facts
    assert facts["company.is_foreign_owned"] is False
    assert facts["company.established_owner_share"] == 0.3
    owners = [{"kind": "fund", "share": 0.6, "is_foreign": True}]
    assert profile_of({"owners": owners}, WORDS).facts["company.is_foreign_owned"] is True


def test_awards_say_no_only_where_the_list_is_complete() -> None:
    awards = [{"scheme": "one", "is_running": True}, {"scheme": "one", "year": 2020}]
    facts = profile_of({"awards": awards}, WORDS).facts
    assert facts["company.received.one"] is True
    assert facts["company.running_projects.one"].low == 1
    assert "company.received.two" not in facts
    facts = profile_of({"awards": awards, "awards_are_complete": True}, WORDS).facts
    assert facts["company.running_projects.one"] == Band(1, 2)
    assert facts["company.received.two"] is False
    assert facts["company.running_projects.two"] == 0
    with pytest.raises(InputError, match="and the awards listed say"):
        profile_of({"awards": awards, "company": {"received": {"one": False}}}, WORDS)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_template_is_an_empty_profile_and_its_examples_can_be_read(lang, tmp_path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(profile_template(WORDS, lang))
    assert read_profile(path, WORDS) == Profile({})
    path.write_text(profile_template(WORDS, lang, uncommented=True))
    profile = read_profile(path, WORDS)
    assert {n for n in T if n.count(".") == 1} <= profile.facts.keys()
    path.write_text(dump_profile(profile, WORDS))
    assert read_profile(path, WORDS) == profile


_VALUES = {
    "company.employees": st.one_of(st.integers(0, 900).map(float), st.just(Band(10.0, 49.0))),
    "company.turnover": st.one_of(st.floats(0, 1e9), st.just(Band(0.0, 1e6 + 0.125))),
    "company.founded": st.one_of(st.dates(date(1900, 1, 1), date(2026, 1, 1)),
                                 st.just(Band(date(2020, 1, 1), date(2021, 1, 1)))),
    "company.size_class": st.sampled_from(["small", OneOf(frozenset(("small", "large")))]),
    "company.municipality": st.just("0301"),
    "company.received.one": st.booleans(),
    "project.is_rd": st.booleans(),
}  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.fixed_dictionaries({}, optional=_VALUES), st.text(max_size=30), st.booleans())
def test_what_is_written_is_read_again(tmp_path_factory, facts, name, is_unknown) -> None:
    checked = check_facts(WORDS, facts)
    unknown = frozenset(("project.trl",)) if is_unknown else frozenset()
    profile = Profile(checked, name=name.strip(), not_known=unknown, on=date(2026, 11, 24))
    path = tmp_path_factory.mktemp("p") / "p.yaml"
    path.write_text(dump_profile(profile, WORDS), encoding="utf-8")
    again = read_profile(path, WORDS)
    assert again == profile


def test_a_unit_of_the_register_becomes_facts_and_never_a_guess() -> None:
    rules = load_guide_rules(WORDS)
    unit = {"form": "AS", "founded": date(2020, 1, 2), "n_employees": None, "has_employees": True,
            "code_1": "21.200", "municipality": "4601", "deleted": None, "is_bankrupt": True}
    facts, notes = facts_of_unit(unit, rules, WORDS)
    assert facts == {
        "company.is_registered_in_norway": True, "company.legal_form": "as",
        "company.founded": date(2020, 1, 2), "company.employees": Band(0, 4),
        "company.industry_code": "21.200", "company.municipality": "4601",
    }  # fmt: skip
    assert [n.en for n in notes] == ["The register says that the enterprise is bankrupt."]
    facts, _ = facts_of_unit({"has_employees": False, "deleted": date(2026, 1, 1)}, rules, WORDS)
    assert facts == {}  # not stated is not nought, and a deleted unit is not registered


def test_what_is_typed_wins_over_the_register() -> None:
    from virkestoff.language import Text

    origin = Text(nb="registeret", en="the register")
    typed = profile_of({"company": {"employees": 12, "founded": "unknown"}}, WORDS)
    begun = typed.started_from(
        {"company.employees": 90.0, "company.founded": date(2020, 1, 1),
         "company.legal_form": "as"}, origin)  # fmt: skip
    assert begun.facts == {"company.employees": 12.0, "company.legal_form": "as"}
    assert begun.origins == {"company.legal_form": origin}


@pytest.mark.parametrize(
    ("form", "typed", "expected"),
    [("as", None, True), ("nuf", None, None), ("unknown", None, None), ("as", False, False),
     ("as", "unknown", None)],
)  # fmt: skip
def test_registered_in_norway_is_in_the_eea_unless_a_branch(form, typed, expected) -> None:
    fact = "company.is_in_eea_or_associated"
    company = {"is_registered_in_norway": True, "legal_form": form}
    if typed is not None:
        company["is_in_eea_or_associated"] = typed
    profile = profile_of({"company": company}, WORDS)
    assert with_implied(profile, WORDS).facts.get(fact) is expected
    abroad = profile_of({"company": {"is_registered_in_norway": False, "legal_form": "as"}}, WORDS)
    assert fact not in with_implied(abroad, WORDS).facts
