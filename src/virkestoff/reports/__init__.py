"""Reports: one document tree, printed as web page, PDF, Word and workbook."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_PLACES: dict[str, tuple[str, ...]] = {
    "document": (
        "Bullets", "Callout", "Citation", "Column", "CrossReference", "Document", "Figure",
        "FrontPage", "KeyNumber", "Link", "Number", "Paragraph", "Reference", "Section",
        "Table", "Words",
    ),
    "docx": ("render_docx",),
    "html": ("render_html",),
    "numbers": ("NumberBook",),
    "pdf": ("render_pdf",),
    "prose": ("Prose", "prose_path", "read_prose"),
    "xlsx": ("Sheet", "write_xlsx"),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """A name is loaded when it is asked for: a command that prints no Word file starts sooner."""
    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{place}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
