"""The words of a workbook of capacity: names of columns and choices, written in one language and
read in both.

The keys of the engine are read as well, so that a file made by a machine needs no words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from virkestoff.facilities import Register
from virkestoff.facilities.amounts import UNITS
from virkestoff.language import LANGUAGES, Lang, Text
from virkestoff_hub.facilities import words

__all__ = ["COLUMN_NAMES", "SHEET_NAMES", "Choices", "choices_for", "column_of", "keyed", "worded"]

SHEET_NAMES = {
    "lines": Text(nb="Kapasitet", en="Capacity"),
    "help": Text(nb="Hjelp", en="Help"),
    "choices": Text(nb="Valg", en="Choices"),
}
COLUMN_NAMES: dict[str, Text] = {
    "line": Text(nb="Linje", en="Line"), "version": Text(nb="Versjon", en="Version"),
    "from": Text(nb="Fra", en="From"), "to": Text(nb="Til", en="To"),
    "total": Text(nb="I alt", en="Total"), "committed": Text(nb="Opptatt", en="Committed"),
    "reserve": Text(nb="Beredskapsreserve", en="Preparedness reserve"),
    "offerable": Text(nb="Ledig", en="Free"), "does": Text(nb="Arbeid", en="Work"),
    "unit": Text(nb="Enhet", en="Unit"), "batch_from": Text(nb="Minste batch", en="Smallest batch"),
    "batch_to": Text(nb="Største batch", en="Largest batch"),
    "batch_unit": Text(nb="Enhet for batch", en="Unit of batch"),
    "confidence": Text(nb="Hvor sikkert", en="How sure"),
    "visibility": Text(nb="Vises for", en="Shown to"),
    "price_basis": Text(nb="Prisgrunnlag", en="Price basis"),
    "price_low": Text(nb="Laveste pris (NOK)", en="Lowest price (NOK)"),
    "price_high": Text(nb="Høyeste pris (NOK)", en="Highest price (NOK)"),
    "price_per": Text(nb="Pris per", en="Price per"),
    "price_year": Text(nb="Prisår", en="Price year"),
    "price_visibility": Text(nb="Prisen vises for", en="Price shown to"),
    "outside_normal_operation": Text(nb="Utenfor ordinær drift", en="Outside normal operation"),
    "excludes": Text(nb="Tar ikke", en="Does not take"), "phases": Text(nb="Faser", en="Phases"),
    "certificate_scope": Text(nb="GMP-sertifikat gjelder", en="GMP certificate covers"),
    "certificate_expires": Text(nb="GMP-sertifikat til", en="GMP certificate until"),
}  # fmt: skip
_BY_NAME = {
    name.casefold(): key for key, said in COLUMN_NAMES.items() for name in (said.nb, said.en, key)
}
_YES_NO = {"ja": Text(nb="ja", en="yes"), "nei": Text(nb="nei", en="no")}
_LISTS = ("excludes", "phases", "certificate_scope")
Choices = Mapping[str, Mapping[str, Text]]
"""For each column that is chosen from: key and words of each choice."""


def column_of(header: Any) -> str:
    """The column of a heading, in either language or as its key; empty if it is none."""
    return _BY_NAME.get(" ".join(str(header or "").split()).casefold(), "")


def _terms(register: Register, keys: Any) -> dict[str, Text]:
    return {key: Text(nb=register.vocabulary.name(key).nb, en=register.vocabulary.name(key).en)
            for key in keys}  # fmt: skip


def choices_for(provider: str, register: Register) -> Choices:
    """What may be chosen in each column by this provider."""
    vocabulary = register.vocabulary
    units = {unit: words.UNIT_WORDS.get(unit, Text(nb=unit, en=unit)) for unit in UNITS}
    return {
        "does": _terms(register, dict.fromkeys(
            c.does for c in register.providers[provider].capabilities)),
        "unit": units, "batch_unit": units, "price_per": units,
        "confidence": words.CONFIDENCES, "visibility": words.VIEWERS,
        "price_visibility": words.VIEWERS, "price_basis": words.BASES,
        "outside_normal_operation": _YES_NO, "phases": words.PHASES,
        "excludes": _terms(register, vocabulary.of_facets(("product",))),
        "certificate_scope": _terms(register, vocabulary.of_facets(("gmp",))),
    }  # fmt: skip


def worded(column: str, value: str, choices: Choices, lang: Lang) -> str:
    """Keys as words; what is no choice stays as it is."""
    known = choices.get(column)
    if known is None or not value:
        return value
    parts = value.split(",") if column in _LISTS else [value]
    return ", ".join(known[p].in_(lang) if p in known else p for p in parts)


def keyed(
    values: Mapping[str, Any], choices: Choices
) -> tuple[dict[str, Any], dict[str, Text]]:
    """Words of either language as keys, and what is wrong with those that are neither."""
    found, faults = dict(values), {}
    for column, known in choices.items():
        value = values.get(column)
        if isinstance(value, bool) or value is None or str(value).strip() == "":
            continue
        by_word = {w.casefold(): key for key, text in known.items()
                   for w in (text.nb, text.en, key)}  # fmt: skip
        written = " ".join(str(value).split())
        parts = [written]
        if column in _LISTS:
            parts = [p for p in written.replace(";", ",").split(",") if p.strip()]
        keys = [by_word.get(p.strip().casefold(), "") for p in parts]
        if all(keys):
            found[column] = ",".join(keys)
        elif column != "outside_normal_operation":  # yes and no have many words, read elsewhere
            wrong = next(p.strip() for p, key in zip(parts, keys, strict=True) if not key)
            faults[column] = _no_choice(wrong, known)
            found[column] = ""
    return found, faults


def _no_choice(wrong: str, known: Mapping[str, Text]) -> Text:
    nb, en = (", ".join(text.in_(lang) for text in list(known.values())[:12]) for lang in LANGUAGES)
    more = ", …" if len(known) > 12 else ""  # constant: choices that a message names
    return Text(nb=f"«{wrong[:60]}» er ikke blant valgene: {nb}{more}",
                en=f"‘{wrong[:60]}’ is not among the choices: {en}{more}")  # fmt: skip
