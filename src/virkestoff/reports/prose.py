"""Prose of a report: a small markdown whose numbers come by reference only.

``{plant.unit_cost}``, ``{plant.unit_cost:range}``, ``{fact:production.x}``, ``{input:as_of}`` print
a number; ``[cite:source, place]`` cites; ``[ref:id]`` points to a section, figure or table;
``::figure id`` and ``::table id`` on a line of their own place one; ``::names 6-APA, R-109`` lists
names that hold digits. ``## Title {#id}`` starts a section. Any other digit is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from markdown_it import MarkdownIt

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.language import Lang
from virkestoff.reports.document import (
    Block,
    Citation,
    CrossReference,
    Figure,
    FrontPage,
    KeyNumber,
    Number,
    Paragraph,
    Run,
    Runs,
    Section,
    Table,
    Words,
)
from virkestoff.reports.markdown import Place, blocks_of

__all__ = [
    "FRONT",
    "NumberSource",
    "Prose",
    "ProseFile",
    "key_numbers",
    "prose_path",
    "read_file",
    "read_line",
    "read_prose",
]

FRONT = ("question", "answer", "numbers", "who-pays", "not-known")
"""Identifiers of the sections that make page 1."""


class NumberSource(Protocol):
    """What prose asks for its numbers."""

    def number(self, reference: str, where: str = ...) -> Number:
        """The number that ``reference`` names, or InputError."""
        ...


@dataclass(frozen=True)
class Prose:
    """What a prose file says: title, page 1 and sections."""

    title: str
    subtitle: str
    front: FrontPage
    sections: tuple[Section, ...]


def prose_path(folder: Path, lang: Lang) -> Path:
    """The prose file of a study in ``lang``: ``report.nb.md`` or ``report.en.md``."""
    return folder / f"report.{lang}.md"


_SPECIAL = re.compile(
    r"\{(?P<number>[^{}#\n][^{}\n]*)\}"
    r"|\[cite:(?P<cite>[^\]\n,]+)(?:,(?P<place>[^\]\n]+))?\]"
    r"|\[ref:(?P<ref>[^\]\n]+)\]"
)
_DIRECTIVE = re.compile(r"::(?P<kind>\w+)[ \t]+(?P<name>.+?)[ \t]*$")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*(?:\{#(?P<id>[^}]*)\})?[ \t]*$")
_URL = re.compile(r"\]\((?P<url>[^)\n]*)\)")
_ORDERED = re.compile(r"^\s*\d+[.)](?=\s)")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class _Reader:
    """Reads one file; holds its faults and the special runs found so far."""

    def __init__(
        self,
        where: str,
        numbers: NumberSource,
        tables: Mapping[str, Place],
        figures: Mapping[str, Place],
        sources: Collection[str],
        allowed: Collection[str],
    ) -> None:
        self.where = where
        self.numbers = numbers
        self.tables = tables
        self.figures = figures
        self.sources = sources
        self.allowed = list(allowed)
        self.faults = FaultCollector()
        self.special: list[Run] = []
        self.places: list[Place] = []

    def at(self, line: int, column: int) -> str:
        return f"{self.where}:{line}:{column}"

    def names(self, lines: list[str]) -> None:
        """The names with digits that the file declares."""
        for number, line in enumerate(lines, 1):
            found = _DIRECTIVE.match(line)
            if found and found["kind"] == "names":
                for name in found["name"].split(","):
                    if not re.search(r"[^\W\d_]", name):
                        self.faults.add(
                            self.at(number, line.index(name) + 1),
                            f"'{name.strip()}' is no name",
                            why="a name that is allowed digits holds a letter",
                        )
                    else:
                        self.allowed.append(name.strip())

    def hide(self, line: str, number: int) -> str:
        """The line with every reference replaced by a private sign that markdown leaves alone."""

        def sign(found: re.Match[str]) -> str:
            self.special.append(self.reference(found, number))
            return f"\ue000{len(self.special) - 1}\ue001"

        return _SPECIAL.sub(sign, line)

    def reference(self, found: re.Match[str], line: int) -> Run:
        where = self.at(line, found.start() + 1)
        if found["number"] is not None:
            try:
                return self.numbers.number(found["number"].strip(), where)
            except InputError as problem:
                self.faults.extend(problem)
                return Words("?")
        if found["cite"] is not None:
            source = found["cite"].strip()
            if source not in self.sources:
                self.faults.add(
                    where, f"source '{source}' is unknown", next_step=suggest(source, self.sources)
                )
            return Citation(source, (found["place"] or "").strip())
        return CrossReference(found["ref"].strip())

    def check_digits(self, line: str, number: int) -> None:
        """Report every digit outside references, addresses, list numbers and allowed names."""

        def blank(found: re.Match[str]) -> str:
            return " " * len(found[0])

        left = _URL.sub(blank, _SPECIAL.sub(blank, line))
        left = re.sub(r"\{#[^}]*\}", blank, _ORDERED.sub(blank, left))
        for name in sorted(self.allowed, key=len, reverse=True):
            left = re.sub(rf"(?<!\w){re.escape(name)}(?!\d)", blank, left)
        for found in re.finditer(r"\d[\d.,\u00a0\u202f ]*\d|\d", left):
            self.faults.add(
                self.at(number, found.start() + 1),
                f"the number '{found[0]}' is typed by hand",
                why="a number in prose comes from an outcome, a fact or an input",
                next_step="Write {alternative.outcome}, {fact:<id>} or {input:<name>}, "
                "or declare a name with ::names",
            )
        for found in re.finditer(r"[{}]", re.sub(r"\{#[^}]*\}", blank, left)):
            self.faults.add(self.at(number, found.start() + 1), "a brace that holds no reference")

    def check_addresses(self, line: str, number: int) -> None:
        for found in _URL.finditer(line):
            if not re.match(r"\s*(https?://|mailto:)", found["url"], re.IGNORECASE):
                self.faults.add(
                    self.at(number, found.start("url") + 1),
                    f"the address '{found['url'][:60]}' is refused",
                    why="only http, https and mailto addresses are written",
                )

    def place(self, found: re.Match[str], line: int) -> str:
        """The sign for a figure or table that a directive places."""
        kind, name = found["kind"], found["name"]
        known: Mapping[str, Place] = self.tables if kind == "table" else self.figures
        where = self.at(line, 1)
        if kind not in ("table", "figure"):
            kinds = ("figure", "names", "table")
            self.faults.add(where, f"'::{kind}' is unknown", next_step=suggest(kind, kinds))
        elif name not in known:
            self.faults.add(where, f"{kind} '{name}' is unknown", next_step=suggest(name, known))
        else:
            self.places.append(known[name])
            return f"\ue002{len(self.places) - 1}\ue003"
        return ""


@dataclass
class _Part:
    title: str
    id: str
    level: int
    line: int
    lines: list[str]


def _parts(reader: _Reader, lines: list[str]) -> list[_Part]:
    """The file cut at its headings, with every reference hidden and checked."""
    parts = [_Part("", "", 0, 1, [])]
    for number, line in enumerate(lines, 1):
        directive = _DIRECTIVE.match(line)
        if directive:
            if directive["kind"] != "names":
                parts[-1].lines += ["", reader.place(directive, number), ""]
            continue
        reader.check_digits(line, number)
        reader.check_addresses(line, number)
        heading = _HEADING.match(line)
        if not heading:
            parts[-1].lines.append(reader.hide(line, number))
            continue
        level = len(heading["marks"]) - 1
        if level and not heading["id"]:
            reader.faults.add(
                reader.at(number, 1), "the heading has no identifier",
                next_step="Write ## Title {#id}",
            )  # fmt: skip
        if _SPECIAL.search(heading["title"]):
            reader.faults.add(reader.at(number, 1), "the heading holds a reference")
        parts.append(_Part(heading["title"], heading["id"] or "", level, number, []))
    return parts


def read_prose(
    text: str,
    where: str,
    numbers: NumberSource,
    *,
    tables: Mapping[str, Table] | None = None,
    figures: Mapping[str, Figure] | None = None,
    sources: Collection[str] = (),
    allowed: Collection[str] = (),
) -> Prose:
    """Read a prose file.

    Parameters
    ----------
    text : the file's text
    where : the file's name, for messages
    numbers : answers the references, for example a ``NumberBook``
    tables, figures : what ``::table`` and ``::figure`` may place, by name
    sources : ids that may be cited
    allowed : names that hold digits, beside those of ``::names``

    Raises
    ------
    InputError
        listing every fault with file, line and column.
    """
    file = read_file(
        text, where, numbers, tables=tables, figures=figures, sources=sources, allowed=allowed
    )
    front: dict[str, tuple[Block, ...]] = {}
    sections: list[Section] = []
    for section in file.sections:
        if section.id in FRONT:
            front[section.id] = section.blocks
        else:
            sections.append(section)
    page = _front_page(front, where, file.faults)
    file.faults.raise_if_any()
    return Prose(file.title, file.subtitle, page, tuple(sections))


@dataclass(frozen=True)
class ProseFile:
    """A prose file as it stands: title, subtitle, sections in order, and the faults so far."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    faults: FaultCollector


