"""A fact as a field of a form: label, hint, choices, what was written, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from virkestoff.instruments.fault_words import message_in
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.vocabulary import Term
from virkestoff.instruments.wording import value_words
from virkestoff.instruments.written_values import Unreadable, is_unknown, read_written
from virkestoff.language import Lang, Text
from virkestoff_hub.guide.rounds import term_of

__all__ = ["START_FACTS", "Field", "read_fields"]

START_FACTS = (
    "company.is_registered_in_norway", "company.kind", "company.branch", "company.employees",
    "company.turnover", "company.founded", "project.activity", "project.trl",
    "project.total_costs",
)  # fmt: skip
"""The short profile: what most rules read and everybody knows."""
FEW = 6
"""Choices that are shown as buttons; more stand in a list."""
_HINTS: dict[str, Text] = {
    "number": Text(nb="Beløp eller bånd: 800 000, 2,5 mill., 2–5 mill., under 50 mill.",
                   en="An amount or a band: 800,000, 2.5 million, 2–5 million, under 50 million"),
    "date": Text(nb="Dato, måned eller år: 2021-05-01, 2021-05 eller 2021",
                 en="Date, month or year: 2021-05-01, 2021-05 or 2021"),
}  # fmt: skip
_UNITS: dict[str, Text] = {
    "NOK": Text(nb="kroner", en="NOK"), "EUR": Text(nb="euro", en="EUR"),
    "person": Text(nb="personer", en="people"), "fte": Text(nb="årsverk", en="full-time years"),
    "month": Text(nb="måneder", en="months"), "year": Text(nb="år", en="years"),
}  # fmt: skip
_SHARE = Text(nb="En andel: 45 % eller 0,45", en="A share: 45 % or 0.45")
_SMALL = Text(nb="Tall eller bånd: 4, 10–49, under 50", en="A number or a band: 4, 10–49, under 50")
_MONEY = ("NOK", "EUR")
_YES, _NO = Text(nb="Ja", en="Yes"), Text(nb="Nei", en="No")


@dataclass(frozen=True)
class Field:
    """A fact to fill in.

    Attributes
    ----------
    raw : what stands in the field
    fault : what is wrong with it, in words
    """

    term: Term
    lang: Lang
    raw: str = ""
    fault: str = ""

    @property
    def name(self) -> str:
        """The name of the field in the form."""
        return self.term.id

    @property
    def anchor(self) -> str:
        """The id of the field in the page."""
        return "f-" + self.term.id.replace(".", "-").replace("_", "-")

    @property
    def label(self) -> str:
        """The question."""
        return self.term.question.in_(self.lang)

    @property
    def hint(self) -> str:
        """How to write it."""
        if self.term.type not in _HINTS:
            return ""
        term = self.term
        if term.unit == "1" and not term.is_whole and term.range == (0.0, 1.0):
            return _SHARE.in_(self.lang)
        if term.type == "number" and term.unit not in _MONEY:
            return _SMALL.in_(self.lang)
        return _HINTS[term.type].in_(self.lang)

    @property
    def unit(self) -> str:
        """The unit in words."""
        word = _UNITS.get(self.term.unit or "")
        return word.in_(self.lang) if word else ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of a field with choices."""
        if self.term.type == "bool":
            found = [("ja", _YES.in_(self.lang)), ("nei", _NO.in_(self.lang))]
        else:
            found = [(k, _upper(v.in_(self.lang))) for k, v in (self.term.choices or {}).items()]
        return [(key, words, key == self.raw) for key, words in found]

    @property
    def shape(self) -> str:
        """``buttons``, ``list`` or ``line``."""
        if not self.options:
            return "line"
        return "buttons" if len(self.options) <= FEW else "list"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def written(term: Term, value: Value, lang: Lang) -> str:
    """A value as it stands in its field, to be read again to the same."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nei"
        case str():
            return value
        case Band() | OneOf():
            return value_words(term, value, lang).replace("\u202f", " ").replace("\u00a0", " ")
        case float():
            return f"{value:.12g}".replace(".", "," if lang == "nb" else ".")
        case date():
            return value.isoformat()


def read_fields(
    facts: Iterable[str], given: Mapping[str, str], lang: Lang
) -> tuple[list[Field], dict[str, Value], set[str]]:
    """The fields with their faults, the values that were understood, and what is not known."""
    fields: list[Field] = []
    values: dict[str, Value] = {}
    not_known: set[str] = set()
    for fact in facts:
        term, raw = term_of(fact), given.get(fact, "").strip()
        fault = ""
        if raw and is_unknown(raw):
            not_known.add(fact)
        elif raw:
            try:
                values[fact] = read_written(term, raw)
            except Unreadable as problem:
                fault = _upper(message_in(str(problem), lang))
        fields.append(Field(term, lang, raw, fault))
    return fields, values, not_known


def empty_fields(facts: Iterable[str], lang: Lang, profile: Profile | None = None) -> list[Field]:
    """The fields, filled with what a profile holds."""
    found = []
    for fact in facts:
        term = term_of(fact)
        held = profile.facts.get(fact) if profile is not None else None
        found.append(Field(term, lang, written(term, held, lang)))
    return found
