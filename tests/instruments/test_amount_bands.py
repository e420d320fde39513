"""Amounts of facts that are bands with open ends: never an error, and never narrower than a point.

Oracle: points within the bands. Whatever a scheme gives to a point lies between the ends of what it
gives to the band.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.intervals import Band, OneOf, may_be_equal
from virkestoff.instruments.scheme_files import load_schemes

ON = date(2026, 11, 24)
ENDS = ("both", "low", "high", "none", "point", "unknown")


@pytest.fixture(scope="module")
def engine(library):
    schemes = load_schemes(library)
    return engine_for(schemes, ON, frozenset(k for k, s in schemes.schemes.items()
                                             if s.status != "existing"))  # fmt: skip


def _drawn(data, term):
    """A value of a fact with open ends, and a point that it may be."""
    if term.type == "bool":
        point = data.draw(st.booleans())
        return (point if data.draw(st.booleans()) else None), point
    if term.type == "choice":
        some = data.draw(st.sets(st.sampled_from(sorted(term.choices)), min_size=1))
        return OneOf(frozenset(some)), data.draw(st.sampled_from(sorted(some)))
    if term.type == "text":
        return None, "0301"
    if term.type == "date":
        days = st.integers(0, 3000).map(lambda n: date(2020, 1, 1) + timedelta(n))
    else:
        low, high = term.range
        days = st.floats(low, min(high, 1e9)).map(round if term.is_whole else lambda x: x)
    first, point, last = sorted(data.draw(st.tuples(days, days, days)))
    ends = data.draw(st.sampled_from(ENDS))
    value = {
        "both": Band(first, last), "low": Band(first, None), "high": Band(None, last),
        "none": Band(None, None), "point": point, "unknown": None,
    }[ends]  # fmt: skip
    return value, point


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_amount_of_a_band_holds_the_amounts_of_its_points(engine, data) -> None:
    key = data.draw(st.sampled_from([k for k, c in engine.schemes.items() if c.amount]))
    compiled = engine.schemes[key]
    names = sorted({f for part in compiled.parts.values() for f in part.facts})
    drawn = {n: _drawn(data, engine.vocabulary.terms[n]) for n in names}
    wide = compiled.amount({n: v for n, (v, _) in drawn.items()})
    point = compiled.amount({n: p for n, (_, p) in drawn.items()})
    assert wide.low <= point.low * (1 + 1e-12)
    assert math.isfinite(wide.low)
    if wide.high is not None:
        assert point.high is not None
        assert point.high <= wide.high * (1 + 1e-12)
    if wide.value is not None:
        assert point.value == wide.value
    if point.exceptional is not None and wide.exceptional is not None:
        assert point.exceptional <= wide.exceptional * (1 + 1e-12)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_profile_with_open_ends_gets_an_answer_and_questions(engine, data) -> None:
    """Oracle: the same profile with each open end at what can be meant."""
    names = data.draw(st.sets(st.sampled_from(sorted(engine.vocabulary.terms)), max_size=12))
    facts = {n: _drawn(data, engine.vocabulary.terms[n])[0] for n in names}
    found = engine.check({n: v for n, v in facts.items() if v is not None})
    closed = engine.check(found.facts)
    for key, result in found.results.items():
        assert result.status == closed.results[key].status
        assert result.amount == closed.results[key].amount
    assert engine.next_questions(found) == engine.next_questions(closed)


def test_a_cost_without_an_upper_end_is_held_by_the_cap(engine) -> None:
    for far in (None, engine.vocabulary.terms["project.eligible_costs"].range[1]):
        facts = {"project.eligible_costs": Band(0.0, far)}
        grant = engine.check(facts).results["startup_grant_3"].amount
        assert (grant.value, grant.low, grant.high) == (None, 0.0, 2e6)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.3, 0.3 + 1e-12, True), (0.3, 0.4, False), (Band(None, 5), 6, False),
        (Band(5, None), 6, True), (Band(None, None), 6, True), (None, 6, True),
        (OneOf(frozenset("ab")), "c", False), (OneOf(frozenset("ab")), "b", True),
        (True, False, False), (Band(date(2020, 1, 1), None), date(2019, 12, 31), False),
        (Band(None, date(2020, 1, 1)), date(2019, 12, 31), True),
    ],
)  # fmt: skip
def test_whether_two_statements_can_both_be_true(x, y, expected) -> None:
    assert may_be_equal(x, y) is expected
    assert may_be_equal(y, x) is expected
