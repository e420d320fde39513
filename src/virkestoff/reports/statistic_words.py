"""Statistics in words: qualifier, value, unit, and what they are about."""

from __future__ import annotations

from virkestoff.evidence import Conflict, Library, Statistic
from virkestoff.evidence.wording import load_wording
from virkestoff.language import Lang, Text, format_number
from virkestoff.quantities import CURRENCIES
from virkestoff.reports.units import unit_words

__all__ = ["about", "amount", "amounts", "branch_name", "figure", "time_text", "title",
           "with_unit"]  # fmt: skip

_QUALIFIERS: dict[str, Text] = {
    "about": Text(nb="om lag ", en="about "),
    "nearly": Text(nb="nær ", en="nearly "),
    "just_over": Text(nb="litt over ", en="just over "),
    "at_least": Text(nb="minst ", en="at least "),
    "more_than": Text(nb="mer enn ", en="more than "),
    "up_to": Text(nb="opptil ", en="up to "),
    "less_than": Text(nb="under ", en="less than "),
}
_MISSING: dict[str | None, Text] = {
    "figure_text_lost": Text(nb="tallene i figuren er tapt", en="the chart's numbers are lost"),
    "only_words": Text(nb="bare ord", en="only words"),
    None: Text(nb="–", en="–"),
}
_UNITS: dict[str, Text] = {
    "person": Text(nb="personer", en="persons"),
    "NOK": Text(nb="kr", en="NOK"),
    "percent": Text(nb="%", en="%"),
    "USD/year": Text(nb="USD per år", en="USD a year"),
    "week": Text(nb="uker", en="weeks"),
}
_POINTS = Text(nb=" prosentpoeng", en=" percentage points")
_SIGNS: dict[str, Text] = {
    "more_than": Text(nb="over null", en="above zero"),
    "less_than": Text(nb="under null", en="below zero"),
}
_A_YEAR = Text(nb=" per år", en=" a year")
_TIMES = Text(nb=" ganger", en=" times")
_SIZES = (
    (1e9, Text(nb="mrd.", en="bn")),
    (1e6, Text(nb="mill.", en="million")),
)
DIGITS = 5
LARGEST_SHARE = 10.0  # constant: beyond 1000 per cent a bare number is read as a number


def figure(s: Statistic, lang: Lang, library: Library | None = None) -> str:
    """A statistic as a reader sees it: qualifier, value in words of size, unit.

    The library tells whether a number without a unit is a share, a count or a multiple, and has
    the words of fractions; without it such a number is read as a share.
    """
    if s.value is None:
        return _MISSING[s.missing].in_(lang)
    if s.value == 0 and s.qualifier in _SIGNS:  # the source gives the sign alone
        return _SIGNS[s.qualifier].in_(lang)
    before = _QUALIFIERS[s.qualifier].in_(lang) if s.qualifier in _QUALIFIERS else ""
    if s.is_fraction and library is not None and isinstance(s.value, float | int):
        said = load_wording(library).fraction(float(s.value), lang)
        if said is not None:
            return before + said
    return before + _number(s, _reads_as(s, library), lang)


def _reads_as(s: Statistic, library: Library | None) -> str:
    """As its subject says; outside the vocabulary a large number is no share."""
    subject = library.subjects.get(s.subject or "") if library else None
    if subject is not None:
        return subject.reads_as
    numbers = s.value if isinstance(s.value, tuple) else (s.value or 0.0,)
    return "share" if s.subject and all(abs(n) <= LARGEST_SHARE for n in numbers) else "count"


def _number(s: Statistic, reads_as: str, lang: Lang) -> str:
    numbers = s.value if isinstance(s.value, tuple) else (s.value or 0.0,)
    low, high = float(min(numbers)), float(max(numbers))
    a_year = _A_YEAR.in_(lang) if s.unit == "1/year" else ""
    if s.unit not in ("1", "1/year"):
        shown = amounts(low, high, lang, DIGITS)
        return with_unit(shown, s.unit, lang)
    if reads_as in ("share", "points"):
        sign = _POINTS.in_(lang) if reads_as == "points" else " %"
        return amounts(100 * low, 100 * high, lang, DIGITS) + sign + a_year
    return amounts(low, high, lang, DIGITS) + (_TIMES.in_(lang) if reads_as == "times" else a_year)


def branch_name(branch: str, lang: Lang) -> str:
    """A branch for readers; one that has no name in words stands as it is."""
    return load_wording().branch(branch, lang)


def with_unit(shown: str, unit: str, lang: Lang) -> str:
    """A number and its unit; English writes a currency before the amount, Norwegian after."""
    if lang == "en" and unit in CURRENCIES:
        return f"{unit} {shown}"
    return f"{shown} {unit_word(unit, lang)}".strip()


def unit_word(unit: str, lang: Lang) -> str:
    """The unit for readers."""
    return _UNITS[unit].in_(lang) if unit in _UNITS else unit_words(unit, lang)


def amount(x: float, lang: Lang) -> str:
    """A number in millions or billions where it is that large."""
    for size, word in _SIZES:
        if abs(x) >= size:
            return f"{format_number(x / size, lang, DIGITS)} {word.in_(lang)}"
    return format_number(x, lang, DIGITS)


def amounts(low: float, high: float, lang: Lang, digits: int = 3) -> str:
    """A range of numbers in one size: ``14.8–16.4 bn``; one number if they read alike."""
    largest = max(abs(low), abs(high))
    size, word = next(((n, w.in_(lang)) for n, w in _SIZES if largest >= n), (1.0, ""))
    ends = dict.fromkeys(format_number(x / size, lang, digits) for x in (low, high))
    dash = "–" if low >= 0 else (" til " if lang == "nb" else " to ")
    return f"{dash.join(ends)} {word}".rstrip()


def time_text(s: Statistic) -> str:
    """The year or period that it speaks of; nothing if the source names none."""
    return str(s.year) if s.year else "–".join(map(str, s.period or ()))


def about(s: Statistic, library: Library, lang: Lang) -> str:
    """What a statistic is about: subject, branch, group, answer and time."""
    wording = load_wording(library)
    subject = library.subjects.get(s.subject or "")
    parts = [subject.name.in_(lang) if subject else s.name.in_(lang)]
    if s.branch and s.branch != "all":
        parts.append(wording.branch(s.branch, lang))
    parts += wording.group(s.group, lang)
    if s.answer:
        parts.append(wording.answer(s.answer, lang))
    return ", ".join(p for p in (*parts, time_text(s)) if p)


def title(conflict: Conflict, library: Library, lang: Lang) -> str:
    """What the figures of a conflict are about: that of its first figure."""
    return about(conflict.statistics[0], library, lang)
