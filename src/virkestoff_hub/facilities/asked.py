"""The form of a request: read, shown again with its faults, written as an address.

A request stands in the address of its answer and nowhere else: nothing is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from virkestoff.errors import InputError
from virkestoff.facilities import NOT_NEEDED, NearMiss, Register, Request, request_from
from virkestoff.facilities.countries import country_name
from virkestoff.facilities.provider import PHASES
from virkestoff.facilities.vocabulary import DOES_FACETS
from virkestoff.language import Lang, Text
from virkestoff_hub.facilities.entry import Entry
from virkestoff_hub.facilities.fields import (
    Field,
    Fields,
    term_choices,
    unit_choices,
    words_of,
    work_groups,
)
from virkestoff_hub.facilities.words import PHASES as PHASE_WORDS
from virkestoff_hub.facilities.words import TRANSFERS
from virkestoff_hub.fault_words import in_words

__all__ = ["N_STEPS", "Asked", "changed_query", "query_of", "read_asked", "shown_form"]

N_STEPS = 4
"""Steps that the form has room for."""
_STEP = ("does", "size", "size_unit", "quantity", "quantity_unit")
_LISTS = ("country", "safety", "analytics")
_LINES = ("modality", "phase", "gmp", "from", "to", "transfer", "budget", "price_year")


@dataclass(frozen=True)
class Asked:
    """What was asked: the request, or what is wrong with it by field."""

    raw: Mapping[str, Any]
    request: Request | None
    faults: Mapping[str, Text]


def _names() -> list[str]:
    return [*_LINES, *(f"{name}_{n}" for n in range(1, N_STEPS + 1) for name in _STEP)]


def _raw(given: QueryDict) -> dict[str, Any]:
    """The fields of the form that an address holds, each cut to a sane length."""
    found: dict[str, Any] = {name: given.get(name, "")[:300].strip() for name in _names()}
    return found | {name: [v[:60] for v in given.getlist(name)[:60]] for name in _LISTS}


def query_of(raw: Mapping[str, Any]) -> str:
    """The address of what was asked: what is empty is left out, the order is always the same."""
    pairs = [(name, raw[name]) for name in _names() if raw.get(name)]
    pairs += [(name, value) for name in _LISTS for value in sorted(set(raw.get(name) or ()))]
    return urlencode(pairs)


def changed_query(raw: Mapping[str, Any], step: int, near_miss: NearMiss) -> str:
    """The address of the request with the changes of a near miss; empty if the form cannot hold it.

    The form has one period, GMP class and budget for all steps: with several steps a change of
    these for one of them cannot be written in it.
    """
    numbers = [n for n in range(1, N_STEPS + 1) if raw.get(f"does_{n}")]
    changed = dict(raw)
    for change in near_miss.changes:
        value: Any = change.value
        if change.field in ("period", "gmp", "budget") and len(numbers) > 1:
            return ""
        if change.field == "countries":
            changed["country"] = list(value)
        elif change.field == "period":
            changed |= {name: day.isoformat() if day else ""
                        for name, day in zip(("from", "to"), value, strict=True)}  # fmt: skip
        elif change.field == "gmp":
            changed["gmp"] = value or ""
        elif change.field == "budget":
            changed |= {"budget": _written(value.high), "price_year": str(value.price_year)}
        else:
            name = {"batch_size": "size", "quantity": "quantity"}[change.field]
            changed |= {f"{name}_{numbers[step]}": _written(value.amount),
                        f"{name}_unit_{numbers[step]}": value.unit}  # fmt: skip
    return query_of(changed)


def _written(number: float) -> str:
    """A number as the form reads it: no exponent, never three decimals, which read two ways."""
    text = format(Decimal(repr(float(number))).normalize(), "f")
    return text + "0" if len(text.partition(".")[2]) == 3 else text  # constant: thousands


def read_asked(given: QueryDict, register: Register) -> Asked:
    """The request of an address, or everything that is wrong with it."""
    raw = _raw(given)
    entry = Entry(raw)
    words = register.vocabulary
    first, last = entry.day("from", span="first"), entry.day("to", span="last")
    if first and last and last < first:
        entry.fault("to", "Slutter før den begynner.", "Ends before it starts.")
    budget, year = entry.number("budget"), entry.year("price_year")
    if budget is not None and year is None:
        entry.fault("price_year", "Skriv hvilket års priser budsjettet er i.",
                    "Write the year whose prices the budget is in.")  # fmt: skip
    data: dict[str, Any] = {
        "request": "r-" + hashlib.sha256(query_of(raw).encode()).hexdigest()[:16],
        "modality": entry.choice("modality", words.of_facets(("product",))),
        "phase": entry.choice("phase", PHASES),
        "gmp": entry.choice("gmp", {**words.of_facets(("gmp",)), NOT_NEEDED: None}),
        "from": first, "to": last,
        "countries": entry.many("country", {p.country for p in register.providers.values()}),
        "safety": entry.many("safety", words.of_facets(("safety",))),
        "analytics": entry.many("analytics", words.of_facets(("analytics",))),
        "transfer": entry.choice("transfer", TRANSFERS),
        "budget": {"high": budget, "price_year": year} if budget is not None else None,
        "steps": _steps(entry, register),
    }  # fmt: skip
    if not data["steps"]:
        entry.fault("does_1", "Velg hva som skal gjøres.", "Choose what is to be done.")
    if entry.faults:
        return Asked(raw, None, entry.faults)
    try:
        return Asked(raw, request_from(data, words), {})
    except InputError as problem:
        return Asked(raw, None, _engine_faults(problem, raw))


def _engine_faults(problem: InputError, raw: Mapping[str, Any]) -> dict[str, Text]:
    """What the engine refuses, by the field of the form that it is about."""
    numbers = [n for n in range(1, N_STEPS + 1) if raw.get(f"does_{n}")]
    found: dict[str, Text] = {}
    for fault in problem.faults:
        keys = fault.where.rpartition(": ")[2].split(".")
        if keys[0] == "steps" and len(keys) > 1 and keys[1].isdecimal():
            index = min(int(keys[1]), len(numbers) - 1)
            name = {"batch_size": "size"}.get(keys[2], keys[2]) if len(keys) > 2 else "does"
            name = f"{name}_unit" if keys[-1] == "unit" else name
            field = f"{name if name in _STEP else 'does'}_{numbers[index]}"
        elif keys[0] == "budget":
            field = "price_year" if keys[-1] == "price_year" else "budget"
        else:
            field = {"countries": "country"}.get(keys[0], keys[0])
            field = field if field in (*_LINES, *_LISTS) else f"does_{numbers[0]}"
        found.setdefault(field, Text(nb=in_words(fault.what, "nb"), en=in_words(fault.what, "en")))
    return found


def _steps(entry: Entry, register: Register) -> list[dict[str, Any]]:
    works = register.vocabulary.of_facets(DOES_FACETS)
    found = []
    for n in range(1, N_STEPS + 1):
        does = entry.choice(f"does_{n}", works)
        step: dict[str, Any] = {"does": does}
        for key, name in (("batch_size", "size"), ("quantity", "quantity")):
            amount = entry.number(f"{name}_{n}", is_positive=True)
            unit = entry.unit(f"{name}_unit_{n}", is_needed=amount is not None)
            if amount is not None and unit:
                step[key] = {"amount": amount, "unit": unit}
        if does:
            found.append(step)
        elif len(step) > 1:
            entry.fault(f"does_{n}", "Velg hva som skal gjøres i dette steget.",
                        "Choose what is to be done in this step.")  # fmt: skip
    return found


@dataclass(frozen=True)
class ShownForm:
    """The form as the template shows it."""

    steps: list[list[Field]]
    wants: list[Field]
    more: list[Field]
    faulty: list[Field]
    has_more: bool
    n_open: int


def shown_form(asked: Asked, register: Register, lang: Lang) -> ShownForm:
    """Every field with what was written and what is wrong with it."""
    made = Fields(asked.raw, asked.faults, lang)
    words = register.vocabulary
    units, works = unit_choices(), work_groups(words, lang)
    hint = Text(nb="01.03.2027 eller mars 2027", en="01.03.2027 or March 2027")
    steps = [
        [made.groups(f"does_{n}", "Hva skal gjøres?", "What is to be done?", works),
         made.line(f"size_{n}", "Størrelse på én batch", "Size of one batch"),
         made.choose(f"size_unit_{n}", "Enhet for størrelsen", "Unit of the size", units),
         made.line(f"quantity_{n}", "Hvor mye i alt", "How much in all"),
         made.choose(f"quantity_unit_{n}", "Enhet for mengden", "Unit of the quantity", units)]
        for n in range(1, N_STEPS + 1)
    ]  # fmt: skip
    none = "Trengs ikke" if lang == "nb" else "Not needed"
    countries = sorted({p.country for p in register.providers.values()})
    wants = [
        made.choose("modality", "Produkt", "Product", term_choices(words, "product", lang)),
        made.choose("phase", "Fase", "Phase", words_of(PHASE_WORDS, lang)),
        made.choose("gmp", "GMP", "GMP", [(NOT_NEEDED, none), *term_choices(words, "gmp", lang)]),
        made.line("from", "Tidligst", "Earliest", hint),
        made.line("to", "Senest", "Latest", hint),
    ]
    more = [
        made.boxes("country", "Land som kan brukes", "Countries that will do",
                   [(c, country_name(c).in_(lang)) for c in countries]),
        made.boxes("analytics", "Analyse fra samme anlegg", "Analysis from the same facility",
                   term_choices(words, "analytics", lang)),
        made.boxes("safety", "Vern", "Precautions", term_choices(words, "safety", lang)),
        made.choose("transfer", "Er prosessen klar til å overføres?",
                  "Is the process ready to be transferred?", words_of(TRANSFERS, lang)),
        made.line("budget", "Høyeste pris for et steg, uten merverdiavgift",
                  "Highest price of a step, without VAT", unit="NOK"),
        made.line("price_year", "Prisår", "Price year"),
    ]  # fmt: skip
    is_open = any(asked.raw.get(f.name) or f.fault for f in more)
    used = [n for n, step in enumerate(steps, 1) if any(f.raw or f.fault for f in step)]
    return ShownForm(steps, wants, more, made.faulty, is_open, max(used, default=1))
