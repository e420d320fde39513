"""What stands in a line of text: words, numbers by reference, links, citations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Citation", "CrossReference", "Link", "Mark", "Number", "Run", "Runs", "Words"]

Mark = Literal["read", "unverified", "assumption"]


@dataclass(frozen=True)
class Words:
    """A stretch of text."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True)
class Number:
    """A number that came by reference; the reader can follow ``key`` to where it comes from.

    ``text`` is what is printed, already in the reader's locale; ``origin`` says in a few words
    where it comes from (an outcome of the study, a fact with its source).
    """

    key: str
    text: str
    mark: Mark = "read"
    origin: str = ""


@dataclass(frozen=True)
class Link:
    """A link out of the report; only http, https and mailto addresses pass the check."""

    text: str
    url: str


@dataclass(frozen=True)
class Citation:
    """A source in the list of references, with the place in it."""

    source: str
    place: str = ""


@dataclass(frozen=True)
class CrossReference:
    """A section, figure or table of the same report."""

    target: str


Run = Words | Number | Link | Citation | CrossReference
Runs = tuple[Run, ...]
