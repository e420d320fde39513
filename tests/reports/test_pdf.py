"""PDF. Oracle: pypdf reads the file; ISO 14289-1 asks for tags, language, title and alt texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from virkestoff.errors import InputError
from virkestoff.reports import (
    Column,
    Document,
    Figure,
    Paragraph,
    Section,
    Table,
    Words,
    render_pdf,
)
from virkestoff.reports.figures import Interval, interval_chart


@pytest.fixture(scope="module")
def path(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pdf") / "report.pdf"
    render_pdf(document, file)
    return file


def elements(node: Any, name: str) -> list[Any]:
    """Structure elements of one kind, depth first."""
    found = []
    stack = [node]
    while stack:
        item = stack.pop().get_object()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            if item.get("/S") == name:
                found.append(item)
            if "/K" in item:
                stack.append(item["/K"])
    return found


def test_tagged_with_language_title_and_date(path: Path, document: Document) -> None:
    reader = pypdf.PdfReader(path)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith(document.lang)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    assert reader.metadata.creation_date.date() == document.as_of
    assert b"pdfuaid" in path.read_bytes() or "pdfuaid" in str(root["/Metadata"].get_data())


def test_figures_have_alternative_texts(path: Path, document: Document) -> None:
    tree = pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"]
    alts = [f.get("/Alt") for f in elements(tree, "/Figure")]
    expected = [b.alt for s in document.sections for b in s.blocks if isinstance(b, Figure)]
    assert [a for a in alts if a] == expected


def test_tables_are_tagged_with_header_cells(path: Path) -> None:
    tree = pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"]
    tables = elements(tree, "/Table")
    assert len(tables) >= 8
    assert all(elements(table, "/TH") for table in tables)


def test_captions_are_tagged(path: Path, document: Document) -> None:
    tree = pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"]
    blocks = [b for s in document.sections for b in s.blocks if isinstance(b, Figure | Table)]
    assert len(elements(tree, "/Caption")) == len(blocks)


def test_only_the_fonts_of_the_wheel(path: Path) -> None:
    names = set()
    for page in pypdf.PdfReader(path).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    assert names
    assert all(name.startswith("SourceSansPro") for name in names)


def test_text_and_outline(path: Path, document: Document) -> None:
    reader = pypdf.PdfReader(path)
    words = " ".join(page.extract_text() for page in reader.pages)
    assert document.sections[1].title in words
    titles = [str(e.title) for e in reader.outline if not isinstance(e, list)]
    assert len([t for t in titles if document.sections[0].title in t]) == 1


def test_equal_documents_are_equal_bytes(path: Path, document: Document, tmp_path: Path) -> None:
    render_pdf(document, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == path.read_bytes()


def test_markup_of_the_typesetter_is_text(norwegian: Document, tmp_path: Path) -> None:
    bad = '#panic("x") $a$ *b* `c` <d> @e \\f "g" ]\x07\u202e'
    table = Table("t", bad, (Column(bad, bad),), ((bad,),), (bad,), bad)
    section = Section("s", bad, (Paragraph((Words(bad),)), table))
    render_pdf(replace(norwegian, sections=(section,), title=bad), tmp_path / "a.pdf")
    text = pypdf.PdfReader(tmp_path / "a.pdf").pages[1].extract_text()
    assert '#panic("x") $a$ *b* `c` <d> @e \\f "g" ]' in text.replace("\n", " ")


def test_a_missing_folder_is_a_fault(norwegian: Document, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        render_pdf(norwegian, tmp_path / "no" / "a.pdf")


def test_a_letter_that_the_font_lacks_does_not_stop_the_report(
    norwegian: Document, tmp_path: Path
) -> None:
    text = "\u03b2-laktam \u65e5 e\u0301 \u2011 \u2192"
    runs = (Words(text, emphasis=True), Words(text, strong=True))
    chart = interval_chart([Interval(text, 1, 2, 3)], text, "nb")
    figure = Figure("f", text, text, text, chart, (Column(text),), ((text,),))
    section = Section("s", text, (Paragraph(runs), figure))
    render_pdf(replace(norwegian, sections=(section,)), tmp_path / "a.pdf")
    shown = pypdf.PdfReader(tmp_path / "a.pdf").pages[1].extract_text()
    assert "\u03b2-laktam ? \u00e9 - \u2192" in shown


def test_tables_break_with_their_caption_and_never_leave_one_row(
    norwegian: Document, tmp_path: Path
) -> None:
    def table(i: int, n: int) -> Table:
        rows = tuple((f"t{i}r{r}x", "ord " * 12) for r in range(1, n + 1))
        return Table(f"t{i}", f"caption{i}x", (Column("a"), Column("b")), rows)

    filler = Paragraph((Words("fyll " * 60),))
    sizes = [5, 23, 8, 31, 12, 26, 3, 40, 9, 28]
    blocks = [b for i, n in enumerate(sizes) for b in ([filler] * (i % 4 + 1) + [table(i, n)])]
    render_pdf(replace(norwegian, sections=(Section("s", "t", tuple(blocks)),)), tmp_path / "a.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    n_divided = 0
    for i, n in enumerate(sizes):
        rows = [next(p for p, t in enumerate(pages) if f"t{i}r{r}x" in t) for r in range(1, n + 1)]
        caption = next(p for p, t in enumerate(pages) if f"caption{i}x" in t)
        assert rows[:3] == [caption] * 3
        assert len(set(rows[-3:])) == 1
        n_divided += rows[0] != rows[-1]
        assert n > 12 or rows[0] == rows[-1]
    assert n_divided >= 2


def test_a_figure_leaves_no_empty_page_before_it(norwegian: Document, tmp_path: Path) -> None:
    chart = interval_chart([Interval(f"rad {i}", 1, 2, 3) for i in range(14)], "kr", "nb")
    figure = Figure("f", "figurx", "u", "alt", chart, (Column("a"),), (("x",),))
    filler = [Paragraph((Words("fyll " * 90),))] * 8
    after = Paragraph((Words("etterpå"),))
    section = Section("s", "t", (*filler, figure, after))
    render_pdf(replace(norwegian, sections=(section,)), tmp_path / "a.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages]
    (text,) = [p for p, t in enumerate(pages) if "etterpå" in t]
    (drawn,) = [p for p, t in enumerate(pages) if "figurx" in t]
    assert drawn >= text
