"""A fact as people write it: ``12``, ``10-49``, ``2,5 mill. kr``, ``45 %``, ``2021``, ``yes``.

Whatever is not understood is a problem in words; nothing is guessed and nothing is left out.
A point or comma before three digits alone ("1.500") may mean two numbers and is refused.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from virkestoff.errors import InputError, suggest
from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.vocabulary import Term, Vocabulary, check_facts
from virkestoff.language import LANGUAGES
from virkestoff.quantities import factor

__all__ = ["UNKNOWN_WORDS", "Unreadable", "is_unknown", "read_written"]

UNKNOWN_WORDS = frozenset(
    ("unknown", "ukjent", "vet ikke", "vet-ikke", "don't know", "dont know", "?", "withheld")
)
_YES = frozenset(("ja", "j", "yes", "y", "true", "sant"))
_NO = frozenset(("nei", "n", "no", "false", "usant"))
_SCALES = {
    "k": 1e3, "tusen": 1e3, "thousand": 1e3, "mill": 1e6, "million": 1e6, "millioner": 1e6,
    "millions": 1e6, "m": 1e6, "mrd": 1e9, "milliard": 1e9, "milliarder": 1e9, "billion": 1e9,
    "bn": 1e9,
}  # fmt: skip
_UNITS = {
    "kr": "NOK", "kroner": "NOK", "nok": "NOK", "euro": "EUR", "eur": "EUR", "€": "EUR",
    "år": "year", "years": "year", "måneder": "month", "måned": "month", "months": "month",
    "personer": "person", "people": "person", "persons": "person", "ansatte": "person",
    "employees": "person", "årsverk": "fte",
}  # fmt: skip
_NUMBER = r"[-+\u2212]?\d[\d \u00a0\u202f_.,]*(?:e[-+]?\d+)?"
_ONE = re.compile(rf"({_NUMBER})\s*([^\d\s][^\d]*)?\Z", re.IGNORECASE)
_TWO = re.compile(
    rf"(?:fra|from|mellom|between)?\s*({_NUMBER})\s*([^\d\s-][^\d]*?)?\s*"
    rf"(?:-|–|—|\bto\b|\btil\b|\bog\b|\band\b)\s*({_NUMBER})\s*([^\d\s][^\d]*)?\Z",
    re.IGNORECASE,
)
_BELOW = re.compile(r"(?:under|below|less than|fewer than|mindre enn|færre enn|<)\s*(?![=])(.+)",
                    re.IGNORECASE)  # fmt: skip
_UPTO = re.compile(r"(?:høyst|inntil|at most|up to|maks|max|<=|≤)\s*(.+)", re.IGNORECASE)
_ABOVE = re.compile(r"(?:over|above|more than|mer enn|flere enn|>)\s*(?![=])(.+)", re.IGNORECASE)
_FROM = re.compile(r"(?:minst|fra|at least|from|>=|≥)\s*(.+)", re.IGNORECASE)
_PLUS = re.compile(r"(.+?)\s*\+\Z")
_YEAR = re.compile(r"(\d{4})\Z")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_LONGEST = 200  # constant: letters of what one writes for one fact


class Unreadable(ValueError):
    """What was written does not say a value of the fact; the text says why."""


def is_unknown(raw: Any) -> bool:
    """Whether somebody wrote that the fact is not known."""
    return raw is None or (isinstance(raw, str) and raw.strip().casefold() in UNKNOWN_WORDS)


def read_written(term: Term, raw: Any) -> Value:
    """The value of a fact as it is written in a profile or typed as an answer.

    Parameters
    ----------
    term : the fact
    raw : number, text, true or false, date, list of choices, or a mapping with ``value`` or
        ``from`` and ``to``, and ``unit``

    Raises
    ------
    Unreadable
        says what is wrong, in words.
    """
    if is_unknown(raw):
        return None
    if isinstance(raw, str) and len(raw) > _LONGEST:
        raise Unreadable(f"is longer than {_LONGEST} letters")
    found = _READERS[term.type](term, raw)
    try:
        return check_facts(Vocabulary({term.id: term}), {term.id: found})[term.id]
    except InputError as problem:
        fault = problem.faults[0]
        step = f" ({fault.next_step})" if fault.next_step else ""
        raise Unreadable(fault.what + step) from None


def _read_bool(term: Term, raw: Any) -> Value:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().casefold() if isinstance(raw, str) else None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(f"'{shown(raw)}' is not yes or no")


def _read_choice(term: Term, raw: Any) -> Value:
    assert term.choices is not None
    parts = raw
    if isinstance(raw, str):
        parts = [raw] if _choice(term, raw) else re.split(r",|;|\beller\b|\bor\b", raw)
    if not isinstance(parts, list) or not parts:
        raise Unreadable(f"'{shown(raw)}' is not one of its choices: {', '.join(term.choices)}")
    found = []
    for part in parts:
        choice = _choice(term, part) if isinstance(part, str) else None
        if choice is None:
            step = suggest(str(part), term.choices) or f"One of {', '.join(term.choices)}"
            raise Unreadable(f"'{shown(part)}' is not one of its choices ({step})")
        found.append(choice)
    return found[0] if len(set(found)) == 1 else OneOf(frozenset(found))


def _choice(term: Term, raw: str) -> str | None:
    """The id that a text names: the id itself, or its words in either language."""
    assert term.choices is not None
    word = raw.strip().casefold()
    for key, words in term.choices.items():
        if word in (key, *(words.in_(lang).casefold() for lang in LANGUAGES)):
            return key
    return None


def _read_text(term: Term, raw: Any) -> Value:
    if isinstance(raw, str):
        return raw.strip()
    raise Unreadable(f"'{shown(raw)}' is not a text in quotes")


def _read_number(term: Term, raw: Any) -> Value:
    if isinstance(raw, Mapping):
        return _of_mapping(term, raw, _read_number_point)
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise Unreadable(f"'{shown(raw)}' is not a number")
    if not isinstance(raw, str):
        return float(raw)
    text = raw.strip()
    for pattern, is_low, is_open in ((_UPTO, False, False), (_FROM, True, False),
                                     (_BELOW, False, True), (_ABOVE, True, True),
                                     (_PLUS, True, False)):  # fmt: skip
        match = pattern.fullmatch(text)
        two = _TWO.fullmatch(text)
        if match and not two:
            end = _read_number_point(term, match[1])
            if is_open and term.is_whole:
                end += 1 if is_low else -1
            return Band(end, None) if is_low else Band(None, end)
    two = _TWO.fullmatch(text)
    if two:
        low_words, high_words = two[2] or two[4] or "", two[4] or ""
        low = _read_number_point(term, f"{two[1]} {low_words}")
        high = _read_number_point(term, f"{two[3]} {high_words}")
        return _band(low, high)
    return _read_number_point(term, text)


def _read_number_point(term: Term, raw: Any, unit: str | None = None) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise Unreadable(f"'{shown(raw)}' is not a number")
    if isinstance(raw, str):
        match = _ONE.fullmatch(raw.strip())
        if not match:
            raise Unreadable(f"'{shown(raw)}' is not a number, band or 'unknown'")
        number, words = _digits(match[1]), (match[2] or "").strip()
        scale, named = _words(words)
        unit = named or unit
        number *= scale
    else:
        number = float(raw)
    if not math.isfinite(number):
        raise Unreadable(f"{shown(raw)} is not a finite number")
    if unit is None:
        return number
    assert term.unit is not None
    try:
        found = number * factor(unit, term.unit)
    except InputError as problem:
        why = problem.faults[0]
        raise Unreadable(
            f"the unit '{shown(unit)}' does not fit: the fact is in {term.unit} ({why.what})"
        ) from None
    return float(round(found, 9)) if term.is_whole else found  # constant: parts of a rounding slip


def _digits(text: str) -> float:
    """A number written with spaces, points or commas, refused where it may mean two."""
    plain = re.sub(r"[ \u00a0\u202f_]", "", text).replace("\u2212", "-")
    marks = re.findall(r"[.,]", plain)
    is_doubtful = len(marks) == 1 and re.fullmatch(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", plain)
    if is_doubtful:
        whole, point = re.sub(r"[.,]", "", plain), plain.replace(",", ".")
        raise Unreadable(f"'{text.strip()}' may mean {whole} or {float(point):g}; write which")
    if len(marks) > 1:
        last = max(plain.rfind("."), plain.rfind(","))
        same = len(set(marks)) == 1
        groups = re.fullmatch(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", plain)
        if not groups or (len(marks) > 1 and marks[0] == marks[-1] and not same):
            raise Unreadable(f"'{text.strip()}' is not a number")
        if same:
            plain = re.sub(r"[.,]", "", plain)
        else:
            plain = re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        raise Unreadable(f"'{text.strip()}' is not a number") from None


def _words(words: str) -> tuple[float, str | None]:
    """The scale and the unit that stand after a number."""
    scale, unit = 1.0, None
    for word in words.replace("/", " / ").split() if "/" not in words else [words]:
        plain = word.strip(".").casefold()
        if plain in _SCALES and scale == 1.0:
            scale = _SCALES[plain]
        elif unit is None:
            unit = _UNITS.get(plain, word.strip("."))
            unit = "percent" if plain in ("%", "prosent", "percent") else unit
        else:
            raise Unreadable(f"'{words}' is not a unit")
    return scale, unit


def _of_mapping(term: Term, raw: Mapping[Any, Any], read: Any) -> Value:
    strange = [str(key) for key in raw if key not in ("value", "from", "to", "unit")]
    if strange:
        step = suggest(strange[0], ("value", "from", "to", "unit"))
        raise Unreadable(f"'{strange[0]}' is not a key of a value"
                         f" ({step or 'Use value, or from and to; and unit'})")  # fmt: skip
    unit = raw.get("unit")
    if unit is not None and not isinstance(unit, str):
        raise Unreadable(f"the unit '{shown(unit)}' is not a text")
    if term.type == "date" and unit is not None:
        raise Unreadable("a date has no unit")
    unit = _UNITS.get(unit.casefold(), unit) if unit else None
    if "value" in raw:
        if "from" in raw or "to" in raw:
            raise Unreadable("has both value and a band")
        return None if is_unknown(raw["value"]) else read(term, raw["value"], unit)
    ends = [None if raw.get(k) is None else read(term, raw[k], unit) for k in ("from", "to")]
    if ends == [None, None]:
        raise Unreadable("needs value, or from or to")
    if None in ends:
        return Band(*ends)
    return _band(*ends)


def _band(low: Any, high: Any) -> Value:
    if high < low:
        raise Unreadable(f"the band from {low} to {high} does not rise")
    return low if low == high else Band(low, high)


def _read_date(term: Term, raw: Any) -> Value:
    if isinstance(raw, Mapping):
        return _of_mapping(term, raw, _read_date_point)
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if isinstance(raw, str):
        text = raw.strip()
        ends = re.fullmatch(r"(\d{4}(?:-\d{2}){0,2})\s*(?:–|to|til)\s*(\d{4}(?:-\d{2}){0,2})", text)
        ends = ends or re.fullmatch(r"(\d{4})-(\d{4})", text)
        if ends:
            first, last = _span(ends[1]), _span(ends[2])
            if first and last:
                return _band(first[0], last[1])
        for pattern, is_low in ((_FROM, True), (_UPTO, False)):
            match = pattern.fullmatch(text)
            span = _span(match[1]) if match else None
            if span:
                return Band(span[0], None) if is_low else Band(None, span[1])
        span = _span(text)
        if span:
            return _band(*span)
    return _read_date_point(term, raw)


def _span(text: str) -> tuple[date, date] | None:
    """The first and last day of a day, month or year."""
    try:
        if match := _YEAR.fullmatch(text):
            return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
        if match := _MONTH.fullmatch(text):
            year, month = int(match[1]), int(match[2])
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day, day


def _read_date_point(term: Term, raw: Any, unit: str | None = None) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            pass
    raise Unreadable(f"'{shown(raw)}' is not a date such as 2020-01-31, a month or a year")


def shown(raw: Any) -> str:
    """What was written, short enough for a message."""
    text = str(raw)
    return text if len(text) <= 60 else text[:57] + "..."  # constant: letters of a message


_READERS = {
    "bool": _read_bool, "choice": _read_choice, "text": _read_text, "number": _read_number,
    "date": _read_date,
}  # fmt: skip
