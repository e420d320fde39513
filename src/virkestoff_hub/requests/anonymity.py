"""Whether a text that is meant to be anonymous names somebody: the company, a person, a way there.

It finds what was written in the confidential part and what looks like an address or a number. It
cannot find a product name or a trait that only one company has; the page says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["names_somebody"]

_LEGAL_FORM = re.compile(r"\b(as|asa|sa|ans|da|ab|a/s|aps|oy|oyj|ltd|llc|inc|gmbh|plc|bv|nv)\b\.?")
_PATTERNS = (
    re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"\b[\w-]{2,}\.(?:no|com|se|dk|fi|org|net|io|eu|bio|health)\b", re.IGNORECASE),
    re.compile(r"(?<!\d)(?:\+\d{2}[ \u00a0]?)?(?:\d[ \u00a0]?){8,9}(?!\d)"),
)
_SHORTEST = 3
"""Letters below which a name is too likely to be a common word."""
_HOSTS = frozenset(("gmail", "outlook", "hotmail", "yahoo", "icloud", "online", "live", "proton"))


def _plain(text: str) -> str:
    """Letters and digits alone, without case and marks, words kept apart by one blank."""
    split = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in split if not unicodedata.combining(c))
    return " ".join(kept.split())


def _names(confidential: Mapping[str, Any], owner: Any) -> Iterator[str]:
    company = str(confidential.get("company", "")).casefold()
    yield company
    yield _LEGAL_FORM.sub(" ", company)
    yield str(confidential.get("contact_name", ""))
    for address in (str(confidential.get("contact_email", "")), getattr(owner, "email", "")):
        host = address.rpartition("@")[2].partition(".")[0]
        if host.casefold() not in _HOSTS:
            yield host
    yield getattr(owner, "username", "")


def names_somebody(text: str, confidential: Mapping[str, Any], owner: Any) -> str:
    """What in a text names somebody; empty if nothing was found.

    Examples
    --------
    >>> names_somebody("Ask at lab.no", {}, None)
    'lab.no'
    >>> names_somebody("Made by acme-pharma", {"company": "Acme Pharma AS"}, None)
    'acme pharma'
    """
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            return found[0].strip()
    plain = f" {_plain(text)} "
    joined = plain.replace(" ", "")
    for name in _names(confidential, owner):
        wanted = _plain(name)
        if len(wanted) < _SHORTEST:
            continue
        if f" {wanted} " in plain or (" " in wanted and wanted.replace(" ", "") in joined):
            return wanted
    digits = re.sub(r"\D", "", str(confidential.get("organisation_number", "")))
    return digits if digits and digits in re.sub(r"\D", "", text) else ""
