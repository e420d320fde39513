"""What the rule language refuses, and where. Oracle: the grammar in docs/subjects."""

from __future__ import annotations

from datetime import date

import pytest

from virkestoff.instruments.expression import ExpressionError, bind
from virkestoff.instruments.expression_types import (
    ParameterType,
    Scope,
    check_amount,
    check_leaf,
)
from virkestoff.instruments.parser import (
    LONGEST_TEXT,
    MOST_TOKENS,
    parse_amount,
    parse_leaf,
)
from virkestoff.instruments.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
SCOPE = Scope(
    VOCABULARY,
    {
        "euros": ParameterType("number", "EUR", largest=5e7),
        "age": ParameterType("number", "year", largest=5.0),
        "long": ParameterType("number", "year", largest=5.0),
        "day": ParameterType("date"),
        "sizes": ParameterType("list", of="company.size_class"),
    },
)
STRICT = Scope(VOCABULARY, SCOPE.parameters, is_number_allowed=False)


def refused(text, scope=SCOPE) -> tuple[int, str]:
    with pytest.raises(ExpressionError) as caught:
        check_leaf(parse_leaf(text), scope)
    return caught.value.column, str(caught.value)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1 < project.trl < 4", 17, "chained comparison"),
        ("project.trl < 4 = true", 17, "chained comparison"),
        ("company.turnover / 2 > 5", 18, "division"),
        ("company.turnover // 2 > 5", 18, "division"),
        ("project.trl % 2 = 1", 13, "remainders"),
        ("project.trl ** 2 > 4", 13, "powers"),
        ("project.trl > nan", 15, "no number"),
        ("project.trl > -inf", 16, "no number"),
        ("project.trl > Infinity", 15, "no number"),
        ("project.start > today", 17, "evaluation_date"),
        ("company.employes > 4", 1, "Did you mean 'company.employees'"),
        ("trl > 4", 1, "Did you mean 'trl'"),
        ("euros > 4", 1, "parameter.euros"),
        ("company.turnover < parameter.eros", 20, "Did you mean 'euros'"),
        ("company.legal_form < 5", 22, "a choice is compared with a number"),
        ("company.legal_form < 'as'", 20, "neither more nor less"),
        ("project.trl = '4'", 15, "a number is compared with a text"),
        ("project.trl > true", 15, "a number is compared with true or false"),
        ("company.is_listed > 1", 21, "true or false is compared with a number"),
        ("company.is_listed + 1 > 1", 1, "true or false stands where a number is meant"),
        ("company.founded > '2015-01-01'", 19, "without quotes"),
        ("company.founded > 2015-02-30", 19, "no date"),
        ("company.founded + 1.5 month > 2015-02-03", 19, "whole number of months"),
        ("company.founded + company.employees > 2015-02-03", 19, "years or months only"),
        ("company.founded - company.founded > 1", 19, "years or months only"),
        ("company.turnover <= parameter.euros", 21, "is in EUR, where NOK is meant"),
        ("company.employees <= 5 NOK", 22, "is in NOK, where person is meant"),
        ("company.employees <= 5 furlongs_of", 22, "not a unit"),
        ("company.employees + company.turnover > 0", 21, "where person is meant"),
        ("company.size_class in []", 23, "the list is empty"),
        ("company.size_class in ['tiny']", 24, "is not a choice"),
        ("company.size_class in ['smal']", 24, "Did you mean 'small'"),
        ("company.size_class in parameter.age", 23, "not a list"),
        ("company.kind in parameter.sizes", 17, "lists company.size_class"),
        ("company.size_class = parameter.sizes", 22, "is a list"),
        ("project.trl in [1, 2]", 1, "not looked up in a list"),
        ("company.industry_code = '21'", 25, "the form"),
        ("project.trl > 4 and project.cri > 2", 17, "under all:"),
        ("project.trl > 4 OR project.cri > 2", 17, "under any:"),
        ("not company.is_listed", 1, "under not:"),
        ("project.trl > 4 && project.cri > 2", 17, "under all:"),
        ("(project.trl > 4)", 14, "inside parentheses"),
        ("project.trl == 4", 13, "Write = for equality"),
        ("project.trl <> 4", 13, "Write != for inequality"),
        ("project.trl > 4 # and more", 17, "comments"),
        ("project.trl > 4 -- and more", 17, "comments"),
        ("project.trl > 4 /* more */", 17, "comments"),
        ("project.trl > 1e400", 15, "not below"),
        ("project.trl > 99999999999999999999", 15, "not below"),
        ("project.trl > 25 000", 18, "not expected"),
        ("project.trl > 1_000", 15, "neither a number nor a date"),
        ("project.trl > 0x10", 15, "neither a number nor a date"),
        ("company.еmployees > 4", 9, "cyrillic small letter ie"),
        ("company.employees ≥ 4", 19, "greater-than or equal to"),
        ("company.kind = 'сompany'", 17, "cyrillic small letter es"),
        ("company.employees > 4\u00a0person", 22, "no-break space"),
        ("company.kind = 'company", 16, "not closed"),
        ("eval('1')", 1, "not a function"),
        ("__import__('os').system", 17, "'.' is not expected"),
        ("company.__class__ = 'x'", 1, "unknown fact"),
        ("min(project.trl) > 1", 1, "two parts or more"),
        ("clamp(project.trl, 1) > 1", 1, "three parts"),
        ("project.trl between 4 and 2", 21, "lower end is above"),
        ("project.trl between 4", 22, "'and' is missing"),
        ("project.trl", 1, "a number where a condition is meant"),
        ("1 > 0", 3, "reads no fact"),
        ("evaluation_date > parameter.day", 17, "reads no fact"),
        ("project.trl >", 14, "ends too early"),
        ("", 1, "ends too early"),
        ("= 4", 1, "not expected"),
        ("project.trl > 4;", 16, "one comparison"),
        ("project.trl > $p", 15, "parameter.name"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_character(text, column, words) -> None:
    at, message = refused(text)
    assert words in message
    assert at == column, message


@pytest.mark.parametrize("sign", ["+", "*", "-"])
def test_ten_thousand_terms_are_refused_quickly(sign) -> None:
    """The same chain ends the process where SQL expressions are compiled."""
    assert "characters" in refused(f" {sign} ".join(["project.trl"] * 10_000) + " > 1")[1]
    short = f"{sign}".join(["1"] * (MOST_TOKENS)) + " > project.trl"
    assert len(short) <= LONGEST_TEXT
    assert "words and signs" in refused(short)[1]


@pytest.mark.parametrize(
    "text",
    ["(" * 90 + "1" + ")" * 90 + " > project.trl", "- " * 60 + "1 > project.trl",
     "min(1, " * 25 + "1" + ")" * 25 + " > project.trl"],
)  # fmt: skip
def test_deep_nesting_is_refused(text) -> None:
    assert "nested deeper" in refused(text)[1]


def test_the_longest_allowed_chain_is_read() -> None:
    text = "+".join(["1"] * (MOST_TOKENS // 2 - 2)) + " > project.trl"
    assert check_leaf(parse_leaf(text), SCOPE)


def test_products_that_may_run_away_are_refused() -> None:
    """No arithmetic reaches infinity, so NaN never appears."""
    text = "*".join(["company.turnover"] * 12) + " > 0"
    assert "too large" in refused(text)[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("project.trl > 4", "the number 4 has no source"),
        ("company.founded > 2015-01-01", "the date 2015-01-01 has no source"),
        ("company.founded > evaluation_date - 5 year", "the number 5 has no source"),
        ("project.own_share >= 0.5", "the number 0.5 has no source"),
    ],
)
def test_in_a_scheme_a_threshold_is_a_parameter(text, words) -> None:
    assert words in refused(text, STRICT)[1]
    assert check_leaf(parse_leaf(text), SCOPE)


def test_nought_and_one_need_no_source() -> None:
    assert check_leaf(parse_leaf("company.equity >= 0"), STRICT)
    assert check_leaf(parse_leaf("1 - project.own_share >= project.norwegian_content"), STRICT)


def test_units_are_converted_and_euros_need_a_rate() -> None:
    node = check_leaf(parse_leaf("project.duration <= parameter.long"), SCOPE)
    bound = bind(node, {"long": 2.0}, date(2026, 1, 1))
    assert bound.right.value == 24.0
    text = "company.turnover <= parameter.euros * market.nok_per_eur"
    assert check_leaf(parse_leaf(text), SCOPE)
    rate = parse_amount("min(parameter.euros * market.nok_per_eur, project.total_costs)")
    assert check_amount(rate, SCOPE)[1] == "NOK"


def test_a_date_moves_with_the_date_that_is_asked_for() -> None:
    node = check_leaf(parse_leaf("company.founded > evaluation_date - parameter.age"), SCOPE)
    bound = bind(node, {"age": 3.0}, date(2024, 2, 29))
    assert bound.right.value == date(2021, 2, 28)


def test_an_amount_is_no_comparison() -> None:
    with pytest.raises(ExpressionError, match="comparison stands where an amount"):
        parse_amount("project.loan > 1")
