"""Norwegian bokmål and English: texts in both, numbers and dates in the reader's locale."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "LANGUAGES",
    "Lang",
    "Text",
    "format_date",
    "format_money",
    "format_number",
    "format_range",
    "place_in",
    "visible",
]

Lang = Literal["nb", "en"]
LANGUAGES: tuple[Lang, ...] = ("nb", "en")

_THIN = "\u202f"  # narrow no-break space: a figure must never break across lines
_NO_BREAK = "\u00a0"
_MINUS = "\u2212"
MONTHS: dict[Lang, tuple[str, ...]] = {
    "nb": (
        "januar", "februar", "mars", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_SCALES: dict[Lang, tuple[tuple[float, str], ...]] = {
    "nb": ((1e9, "mrd. kr"), (1e6, "mill. kr"), (0.0, "kr")),
    "en": ((1e9, "NOK billion"), (1e6, "NOK million"), (0.0, "NOK")),
}


class Text(BaseModel):
    """A text in Norwegian bokmål and English; both are required."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    nb: str
    en: str

    def in_(self, lang: Lang) -> str:
        """The text in ``lang``."""
        return self.nb if lang == "nb" else self.en


def _round_significant(x: float, digits: int) -> tuple[float, int]:
    """``x`` with so many significant digits, and the decimals needed to print it."""
    if x == 0:
        return 0.0, 0
    exponent = math.floor(math.log10(abs(x)))
    rounded = round(x, digits - 1 - exponent)
    if rounded != 0:
        exponent = math.floor(math.log10(abs(rounded)))
    return rounded, max(0, digits - 1 - exponent)


def format_number(x: float, lang: Lang, digits: int = 3, decimals: int | None = None) -> str:
    """A number with at most ``digits`` significant digits in the reader's locale.

    Parameters
    ----------
    x : the number; NaN prints as a dash, which means "not defined"
    lang : ``nb`` (``12 345,6``) or ``en`` (``12,345.6``)
    digits : significant digits; trailing zeros after the decimal mark are dropped
    decimals : a fixed number of decimals instead of significant digits

    Examples
    --------
    >>> format_number(1234567, "en")
    '1,230,000'
    >>> format_number(0.04567, "nb")
    '0,0457'
    """
    if math.isnan(x):
        return "–"
    if math.isinf(x):
        return "∞" if x > 0 else _MINUS + "∞"
    if decimals is None:
        x, shown = _round_significant(x, digits)
        text = f"{abs(x):,.{shown}f}"
        if shown:
            text = text.rstrip("0").rstrip(".")
    else:
        text = f"{abs(x):,.{decimals}f}"
    if lang == "nb":
        text = text.replace(",", _THIN).replace(".", ",")
    is_negative = x < 0 and any(c in "123456789" for c in text)
    return (_MINUS if is_negative else "") + text


def format_range(low: float, high: float, lang: Lang, digits: int = 3) -> str:
    """Two numbers as a range in words: ``3 til 5`` / ``3 to 5``."""
    word = "til" if lang == "nb" else "to"
    left, right = format_number(low, lang, digits), format_number(high, lang, digits)
    return left if left == right else f"{left}{_NO_BREAK}{word}{_NO_BREAK}{right}"


def format_money(nok: float, lang: Lang, digits: int = 3) -> str:
    """NOK scaled to thousands of millions, millions or kroner.

    Examples
    --------
    >>> format_money(2.345e9, "en").replace(chr(160), " ")
    'NOK 2.35 billion'
    """
    rounded = nok if math.isnan(nok) or nok == 0 else _round_significant(nok, digits)[0]
    size, name = next(
        (scale for scale in _SCALES[lang] if abs(rounded) >= scale[0]),
        _SCALES[lang][-1],  # NaN compares false with everything
    )
    number = format_number(nok / size if size else nok, lang, digits)
    if lang == "nb":
        return f"{number}{_NO_BREAK}{name.replace(' ', _NO_BREAK)}"
    before, _, after = name.partition(" ")
    return f"{before}{_NO_BREAK}{number}" + (f"{_NO_BREAK}{after}" if after else "")


