"""Aid from several hands. Oracles: guidance printed by public bodies, every subset of awards (the
min-cut form), and a linear programme solved by HiGHS."""

from __future__ import annotations

import math
from datetime import date
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from virkestoff.errors import InputError
from virkestoff.instruments.cumulation import AidAward, Cost, cumulate, largest_flow
from virkestoff.instruments.intervals import Band

ON = date(2026, 11, 24)


def award(name, article, aid, *costs, on=ON, **more) -> AidAward:
    return AidAward(name, article, on, aid, costs, **more)


def test_de_minimis_cannot_lift_the_ceiling_of_the_same_costs(library) -> None:
    """Scottish Government, de minimis FAQ: support up to the highest intensity for an R&D project
    leaves no room for de minimis aid to its costs, but other costs may have it.
    """
    costs = [Cost("project", 1e6), Cost("other", 2e5)]
    research = award("rd", "25_industrial", 5e5, "project")  # large: 50 %
    same = cumulate(library, costs, [research, award("dm", "de_minimis", 1e5, "project")],
                    {"large"})  # fmt: skip
    assert same.status == "exceeded"
    assert (same.excess.low, same.excess.high) == (1e5, 1e5)
    elsewhere = cumulate(library, costs, [research, award("dm", "de_minimis", 1e5, "other")],
                         {"large"})  # fmt: skip
    assert elsewhere.status == "allowed"


def test_the_highest_ceiling_counts(library) -> None:
    """Article 8(3)(b): the same costs, up to the highest intensity that applies to this aid."""
    costs = [Cost("machine", 1e6)]
    both = [award("rd", "25_experimental", 2.5e5, "machine"),
            award("infra", "26", 2.5e5, "machine")]  # fmt: skip
    found = cumulate(library, costs, both, {"large"})  # 25 % and 50 %
    assert found.status == "allowed"
    assert (found.categories[0].article, found.categories[0].ceiling.low) == ("26", 5e5)
    more = cumulate(library, costs, [both[0], award("infra", "26", 2.6e5, "machine")], {"large"})
    assert (more.status, more.excess.low) == ("exceeded", 1e4)


def test_different_costs_are_apart(library) -> None:
    """Article 8(3)(a), Innovasjon Norge's general terms: different identifiable costs add up."""
    costs = [Cost("research", 1e6), Cost("pilot", 1e6)]
    each = [award("r", "25_industrial", 5e5, "research"), award("p", "25_experimental", 2.5e5,
                                                                "pilot")]  # fmt: skip
    assert cumulate(library, costs, each, {"large"}).status == "allowed"
    over = [each[0], award("p", "25_experimental", 2.6e5, "pilot")]
    assert cumulate(library, costs, over, {"large"}).excess.low == 1e4


def test_union_money_is_apart_up_to_the_union_rate(library) -> None:
    """Article 8(2): only State aid counts, if all public money stays below the Union rate."""
    costs = [Cost("c", 1e6)]
    state = award("s", "25_experimental", 2.5e5, "c")
    union = award("u", "union", 4.5e5, "c", funding_rate=0.7)
    assert cumulate(library, costs, [state, union], {"large"}).status == "allowed"
    much = award("u", "union", 4.6e5, "c", funding_rate=0.7)
    assert cumulate(library, costs, [state, much], {"large"}).excess.low == 1e4
    unknown = cumulate(library, costs, [state, award("u", "union", 1e5, "c")], {"large"})
    assert unknown.status == "unknown"
    assert "The Union rate of u" in {m.en for m in unknown.missing}


def test_aid_without_identifiable_costs_stands_beside(library) -> None:
    costs = [Cost("c", 1e6)]
    awards = [award("rd", "25_industrial", 7e5, "c"), award("start", "22", 4e5)]
    found = cumulate(library, costs, awards, {"small"})
    assert found.status == "allowed"
    limit = next(x for x in found.limits if x.what == "amount")
    assert (limit.subject, limit.limit.low, limit.status) == ("22", 5e5, "within")
    more = cumulate(library, costs, [*awards, award("again", "22", 2e5)], {"small"})
    assert next(x for x in more.limits if x.what == "amount").status == "above"


