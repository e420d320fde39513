"""One self-contained web page: font, style and figures inside, no script, no request."""

from __future__ import annotations

from virkestoff.language import format_date, place_in
from virkestoff.reports.document import (
    Block,
    Bullets,
    Callout,
    Citation,
    CrossReference,
    Document,
    Figure,
    FrontPart,
    Link,
    Number,
    Paragraph,
    Runs,
    Table,
    Words,
)
from virkestoff.reports.drawing import draw_svg
from virkestoff.reports.html_parts import escape, inline, of_numbers, style_of, title_of
from virkestoff.reports.numbering import (
    Numbering,
    cell_runs,
    mark_letter,
    number_document,
    numbers_table,
)
from virkestoff.reports.rows import phone_spec
from virkestoff.reports.tables import letters_of, natural_width
from virkestoff.reports.words import LOCALES, word

__all__ = ["PageBody", "render_html"]

LONG, SHORT = 40, 16
"""Letters of a cell above which a column holds running text, and below which it is not broken."""
COLUMN = 46.0
"""Width of the column of text, in ems of a table's letters; a wider table may stand out of it."""


def render_html(document: Document) -> str:
    """The document as one HTML file.

    No script and no address outside the file is loaded; light and dark follow the reader's
    system; figures are SVG with their data in a table below.
    """
    body = PageBody(document).body()
    style = style_of(body)
    policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
    return (
        f'<!doctype html>\n<html lang="{LOCALES[document.lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="author" content="{escape(document.author)}">\n'
        f'<meta name="date" content="{document.as_of.isoformat()}">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{style}\n</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


class PageBody:
    """Writes the body; it holds the document and its numbers."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lang = document.lang
        self.numbering: Numbering = number_document(document)
        self.origins = numbers_table(document)
        self.anchors: dict[str, str] = {}
        if self.origins is not None:
            for i, row in enumerate(self.origins.rows, 1):
                self.anchors.setdefault(str(row[1]), f"number-{i}")

    def word(self, key: str) -> str:
        return escape(word(key, self.lang))

    def body(self) -> str:
        document = self.document
        sections = "\n".join(
            self.heading(s.id, self.numbering.sections[s.id], s.title, s.level)
            + "\n".join(self.block(b) for b in s.blocks)
            for s in document.sections
        )
        return "\n".join(
            (
                f'<a class="skip" href="#content">{self.word("skip")}</a>',
                f'<header class="head"><h1>{escape(document.title)}</h1>',
                f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else "",
                f'<p class="asof">{self.word("as_of")} '
                f'<time datetime="{document.as_of.isoformat()}">'
                f"{escape(format_date(document.as_of, self.lang))}</time></p></header>",
                '<main id="content" tabindex="-1">',
                self.front(),
                self.contents(),
                sections,
                self.ending(),
                "</main>",
            )
        )

    def heading(self, anchor: str, number: str, title: str, level: int) -> str:
        tag = f"h{level + 1}"
        shown = f'<span class="no">{number}</span>' if number else ""
        return f'\n<{tag} id="{anchor}">{shown}{escape(title)}</{tag}>\n'

    def front(self) -> str:
        front = self.document.front
        keys = "".join(
            f'<li><span class="value">{self.number(k.key, escape(k.value))}'
            f"{self.mark(k.mark)}</span>"
            f'<span class="label">{escape(k.label)}</span>'
            f'<span class="range">{escape(k.range_text)}</span></li>'
            for k in front.key_numbers
        )
        unknown = "".join(f"<li>{self.runs(item)}</li>" for item in front.not_known)
        payers = ""
        if front.who_pays:
            title = escape(front.who_pays_title) or self.word("who_pays")
            payers = f"<h2>{title}</h2><p>{self.runs(front.who_pays)}</p>"
        parts = "".join(self.part(part) for part in front.parts)
        return (
            f'<div class="front"><h2>{self.word("question")}</h2>'
            f'<p class="question">{escape(front.question)}</p>'
            f'<h2>{self.word("answer")}</h2><p class="answer">{self.runs(front.answer)}</p>'
            f'<h2>{self.word("key_numbers")}</h2><ul class="keys">{keys}</ul>'
            f"{payers}{parts}"
            f"<h2>{self.word('not_known')}</h2><ul>{unknown}</ul>"
            + (f'<p class="under">{self.word("mark_note")}</p>' if front.has_mark_note else "")
            + "</div>"
        )

    def part(self, part: FrontPart) -> str:
        """A further list of page 1."""
        tag = "ol" if part.ordered else "ul"
        items = "".join(f"<li>{self.runs(item)}</li>" for item in part.items)
        return f"<h2>{escape(part.title)}</h2><{tag}>{items}</{tag}>"

    def contents(self) -> str:
        entries = [
            (s.id, self.numbering.sections[s.id], s.title, s.level) for s in self.document.sections
        ]
        if self.origins is not None:
            entries.append((self.origins.id, "", self.origins.caption, 1))
        if self.numbering.references:
            entries.append(("references", "", word("references", self.lang), 1))
        lines = "".join(
            f'<li class="l{level}"><a href="#{anchor}">'
            + (f'<span class="no">{number}</span>' if number else "")
            + f"{escape(title)}</a></li>"
            for anchor, number, title, level in entries
        )
        return (
            f'<nav aria-labelledby="contents" style="padding:0"><h2 id="contents">'
            f"{self.word('contents')}</h2><ol>{lines}</ol></nav>"
        )

    def ending(self) -> str:
        parts = []
        if self.origins is not None:
            parts.append(self.heading(self.origins.id, "", self.origins.caption, 1))
            parts.append(f"<p>{self.word('numbers_intro')} {self.word('mark_note')}</p>")
            parts.append(self.grid(self.origins, self.origins.id, anchors=True))
        if self.numbering.references:
            parts.append(self.heading("references", "", word("references", self.lang), 1))
            items = []
            for reference in self.numbering.references:
                year = f" ({reference.year})" if reference.year else ""
                text = f"<cite>{escape(reference.title)}</cite>. "
                text += f"{escape(reference.publisher)}{year}."
                if reference.url:
                    url = escape(reference.url)
                    text += f' <a href="{url}" rel="noreferrer">{url}</a>'
                items.append(f'<li id="ref-{escape(reference.id)}">{text}</li>')
            parts.append(f'<ol class="refs">{"".join(items)}</ol>')
        return f"<footer>{''.join(parts)}</footer>"

    def mark(self, mark: str) -> str:
        letter = mark_letter(mark)
        if not letter:
            return ""
        return f'<sup><abbr title="{self.word(mark)}">{letter}</abbr></sup>'

    def runs(self, runs: Runs) -> str:
        return "".join(self.run(run) for run in runs)

    def run(self, run: Words | Number | Link | Citation | CrossReference) -> str:
        match run:
            case Words(text, strong, emphasis):
                shown = escape(text)
                shown = f"<em>{shown}</em>" if emphasis else shown
                return f"<strong>{shown}</strong>" if strong else shown
            case Number(key, text, mark):
                return self.number(key, escape(text)) + self.mark(mark)
            case Link(text, url):
                return f'<a href="{escape(url)}" rel="noreferrer">{escape(text)}</a>'
            case Citation(source, place):
                at = f", {escape(place_in(place, self.lang))}" if place else ""
                number = self.numbering.citations[source]
                return f'[<a href="#ref-{escape(source)}">{number}</a>{at}]'
            case CrossReference(target):
                return f'<a href="#{target}">{escape(self.numbering.labels[target])}</a>'

    def number(self, key: str, shown: str) -> str:
        """A number that leads to its origin: by a link, or in a table by its name alone."""
        if key not in self.anchors:
            return f'<span title="{escape(key)}">{shown}</span>' if key else shown
        return f'<a class="n" href="#{self.anchors[key]}" title="{escape(key)}">{shown}</a>'

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(runs):
                return f"<p>{self.runs(runs)}</p>"
            case Bullets(items, ordered):
                tag = "ol" if ordered else "ul"
                return f"<{tag}>{''.join(f'<li>{self.runs(i)}</li>' for i in items)}</{tag}>"
            case Callout(title, runs, tone):
                return (
                    f'<div class="callout {tone}" role="note"><p class="t">{escape(title)}</p>'
                    f"<p>{self.runs(runs)}</p></div>"
                )
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)

    def table(self, table: Table) -> str:
        """A table under its caption, which stands outside the box that scrolls."""
        number = self.numbering.tables[table.id]
        name = f"{table.id}-caption"
        wide = " wide" if natural_width(table, self.lang) > COLUMN else ""
        return (
            f'<div class="table{wide}" id="{table.id}"><p class="caption" id="{name}">'
            f"{self.word('table')} {number}. {escape(table.caption)}</p>"
            f"{self.grid(table, name)}"
            f"{self.under(table.notes, table.source_line)}</div>"
        )

    def under(self, notes: tuple[str, ...], source_line: str) -> str:
        lines = [escape(note) for note in notes]
        if source_line:
            lines.append(f"{self.word('source')}: {escape(source_line)}")
        return "".join(f'<p class="under">{line}</p>' for line in lines)

    def figure(self, figure: Figure) -> str:
        number = self.numbering.figures[figure.id]
        label = f"{self.word('figure')} {number}"
        data = Table(f"{figure.id}-data", figure.title, figure.columns, figure.rows)
        name = f"{self.word('data')}: {label}"
        return (
            f'<figure id="{figure.id}" aria-labelledby="{figure.id}-title"><figcaption>'
            f'<span class="title" id="{figure.id}-title">{label}. {escape(figure.title)}</span>'
            f'<span class="sub">{escape(figure.subtitle)}</span></figcaption>'
            f"{self.drawings(figure, label)}{self.under((), figure.source_line)}"
            f"<details><summary>{self.word('data')}</summary>"
            f"{self.grid(data, '', label=name)}</details></figure>"
        )

    def drawings(self, figure: Figure, label: str) -> str:
        """The drawing for wide screens and paper, and the one for telephones if it has one.

        One of the two is shown; the other is hidden from screen readers too.
        """
        svg = inline(draw_svg(figure.spec, self.lang), figure.id, figure.alt)
        phone = phone_spec(figure.spec)
        if phone is None:
            return (
                f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{svg}</div>'
            )
        small = inline(draw_svg(phone, self.lang), f"{figure.id}-phone", figure.alt)
        return f'<div class="drawing">{svg}</div><div class="phone">{small}</div>'

    def grid(self, table: Table, heading: str, label: str = "", anchors: bool = False) -> str:
        """A table in a box that scrolls sideways on a narrow screen.

        It is named by the element ``heading``, or else by the text ``label``.
        """
        name = f'aria-labelledby="{heading}"' if heading else f'aria-label="{label}"'
        kinds = self.kinds(table)
        heads = "".join(
            f"<th scope=col{kind}>{title_of(c)}</th>"
            for c, kind in zip(table.columns, kinds, strict=True)
        )
        marks = [""] * len(table.rows)
        if anchors:
            first = {str(row[1]): i for i, row in reversed(list(enumerate(table.rows)))}
            for key, i in first.items():
                marks[i] = f' id="{self.anchors[key]}"'
        lines = []
        for row, mark in zip(table.rows, marks, strict=True):
            cells = []
            for i, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                runs = cell_runs(cell, column, self.lang)
                shown = self.runs(of_numbers(runs) if column.align == "right" else runs)
                if i == 0 and table.row_headers:
                    cells.append(f"<th scope=row{kinds[i]}>{shown}</th>")
                else:
                    cells.append(f"<td{kinds[i]}>{shown}</td>")
            lines.append(f"<tr{mark}>{''.join(cells)}</tr>")
        return (
            f'<div class="scroll" tabindex="0" role="region" {name}><table {name}>'
            f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
        )

    def kinds(self, table: Table) -> list[str]:
        """The class of each column: numbers, running text, short answers or neither."""
        lengths = letters_of(table, self.lang)
        return [
            " class=r" if column.align == "right"
            else " class=l" if longest > LONG
            else " class=s" if longest <= SHORT
            else ""
            for column, longest in zip(table.columns, lengths, strict=True)
        ]  # fmt: skip
