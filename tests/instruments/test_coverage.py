"""Coverage, claims, gaps and companies without a scheme.

Oracles: counts by hand over small sets of schemes; plain loops over the whole library; the engine
asked one profile at a time.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.disclosure import rules_from
from virkestoff.errors import FaultCollector, InputError
from virkestoff.instruments.coverage import ceiling_of, coverage, latest_figure, status_on
from virkestoff.instruments.coverage_population import (
    as_if_open,
    company_coverage,
    phase_results,
    with_facts,
)
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.gaps import claim_results, gap_results, phase_figures, with_proposals
from virkestoff.instruments.intervals import Band
from virkestoff.instruments.phases import is_in, load_phase_rules, shares_of
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_files import load_schemes
from virkestoff.instruments.upkeep import check_market_failures, findings
from virkestoff.money import Indices

ON = date(2026, 11, 24)
RANK = {"without": 0, "unfound": 1, "undecided": 2, "judged": 3, "covered": 4}


@pytest.fixture(scope="module")
def schemes(library):
    return load_schemes(library)


@pytest.fixture(scope="module")
def rules(library):
    return load_phase_rules(library)


def scheme(key: str, named: list[str], **keys) -> Scheme:
    record = {
        "scheme": key, "name": {"nb": key, "en": key}, "provider": {"nb": "x", "en": "x"},
        "kind": "grant", "status": "existing", "phases": {"named": named},
        "recipients": ["sme"], "opening": {"kind": "unknown"}, "last_checked": date(2026, 1, 1),
        "references": [{"unknown_document": True}],
    }  # fmt: skip
    return Scheme.model_validate(record | keys)


def money(year: int, value: float) -> dict:
    return {"year": year, "value": value, "unit": "NOK", "price_year": year, "source": "s",
            "place": "p", "how": "read", "grade": "high"}  # fmt: skip


SMALL = {
    s.id: s
    for s in (
        scheme("aa", ["research"], budget=[money(2020, 100.0), money(2022, 300.0)]),
        scheme("bb", ["development", "market"], budget=[money(2022, 50.0)]),
        scheme("cc", ["market"], kind="loan"),
        scheme("dd", ["export"], kind="loan", status="proposed"),
        scheme("ee", [], recipients=["large", "sme"]),
    )
}


def test_numbers_by_hand(rules) -> None:
    found = coverage(SMALL, rules, ON)
    assert found.n_schemes == 4  # dd does not exist
    assert found.cell("technology", "grant").schemes == ("aa", "bb")
    assert found.cell("commercialisation", "grant").n == 1
    assert found.cell("commercialisation", "loan").n == 1
    assert found.cell("unknown", "grant").schemes == ("ee",)
    assert ("expansion", "loan") in found.empty
    both = coverage(SMALL, rules, ON, statuses=("existing", "proposed"), by=("status",))
    assert {c.place[0]: c.n for c in both.cells} == {"existing": 4, "proposed": 1}


def test_a_budget_that_was_not_read_is_unknown_and_what_spans_phases_gives_bounds(rules) -> None:
    found = coverage(SMALL, rules, ON, by=("phase",), weight="budget")
    technology, market = found.cell("technology"), found.cell("commercialisation")
    assert (technology.low, technology.high, technology.unknown) == (300.0, 350.0, ())
    assert (market.low, market.high, market.unknown) == (0.0, 50.0, ("cc",))
    assert found.cell("unknown").low is None and found.cell("unknown").unknown == ("ee",)


def test_budgets_are_carried_to_one_price_year(rules) -> None:
    indices = Indices(prices={"NOK": {2020: 100.0, 2022: 110.0, 2024: 121.0}})
    found = coverage(SMALL, rules, ON, by=("phase",), weight="budget", indices=indices)
    assert found.price_year == 2024
    assert found.cell("technology").low == pytest.approx(330.0, rel=1e-12)  # 300 x 121 / 110
    past = latest_figure(SMALL["aa"], "budget", date(2021, 6, 1), indices, 2024)
    assert past is not None and (past.year, past.value) == (2020, pytest.approx(121.0))
    later = scheme("ff", ["research"], budget=[money(2025, 7.0)])
    assert latest_figure(later, "budget", ON, indices, 2024).is_carried is False


def test_projects_are_not_companies(rules) -> None:
    both = [money(2023, 40.0) | {"unit": u} for u in ("project", "company")]
    assert latest_figure(scheme("gg", [], reach=both[:1]), "reached", ON, Indices(), None) is None
    found = latest_figure(scheme("gg", [], reach=both), "reached", ON, Indices(), None)
    assert found is not None and found.value == 40.0


def test_a_scheme_that_ended_existed_before() -> None:
    ended = scheme("hh", [], status="ended", period={"from": date(2015, 1, 1),
                                                     "to": date(2019, 12, 31)})  # fmt: skip
    days = (date(2014, 1, 1), date(2019, 12, 31), date(2020, 1, 1))
    assert [status_on(ended, d) for d in days] == ["not_begun", "existing", "ended"]
    assert status_on(scheme("ii", [], status="proposed"), ON) == "proposed"


def test_mappings_by_hand(rules) -> None:
    span = scheme("jj", ["pilot", "growth", "export"],
                  phases={"named": ["pilot", "growth", "export"],
                          "trl": {"low": 6, "high": 9, "source": "s", "place": "p"},
                          "cri": {"low": 3, "high": 4, "source": "s", "place": "p"}})  # fmt: skip
    say = {key: shares_of(span, rules, m) for key, m in rules.mappings.items()}
    assert say["named"] == {"test": 1, "scaling": 1, "expansion": 1}
    assert say["first"] == {"test": 1}
    assert sum(say["divided"].values()) == pytest.approx(1.0, abs=1e-12)
    assert set(say["late"]) == {"test", "commercialisation", "scaling", "expansion"}
    assert set(say["early"]) == {"test", "commercialisation", "expansion"}
    assert set(say["scales"]) == {"test", "commercialisation", "scaling", "expansion"}
    assert say["table"] == {}
    late = span.model_copy(update={"phases": span.phases.model_copy(update={
        "trl": span.phases.trl.model_copy(update={"low": 9})})})  # fmt: skip
    assert set(shares_of(late, rules, rules.mappings["scales"])) == {"scaling", "expansion"}


def test_the_library_against_plain_loops(schemes, rules) -> None:
    expected: Counter = Counter()
    for s in schemes.schemes.values():
        if s.status == "existing":
            words = rules.mappings["named"].words
            phases = {p for w in s.phases.named for p in words[w]} or {"unknown"}
            expected.update(product(phases, set(s.recipients) or {"unknown"}))
    found = coverage(schemes.schemes, rules, ON, by=("phase", "recipient"))
    assert {c.place: c.n for c in found.cells} == dict(expected)


def test_every_fault_of_a_question_is_told(rules) -> None:
    with pytest.raises(InputError) as caught:
        coverage(SMALL, rules, ON, by=("phase", "colour"), statuses=("alive",), subset="rich",
                 mapping="other")  # fmt: skip
    assert {f.where for f in caught.value.faults} == {
        "--by colour", "--status alive", "--subset rich", "--mapping other"}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 108)), st.sets(st.integers(0, 108)), st.booleans())
def test_a_scheme_more_never_removes_coverage(schemes, rules, some, more, is_scales) -> None:
    keys = list(schemes.schemes)
    mapping = "scales" if is_scales else "named"
    few = {keys[k]: schemes[keys[k]] for k in sorted(some)}
    many = few | {keys[k]: schemes[keys[k]] for k in sorted(more)}
    before, after = (coverage(s, rules, ON, mapping=mapping) for s in (few, many))
    assert set(after.empty) <= set(before.empty)
    assert all(after.cell(*c.place).n >= c.n for c in before.cells)


# ---- ceilings, claims, gaps


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ipn", 16e6), ("startup_grant_2", 1e6), ("innovation_loan", 25e6),
        ("skattefunn", 0.19 * 25e6),
    ],
)  # fmt: skip
def test_ceilings_are_those_of_the_rules(schemes, library, key, value) -> None:
    """Oracle: the published caps; SkatteFUNN gives 19 per cent of at most NOK 25 million."""
    found = ceiling_of(engine_for(schemes, ON), key, library.indices)
    assert (found.state, found.value) == ("known", pytest.approx(value, rel=1e-12))


def test_a_scheme_without_a_limit_that_was_read_has_no_ceiling(schemes, library) -> None:
    engine = engine_for(schemes, ON)
    assert ceiling_of(engine, "export_guarantee", library.indices).state == "unknown"
    assert ceiling_of(engine, "mentor_service", library.indices).state == "unknown"


def test_claims_follow_from_the_numbers(schemes, rules, library) -> None:
    found = claim_results(schemes, rules, ON, library.indices)
    assert len(found) == len(rules.claims) * len(rules.mappings) * len(rules.subsets)
    for result in found:
        claim = rules.claims[result.claim]
        if claim.measure != "number":
            assert result.outcome == "open"  # most budgets and limits were not read
            continue
        subset, mapping = rules.subsets[result.subset], rules.mappings[result.mapping]
        n: Counter = Counter()
        for s in schemes.schemes.values():
            if s.status == "existing" and is_in(s, subset):
                n.update(shares_of(s, rules, mapping))
        one = claim.more or claim.fewer
        pairs = [(n[one], n[p]) if claim.more else (n[p], n[one]) for p in claim.than]
        is_true = all(a - b > 1e-9 for a, b in pairs)
        assert result.outcome == ("holds" if is_true else "fails"), result


def test_an_unknown_phase_leaves_a_claim_open(schemes, rules, library) -> None:
    lost = schemes["ipn"].phases.model_copy(update={"named": ()})
    fewer = schemes.with_(*(
        s.model_copy(update={"phases": lost}) for s in schemes.schemes.values()
    ))  # fmt: skip
    found = phase_figures(fewer, rules, ON, library.indices)
    assert {f.n for f in found.values()} == {0}
    assert {f.n_phase_unknown for f in found.values()} == {87}


def test_gaps_by_plain_loops(schemes, rules, library) -> None:
    for found in gap_results(schemes, rules, ON, library.indices):
        gap, words = rules.gaps[found.gap], rules.mappings["named"].words
        sides = {}
        for s in schemes.schemes.values():
            if s.status == "existing" and is_in(s, rules.subsets["money"]):
                phases = {p for w in s.phases.named for p in words[w]}
                sides[s.id] = (bool(phases & set(gap.before)), bool(phases & set(gap.after)))
        assert set(found.across) == {k for k, v in sides.items() if all(v)}
        assert set(found.before) == {k for k, v in sides.items() if v == (True, False)}
        assert set(found.after) == {k for k, v in sides.items() if v == (False, True)}
        assert sum(found.kinds_before.values()) == len(found.before) + len(found.across)


def test_proposals_fill_only_what_was_empty(schemes, rules, library) -> None:
    found = {w.scheme: w for w in with_proposals(schemes, rules, ON, library.indices)}
    proposed = {k for k, s in schemes.schemes.items() if s.status == "proposed"}
    assert set(found) == proposed | {"all"}
    empty = set(coverage(schemes.schemes, rules, ON).empty)
    for key, change in found.items():
        kinds = {schemes[key].kind} if key != "all" else {schemes[k].kind for k in proposed}
        assert set(change.filled) <= empty
        assert {kind for _, kind in change.filled} <= kinds


# ---- companies


def frame_of(rows: list[dict]) -> pl.DataFrame:
    names = sorted({k for row in rows for k in row})
    return pl.DataFrame({n: [row.get(n) for row in rows] for n in names})


VALUES = {
    "company.is_registered_in_norway": [None, True, False],
    "company.kind": ["company", "cluster", None],
    "project.is_rd": [None, True, False],
    "project.has_started": [None, False, True],
    "project.is_for_health": [None, True],
    "company.has_sales": [None, True, False],
    "project.trl": [None, 3.0, 6.0],
}
PROFILE = st.fixed_dictionaries({k: st.sampled_from(v) for k, v in VALUES.items()})


@settings(max_examples=4, deadline=None)
@given(st.lists(PROFILE, min_size=1, max_size=12))
def test_companies_against_one_profile_at_a_time(schemes, rules, rows) -> None:
    engine = engine_for(schemes, ON)
    found = phase_results(engine, rules, frame_of(rows), subset=None)
    words = rules.mappings["named"].words
    for k, row in enumerate(rows):
        results = engine.check({n: v for n, v in row.items() if v is not None}).results
        for phase in rules.phases:
            best = "without"
            for key, result in results.items():
                phases = {p for w in schemes[key].phases.named for p in words[w]}
                if result.compiled.is_aside or phase not in phases:
                    continue
                word = {"eligible": "covered", "needs_person": "judged",
                        "not_eligible": "without", "rule_not_known": "unfound",
                        "undecided": "undecided"}[result.rules]  # fmt: skip
                if word == "undecided" and any(x.cause == "term" for x in result.leaves):
                    word = "unfound"
                if word in ("covered", "judged") and all(
                    leaf.dated.node is None for leaf in result.leaves
                ):
                    word = "unfound"
                best = max(best, word, key=RANK.__getitem__)
            assert found[phase][k] == best


@settings(max_examples=4, deadline=None)
@given(st.lists(PROFILE, min_size=1, max_size=8), st.integers(0, 15))
def test_a_proposal_that_exists_never_takes_a_company_back(schemes, rules, rows, k) -> None:
    proposed = sorted(key for key, s in schemes.schemes.items() if s.status == "proposed")
    engines = [engine_for(schemes, ON, frozenset(p)) for p in ((), proposed[k : k + 1])]
    before, after = (phase_results(e, rules, frame_of(rows), subset=None) for e in engines)
    for phase in rules.phases:
        pairs = zip(before[phase], after[phase], strict=True)
        assert all(RANK[b] <= RANK[a] for b, a in pairs)


def test_an_unknown_never_counts_as_covered(schemes, rules, library) -> None:
    frame = pl.DataFrame({"company.kind": pl.Series([None] * 20, dtype=pl.String)})
    found = company_coverage(schemes, rules, ON, frame, ["x"] * 20, rules_from(library))
    assert {c.covered for c in found.cells} == {0}
    assert found.cell("technology").high == 1.0


def test_a_small_group_is_hidden(schemes, rules, library) -> None:
    frame = pl.DataFrame({"company.kind": ["company"] * 22})
    groups = ["a"] * 20 + ["b"] * 2
    found = company_coverage(schemes, rules, ON, frame, groups, rules_from(library))
    assert found.cell("test", "b").n is None
    assert found.cell("test", "b").low is None


def test_a_fact_for_all_fills_only_what_is_unknown() -> None:
    frame = pl.DataFrame({"project.is_rd": [True, None]})
    filled = with_facts(frame, {"project.is_rd": False, "project.trl": 5})
    assert filled.rows() == [(True, 5), (False, 5)]
    with pytest.raises(InputError):
        with_facts(frame, {"project.trl": Band(1, 3)})


def test_openings_are_left_aside(schemes) -> None:
    later = engine_for(schemes, date(2026, 12, 30))
    shut = [k for k, c in later.schemes.items() if c.opening.is_open is False and not c.is_aside]
    assert shut
    assert all(as_if_open(later).schemes[k].opening.is_open is None for k in shut)


# ---- upkeep


def test_what_is_stale_by_hand(schemes) -> None:
    def sorts(on: date) -> set[str]:
        return {f.sort for f in findings(schemes, on, {}) if f.subject == "ipn"}

    assert sorts(date(2026, 12, 31)) == set()  # checked 21 November 2026, rules to 31 December
    assert sorts(date(2027, 1, 1)) == {"rules_ended"}
    assert sorts(date(2027, 11, 21)) == {"rules_ended"}
    assert sorts(date(2027, 11, 22)) == {"rules_ended", "not_checked"}
    sources = {f.subject for f in findings(schemes, ON, {}) if f.sort == "no_address"}
    assert "source_004" in sources


def test_schemes_and_market_failures_know_each_other(schemes, rules) -> None:
    faults = FaultCollector()
    check_market_failures(schemes, rules, faults)
    assert faults.faults == []
    wrong = rules.model_copy(update={"market_failures": {}})
    check_market_failures(schemes, wrong, faults)
    assert any("is not a market failure" in f.what for f in faults.faults)
