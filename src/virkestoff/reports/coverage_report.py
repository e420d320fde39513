"""The report “Coverage of support”: heat map, claims tested, gaps, proposals, companies.

A document tree, printed as web page, PDF and Word by the writers that studies use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from virkestoff.instruments.coverage import Coverage
from virkestoff.instruments.coverage_population import CompanyCoverage
from virkestoff.instruments.gaps import ClaimResult, GapResult, PhaseFigures, WithProposal
from virkestoff.language import format_date
from virkestoff.reports.company_tables import CompanyTables
from virkestoff.reports.coverage_figures import heat_map
from virkestoff.reports.coverage_tables import CoverageTables
from virkestoff.reports.coverage_words import OUTCOMES
from virkestoff.reports.document import (
    Callout,
    Document,
    Figure,
    FrontPage,
    KeyNumber,
    Paragraph,
    Reference,
    Section,
    Words,
)
from virkestoff.reports.document_files import write_document

__all__ = ["CoverageFindings", "coverage_document", "coverage_figure", "write_coverage_report"]


@dataclass(frozen=True)
class CoverageFindings:
    """Everything that the report prints; ``companies`` is left out where no population is."""

    number: Coverage
    budget: Coverage
    failures: Coverage
    figures: Mapping[str, PhaseFigures]
    not_repaid: Mapping[str, PhaseFigures]
    claims: Sequence[ClaimResult]
    gaps: Sequence[GapResult]
    proposals: Sequence[WithProposal]
    companies: CompanyCoverage | None = None


def coverage_figure(found: Coverage, tables: CoverageTables) -> Figure:
    """The heat map with its numbers as a table; the title says what it shows."""
    table = tables.coverage(found, "heat-map")
    fullest = max(found.cells, key=lambda c: c.n)
    words = [tables.code(found, k, code) for k, code in enumerate(fullest.place)]
    title = tables.say(
        f"Flest ordninger der {words[0].lower()} møter {words[1].lower()}; "
        f"{len(found.empty)} steder er tomme",
        f"Most schemes where {words[0].lower()} meets {words[1].lower()}; "
        f"{len(found.empty)} places are empty",
    )
    return Figure(
        "heat-map", title, table.caption,
        tables.say("Varmekart med antall ordninger på hvert sted.",
                   "Heat map with the number of schemes in each place."),
        heat_map(found, tables.rules, tables.lang), table.columns, table.rows,
        " ".join(table.notes),
    )  # fmt: skip


class _Writer:
    """Builds the tree."""

    def __init__(self, found: CoverageFindings, tables: CoverageTables) -> None:
        self.found, self.tables, self.say = found, tables, tables.say

    def outcome(self, claim: str, subset: str) -> str:
        """How a claim stands with the first mapping."""
        first = self.tables.rules.first_mapping
        return next(c.outcome for c in self.found.claims
                    if (c.claim, c.mapping, c.subset) == (claim, first, subset))  # fmt: skip

    def answer(self) -> str:
        """Two sentences, each from what was computed."""
        return f"{self._breadth()} {self._volume()}"

    def _breadth(self) -> str:
        figures, number = self.found.figures, self.tables.number
        most, least = (f(figures.values(), key=lambda p: p.n) for f in (max, min))
        free = self.found.not_repaid
        is_so = all(self.outcome(c, "not_repaid") == "holds" for c in ("few_scaling",
                                                                       "few_expansion"))
        counts = [number(free[p].n) for p in ("technology", "scaling", "expansion")]
        own = self.say(
            f"for tilskudd og fradrag til bedrifter alene er det {counts[0]} i "
            f"utvikling, {counts[1]} "
            f"i skalering og {counts[2]} i eksport, " + ("som kilden sier" if is_so else
                                                          "ikke som kilden sier"),
            f"of grants and deductions to companies alone there are {counts[0]} in development, "
            f"{counts[1]} in scaling and {counts[2]} in export, " + (
                "as the source says" if is_so else "not as the source says"),
        )  # fmt: skip
        names = [self.tables.phase(p.phase).lower() for p in (most, least)]
        return self.say(
            f"Flest ordninger er det i {names[0]} ({number(most.n)}) og færrest i {names[1]} "
            f"({number(least.n)}), mot {number(figures['scaling'].n)} i skalering og "
            f"{number(figures['expansion'].n)} i eksport; {own}.",
            f"Most schemes are in {names[0]} ({number(most.n)}) and fewest in {names[1]} "
            f"({number(least.n)}), against {number(figures['scaling'].n)} in scaling and "
            f"{number(figures['expansion'].n)} in export; {own}.",
        )

    def _volume(self) -> str:
        main = next(c for c in self.found.claims if c.claim == "volume_technology")
        word = OUTCOMES[main.outcome].in_(self.tables.lang)
        n = self.found.number.n_schemes
        return self.say(
            f"Påstanden om størst omfang i utvikling {word}: budsjettet er ikke lest for "
            f"{main.n_unknown} av {n} ordninger.",
            f"The claim that volume is largest in development {word}: the budget was not read for "
            f"{main.n_unknown} of {n} schemes.",
        )

    def front(self) -> FrontPage:
        figures, free, say = self.found.figures, self.found.not_repaid, self.say
        number = self.tables.number

        def key(phase: str) -> KeyNumber:
            label = self.tables.phase(phase)
            return KeyNumber(
                number(figures[phase].n), say(f"ordninger: {label.lower()}", f"schemes: {label}"),
                say(f"av dem {number(free[phase].n)} tilskudd og fradrag til bedrifter",
                    f"of them {number(free[phase].n)} grants and deductions to companies"),
            )  # fmt: skip

        not_known = [
            say("Budsjett for de fleste ordningene, og hva av dem som går til helse.",
                "The budgets of most schemes, and what of them goes to health."),
            say("Hva bedriftene trenger i hver fase.", "What companies need in each phase."),
            say("Hvem som søker, og hvem som får.", "Who applies, and who is awarded."),
        ]  # fmt: skip
        return FrontPage(
            say("Er støtten tykk i utvikling og tynn i skalering og eksport?",
                "Is support thick in development and thin in scaling and export?"),
            (Words(self.answer()),), (key("technology"), key("scaling"), key("expansion")),
            (), tuple((Words(t),) for t in not_known), has_mark_note=False,
        )  # fmt: skip

    def sections(self) -> tuple[Section, ...]:
        found, tables, say = self.found, self.tables, self.say
        note = Callout(say("Hull og markedssvikt", "Gaps and market failure"),
                       (Words(tables.no_failure),), "warning")  # fmt: skip
        parts = [
            Section("where-section", say("Hvor ordningene er", "Where the schemes are"),
                    (note, coverage_figure(found.number, tables),
                     tables.phases(found.figures), tables.coverage(found.budget, "budget"),
                     tables.awards())),
            Section("failures-section",
                    say("Ordninger etter markedssvikt", "Schemes by market failure"),
                    (tables.coverage(found.failures, "failures"),)),
            Section("tested-section", say("Påstandene, prøvd", "The claims, tested"), (
                tables.claims(found.claims),
                Paragraph((Words(say(
                    "Svarene nedenfor viser hva de skylder måten å telle på.",
                    "The answers below show what they owe to the way of counting.")),)),
                *(tables.sensitivity(found.claims, key, f"sensitivity-{n}")
                  for n, key in enumerate(tables.rules.claims, 1)
                  if tables.rules.claims[key].measure == "number"),
            )),
            Section("gaps-section", say("Finansieringsgapene", "The financing gaps"),
                    (tables.gaps(found.gaps),)),
            Section("proposals-section", say("Med hvert forslag", "With each proposal"),
                    (tables.proposals(found.proposals),)),
        ]  # fmt: skip
        if found.companies is not None:
            parts.append(Section("companies-section",
                                 say("Bedrifter uten ordning", "Companies without a scheme"),
                                 (CompanyTables(tables).companies(found.companies),
                                  CompanyTables(tables).narrowing(found.companies))))  # fmt: skip
        return tuple(parts)


def coverage_document(found: CoverageFindings, tables: CoverageTables, as_of: date) -> Document:
    """The report as a document tree."""
    writer = _Writer(found, tables)
    sources = tables.library.sources
    cited = {"source_004", "source_001"} & set(sources)
    references = tuple(
        Reference(k, sources[k].title, sources[k].publisher, sources[k].year, sources[k].url or "")
        for k in sorted(cited)
    )
    day = format_date(found.number.on, tables.lang)
    return Document(
        tables.say("Støtteordningenes dekning", "Coverage of support"),
        tables.say(f"Faser, typer, mottakere og markedssvikt, {day}",
                   f"Phases, kinds, recipients and market failures, {day}"),
        tables.lang, as_of, writer.front(), writer.sections(), references,
    )  # fmt: skip


def write_coverage_report(
    found: CoverageFindings, tables: CoverageTables, folder: Path, as_of: date
) -> tuple[Path, ...]:
    """Write web page, PDF and Word into ``folder``; the files that were written."""
    document = coverage_document(found, tables, as_of)
    return write_document(document, folder, f"coverage.{tables.lang}")
