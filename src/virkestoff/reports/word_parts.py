"""Pieces of WordprocessingML that python-docx has no call for: fields, bookmarks, numbering."""

from __future__ import annotations

import uuid
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from virkestoff.reports.fonts import FAMILY, font_folder

__all__ = [
    "add_bookmark",
    "add_field",
    "add_hyperlink",
    "element",
    "embed_fonts",
    "number_headings",
    "repeat_header",
    "set_language",
    "set_style_font",
    "unnumber",
]


def element(tag: str, **attributes: str) -> Any:
    """An element of the ``w`` name space with attributes of the same name space."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def add_field(paragraph: Any, instruction: str, shown: str, bold: bool | None = None) -> None:
    """A field with the text it shows until the reader updates it."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run()
        run.bold = bold
        if kind == "instruction":
            code = element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            run._r.append(code)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def add_bookmark(paragraph: Any, name: str, number: int, first: int = 0) -> None:
    """A bookmark over the runs of ``paragraph`` from the one at index ``first`` on."""
    runs = [child for child in paragraph._p if child.tag in (qn("w:r"), qn("w:hyperlink"))]
    start = element("bookmarkStart", id=str(number), name=name)
    end = element("bookmarkEnd", id=str(number))
    if len(runs) <= first:
        paragraph._p.append(start)
    else:
        runs[first].addprevious(start)
    paragraph._p.append(end)


def add_hyperlink(paragraph: Any, text: str, *, anchor: str = "", url: str = "") -> Any:
    """A link to a bookmark of the document, or out of it; returns the run inside."""
    link = element("hyperlink", history="1")
    if url:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        link.set(qn("r:id"), paragraph.part.relate_to(url, kind, is_external=True))
    else:
        link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)
    return run


def set_style_font(style: Any) -> None:
    """One font in every script; theme fonts would win over it, so they go."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FAMILY)


def set_language(document: Any, tag: str) -> None:
    """The language of the text, for spelling and for screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("lang", val=tag, eastAsia=tag, bidi="ar-SA"))


def number_headings(document: Any) -> None:
    """Number the three heading styles as one list: 1, 1.1, 1.1.1."""
    numbering = document.part.numbering_part.element
    number = str(max((int(n) for n in numbering.xpath("./w:num/@w:numId")), default=0) + 1)
    outline = element("abstractNum", abstractNumId="77")
    outline.append(element("multiLevelType", val="multilevel"))
    for level in range(3):
        entry = element("lvl", ilvl=str(level))
        entry.append(element("start", val="1"))
        entry.append(element("numFmt", val="decimal"))
        entry.append(element("pStyle", val=f"Heading{level + 1}"))
        entry.append(element("suff", val="tab"))
        entry.append(element("lvlText", val=".".join(f"%{i + 1}" for i in range(level + 1))))
        entry.append(element("lvlJc", val="left"))
        place = element("pPr")
        tabs = element("tabs")
        tabs.append(element("tab", val="num", pos="680"))
        place.append(tabs)
        place.append(element("ind", left="680", hanging="680"))
        entry.append(place)
        outline.append(entry)
        style = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        numbers = element("numPr")
        numbers.append(element("ilvl", val=str(level)))
        numbers.append(element("numId", val=number))
        style.insert_element_before(
            numbers, "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind",
            "w:jc", "w:outlineLvl",
        )  # fmt: skip
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(outline)
    else:
        first.addprevious(outline)
    entry = element("num", numId=number)
    entry.append(element("abstractNumId", val="77"))
    numbering.append(entry)


def unnumber(paragraph: Any) -> None:
    """A heading outside the numbered list."""
    properties = paragraph._p.get_or_add_pPr()
    numbers = element("numPr")
    numbers.append(element("ilvl", val="0"))
    numbers.append(element("numId", val="0"))
    properties.append(numbers)
    properties.append(element("ind", left="0", firstLine="0"))


def repeat_header(table: Any) -> None:
    """Repeat the first row on every page, and let no row break across pages."""
    for i, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("cantSplit"))
        if i == 0:
            properties.append(element("tblHeader"))


_OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_FONT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
_EMBEDDED = {
    "embedRegular": "SourceSansPro-Regular.ttf",
    "embedBold": "SourceSansPro-Bold.ttf",
    "embedItalic": "SourceSansPro-It.ttf",
}


def embed_fonts(document: Any) -> None:
    """Put the font into the file, so that lines break alike where it is not installed.

    The faces are stored whole and obfuscated as ECMA-376 part 4, 2.8.1 asks: the first 32 bytes
    are combined with the key by exclusive or.
    """
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    root = parse_xml(table.blob)
    entry = element("font", name=FAMILY)
    for tag, face in _EMBEDDED.items():
        key = uuid.uuid5(uuid.NAMESPACE_URL, face)
        mask = bytes.fromhex(key.hex)[::-1] * 2
        data = bytearray((font_folder() / face).read_bytes())
        data[: len(mask)] = bytes(a ^ b for a, b in zip(data, mask, strict=False))
        name = PackURI(f"/word/fonts/{face.removesuffix('.ttf')}.odttf")
        part = Part(name, _OBFUSCATED, bytes(data), document.part.package)
        embedded = element(tag, fontKey="{" + str(key).upper() + "}")
        embedded.set(qn("r:id"), table.relate_to(part, _FONT))
        entry.append(embedded)
    root.append(entry)
    table._blob = serialize_part_xml(root)
    settings = document.settings.element
    settings.insert(1, element("embedTrueTypeFonts"))
