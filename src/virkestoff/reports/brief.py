"""The brief: one page from a study, for a reader who reads no more.

Its prose stands in ``brief.nb.md`` and ``brief.en.md`` of the study's folder, with the rules of the
report: numbers come by reference, all faults are told at once. The sections are fixed
(``SECTIONS``). ``[ref:id]`` names a section of the full report in words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.language import Lang
from virkestoff.reports.document import (
    Block,
    Bullets,
    Citation,
    CrossReference,
    Document,
    Figure,
    KeyNumber,
    Paragraph,
    Run,
    Runs,
    Section,
    Words,
)
from virkestoff.reports.numbering import number_document
from virkestoff.reports.prose import NumberSource, ProseFile, key_numbers, read_file

__all__ = [
    "SECTIONS",
    "Brief",
    "Targets",
    "brief_path",
    "brief_text",
    "faults_of_missing_briefs",
    "read_brief",
    "targets_of",
]

SECTIONS = (
    "question", "recommendation", "numbers", "who-pays", "who-disagrees", "what-would-change",
)  # fmt: skip
"""Identifiers of the sections of a brief, in the order in which they are printed."""

Targets = Mapping[str, str]
"""Sections of the full report: id to what stands in the brief."""


@dataclass(frozen=True)
class Brief:
    """A brief in one language.

    Attributes
    ----------
    title, subtitle : heading lines
    sections : (id, blocks) in the order of ``SECTIONS`` without ``numbers``; blocks are
        paragraphs, lists and at most one figure in all
    key_numbers : the three numbers
    report_title : title of the full report
    where : the prose file, for messages
    """

    title: str
    subtitle: str
    lang: Lang
    as_of: date
    sections: tuple[tuple[str, tuple[Block, ...]], ...]
    key_numbers: tuple[KeyNumber, ...]
    report_title: str
    where: str
    author: str = "Virkestoff"

    def blocks(self, name: str) -> tuple[Block, ...]:
        """What stands in a section."""
        return dict(self.sections)[name]

    @property
    def figure(self) -> Figure | None:
        """The figure that is placed, if any."""
        found = (b for _, blocks in self.sections for b in blocks if isinstance(b, Figure))
        return next(found, None)


def brief_path(folder: Path, lang: Lang) -> Path:
    """The prose of a brief in ``lang``: ``brief.nb.md`` or ``brief.en.md``."""
    return folder / f"brief.{lang}.md"


def brief_text(folder: Path, lang: Lang) -> tuple[str, str] | None:
    """The text of a brief and its name for messages; ``None`` where the study has none."""
    path = brief_path(folder, lang)
    where = f"{folder.name}/{path.name}"
    if not path.exists():
        return None
    try:
        return path.read_text(encoding="utf-8"), where
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(Fault(where, "cannot be read", why=str(problem))) from None


def faults_of_missing_briefs(
    folder: Path, langs: Collection[Lang], faults: FaultCollector
) -> None:
    """A study that has a brief has it in every language that is asked for."""
    there = [lang for lang in langs if brief_path(folder, lang).exists()]
    for lang in langs:
        if there and lang not in there:
            faults.add(
                f"{folder.name}/brief.{lang}.md",
                "is missing",
                why=f"brief.{there[0]}.md is there, and a brief stands in every language",
                next_step="Write it, or take the other away",
            )


def targets_of(report: Document) -> Targets:
    """What ``[ref:id]`` prints for each section of the full report."""
    labels = number_document(report).labels
    return {s.id: _quoted(labels[s.id], s.title, report.lang) for s in report.sections}


def _quoted(label: str, title: str, lang: Lang) -> str:
    return f"{label}, «{title}»" if lang == "nb" else f"{label}, “{title}”"


def read_brief(
    text: str,
    where: str,
    numbers: NumberSource,
    *,
    lang: Lang,
    as_of: date,
    report_title: str,
    targets: Targets,
    figures: Mapping[str, Figure],
) -> Brief:
    """Read the prose of a brief.

    Parameters
    ----------
    text, where, numbers, figures : as in :func:`virkestoff.reports.prose.read_prose`
    report_title, targets : of the full report

    Raises
    ------
    InputError
        listing every fault with its place.
    """
    cited = [name.strip() for name in re.findall(r"\[cite:([^\],]+)", text)]
    file = read_file(text, where, numbers, tables={}, figures=figures, sources=cited)
    faults = file.faults
    found = _sections(file, where)
    keys = key_numbers(found["numbers"], where, faults) if "numbers" in found else ()
    sections = tuple(
        (name, tuple(_resolved(b, where, targets, faults) for b in found[name]))
        for name in SECTIONS
        if name != "numbers" and name in found
    )
    placed = [b for _, blocks in sections for b in blocks if isinstance(b, Figure)]
    if len(placed) > 1:
        faults.add(where, f"places {len(placed)} figures", why="a brief has room for one")
    faults.raise_if_any()
    return Brief(
        file.title, file.subtitle, lang, as_of, sections, keys, report_title, where
    )


def _sections(file: ProseFile, where: str) -> dict[str, tuple[Block, ...]]:
    """The sections by id; what is missing, empty, unknown or repeated is a fault."""
    faults = file.faults
    found: dict[str, tuple[Block, ...]] = {}
    for section in file.sections:
        _check_section(section, where, found, faults)
        found.setdefault(section.id, section.blocks)
    for name in SECTIONS:
        if name not in found:
            faults.add(where, f"has no section {{#{name}}}", why="a brief has six fixed sections")
        elif not found[name]:
            faults.add(f"{where}: section {{#{name}}}", "is empty")
    return found


def _check_section(
    section: Section, where: str, found: Collection[str], faults: FaultCollector
) -> None:
    place = f"{where}: section {{#{section.id}}}"
    if section.id not in SECTIONS:
        step = suggest(section.id, SECTIONS) or f"The sections are {', '.join(SECTIONS)}"
        faults.add(place, "is no section of a brief", next_step=step)
    if section.id in found:
        faults.add(place, "stands twice")
    for block in section.blocks:
        if section.id == "numbers" and not isinstance(block, Bullets):
            faults.add(place, "holds more than its list of three numbers")
        elif not isinstance(block, Paragraph | Bullets | Figure):
            faults.add(
                place,
                f"holds a {type(block).__name__.lower()}",
                why="a brief has paragraphs, lists and at most one figure",
            )


def _resolved(block: Block, where: str, targets: Targets, faults: FaultCollector) -> Block:
    """The block with the report's sections named in words."""

    def one(run: Run) -> Run:
        match run:
            case CrossReference(target):
                if target not in targets:
                    faults.add(
                        f"{where}: [ref:{target}]",
                        "names no section of the report",
                        next_step=suggest(target, targets),
                    )
                return Words(targets.get(target, "?"))
            case Citation(source):
                faults.add(
                    f"{where}: [cite:{source}]",
                    "cites a source, and a brief has no list of references",
                    next_step="Name the report's section that cites it: [ref:id]",
                )
                return Words("?")
            case _:
                return run

    def all_of(runs: Runs) -> Runs:
        return tuple(one(run) for run in runs)

    match block:
        case Paragraph(runs):
            return replace(block, runs=all_of(runs))
        case Bullets(items):
            return replace(block, items=tuple(all_of(item) for item in items))
        case _:
            return block