def test_own_ceiling_and_threshold_are_watched_too(library) -> None:
    costs = [Cost("c", 200e6)]
    awards = [award("dev", "25_experimental", 60e6, "c"), award("infra", "26", 20e6, "c")]
    found = cumulate(library, costs, awards, {"large"})
    assert found.status == "allowed"  # 80 of 100 million under article 26
    lines = {(x.what, x.subject): x.status for x in found.limits}
    assert lines["own_ceiling", "dev"] == "above"  # 60 of 50 million
    assert lines["threshold", "25_experimental"] == "above"  # 25 million
    assert lines["threshold", "26"] == "within"


def test_a_date_without_a_rule_is_unknown(library) -> None:
    later = award("a", "25_industrial", 1.0, "c", on=date(2027, 1, 1))
    late = cumulate(library, [Cost("c", 1e6)], [later], {"small"})
    assert late.status == "unknown"
    assert late.excess.low == 0
    assert math.isinf(late.excess.high)
    assert any("2027-01-01" in m.en for m in late.missing)
    unread = cumulate(library, [Cost("c", 1e6)], [award("a", "25b", 1.0, "c")], {"small"})
    assert unread.status == "unknown"
    assert "No rule of Article 25b has been read." in {m.en for m in unread.missing}


def test_what_is_unknown_settles_when_it_cannot_matter(library) -> None:
    costs = [Cost("c", Band(1e6, 2e6))]
    sizes = {"small", "medium"}
    few = cumulate(library, costs, [award("a", "25_industrial", 6e5, "c")], sizes)
    assert few.status == "allowed"  # 60 % of a million even if medium
    some = cumulate(library, costs, [award("a", "25_industrial", 7e5, "c")], sizes)
    assert some.status == "unknown"
    many = cumulate(library, costs, [award("a", "25_industrial", 1.5e6, "c")], sizes)
    assert (many.status, many.excess.low) == ("exceeded", 1e5)


def test_unknown_aid(library) -> None:
    """Without a ceiling nothing can be exceeded; with one, everything may be."""
    two = [award(n, "de_minimis", None, "c") for n in ("a", "b")]
    assert cumulate(library, [Cost("c", 1e6)], two, {"large"}).status == "allowed"
    one = cumulate(library, [Cost("c", 1e6)], [award("x", "26", None, "c"), *two], {"large"})
    assert one.status == "unknown"
    assert (one.excess.low, one.excess.high) == (0, math.inf)


def test_unread_additions_are_no_ground(library) -> None:
    found = cumulate(library, [Cost("c", 1e6)], [award("t", "26a", 3e5, "c")], {"small"})
    assert found.status == "unknown"  # 25 % was read, the addition for size was not
    assert found.unverified


articles = st.sampled_from(["25_industrial", "25_experimental", "26", "de_minimis", "union"])
SHARES = {"25_industrial": 0.5, "25_experimental": 0.25, "26": 0.5}
cases = st.tuples(
    st.lists(st.integers(0, 1000), min_size=1, max_size=3),
    st.lists(
        st.tuples(articles, st.integers(0, 800), st.sets(st.integers(0, 2), min_size=1),
                  st.sampled_from([0.3, 0.5, 0.7, 1.0])),
        min_size=1, max_size=5,
    ),
)  # fmt: skip


def build(case):
    amounts, raw = case
    costs = [Cost(f"c{k}", float(100 * x)) for k, x in enumerate(amounts)]
    awards = [
        AidAward(f"a{k}", article, ON, float(100 * aid),
                 tuple(sorted({f"c{j % len(amounts)}" for j in where})),
                 funding_rate=rate if article == "union" else None)
        for k, (article, aid, where, rate) in enumerate(raw)
    ]  # fmt: skip
    return costs, awards


def limits(costs, awards):
    """Ceiling of state aid and of all money per category, written down from the article's text."""
    state, everything = {}, {}
    for c in costs:
        here = [a for a in awards if c.id in a.costs]
        shares = [SHARES[a.article] for a in here if a.article in SHARES]
        state[c.id] = max(shares) * c.amount if shares else math.inf
        rates = [a.funding_rate for a in here if a.article == "union"]
        everything[c.id] = max(rates) * c.amount if rates else math.inf
    return state, everything


