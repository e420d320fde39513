"""Numbers for prose by reference: outcomes of the study, facts of the library, inputs.

A reference is ``alternative.outcome``, ``fact:<id>`` or ``input:<name>``, with an optional form
after a colon. Without a form the median stands with its unit ("2,35 mrd. kr"); ``range`` gives P10
to P90 (a fact: its lowest to its highest value), ``about`` two digits, ``p10``, ``p90`` and
``mean`` what they say, and ``bare`` and ``bare_range`` leave the unit out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import Library
from virkestoff.language import Lang, format_date, format_number, format_range, place_in
from virkestoff.reports.document import Mark, Number
from virkestoff.reports.units import amount_text, range_text

__all__ = ["FORMS", "NumberBook"]

FORMS = ("about", "range", "p10", "p50", "p90", "mean", "bare", "bare_range")


@dataclass(frozen=True)
class NumberBook:
    """Looks up the numbers that prose refers to, and prints them in the reader's locale.

    Attributes
    ----------
    lang : language of the reader
    outcomes : ``alternative.outcome`` to its summary (``unit``, ``mean``, ``p10``, ``p50``,
        ``p90``), as in results.json
    library : facts for ``fact:`` references; may be missing
    inputs : values for ``input:`` references: text, dates, whole numbers (years) and numbers
    price_year : the price year of all money in ``outcomes``
    marks : outcomes that rest on assumptions or unverified facts
    """

    lang: Lang
    outcomes: Mapping[str, Mapping[str, Any]]
    library: Library | None = None
    inputs: Mapping[str, str | date | int | float] = field(default_factory=dict)
    price_year: int | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @classmethod
    def from_results(
        cls,
        results: Mapping[str, Any],
        lang: Lang,
        *,
        library: Library | None = None,
        inputs: Mapping[str, str | date | int | float] | None = None,
        price_year: int | None = None,
        marks: Mapping[str, Mark] | None = None,
    ) -> NumberBook:
        """A book over the ``alternatives`` (and ``probes``) of a results.json."""
        outcomes = {
            f"{alternative}.{name}": summary
            for kind in ("alternatives", "probes")
            for alternative, found in results.get(kind, {}).items()
            for name, summary in found.items()
            if isinstance(summary, Mapping) and "p50" in summary
        }
        return cls(lang, outcomes, library, inputs or {}, price_year, marks or {})

    def number(self, reference: str, where: str = "prose") -> Number:
        """The number that ``reference`` names, printed.

        Raises
        ------
        InputError
            if the name or the form is unknown; the message names the closest ones.
        """
        kind, name, form = _split(reference)
        if form and form not in FORMS:
            raise InputError(
                Fault(where, f"'{form}' is no form of a number", next_step=suggest(form, FORMS))
            )
        if kind == "input":
            return self._input(name, where)
        if kind == "fact":
            return self._fact(name, form, where)
        return self._outcome(name, form, where)

    def _outcome(self, name: str, form: str, where: str) -> Number:
        summary = self.outcomes.get(name)
        if summary is None:
            raise InputError(
                Fault(
                    where,
                    f"'{name}' is no outcome of the study",
                    next_step=suggest(name, self.outcomes)
                    or "Write alternative.outcome, fact:<id> or input:<name>",
                )
            )
        values = {k: float(summary[k]) for k in ("mean", "p10", "p50", "p90")}
        text = self._form(values, form, str(summary["unit"]))
        origin = {"nb": "Utfall av studien", "en": "Outcome of the study"}[self.lang]
        return Number(name, text, self.marks.get(name, "read"), origin)

    def _form(self, values: Mapping[str, float], form: str, unit: str) -> str:
        lang = self.lang
        low, high = values["p10"], values["p90"]
        match form:
            case "range":
                return range_text(low, high, unit, lang)
            case "about":
                return amount_text(values["p50"], unit, lang, digits=2)
            case "bare":
                return format_number(values["p50"], lang)
            case "bare_range":
                return format_range(low, high, lang)
            case _:
                return amount_text(values[form or "p50"], unit, lang)

    def _fact(self, name: str, form: str, where: str) -> Number:
        if self.library is None:
            raise InputError(Fault(where, f"'fact:{name}' needs a library, and none was given"))
        try:
            fact = self.library.fact(name)
        except MissingFact as problem:
            raise InputError(
                [Fault(where, f.what, f.why, f.next_step) for f in problem.faults]
            ) from None
        numbers = fact.numbers
        if not numbers:
            raise InputError(
                Fault(where, f"'fact:{name}' is a series over years, and prose names no year")
            )
        values = {"p10": numbers[0], "p50": fact.central, "p90": numbers[-1]}
        values["mean"] = values["p50"]
        if form == "range" and math.isclose(numbers[0], numbers[-1]):
            form = ""
        source = self.library.source(fact.source)
        origin = f"{source.title}, {place_in(fact.place, self.lang)}"
        return Number(f"fact:{name}", self._form(values, form, fact.unit), fact.confidence, origin)

    def _input(self, name: str, where: str) -> Number:
        if name not in self.inputs:
            raise InputError(
                Fault(where, f"'input:{name}' is no input", next_step=suggest(name, self.inputs))
            )
        value = self.inputs[name]
        if isinstance(value, date):
            text = format_date(value, self.lang)
        elif isinstance(value, int):
            text = str(value)  # a year has no thousands separator
        elif isinstance(value, float):
            text = format_number(value, self.lang)
        else:
            text = value
        origin = {"nb": "Valg i studien", "en": "Choice of the study"}[self.lang]
        return Number(f"input:{name}", text, "read", origin)


def _split(reference: str) -> tuple[str, str, str]:
    """Kind, name and form of a reference."""
    parts = reference.split(":")
    kind = parts.pop(0) if parts[0] in ("fact", "input") and len(parts) > 1 else ""
    return kind, parts[0], ":".join(parts[1:])
