"""Word by python-docx: native headings, captions, contents and cross-references."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

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
from virkestoff.reports.drawing import column_share, draw_png, draw_svg
from virkestoff.reports.numbering import (
    cell_runs,
    mark_letter,
    number_document,
    numbers_table,
)
from virkestoff.reports.output import printable, with_fixed_dates, write_whole
from virkestoff.reports.tables import column_widths, row_lines, whole_columns
from virkestoff.reports.theme import ACCENT, GREY, INK, WARM
from virkestoff.reports.word_layout import (
    TEXT_WIDTH_CM,
    TEXT_WIDTH_PT,
    colour_of,
    keep_rows,
    lay_out,
    set_borders,
    set_size,
)
from virkestoff.reports.word_parts import (
    add_bookmark,
    add_field,
    add_hyperlink,
    element,
    repeat_header,
    unnumber,
)
from virkestoff.reports.words import word

__all__ = ["render_docx"]

SMALL, NORMAL = 8.5, 9.5
"""Type sizes of tables, in points."""
LONG = 16
"""Letters of a key number above which the three are set smaller."""


def render_docx(document: Document, path: Path) -> None:
    """Write the document as a Word file; equal documents give equal bytes.

    Raises
    ------
    InputError
        if the folder cannot be written.
    """
    writer = _Writer(document)
    writer.write()
    buffer = io.BytesIO()
    writer.file.save(buffer)
    write_whole(path, with_fixed_dates(buffer.getvalue(), document.as_of))


class _Writer:
    """Fills a Word document; it holds the document, its numbers and its bookmarks."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lang = document.lang
        self.numbering = number_document(document)
        self.origins = numbers_table(document)
        self.file: Any = docx.Document()
        self.keys = {str(row[1]) for row in self.origins.rows} if self.origins else set()
        self.bookmarks: dict[str, str] = {}
        self.n_bookmarks = 0
        self.n_pictures = 0

    def write(self) -> None:
        lay_out(self.file, self.document)
        self.front()
        self.contents()
        for section in self.document.sections:
            heading = self.file.add_heading(printable(section.title), section.level)
            self.bookmark(heading, section.id)
            for block in section.blocks:
                self.block(block)
        self.ending()

    def word(self, key: str) -> str:
        return word(key, self.lang)

    def bookmark_of(self, key: str) -> str:
        return self.bookmarks.setdefault(key, f"_Ref{len(self.bookmarks) + 1:06d}")

    def bookmark(self, paragraph: Any, key: str) -> None:
        self.n_bookmarks += 1
        add_bookmark(paragraph, self.bookmark_of(key), self.n_bookmarks)

    def runs(self, paragraph: Any, runs: Runs) -> Any:
        for run in runs:
            self.run(paragraph, run)
        return paragraph

    def run(self, paragraph: Any, run: Run) -> None:
        match run:
            case Words(text, strong, emphasis):
                made = paragraph.add_run(printable(text))
                made.bold, made.italic = strong or None, emphasis or None
            case Number(key, text, mark):
                self.number(paragraph, key, printable(text))
                self.mark(paragraph, mark)
            case Link(text, url):
                made = add_hyperlink(paragraph, printable(text), url=url)
                made.font.color.rgb, made.font.underline = colour_of(ACCENT), True
            case Citation(source, place):
                paragraph.add_run("[")
                number = str(self.numbering.citations[source])
                made = add_hyperlink(paragraph, number, anchor=self.bookmark_of(f"ref:{source}"))
                made.font.color.rgb = colour_of(ACCENT)
                at = f", {printable(place_in(place, self.lang))}" if place else ""
                paragraph.add_run(f"{at}]")
            case CrossReference(target):
                self.cross_reference(paragraph, target)

    def number(self, paragraph: Any, key: str, text: str) -> Any:
        """A number that leads to its origin: by a link, or in a table by row and column."""
        if key in self.keys:
            return add_hyperlink(paragraph, text, anchor=self.bookmark_of(f"number:{key}"))
        return paragraph.add_run(text)

    def cross_reference(self, paragraph: Any, target: str) -> None:
        label, name = self.numbering.labels[target], self.bookmark_of(target)
        if target in self.numbering.sections:
            before, _, number = label.rpartition("\u00a0")
            paragraph.add_run(before + "\u00a0")
            add_field(paragraph, f"REF {name} \\r \\h", number)
        else:
            add_field(paragraph, f"REF {name} \\h \\* Lower", label)

    def mark(self, paragraph: Any, mark: str) -> None:
        letter = mark_letter(mark)
        if letter:
            made = paragraph.add_run(letter)
            made.font.superscript, made.font.bold = True, True
            made.font.color.rgb = colour_of(WARM)

    def small(self, text: str) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(3)
        made = paragraph.add_run(printable(text))
        made.font.size, made.font.color.rgb = Pt(9), colour_of(GREY)

    def front_head(self, key: str, title: str = "") -> None:
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.keep_with_next = True
        made = paragraph.add_run(printable(title) or self.word(key))
        made.bold, made.font.color.rgb = True, colour_of(ACCENT)

    def front(self) -> None:
        document, front = self.document, self.document.front
        self.file.add_paragraph(printable(document.title), style="Title")
        if document.subtitle:
            self.file.add_paragraph(printable(document.subtitle), style="Subtitle")
        self.small(f"{self.word('as_of')} {format_date(document.as_of, self.lang)}")
        self.front_head("question")
        self.file.add_paragraph(printable(front.question)).runs[0].font.size = Pt(12)
        self.front_head("answer")
        set_size(self.runs(self.file.add_paragraph(), front.answer), Pt(12))
        self.front_head("key_numbers")
        longest = max(len(key.value) for key in front.key_numbers)
        table = self.file.add_table(1, 3)
        for cell, key in zip(table.rows[0].cells, front.key_numbers, strict=True):
            paragraph = cell.paragraphs[0]
            self.number(paragraph, key.key, printable(key.value)).bold = True
            self.mark(paragraph, key.mark)
            set_size(paragraph, Pt(17 if longest <= LONG else 14))
            paragraph.paragraph_format.space_after = Pt(2)
            cell.add_paragraph(printable(key.label)).paragraph_format.space_after = Pt(2)
            made = cell.add_paragraph().add_run(printable(key.range_text))
            made.font.color.rgb = colour_of(GREY)
            set_borders(cell, top=(12, ACCENT))
        if front.who_pays:
            self.front_head("who_pays", front.who_pays_title)
            self.runs(self.file.add_paragraph(), front.who_pays)
        for part in front.parts:
            self.front_head("not_known", part.title)
            for item in part.items:
                style = "List Number" if part.ordered else "List Bullet"
                self.runs(self.file.add_paragraph(style=style), item)
        self.front_head("not_known")
        for item in front.not_known:
            paragraph = self.runs(self.file.add_paragraph(style="List Bullet"), item)
            paragraph.paragraph_format.space_after = Pt(1)
        if front.has_mark_note:
            self.small(self.word("mark_note"))

    def contents(self) -> None:
        head = self.file.add_paragraph()
        head.paragraph_format.page_break_before = True
        made = head.add_run(self.word("contents"))
        made.bold, made.font.size = True, Pt(17)
        entries = [
            (s.id, f"{self.numbering.sections[s.id]}\t{printable(s.title)}", s.level)
            for s in self.document.sections
        ]
        if self.origins is not None:
            entries.append(("numbers", self.word("numbers"), 1))
        if self.numbering.references:
            entries.append(("references", self.word("references"), 1))
        for i, (key, text, level) in enumerate(entries):
            paragraph = self.file.add_paragraph()
            form = paragraph.paragraph_format
            form.left_indent, form.space_after = Cm(0.8 * (level - 1)), Pt(2)
            form.tab_stops.add_tab_stop(Cm(0.8 * (level - 1) + 1.0))
            if i == 0:
                self.field_marks(paragraph, "begin", 'TOC \\o "1-3" \\h \\z \\u', "separate")
            add_hyperlink(paragraph, text, anchor=self.bookmark_of(key))
            if i == len(entries) - 1:
                self.field_marks(paragraph, "end")

    def field_marks(self, paragraph: Any, *kinds: str) -> None:
        """Parts of a field that spans several paragraphs."""
        for kind in kinds:
            run = paragraph.add_run()
            if kind in ("begin", "separate", "end"):
                run._r.append(element("fldChar", fldCharType=kind))
            else:
                code = element("instrText")
                code.text = f" {kind} "
                run._r.append(code)

    def block(self, block: Block) -> None:
        match block:
            case Paragraph(runs):
                self.runs(self.file.add_paragraph(), runs)
            case Bullets(items, ordered):
                style = "List Number" if ordered else "List Bullet"
                for item in items:
                    self.runs(self.file.add_paragraph(style=style), item)
            case Callout(title, runs, tone):
                self.callout(title, runs, WARM if tone == "warning" else ACCENT)
            case Table():
                self.caption("table", block.id, self.numbering.tables[block.id], block.caption)
                self.table(block)
                for note in block.notes:
                    self.small(note)
                self.source(block.source_line)
            case Figure():
                self.figure(block)

    def callout(self, title: str, runs: Runs, colour: str) -> None:
        table = self.file.add_table(1, 1)
        cell = table.rows[0].cells[0]
        set_borders(cell, left=(24, colour))
        cell.paragraphs[0].add_run(printable(title)).bold = True
        self.runs(cell.add_paragraph(), runs)
        self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def source(self, line: str) -> None:
        if line:
            self.small(f"{self.word('source')}: {line}")

    def caption(self, kind: str, key: str, number: int, text: str) -> None:
        """A caption whose number is a SEQ field, with a bookmark over "Figure 1"."""
        name = self.word(kind)
        paragraph = self.file.add_paragraph(style="Caption")
        paragraph.add_run(f"{name}\u00a0")
        add_field(paragraph, f"SEQ {name} \\* ARABIC", str(number))
        self.bookmark(paragraph, key)
        paragraph.add_run(f". {printable(text)}")

    def figure(self, figure: Figure) -> None:
        self.caption("figure", figure.id, self.numbering.figures[figure.id], figure.title)
        paragraph = self.file.add_paragraph()
        made = paragraph.add_run(printable(figure.subtitle))
        made.font.color.rgb = colour_of(GREY)
        # One paragraph with its picture: LibreOffice parts two, for all that the first keeps with
        # the next, and leaves a title on the page before its figure.
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.line_spacing = 1.0
        made.add_break()
        picture = paragraph.add_run().add_picture(io.BytesIO(draw_png(figure.spec, self.lang)))
        wide = Cm(TEXT_WIDTH_CM * column_share(draw_svg(figure.spec, self.lang)))
        picture.height = int(picture.height * wide / picture.width)
        picture.width = wide
        properties = picture._inline.docPr
        self.n_pictures += 1
        properties.set("id", str(self.n_pictures))
        properties.set("name", f"{self.word('figure')} {self.n_pictures}")
        properties.set("descr", printable(figure.alt))
        self.source(figure.source_line)
        head = self.file.add_paragraph()
        head.paragraph_format.keep_with_next = True
        head.paragraph_format.space_after = Pt(2)
        head.add_run(self.word("data")).bold = True
        self.table(Table(f"{figure.id}-data", figure.title, figure.columns, figure.rows))
        self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def table(self, table: Table, keys: dict[int, str] | None = None) -> None:
        """The table whole, or in parts that fit the page."""
        parts = whole_columns(table, self.lang, TEXT_WIDTH_PT / SMALL)
        for i, part in enumerate(parts):
            if i:
                self.file.add_paragraph().paragraph_format.space_after = Pt(0)
            self.grid(part, keys if i == 0 else None, SMALL if len(parts) > 1 else 0.0)

    def grid(self, table: Table, keys: dict[int, str] | None, size_pt: float) -> None:
        made = self.file.add_table(1 + len(table.rows), len(table.columns))
        made.autofit = False
        points = size_pt or (SMALL if len(table.columns) > 5 else NORMAL)
        size = Pt(points)
        widths = [
            Cm(TEXT_WIDTH_CM * share)
            for share in column_widths(table, self.lang, TEXT_WIDTH_PT / points)
        ]
        for column_made, width in zip(made.columns, widths, strict=True):
            column_made.width = width
        grid = [list(row.cells) for row in made.rows]
        for i, column in enumerate(table.columns):
            cell = grid[0][i]
            paragraph = cell.paragraphs[0]
            paragraph.add_run(printable(column.title)).bold = True
            if column.unit:
                unit = paragraph.add_run(f"\n{printable(column.unit)}")
                unit.font.color.rgb = colour_of(GREY)
            set_borders(cell, bottom=(8, INK))
        for r, row in enumerate(table.rows, 1):
            for i, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                self.runs(grid[r][i].paragraphs[0], cell_runs(value, column, self.lang))
                set_borders(grid[r][i], bottom=(4, "#d5dcdf"))
            if keys and r - 1 in keys:
                self.bookmark(grid[r][0].paragraphs[0], keys[r - 1])
        for cells in grid:
            for i, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                cell.width = widths[i]
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.space_before = Pt(1.5)
                    paragraph.paragraph_format.space_after = Pt(1.5)
                    paragraph.paragraph_format.line_spacing = 1.0
                    if column.align == "right":
                        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                    set_size(paragraph, size)
        repeat_header(made)
        keep_rows(made, row_lines(table, self.lang, TEXT_WIDTH_PT / points))
        properties = made._tbl.tblPr
        properties.append(element("tblCaption", val=printable(table.caption)[:250]))

    def plain_heading(self, key: str) -> None:
        heading = self.file.add_heading(self.word(key), 1)
        unnumber(heading)
        self.bookmark(heading, key)

    def ending(self) -> None:
        if self.origins is not None:
            self.plain_heading("numbers")
            self.file.add_paragraph(f"{self.word('numbers_intro')} {self.word('mark_note')}")
            keys: dict[int, str] = {}
            for i, row in enumerate(self.origins.rows):
                name = f"number:{row[1]}"
                if name not in keys.values():
                    keys[i] = name
            self.table(self.origins, keys)
        if self.numbering.references:
            self.plain_heading("references")
            for i, reference in enumerate(self.numbering.references, 1):
                paragraph = self.file.add_paragraph()
                form = paragraph.paragraph_format
                form.left_indent, form.first_line_indent = Cm(0.9), Cm(-0.9)
                form.tab_stops.add_tab_stop(Cm(0.9))
                paragraph.add_run(f"{i}.\t")
                paragraph.add_run(printable(reference.title)).italic = True
                year = f" ({reference.year})" if reference.year else ""
                paragraph.add_run(f". {printable(reference.publisher)}{year}. ")
                if reference.url:
                    add_hyperlink(paragraph, reference.url, url=reference.url)
                self.bookmark(paragraph, f"ref:{reference.id}")
