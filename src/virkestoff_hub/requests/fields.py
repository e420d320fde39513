"""The form of a request: its parts, their fields, and the choices that the vocabulary gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from virkestoff.facilities import NOT_NEEDED, Register
from virkestoff.facilities.amounts import UNITS
from virkestoff.facilities.countries import country_name
from virkestoff.facilities.provider import PHASES
from virkestoff.facilities.vocabulary import DOES_FACETS
from virkestoff.language import Lang, Text
from virkestoff_hub.facilities.words import UNIT_WORDS

__all__ = ["CONFIDENTIAL", "FACET_WORDS", "MOST_STEPS", "PARTS", "PHASE_WORDS", "TRANSFER_WORDS",
           "WORK_FIELDS", "Field", "fields_of", "work_fields"]  # fmt: skip

MOST_STEPS = 6
"""Pieces of work in one request, as the engine has it."""
Shape = Literal["line", "area", "list", "checks"]
Choices = list[tuple[str, str, list[tuple[str, str]]]]

PARTS: dict[str, Text] = {
    "work": Text(nb="Arbeidet", en="The work"),
    "needs": Text(nb="Produkt og krav", en="Product and demands"),
    "frame": Text(nb="Tid, sted og budsjett", en="Time, place and budget"),
    "summary": Text(nb="Anonym omtale", en="Anonymous description"),
    "confidential": Text(nb="Fortrolig del", en="Confidential part"),
}
"""The steps of the form, in order."""
CONFIDENTIAL = ("company", "organisation_number", "contact_name", "contact_email", "details")
"""Fields that no provider sees before both have accepted the NDA."""
FACET_WORDS: dict[str, Text] = {
    "process": Text(nb="Produksjon", en="Production"),
    "analytics": Text(nb="Analyse", en="Analytics"),
    "validation": Text(nb="Validering", en="Validation"),
    "competence": Text(nb="Kompetanse", en="Competence"),
    "premises": Text(nb="Lokaler", en="Premises"),
}
PHASE_WORDS: dict[str, Text] = {
    "research": Text(nb="Forskning", en="Research"),
    "preclinical": Text(nb="Preklinisk", en="Preclinical"),
    "phase_1": Text(nb="Fase 1", en="Phase 1"),
    "phase_2": Text(nb="Fase 2", en="Phase 2"),
    "phase_3": Text(nb="Fase 3", en="Phase 3"),
    "commercial": Text(nb="I markedet", en="On the market"),
}
TRANSFER_WORDS: dict[str, Text] = {
    "none": Text(nb="Ikke begynt", en="Not begun"),
    "in_preparation": Text(nb="Forberedes", en="In preparation"),
    "ready": Text(nb="Klar til overføring", en="Ready to transfer"),
}


@dataclass(frozen=True)
class Spec:
    """What a field asks."""

    label: Text
    shape: Shape = "line"
    hint: Text | None = None
    choices: str = ""
    most: int = 200


WORK_FIELDS: dict[str, Spec] = {
    "does": Spec(Text(nb="Hva skal gjøres?", en="What is to be done?"), "list", choices="does"),
    "batch_size": Spec(Text(nb="Batchstørrelse", en="Batch size"),
                       hint=Text(nb="Et tall, for eksempel 300", en="A number, such as 300")),
    "batch_unit": Spec(Text(nb="Enhet for batchstørrelsen", en="Unit of the batch size"), "list",
                       choices="unit"),
    "quantity": Spec(Text(nb="Hvor mye i alt?", en="How much in all?"),
                     hint=Text(nb="Et tall, for eksempel 3", en="A number, such as 3")),
    "quantity_unit": Spec(Text(nb="Enhet for mengden", en="Unit of the quantity"), "list",
                          choices="unit"),
}  # fmt: skip
_DAY = Text(nb="Skriv 1.3.2027 eller mars 2027", en="Write 1.3.2027 or March 2027")
SPECS: dict[str, dict[str, Spec]] = {
    "needs": {
        "modality": Spec(Text(nb="Hva slags produkt?", en="What kind of product?"), "list",
                         choices="product"),
        "phase": Spec(Text(nb="Fase", en="Phase"), "list", choices="phase"),
        "gmp": Spec(Text(nb="GMP", en="GMP"), "list", choices="gmp"),
        "transfer": Spec(Text(nb="Er prosessen klar til å overføres?",
                              en="Is the process ready to be transferred?"), "list",
                         choices="transfer"),
        "analytics": Spec(Text(nb="Analyser som trengs hos samme tilbyder",
                               en="Analytics needed from the same provider"), "checks",
                          choices="analytics"),
        "safety": Spec(Text(nb="Vern og sikkerhet som trengs", en="Precautions needed"), "checks",
                       choices="safety"),
    },
    "frame": {
        "from": Spec(Text(nb="Tidligste dag", en="Earliest day"), hint=_DAY),
        "to": Spec(Text(nb="Siste dag", en="Latest day"), hint=_DAY),
        "countries": Spec(Text(nb="Land som kan godtas", en="Countries that are acceptable"),
                          "checks", Text(nb="Ingen valgt betyr alle",
                                         en="None chosen means any"), "country"),
        "budget_low": Spec(Text(nb="Budsjett fra, i kroner uten mva.",
                                en="Budget from, in NOK without VAT")),
        "budget_high": Spec(
            Text(nb="Budsjett til, i kroner uten mva.", en="Budget to, in NOK without VAT"),
            hint=Text(nb="For hvert arbeid. Brukes bare til å finne tilbydere, og vises ikke "
                         "til dem.",
                      en="For each piece of work. Used to find providers only, and never shown to "
                         "them."),
        ),
    },
    "summary": {
        "summary": Spec(
            Text(nb="Omtale som tilbyderne ser først",
                 en="Description that providers see first"),
            "area",
            Text(nb="Ikke skriv navn, nettsted, telefon eller e-post. Det dere valgte over, vises "
                    "uansett.",
                 en="Write no names, websites, telephone numbers or e-mail. What you chose above "
                    "is shown in any case."),
            most=2000,
        ),
    },
    "confidential": {
        "company": Spec(Text(nb="Foretak", en="Company")),
        "organisation_number": Spec(Text(nb="Organisasjonsnummer (kan utelates)",
                                         en="Organisation number (may be left out)")),
        "contact_name": Spec(Text(nb="Kontaktperson", en="Contact person")),
        "contact_email": Spec(Text(nb="E-post til kontaktpersonen",
                                   en="E-mail of the contact person")),
        "details": Spec(Text(nb="Det tilbyderen trenger å vite når avtalen er på plass",
                             en="What the provider needs to know once the agreement is in place"),
                        "area", most=5000),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field with what stands in it and what is wrong with it."""

    name: str
    spec: Spec
    lang: Lang
    raw: str | list[str]
    fault: str
    groups: Choices

    @property
    def anchor(self) -> str:
        """The id of the field in the page."""
        return "f-" + self.name.replace(".", "-").replace("_", "-")

    @property
    def label(self) -> str:
        """The question."""
        return self.spec.label.in_(self.lang)

    @property
    def hint(self) -> str:
        """How to answer."""
        return self.spec.hint.in_(self.lang) if self.spec.hint else ""

    @property
    def options(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Groups of value, words and whether it is chosen."""
        chosen = set(self.raw) if isinstance(self.raw, list) else {self.raw}
        return [(title, [(key, words, key in chosen) for key, words in group])
                for _, title, group in self.groups]  # fmt: skip


def _plain(words: Mapping[str, Text], lang: Lang) -> Choices:
    return [("", "", [(key, text.in_(lang)) for key, text in words.items()])]


def choices_of(kind: str, register: Register, lang: Lang) -> Choices:
    """The choices of a field."""
    words = register.vocabulary
    if kind == "does":
        return [
            (facet, FACET_WORDS[facet].in_(lang), _terms(words, (facet,), lang))
            for facet in DOES_FACETS
        ]
    if kind in ("product", "analytics", "safety"):
        return [("", "", _terms(words, (kind,), lang))]
    if kind == "gmp":
        no = Text(nb="Trengs ikke", en="Not needed").in_(lang)
        return [("", "", [(NOT_NEEDED, no), *_terms(words, ("gmp",), lang)])]
    if kind == "phase":
        return _plain({p: PHASE_WORDS[p] for p in PHASES}, lang)
    if kind == "transfer":
        return _plain(TRANSFER_WORDS, lang)
    if kind == "unit":
        return _plain({u: UNIT_WORDS.get(u, Text(nb=u, en=u)) for u in UNITS}, lang)
    if kind == "country":
        codes = sorted({p.country for p in register.providers.values()})
        return _plain({c: country_name(c) for c in codes}, lang)
    return []


def _terms(words: Any, facets: tuple[str, ...], lang: Lang) -> list[tuple[str, str]]:
    found = [(key, words.name(key).in_(lang)) for key in words.of_facets(facets)]
    return sorted(found, key=lambda pair: pair[1].casefold())


def _field(name: str, spec: Spec, raw: Any, register: Register, lang: Lang,
           faults: Mapping[str, str]) -> Field:  # fmt: skip
    groups = choices_of(spec.choices, register, lang) if spec.choices else []
    return Field(name, spec, lang, raw, faults.get(name, ""), groups)


def fields_of(part: str, held: Mapping[str, Any], register: Register, lang: Lang,
              faults: Mapping[str, str]) -> list[Field]:  # fmt: skip
    """The fields of a part of the form, filled in."""
    return [
        _field(name, spec, held.get(name, [] if spec.shape == "checks" else ""), register, lang,
               faults)
        for name, spec in SPECS[part].items()
    ]  # fmt: skip


def work_fields(steps: list[Mapping[str, Any]], register: Register, lang: Lang,
                faults: Mapping[str, str]) -> list[list[Field]]:  # fmt: skip
    """The fields of each piece of work, filled in."""
    return [
        [_field(f"steps.{i}.{name}", spec, step.get(name, ""), register, lang, faults)
         for name, spec in WORK_FIELDS.items()]
        for i, step in enumerate(steps)
    ]  # fmt: skip