@given(cases)
@settings(max_examples=150, deadline=None)
def test_every_subset_of_awards(library, case) -> None:
    """Min-cut: the worst subset of awards, each category letting through the least it can."""
    costs, awards = build(case)
    state, everything = limits(costs, awards)
    worst = 0.0
    subsets = chain.from_iterable(combinations(awards, n) for n in range(len(awards) + 1))
    for subset in subsets:
        held = 0.0
        for c in costs:
            mine = [a for a in subset if c.id in a.costs]
            if not mine:
                continue
            is_only_state = all(a.article != "union" for a in mine)
            held += min(state[c.id], everything[c.id]) if is_only_state else everything[c.id]
        worst = max(worst, sum(a.aid for a in subset) - held)
    found = cumulate(library, costs, awards, {"large"})
    assert found.excess.low == found.excess.high == pytest.approx(worst, abs=0.011)
    assert found.status == ("exceeded" if worst > 0.01 else "allowed")


@given(cases)
@settings(max_examples=60, deadline=None)
def test_against_a_linear_programme(library, case) -> None:
    """The most money that can be placed, by HiGHS, agrees with the flow to a cent."""
    costs, awards = build(case)
    state, everything = limits(costs, awards)
    pairs = [(a, c) for a in awards for c in costs if c.id in a.costs]
    rows, bounds = [], []
    for a in awards:
        rows.append([float(x is a) for x, _ in pairs])
        bounds.append(a.aid)
    for c in costs:
        for limit, only_state in ((state[c.id], True), (everything[c.id], False)):
            if math.isfinite(limit):
                rows.append([float(y is c and (x.article != "union" or not only_state))
                             for x, y in pairs])  # fmt: skip
                bounds.append(limit)
    best = linprog(-np.ones(len(pairs)), A_ub=np.array(rows), b_ub=bounds, method="highs")
    whole = sum(a.aid for a in awards)
    found = cumulate(library, costs, awards, {"large"})
    assert found.excess.low == pytest.approx(whole + best.fun, abs=0.011)


@given(cases, st.integers(0, 500), st.randoms())
@settings(max_examples=60, deadline=None)
def test_laws(library, case, more, random) -> None:
    """Order is nothing; more aid never lessens the excess; more cost never adds to it."""
    costs, awards = build(case)
    first = cumulate(library, costs, awards, {"large"}).excess.low
    mixed = list(awards)
    random.shuffle(mixed)
    assert cumulate(library, costs[::-1], mixed, {"large"}).excess.low == first
    extra = [*awards, AidAward("x", "de_minimis", ON, 100.0 * more, (costs[0].id,))]
    assert cumulate(library, costs, extra, {"large"}).excess.low >= first
    larger = [Cost(costs[0].id, costs[0].amount + 100 * more), *costs[1:]]
    assert cumulate(library, larger, awards, {"large"}).excess.low <= first


def test_a_flow_that_must_turn_back() -> None:
    """The textbook net in which the first shortest path must be undone: 2 units."""
    edges = {"s": {"a": 1, "b": 1}, "a": {"c": 1, "d": 1}, "b": {"c": 1}, "c": {"t": 1},
             "d": {"t": 1}}  # fmt: skip
    assert largest_flow(edges, "s", "t") == 2


def test_in_kroner_shares_count_and_euro_limits_are_unknown(library) -> None:
    found = cumulate(library, [Cost("c", 10e6)], [award("a", "25_industrial", 7e6, "c")],
                     {"small"}, currency="NOK")  # fmt: skip
    assert found.status == "allowed"
    assert {x.status for x in found.limits if x.what == "threshold"} == {"unknown"}


def test_faults_come_together(library) -> None:
    with pytest.raises(InputError) as problem:
        cumulate(
            library, [Cost("lab", 1.0), Cost("lab", 1.0)],
            [award("a", "25_industral!", 1.0, "lap"), award("b", "22", 1.0, "lab"),
             award("c", "25_industrial", 1.0), award("d", "union", 1.0, "lab", funding_rate=1.2)],
            {"small"},
        )  # fmt: skip
    text = str(problem.value)
    for part in ("stands twice", "Did you mean 'lab'", "no identifiable costs", "names no costs",
                 "is no share", "Did you mean '25_industrial'?"):  # fmt: skip
        assert part in text
