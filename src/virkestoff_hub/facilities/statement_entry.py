"""What a provider says that it can do, as a form: read value by value, and shown again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from pydantic import ValidationError

from virkestoff.facilities import Capability, Register, Vocabulary
from virkestoff.facilities.provider import PHASES
from virkestoff.facilities.vocabulary import DOES_FACETS
from virkestoff.language import Lang, Text
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.entry import Entry
from virkestoff_hub.facilities.fields import (
    Field,
    Fields,
    term_choices,
    unit_choices,
    words_of,
    work_groups,
)
from virkestoff_hub.facilities.holding import OWN_WORD, Stated
from virkestoff_hub.fault_words import in_words

__all__ = ["LINES", "LISTS", "fields_of", "raw_of", "read_answer", "read_new"]

LINES = ("answer", "does", "scale_from", "scale_to", "scale_unit", "without_gmp", "note_nb",
         "note_en")  # fmt: skip
LISTS = ("products", "excludes", "gmp", "phases", "analytics", "safety")
_TO_LIBRARY = {
    "right": Text(nb="Ja, slik kilden sier", en="Yes, as the source says"),
    "corrected": Text(nb="Nesten; jeg retter det under", en="Nearly; I correct it below"),
    "ended": Text(nb="Nei, dette gjør vi ikke lenger", en="No, we do not do that any longer"),
    "wrong": Text(nb="Nei, dette har vi aldri gjort; kilden tar feil",
                  en="No, we never did that; the source is wrong"),
}  # fmt: skip
_TO_OWN = {
    "added": Text(nb="Ja, slik det står under", en="Yes, as it stands below"),
    "ended": Text(nb="Nei, dette gjør vi ikke lenger", en="No, we do not do that any longer"),
    "wrong": Text(nb="Nei, det ble lagt inn ved en feil", en="No, it was entered by mistake"),
}


def answers_to(held: Stated) -> Mapping[str, Text]:
    """What may be said of a statement: of the library, or the provider's own."""
    return _TO_OWN if held.library is None else _TO_LIBRARY


def raw_of(held: Stated) -> dict[str, Any]:
    """A statement as the form holds it."""
    now = held.now
    scale, note = now.scale, now.note
    return {
        "answer": held.answer.answer if held.answer else "", "does": now.does,
        "scale_from": "" if scale is None or scale.from_ is None else f"{scale.from_:.12g}",
        "scale_to": "" if scale is None or scale.to is None else f"{scale.to:.12g}",
        "scale_unit": scale.unit if scale else "",
        "without_gmp": "on" if now.is_without_gmp else "",
        "note_nb": note.nb if note else "", "note_en": note.en if note else "",
        **{name: list(getattr(now, name)) for name in LISTS},
    }  # fmt: skip


def _details(entry: Entry, vocabulary: Vocabulary) -> dict[str, Any]:
    """What is said beside the work itself; every fault stands at its field."""
    low = entry.number("scale_from", is_positive=True)
    high = entry.number("scale_to", is_positive=True)
    has_size = low is not None or high is not None
    unit = entry.unit("scale_unit", is_needed=has_size)
    if low is not None and high is not None and high < low:
        entry.fault("scale_to", "Er mindre enn den minste.", "Is less than the smallest.")
    gmp = entry.many("gmp", vocabulary.of_facets(("gmp",)))
    is_without = entry.is_ticked("without_gmp")
    if gmp and is_without:
        entry.fault("gmp", "Velg GMP-klasser, eller at arbeidet er uten GMP.",
                    "Choose GMP classes, or that the work is without GMP.")  # fmt: skip
    products = vocabulary.of_facets(("product",))
    taken, excluded = entry.many("products", products), entry.many("excludes", products)
    if set(taken) & set(excluded):
        entry.fault("excludes", "Det samme produktet er valgt både som tatt og ikke tatt.",
                    "The same product is chosen both as taken and as not taken.")  # fmt: skip
    nb, en = entry.sentence("note_nb"), entry.sentence("note_en")
    return {
        "products": taken, "excludes": excluded, "gmp": gmp, "is_without_gmp": is_without,
        "phases": entry.many("phases", PHASES),
        "analytics": entry.many("analytics", vocabulary.of_facets(("analytics",))),
        "safety": entry.many("safety", vocabulary.of_facets(("safety",))),
        "scale": {"from": low, "to": high, "unit": unit} if has_size else None,
        "note": {"nb": nb or en, "en": en or nb} if nb or en else None,
        "status": "exists", "source": OWN_WORD, "place": timezone.localdate().isoformat(),
        "also": (),
    }  # fmt: skip


