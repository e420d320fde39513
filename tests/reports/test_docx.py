"""Word. Oracle: python-docx and lxml read the file back; ECMA-376 names the parts."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from lxml import etree

from virkestoff.reports import (
    Column,
    Document,
    Figure,
    Paragraph,
    Section,
    Table,
    Words,
    render_docx,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def path(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("docx") / "report.docx"
    render_docx(document, file)
    return file


def fields(path: Path) -> list[str]:
    body = docx.Document(str(path)).element.body
    return [node.text.strip() for node in body.iter(f"{W}instrText")]


def test_headings_are_native_and_numbered(path: Path, document: Document) -> None:
    made = docx.Document(str(path))
    heads = [(p.style.name, p.text) for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert heads[: len(document.sections)] == [
        (f"Heading {s.level}", s.title) for s in document.sections
    ]
    assert made.styles["Heading 1"].element.find(f"{W}pPr/{W}numPr") is not None


def test_captions_contents_and_references_are_fields(path: Path, document: Document) -> None:
    codes = fields(path)
    word = {"nb": "Figur", "en": "Figure"}[document.lang]
    assert len([c for c in codes if c.startswith(f"SEQ {word} ")]) == 6
    assert any(c.startswith("TOC ") for c in codes)
    body = docx.Document(str(path)).element.body
    marks = {node.get(f"{W}name") for node in body.iter(f"{W}bookmarkStart")}
    wanted = {c.split()[1] for c in codes if c.startswith("REF ")}
    anchors = {node.get(f"{W}anchor") for node in body.iter(f"{W}hyperlink")} - {None}
    assert wanted
    assert wanted | anchors <= marks


def test_fields_begin_and_end(path: Path) -> None:
    body = docx.Document(str(path)).element.body
    kinds = [node.get(f"{W}fldCharType") for node in body.iter(f"{W}fldChar")]
    depth = 0
    for kind in kinds:
        depth += {"begin": 1, "separate": 0, "end": -1}[str(kind)]
        assert depth in (0, 1)
    assert depth == 0


def test_pictures_have_alternative_texts(path: Path, document: Document) -> None:
    body = docx.Document(str(path)).element.body
    texts = [node.get("descr") for node in body.iter() if node.tag.endswith("}docPr")]
    expected = [b.alt for s in document.sections for b in s.blocks if isinstance(b, Figure)]
    assert texts == expected


def test_language_dates_and_header_rows(path: Path, document: Document) -> None:
    made = docx.Document(str(path))
    lang = made.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert lang.get(f"{W}val") == {"nb": "nb-NO", "en": "en-GB"}[document.lang]
    assert made.core_properties.created.date() == date(2026, 11, 1)
    tall = [t for t in made.tables if len(t.rows) > 1]
    assert all(t.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None for t in tall)


def test_the_embedded_font_is_the_font(path: Path) -> None:
    """ECMA-376 part 4, 2.8.1: the key, read backwards, undoes the first 32 bytes."""
    with zipfile.ZipFile(path) as archive:
        table = etree.fromstring(archive.read("word/fontTable.xml"))
        key = table.find(f".//{W}embedRegular").get(f"{W}fontKey").strip("{}").replace("-", "")
        data = archive.read("word/fonts/SourceSansPro-Regular.odttf")
    mask = bytes.fromhex(key)[::-1] * 2
    assert bytes(a ^ b for a, b in zip(data[:4], mask, strict=False)) == b"\x00\x01\x00\x00"


def test_equal_documents_are_equal_bytes(path: Path, document: Document, tmp_path: Path) -> None:
    render_docx(document, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == path.read_bytes()


def test_characters_that_xml_forbids_are_left_out(norwegian: Document, tmp_path: Path) -> None:
    bad = "a\x00\x0b\ufffe\ud800<w:p/>&\x1fb"
    table = Table("t", bad, (Column(bad, bad),), ((bad,),), (bad,), bad)
    section = Section("s", bad, (Paragraph((Words(bad),)), table))
    render_docx(replace(norwegian, sections=(section,), title=bad), tmp_path / "a.docx")
    data = (tmp_path / "a.docx").read_bytes()
    made = docx.Document(io.BytesIO(data))
    assert made.paragraphs[0].text == "a<w:p/>&b"
    assert made.core_properties.title == "a<w:p/>&b"


def kept(path: Path) -> list[list[bool]]:
    """For every table whether each row keeps with the next."""
    return [
        [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]
        for table in docx.Document(str(path)).tables[1:]
    ]


def test_rows_that_stand_together(norwegian: Document, tmp_path: Path) -> None:
    def table(name: str, n: int) -> Table:
        return Table(name, "c", (Column("a"),), tuple((f"r{i}",) for i in range(n)))

    section = Section("s", "t", (table("a", 5), table("b", 40)))
    render_docx(replace(norwegian, sections=(section,)), tmp_path / "a.docx")
    short, long = kept(tmp_path / "a.docx")[:2]
    assert short == [True] * 5 + [False]
    assert long[:3] == [True] * 3
    assert long[-3:] == [True, True, False]
    assert not any(long[3:-3])
