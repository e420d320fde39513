"""PDF by typst: tagged (PDF/UA-1), one font, dated with the report and not with the clock."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from virkestoff.errors import Fault, InputError
from virkestoff.language import format_date, place_in
from virkestoff.reports.document import (
    Block,
    Bullets,
    Callout,
    Citation,
    CrossReference,
    Document,
    Figure,
    Link,
    Number,
    Paragraph,
    Run,
    Runs,
    Table,
    Words,
)
from virkestoff.reports.drawing import column_share, draw_svg
from virkestoff.reports.fonts import displayable, font_folder, has_italic
from virkestoff.reports.numbering import (
    Numbering,
    cell_runs,
    mark_letter,
    number_document,
    numbers_table,
)
from virkestoff.reports.output import printable, write_whole
from virkestoff.reports.tables import column_widths, is_tight, whole_columns
from virkestoff.reports.words import LOCALES, WORDS, word

__all__ = ["Plain", "Typesetter", "clean", "plain_run", "render_pdf", "typesetter"]

Plain = dict[str, Any]

SMALL, NORMAL = 8.4, 9.3
"""Type sizes of tables, in points."""
TEXT_WIDTH_PT = 459.0


def render_pdf(document: Document, path: Path) -> None:
    """Write the document as PDF/UA-1.

    The text reaches the typesetter as data (JSON), never as markup; system fonts are not read.

    Raises
    ------
    InputError
        if the folder cannot be written, or the typesetter refuses the document.
    """
    writer = _Writer(document)
    plain = writer.plain()
    with tempfile.TemporaryDirectory(prefix="virkestoff-pdf-") as name:
        folder = Path(name)
        (folder / "report.json").write_text(json.dumps(plain), encoding="utf-8")
        for file, svg in writer.pictures.items():
            (folder / file).write_text(svg, encoding="utf-8")
        data = typesetter(folder, "report.typ").pdf(document.as_of)
    write_whole(path, data)


@dataclass(frozen=True)
class Typesetter:
    """A template of this package with its data, ready to be typeset without system fonts."""

    compiler: typst.Compiler
    folder: Path
    shown: str

    def pdf(self, day: date) -> bytes:
        """The PDF/UA-1, dated ``day``.

        Raises
        ------
        InputError
            if the typesetter refuses the document.
        """
        try:
            data = self.compiler.compile(
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            )
        except typst.TypstError as problem:
            why = re.sub(r"\s+", " ", str(problem)).replace(str(self.folder), "")
            raise InputError(Fault(self.shown, "cannot be typeset", why=why[:400])) from None
        if not isinstance(data, bytes):
            raise InputError(Fault(self.shown, "came back as several files"))
        return data

    def value(self, label: str) -> Any:
        """What the template put under ``label`` as metadata."""
        found = self.compiler.query(f"<{label}>", field="value", one=True)
        return json.loads(found) if isinstance(found, str) else found


def typesetter(folder: Path, template: str) -> Typesetter:
    """A typesetter for ``template``, which is copied into ``folder`` beside its data."""
    for name in (template, "look.typ"):
        text = files("virkestoff.reports").joinpath(name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_folder())],
    )
    compiler = typst.Compiler(str(folder / template), root=str(folder), font_paths=fonts)
    return Typesetter(compiler, folder, template.replace(".typ", ".pdf"))


def plain_run(run: Words | Number | Link, to: str = "") -> Plain:
    """A run for the template; ``to`` is the anchor that a number leads to."""
    match run:
        case Words(text, strong, emphasis):
            shown = clean(text)
            slanted = emphasis and has_italic(shown)
            return {"k": "words", "text": shown, "strong": strong, "em": slanted}
        case Number(_, text, mark):
            return {"k": "number", "text": clean(text), "to": to, "mark": mark_letter(mark)}
        case Link(text, url):
            return {"k": "link", "text": clean(text), "url": url}


class _Writer:
    """Turns a document into plain data for the template, and keeps the figures it names."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lang = document.lang
        self.numbering: Numbering = number_document(document)
        self.origins = numbers_table(document)
        self.pictures: dict[str, str] = {}
        self.anchors: dict[str, str] = {}
        if self.origins is not None:
            for i, row in enumerate(self.origins.rows, 1):
                self.anchors.setdefault(str(row[1]), f"number:{i}")

    def plain(self) -> Plain:
        document, front = self.document, self.document.front
        day = document.as_of
        short = document.title if len(document.title) <= 90 else document.title[:88] + "…"
        return {
            "title": clean(document.title),
            "short": clean(short),
            "subtitle": clean(document.subtitle),
            "author": clean(document.author),
            "as_of": f"{word('as_of', self.lang)} {format_date(day, self.lang)}",
            "date": [day.year, day.month, day.day],
            "lang": self.lang,
            "figures_stay": document.figures_stay,
            "region": LOCALES[self.lang][-2:],
            "words": {key: text.in_(self.lang) for key, text in WORDS.items()},
            "question": clean(front.question),
            "answer": self.runs(front.answer),
            "keys": [
                {
                    "value": clean(k.value),
                    "to": self.anchors.get(k.key, ""),
                    "mark": mark_letter(k.mark),
                    "label": clean(k.label),
                    "range": clean(k.range_text),
                }
                for k in front.key_numbers
            ],
            "who_pays": self.runs(front.who_pays),
            "who_pays_title": clean(front.who_pays_title) or word("who_pays", self.lang),
            "parts": [
                {"title": clean(p.title), "ordered": p.ordered,
                 "items": [self.runs(item) for item in p.items]}
                for p in front.parts
            ],
            "mark_note": [word("mark_note", self.lang)] if front.has_mark_note else [],
            "not_known": [self.runs(item) for item in front.not_known],
            "sections": [
                {
                    "id": section.id,
                    "level": section.level,
                    "number": self.numbering.sections[section.id],
                    "title": clean(section.title),
                    "blocks": [self.block(b) for b in section.blocks],
                }
                for section in document.sections
            ],
            "numbers": self.origin_grid(),
            "references": [
                {
                    "label": f"ref:{r.id}",
                    "title": clean(r.title),
                    "em": has_italic(clean(r.title)),
                    "rest": clean(r.publisher) + (f" ({r.year})." if r.year else "."),
                    "url": r.url,
                }
                for r in self.numbering.references
            ],
        }

    def origin_grid(self) -> Plain | None:
        if self.origins is None:
            return None
        grid = self.grid(self.origins)
        seen: set[str] = set()
        for row, cells in zip(self.origins.rows, grid["rows"], strict=True):
            key = str(row[1])
            if key not in seen:
                seen.add(key)
                cells["label"] = self.anchors[key]
        return grid

    def runs(self, runs: Runs) -> list[Plain]:
        return [self.run(run) for run in runs]

    def run(self, run: Run) -> Plain:
        match run:
            case Words() | Link():
                return plain_run(run)
            case Number(key):
                return plain_run(run, self.anchors.get(key, ""))
            case Citation(source, place):
                after = f", {clean(place_in(place, self.lang))}]" if place else "]"
                number = str(self.numbering.citations[source])
                return {"k": "to", "before": "[", "text": number, "to": f"ref:{source}",
                        "after": after}  # fmt: skip
            case CrossReference(target):
                text = clean(self.numbering.labels[target])
                return {"k": "to", "before": "", "text": text, "to": target, "after": ""}

    def block(self, block: Block) -> Plain:
        match block:
            case Paragraph(runs):
                return {"k": "paragraph", "runs": self.runs(runs)}
            case Bullets(items, ordered):
                return {"k": "bullets", "ordered": ordered, "items": [self.runs(i) for i in items]}
            case Callout(title, runs, tone):
                return {"k": "callout", "title": clean(title), "runs": self.runs(runs),
                        "tone": tone}  # fmt: skip
            case Table():
                number = self.numbering.tables[block.id]
                parts = whole_columns(block, self.lang, TEXT_WIDTH_PT / SMALL)
                return {
                    "k": "table",
                    "parts": self.grids(block, parts),
                    "id": block.id,
                    "caption": f"{word('table', self.lang)} {number}. {clean(block.caption)}",
                    "under": self.under(block.notes, block.source_line),
                }
            case Figure():
                return self.figure(block)

    def under(self, notes: tuple[str, ...], source_line: str) -> list[str]:
        lines = [clean(note) for note in notes]
        if source_line:
            lines.append(f"{word('source', self.lang)}: {clean(source_line)}")
        return lines

    def figure(self, figure: Figure) -> Plain:
        number = self.numbering.figures[figure.id]
        svg = draw_svg(figure.spec, self.lang)
        file = f"figure-{number}.svg"
        self.pictures[file] = displayable(svg)
        data = Table(f"{figure.id}-data", figure.title, figure.columns, figure.rows)
        return {
            "k": "figure",
            "id": figure.id,
            "caption": f"{word('figure', self.lang)} {number}. {clean(figure.title)}",
            "sub": clean(figure.subtitle),
            "alt": clean(figure.alt),
            "file": file,
            "name": f"{word('figure', self.lang)} {number}",
            "width": column_share(svg) * 100,
            "under": self.under((), figure.source_line),
            "data": [
                self.grid(part, SMALL)
                for part in whole_columns(data, self.lang, TEXT_WIDTH_PT / SMALL)
            ],
        }

    def grids(self, table: Table, parts: tuple[Table, ...]) -> list[Plain]:
        """The table whole, or in parts of one type size."""
        return [self.grid(part, SMALL if len(parts) > 1 else 0.0) for part in parts]

    def grid(self, table: Table, size: float = 0.0) -> Plain:
        size = size or (SMALL if len(table.columns) > 5 else NORMAL)
        room = TEXT_WIDTH_PT / size
        return {
            "columns": [
                {
                    "title": clean(column.title),
                    "unit": clean(column.unit),
                    "right": column.align == "right",
                }
                for column in table.columns
            ],
            "widths": column_widths(table, self.lang, room),
            "tight": is_tight(table, self.lang, room),
            "size": size,
            "rows": [
                {
                    "cells": [
                        self.runs(cell_runs(cell, column, self.lang))
                        for cell, column in zip(row, table.columns, strict=True)
                    ]
                }
                for row in table.rows
            ],
        }


def clean(text: str) -> str:
    """Text with the characters that the font can show."""
    return displayable(printable(text))
