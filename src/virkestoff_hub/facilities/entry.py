"""What a person wrote in a form or a sheet, read value by value: a fault stands at its field.

Nothing is guessed: ``1,000`` is a thousand to some and one to others, and is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from virkestoff.facilities.amounts import UNITS
from virkestoff.language import MONTHS, Text

__all__ = ["LONGEST", "Entry", "span_of"]

LONGEST = 200
"""Characters of one value; more is no value of ours."""
_NUMBER = re.compile(r"\d{1,13}(?:[.,]\d{1,9})?")
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d\d?)|(\d{1,2})\.\s?(\d{4})|([a-zæøå]{3,9})\.?\s+(\d{4})|(\d{4})")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_LARGEST = 1e12
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)
_YES = ("ja", "yes", "true", "1", "on", "x", "sann")
_NO = ("nei", "no", "false", "0", "", "usann")


def span_of(written: str) -> tuple[date, date] | None:
    """First and last day of a month or year: ``2027-05``, ``5.2027``, ``mai 2027``, ``2027``.

    Names of months are read in both languages, whole or by at least three letters. None if it
    is neither a month nor a year.
    """
    found = _MONTH.fullmatch(written.strip().lower())
    if found is None:
        return None
    year = int(next(y for y in (found[1], found[4], found[6], found[7]) if y))
    first = last = 0
    if found[7]:
        first, last = 1, 12  # constant: months of a year
    elif found[5]:
        named = {n for names in MONTHS.values() for n, name in enumerate(names, 1)
                 if name.lower().startswith(found[5])}  # fmt: skip
        first = last = named.pop() if len(named) == 1 else 0
    else:
        first = last = int(found[2] or found[3])
    try:
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


class Entry:
    """Values by name, and what is wrong with them.

    Parameters
    ----------
    raw : what stands in each field: text, a list of texts, or what a cell holds
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.faults: dict[str, Text] = {}

    def fault(self, name: str, nb: str, en: str) -> None:
        """Note a fault; the first of a field stands."""
        self.faults.setdefault(name, Text(nb=nb, en=en))

    def text(self, name: str) -> str:
        """The text of a field without space around it; empty if there is none."""
        value = self.raw.get(name)
        if value is None or isinstance(value, list | tuple):
            return ""
        if isinstance(value, bool):
            return "ja" if value else "nei"
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        found = str(value).strip()
        if len(found) > LONGEST:
            self.fault(name, f"Er lengre enn {LONGEST} tegn.",
                       f"Is longer than {LONGEST} characters.")  # fmt: skip
            return ""
        return found

    def sentence(self, name: str) -> str:
        """Text for people, on one line; characters that nobody sees are a fault."""
        found = _SPACES.sub(" ", self.text(name))
        if any(unicodedata.category(c)[0] == "C" for c in found):
            self.fault(name, "Har tegn som ikke kan vises.",
                       "Has characters that cannot be shown.")  # fmt: skip
            return ""
        return found

    def number(self, name: str, *, is_positive: bool = False) -> float | None:
        """A number of zero or more; none if the field is empty."""
        value = self.raw.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:  # a whole number of hundreds of digits in a sheet
                number = _LARGEST * 2
        else:
            written = _SPACES.sub("", self.text(name))
            if not written:
                return None
            if _TWO_WAYS.fullmatch(written):
                self.fault(name, f"«{written}» kan leses på to måter. Skriv tusener uten skilletegn"
                           ", og bare én eller to desimaler.",
                           f"‘{written}’ can be read in two ways. Write thousands without a mark, "
                           "and one or two decimals only.")  # fmt: skip
                return None
            if not _NUMBER.fullmatch(written):
                self.fault(name, f"«{written[:40]}» er ikke et tall på null eller mer.",
                           f"‘{written[:40]}’ is no number of zero or more.")  # fmt: skip
                return None
            number = float(written.replace(",", "."))
        if not 0 <= number <= _LARGEST or (is_positive and number == 0):
            self.fault(name, "Må være et tall over null." if is_positive
                       else "Må være null eller mer, og ikke uendelig stort.",
                       "Must be a number above zero." if is_positive
                       else "Must be zero or more, and not endlessly large.")  # fmt: skip
            return None
        return number

    def year(self, name: str) -> int | None:
        """A year; none if the field is empty."""
        written = self.text(name)
        if not written:
            return None
        if not re.fullmatch(r"(?:19[9]\d|2[01]\d\d)", written):
            self.fault(name, "Skriv et årstall, som 2026.", "Write a year, such as 2026.")
            return None
        return int(written)

    def day(self, name: str, *, span: str = "") -> date | None:
        """A day written ``2027-03-01`` or ``1.3.2027``; none if the field is empty.

        With ``span`` a month or a year will do too, and is its first or last day: ``first``,
        ``last``.
        """
        value = self.raw.get(name)
        if isinstance(value, datetime):
            found: date | None = value.date()
        elif isinstance(value, date):
            found = value
        else:
            written = self.text(name)
            if not written:
                return None
            if span and (days := span_of(written)):
                written = days[span == "last"].isoformat()
            turned = _DAY_FIRST.fullmatch(written)
            iso = f"{turned[3]}-{int(turned[2]):02}-{int(turned[1]):02}" if turned else written
            try:
                found = date.fromisoformat(iso) if re.fullmatch(r"\d{4}-\d\d-\d\d", iso) else None
            except ValueError:
                found = None
        if found is None or not _FIRST <= found <= _LAST:
            nb, en = "Er ikke en dato. Skriv 2027-03-01", "Is no date. Write 2027-03-01"
            self.fault(name, f"{nb}, 01.03.2027 eller mars 2027." if span
                       else f"{nb} eller 01.03.2027.",
                       f"{en}, 01.03.2027 or March 2027." if span
                       else f"{en} or 01.03.2027.")  # fmt: skip
            return None
        return found

    def choice(self, name: str, known: Collection[str], *, is_needed: bool = False) -> str | None:
        """One of the known values; none if the field is empty."""
        written = self.text(name)
        if not written:
            if is_needed and name not in self.faults:
                self.fault(name, "Må fylles ut.", "Must be filled in.")
            return None
        if written not in known:
            shown = ", ".join(sorted(known)[:12])
            self.fault(name, f"«{written[:60]}» er ikke blant valgene: {shown}",
                       f"‘{written[:60]}’ is not among the choices: {shown}")  # fmt: skip
            return None
        return written

    def unit(self, name: str, *, is_needed: bool = False) -> str | None:
        """A unit that facilities are measured in."""
        return self.choice(name, UNITS, is_needed=is_needed)

    def many(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Some of the known values: ticked, or with commas between them."""
        value = self.raw.get(name)
        parts = list(value) if isinstance(value, list | tuple) else self.text(name).split(",")
        found = dict.fromkeys(p.strip() for p in map(str, parts) if p.strip())
        wrong = [p for p in found if p not in known]
        if wrong:
            self.fault(name, f"«{wrong[0][:60]}» er ikke blant valgene.",
                       f"‘{wrong[0][:60]}’ is not among the choices.")  # fmt: skip
        return tuple(p for p in found if p in known)

    def is_ticked(self, name: str) -> bool:
        """Whether a box is ticked, or yes is written."""
        written = self.text(name).casefold()
        if written not in _YES and written not in _NO:
            self.fault(name, "Skriv ja eller nei.", "Write yes or no.")
        return written in _YES
