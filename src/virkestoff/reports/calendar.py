"""Calendars by RFC 5545 (iCalendar): all-day events, equal content gives equal bytes.

Lines end in CRLF and are folded after at most 75 octets, never inside a character; text escapes
backslash, semicolon, comma and line breaks (sections 3.1 and 3.3.11). The stamp of every event is
the date of the answer, and its UID follows from what it is about, so that importing a newer file
updates an event instead of adding another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang
from virkestoff.reports.output import printable

__all__ = ["Event", "render_calendar"]

LINE = 75  # constant: octets of a line, RFC 5545 section 3.1


@dataclass(frozen=True)
class Event:
    """A whole day.

    Attributes
    ----------
    key : what the event is about, apart from its day; the UID follows from it
    """

    key: str
    day: date
    title: str
    text: str
    url: str = ""


def render_calendar(events: Sequence[Event], name: str, as_of: date, lang: Lang) -> bytes:
    """The calendar as the bytes of an .ics file.

    Raises
    ------
    InputError
        if there is no event (a calendar must hold one), or two have one key.
    """
    keys = [event.key for event in events]
    if not keys:
        raise InputError(Fault("calendar", "has no event", why="RFC 5545 asks for at least one"))
    if len(set(keys)) < len(keys):
        raise InputError(Fault("calendar", "has two events of one key"))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Virkestoff//Guide//{lang.upper()}",
        "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for event in sorted(events, key=lambda e: (e.day, e.key)):
        lines += _event(event, as_of)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(event: Event, as_of: date) -> list[str]:
    uid = hashlib.sha256(event.key.encode()).hexdigest()[:32]
    lines = [
        "BEGIN:VEVENT", f"UID:{uid}@virkestoff", f"DTSTAMP:{as_of:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(event.title)}", f"DESCRIPTION:{_text(event.text)}", "TRANSP:TRANSPARENT",
    ]  # fmt: skip
    if event.url:
        lines.append(f"URL:{printable(event.url)}")
    lines.append("END:VEVENT")
    return lines


def _text(text: str) -> str:
    plain = printable(text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, "\\" + mark)
    return plain.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets; a piece after the first begins with a space."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
