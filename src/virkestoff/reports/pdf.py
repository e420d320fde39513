"""PDF by typst: tagged (PDF/UA-1), one font, dated with the report and not with the clock."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from virkestoff.errors import Fault, InputError
from virkestoff.language import format_date
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

__all__ = ["render_pdf"]

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
        template = files("virkestoff.reports").joinpath("report.typ").read_text(encoding="utf-8")
        (folder / "report.typ").write_text(template, encoding="utf-8")
        for file, svg in writer.pictures.items():
            (folder / file).write_text(svg, encoding="utf-8")
        data = _compile(folder, document)
    write_whole(path, data)


def _compile(folder: Path, document: Document) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_folder())],
    )
    day = document.as_of
    try:
        compiler = typst.Compiler(str(folder / "report.typ"), root=str(folder), font_paths=fonts)
        data = compiler.compile(
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    except typst.TypstError as problem:
        why = re.sub(r"\s+", " ", str(problem)).replace(str(folder), "")
        raise InputError(Fault("report.pdf", "cannot be typeset", why=why[:400])) from None
    if not isinstance(data, bytes):
        raise InputError(Fault("report.pdf", "came back as several files"))
    return data


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
            "title": _clean(document.title),
            "short": _clean(short),
            "subtitle": _clean(document.subtitle),
            "author": _clean(document.author),
            "as_of": f"{word('as_of', self.lang)} {format_date(day, self.lang)}",
            "date": [day.year, day.month, day.day],
            "lang": self.lang,
            "region": LOCALES[self.lang][-2:],
            "words": {key: text.in_(self.lang) for key, text in WORDS.items()},
            "question": _clean(front.question),
            "answer": self.runs(front.answer),
            "keys": [
                {
                    "value": _clean(k.value),
                    "to": self.anchors.get(k.key, ""),
                    "mark": mark_letter(k.mark),
                    "label": _clean(k.label),
                    "range": _clean(k.range_text),
                }
                for k in front.key_numbers
            ],
            "who_pays": self.runs(front.who_pays),
            "not_known": [self.runs(item) for item in front.not_known],
            "sections": [
                {
                    "id": section.id,
                    "level": section.level,
                    "number": self.numbering.sections[section.id],
                    "title": _clean(section.title),
                    "blocks": [self.block(b) for b in section.blocks],
                }
                for section in document.sections
            ],
            "numbers": self.origin_grid(),
            "references": [
                {
                    "label": f"ref:{r.id}",
                    "title": _clean(r.title),
                    "em": has_italic(_clean(r.title)),
                    "rest": _clean(r.publisher) + (f" ({r.year})." if r.year else "."),
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
            case Words(text, strong, emphasis):
                shown = _clean(text)
                slanted = emphasis and has_italic(shown)
                return {"k": "words", "text": shown, "strong": strong, "em": slanted}
            case Number(key, text, mark):
                return {
                    "k": "number",
                    "text": _clean(text),
                    "to": self.anchors.get(key, ""),
                    "mark": mark_letter(mark),
                }
            case Link(text, url):
                return {"k": "link", "text": _clean(text), "url": url}
            case Citation(source, place):
                after = f", {_clean(place)}]" if place else "]"
                number = str(self.numbering.citations[source])
                return {"k": "to", "before": "[", "text": number, "to": f"ref:{source}",
                        "after": after}  # fmt: skip
            case CrossReference(target):
                text = _clean(self.numbering.labels[target])
                return {"k": "to", "before": "", "text": text, "to": target, "after": ""}

    def block(self, block: Block) -> Plain:
        match block:
            case Paragraph(runs):
                return {"k": "paragraph", "runs": self.runs(runs)}
            case Bullets(items, ordered):
                return {"k": "bullets", "ordered": ordered, "items": [self.runs(i) for i in items]}
            case Callout(title, runs, tone):
                return {"k": "callout", "title": _clean(title), "runs": self.runs(runs),
                        "tone": tone}  # fmt: skip
            case Table():
                number = self.numbering.tables[block.id]
                parts = whole_columns(block, self.lang, TEXT_WIDTH_PT / SMALL)
                return {
                    "k": "table",
                    "parts": self.grids(block, parts),
                    "id": block.id,
                    "caption": f"{word('table', self.lang)} {number}. {_clean(block.caption)}",
                    "under": self.under(block.notes, block.source_line),
                }
            case Figure():
                return self.figure(block)

    def under(self, notes: tuple[str, ...], source_line: str) -> list[str]:
        lines = [_clean(note) for note in notes]
        if source_line:
            lines.append(f"{word('source', self.lang)}: {_clean(source_line)}")
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
            "caption": f"{word('figure', self.lang)} {number}. {_clean(figure.title)}",
            "sub": _clean(figure.subtitle),
            "alt": _clean(figure.alt),
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
                    "title": _clean(column.title),
                    "unit": _clean(column.unit),
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


def _clean(text: str) -> str:
    return displayable(printable(text))
