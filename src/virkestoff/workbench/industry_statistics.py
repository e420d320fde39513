"""The industry's statistics: populations, tables, charts, files and the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from virkestoff.errors import Fault, InputError
from virkestoff.industry.definitions import JCurve
from virkestoff.industry.holdings import data_folder
from virkestoff.language import Lang
from virkestoff.workbench.library import Bench, ScreenTable

if TYPE_CHECKING:
    from virkestoff.industry.own_accounts import ColumnMapping, OwnAccounts
    from virkestoff.industry.population import Population
    from virkestoff.industry.population_check import Check
    from virkestoff.industry.statistics import Statistics

__all__ = ["StatisticsBench"]


class StatisticsBench(Bench):
    """What the workbench knows of the industry's companies. Heavy modules load when asked for."""

    def population(self, kind: str, data: Path | None = None) -> tuple[Population, tuple[str, ...]]:
        """The ``synthetic`` or the ``own`` population, and lines on the years that are missing.

        Raises
        ------
        InputError
            if the kind is unknown or the own accounts are faulty.
        """
        from virkestoff.industry.population import synthetic_population

        if kind == "synthetic":
            return synthetic_population(self.library), ()
        if kind != "own":
            raise InputError(Fault(f"population '{kind}'", "is unknown",
                                   next_step="Use synthetic or own"))  # fmt: skip
        held = self.own_accounts(data)
        return held.population, _missing_lines(held)

    def own_accounts(self, data: Path | None = None) -> OwnAccounts:
        """The user's accounts, by the mapping in the data folder."""
        from virkestoff.industry.own_accounts import own_accounts, read_mapping

        folder = data_folder(data)
        return own_accounts(read_mapping(folder), folder, self.library)

    def keep_mapping(
        self, mapping: ColumnMapping, data: Path | None = None
    ) -> tuple[Path, OwnAccounts]:
        """Check a mapping against its file and save it; nothing is saved if it is faulty."""
        from virkestoff.industry.own_accounts import own_accounts, save_mapping

        folder = data_folder(data)
        held = own_accounts(mapping, folder, self.library)
        return save_mapping(mapping, folder), held

    def industry_statistics(
        self,
        population: Population,
        measure: str,
        by: Sequence[str],
        years: Sequence[int] | None,
        wording: JCurve,
        largest: int,
    ) -> Statistics:
        """One measure, protected; without years the last in which it is known."""
        from virkestoff.industry.statistics import known_years, statistics

        chosen = years or known_years(population, measure)
        return statistics(population, measure, by=by, years=chosen, wording=wording,
                          largest=largest, library=self.library)  # fmt: skip

    def statistics_table(self, stats: Statistics, lang: Lang) -> ScreenTable:
        """The table for the screen."""
        from virkestoff.reports.industry_parts import IndustryParts
        from virkestoff.reports.study_report import screen_table

        parts = IndustryParts(self.library, lang)
        title, columns, rows, notes = screen_table(parts.tall_table(stats), lang)
        source = parts.source_line(stats)
        word = "Kilde" if lang == "nb" else "Source"
        return title, columns, rows, [*notes, f"{word}: {source}"]

    def write_statistics(
        self, stats: Statistics, path: Path, as_of: date, lang: Lang
    ) -> tuple[Path, ...]:
        """Write the table as CSV, Parquet, workbook, Stata or SPSS."""
        from virkestoff.reports.industry_files import statistics_file, write_labelled

        table = statistics_file(stats, self.library, lang)
        return write_labelled(table, path, as_of, lang)

    def draw_statistics(self, stats: Statistics, path: Path, lang: Lang) -> None:
        """Draw the table as SVG or PNG.

        Raises
        ------
        InputError
            if the format is unknown or there is nothing to draw.
        """
        from virkestoff.reports.drawing import draw_png, draw_svg
        from virkestoff.reports.industry_parts import IndustryParts
        from virkestoff.reports.output import write_whole

        if path.suffix.lower() not in (".svg", ".png"):
            raise InputError(Fault(f"--chart {path}", "is of no known kind",
                                   next_step="End it .svg or .png"))  # fmt: skip
        spec = IndustryParts(self.library, lang).chart(stats)
        if spec is None:
            raise InputError(Fault(f"--chart {path}", "has nothing to draw",
                                   "all figures are hidden or unknown"))  # fmt: skip
        is_png = path.suffix.lower() == ".png"
        write_whole(path, draw_png(spec, lang) if is_png else draw_svg(spec, lang).encode())

    def write_industry_report(
        self,
        population: Population,
        folder: Path,
        lang: Lang,
        as_of: date,
        missing: Sequence[str] = (),
    ) -> tuple[Path, ...]:
        """The report as web page, PDF and Word."""
        from virkestoff.reports.industry_report import write_industry_report

        return write_industry_report(population, self.library, folder, lang, as_of, missing)

    def population_check(self, population: Population) -> tuple[Check, ...]:
        """Every published figure against the population."""
        from virkestoff.industry.population_check import against_population

        return against_population(population, self.library)

    def population_tables(self, population: Population, lang: Lang) -> list[ScreenTable]:
        """What is met, and what the sources say of the companies they name."""
        from virkestoff.reports import population_tables as tables
        from virkestoff.reports.study_report import screen_table

        checks = self.population_check(population)
        found = [
            tables.targets_table(checks, lang),
            tables.named_table(population, self.library, lang),
        ]
        return [screen_table(table, lang) for table in found]

    def population_conflicts(
        self, population: Population, lang: Lang
    ) -> tuple[str, list[tuple[str, ...]]]:
        """A heading, and of each figure that is not met: what, published, ours, deviation, why."""
        from virkestoff.reports import population_tables as tables
        from virkestoff.reports.study_report import screen_table

        table = tables.conflicts_table(self.population_check(population), lang)
        title, _, rows, _ = screen_table(table, lang)
        return title, [tuple(row) for row in rows]

    def write_population(
        self, population: Population, path: Path, as_of: date, lang: Lang
    ) -> tuple[Path, ...]:
        """Write companies and accounts, every row marked."""
        from virkestoff.reports.industry_files import population_file, write_labelled

        return write_labelled(population_file(population, lang), path, as_of, lang)


def _missing_lines(held: OwnAccounts) -> tuple[str, ...]:
    """``2017: 3 of 40 companies`` a year, then the years of each company."""
    lines = [f"{year}: {n} / {held.n_companies}" for year, n in held.n_missing.items()]
    lines += [f"{company}: {', '.join(map(str, years))}"
              for company, years in held.missing_years.items()]  # fmt: skip
    return tuple(lines)
