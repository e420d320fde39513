"""From the text of a rule to its tree: a recursive descent over a closed grammar.

    leaf    := fact | sum OP sum | sum [not] between sum and sum | sum [not] in list
    sum     := product (('+' | '-') product)*          product := factor ('*' factor)*
    factor  := '-' factor | '(' sum ')' | call | name | number [unit] | 'text' | date | true | false

Nothing is evaluated here, and no name is looked up. What the grammar cannot mean is refused with
the place of the character.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from virkestoff.instruments.expression import (
    Between,
    Clamp,
    Comparison,
    Constant,
    EvaluationDate,
    ExpressionError,
    Extremum,
    FactName,
    Membership,
    Negative,
    Node,
    ParameterName,
    Product,
    Sum,
)

__all__ = ["LARGEST_NUMBER", "LONGEST_TEXT", "MOST_TOKENS", "parse_amount", "parse_leaf"]

LONGEST_TEXT = 1000  # constant: limit of the language, far above any rule a person reads
MOST_TOKENS = 200  # constant: limit of the language
DEEPEST = 20  # constant: limit of the language
LARGEST_NUMBER = 1e15  # constant: whole kroner below it are exact in floating point

_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
_TOKENS = re.compile(
    r"""(?P<space>[ \t\n]+)
      | (?P<date>\d{4}-\d{2}-\d{2}(?![\w-]))
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
      | (?P<text>'[^'\n]*'|"[^"\n]*")
      | (?P<sign><=|>=|!=|[<>=+*()\[\],-])""",
    re.VERBOSE,
)
_REFUSED: tuple[tuple[str, str, str], ...] = (
    ("==", "'==' is not a sign of the language", "Write = for equality"),
    ("<>", "'<>' is not a sign of the language", "Write != for inequality"),
    ("--", "comments are not allowed in an expression", "Write a comment in the YAML file"),
    ("/*", "comments are not allowed in an expression", "Write a comment in the YAML file"),
    ("//", "division is not allowed in an expression", "Multiply the other side instead"),
    ("**", "powers are not allowed in an expression", "Write the product out"),
    ("/", "division is not allowed in an expression", "Multiply the other side instead"),
    ("%", "neither remainders nor percent are part of the language", "Write shares as fractions"),
    ("#", "comments are not allowed in an expression", "Write a comment in the YAML file"),
    ("$", "'$' is not a sign of the language", "Write parameter.name"),
    (";", "an expression is one comparison", "Make it two leaves under all:"),
    ("&", "'&' is not a sign of the language", "Put the parts under all: in the YAML file"),
    ("|", "'|' is not a sign of the language", "Put the parts under any: in the YAML file"),
)
_WORDS = {"between", "and", "in", "not", "true", "false", "evaluation_date", "min", "max", "clamp"}
_TREE_WORDS = {"and": "all:", "or": "any:", "not": "not:", "xor": "any: and not:"}
_NO_NUMBERS = {"nan", "inf", "infinity"}
_NO_TODAY = {"today", "now", "current_date"}
_Sort = Literal["date", "number", "name", "text", "sign", "end"]


@dataclass(frozen=True, slots=True)
class _Token:
    sort: _Sort
    text: str
    column: int


def parse_leaf(text: str) -> Node:
    """The tree of a condition.

    Raises
    ------
    ExpressionError
        with the column of the character at which the text stops meaning something.
    """
    reader = _Reader(_tokens(text))
    node = reader.leaf()
    reader.expect_end()
    return node


def parse_amount(text: str) -> Node:
    """The tree of an amount or a share: arithmetic without a comparison."""
    reader = _Reader(_tokens(text))
    node = reader.sum()
    if reader.now.text in (*_COMPARISONS, "between", "in", "not"):
        raise ExpressionError(
            reader.now.column, "a comparison stands where an amount is meant",
            next_step="Put the comparison under when:",
        )  # fmt: skip
    reader.expect_end()
    return node


def _tokens(text: str) -> list[_Token]:
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(
            LONGEST_TEXT + 1, f"the expression has {len(text):,} characters",
            f"at most {LONGEST_TEXT:,} are read", "Split it into leaves",
        )  # fmt: skip
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        _refuse(text, at, match)
        assert match is not None
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup, match.group(), at + 1))  # type: ignore[arg-type]
        at = match.end()
        if len(found) > MOST_TOKENS:
            raise ExpressionError(
                found[-1].column, f"the expression has more than {MOST_TOKENS} words and signs",
                next_step="Split it into leaves, or list the values in a parameter",
            )  # fmt: skip
    found.append(_Token("end", "", len(text) + 1))
    return found


def _refuse(text: str, at: int, match: re.Match[str] | None) -> None:
    """Raise if nothing that the language knows begins here, and say what stands there."""
    column = at + 1
    for sign, what, step in _REFUSED:
        if text.startswith(sign, at):
            raise ExpressionError(column, what, next_step=step)
    character = text[at]
    if match is None and (character.isascii() and character.isdigit()):
        raise ExpressionError(
            column, "this is neither a number nor a date",
            next_step="Write 25000000, 25e6, 0.5 or 2026-01-31",
        )  # fmt: skip
    if match is None and character in "'\"":
        raise ExpressionError(column, "the text is not closed", next_step=f"Add {character}")
    if match is None or not match.group().isascii():
        end = at + 2 if match is None else match.end()  # a full stop, then a strange letter
        within = next((k for k in range(at, min(end, len(text))) if not text[k].isascii()), at)
        if text[within].isascii():
            raise ExpressionError(column, f"'{character}' is not expected here")
        name = unicodedata.name(text[within], "without a name").lower()
        raise ExpressionError(
            within + 1, f"'{text[within]}' ({name}) is not a character of the language",
            "letters that look alike would be different names", "Write it with plain ASCII",
        )  # fmt: skip


class _Reader:
    """The tokens, and where the reading stands."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.now
        self.at += token.sort != "end"
        return token

    def accept(self, text: str) -> _Token | None:
        """The token if it is this sign or word."""
        is_it = self.now.text == text and self.now.sort in ("sign", "name")
        return self.take() if is_it else None

    def expect(self, text: str) -> _Token:
        token = self.accept(text)
        if token is None:
            raise self.unexpected(f"'{text}' is missing")
        return token

    def unexpected(self, what: str = "") -> ExpressionError:
        token = self.now
        if token.sort == "end":
            return ExpressionError(token.column, what or "the expression ends too early")
        word = token.text.lower()
        if token.sort == "name" and word in _TREE_WORDS:
            return ExpressionError(
                token.column, f"'{token.text}' does not join conditions inside an expression",
                next_step=f"Put the parts under {_TREE_WORDS[word]} in the YAML file",
            )  # fmt: skip
        return ExpressionError(token.column, what or f"'{token.text}' is not expected here")

    def expect_end(self) -> None:
        token = self.now
        if token.sort == "end":
            return
        if token.text in _COMPARISONS:
            raise ExpressionError(
                token.column, "a chained comparison", "it would compare true with a number",
                "Write x between low and high, or two leaves under all:",
            )  # fmt: skip
        raise self.unexpected()

    def leaf(self) -> Node:
        left = self.sum()
        token = self.now
        if token.sort == "sign" and token.text in _COMPARISONS:
            self.take()
            right = self.sum()
            return Comparison(token.text, left, right, column=token.column)  # type: ignore[arg-type]
        is_negated = token.text == "not" and self.tokens[self.at + 1].text in ("in", "between")
        if is_negated:
            self.take()
        if self.accept("between"):
            low = self.sum()
            self.expect("and")
            return Between(left, low, self.sum(), is_negated, column=token.column)
        if self.accept("in"):
            return Membership(left, self.items(), is_negated, column=token.column)
        return left

    def items(self) -> tuple[Constant, ...] | ParameterName:
        if self.now.sort == "name" and self.now.text.startswith("parameter."):
            token = self.take()
            return ParameterName(token.text.removeprefix("parameter."), column=token.column)
        opened = self.expect("[")
        found: list[Constant] = []
        while not self.accept("]"):
            if found:
                self.expect(",")
            item = self.factor()
            if not isinstance(item, Constant):
                raise ExpressionError(
                    item.column, "a list holds constants only", next_step="Compare in a leaf"
                )
            found.append(item)
        if not found:
            raise ExpressionError(opened.column, "the list is empty", "nothing is ever in it")
        return tuple(found)

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(self.now.column, f"is nested deeper than {DEEPEST} levels")
        left = self.product()
        while token := self.accept("+") or self.accept("-"):
            left = Sum(left, self.product(), token.text == "-", column=token.column)
        self.depth -= 1
        return left

    def product(self) -> Node:
        left = self.factor()
        while token := self.accept("*"):
            left = Product(left, self.factor(), column=token.column)
        return left

    def factor(self) -> Node:
        token = self.now
        if self.accept("-"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise ExpressionError(token.column, f"is nested deeper than {DEEPEST} levels")
            operand = self.factor()
            self.depth -= 1
            return Negative(operand, column=token.column)
        if self.accept("("):
            inner = self.sum()
            if self.now.text in _COMPARISONS:
                raise ExpressionError(
                    self.now.column, "a comparison inside parentheses",
                    next_step="Make it a leaf of its own under all:, any: or not:",
                )  # fmt: skip
            self.expect(")")
            return inner
        match token.sort:
            case "number":
                return self.number()
            case "date":
                return self.date()
            case "text":
                return Constant(self.take().text[1:-1], column=token.column)
            case "name":
                return self.name()
        raise self.unexpected()

    def number(self) -> Constant:
        token = self.take()
        value = float(token.text)
        if not value < LARGEST_NUMBER:
            raise ExpressionError(
                token.column, f"the number is not below {LARGEST_NUMBER:.0e}",
                "larger ones are not exact",
            )  # fmt: skip
        unit: str | None = None
        if self.now.sort == "name" and self.now.text.lower() not in _WORDS | {"or"}:
            unit = self.take().text
        return Constant(value, unit, column=token.column)

    def date(self) -> Constant:
        token = self.take()
        try:
            return Constant(date.fromisoformat(token.text), column=token.column)
        except ValueError as problem:
            raise ExpressionError(token.column, f"'{token.text}' is no date: {problem}") from None

    def name(self) -> Node:
        token = self.take()
        text, column = token.text, token.column
        if text in ("min", "max", "clamp"):
            return self.call(token)
        if text in ("true", "false"):
            return Constant(text == "true", column=column)
        if text == "evaluation_date":
            return EvaluationDate(column=column)
        if text.lower() in _NO_NUMBERS:
            raise ExpressionError(column, f"'{text}' is no number", "every value is finite")
        if text.lower() in _NO_TODAY:
            raise ExpressionError(
                column, f"'{text}' is not part of the language", "an answer must not change by "
                "itself", "Write evaluation_date",
            )  # fmt: skip
        if self.now.text == "(":
            raise ExpressionError(
                column, f"'{text}' is not a function", next_step="There are min, max and clamp"
            )
        if text.lower() in _TREE_WORDS or text in ("between", "in"):
            self.at -= 1
            raise self.unexpected()
        if text.startswith("parameter."):
            return ParameterName(text.removeprefix("parameter."), column=column)
        return FactName(text, column=column)

    def call(self, token: _Token) -> Node:
        self.expect("(")
        parts = [self.sum()]
        while self.accept(","):
            parts.append(self.sum())
        self.expect(")")
        if token.text == "clamp":
            if len(parts) != 3:
                raise ExpressionError(
                    token.column, "clamp takes three parts", next_step="clamp(x, low, high)"
                )
            return Clamp(parts[0], parts[1], parts[2], column=token.column)
        if len(parts) < 2:
            raise ExpressionError(token.column, f"{token.text} takes two parts or more")
        return Extremum("min" if token.text == "min" else "max", tuple(parts), column=token.column)
