"""A brief as a Word file, with the look of the report, on one page.

Word and its kin break lines by their own rules, so that no page can be counted here. The type is
half a point smaller than in the PDF and lines stand closer: a brief that fills the page of the PDF
leaves part of the page in Word empty.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
from docx.shared import Cm, Pt

from virkestoff.reports.brief import SECTIONS, Brief
from virkestoff.reports.brief_pdf import FIGURE_SHARE, LONG, brief_line, section_title
from virkestoff.reports.document import Block, Bullets, Figure, Link, Number, Paragraph, Runs, Words
from virkestoff.reports.drawing import column_share, draw_png, draw_svg
from virkestoff.reports.numbering import mark_letter
from virkestoff.reports.output import printable, with_fixed_dates, write_whole
from virkestoff.reports.theme import ACCENT, GREY, WARM
from virkestoff.reports.word_layout import colour_of, lay_out, set_borders, set_size
from virkestoff.reports.word_parts import add_hyperlink, unnumber
from virkestoff.reports.words import word

__all__ = ["render_brief_docx"]

WIDTH_CM = 16.6
TEXT, LARGER, KEY, TITLE = 9.5, 10.5, 14.0, 17.0
"""Type sizes in points."""
LINE = 11.4
"""Height of a line of text in points, fixed: a program's own choice would differ."""


def render_brief_docx(brief: Brief, path: Path) -> None:
    """Write the brief as a Word file; equal briefs give equal bytes.

    Raises
    ------
    InputError
        if the folder cannot be written.
    """
    file: Any = docx.Document()
    lay_out(file, brief)
    _narrow(file, brief)
    title = file.add_paragraph(printable(brief.title), style="Title")
    title.paragraph_format.space_after = Pt(2)
    set_size(title, Pt(TITLE))
    _grey(file.add_paragraph(), brief_line(brief), 10)
    for name in SECTIONS:
        heading = file.add_heading(section_title(name, brief), 1)
        unnumber(heading)
        if name == "numbers":
            _keys(file, brief)
            continue
        for block in brief.blocks(name):
            _block(file, block, brief, LARGER if name == "recommendation" else TEXT)
    buffer = io.BytesIO()
    file.save(buffer)
    write_whole(path, with_fixed_dates(buffer.getvalue(), brief.as_of))


def _narrow(file: Any, brief: Brief) -> None:
    """The report's styles drawn together, so that one page holds them."""
    page = file.sections[0]
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin, page.bottom_margin, page.footer_distance = Cm(1.6), Cm(1.8), Cm(0.8)
    normal = file.styles["Normal"]
    normal.font.size = Pt(TEXT)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(2.5), Pt(LINE)
    file.styles["Title"].paragraph_format.line_spacing = 1.0
    heading = file.styles["Heading 1"]
    heading.font.size, heading.font.color.rgb = Pt(TEXT + 0.5), colour_of(ACCENT)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(8), Pt(2)
    for name in ("List Bullet", "List Number"):
        style = file.styles[name]
        style.font.size = Pt(TEXT)
        style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(1), Pt(LINE)
    footer = page.footer.paragraphs[0]
    for old in list(footer._p):
        if not old.tag.endswith("}pPr"):
            footer._p.remove(old)
    more = word("brief_more", brief.lang).format(title=brief.report_title)
    footer.add_run(printable(f"{more} {word('mark_note', brief.lang)}")).font.size = Pt(8)


def _grey(paragraph: Any, text: str, size: float) -> None:
    made = paragraph.add_run(printable(text))
    made.font.size, made.font.color.rgb = Pt(size), colour_of(GREY)


def _keys(file: Any, brief: Brief) -> None:
    table = file.add_table(1, len(brief.key_numbers))
    longest = max(len(key.value) for key in brief.key_numbers)
    for cell, key in zip(table.rows[0].cells, brief.key_numbers, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.add_run(printable(key.value)).bold = True
        _mark(paragraph, key.mark)
        set_size(paragraph, Pt(KEY if longest <= LONG else KEY - 2))
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.line_spacing = 1.0
        cell.add_paragraph(printable(key.label)).paragraph_format.space_after = Pt(1)
        ranged = cell.add_paragraph()
        ranged.paragraph_format.space_after = Pt(0)
        _grey(ranged, key.range_text, TEXT)
        set_borders(cell, top=(12, ACCENT))


def _mark(paragraph: Any, mark: str) -> None:
    letter = mark_letter(mark)
    if letter:
        made = paragraph.add_run(letter)
        made.font.superscript, made.font.bold = True, True
        made.font.color.rgb = colour_of(WARM)


def _block(file: Any, block: Block, brief: Brief, size: float) -> None:
    match block:
        case Paragraph(runs):
            _runs(file.add_paragraph(), runs, size)
        case Bullets(items, ordered):
            style = "List Number" if ordered else "List Bullet"
            for item in items:
                _runs(file.add_paragraph(style=style), item, size)
        case Figure():
            _figure(file, block, brief)


def _runs(paragraph: Any, runs: Runs, size: float) -> None:
    for run in runs:
        match run:
            case Words(text, strong, emphasis):
                made = paragraph.add_run(printable(text))
                made.bold, made.italic = strong or None, emphasis or None
            case Number(_, text, mark):
                paragraph.add_run(printable(text))
                _mark(paragraph, mark)
            case Link(text, url):
                made = add_hyperlink(paragraph, printable(text), url=url)
                made.font.color.rgb, made.font.underline = colour_of(ACCENT), True
    set_size(paragraph, Pt(size))
    paragraph.paragraph_format.line_spacing = Pt(LINE * size / TEXT)


def _figure(file: Any, figure: Figure, brief: Brief) -> None:
    title = file.add_paragraph()
    title.add_run(printable(figure.title)).bold = True
    below = file.add_paragraph()
    _grey(below, figure.subtitle, TEXT - 0.5)
    for paragraph in (title, below):
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.keep_with_next = True
    held = file.add_paragraph()
    held.paragraph_format.space_after, held.paragraph_format.line_spacing = Pt(2), 1.0
    picture = held.add_run().add_picture(io.BytesIO(draw_png(figure.spec, brief.lang)))
    wide = Cm(WIDTH_CM * FIGURE_SHARE * column_share(draw_svg(figure.spec, brief.lang)))
    picture.height = int(picture.height * wide / picture.width)
    picture.width = wide
    properties = picture._inline.docPr
    properties.set("id", "1")
    properties.set("name", printable(figure.title)[:80])
    properties.set("descr", printable(figure.alt))
