"""A report as pages of a site: page 1 and one page a chapter, with the numbers of the whole report.

Numbers lead to the site's page of their origin, citations to the page of their source, and
references to a section, figure or table to the page that it stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from virkestoff.reports.document import (
    Citation,
    CrossReference,
    Document,
    Figure,
    FrontPage,
    Link,
    Number,
    Section,
    Table,
    Words,
)
from virkestoff.reports.fragment import PageFragment, Places
from virkestoff.reports.html_parts import escape

__all__ = ["FRONT", "Chapter", "render_chapters"]

FRONT = "front"
"""The id of page 1, which has no section of its own."""


@dataclass(frozen=True)
class Chapter:
    """A page: a section of the first level and all below it.

    Attributes
    ----------
    id, number, title : of the section; page 1 has no number
    below : id, number and title of the sections of the second level
    html : what stands under the title
    """

    id: str
    number: str
    title: str
    below: tuple[tuple[str, str, str], ...]
    html: str


def render_chapters(
    document: Document, places: Places, address: Callable[[str], str], front_title: str
) -> tuple[Chapter, ...]:
    """Every page of a report, page 1 first.

    Parameters
    ----------
    address : of a chapter, by its id
    front_title : what page 1 is called
    """
    groups: dict[str, list[Section]] = {}
    for section in document.sections:
        if section.level == 1:
            groups[section.id] = []
        groups[next(reversed(groups))].append(section)
    homes = {
        name: chapter for chapter, sections in groups.items()
        for section in sections for name in _names(section)
    }  # fmt: skip
    writer = _Writer(document, places, homes, address)
    pages = [Chapter(FRONT, "", front_title, (), writer.first(document.front))]
    for chapter, (head, *rest) in groups.items():
        below = tuple((s.id, writer.numbering.sections[s.id], s.title)
                      for s in rest if s.level == 2)  # fmt: skip
        html = writer.blocks(head) + writer.under_head(rest)
        pages.append(Chapter(chapter, writer.numbering.sections[chapter], head.title, below, html))
    return tuple(pages)


def _names(section: Section) -> list[str]:
    return [section.id, *(b.id for b in section.blocks if isinstance(b, Table | Figure))]


class _Writer(PageFragment):
    """Writes chapters with the numbers of the whole document."""

    def __init__(
        self,
        document: Document,
        places: Places,
        homes: Mapping[str, str],
        address: Callable[[str], str],
    ) -> None:
        super().__init__(document, places)
        self.homes, self.address = homes, address
        self.is_one_table = self.is_one_figure = False

    def blocks(self, section: Section) -> str:
        """What stands under one heading."""
        return "\n".join(self.block(b) for b in section.blocks)

    def under_head(self, sections: list[Section]) -> str:
        """Further sections of a chapter: the second level is h2, since the page has the h1."""
        return "\n".join(
            self.heading(s.id, self.numbering.sections[s.id], s.title, s.level - 1)
            + self.blocks(s)
            for s in sections
        )

    def run(self, run: Words | Number | Link | Citation | CrossReference) -> str:
        """As in a fragment; a reference leads to the page that its target stands on."""
        if not isinstance(run, CrossReference):
            return super().run(run)
        home = escape(self.address(self.homes[run.target]))
        shown = escape(self.numbering.labels[run.target])
        return f'<a href="{home}#{run.target}">{shown}</a>'

    def first(self, front: FrontPage) -> str:
        """Page 1: question, answer, three numbers, who pays, what is not known."""
        keys = "".join(
            f"<li><b>{self.number(k.key, escape(k.value))}{self.mark(k.mark)}</b>"
            f'{escape(k.label)}<br><span class="grey">{escape(k.range_text)}</span></li>'
            for k in front.key_numbers
        )
        payers = ""
        if front.who_pays:
            title = escape(front.who_pays_title) or self.word("who_pays")
            payers = f"<h2>{title}</h2><p>{self.runs(front.who_pays)}</p>"
        unknown = "".join(f"<li>{self.runs(item)}</li>" for item in front.not_known)
        return (
            f'<p class="lead">{escape(front.question)}</p>'
            f'<h2>{self.word("answer")}</h2><p class="note">{self.runs(front.answer)}</p>'
            f'<h2>{self.word("key_numbers")}</h2><ul class="sums">{keys}</ul>'
            f"{payers}{''.join(self.part(part) for part in front.parts)}"
            f"<h2>{self.word('not_known')}</h2><ul>{unknown}</ul>"
            + (f'<p class="under">{self.word("mark_note")}</p>' if front.has_mark_note else "")
        )
