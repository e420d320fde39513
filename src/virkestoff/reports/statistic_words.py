"""Statistics in words: qualifier, value, unit, and what they are about."""

from __future__ import annotations

from virkestoff.evidence import Conflict, Library, Statistic
from virkestoff.language import Lang, Text, format_number

__all__ = ["amount", "branch_name", "figure", "title", "unit_word"]

_QUALIFIERS: dict[str, Text] = {
    "about": Text(nb="om lag ", en="about "),
    "nearly": Text(nb="nær ", en="nearly "),
    "just_over": Text(nb="litt over ", en="just over "),
    "more_than": Text(nb="mer enn ", en="more than "),
    "up_to": Text(nb="opptil ", en="up to "),
    "less_than": Text(nb="under ", en="less than "),
}
_BRANCHES: dict[str, Text] = {
    "all": Text(nb="hele helseindustrien", en="the whole health industry"),
    "pharmaceuticals": Text(nb="legemidler", en="pharmaceuticals"),
    "medical_devices": Text(nb="medisinsk utstyr", en="medical devices"),
    "digital_health": Text(nb="digital helse", en="digital health"),
    "diagnostics": Text(nb="diagnostikk", en="diagnostics"),
}
DIGITS = 5


def figure(s: Statistic, lang: Lang) -> str:
    """A statistic as a reader sees it: qualifier, value in words of size, unit."""
    if s.value is None:
        return "–"
    numbers = s.value if isinstance(s.value, tuple) else (s.value,)
    unit = "" if s.unit == "1" else " " + unit_word(s.unit, lang)
    if s.unit in ("1", "1/year") and s.subject and all(abs(n) <= 10 for n in numbers):
        per_year = (" per år" if lang == "nb" else " a year") if s.unit == "1/year" else ""
        shown = [f"{format_number(100 * n, lang, DIGITS)} %" for n in numbers]
        unit = per_year
    else:
        shown = [amount(float(n), lang) for n in numbers]
    before = _QUALIFIERS[s.qualifier].in_(lang) if s.qualifier in _QUALIFIERS else ""
    return before + "–".join(shown) + unit


def branch_name(branch: str, lang: Lang) -> str:
    """A branch for readers; one that has no name in words stands as it is."""
    return _BRANCHES[branch].in_(lang) if branch in _BRANCHES else branch.replace("_", " ")


def unit_word(unit: str, lang: Lang) -> str:
    """The unit for readers."""
    words = {"person": Text(nb="personer", en="persons"), "NOK": Text(nb="kr", en="NOK")}
    return words[unit].in_(lang) if unit in words else unit


def amount(x: float, lang: Lang) -> str:
    """A number in millions or billions where it is that large."""
    for size, word in ((1e9, Text(nb="mrd.", en="bn")), (1e6, Text(nb="mill.", en="million"))):
        if abs(x) >= size:
            return f"{format_number(x / size, lang, DIGITS)} {word.in_(lang)}"
    return format_number(x, lang, DIGITS)


def title(conflict: Conflict, library: Library, lang: Lang) -> str:
    """What the figures are about: subject, part, time."""
    first = conflict.statistics[0]
    subject = library.subjects.get(conflict.subject)
    parts = [subject.name.in_(lang) if subject else first.name.in_(lang)]
    if first.branch and first.branch != "all":
        parts.append(branch_name(first.branch, lang))
    parts += [f"{k}: {v}".replace("_", " ") for k, v in sorted(first.group.items())]
    if first.answer:
        parts.append(first.answer.replace("_", " "))
    when = str(first.year) if first.year else "–".join(map(str, first.period or ()))
    return ", ".join(p for p in (*parts, when) if p)
