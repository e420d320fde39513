"""Reports: one document tree, printed as web page, PDF, Word and workbook."""

from virkestoff.reports.document import (
    Bullets,
    Callout,
    Citation,
    Column,
    CrossReference,
    Document,
    Figure,
    FrontPage,
    KeyNumber,
    Link,
    Number,
    Paragraph,
    Reference,
    Section,
    Table,
    Words,
)
from virkestoff.reports.docx import render_docx
from virkestoff.reports.html import render_html
from virkestoff.reports.numbers import NumberBook
from virkestoff.reports.pdf import render_pdf
from virkestoff.reports.prose import Prose, prose_path, read_prose
from virkestoff.reports.xlsx import Sheet, write_xlsx

__all__ = [
    "Bullets",
    "Callout",
    "Citation",
    "Column",
    "CrossReference",
    "Document",
    "Figure",
    "FrontPage",
    "KeyNumber",
    "Link",
    "Number",
    "NumberBook",
    "Paragraph",
    "Prose",
    "Reference",
    "Section",
    "Sheet",
    "Table",
    "Words",
    "prose_path",
    "read_prose",
    "render_docx",
    "render_html",
    "render_pdf",
    "write_xlsx",
]