def read_file(
    text: str,
    where: str,
    numbers: NumberSource,
    *,
    tables: Mapping[str, Table] | None = None,
    figures: Mapping[str, Figure] | None = None,
    sources: Collection[str] = (),
    allowed: Collection[str] = (),
) -> ProseFile:
    """Read a prose file without asking which sections it must have; nothing is raised.

    Parameters are those of :func:`read_prose`. The caller adds its own faults and raises.
    """
    # An empty mapping may answer for names that are known only later: only None is replaced.
    tables = {} if tables is None else tables
    figures = {} if figures is None else figures
    reader = _Reader(where, numbers, tables, figures, sources, allowed)
    lines = _PRIVATE.sub("", text).splitlines()
    reader.names(lines)
    markdown = MarkdownIt("commonmark", {"html": False})
    title, subtitle = "", ""
    sections: list[Section] = []
    for part in _parts(reader, lines):
        found = blocks_of(
            markdown, part.lines, reader.special, reader.places, reader.faults,
            f"{where}:{part.line}",
        )  # fmt: skip
        if part.level == 0:
            title = title or part.title
            subtitle = subtitle or _plain(_first_runs(found))
        else:
            sections.append(Section(part.id, part.title, found, part.level))
    if not title:
        reader.faults.add(where, "has no title", next_step="Start the file with # Title")
    return ProseFile(title, subtitle, tuple(sections), reader.faults)


