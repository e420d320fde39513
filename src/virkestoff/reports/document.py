"""The document tree: what a report says, apart from how it is printed.

A tree is checked when it is made: identifiers are unique, headings never skip a level, every
cross-reference and citation has its target, and every figure has alternative text and data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from virkestoff.errors import FaultCollector, suggest
from virkestoff.language import Lang
from virkestoff.reports.blocks import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Figure,
    Paragraph,
    Table,
    runs_of,
)
from virkestoff.reports.runs import (
    Citation,
    CrossReference,
    Link,
    Mark,
    Number,
    Run,
    Runs,
    Words,
)

__all__ = [
    "Block",
    "Bullets",
    "Callout",
    "Cell",
    "Citation",
    "Column",
    "CrossReference",
    "Document",
    "Figure",
    "FrontPage",
    "FrontPart",
    "KeyNumber",
    "Link",
    "Mark",
    "Number",
    "Paragraph",
    "Reference",
    "Run",
    "Runs",
    "Section",
    "Table",
    "Words",
]


@dataclass(frozen=True)
class Section:
    """A heading (level 1 to 3) and what stands under it until the next heading."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    level: int = 1


@dataclass(frozen=True)
class KeyNumber:
    """One of the three numbers of page 1, with its range in words."""

    value: str
    label: str
    range_text: str
    mark: Mark = "read"
    key: str = ""
    origin: str = ""


@dataclass(frozen=True)
class FrontPart:
    """A heading of page 1 with a list under it; ``ordered`` numbers the list."""

    title: str
    items: tuple[Runs, ...]
    ordered: bool = False


@dataclass(frozen=True)
class FrontPage:
    """Page 1: question, answer in two sentences, three numbers, who pays, what is not known.

    Where nothing is paid, ``who_pays`` is empty and its heading is left out, or
    ``who_pays_title`` heads what stands in its place (the guide: what to find out first);
    ``parts`` are further lists before what is not known;
    ``has_mark_note`` says that the page explains the marks of uncertain numbers.
    """

    question: str
    answer: Runs
    key_numbers: tuple[KeyNumber, ...]
    who_pays: Runs
    not_known: tuple[Runs, ...]
    who_pays_title: str = ""
    has_mark_note: bool = True
    parts: tuple[FrontPart, ...] = ()

    @property
    def runs(self) -> Runs:
        """Every run of page 1, in reading order."""
        items = [*(item for part in self.parts for item in part.items), *self.not_known]
        return (*self.answer, *self.who_pays, *(run for item in items for run in item))


@dataclass(frozen=True)
class Reference:
    """An entry in the list of references."""

    id: str
    title: str
    publisher: str
    year: int | None = None
    url: str = ""


_ID = re.compile(r"[a-z][a-z0-9_-]*\Z")
_SAFE_URL = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f<>\"]+\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A whole report.

    ``figures_stay`` keeps a figure where it stands, under its heading; else it floats with its data
    to the top or foot of a page of the PDF and text fills up, which suits chapters of much text.

    Raises
    ------
    InputError
        on making it, listing every fault of the tree.
    """

    title: str
    subtitle: str
    lang: Lang
    as_of: date
    front: FrontPage
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()
    author: str = "Virkestoff"
    figures_stay: bool = False

    def __post_init__(self) -> None:
        faults = FaultCollector()
        _check_front(self, faults)
        _check_ids(self, faults)
        _check_headings(self, faults)
        _check_figures(self, faults)
        _check_runs(self, faults)
        faults.raise_if_any()


def blocks(document: Document) -> Iterator[Block]:
    """Every block of the document, in order."""
    for section in document.sections:
        yield from section.blocks


def all_runs(document: Document) -> Iterator[Run]:
    """Every run of the document, in reading order, front page first."""
    yield from document.front.runs
    for block in blocks(document):
        yield from runs_of(block)


def _check_front(document: Document, faults: FaultCollector) -> None:
    front = document.front
    if len(front.key_numbers) != 3:
        faults.add(
            "front page: key numbers",
            f"are {len(front.key_numbers)}, not three",
            why="page 1 answers with three numbers and their ranges",
        )
    for what, value in (
        ("title", document.title),
        ("question", front.question),
        ("answer", front.answer),
        ("what is not known", front.not_known),
    ):
        if not value:
            faults.add(f"front page: {what}", "is empty")


def text_numbers(document: Document) -> Iterator[Number]:
    """The numbers of page 1 and of running text; those in tables are named by row and column."""
    front = document.front
    for key in front.key_numbers:
        if key.key:
            yield Number(key.key, key.value, key.mark, key.origin)
    running = [*front.runs]
    for block in blocks(document):
        if not isinstance(block, Table | Figure):
            running += runs_of(block)
    yield from (run for run in running if isinstance(run, Number))


def _named(document: Document) -> Iterator[tuple[str, str]]:
    for section in document.sections:
        yield "section", section.id
        for block in section.blocks:
            if isinstance(block, Table | Figure):
                yield type(block).__name__.lower(), block.id


def _check_ids(document: Document, faults: FaultCollector) -> None:
    seen: dict[str, str] = {}
    for kind, name in _named(document):
        if not _ID.match(name):
            faults.add(
                f"{kind} '{name}'",
                "is no valid identifier",
                next_step="Use lower-case letters a-z, digits, - and _, starting with a letter",
            )
        if name in seen:
            faults.add(f"{kind} '{name}'", f"has the identifier of a {seen[name]} above")
        seen.setdefault(name, kind)


def _check_headings(document: Document, faults: FaultCollector) -> None:
    above = 0
    for section in document.sections:
        if not 1 <= section.level <= 3 or section.level > above + 1:
            faults.add(
                f"section '{section.id}'",
                f"is at level {section.level} under level {above}",
                why="headings never skip a level, and stop at three",
            )
        above = section.level


def _check_figures(document: Document, faults: FaultCollector) -> None:
    for block in blocks(document):
        if isinstance(block, Table | Figure):
            where = f"{type(block).__name__.lower()} '{block.id}'"
            for i, row in enumerate(block.rows, 1):
                if len(row) != len(block.columns):
                    faults.add(
                        where, f"row {i} has {len(row)} cells, and {len(block.columns)} columns"
                    )
            title = block.caption if isinstance(block, Table) else block.title
            if not title.strip():
                faults.add(where, "has no title")
        if isinstance(block, Figure):
            if not block.alt.strip():
                faults.add(where, "has no alternative text", why="not every reader sees it")
            if not block.rows:
                faults.add(where, "has no data table", why="a figure stands with its data")


def _check_runs(document: Document, faults: FaultCollector) -> None:
    names = {name for _, name in _named(document)}
    sources = {reference.id for reference in document.references}
    for run in all_runs(document):
        match run:
            case CrossReference(target) if target not in names:
                faults.add(
                    f"cross-reference '{target}'",
                    "has no section, figure or table",
                    next_step=suggest(target, names),
                )
            case Citation(source) if source not in sources:
                faults.add(
                    f"citation '{source}'",
                    "is not in the list of references",
                    next_step=suggest(source, sources),
                )
            case Link(text, url) if not _SAFE_URL.match(url):
                faults.add(
                    f"link '{text}'",
                    f"has an address that is refused: {url[:60]!r}",
                    why="only http, https and mailto addresses are written",
                )
    for reference in document.references:
        if reference.url and not _SAFE_URL.match(reference.url):
            faults.add(
                f"reference '{reference.id}'", f"has an address that is refused: {reference.url!r}"
            )
