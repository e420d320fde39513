"""Providers, statements and lines of capacity in the reader's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from virkestoff.facilities import Capability, Provider, Register, Scale, Window
from virkestoff.facilities.calendar import Month, months_from, offered_in
from virkestoff.facilities.countries import country_name
from virkestoff.facilities.geography import HOME, UNSTATED
from virkestoff.language import Lang, Text, format_date, format_number, place_in
from virkestoff_hub.facilities import words
from virkestoff_hub.facilities.fields import upper
from virkestoff_hub.facilities.holding import OWN_WORD, Stated, counties, is_demonstration

__all__ = [
    "Calendar", "area_name", "calendar_of", "details", "line_names", "line_words",
    "statement_row", "terms", "where", "window_row",
]  # fmt: skip

MOST_MONTHS = 24
_OWN = Text(nb="Tilbyderens egen opplysning", en="The provider’s own statement")
_NOT_STATED = Text(nb="Norge, sted ikke oppgitt", en="Norway, place not stated")
_MONTHS = {
    "nb": ("jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.",
           "des."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"),
}  # fmt: skip


def area_name(area: str, lang: Lang) -> str:
    """A county, a country, or Norway without a place."""
    if area == UNSTATED:
        return _NOT_STATED.in_(lang)
    number = area.removeprefix(f"{HOME}-")
    if number != area:
        return counties().by_number[number].name
    return country_name(area).in_(lang)


def where(provider: Provider, lang: Lang) -> str:
    """The areas of a provider."""
    return ", ".join(area_name(a, lang) for a in counties().areas_of(provider))


def terms(keys: Sequence[str], register: Register, lang: Lang) -> str:
    """Terms by name, with commas."""
    return ", ".join(register.vocabulary.terms[k].name.in_(lang) for k in keys)


def scale_words(scale: Scale | None, lang: Lang) -> str:
    """The sizes that are taken."""
    if scale is None:
        return ""
    low, high = (None if v is None else format_number(v, lang, 6) for v in (scale.from_, scale.to))
    if low is None:
        return f"{'inntil' if lang == 'nb' else 'up to'} {high} {scale.unit}"
    if high is None:
        return f"{'fra' if lang == 'nb' else 'from'} {low} {scale.unit}"
    return f"{low}–{high} {scale.unit}"


def details(c: Capability, register: Register, lang: Lang) -> list[tuple[str, str]]:
    """What a statement says beside the work itself."""
    nb = lang == "nb"
    gmp = terms(c.gmp, register, lang)
    if c.is_without_gmp:
        gmp = "uten GMP" if nb else "without GMP"
    found = [
        ("Produkter" if nb else "Products", terms(c.products, register, lang)),
        ("Tar ikke" if nb else "Does not take", terms(c.excludes, register, lang)),
        ("Størrelse" if nb else "Size", scale_words(c.scale, lang)), ("GMP", gmp),
        ("Fase" if nb else "Phase", ", ".join(words.PHASES[p].in_(lang) for p in c.phases)),
        ("Analyse" if nb else "Analysis", terms(c.analytics, register, lang)),
        ("Vern" if nb else "Precautions", terms(c.safety, register, lang)),
        ("Sted" if nb else "Place", ", ".join(c.places)),
        ("Merknad" if nb else "Note", c.note.in_(lang) if c.note else ""),
    ]  # fmt: skip
    return [(label, text) for label, text in found if text]


def said_in(source: str, place: str, lang: Lang) -> str:
    """The place in a source; the day for what the provider says itself."""
    if source == OWN_WORD:
        return f"{_OWN.in_(lang)}, {format_date(date.fromisoformat(place), lang)}"
    return place_in(place, lang)


def statement_row(stated: Stated, register: Register, lang: Lang) -> dict[str, Any]:
    """A statement on a provider, with where it stands and what the provider says of it."""
    now, answer, library = stated.now, stated.answer, stated.library
    said = [(now.source, said_in(now.source, now.place, lang))]
    if now.source == OWN_WORD and library is not None:
        said.append((library.source, said_in(library.source, library.place, lang)))
    else:
        said += [(a.source, place_in(a.place, lang)) for a in now.also]
    status = words.ANSWERS["wrong"] if stated.is_wrong else words.WORK_STATUSES[now.status]
    return {
        "key": stated.key, "does": now.does, "is_own": library is None,
        "name": register.vocabulary.terms[now.does].name.in_(lang),
        "details": details(now, register, lang), "status": now.status,
        "status_words": status.in_(lang),
        "said": [("" if s == OWN_WORD else s, at) for s, at in said],
        "answer": words.ANSWERS[answer.answer].in_(lang) if answer else "",
        "on": answer.on if answer else None, "version": stated.version,
    }  # fmt: skip


def _price(window: Window, lang: Lang) -> str:
    price = window.price
    if price is None:
        return ""
    basis = words.BASES[price.basis].in_(lang)
    ends = [format_number(v, lang, 6) for v in (price.low, price.high) if v is not None]
    if not ends or price.unit is None:
        return basis
    ends = list(dict.fromkeys(ends))
    in_year = f"{price.price_year}-priser" if lang == "nb" else f"prices of {price.price_year}"
    return f"{'–'.join(ends)} {price.unit} ({basis}, {in_year})"


def _age(window: Window, register: Register, on: date, lang: Lang) -> tuple[str, str]:
    """``fresh``, ``due`` or ``stale``, and the words for it."""
    days, held = window.age_days(on), register.settings
    day = format_date(window.verified, lang)
    nb = lang == "nb"
    said = f"Bekreftet {day}, for {days} dager siden" if nb else (
        f"Confirmed on {day}, {days} days ago")  # fmt: skip
    if days < 0:
        return "due", f"Bekreftet {day}, frem i tid" if nb else f"Confirmed on {day}, ahead of time"
    if days > held.stale_after_days:
        return "stale", f"{said}: {'for gammelt til å bygge på' if nb else 'too old to rely on'}"
    if days > held.fresh_for_days:
        return "due", f"{said}: {'bør bekreftes på nytt' if nb else 'should be confirmed again'}"
    return "fresh", said


def window_row(
    key: str, window: Window, register: Register, on: date, lang: Lang
) -> dict[str, Any]:
    """A line of capacity as its viewer may see it."""
    age, age_words = _age(window, register, on, lang)
    held = window.certificate
    expired = held is not None and held.expires < on
    return {
        "id": key, "name": key.partition("/")[2] or key, "is_synthetic": is_demonstration(key),
        "does": register.vocabulary.terms[window.does].name.in_(lang), "unit": window.unit,
        "batch": scale_words(window.batch, lang), "age": age, "age_words": age_words,
        "confidence": words.CONFIDENCES[window.confidence].in_(lang),
        "price": _price(window, lang), "excludes": terms(window.excludes, register, lang),
        "phases": ", ".join(words.PHASES[p].in_(lang) for p in window.phases),
        "seen_by": words.VIEWERS[window.visibility].in_(lang),
        "certificate": terms(held.scope, register, lang) if held else "",
        "expires": held.expires if held else None, "is_expired": expired,
        "is_outside": window.is_outside_normal_operation,
        "first": min(p.from_ for p in window.periods), "last": max(p.to for p in window.periods),
    }  # fmt: skip


def line_names(
    windows: Mapping[str, Window], register: Register, lang: Lang
) -> dict[str, str]:
    """What each line of one provider is: its work, and its own name where two do the same."""
    works = {key: upper(terms([w.does], register, lang)) for key, w in windows.items()}
    n_of = Counter(works.values())
    return {key: work if n_of[work] == 1 else f"{work} ({key.partition('/')[2] or key})"
            for key, work in works.items()}  # fmt: skip


def line_words(window: Window, register: Register, lang: Lang) -> str:
    """A line to somebody who never saw its name: work, time and batch."""
    first, last = min(p.from_ for p in window.periods), max(p.to for p in window.periods)
    days = f"{format_date(first, lang)} – {format_date(last, lang)}"
    batch = scale_words(window.batch, lang)
    parts = [terms([window.does], register, lang), days, *([f"batch {batch}"] if batch else [])]
    return ", ".join(parts)


@dataclass(frozen=True)
class CalendarRow:
    """A line by month: what is free in each, as a number and in words."""

    name: str
    unit: str
    is_synthetic: bool
    amounts: tuple[Fraction | None, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Calendar:
    """Lines by month, the months by name; ``left_out`` tells of months after the last shown."""

    months: tuple[str, ...]
    rows: tuple[CalendarRow, ...]
    is_cut: bool


def _month_name(month: Month, lang: Lang) -> str:
    return f"{_MONTHS[lang][month.first.month - 1]} {month.first.year}"


def calendar_of(
    windows: Mapping[str, Window], register: Register, on: date, lang: Lang
) -> Calendar | None:
    """What lines offer by month from ``on``, to the last month in which one has a period."""
    ahead = [p.to for w in windows.values() for p in w.periods if p.to >= on]
    if not ahead:
        return None
    begins = [p.from_ for w in windows.values() for p in w.periods if p.to >= on]
    first, last = max(on, min(begins)), max(ahead)
    n_months = (last.year - first.year) * 12 + last.month - first.month + 1
    months = months_from(first, min(n_months, MOST_MONTHS))
    unknown = "ikke oppgitt" if lang == "nb" else "not stated"
    names = line_names(windows, register, lang)
    rows = []
    for key, window in windows.items():
        found = [offered_in(window, month) for month in months]
        said = tuple(
            unknown if f.has_unknown else "–" if f.amount is None
            else format_number(float(f.amount), lang, 3)
            for f in found
        )  # fmt: skip
        amounts = tuple(None if f.has_unknown else f.amount for f in found)
        rows.append(CalendarRow(names[key], window.unit, is_demonstration(key), amounts, said))
    return Calendar(tuple(_month_name(m, lang) for m in months), tuple(rows),
                    n_months > MOST_MONTHS)  # fmt: skip
