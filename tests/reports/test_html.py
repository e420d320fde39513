"""Web page. Oracle: WCAG's structural rules and the HTML parser of the standard library."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from virkestoff.errors import InputError
from virkestoff.reports import (
    Column,
    CrossReference,
    Document,
    Figure,
    Link,
    Number,
    Paragraph,
    Section,
    Table,
    Words,
    render_html,
)

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Gathers tags, and that each is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def text(document: Document) -> str:
    return render_html(document)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_language_title_and_nesting(page: Page, document: Document) -> None:
    assert page.all("html")[0]["lang"] == {"nb": "nb-NO", "en": "en-GB"}[document.lang]
    assert len(page.all("title")) == len(page.all("main")) == len(page.all("h1")) == 1
    assert page.open == page.crossed == []


def test_headings_never_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


def test_every_figure_has_alternative_text_and_data(page: Page, document: Document) -> None:
    figures = [b for s in document.sections for b in s.blocks if isinstance(b, Figure)]
    pictures = [a for a in page.all("svg") if a.get("role") == "img"]
    assert [a["aria-label"] for a in pictures[::2]] == [f.alt for f in figures]
    assert [a["aria-label"] for a in pictures[1::2]] == [f.alt for f in figures]
    assert len(page.all("figure")) == len(page.all("details")) == len(figures)


def test_tables_have_headers_with_scope(page: Page) -> None:
    assert all(a.get("scope") in ("col", "row") for a in page.all("th"))
    assert len(page.all("table")) == len(page.all("thead"))


def test_one_drawing_of_a_figure_is_shown(text: str, page: Page) -> None:
    shown = [a["class"] for a in page.all("div") if a.get("class") in ("drawing", "phone")]
    assert shown == ["drawing", "phone"] * (len(shown) // 2)
    assert ".phone{display:none}" in text
    assert ".drawing{display:none}.phone{display:block}" in text


def test_captions_stand_outside_the_box_that_scrolls(norwegian: Document) -> None:
    table = Table("t", "Overskrift", (Column("a"),), (("x",),))
    text = render_html(hostile(norwegian, table))
    caption = text.index('<p class="caption" id="t-caption">')
    assert caption < text.index('<div class="scroll"', caption)
    assert text.count('aria-labelledby="t-caption"') == 2
    assert "<caption" not in text


def test_a_number_with_its_range_is_divided_before_the_bracket_alone(norwegian: Document) -> None:
    column = Column("a", "", "right")
    table = Table("t", "c", (Column("b"), column), (("x y", "1,3 (0,9 til 2)"),))
    text = render_html(hostile(norwegian, table))
    assert "<td class=r>1,3 (0,9\u00a0til\u00a02)</td>" in text
    assert "<th scope=row class=s>x y</th>" in text


def test_nothing_is_loaded_and_nothing_runs(text: str, page: Page) -> None:
    assert not page.all("script", "link", "img", "iframe", "object")
    assert not [k for _, a in page.tags for k in a if k.startswith("on")]
    addresses = re.findall(r"url\((.{0,16})", text)
    assert addresses
    assert all(a.startswith(('"data:font/woff;', "#")) for a in addresses)
    assert "@import" not in text


def test_every_link_inside_has_its_target(page: Page) -> None:
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    inside = [str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")]
    assert inside
    assert set(inside) <= set(ids)


def test_equal_documents_are_equal_bytes(text: str, document: Document) -> None:
    assert render_html(document) == text


def hostile(document: Document, *blocks: object) -> Document:
    section = Section("s", '<b>t</b> & "q"', tuple(blocks))  # type: ignore[arg-type]
    return replace(document, sections=(section,), title="</title><script>x</script>")


def test_hostile_text_is_shown_and_never_read(norwegian: Document) -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=y>\u202e\x00'
    table = Table("t", bad, (Column(bad, bad),), ((bad,),), (bad,), bad)
    text = render_html(hostile(norwegian, Paragraph((Words(bad),)), table))
    page = Page(text)
    assert not page.all("script", "img", "b")
    assert page.crossed == page.open == []
    assert "\u202e" not in text
    assert "\x00" not in text


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "ftp://a", 'https://a"onclick=x'],
)
def test_unsafe_addresses_are_refused(norwegian: Document, url: str) -> None:
    with pytest.raises(InputError, match="refused"):
        hostile(norwegian, Paragraph((Link("x", url),)))


def test_the_tree_tells_all_its_faults(norwegian: Document) -> None:
    figure = Figure("f", "t", "", " ", {}, (Column("a"),), ())
    with pytest.raises(InputError) as caught:
        replace(
            norwegian,
            as_of=date(2026, 1, 1),
            front=replace(norwegian.front, key_numbers=()),
            sections=(
                Section("s", "a", (figure, Paragraph((CrossReference("g"),)))),
                Section("s", "b", (), 3),
                Section("Ø", "c", (Table("t", "c", (Column("a"),), (("x", "y"),)),), 1),
            ),
        )
    what = [f.what for f in caught.value.faults]
    for words in ("not three", "identifier of a", "level 3", "no alternative text", "no data table",
                  "no section", "no valid identifier", "2 cells"):  # fmt: skip
        assert any(words in w for w in what), words


def test_numbers_of_the_text_lead_to_their_origin(norwegian: Document) -> None:
    text_number = Number("a.cost", "12", "assumption", "Utfall")
    cell_number = Number("b.cost", "34", "unverified", "Utfall")
    table = Table("t", "c", (Column("a"),), ((cell_number,),))
    text = render_html(hostile(norwegian, Paragraph((text_number,)), table))
    page = Page(text)
    (link,) = [a for a in page.all("a") if a.get("title") == "a.cost"]
    assert link["href"] in {f"#{a['id']}" for a in page.all("tr") if a.get("id")}
    assert [a.get("title") for a in page.all("span")].count("b.cost") == 1
    assert text.count("<td>b.cost</td>") == 0
    assert text.count('<abbr title="antakelse">A</abbr>') >= 1
    assert text.count('<abbr title="ubekreftet">U</abbr>') >= 1
