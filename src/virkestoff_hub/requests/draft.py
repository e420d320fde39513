"""A draft: what was written, taken over part by part, and made into a request of the engine.

What is wrong is told at its field, and everything that was written is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from virkestoff.errors import InputError
from virkestoff.facilities import Register, Request, request_from
from virkestoff.industry.orgnr import is_valid, normalise
from virkestoff.language import Lang, Text
from virkestoff_hub.facilities.entry import span_of
from virkestoff_hub.requests.anonymity import names_somebody
from virkestoff_hub.requests.fields import MOST_STEPS, SPECS, WORK_FIELDS

__all__ = ["Checked", "checked", "part_faults", "plain_text", "written_part"]

_NUMBER = re.compile(r"(\d{1,13})(?:[.,](\d{1,6}))?\Z")
MOST_CHECKS = 40
_AMBIGUOUS = 3  # digits after a comma or point that may be meant as thousands
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_NORWEGIAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z")
_WORDS: dict[str, Text] = {
    "number": Text(nb="Skriv et tall, for eksempel 300 eller 0,5.",
                   en="Write a number, such as 300 or 0.5."),
    "thousands": Text(nb="Skriv tallet uten skille mellom tusener.",
                      en="Write the number without separators of thousands."),
    "unit": Text(nb="Velg en enhet.", en="Choose a unit."),
    "alone": Text(nb="Skriv et tall, eller ta bort enheten.",
                  en="Write a number, or take the unit away."),
    "day": Text(nb="Skriv en dato som 2027-03-01, 1.3.2027 eller mars 2027.",
                en="Write a date such as 2027-03-01, 1.3.2027 or March 2027."),
    "does": Text(nb="Velg hva som skal gjøres.", en="Choose what is to be done."),
    "high": Text(nb="Skriv også det høyeste beløpet.", en="Write the highest amount too."),
    "company": Text(nb="Skriv navnet på foretaket. Det vises først etter avtalen.",
                    en="Write the name of the company. It is shown only after the agreement."),
    "orgnr": Text(nb="Skriv ni sifre; det siste er et kontrollsiffer.",
                  en="Write nine digits; the last is a check digit."),
    "person": Text(nb="Skriv hvem tilbyderen skal snakke med.",
                   en="Write whom the provider shall talk to."),
    "email": Text(nb="Skriv en e-postadresse, for eksempel navn@foretak.no.",
                  en="Write an e-mail address, such as name@company.com."),
    "named": Text(nb="Omtalen skal være anonym. Ta bort", en="The description is to be anonymous. "
                  "Take away"),
    "long": Text(nb="Teksten er for lang. Tegn du kan bruke:",
                 en="The text is too long. Characters that you may use:"),
    "other": Text(nb="Dette godtas ikke.", en="This is not accepted."),
}  # fmt: skip
_OF_ENGINE: tuple[tuple[str, Text], ...] = (
    ("lies before", Text(nb="Siste dag ligger før første dag.",
                         en="The latest day lies before the earliest.")),
    ("less than 'low'", Text(nb="Det høyeste beløpet er mindre enn det laveste.",
                             en="The highest amount is less than the lowest.")),
    ("is not a term", Text(nb="Velg fra listen.", en="Choose from the list.")),
    ("is not a unit", Text(nb="Velg en enhet fra listen.", en="Choose a unit from the list.")),
    ("greater than", Text(nb="Dette er for lite eller for tidlig.",
                          en="This is too small or too early.")),
    ("less than", Text(nb="Dette er for mye eller for sent.", en="This is too large or too late.")),
)  # fmt: skip


class Checked:
    """A draft that was checked: the request, or what is wrong by field."""

    def __init__(self, request: Request | None, faults: Mapping[str, str]) -> None:
        self.request, self.faults = request, dict(faults)


def plain_text(raw: str, most: int) -> str:
    """What was written, without characters that no database keeps, and not longer than ``most``."""
    return raw.replace("\x00", "").replace("\r\n", "\n")[:most].strip()


def written_part(part: str, post: Any, held: Mapping[str, Any]) -> dict[str, Any]:
    """What a part of the form says, in place of what was held of it."""
    if part != "work":
        found = {name: [plain_text(v, 100) for v in post.getlist(name)[:MOST_CHECKS]]
                 if spec.shape == "checks" else plain_text(post.get(name, ""), spec.most + 1)
                 for name, spec in SPECS[part].items()}  # fmt: skip
        return {**held, **found}
    steps = [{name: plain_text(post.get(f"steps.{i}.{name}", ""), 200) for name in WORK_FIELDS}
             for i in range(MOST_STEPS) if f"steps.{i}.does" in post]  # fmt: skip
    return {**held, "steps": steps or [{}]}


def _number(raw: str) -> tuple[float | None, str]:
    text = re.sub(r"[\s\u00a0\u202f]", "", raw)
    found = _NUMBER.match(text)
    if found is None:
        return None, "number"
    whole, part = found[1], found[2] or ""
    if len(part) == _AMBIGUOUS and whole.strip("0"):
        return None, "thousands"
    return float(f"{whole}.{part or 0}"), ""


def _day(raw: str) -> date | None:
    iso, own = _ISO.match(raw), _NORWEGIAN.match(raw)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if own:
            return date(int(own[3]), int(own[2]), int(own[1]))
    except ValueError:
        return None
    return None


def _amount(step: Mapping[str, Any], name: str, unit: str, at: str,
            faults: dict[str, str]) -> dict[str, Any] | None:  # fmt: skip
    raw, of = step.get(name, ""), step.get(unit, "")
    if not raw:
        if of:
            faults[f"{at}.{name}"] = "alone"
        return None
    number, fault = _number(raw)
    if fault:
        faults[f"{at}.{name}"] = fault
    if not of:
        faults[f"{at}.{unit}"] = "unit"
    return {"amount": number, "unit": of} if number is not None and of else None


def _mapping(wishes: Mapping[str, Any], reference: str, year: int,
             faults: dict[str, str]) -> dict[str, Any]:  # fmt: skip
    """What was written as the engine reads it; what is no number or day is noted."""
    found: dict[str, Any] = {"request": reference, "confidentiality": "nda", "steps": []}
    for i, step in enumerate(wishes.get("steps") or [{}]):
        at = f"steps.{i}"
        if not step.get("does"):
            faults[f"{at}.does"] = "does"
        one = {
            "does": step.get("does") or "",
            "batch_size": _amount(step, "batch_size", "batch_unit", at, faults),
            "quantity": _amount(step, "quantity", "quantity_unit", at, faults),
        }
        found["steps"].append({k: v for k, v in one.items() if v is not None})
    for name in ("modality", "phase", "gmp", "transfer", "analytics", "safety", "countries"):
        if wishes.get(name):
            found[name] = wishes[name]
    for name in ("from", "to"):
        if raw := wishes.get(name, ""):
            days = span_of(raw)
            day = days[name == "to"] if days else _day(raw)
            if day is None:
                faults[name] = "day"
            else:
                found[name] = day
    found |= _budget(wishes, year, faults)
    found["summary"] = wishes.get("summary", "")
    return found


def _budget(wishes: Mapping[str, Any], year: int, faults: dict[str, str]) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    for name in ("low", "high"):
        if raw := wishes.get(f"budget_{name}", ""):
            number, fault = _number(raw)
            if fault:
                faults[f"budget_{name}"] = fault
            else:
                amounts[name] = number
    if "low" in amounts and "high" not in amounts:
        faults.setdefault("budget_high", "high")
    return {"budget": {**amounts, "price_year": year}} if "high" in amounts else {}


def _field_of(where: str) -> str:
    """The field at which a fault of the engine stands."""
    parts = where.partition(": ")[2].split(".")
    if parts[0] == "steps" and len(parts) > 2:
        unit = {"batch_size": "batch_unit", "quantity": "quantity_unit"}.get(parts[2])
        return f"steps.{parts[1]}.{unit if unit and parts[-1] == 'unit' else parts[2]}"
    if parts[0] == "steps":
        return f"steps.{parts[1]}.does" if len(parts) > 1 else "steps.0.does"
    return {"": "to", "budget": "budget_high"}.get(parts[0], parts[0])


def _confidential_faults(held: Mapping[str, Any]) -> dict[str, str]:
    faults = {}
    if not held.get("company"):
        faults["company"] = "company"
    if not held.get("contact_name"):
        faults["contact_name"] = "person"
    number = held.get("organisation_number", "")
    if number and not is_valid(normalise(number)):
        faults["organisation_number"] = "orgnr"
    try:
        validate_email(held.get("contact_email", ""))
    except ValidationError:
        faults["contact_email"] = "email"
    return faults


def checked(held: Any, register: Register, lang: Lang, year: int) -> Checked:
    """The request of a draft, or every fault by the name of its field.

    Parameters
    ----------
    year : the price year of the budget: the year in which it is written
    """
    keys: dict[str, str] = {}
    given = _mapping(held.wishes, held.reference, year, keys)
    faults = {}
    request = None
    try:
        request = request_from(given, register.vocabulary)
    except InputError as problem:
        for fault in problem.faults:
            if fault.where.endswith(": steps"):
                continue  # that a step is faulty, which stands at the step too
            words = next((t for part, t in _OF_ENGINE if part in fault.what), _WORDS["other"])
            faults[_field_of(fault.where)] = words.in_(lang)
    keys |= _confidential_faults(held.confidential)
    faults |= {name: _WORDS[key].in_(lang) for name, key in keys.items()}
    named = names_somebody(held.wishes.get("summary", ""), held.confidential, held.owner)
    if named:
        faults["summary"] = f"{_WORDS['named'].in_(lang)}: {named}"
    for specs, texts in ((s, held.confidential if p == "confidential" else held.wishes)
                         for p, s in SPECS.items()):  # fmt: skip
        for name, spec in specs.items():
            if isinstance(texts.get(name), str) and len(texts[name]) > spec.most:
                faults[name] = f"{_WORDS['long'].in_(lang)} {spec.most}"
    return Checked(None if faults else request, faults)


def part_faults(part: str, faults: Mapping[str, str]) -> dict[str, str]:
    """The faults that stand at the fields of one part."""
    if part == "work":
        return {k: v for k, v in faults.items() if k.startswith("steps.")}
    return {k: v for k, v in faults.items() if k in SPECS[part]}