def _made(entry: Entry, said: Mapping[str, Any], field: str) -> Capability | None:
    if entry.faults:
        return None
    try:
        return Capability.model_validate(said)
    except ValidationError as problem:
        first = str(problem.errors()[0]["msg"])
        entry.fault(field, in_words(first, "nb"), in_words(first, "en"))
        return None


def read_new(entry: Entry, register: Register) -> Capability | None:
    """A statement that no source makes; none, and the faults in ``entry``, if it cannot be read."""
    works = register.vocabulary.of_facets(DOES_FACETS)
    does = entry.choice("does", works, is_needed=True)
    return _made(entry, {"does": does, **_details(entry, register.vocabulary)}, "does")


def read_answer(
    entry: Entry, held: Stated, register: Register
) -> tuple[str | None, Capability | None]:
    """The answer to a statement, and the statement as the provider has it."""
    answer = entry.choice("answer", answers_to(held), is_needed=True)
    if answer not in ("corrected", "added"):
        said = held.answer.read if held.library is None and held.answer else held.library
        return answer, said
    before = held.now if held.library is None else held.library
    said_now = {**before.model_dump(mode="json", by_alias=True),
                **_details(entry, register.vocabulary)}  # fmt: skip
    return answer, _made(entry, said_now, "answer")


def fields_of(
    raw: Mapping[str, Any], faults: Mapping[str, Text], register: Register, lang: Lang,
    held: Stated | None,
) -> tuple[list[Field], list[Field]]:  # fmt: skip
    """All fields of the form, and those with a fault; without a statement, of a new one."""
    made, vocabulary = Fields(raw, faults, lang), register.vocabulary
    if held is None:
        made.groups("does", "Hva kan dere gjøre?", "What can you do?",
                    work_groups(vocabulary, lang))  # fmt: skip
    else:
        made.choose("answer", "Stemmer det?", "Is it right?", words_of(answers_to(held), lang))
    made.line("scale_from", "Minste størrelse", "Smallest size")
    made.line("scale_to", "Største størrelse", "Largest size")
    made.choose("scale_unit", "Enhet", "Unit", unit_choices())
    made.boxes("products", "Produkter", "Products", term_choices(vocabulary, "product", lang))
    made.boxes("excludes", "Produkter dere ikke tar", "Products that you do not take",
               term_choices(vocabulary, "product", lang))  # fmt: skip
    made.boxes("gmp", "GMP-klasser", "GMP classes", term_choices(vocabulary, "gmp", lang))
    made.tick("without_gmp", "Arbeidet er uten GMP", "The work is without GMP")
    made.boxes("phases", "Faser", "Phases", words_of(words.PHASES, lang))
    made.boxes("analytics", "Analyse", "Analysis", term_choices(vocabulary, "analytics", lang))
    made.boxes("safety", "Vern", "Precautions", term_choices(vocabulary, "safety", lang))
    hint = Text(nb="Vises for alle. Skriv ikke noe fortrolig.",
                en="Shown to everybody. Write nothing confidential.")  # fmt: skip
    made.line("note_nb", "Merknad på norsk", "Note in Norwegian", hint)
    made.line("note_en", "Merknad på engelsk", "Note in English", hint)
    return made.made, made.faulty
