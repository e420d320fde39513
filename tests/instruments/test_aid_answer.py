"""The whole answer for a profile. Oracles: the single modules, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from virkestoff.errors import InputError
from virkestoff.instruments.aid_answer import aid_answer, facts_of_answer
from virkestoff.instruments.aid_profile import AidSection, group_of
from virkestoff.instruments.intervals import Band, OneOf

NOW = date(2026, 11, 24)
COMPANY = {"company.employees": 20.0, "company.turnover": 30e6, "company.balance_total": 20e6}


def answer(library, facts=COMPANY, on=NOW, **section):
    return aid_answer(library, AidSection.model_validate(section), facts, on)


def test_facts_of_the_company_stand_for_the_year_before(library) -> None:
    found = answer(library)
    assert found.sme.classes == {"small"}
    assert found.sme.years[0].year == 2025
    assert facts_of_answer(found) == {
        "company.size_class": "small", "company.public_owner_share": 0.0,
        "company.de_minimis_received": 0.0,
    }  # fmt: skip


def test_full_time_equivalents_come_before_heads(library) -> None:
    """Annex I counts annual work units."""
    facts = {**COMPANY, "company.employees": 60.0, "company.full_time_equivalents": 45.0}
    assert answer(library, facts).sme.classes == {"small"}


def test_bands_reach_the_facts_of_schemes(library) -> None:
    facts = {**COMPANY, "company.employees": Band(10.0, 60.0)}
    found = answer(
        library, facts,
        awards=[{"id": "a", "article": "de_minimis", "granted": date(2025, 1, 1), "aid": 1e5}],
    )  # fmt: skip
    got = facts_of_answer(found)
    assert got["company.size_class"] == OneOf(frozenset({"small", "medium"}))
    assert got["company.de_minimis_received"] == Band(0.0, None)  # the rate was not given


def test_owners_and_holdings(library) -> None:
    section = AidSection.model_validate({
        "owners": [
            {"id": "fund", "share": 0.4, "kind": "venture_capital"},
            {"id": "mother", "share": 0.6,
             "accounts": [{"year": 2025, "employees": 300, "turnover": 1e9,
                           "balance_total": 1e9}]},
            {"id": "grand", "share": 1, "of": "mother"},
        ],
        "holdings": [{"id": "daughter", "share": [0.3, 0.7]}],
    })  # fmt: skip
    group = group_of(section, COMPANY, NOW)
    pairs = {(h.owner, h.held) for h in group.holdings}
    assert pairs == {("fund", "company"), ("mother", "company"), ("grand", "mother"),
                     ("company", "daughter")}  # fmt: skip
    found = aid_answer(library, section, COMPANY, NOW)
    assert found.sme.sizes == {"large"}
    assert found.undertaking.certain == {"company", "mother", "grand"}
    assert found.undertaking.possible == {"company", "mother", "grand", "daughter"}


def test_mixed_currencies_need_the_rates_of_their_days(library) -> None:
    section = {
        "currency": "NOK", "costs": {"lab": {"cost": 11e6, "article": "25_industrial"}},
        "awards": [{"id": "a", "article": "25_industrial", "granted": date(2026, 5, 4),
                    "aid": 7e5, "currency": "EUR", "costs": ["lab"]}],
    }  # fmt: skip
    assert answer(library, **section).cumulation.status == "unknown"
    known = answer(library, **section, rates={NOW: 11.0})
    assert (known.currency, known.cumulation.status) == ("EUR", "allowed")  # 70 % of a million
    weaker = answer(library, **section, rates={NOW: 11.1})
    assert weaker.cumulation.status == "exceeded"


def test_bonuses_of_the_project_count_for_its_awards(library) -> None:
    def status(**award):
        return answer(
            library, currency="EUR", costs={"lab": {"cost": 1e6, "article": "25_industrial"}},
            bonuses=["collaboration"],
            awards=[{"id": "a", "article": "25_industrial", "granted": NOW, "aid": 8e5,
                     "currency": "EUR", "costs": ["lab"], **award}],
        ).cumulation.status  # fmt: skip

    assert status() == "allowed"  # 50 + 20 + 15, capped at 80
    assert status(bonuses=[]) == "exceeded"


@pytest.mark.parametrize(
    ("terms", "method"),
    [
        ({"rate": 0, "security": 0.5}, "safe_harbour"),
        ({"rate": 0, "reference_rate": 0.08}, "reference_rate"),
        ({"rate": 0, "rating": "b", "collateral": "high"}, "unknown"),
        ({"rate": 0.03}, "unknown"),
    ],
)
def test_a_loan_by_what_is_known_of_it(library, terms, method) -> None:
    """750,000 over 5 years is half of the ceiling; 8 % has a closed form; no base rate that day."""
    found = answer(library, awards=[
        {"id": "a", "article": "de_minimis", "granted": date(2025, 6, 2), "currency": "EUR",
         "loan": {"amount": 750_000, "years": 5, "repayment": "bullet", **terms}},
    ])  # fmt: skip
    one = found.equivalents[0]
    assert one.method == method
    expected = {"safe_harbour": 150_000, "reference_rate": 750_000 * (1 - 1.08**-5)}.get(method)
    assert one.amount == (None if expected is None else pytest.approx(expected))
    if expected is None:
        assert found.room.status == "unknown"
    else:
        assert found.room.room.low == pytest.approx(300_000 - min(expected, 300_000))


def test_a_guarantee_by_its_premium(library) -> None:
    """Closed form: 100 guaranteed for two years, linear, 3.8 % against 1 %, at 5 %."""
    found = answer(library, awards=[
        {"id": "g", "article": "21", "granted": NOW, "currency": "EUR",
         "guarantee": {"guaranteed": 100, "years": 2, "premium": 0.01, "market_premium": 0.038,
                       "discount_rate": 0.05}},
    ])  # fmt: skip
    assert found.equivalents[0].amount == pytest.approx(2.8 / 1.05 + 1.4 / 1.05**2)


def test_what_does_not_fit_together(library) -> None:
    with pytest.raises(InputError, match="undertaking 'stranger' is not among"):
        answer(library, awards=[{"id": "a", "article": "de_minimis", "granted": NOW, "aid": 1,
                                 "undertaking": "stranger"}])  # fmt: skip
    twice = {"owners": [
        {"id": "m", "share": 0.3, "kind": "university"}, {"id": "m", "share": 0.2,
         "accounts": [{"year": 2025}]},
    ]}  # fmt: skip
    with pytest.raises(InputError, match="described in two ways"):
        answer(library, **twice)
    with pytest.raises(InputError, match="Did you mean 'collaboration'"):
        answer(library, costs={"lab": {"cost": 1e6, "article": "25_industrial"}},
               bonuses=["colaboration"])  # fmt: skip
