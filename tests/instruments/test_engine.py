"""Statuses, their order, missing facts, amounts, and populations.

Oracles: the tables of the five results written out below; brute force over all values of a fact;
arithmetic by hand; published products of SkatteFUNN's terms; one profile against a population.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.instruments.engine import Engine, engine_for
from virkestoff.instruments.engine_tree import (
    JUDGEMENT,
    MET,
    NOT_MET,
    RULE,
    UNDECIDED,
    compile_tree,
)
from virkestoff.instruments.intervals import Band, OneOf
from virkestoff.instruments.population_run import run_population, statuses
from virkestoff.instruments.scheme_files import Schemes, load_schemes
from virkestoff.instruments.vocabulary import check_facts, load_vocabulary
from virkestoff.timeline import Period

ON = date(2026, 11, 24)
WORDS = {"nb": "x", "en": "x"}
REFERENCE = {"source": "s", "place": "p"}
UNKNOWN = {"what": WORDS, "ask": WORDS, "question": WORDS}
EMPTY = Schemes({}, {}, load_vocabulary(), {"25": (Period(None, date(2026, 12, 31)),)},
                frozenset(("s",)), load_vocabulary())  # fmt: skip


def value(number, **more):
    return {"value": number, "source": "s", "place": "p", "how": "read", **more}


def leaf(key, expression=None, **more):
    body = {"expression": expression} if expression else {}
    return {"id": key, "text": WORDS, "reference": REFERENCE, **body, **more}


def scheme(key="one", project=None, **more):
    project = project or leaf("trl", "project.trl >= parameter.four")
    rules = repr((project, {k: v for k, v in more.items() if k != "parameters"}))
    parameters = {
        "four": {"name": WORDS, "unit": "1", "values": [value(4)]},
        "half": {"name": WORDS, "unit": "1", "values": [value(0.5)]},
        "cap": {"name": WORDS, "unit": "NOK", "values": [value(3e6)]},
        "least": {"name": WORDS, "unit": "NOK", "values": [value(1e6)]},
        **more.pop("parameters", {}),
    }
    parameters = {name: p if f"parameter.{name}" in rules else {**p, "shown_only": WORDS}
                  for name, p in parameters.items()}  # fmt: skip
    return {
        "scheme": key, "name": WORDS, "provider": WORDS, "kind": "grant", "status": "existing",
        "conditions": {"project": project},
        "opening": {"kind": "continuous", "source": "s", "place": "p"}, "parameters": parameters,
        "last_checked": date(2026, 11, 21), "references": [REFERENCE], **more,
    }  # fmt: skip


def status(facts, on=ON, as_existing=frozenset(), **more) -> str:
    engine = engine_for(EMPTY.with_(scheme(**more)), on, as_existing)
    return engine.check(check_facts(engine.vocabulary, facts)).results["one"].status


# ---- statuses and their order

TRL, RD = leaf("trl", "project.trl >= parameter.four"), leaf("rd", "project.is_rd")
JUDGED, TERM = leaf("judged", judgement=True), leaf("term", unknown=UNKNOWN)
CLOSED = {"kind": "calls", "calls": [
    {"opens": date(2026, 1, 1), "closes": date(2026, 3, 1), **REFERENCE},
    {"opens": date(2027, 1, 1), **REFERENCE},
]}  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "facts", "expected"),
    [
        ([TRL, RD], {"project.trl": 4, "project.is_rd": True}, "eligible"),
        ([TRL, RD], {"project.trl": 4}, "undecided"),
        ([TRL, RD], {"project.trl": 3}, "not_eligible"),
        ([TRL, JUDGED], {"project.trl": 4}, "needs_person"),
        ([TRL, JUDGED], {"project.trl": 3}, "not_eligible"),
        ([TRL, JUDGED], {}, "undecided"),
        ([TRL, TERM], {"project.trl": 4}, "undecided"),
        ([TRL, TERM], {"project.trl": 3}, "not_eligible"),
        ([{"any": [TRL, JUDGED]}], {"project.trl": 4}, "eligible"),
        ([{"any": [TRL, JUDGED]}], {"project.trl": 3}, "needs_person"),
        ([{"not": TRL}], {"project.trl": 4}, "not_eligible"),
        ([TRL], {"project.trl": Band(4, 6)}, "eligible"),
        ([TRL], {"project.trl": Band(1, 3)}, "not_eligible"),
        ([TRL], {"project.trl": Band(3, 4)}, "undecided"),
    ],
)
def test_status_of_conditions(parts, facts, expected) -> None:
    assert status(facts, project={"all": parts}) == expected


def test_the_order_of_statuses() -> None:
    low, high = {"project.trl": 3}, {"project.trl": 4}
    assert status(low, opening=CLOSED) == "not_eligible"
    assert status(high, opening=CLOSED) == "closed"
    assert status({}, opening=CLOSED) == "closed"
    assert status(high, status="proposed") == "closed"
    assert status(low, status="proposed") == "closed"  # what does not exist refuses nobody
    assert status(low, status="proposed", as_existing=frozenset(("one",))) == "not_eligible"
    assert status(high, status="proposed", as_existing=frozenset(("one",))) == "eligible"
    ended = {"status": "ended", "period": {"to": date(2025, 12, 31)}}
    assert status(low, **ended) == "closed"
    assert status(high, valid={"to": date(2026, 1, 1)}) == "rule_not_known"
    assert status(low, valid={"to": date(2026, 1, 1)}) == "rule_not_known"  # never the old rule
    assert status(high, valid={"to": date(2026, 1, 1)}, opening=CLOSED) == "closed"


def test_aid_law_that_lapses_is_not_used_after_its_day() -> None:
    aid = {"articles": ["25"], **REFERENCE}
    facts = {"project.trl": 4}
    assert status(facts, date(2026, 12, 31), aid=aid) == "eligible"
    assert status(facts, date(2027, 1, 1), aid=aid) == "rule_not_known"
    assert status({"project.trl": 3}, date(2027, 1, 1), aid=aid) == "not_eligible"
    assert status({}, date(2027, 1, 1), aid=aid) == "rule_not_known"


def test_the_day_a_call_opens_and_closes_is_open() -> None:
    facts = {"project.trl": 4}
    days = [(date(2025, 12, 31), "closed"), (date(2026, 1, 1), "eligible"),
            (date(2026, 3, 1), "eligible"), (date(2026, 3, 2), "closed"),
            (date(2027, 1, 1), "eligible")]  # fmt: skip
    for day, expected in days:
        assert status(facts, day, opening=CLOSED) == expected, day


def test_a_parameter_changes_on_its_day_and_a_hole_is_not_filled() -> None:
    parts = {"four": {"name": WORDS, "unit": "1", "values": [
        value(4, valid={"to": date(2023, 12, 31)}),
        {"unknown": UNKNOWN, "valid": {"from": date(2024, 1, 1), "to": date(2024, 11, 10)}},
        value(6, valid={"from": date(2024, 11, 11)}),
    ]}}  # fmt: skip
    for day, expected in [
        (date(2023, 12, 31), "eligible"), (date(2024, 1, 1), "undecided"),
        (date(2024, 11, 10), "undecided"), (date(2024, 11, 11), "not_eligible"),
    ]:  # fmt: skip
        assert status({"project.trl": 5}, day, parameters=parts) == expected, day


def test_a_condition_that_is_no_longer_required_leaves_the_tree() -> None:
    changing = leaf("rd", versions=[
        {"valid": {"to": date(2025, 12, 31)}, "expression": "project.is_rd",
         "reference": REFERENCE},
        {"valid": {"from": date(2026, 1, 1)}, "is_required": False, "reference": REFERENCE},
    ])  # fmt: skip
    del changing["reference"]
    tree = {"all": [TRL, changing]}
    assert status({"project.trl": 4}, date(2025, 12, 31), project=tree) == "undecided"
    assert status({"project.trl": 4}, date(2026, 1, 1), project=tree) == "eligible"


    with pytest.raises(InputError, match="under any: or not:"):
        EMPTY.with_(scheme(project={"any": [TRL, changing]}))


# ---- the five results, by tables written out

WORST = [MET, JUDGEMENT, UNDECIDED, RULE, NOT_MET]
BEST = [NOT_MET, JUDGEMENT, UNDECIDED, RULE, MET]
TURNED = {MET: NOT_MET, NOT_MET: MET, JUDGEMENT: JUDGEMENT, UNDECIDED: UNDECIDED, RULE: RULE}
trees = st.recursive(
    st.integers(0, 4).map(lambda k: ("leaf", k)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["all", "any"]),
                  st.lists(inner, min_size=1, max_size=4).map(tuple)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=10,
)  # fmt: skip


def by_table(tree, results):
    sort, inner = tree
    if sort == "leaf":
        return results[inner]
    if sort == "not":
        return TURNED[by_table(inner, results)]
    order = WORST if sort == "all" else BEST
    return order[max(order.index(by_table(part, results)) for part in inner)]


@given(trees, st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_trees_follow_the_tables(tree, results) -> None:
    assert compile_tree(tree, range(5))(results) == by_table(tree, results)


@given(trees, st.lists(st.sampled_from([MET, UNDECIDED, NOT_MET]), min_size=5, max_size=5))
def test_an_open_tree_is_sound(tree, results) -> None:
    """Kleene: if the tree is decided, it is so for each way of settling what is open."""
    found = compile_tree(tree, range(5))(results)
    ways = [[r] if r != UNDECIDED else [MET, NOT_MET] for r in results]
    settled = {by_table(tree, row) for row in itertools.product(*ways)}
    if found in (MET, NOT_MET):
        assert settled == {found}


# ---- missing facts


def test_questions_are_ranked_by_exact_expected_number_of_schemes() -> None:
    """By hand: TRL asked against 4, 6 and 4 or R&D; R&D alone settles two schemes either way."""
    six = {"six": {"name": WORDS, "unit": "1", "values": [value(6)]}}
    schemes = EMPTY.with_(
        scheme("aa", RD), scheme("bb", {"any": [RD, TRL]}),
        scheme("cc", leaf("high", "project.trl >= parameter.six"), parameters=six),
    )  # fmt: skip
    engine = engine_for(schemes, ON)
    questions = engine.next_questions(engine.check({}))
    found = {q.fact: q.settles for q in questions}
    # R&D: a always, b if true. TRL: classes below 4, 4 to 5, from 6; c always, b in two of three
    assert found == {"project.is_rd": pytest.approx(1.5), "project.trl": pytest.approx(5 / 3)}
    assert questions[0].fact == "project.trl"
    assert questions[0].schemes == ("bb", "cc")


facts_small = st.fixed_dictionaries({}, optional={
    "project.trl": st.integers(1, 9).map(float), "project.is_rd": st.booleans(),
    "company.size_class": st.sampled_from(["small", "medium", "large"]),
})  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 9), facts_small)
def test_the_measure_equals_brute_force_over_values(level, facts) -> None:
    """Choices and truths by all values; TRL by classes of equal consequences."""
    at = {"at": {"name": WORDS, "unit": "1", "values": [value(level)]}}
    schemes = EMPTY.with_(
        scheme("aa", {"all": [RD, leaf("size", "company.size_class in ['small', 'medium']")]}),
        scheme("bb", {"any": [leaf("at", "project.trl >= parameter.at"), RD]}, parameters=at),
        scheme("cc", {"all": [TRL, {"not": leaf("large", "company.size_class = 'large'")}]}),
    )  # fmt: skip
    engine = Engine(schemes, ON, frozenset())
    evaluation = engine.check(facts)
    domains = {"project.is_rd": [True, False], "company.size_class": ["small", "medium", "large"],
               "project.trl": [float(k) for k in range(1, 10)]}  # fmt: skip
    for question in engine.next_questions(evaluation, 9):
        outcomes = []
        for x in domains[question.fact]:
            after = engine.check({**facts, question.fact: x})
            settled = sum(after.results[k].status != "undecided" for k in question.schemes)
            codes = tuple(after.codes[engine.place_of(k)] for k in
                          engine.conditions_on(question.fact))  # fmt: skip
            outcomes.append((codes, settled))
        if question.fact == "project.trl":
            outcomes = list(dict(outcomes).items())
        expected = sum(n for _, n in outcomes) / len(outcomes)
        assert question.settles == pytest.approx(expected), question.fact


def test_missing_facts_are_those_that_leave_it_open() -> None:
    engine = engine_for(EMPTY.with_(scheme(project={"all": [{"any": [RD, TRL]}, TERM]})), ON)
    result = engine.check({"project.is_rd": True}).results["one"]
    assert result.missing == ()  # the other half of the any no longer matters
    assert len(result.unknown_terms) == 1
    assert engine.check({}).results["one"].missing == ("project.is_rd", "project.trl")


# ---- amounts

COSTS = {"base": "project.eligible_costs"}


def amount(facts, costs=COSTS, **support):
    rules = {"rate": "parameter.half", "cap": "parameter.cap", **support}
    engine = engine_for(EMPTY.with_(scheme(costs=costs, support=rules)), ON)
    return engine.check(check_facts(engine.vocabulary, facts)).results["one"].amount


@pytest.mark.parametrize(
    ("cost", "support", "expected"),
    [
        (4e6, {}, (2e6, 2e6, 2e6)),
        (10e6, {}, (3e6, 3e6, 3e6)),
        (Band(4e6, 5e6), {}, (None, 2e6, 2.5e6)),
        (Band(8e6, 9e6), {}, (3e6, 3e6, 3e6)),
        (None, {}, (None, 0.0, 3e6)),
        (4e6, {"cap": UNKNOWN}, (None, 0.0, 2e6)),
        (4e6, {"cap": "none"}, (2e6, 2e6, 2e6)),
        (4e6, {"rate": UNKNOWN}, (None, 0.0, 3e6)),
        (1e6, {"minimum": "parameter.least"}, (0.0, 0.0, 0.0)),
        (2e6, {"minimum": "parameter.least"}, (1e6, 1e6, 1e6)),
        (Band(1e6, 4e6), {"minimum": "parameter.least"}, (None, 0.0, 2e6)),
        (4e6, {"rate": "1 - 0", "own_share": "parameter.half"}, (2e6, 2e6, 2e6)),
    ],
)
def test_amounts_by_hand(cost, support, expected) -> None:
    found = amount({"project.eligible_costs": cost}, **support)
    assert (found.value, found.low, found.high) == expected


def test_an_unknown_cap_never_looks_like_a_known_amount() -> None:
    found = amount({"project.eligible_costs": 4e6}, cap=UNKNOWN)
    assert found.value is None
    assert len(found.unknown_terms) == 1
    assert [s.part for s in found.steps] == ["base", "rate", "share", "cap", "after_cap"]


def test_a_rate_by_size_is_a_range_while_the_size_is_open() -> None:
    rate = [{"when": "company.size_class = 'small'", "then": "parameter.half"},
            {"when": "company.size_class = 'large'", "then": "0"}]  # fmt: skip
    facts = {"project.eligible_costs": 4e6, "company.size_class": OneOf({"small", "large"})}
    found = amount(facts, rate=rate)
    assert (found.value, found.low, found.high) == (None, 0.0, 3e6)
    small = amount({**facts, "company.size_class": "small"}, rate=rate)
    assert small.value == 2e6


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_an_amount_lies_within_its_band_for_every_cost_in_it(one, other) -> None:
    low, high = sorted((one, other))
    band = amount({"project.eligible_costs": Band(low, high)}, minimum="parameter.least")
    for cost in (low, (low + high) / 2, high):
        point = amount({"project.eligible_costs": cost}, minimum="parameter.least")
        assert band.low <= point.value <= band.high


# ---- the schemes of the library


@pytest.fixture(scope="module")
def real(library) -> Schemes:
    return load_schemes(library)


def test_skattefunn_at_its_maximum(real) -> None:
    """Published terms: 19 per cent of 25 million is 4.75 million (T7 of the rules list)."""
    engine = engine_for(real, ON)
    facts = check_facts(engine.vocabulary, {
        "company.is_taxable_in_norway": True, "company.kind": "company", "project.is_rd": True,
        "project.rd_costs_of_year": 30e6, "project.novelty": "national",
        "company.is_in_difficulty": False,
    })  # fmt: skip
    result = engine.check(facts).results["skattefunn"]
    assert result.status == "needs_person"
    assert result.amount.value == pytest.approx(4_750_000)


def test_no_scheme_answers_eligible_to_an_empty_profile_or_from_a_lapsed_aid_rule(real) -> None:
    for on in (ON, date(2027, 1, 1)):
        for result in engine_for(real, on).check({}).results.values():
            assert result.status not in ("eligible", "needs_person"), result.scheme.id


# ---- populations

ROWS = st.lists(st.fixed_dictionaries({
    "project.trl": st.one_of(st.none(), st.integers(1, 9)),
    "project.is_rd": st.one_of(st.none(), st.booleans()),
    "company.size_class": st.one_of(st.none(), st.sampled_from(["small", "medium", "large"])),
    "company.founded": st.one_of(st.none(), st.integers(0, 3).map(
        lambda k: date(2023, 11, 23) + timedelta(days=k))),
    "project.eligible_costs": st.one_of(st.none(), st.integers(0, 9_000_000).map(float)),
}), min_size=1, max_size=9)  # fmt: skip
PIECES = [
    TRL, RD, JUDGED, TERM, leaf("size", "company.size_class in ['small', 'medium']"),
    leaf("young", "company.founded > evaluation_date - parameter.three"),
]  # fmt: skip
SHAPES = st.recursive(
    st.integers(0, len(PIECES) - 1),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=6,
)


def as_tree(shape, numbers):
    if isinstance(shape, int):
        return {**PIECES[shape], "id": f"leaf_{next(numbers)}"}
    sort, inner = shape
    if sort == "not":
        return {"not": as_tree(inner, numbers)}
    return {sort: [as_tree(part, numbers) for part in inner]}


@settings(max_examples=30, deadline=None)
@given(st.lists(SHAPES, min_size=1, max_size=3), ROWS, st.booleans())
def test_a_population_is_its_profiles_one_by_one(shapes, rows, is_closed) -> None:
    three = {"three": {"name": WORDS, "unit": "year", "values": [value(3)]}}
    more = {"opening": CLOSED} if is_closed else {}
    support = {"rate": "parameter.half", "cap": "parameter.cap", "minimum": "parameter.least"}
    try:
        schemes = EMPTY.with_(*(
            scheme(f"s{k}x", as_tree(shape, itertools.count()), parameters=three, costs=COSTS,
                   support=support, **more)
            for k, shape in enumerate(shapes)
        ))  # fmt: skip
    except InputError as problem:
        assert "true" in str(problem)  # never or always: tested with the files
        assume(False)
    engine = Engine(schemes, ON, frozenset())
    frame = pl.DataFrame({
        name: pl.Series(name, [row[name] for row in rows], dtype=kind)
        for name, kind in {
            "project.trl": pl.Int64, "project.is_rd": pl.Boolean, "company.size_class": pl.String,
            "company.founded": pl.Date, "project.eligible_costs": pl.Float64,
        }.items()
    })  # fmt: skip
    single = [engine.check(check_facts(engine.vocabulary, row)).results for row in rows]
    counted = run_population(engine, frame, batch_rows=4)
    assert counted == run_population(engine, frame)
    shown = statuses(engine, frame)
    for key in schemes:
        expected = [results[key].status for results in single]
        assert shown[key].to_list() == expected
        assert {s: n for s, n in counted.counts[key].items() if n} == {
            s: expected.count(s) for s in expected
        }
        for place, (leaf_id, found) in enumerate(counted.conditions[key].items()):
            truths = [r[key].leaves[place].truth for r in single]
            assert single[0][key].leaves[place].id == leaf_id
            assert found == (truths.count(True), truths.count(None))
        known = [r[key].amount.value for r in single
                 if r[key].status == "eligible" and r[key].amount.value is not None]  # fmt: skip
        assert counted.amount_nok[key] == sum(int(x + 0.5) for x in known)
        assert counted.n_amounts[key] == len(known)


SUPPORTS = [
    {"formula": [
        {"when": "company.size_class = 'small'", "then": "parameter.cap"},
        {"when": "project.trl >= parameter.four",
         "then": "parameter.half * project.eligible_costs"},
    ]},
    {"formula": "clamp(project.eligible_costs, parameter.least, parameter.cap)",
     "minimum": "parameter.least"},
    {"formula": "max(parameter.least, project.eligible_costs - parameter.cap)",
     "cap": "parameter.cap"},
    {"rate": "parameter.half", "own_share": "parameter.most", "cap": "none"},
    {"rate": [{"when": "project.is_rd", "then": "parameter.half"}], "cap": "parameter.cap"},
]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_amounts_of_a_population_are_those_of_its_profiles(rows) -> None:
    """Cases, whose conditions may be unknown; clamp, largest, own share, with and without a cap."""
    most = {"most": {"name": WORDS, "unit": "1", "values": [value(0.7)]}}
    schemes = EMPTY.with_(*(
        scheme(f"s{k}x", TRL, parameters=most, costs=COSTS, support=support)
        for k, support in enumerate(SUPPORTS)
    ))  # fmt: skip
    engine = engine_for(schemes, ON)
    names = {"project.trl": pl.Int64, "project.is_rd": pl.Boolean, "company.size_class": pl.String,
             "project.eligible_costs": pl.Float64}  # fmt: skip
    frame = pl.DataFrame([pl.Series(n, [r[n] for r in rows], dtype=k) for n, k in names.items()])
    single = [engine.check(check_facts(engine.vocabulary, row)).results for row in rows]
    found = run_population(engine, frame, batch_rows=3)
    for key in schemes.schemes:
        known = [r[key].amount.value for r in single
                 if r[key].status == "eligible" and r[key].amount.value is not None]  # fmt: skip
        assert found.amount_nok[key] == sum(int(x + 0.5) for x in known)
        assert found.n_amounts[key] == len(known)


def test_a_fixed_amount_counts_once_for_each_row() -> None:
    """By hand: three small companies get the cap of 3 million each; the open one is not counted."""
    for formula in ([{"when": "company.size_class = 'small'", "then": "parameter.cap"}],
                    "parameter.cap"):  # fmt: skip
        schemes = EMPTY.with_(scheme(project=RD, support={"formula": formula}))
        frame = pl.DataFrame({
            "project.is_rd": [True, True, True, None],
            "company.size_class": ["small", "small", "small", "small"],
        })  # fmt: skip
        found = run_population(engine_for(schemes, ON), frame)
        assert (found.amount_nok["one"], found.n_amounts["one"]) == (9_000_000, 3)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series("project.tlr", [1]), "Did you mean 'project.trl'"),
        (pl.Series("project.trl", ["4"]), "where numbers are meant"),
        (pl.Series("project.trl", [float("nan")]), "NaN"),
        (pl.Series("project.trl", [float("inf")]), "NaN or an infinite"),
        (pl.Series("project.trl", [4.5]), "not whole"),
        (pl.Series("project.trl", [40]), "outside what can be meant"),
        (pl.Series("project.is_rd", [1]), "where Boolean is meant"),
    ],
)
def test_a_population_with_bad_columns_is_refused(column, words) -> None:
    engine = engine_for(EMPTY.with_(scheme(project={"all": [TRL, RD]})), ON)
    with pytest.raises(InputError, match=words):
        run_population(engine, pl.DataFrame([column]))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"company.employes": 4}, "Did you mean 'company.employees'"),
        ({"company.employees": "4"}, "not a number"),
        ({"company.employees": True}, "not a number"),
        ({"company.employees": 4.5}, "not whole"),
        ({"company.employees": float("nan")}, "finite"),
        ({"company.employees": -1}, "outside"),
        ({"company.employees": Band(9, 5)}, "does not rise"),
        ({"company.is_listed": "yes"}, "true or false"),
        ({"company.founded": "2020-01-01"}, "not a date"),
        ({"company.size_class": "tiny"}, "not one of its choices"),
        ({"company.size_class": OneOf({"tiny"})}, "not one of its choices"),
        ({"company.is_listed": Band(0, 1)}, "no band"),
    ],
)
def test_profiles_with_bad_facts_are_refused(facts, words) -> None:
    with pytest.raises(InputError, match=words):
        check_facts(EMPTY.vocabulary, facts)
