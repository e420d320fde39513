"""Support schemes as a whole: coverage, claims, gaps, companies without a scheme, reforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.language import Lang
from virkestoff.workbench.industry_statistics import StatisticsBench
from virkestoff.workbench.instruments import InstrumentsBench
from virkestoff.workbench.library import ScreenTable

if TYPE_CHECKING:
    import polars as pl

    from virkestoff.instruments.coverage import Coverage
    from virkestoff.instruments.coverage_population import CompanyCoverage
    from virkestoff.instruments.gaps import ClaimResult
    from virkestoff.instruments.intervals import Value
    from virkestoff.instruments.phases import PhaseRules
    from virkestoff.instruments.reform import Reform
    from virkestoff.reports.coverage_report import CoverageFindings
    from virkestoff.reports.coverage_tables import CoverageTables

__all__ = ["CoverageBench"]


class CoverageBench(InstrumentsBench, StatisticsBench):
    """What the workbench knows of all schemes together. Heavy modules load when asked for."""

    @cached_property
    def phase_rules(self) -> PhaseRules:
        """Phases, market failures, gaps and claims as the sources name them."""
        from virkestoff.instruments.phases import load_phase_rules

        return load_phase_rules(self.library)

    def coverage_tables(self, lang: Lang) -> CoverageTables:
        """What makes tables in a language."""
        from virkestoff.reports.coverage_tables import CoverageTables

        return CoverageTables(self.library, self.schemes, self.phase_rules, lang)

    def coverage(
        self, on: date, *, by: Sequence[str] = ("phase", "kind"),
        weight: Literal["number", "budget", "reached"] = "number",
        statuses: Sequence[str] = ("existing",), mapping: str | None = None,
        subset: str | None = None, as_existing: frozenset[str] = frozenset(),
    ) -> Coverage:  # fmt: skip
        """Schemes by any crossing of the dimensions; see `virkestoff.instruments.coverage`."""
        from virkestoff.instruments.coverage import coverage

        return coverage(
            self.schemes.schemes, self.phase_rules, on, by=by, weight=weight, statuses=statuses,
            mapping=mapping, subset=subset, as_existing=as_existing, indices=self.library.indices,
        )  # fmt: skip

    def tested_claims(
        self, on: date, as_existing: frozenset[str] = frozenset()
    ) -> tuple[ClaimResult, ...]:
        """The sources' claims on phases, for every way of counting."""
        from virkestoff.instruments.gaps import claim_results

        return claim_results(self.schemes, self.phase_rules, on, self.library.indices, as_existing)

    def company_facts(
        self, population: str, data: Path | None = None
    ) -> tuple[pl.DataFrame, list[str], bool]:
        """The facts of a ``synthetic`` or ``own`` population, or of a Parquet file.

        A row a company, its group, and whether the companies are synthetic.

        Raises
        ------
        InputError
            if there is no such population, or its file is faulty.
        """
        from virkestoff.workbench.population_facts import facts_of_population, frame_from_file

        if population not in ("synthetic", "own"):
            path = Path(population)
            if path.suffix.lower() != ".parquet":
                raise InputError(Fault(f"--population {population}", "is unknown",
                                       next_step="Use synthetic, own, or FILE.parquet"))
            frame, groups = frame_from_file(path)
            return frame, groups, False
        companies, _ = self.population(population, data)
        frame, groups, _ = facts_of_population(companies, self.schemes.vocabulary)
        return frame, groups, companies.is_synthetic

    def facts_from(self, path: Path) -> Mapping[str, Value]:
        """Facts that are held equal for all companies: a YAML file of fact and value, or a profile.

        Raises
        ------
        InputError
            lists every fact that is unknown or of another type.
        """
        from virkestoff.evidence import read_yaml
        from virkestoff.instruments.profile import with_implied
        from virkestoff.instruments.vocabulary import check_facts

        data = read_yaml(path)
        if data.keys() & {"profile", "company", "project"}:
            profile = self._with_computed(self.read_profile(path), date.today())
            return with_implied(profile, self.schemes.vocabulary).facts
        return check_facts(self.schemes.vocabulary, data, path.name)

    def company_coverage(
        self, on: date, population: str, data: Path | None = None, *,
        facts: Mapping[str, Any] | None = None, mapping: str | None = None,
        subset: str | None = "money", as_existing: frozenset[str] = frozenset(),
    ) -> CompanyCoverage:  # fmt: skip
        """Companies with and without a scheme, by phase and branch, safe to publish."""
        from virkestoff.disclosure import rules_from
        from virkestoff.instruments.coverage_population import company_coverage, with_facts

        frame, groups, is_synthetic = self.company_facts(population, data)
        return company_coverage(
            self.schemes, self.phase_rules, on, with_facts(frame, facts or {}), groups,
            rules_from(self.library), mapping=mapping, subset=subset, is_synthetic=is_synthetic,
            as_existing=as_existing,
        )  # fmt: skip

    def coverage_findings(
        self, on: date, companies: CompanyCoverage | None = None, mapping: str | None = None
    ) -> CoverageFindings:
        """Everything that the report on coverage prints."""
        from virkestoff.instruments import gaps
        from virkestoff.reports.coverage_report import CoverageFindings

        indices = self.library.indices
        given = (self.schemes, self.phase_rules, on, indices)
        return CoverageFindings(
            self.coverage(on, mapping=mapping),
            self.coverage(on, by=("phase",), weight="budget", mapping=mapping),
            self.coverage(on, by=("phase", "market_failure"), mapping=mapping),
            gaps.phase_figures(*given, mapping=mapping),
            gaps.phase_figures(*given, mapping=mapping, subset="not_repaid"),
            self.tested_claims(on), gaps.gap_results(*given, mapping=mapping),
            gaps.with_proposals(*given, mapping=mapping), companies,
        )  # fmt: skip

    def coverage_screen(self, found: CoverageFindings, lang: Lang) -> list[ScreenTable]:
        """Claims, phases, gaps, proposals and companies for the screen."""
        from virkestoff.reports.study_report import screen_table

        tables = self.coverage_tables(lang)
        shown = [tables.claims(found.claims), tables.phases(found.figures),
                 tables.gaps(found.gaps), tables.proposals(found.proposals)]  # fmt: skip
        if found.companies is not None:
            from virkestoff.reports.company_tables import CompanyTables

            shown.append(CompanyTables(tables).companies(found.companies))
        return [screen_table(table, lang) for table in shown]

    def tested_tables(self, on: date, mapping: str, lang: Lang) -> list[ScreenTable]:
        """Claims, phases, gaps and proposals on a date, for the screen."""
        return self.coverage_screen(self.coverage_findings(on, None, mapping), lang)

    def coverage_table(self, found: Coverage, lang: Lang) -> ScreenTable:
        """A table of coverage for the screen."""
        from virkestoff.reports.study_report import screen_table

        return screen_table(self.coverage_tables(lang).coverage(found), lang)

    def write_coverage(
        self, found: Coverage, path: Path, as_of: date, lang: Lang
    ) -> tuple[Path, ...]:
        """Write a row a place: CSV, workbook, Parquet, Stata or SPSS.

        Raises
        ------
        InputError
            if the file is of another kind.
        """
        from virkestoff.reports.coverage_files import write_coverage

        return write_coverage(found, self.coverage_tables(lang), path, as_of, lang)

    def draw_coverage(self, found: Coverage, path: Path, lang: Lang) -> tuple[Path, ...]:
        """Draw the heat map as SVG or PNG; the file that was written.

        Raises
        ------
        InputError
            if the format is unknown, or the table has not two dimensions and numbers.
        """
        from virkestoff.reports.coverage_figures import heat_map
        from virkestoff.reports.drawing import draw_png, draw_svg
        from virkestoff.reports.output import write_whole

        if len(found.by) != len(("across", "down")) or found.weight != "number":
            raise InputError(Fault(f"--chart {path}", "draws numbers by two dimensions",
                                   next_step="Use --by phase,kind --weight number"))  # fmt: skip
        if path.suffix.lower() not in (".svg", ".png"):
            raise InputError(Fault(f"--chart {path}", "is of no known kind",
                                   next_step="End it .svg or .png"))  # fmt: skip
        spec = heat_map(found, self.phase_rules, lang)
        is_png = path.suffix.lower() == ".png"
        write_whole(path, draw_png(spec, lang) if is_png else draw_svg(spec, lang).encode())
        return (path,)

    def write_coverage_report(
        self, found: CoverageFindings, folder: Path, lang: Lang, as_of: date
    ) -> tuple[Path, ...]:
        """The report as web page, PDF and Word."""
        from virkestoff.reports.coverage_report import write_coverage_report

        return write_coverage_report(found, self.coverage_tables(lang), folder, as_of)

    def company_tables(self, found: CompanyCoverage, lang: Lang) -> list[ScreenTable]:
        """Companies by phase and branch, and what would narrow the bounds, for the screen."""
        from virkestoff.reports.company_tables import CompanyTables
        from virkestoff.reports.study_report import screen_table

        tables = CompanyTables(self.coverage_tables(lang))
        shown = [tables.companies(found)]
        if found.questions:
            shown.append(tables.narrowing(found))
        return [screen_table(table, lang) for table in shown]

    def known_schemes(self, names: frozenset[str]) -> frozenset[str]:
        """The names, if each is a scheme.

        Raises
        ------
        InputError
            lists those that are none.
        """
        faults = FaultCollector()
        for name in sorted(names - set(self.schemes.schemes)):
            faults.add(f"scheme '{name}'", "is not in the library",
                       next_step=suggest(name, self.schemes.schemes))  # fmt: skip
        faults.raise_if_any()
        return names

    # ---- reforms and populations

    def read_reform(self, path: Path) -> Reform:
        """A reform from a patch; see `virkestoff.instruments.reform.read_reform`."""
        from virkestoff.instruments.reform import read_reform

        return read_reform(path, self.schemes)

    def reform_tables(
        self, reform: Reform, on: date, population: str, data: Path | None,
        profiles: Mapping[str, Mapping[str, Value]], facts: Mapping[str, Value], lang: Lang,
    ) -> list[ScreenTable]:  # fmt: skip
        """What changes, for a population and for profiles."""
        from virkestoff.disclosure import rules_from
        from virkestoff.instruments.coverage_population import with_facts
        from virkestoff.instruments.reform import profile_changes
        from virkestoff.instruments.reform_population import population_effects
        from virkestoff.reports.reform_tables import ReformTables
        from virkestoff.reports.study_report import screen_table

        frame, _, is_synthetic = self.company_facts(population, data)
        frame = with_facts(frame, facts)
        tables = ReformTables(reform, lang)
        effects = population_effects(reform, frame, on, self.library.indices)
        shown = [tables.changes(), tables.population(
            effects, frame.height, is_synthetic, rules_from(self.library).minimum_frequency)]
        if profiles:
            shown.append(tables.profiles(profile_changes(reform, profiles, on)))
        return [screen_table(table, lang) for table in shown]

    def population_statuses(
        self, on: date, population: str, data: Path | None, facts: Mapping[str, Value], lang: Lang
    ) -> list[ScreenTable]:
        """Companies by status for every scheme; small counts are hidden.

        Schemes that answer the same for every company stand together in a second table.
        """
        from virkestoff.disclosure import rules_from
        from virkestoff.instruments.coverage_population import with_facts
        from virkestoff.instruments.engine import engine_for
        from virkestoff.instruments.population_run import run_population
        from virkestoff.reports.reform_tables import alike_apart, statuses_table
        from virkestoff.reports.study_report import screen_table

        frame, _, is_synthetic = self.company_facts(population, data)
        result = run_population(engine_for(self.schemes, on), with_facts(frame, facts))
        least = rules_from(self.library).minimum_frequency
        hidden = {
            key for key, counts in result.counts.items()
            if any(0 < n < least for n in counts.values())
        }  # fmt: skip
        table = statuses_table(self.schemes, result, lang, is_synthetic, hidden)
        shown = alike_apart(table, result.rows, lang)
        return [screen_table(t, lang) for t in shown]
