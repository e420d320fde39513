"""What a site shows: parts of web pages, and single files made in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from virkestoff.errors import Fault, InputError
from virkestoff.instruments.engine import SchemeResult, engine_for
from virkestoff.instruments.guide import Answer
from virkestoff.language import Lang
from virkestoff.workbench.industry import IndustryBench
from virkestoff.workbench.upkeep import UpkeepBench

if TYPE_CHECKING:
    from virkestoff.industry.statistics import Statistics
    from virkestoff.reports.document import Section
    from virkestoff.reports.fragment import Places

__all__ = ["ANSWER_KINDS", "TABLE_KINDS", "Files", "PagesBench"]

ANSWER_KINDS = ("pdf", "xlsx", "ics")
TABLE_KINDS = ("csv", "xlsx", "parquet", "dta", "sav")


Files = dict[str, bytes]
"""Files by name; a format that cannot hold what its columns mean has a second file that does."""


def _files_of(write: Callable[[Path], Sequence[Path] | None], name: str) -> Files:
    """What a writer writes when it is asked for a file of this name."""
    with tempfile.TemporaryDirectory(prefix="virkestoff-") as folder:
        write(Path(folder) / name)
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


class PagesBench(IndustryBench, UpkeepBench):
    """What the workbench makes for a site."""

    def answer_file(self, found: Answer, kind: str, lang: Lang) -> bytes:
        """The answer of the guide as PDF, workbook or calendar; empty if there is no day to keep.

        Raises
        ------
        InputError
            if the kind is unknown.
        """
        from virkestoff.reports.guide_document import guide_document
        from virkestoff.reports.guide_files import guide_events, guide_sheets
        from virkestoff.reports.guide_words import say

        if kind not in ANSWER_KINDS:
            raise InputError(Fault(f"file of kind '{kind}'", "is unknown",
                                   next_step=f"Use one of {', '.join(ANSWER_KINDS)}"))
        sources = self.rules.sources
        if kind == "pdf":
            from virkestoff.reports.pdf import render_pdf

            document = guide_document(found, sources, lang)
            return _files_of(lambda path: render_pdf(document, path), "answer.pdf")["answer.pdf"]
        if kind == "xlsx":
            from virkestoff.reports.xlsx import write_xlsx

            sheets = guide_sheets(found, sources, lang)
            name = "answer.xlsx"
            return _files_of(lambda path: write_xlsx(path, sheets, found.on, lang), name)[name]
        from virkestoff.reports.calendar import render_calendar

        events = guide_events(found, sources, lang)
        name = say(lang, "Støtteordninger: frister", "Support schemes: deadlines")
        return render_calendar(events, name, found.on, lang) if events else b""

    def scheme_result(self, scheme: str, on: date) -> SchemeResult:
        """A scheme as it stands on a date, asked with an empty profile.

        Raises
        ------
        MissingFact
            if there is no such scheme.
        """
        key = self.schemes[scheme].id
        return engine_for(self.schemes, on).check({}).results[key]

    def fragment(self, sections: Sequence[Section], lang: Lang, places: Places) -> str:
        """Sections as a part of a web page."""
        from virkestoff.reports.fragment import render_fragment

        return render_fragment(sections, lang, places)

    def coverage_sections(self, on: date, lang: Lang) -> tuple[Section, ...]:
        """The heat map of schemes with its numbers, the sources' claims tested, and the gaps."""
        from virkestoff.reports.coverage_report import coverage_figure
        from virkestoff.reports.document import Section

        found, tables = self.coverage_findings(on), self.coverage_tables(lang)
        say = tables.say
        return (
            Section("map", say("Kartet", "The map"), (coverage_figure(found.number, tables),)),
            Section("claims", say("Påstander som er prøvd", "Claims that were tested"),
                    (tables.claims(found.claims),)),
            Section("phases", say("Fasene i tall", "The phases in numbers"),
                    (tables.phases(found.figures),)),
            Section("gaps", say("Hull", "Gaps"), (tables.gaps(found.gaps),)),
        )  # fmt: skip

    def coverage_files(self, on: date, kind: str, lang: Lang) -> Files:
        """The coverage as a table: a row a place.

        Raises
        ------
        InputError
            if the file is of another kind.
        """
        found = self.coverage(on)
        return _files_of(lambda path: self.write_coverage(found, path, on, lang),
                         f"coverage.{_known(kind)}")  # fmt: skip

    def projection_sections(self, lang: Lang) -> tuple[Section, ...]:
        """The published projections rebuilt, with what was printed and what came."""
        from virkestoff.reports.industry_outlook import projection_section

        section = projection_section(self.library, lang)
        return (section,) if section is not None else ()

    def projection_files(self, kind: str, as_of: date, lang: Lang) -> Files:
        """The rebuilt paths as a table.

        Raises
        ------
        InputError
            if the file is of another kind.
        """
        return _files_of(lambda path: self.write_projections(path, as_of, lang),
                         f"projections.{_known(kind)}")  # fmt: skip

    def published_sections(self, subject: str, lang: Lang) -> tuple[Section, ...]:
        """The published figures on a subject, each leading to its record.

        Raises
        ------
        MissingFact
            if there is no such subject.
        """
        from virkestoff.reports.published_tables import published_sections

        return published_sections(self.library, subject, lang)

    def published_files(self, subject: str, kind: str, as_of: date, lang: Lang) -> Files:
        """The published figures on a subject as a table.

        Raises
        ------
        MissingFact
            if there is no such subject.
        InputError
            if the file is of another kind.
        """
        from virkestoff.reports.industry_files import write_labelled
        from virkestoff.reports.published_tables import published_file

        table = published_file(self.library, subject, lang)
        return _files_of(lambda path: write_labelled(table, path, as_of, lang),
                         f"published.{_known(kind)}")  # fmt: skip

    def statistics_sections(self, found: Statistics, lang: Lang) -> tuple[Section, ...]:
        """A measure drawn, with its table."""
        from virkestoff.reports.document import Section
        from virkestoff.reports.industry_parts import IndustryParts

        parts = IndustryParts(self.library, lang)
        figure = parts.figure(found, "statistics-figure")
        table = parts.tall_table(found)
        blocks = (figure, table) if figure is not None else (table,)
        return (Section("statistics-section", "", blocks),)

    def statistics_files(self, found: Statistics, kind: str, as_of: date, lang: Lang) -> Files:
        """A measure as a table.

        Raises
        ------
        InputError
            if the file is of another kind.
        """
        return _files_of(lambda path: self.write_statistics(found, path, as_of, lang),
                         f"statistics.{_known(kind)}")  # fmt: skip


def _known(kind: str) -> str:
    if kind not in TABLE_KINDS:
        raise InputError(Fault(f"file of kind '{kind}'", "is unknown",
                               next_step=f"Use one of {', '.join(TABLE_KINDS)}"))
    return kind
