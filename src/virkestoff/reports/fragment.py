"""Part of a web page: the blocks of sections without front page, contents or numbers of sections.

A site sets it into a page of its own. Citations lead to the site's page of the source, and numbers
that came by reference to the page of their record; figures are drawn as in the reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from virkestoff.evidence.fact import Source
from virkestoff.language import Lang, place_in
from virkestoff.reports.blocks import runs_of
from virkestoff.reports.document import (
    Block,
    Citation,
    CrossReference,
    Document,
    Figure,
    FrontPage,
    Link,
    Number,
    Reference,
    Section,
    Table,
    Words,
)
from virkestoff.reports.html import PageBody
from virkestoff.reports.html_parts import escape

__all__ = ["PageFragment", "Places", "render_fragment"]

Address = Callable[[str], str]
_NO_FRONT = FrontPage("", (), (), (), ())


@dataclass(frozen=True)
class Places:
    """Where a site keeps what a fragment refers to.

    Attributes
    ----------
    source, record : the address of a source and of a fact or statistic, by its id; empty for none
    sources : the sources by id, for their names
    """

    source: Address
    record: Address
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class _Part(Document):
    """A tree without a front page: there is nothing on one to check."""

    def __post_init__(self) -> None:
        pass


def render_fragment(sections: Sequence[Section], lang: Lang, places: Places) -> str:
    """The sections as HTML: headings from the second level, no style, no script.

    A section with an empty title has no heading.
    """
    blocks = [block for section in sections for block in section.blocks]
    cited = {r.source for r in _runs(blocks) if isinstance(r, Citation)}
    references = tuple(
        Reference(name, places.sources[name].title, places.sources[name].publisher)
        for name in sorted(cited) if name in places.sources
    )  # fmt: skip
    document = _Part("", "", lang, date.min, _NO_FRONT, tuple(sections), references)
    return PageFragment(document, places).sections()


def _runs(blocks: Sequence[Block]) -> list[object]:
    return [run for block in blocks for run in runs_of(block)]


class PageFragment(PageBody):
    """Writes sections for a site."""

    def __init__(self, document: Document, places: Places) -> None:
        super().__init__(document)
        self.places = places
        kinds = [type(b) for s in document.sections for b in s.blocks]
        self.is_one_table = kinds.count(Table) == 1
        self.is_one_figure = kinds.count(Figure) == 1

    def sections(self) -> str:
        """Every section in order."""
        return "\n".join(
            (self.heading(s.id, "", s.title, s.level) if s.title else "")
            + "\n".join(self.block(b) for b in s.blocks)
            for s in self.document.sections
        )

    def run(self, run: Words | Number | Link | Citation | CrossReference) -> str:
        """As in a report, but sources are named and lead to their own page."""
        if not isinstance(run, Citation):
            return super().run(run)
        at = f", {escape(place_in(run.place, self.lang))}" if run.place else ""
        record = self.places.sources.get(run.source)
        name = record.publisher if record else run.source
        if record and record.year:
            name = f"{name} ({record.year})"
        address = self.places.source(run.source)
        shown = f'<a href="{escape(address)}">{escape(name)}</a>' if address else escape(name)
        return f"{shown}{at}"

    def number(self, key: str, shown: str) -> str:
        """A number that leads to the page of its record."""
        address = self.places.record(key.removeprefix("fact:")) if key else ""
        return f'<a class="n" href="{escape(address)}">{shown}</a>' if address else shown

    def table(self, table: Table) -> str:
        """A table; its number is left out where it is the only one."""
        shown = super().table(table)
        if self.is_one_table:
            number = f"{self.word('table')} {self.numbering.tables[table.id]}. "
            return shown.replace(number, "", 1)
        return shown

    def figure(self, figure: Figure) -> str:
        """A figure; its number is left out where it is the only one."""
        shown = super().figure(figure)
        if self.is_one_figure:
            number = f"{self.word('figure')} {self.numbering.figures[figure.id]}. "
            return shown.replace(number, "", 1)
        return shown
