"""The three back ends of the rule language agree, on random rules, vocabularies and data.

Oracle: a fourth evaluator, written here from Kleene's truth tables and exact fractions, that reads
the random rule itself and never the parsed tree. Rules reach the back ends as text, so the parser
is under test too. Bands are checked by brute force over all their points.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from virkestoff.instruments.closures import compile_point
from virkestoff.instruments.columns import condition_column
from virkestoff.instruments.expression import ExpressionError, bind
from virkestoff.instruments.expression_types import ParameterType, Scope, check_leaf
from virkestoff.instruments.intervals import Band, OneOf, compile_band
from virkestoff.instruments.parser import parse_leaf
from virkestoff.instruments.vocabulary import Term, Vocabulary, check_facts
from virkestoff.language import Text

WORDS = Text(nb="x", en="x")
ON = date(2026, 11, 24)
CHOICES = ("red", "green", "blue")
NUMBERS = ("company.n0", "company.n1", "project.n2")
FIRST_DAY = date(2024, 2, 27)
TERMS = {
    **{n: Term(n, WORDS, "number", WORDS, WORDS, unit="1", is_whole=True, range=(-4.0, 4.0))
       for n in NUMBERS},
    "company.c": Term("company.c", WORDS, "choice", WORDS, WORDS,
                      choices=dict.fromkeys(CHOICES, WORDS)),
    "company.t": Term("company.t", WORDS, "text", WORDS, WORDS, pattern="[0-9]{2}"),
    "company.b": Term("company.b", WORDS, "bool", WORDS, WORDS),
    "project.b": Term("project.b", WORDS, "bool", WORDS, WORDS),
    "company.d": Term("company.d", WORDS, "date", WORDS, WORDS),
}  # fmt: skip
VOCABULARY = Vocabulary(TERMS)
PARAMETERS = {"p": 1.5, "q": -2.0, "colours": ("green", "red"), "months": 2.0, "none": None}
SCOPE = Scope(
    VOCABULARY,
    {
        "p": ParameterType("number", "1", largest=1.5),
        "q": ParameterType("number", "1", largest=2.0),
        "none": ParameterType("number", "1"),
        "months": ParameterType("number", "month", largest=2.0),
        "colours": ParameterType("list", of="company.c"),
    },
)

# ---- random rules: nested tuples, and how they are written

literals = st.sampled_from([0.0, 1.0, 2.5, 3.0]).map(lambda v: ("literal", v))
number_leaves = st.one_of(
    st.sampled_from(NUMBERS).map(lambda n: ("fact", n)), literals,
    st.sampled_from(["p", "q"]).map(lambda n: ("parameter", n)),
)  # fmt: skip
numbers = st.recursive(
    number_leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner),
        st.tuples(st.just("negative"), inner),
        st.tuples(st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("clamp"), inner, inner, inner),
    ),
    max_leaves=5,
)
days = st.one_of(
    st.just(("fact", "company.d")), st.just(("today",)),
    st.integers(-3, 3).map(lambda k: ("day", FIRST_DAY + timedelta(days=k))),
    st.tuples(st.just("shift"), st.just(("fact", "company.d")), st.sampled_from([-12, -1, 1, 12])),
    st.just(("shift", ("today",), -2)),
)  # fmt: skip
operators = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
conditions = st.one_of(
    st.tuples(st.just("compare"), operators, numbers, numbers),
    st.tuples(st.just("compare"), operators, days, days),
    st.tuples(st.just("between"), st.booleans(), numbers, numbers, numbers),
    st.tuples(st.just("in"), st.booleans(), st.just("company.c"),
              st.lists(st.sampled_from(CHOICES), min_size=1, max_size=3).map(tuple)),
    st.tuples(st.just("in"), st.booleans(), st.just("company.t"),
              st.lists(st.sampled_from(["11", "22"]), min_size=1, max_size=2).map(tuple)),
    st.tuples(st.just("listed"), st.booleans(), st.just("company.c"), st.just("colours")),
    st.tuples(st.just("same"), st.booleans(), st.just("company.c"), st.sampled_from(CHOICES)),
    st.tuples(st.just("truth"), st.sampled_from(["company.b", "project.b"]),
              st.sampled_from([None, True, False])),
)  # fmt: skip


def written(rule) -> str:
    """The rule as the text of an expression."""
    match rule:
        case ("literal", value):
            return f"{value:g}"
        case ("fact", name):
            return name
        case ("parameter", name):
            return f"parameter.{name}"
        case ("today",):
            return "evaluation_date"
        case ("day", day):
            return day.isoformat()
        case ("shift", inner, months):
            unit = "year" if months % 12 == 0 else "month"
            amount = abs(months) // (12 if unit == "year" else 1)
            return f"{written(inner)} {'-' if months < 0 else '+'} {amount} {unit}"
        case ("negative", inner):
            return f"-({written(inner)})"
        case ("min" | "max" as which, parts):
            return f"{which}({', '.join(map(written, parts))})"
        case ("clamp", *parts):
            return f"clamp({', '.join(map(written, parts))})"
        case ("+" | "-" | "*" as sign, left, right):
            return f"({written(left)}) {sign} ({written(right)})"
        case ("compare", operator, left, right):
            return f"{written(left)} {operator} {written(right)}"
        case ("between", is_negated, x, low, high):
            word = "not between" if is_negated else "between"
            return f"{written(x)} {word} {written(low)} and {written(high)}"
        case ("in", is_negated, fact, values):
            listed = ", ".join(f"'{v}'" for v in values)
            return f"{fact} {'not in' if is_negated else 'in'} [{listed}]"
        case ("listed", is_negated, fact, name):
            return f"{fact} {'not in' if is_negated else 'in'} parameter.{name}"
        case ("same", is_equal, fact, value):
            return f"{fact} {'=' if is_equal else '!='} '{value}'"
        case ("truth", fact, wanted):
            return fact if wanted is None else f"{fact} = {str(wanted).lower()}"
    raise AssertionError(rule)


# ---- the oracle: truth tables and fractions

AND = {(True, True): True, (True, False): False, (True, None): None, (False, True): False,
       (False, False): False, (False, None): False, (None, True): None, (None, False): False,
       (None, None): None}  # fmt: skip
NOT = {True: False, False: True, None: None}


def moved(day: date, months: int) -> date:
    """Month by month, then back to the last day that the month has."""
    number = day.year * 12 + day.month - 1 + months
    for last in range(day.day, 0, -1):
        try:
            return date(number // 12, number % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError


def value_of(rule, facts):
    """A fraction, a date, or None."""
    match rule:
        case ("literal", value):
            return Fraction(value)
        case ("parameter", name):
            return Fraction(PARAMETERS[name])
        case ("fact", name):
            found = facts.get(name)
            return Fraction(found) if isinstance(found, float) else found
        case ("today",):
            return ON
        case ("day", day):
            return day
        case ("shift", inner, months):
            day = value_of(inner, facts)
            return None if day is None else moved(day, months)
        case ("negative", inner):
            x = value_of(inner, facts)
            return None if x is None else -x
        case ("min" | "max" as which, parts):
            found = [value_of(p, facts) for p in parts]
            if any(x is None for x in found):
                return None
            return sorted(found)[0 if which == "min" else -1]
        case ("clamp", *parts):
            x, low, high = (value_of(p, facts) for p in parts)
            if x is None or low is None or high is None or low > high:
                return None
            return low if x < low else high if x > high else x
        case (sign, left, right):
            x, y = value_of(left, facts), value_of(right, facts)
            if x is None or y is None:
                return None
            return {"+": x + y, "-": x - y, "*": x * y}[sign]
    raise AssertionError(rule)


def compared(operator, x, y):
    if x is None or y is None:
        return None
    return {"=": x == y, "!=": x != y, "<": x < y, "<=": not x > y, ">": x > y,
            ">=": not x < y}[operator]  # fmt: skip


def truth_of(rule, facts):
    """True, false, or None: by the tables alone."""
    match rule:
        case ("compare", operator, left, right):
            return compared(operator, value_of(left, facts), value_of(right, facts))
        case ("between", is_negated, x, low, high):
            x, low, high = (value_of(p, facts) for p in (x, low, high))
            inside = AND[compared(">=", x, low), compared("<=", x, high)]
            return NOT[inside] if is_negated else inside
        case ("in" | "listed", is_negated, fact, values):
            values = PARAMETERS[values] if isinstance(values, str) else values
            x = facts.get(fact)
            found = None if x is None else any(x == v for v in values)
            return NOT[found] if is_negated else found
        case ("same", is_equal, fact, value):
            return compared("=" if is_equal else "!=", facts.get(fact), value)
        case ("truth", fact, wanted):
            x = facts.get(fact)
            return x if wanted in (None, True) else NOT[x]
    raise AssertionError(rule)


# ---- random data

points = {
    **{n: st.one_of(st.none(), st.integers(-4, 4).map(float)) for n in NUMBERS},
    "company.c": st.one_of(st.none(), st.sampled_from(CHOICES)),
    "company.t": st.one_of(st.none(), st.sampled_from(["11", "22", "33"])),
    "company.b": st.one_of(st.none(), st.booleans()),
    "project.b": st.one_of(st.none(), st.booleans()),
    "company.d": st.one_of(st.none(), st.integers(-3, 3).map(
        lambda k: FIRST_DAY + timedelta(days=k))),
}  # fmt: skip
profiles = st.fixed_dictionaries(points)
DTYPES = {"number": pl.Float64, "bool": pl.Boolean, "date": pl.Date, "text": pl.String,
          "choice": pl.Enum(CHOICES)}  # fmt: skip


def as_bound(rule):
    """The rule through text, parser, types and date; None if the language refuses it."""
    try:
        return bind(check_leaf(parse_leaf(written(rule)), SCOPE), PARAMETERS, ON)
    except ExpressionError as problem:
        text = str(problem)
        # what the oracle has no opinion on: rules without facts, and ends the wrong way round
        assert "reads no fact" in text or "lower end is above" in text, (written(rule), text)
        return None


def known(profile):
    return {name: value for name, value in profile.items() if value is not None}


@settings(max_examples=100, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=8), st.lists(profiles, min_size=1, max_size=8))
def test_closures_columns_and_intervals_say_what_the_tables_say(rules, rows) -> None:
    pairs = [(rule, bound) for rule in rules if (bound := as_bound(rule)) is not None]
    assume(pairs)
    frame = pl.DataFrame(
        {name: pl.Series(name, [row[name] for row in rows], dtype=DTYPES[term.type])
         for name, term in TERMS.items()}
    )  # fmt: skip
    columns = frame.select(
        [condition_column(bound).alias(f"{k}") for k, (_, bound) in enumerate(pairs)]
    )
    for k, (rule, bound) in enumerate(pairs):
        point, band = compile_point(bound), compile_band(bound)
        expected = [truth_of(rule, known(row)) for row in rows]
        assert [point(known(row)) for row in rows] == expected, written(rule)
        assert [band(known(row)) for row in rows] == expected, written(rule)
        assert columns[f"{k}"].to_list() == expected, written(rule)


def _band(name):
    """A band or a set of choices, and the points in it."""
    term = TERMS[name]
    if term.type == "number":
        return st.tuples(st.integers(-4, 4), st.integers(0, 3)).map(lambda x: (
            Band(float(x[0]), float(min(x[0] + x[1], 4))),
            [float(k) for k in range(x[0], min(x[0] + x[1], 4) + 1)]))  # fmt: skip
    if term.type == "date":
        return st.tuples(st.integers(-3, 3), st.integers(0, 3)).map(lambda x: (
            Band(FIRST_DAY + timedelta(days=x[0]), FIRST_DAY + timedelta(days=x[0] + x[1])),
            [FIRST_DAY + timedelta(days=x[0] + k) for k in range(x[1] + 1)]))  # fmt: skip
    return st.sets(st.sampled_from(CHOICES), min_size=1).map(
        lambda s: (OneOf(frozenset(s)), sorted(s)))  # fmt: skip


mixed = st.fixed_dictionaries({
    name: st.one_of(values.map(lambda v: (v, [v])), _band(name))
    if TERMS[name].type in ("number", "date", "choice") else values.map(lambda v: (v, [v]))
    for name, values in points.items()
})  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(conditions, mixed)
def test_a_band_is_decided_only_if_all_its_points_agree(rule, profile) -> None:
    bound = as_bound(rule)
    assume(bound is not None)
    answer = compile_band(bound)(check_facts(VOCABULARY, {n: v for n, (v, _) in profile.items()}))
    names = list(profile)
    choices = [profile[n][1] for n in names]
    assume(reduce(lambda a, b: a * len(b), choices, 1) <= 500)
    found = {
        truth_of(rule, known(dict(zip(names, row, strict=True))))
        for row in itertools.product(*choices)
    }
    if answer is not None:
        assert found == {answer}, written(rule)
    if found == {None}:
        assert answer is None
    if all(len(c) == 1 for c in choices):
        assert found == {answer}


@given(st.sampled_from(NUMBERS), st.integers(-4, 4), operators,
       st.integers(-4, 4), st.integers(0, 8))  # fmt: skip
def test_a_band_against_a_constant_is_decided_whenever_its_points_agree(
    name, threshold, operator, low, width
) -> None:
    """For a single fact against a constant the answer is not only sound but complete."""
    rule = ("compare", operator, ("fact", name), ("literal", float(threshold)))
    bound = as_bound(rule)
    high = min(low + width, 4)
    found = {truth_of(rule, {name: float(k)}) for k in range(low, high + 1)}
    answer = compile_band(bound)({name: Band(float(low), float(high))})
    is_gap = operator in ("=", "!=") and len(found) == 2
    assert answer == (found.pop() if len(found) == 1 else None) or is_gap


def test_a_parameter_that_is_unknown_leaves_nothing_to_compute() -> None:
    node = check_leaf(parse_leaf("company.n0 > parameter.none"), SCOPE)
    assert bind(node, PARAMETERS, ON) is None


# ---- pitfalls measured in polars and elsewhere (rule-engine findings, section 2)


def one(text, facts):
    """All three back ends on one rule and one profile; they must agree."""
    bound = bind(check_leaf(parse_leaf(text), SCOPE), PARAMETERS, ON)
    frame = pl.DataFrame(
        {name: pl.Series(name, [facts.get(name)], dtype=DTYPES[term.type])
         for name, term in TERMS.items()}
    )  # fmt: skip
    answers = {
        compile_point(bound)(facts), compile_band(bound)(facts),
        frame.select(x=condition_column(bound))["x"][0],
    }  # fmt: skip
    assert len(answers) == 1, (text, answers)
    return answers.pop()


def test_least_and_largest_do_not_skip_the_unknown() -> None:
    """``least(x, null)`` is 5 in SQL and polars: a cap on an unknown amount would look known."""
    assert one("min(company.n0, company.n1) <= 2", {"company.n1": 1.0}) is None
    assert one("max(company.n0, company.n1) >= 1", {"company.n1": 1.0}) is None
    assert one("clamp(company.n0, 0, company.n1) <= 2", {"company.n0": 1.0}) is None


def test_a_rule_that_is_unknown_for_all_still_has_a_column() -> None:
    """A literal beside a ``when`` that holds nowhere gave one value for the whole frame."""
    frame = pl.DataFrame({"company.n0": pl.Series([None, None], dtype=pl.Float64)})
    for text in ("0 = clamp(company.n0, company.n0, company.n0)", "0 = min(company.n0, 1)"):
        bound = bind(check_leaf(parse_leaf(text), SCOPE), PARAMETERS, ON)
        both = frame.select(x=condition_column(bound), y=pl.col("company.n0").is_null())
        assert both["x"].to_list() == [None, None]


def test_a_clamp_with_ends_the_wrong_way_round_is_unknown() -> None:
    facts = {"company.n0": 1.0, "company.n1": 3.0, "project.n2": -3.0}
    assert one("clamp(company.n0, company.n1, project.n2) = 1", facts) is None


def test_membership_of_the_unknown_is_unknown() -> None:
    assert one("company.c in ['red']", {}) is None
    assert one("company.c not in ['red']", {}) is None
    assert one("company.c not in ['red']", {"company.c": "blue"}) is True


def test_false_beats_unknown_between() -> None:
    facts = {"company.n0": -1.0}
    assert one("company.n0 between 0 and company.n1", facts) is False
    assert one("company.n0 not between 0 and company.n1", facts) is True


def test_whole_numbers_do_not_wrap_and_shares_are_not_cut() -> None:
    """32-bit products wrap, and decimals cut shares to six digits, where types follow columns."""
    big = Vocabulary({
        "company.big": Term("company.big", WORDS, "number", WORDS, WORDS, unit="1",
                            range=(0.0, 1e13)),
    })  # fmt: skip
    scope = Scope(big, {})
    bound = bind(check_leaf(parse_leaf("company.big * 3 > 2147483647"), scope), {}, ON)
    frame = pl.DataFrame({"company.big": pl.Series([2**31 - 1], dtype=pl.Int32)})
    assert frame.cast(pl.Float64).select(x=condition_column(bound))["x"][0] is True
    third = bind(check_leaf(parse_leaf("company.big * 0.3333333 > 0.33333329"), scope), {}, ON)
    one_row = pl.DataFrame({"company.big": [1.0]})
    assert one_row.select(x=condition_column(third))["x"][0] is True
    assert compile_point(third)({"company.big": 1.0}) is True


def test_the_last_day_of_a_month_moves_to_the_last_day() -> None:
    facts = {"company.d": date(2024, 2, 29)}
    assert one("company.d + 1 year = 2025-02-28", facts) is True
    assert one("company.d + 4 year = 2028-02-29", facts) is True
    assert one("company.d - 1 month = 2024-01-29", facts) is True
