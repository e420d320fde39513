"""Tables of the guide: the same rows for page, PDF and screen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from virkestoff.instruments.condition_rows import ConditionRow, condition_rows
from virkestoff.instruments.guide import Answer, Entry
from virkestoff.instruments.scheme import Reference
from virkestoff.instruments.wording import (
    KINDS,
    STATUSES_IN_WORDS,
    amount_range,
    amount_words,
    value_words,
)
from virkestoff.language import Lang, format_date
from virkestoff.reports.blocks import Cell, Column, Table
from virkestoff.reports.guide_words import (
    deadline_words,
    opening_words,
    read_words,
    result_words,
    rule_words,
    say,
    step_words,
    way_words,
)
from virkestoff.reports.runs import Citation, Words

__all__ = ["GuideTables", "anchor", "cited"]

_TAIL = re.compile(r"[,:;] ")

SHOWN_QUESTIONS = 12
"""Questions in the list of what to find out first."""


class GuideTables:
    """The tables of an answer in one language."""

    def __init__(self, answer: Answer, lang: Lang) -> None:
        self.answer, self.lang = answer, lang
        self.vocabulary = answer.engine.vocabulary

    def say(self, nb: str, en: str) -> str:
        """One of two texts."""
        return say(self.lang, nb, en)

    def fact_name(self, fact: str) -> str:
        """The name of a fact."""
        return self.vocabulary.terms[fact].name.in_(self.lang)

    def _columns(self, *titles: tuple[str, str]) -> tuple[Column, ...]:
        return tuple(Column(self.say(*title)) for title in titles)

    def overview(self, name: str, entries: Sequence[Entry], caption: str) -> Table:
        """Schemes of a group with what they give and when one can apply."""
        columns = self._columns(
            ("Ordning", "Scheme"), ("Hos", "From"), ("Slag", "Kind"),
            ("Hva det kan gi", "What it may give"), ("Når", "When"),
        )  # fmt: skip
        rows = tuple(
            (e.name.in_(self.lang), e.result.scheme.provider.in_(self.lang),
             KINDS[e.result.scheme.kind].in_(self.lang), amount_words(e.result.amount, self.lang)
             or "–", opening_words(e, self.lang))
            for e in entries
        )  # fmt: skip
        return Table(name, caption, columns, rows)

    def undecided(self, entries: Sequence[Entry]) -> Table:
        """Undecided schemes with the facts that decide, the most deciding first."""
        columns = self._columns(
            ("Ordning", "Scheme"), ("Hos", "From"), ("Hva det kan gi", "What it may give"),
            ("Dette avgjør", "What decides"), ("Når", "When"),
        )  # fmt: skip
        rows = tuple(
            (e.name.in_(self.lang), e.result.scheme.provider.in_(self.lang), self.gives(e),
             "; ".join(self.fact_name(f) for f in e.deciding), opening_words(e, self.lang))
            for e in entries
        )  # fmt: skip
        caption = self.say("Uavklarte ordninger og det som avgjør dem",
                           "Undecided schemes and what decides them")  # fmt: skip
        return Table("undecided-schemes", caption, columns, rows)

    def undecided_short(self, entries: Sequence[Entry]) -> Table:
        """The same for print: name and provider in one cell, so that there is room for the rest."""
        whole = self.undecided(entries)
        columns = (whole.columns[0], *whole.columns[2:])
        rows = tuple(
            ((Words(str(name), strong=True), Words(f", {provider}")), *rest)
            for name, provider, *rest in whole.rows
        )
        return Table(whole.id, whole.caption, columns, rows)

    def gives(self, entry: Entry) -> str:
        """The kind of support, and the amount where the rules bound it."""
        kind, amount = KINDS[entry.result.scheme.kind].in_(self.lang), entry.result.amount
        if amount is None or (amount.value is None and amount.high is None and not amount.low):
            return kind
        return f"{kind}, {amount_words(amount, self.lang)}"

    def asked(self, entries: Sequence[Entry]) -> Table:
        """Schemes whose own terms were not found: whom to ask, and what."""
        columns = self._columns(("Ordning", "Scheme"), ("Spør", "Ask"), ("Om dette", "This"))
        rows = []
        for entry in entries:
            for term in entry.result.unknown_terms:
                rows.append((entry.name.in_(self.lang), term.ask.in_(self.lang),
                             term.question.in_(self.lang)))  # fmt: skip
            if not entry.result.unknown_terms:
                rows.append((entry.name.in_(self.lang), "–", "–"))
        caption = self.say("Spørsmål til dem som forvalter ordningene",
                           "Questions to those who run the schemes")  # fmt: skip
        return Table("terms-not-found", caption, columns, tuple(rows))

    def asked_short(self, entries: Sequence[Entry]) -> Table:
        """The same for print: schemes with one question to one body stand together."""
        together: dict[tuple[str, str], list[str]] = {}
        common = self.say("Hvem kan søke, og hva må søkeren eller prosjektet oppfylle?",
                          "Who may apply, and what must the applicant or the project meet?")
        for entry in entries:
            name = entry.name.in_(self.lang)
            for term in entry.result.unknown_terms:
                text = term.question.in_(self.lang)
                is_common = text.startswith(self.say("Hvem kan søke", "Who may apply"))
                key = (term.ask.in_(self.lang), common if is_common else text)
                together.setdefault(key, []).append(name)
            if not entry.result.unknown_terms:
                together.setdefault(("–", "–"), []).append(name)
        columns = self._columns(("Spør", "Ask"), ("Om dette", "This"), ("Ordninger", "Schemes"))
        rows = tuple((ask, what, "; ".join(names)) for (ask, what), names in together.items())
        caption = self.say("Spørsmål til dem som forvalter ordningene",
                           "Questions to those who run the schemes")  # fmt: skip
        return Table("terms-not-found", caption, columns, rows)

    def near(self, entries: Sequence[Entry]) -> Table:
        """What it would take."""
        columns = self._columns(("Ordning", "Scheme"), ("Det som mangler", "What is not met"),
                                ("Dette skal til", "What it would take"))  # fmt: skip
        rows = tuple(
            (e.name.in_(self.lang), e.reason.in_(self.lang) if e.reason else "–",
             "; ".join(way_words(e, self.vocabulary, self.lang)))
            for e in entries
        )  # fmt: skip
        caption = self.say("Det som skal til, når alt annet er som nå",
                           "What it would take, all else as it is")  # fmt: skip
        return Table("near-misses", caption, columns, rows)

    def reasons(self, name: str, entries: Sequence[Entry], caption: str) -> Table:
        """Schemes with the reason why they are not among the first."""
        columns = self._columns(("Ordning", "Scheme"), ("Hos", "From"), ("Hvorfor", "Why"))
        rows = tuple(
            (e.name.in_(self.lang), e.result.scheme.provider.in_(self.lang),
             e.reason.in_(self.lang) if e.reason else "–")
            for e in entries
        )  # fmt: skip
        return Table(name, caption, columns, rows)

    def why_not(self, entry: Entry) -> str:
        """The deciding reason: what is not met, what rules out, or why it is closed."""
        if entry.reason is None:
            return STATUSES_IN_WORDS[entry.result.status].in_(self.lang)
        text = entry.reason.in_(self.lang)
        if entry.group != "not_met":
            return text
        bar = self.say("Ikke: ", "Not: ")
        if text.startswith(bar):  # a condition that must not hold, and does
            return self.say("Utelukker: ", "Rules out: ") + text.removeprefix(bar)
        return self.say("Ikke oppfylt: ", "Not met: ") + text

    def ruled_out(self, entries: Sequence[Entry], caption: str) -> Table:
        """Schemes that are no way now, with the condition or date that decides."""
        columns = self._columns(("Ordning", "Scheme"), ("Hvorfor ikke", "Why not"))
        rows = tuple(
            ((Words(e.name.in_(self.lang), strong=True),
              Words(f", {e.result.scheme.provider.in_(self.lang)}")), self.why_not(e))
            for e in entries
        )  # fmt: skip
        return Table("ruled-out", caption, columns, rows)

    def questions(self) -> Table:
        """What to find out first."""
        columns = (
            Column(self.say("Spørsmål", "Question")),
            Column(self.say("Spør", "Ask")),
            Column(self.say("Avgjør, ventet", "Settles, expected"), align="right", digits=2),
            Column(self.say("Spurt av", "Asked by"), align="right"),
        )
        rows = tuple(
            (q.term.question.in_(self.lang), q.term.ask.in_(self.lang), q.settles, len(q.schemes))
            for q in self.answer.questions[:SHOWN_QUESTIONS]
        )
        note = self.say(
            "Ventet antall ordninger som avgjøres når svaret er kjent, om alle svar som skiller "
            "mellom ordningene, er like sannsynlige.",
            "Expected number of schemes that are settled once the answer is known, if all answers "
            "that tell schemes apart are equally likely.",
        )
        caption = self.say("Spørsmålene som avgjør mest", "The questions that decide most")
        return Table("questions", caption, columns, rows, (note,))

    def deadlines(self) -> Table:
        """Days to keep."""
        columns = self._columns(("Dag", "Day"), ("Ordning", "Scheme"), ("Hva", "What"))
        schemes = self.answer.engine.library
        groups = {e.id: e.group for e in self.answer.entries}
        rows = tuple(
            (format_date(d.day, self.lang), schemes[d.scheme].name.in_(self.lang),
             deadline_words(d, self.lang, groups[d.scheme]))
            for d in self.answer.deadlines
        )  # fmt: skip
        return Table("days", self.say("Dager å merke seg", "Days to keep"), columns, rows)

    def profile(self) -> Table:
        """The facts that the answer rests on, and where they come from."""
        profile = self.answer.profile
        columns = self._columns(("Opplysning", "Fact"), ("Verdi", "Value"), ("Fra", "From"))
        typed = self.say("oppgitt", "given")
        rows = []
        for name, term in self.vocabulary.terms.items():
            if name in profile.facts:
                origin = profile.origins.get(name)
                rows.append((term.name.in_(self.lang),
                             value_words(term, profile.facts[name], self.lang),
                             origin.in_(self.lang) if origin else typed))  # fmt: skip
            elif name in profile.not_known:
                rows.append((term.name.in_(self.lang), self.say("ukjent", "unknown"), typed))
        return Table("profile-table", self.say("Profilen slik den ble lest",
                                               "The profile as it was read"),
                     columns, tuple(rows))  # fmt: skip

    def conditions(self, entry: Entry) -> Table:
        """Every condition of a scheme with its result, what it read, and its reference."""
        columns = self._columns(("Vilkår", "Condition"), ("Resultat", "Result"),
                                ("Bygger på", "Rests on"), ("Kilde", "Source"))  # fmt: skip
        rows = tuple(self._condition(row) for row in condition_rows(entry.result))
        caption = self.say("Vilkårene i ", "The conditions of ") + entry.name.in_(self.lang)
        return Table(f"conditions-{anchor(entry.id)}", caption, columns, rows)

    def _condition(self, row: ConditionRow) -> tuple[Cell, ...]:
        text = "– " * row.depth + row.text.in_(self.lang)
        result = result_words(row.truth, row.leaf, self.lang)
        if row.leaf is None:
            return text, result, "", ""
        return (text, result, read_words(row.leaf, self.vocabulary, self.lang),
                cited(row.leaf.reference, self.lang))  # fmt: skip

    def every_condition(self, entries: Sequence[Entry]) -> Table:
        """The conditions of many schemes in one table."""
        columns = self._columns(("Ordning", "Scheme"), ("Vilkår", "Condition"),
                                ("Resultat", "Result"), ("Kilde", "Source"))  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for entry in entries:
            name = entry.name.in_(self.lang)
            for row in condition_rows(entry.result):
                text, result, _, source = self._condition(row)
                rows.append((name, text, result, source))
                name = ""
        return Table("every-condition", self.say("Alle vilkår", "Every condition"), columns,
                     tuple(rows))  # fmt: skip

    def amount(self, entry: Entry) -> Table | None:
        """The derivation of an amount, step by step."""
        amount = entry.result.amount
        if amount is None:
            return None
        columns = self._columns(("Steg", "Step"), ("Regel", "Rule"), ("Med", "With"),
                                ("Blir", "Gives"))  # fmt: skip
        rows = tuple(
            (step.name.in_(self.lang), rule_words(step, self.vocabulary, self.lang) or "–",
             step_words(step, self.vocabulary, self.lang) or "–",
             amount_range(step.value, step.low, step.high, step.unit, self.lang,
                          is_share=step.part in ("rate", "own_share")))
            for step in amount.steps
        )  # fmt: skip
        caption = self.say("Beløpet i ", "The amount of ") + entry.name.in_(self.lang)
        return Table(f"amount-{anchor(entry.id)}", caption, columns, rows)


def anchor(name: str) -> str:
    """The id of a scheme as part of an identifier."""
    return name.replace("_", "-")


def cited(reference: Reference | None, lang: Lang) -> Cell:
    """A reference as a citation with its place.

    Places are written in English. In Norwegian the number of the section or table stands without
    the words after it; the workbook holds the whole place.
    """
    if reference is None:
        return "–"
    place = reference.place
    if lang == "nb":
        head = _TAIL.split(place, maxsplit=1)[0]
        place = head if any(c.isdigit() for c in head) else ""
    if reference.article:
        place = f"{reference.article}, {place}" if place else reference.article
    return (Citation(reference.source, place), Words(""))
