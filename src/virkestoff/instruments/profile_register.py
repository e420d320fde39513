"""What the business register says of an organisation number, as facts; never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from virkestoff.instruments.guide_rules import GuideRules
from virkestoff.instruments.intervals import Band, Value
from virkestoff.instruments.vocabulary import Vocabulary
from virkestoff.language import Text

__all__ = ["facts_of_unit"]


def facts_of_unit(
    unit: Mapping[str, Any], rules: GuideRules, vocabulary: Vocabulary
) -> tuple[dict[str, Value], tuple[Text, ...]]:
    """Facts of a unit, and notes on what no rule reads but the reader should see.

    Parameters
    ----------
    unit : a row of the register's table: ``form``, ``code_1``, ``municipality``, ``country``,
        ``founded``, ``n_employees``, ``has_employees``, ``deleted``, ``is_bankrupt``,
        ``is_winding_up``, ``is_forced_winding_up``
    """
    facts: dict[str, Value] = {}
    notes: list[Text] = []
    if unit.get("deleted") is None:
        facts["company.is_registered_in_norway"] = True
    form = unit.get("form")
    if isinstance(form, str) and form:
        facts["company.legal_form"] = rules.legal_forms.get(form, "other")
    if isinstance(unit.get("founded"), date):
        facts["company.founded"] = unit["founded"]
    facts["company.employees"] = _headcount(unit, rules)
    for name, column in (("industry_code", "code_1"), ("municipality", "municipality")):
        term, text = vocabulary.terms.get(f"company.{name}"), unit.get(column)
        if term and isinstance(text, str) and re.fullmatch(term.pattern or "", text):
            facts[term.id] = text
    if isinstance(unit.get("deleted"), date):
        notes.append(Text(nb=f"Enheten er slettet {unit['deleted']}.",
                          en=f"The unit was deleted on {unit['deleted']}."))  # fmt: skip
    for column, words in _TROUBLES.items():
        if unit.get(column):
            notes.append(words)
    known = {name: value for name, value in facts.items() if name in vocabulary.terms}
    return {name: value for name, value in known.items() if value is not None}, tuple(notes)


def _headcount(unit: Mapping[str, Any], rules: GuideRules) -> Value:
    """The headcount; withheld below five; else unknown."""
    count = unit.get("n_employees")
    if count is not None:
        return float(count)
    if unit.get("has_employees"):
        return Band(float(rules.withheld_headcount.low), float(rules.withheld_headcount.high))
    return None


_TROUBLES = {
    "is_bankrupt": Text(nb="Registeret sier at foretaket er konkurs.",
                        en="The register says that the enterprise is bankrupt."),
    "is_winding_up": Text(nb="Registeret sier at foretaket er under avvikling.",
                          en="The register says that the enterprise is being wound up."),
    "is_forced_winding_up": Text(nb="Registeret sier at foretaket er under tvangsavvikling.",
                                 en="The register says that the enterprise is forcibly wound up."),
}  # fmt: skip
