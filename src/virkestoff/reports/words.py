"""Fixed words of a report in Norwegian bokmål and English."""

from __future__ import annotations

from virkestoff.language import Lang, Text

__all__ = ["LOCALES", "WORDS", "word"]

LOCALES: dict[Lang, str] = {"nb": "nb-NO", "en": "en-GB"}

WORDS: dict[str, Text] = {
    "answer": Text(nb="Svaret", en="The answer"),
    "as_of": Text(nb="Opplysninger per", en="Information as of"),
    "assumption": Text(nb="antakelse", en="assumption"),
    "brief": Text(nb="Notat på én side", en="One-page brief"),
    "brief_more": Text(
        nb="Mer i rapporten «{title}». Arbeidsboken results.xlsx har alle utfall og det de "
        "bygger på.",
        en="More in the report “{title}”. The workbook results.xlsx has all outcomes and what "
        "they rest on.",
    ),
    "central": Text(nb="Median", en="Median"),
    "confidence": Text(nb="Sikkerhet", en="Confidence"),
    "contents": Text(nb="Innhold", en="Contents"),
    "data": Text(nb="Tallene bak figuren", en="The data behind the figure"),
    "figure": Text(nb="Figur", en="Figure"),
    "high": Text(nb="P90", en="P90"),
    "key_numbers": Text(nb="Tre tall", en="Three numbers"),
    "low": Text(nb="P10", en="P10"),
    "mark_note": Text(
        nb="Tall merket A bygger på en antakelse, tall merket U på en ubekreftet opplysning.",
        en="Numbers marked A rest on an assumption, numbers marked U on unverified information.",
    ),
    "name": Text(nb="Navn", en="Name"),
    "not_known": Text(nb="Dette vet vi ikke", en="What is not known"),
    "number_origin": Text(nb="Opphav", en="Origin"),
    "numbers": Text(nb="Tallene i teksten", en="The numbers in the text"),
    "numbers_intro": Text(
        nb="Hvert tall i teksten er hentet fra en beregning eller en kilde. Tabellen viser hvor.",
        en="Every number in the text comes from a calculation or a source. The table shows which.",
    ),
    "page": Text(nb="Side", en="Page"),
    "printed": Text(nb="Tall", en="Number"),
    "question": Text(nb="Spørsmålet", en="The question"),
    "read": Text(nb="fra beregning eller kilde", en="from calculation or source"),
    "recommendation": Text(nb="Anbefalingen", en="The recommendation"),
    "references": Text(nb="Kilder", en="References"),
    "section": Text(nb="kapittel", en="section"),
    "skip": Text(nb="Hopp til innholdet", en="Skip to the content"),
    "source": Text(nb="Kilde", en="Source"),
    "table": Text(nb="Tabell", en="Table"),
    "unverified": Text(nb="ubekreftet", en="unverified"),
    "what_would_change": Text(
        nb="Dette ville endret rådet", en="What would change the advice"
    ),
    "who_disagrees": Text(nb="Hvem er uenig", en="Who disagrees"),
    "who_pays": Text(nb="Hvem betaler", en="Who pays"),
}


def word(key: str, lang: Lang) -> str:
    """The fixed word ``key`` in ``lang``."""
    return WORDS[key].in_(lang)
