"""How the Word file looks: page, styles, footer, colours, lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as TextParagraph
from docx.text.run import Run as TextRun

from virkestoff.language import Lang
from virkestoff.reports.output import printable
from virkestoff.reports.theme import GREY, INK
from virkestoff.reports.word_parts import (
    add_field,
    element,
    embed_fonts,
    number_headings,
    set_language,
    set_style_font,
)
from virkestoff.reports.words import LOCALES, word

__all__ = [
    "TEXT_WIDTH_CM",
    "TEXT_WIDTH_PT",
    "Titled",
    "colour_of",
    "keep_rows",
    "lay_out",
    "set_borders",
    "set_size",
]

TEXT_WIDTH_CM = 16.2
TEXT_WIDTH_PT = 459.0

WHOLE = 20
"""Lines of a table that is kept on one page; a longer one breaks."""
TOGETHER = 3
"""Rows of a longer table that stand together at its head and at its foot."""

_SIZES: dict[str, tuple[float, str]] = {
    "Normal": (10.5, INK), "Title": (22, INK), "Subtitle": (13, GREY),
    "Heading 1": (17, INK), "Heading 2": (13, INK), "Heading 3": (11, INK),
    "Caption": (10.5, INK), "Footer": (8.5, GREY), "List Bullet": (10.5, INK),
    "List Number": (10.5, INK),
}  # fmt: skip


class Titled(Protocol):
    """What the file's properties and footer need of a document."""

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def lang(self) -> Lang: ...
    @property
    def as_of(self) -> date: ...


def lay_out(file: Any, document: Titled) -> None:
    """Properties, page, styles, font, heading numbers and footer of an empty Word file."""
    _properties(file, document)
    set_language(file, LOCALES[document.lang])
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    page.top_margin = page.bottom_margin = Cm(2.4)
    _styles(file)
    embed_fonts(file)
    number_headings(file)
    footer = page.footer.paragraphs[0]
    footer.style = file.styles["Footer"]
    for old in footer.style.element.xpath(".//w:tabs"):
        old.getparent().remove(old)
    footer.add_run(f"{printable(document.title)[:90]}\t{word('page', document.lang)} ")
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    add_field(footer, "PAGE", "1")


def _properties(file: Any, document: Titled) -> None:
    core = file.core_properties
    core.title, core.author = printable(document.title), printable(document.author)
    core.subject, core.comments, core.keywords = printable(document.subtitle), "", ""
    core.language, core.last_modified_by = LOCALES[document.lang], printable(document.author)
    day = document.as_of
    core.created = core.modified = datetime(day.year, day.month, day.day)
    core.revision = 1


def _styles(file: Any) -> None:
    for name, (size, colour) in _SIZES.items():
        style = file.styles[name]
        set_style_font(style)
        style.font.size = Pt(size)
        style.font.color.rgb = colour_of(colour)
        style.font.italic = False
        style.font.bold = name.startswith("Heading") or name in ("Title", "Caption")
        for old in style.element.xpath(".//w:pBdr | .//w:rPr/w:spacing | .//w:rPr/w:kern"):
            old.getparent().remove(old)
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        form = file.styles[name].paragraph_format
        form.space_before, form.space_after = Pt(20 if name[-1] == "1" else 14), Pt(6)
        form.keep_with_next = True
    normal = file.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(7), 1.15
    for name in ("List Bullet", "List Number"):
        file.styles[name].paragraph_format.space_after = Pt(3)
    caption = file.styles["Caption"].paragraph_format
    caption.keep_with_next = True
    caption.space_before, caption.space_after = Pt(12), Pt(3)


def colour_of(hexadecimal: str) -> RGBColor:
    """``#0b6470`` as Word's colour."""
    return RGBColor.from_string(hexadecimal[1:].upper())


def set_size(paragraph: Any, size: Any) -> None:
    """One size for all runs of a paragraph, those inside links too."""
    for run in paragraph._p.iter(qn("w:r")):
        TextRun(run, paragraph).font.size = size


def keep_rows(table: Any, lines: list[int]) -> None:
    """Keep a short table whole, and the first and last rows of a longer one together.

    ``lines`` are those of each row under the head; the caption above keeps with the head.
    """
    n = len(lines)
    whole = sum(lines) <= WHOLE
    for i, row in enumerate(table.rows[:-1]):
        if whole or i < TOGETHER or i > n - TOGETHER:
            for paragraph in row._tr.iter(qn("w:p")):
                TextParagraph(paragraph, table).paragraph_format.keep_with_next = True


def set_borders(cell: Any, **sides: tuple[int, str]) -> None:
    """Lines on sides of a cell, (eighths of a point, colour)."""
    borders = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            size, colour = sides[side]
            borders.append(element(side, val="single", sz=str(size), space="0", color=colour[1:]))
    cell._tc.get_or_add_tcPr().append(borders)
