"""A document as web page, PDF and Word."""

from __future__ import annotations

from pathlib import Path

from virkestoff.reports.document import Document
from virkestoff.reports.docx import render_docx
from virkestoff.reports.html import render_html
from virkestoff.reports.output import write_whole
from virkestoff.reports.pdf import render_pdf

__all__ = ["write_document"]


def write_document(document: Document, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write ``stem.html``, ``stem.pdf`` and ``stem.docx``; the files that were written.

    The folder is made once the page has been, so that a document that cannot be drawn leaves none.

    Raises
    ------
    InputError
        if the folder cannot be written.
    """
    page = render_html(document).encode("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{stem}.{kind}" for kind in ("html", "pdf", "docx"))
    write_whole(files[0], page)
    render_pdf(document, files[1])
    render_docx(document, files[2])
    return files