def read_line(text: str, where: str, numbers: NumberSource, faults: FaultCollector) -> str:
    """A caption, title or note with its ``{references}`` printed; a typed digit is a fault."""
    reader = _Reader(where, numbers, {}, {}, (), ())
    reader.check_digits(text, 1)

    def printed(found: re.Match[str]) -> str:
        return _plain((reader.reference(found, 1),))

    shown = _SPECIAL.sub(printed, text)
    faults.faults += reader.faults.faults
    return shown


def _first_runs(found: tuple[Block, ...]) -> Runs:
    for block in found:
        if isinstance(block, Paragraph):
            return block.runs
    return ()


def _items(found: tuple[Block, ...]) -> tuple[Runs, ...]:
    return tuple(i for b in found for i in getattr(b, "items", ()))


def _plain(runs: Runs) -> str:
    return "".join(run.text for run in runs if isinstance(run, Words | Number)).strip()


def _front_page(
    front: Mapping[str, tuple[Block, ...]], where: str, faults: FaultCollector
) -> FrontPage:
    for name in FRONT:
        if name not in front:
            faults.add(where, f"has no section {{#{name}}}", why="page 1 is made from it")
    return FrontPage(
        _plain(_first_runs(front.get("question", ()))),
        _first_runs(front.get("answer", ())),
        key_numbers(front["numbers"], where, faults) if "numbers" in front else (),
        _first_runs(front.get("who-pays", ())),
        _items(front.get("not-known", ())),
    )


def key_numbers(
    found: tuple[Block, ...], where: str, faults: FaultCollector
) -> tuple[KeyNumber, ...]:
    """The three numbers of a section ``numbers``; another count is a fault."""
    keys = tuple(_key_number(item, where, faults) for item in _items(found))
    if len(keys) != 3:
        faults.add(
            f"{where}: section {{#numbers}}",
            f"lists {len(keys)} numbers, not three",
            next_step="Write - {number} | what it is | its range in words",
        )
    return keys


def _key_number(item: Runs, where: str, faults: FaultCollector) -> KeyNumber:
    """``{number} | what it is | its range in words``."""
    number = next((run for run in item if isinstance(run, Number)), None)
    pieces = [piece.strip() for piece in _plain(item).split("|")]
    if number is None or len(pieces) != 3:
        faults.add(
            f"{where}: section {{#numbers}}",
            f"'{_plain(item)[:60]}' is no key number",
            next_step="Write - {number} | what it is | its range in words",
        )
        return KeyNumber("?", "?", "?")
    return KeyNumber(pieces[0], pieces[1], pieces[2], number.mark, number.key, number.origin)