def format_date(day: date, lang: Lang) -> str:
    """``1. november 2026`` or ``1 November 2026``."""
    dot = "." if lang == "nb" else ""
    return f"{day.day}{dot}{_NO_BREAK}{MONTHS[lang][day.month - 1]}{_NO_BREAK}{day.year}"


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Text with control characters written out, so that it cannot steer a screen or turn a line.

    These are the control codes of ASCII and Latin-1, but for the tab and the new line, and the
    characters that change the direction of writing.

    Examples
    --------
    >>> visible("FIKTIV \x1b[31mFARMA \u202eSA")
    'FIKTIV \\x1b[31mFARMA \\u202eSA'
    """
    return _CONTROL.sub(lambda found: _written_out(found[0]), text)


def _written_out(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"


_PLACES = {
    "section": "kapittel", "sections": "kapittel", "chapter": "kapittel", "chapters": "kapittel",
    "paragraph": "avsnitt", "paragraphs": "avsnitt", "line": "linje", "lines": "linje",
    "table": "tabell", "tables": "tabell", "figure": "figur", "figures": "figur",
    "page": "side", "pages": "side", "article": "artikkel", "articles": "artikkel",
    "item": "punkt", "items": "punkter", "theme": "tema", "themes": "tema", "box": "boks",
    "footnote": "fotnote", "footnotes": "fotnote", "heading": "overskrift",
    "headings": "overskriftene", "annex": "vedlegg", "appendix": "vedlegg", "class": "klasse",
    "abstract": "sammendrag", "summary": "sammendrag", "foreword": "forord", "phase": "fase",
    "text": "tekst", "opening": "innledning", "sentence": "punktum", "part": "del",
    "protocol": "protokoll", "list": "liste", "title": "tittel", "end": "slutt",
    "news item": "nyhet", "list item": "listepunkt", "question": "spørsmål",
    "definition": "definisjon",
}  # fmt: skip
_ORDINALS = {
    "first": "første", "second": "andre", "third": "tredje", "fourth": "fjerde", "fifth": "femte",
    "sixth": "sjette", "last": "siste",
}  # fmt: skip
_PHRASES = {
    "text of the page": "teksten på siden", "whole page": "hele siden",
    "headline and main finding": "overskrift og hovedfunn", "in the foreword": "i forordet",
    "without a caption in the copy": "uten bildetekst i avskriften", "probably": "trolig",
    "left": "til venstre", "citing": "som viser til", "abridged table": "forkortet tabell",
    "recalled": "etter hukommelsen", "from memory": "etter hukommelsen",
}  # fmt: skip
_LINKS = {"of": "av", "on": "om", "in": "i", "and": "og", "to": "til", "with": "med"}
_ANY_PLACE = "|".join(sorted(_PLACES, key=len, reverse=True))
_ANY_ORDINAL = "|".join(_ORDINALS)
_ANY_LINK = "|".join(_LINKS)
_DATE = rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(MONTHS['en'])}) (?P<year>\d{{4}})"
_PLACE = re.compile(
    rf"\b(?:(?P<ordinal>{_ANY_ORDINAL}) )?(?P<word>{_ANY_PLACE})\b(?P<number> [0-9IVX][^ ,;]*)?"
    rf"(?: (?P<link>{_ANY_LINK}) (?:{_DATE}|(?=(?P<next>\S+))))?",
    re.IGNORECASE,
)
_LONE_DATE = re.compile(rf"(?:^|(?<=, )){_DATE}(?=$|,)")
_BEFORE = re.compile(
    rf"\b({_ANY_LINK}) (?=(?:{'|'.join((*_ORDINALS.values(), *_PLACES.values()))})\b)"
)
_BETWEEN = re.compile(r"(?<=\d) (and|to) (?=[\d.]+(?:$|[,;)]))")


def place_in(place: str, lang: Lang) -> str:
    """A place in a source with its place words and dates in the reader's language.

    Places are written in English, as ``section 5.1, line 232``. What is described in English beside
    the place words stays as it is written, after a colon.

    Examples
    --------
    >>> place_in("section 5.1.1, third paragraph, item on the committee", "nb")
    'kapittel 5.1.1, tredje avsnitt, punkt: the committee'
    >>> place_in("section 5.1.1, line 232", "en")
    'section 5.1.1, line 232'
    """
    if lang == "en":
        return place
    for phrase, words in _PHRASES.items():
        place = re.sub(rf"\b{phrase}\b", words, place)
    place = _PLACE.sub(_place_in_norwegian, place)
    place = _LONE_DATE.sub(_day_in_norwegian, place)
    for links in (_BEFORE, _BETWEEN):
        place = links.sub(lambda m: m[0].replace(m[1], _LINKS[m[1]]), place)
    return place


def _day_in_norwegian(found: re.Match[str]) -> str:
    month = MONTHS["nb"][MONTHS["en"].index(found["month"])]
    day = f"{found['day']}. " if found["day"] else ""
    return f"{day}{month} {found['year']}"


def _place_in_norwegian(found: re.Match[str]) -> str:
    ordinal = f"{_ORDINALS[found['ordinal'].lower()]} " if found["ordinal"] else ""
    place = ordinal + _PLACES[found["word"].lower()] + (found["number"] or "")
    link, after = found["link"], found["next"]
    if found["month"]:
        return f"{place} fra {_day_in_norwegian(found)}"
    if not link:
        return place
    is_english = after[:1].islower() and after.strip(",;.") not in {**_PLACES, **_ORDINALS}
    return f"{place}: " if is_english and link != "and" else f"{place} {_LINKS[link]} "
