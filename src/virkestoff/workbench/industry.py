"""The industry: projections, their frozen rounds, and what is written of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

from virkestoff.industry.holdings import data_folder
from virkestoff.industry.projections import load_scenarios, load_targets
from virkestoff.industry.rounds import Round, dump_round, freeze, load_rounds, revisions
from virkestoff.language import Lang
from virkestoff.reports.drawing import draw_png, draw_svg
from virkestoff.reports.output import write_whole
from virkestoff.reports.projection_parts import ProjectionParts
from virkestoff.reports.study_report import screen_table
from virkestoff.workbench.industry_statistics import StatisticsBench
from virkestoff.workbench.library import ScreenTable

__all__ = ["IndustryBench"]


class IndustryBench(StatisticsBench):
    """What the workbench knows of the industry."""

    def projections(self, lang: Lang) -> ProjectionParts:
        """The published projections with their targets, ready for tables and figures."""
        library = self.library
        return ProjectionParts(library, load_scenarios(library), load_targets(library), lang)

    def projection_tables(self, lang: Lang) -> list[ScreenTable]:
        """Paths, comparison with what was published, what came, and the way to the targets."""
        parts = self.projections(lang)
        tables = [parts.path_table(measure) for measure in parts.measures()]
        tables += [parts.comparison_table(), parts.came_table(), parts.ways_table()]
        return [screen_table(table, lang) for table in tables]

    def _round_folders(self, data: Path | None) -> tuple[Path, Path]:
        return self.library.root / "industry" / "rounds", data_folder(data) / "rounds"

    def rounds(self, data: Path | None = None) -> list[Round]:
        """The frozen rounds of the library and of the user, oldest first."""
        return load_rounds(*self._round_folders(data))

    def freeze_round(
        self, name: str, made: date, reasons: Mapping[str, str], data: Path | None = None
    ) -> tuple[Path, Round]:
        """Freeze the projections as they are now, in the user's own folder.

        Raises
        ------
        InputError
            if the name is taken, or a scenario changed and no reason is given.
        """
        scenarios = load_scenarios(self.library)
        kept = freeze(self.library, scenarios, name, made, self.rounds(data), reasons)
        folder = self._round_folders(data)[1]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.yaml"
        write_whole(path, dump_round(kept))
        return path, kept

    def revision_tables(self, data: Path | None, lang: Lang) -> list[ScreenTable]:
        """What moved from each frozen round to the next, and from the last to the library now."""
        parts = self.projections(lang)
        kept = self.rounds(data)
        pairs = [(old, new, new.id) for old, new in pairwise(kept)]
        if kept:
            last = kept[-1]
            everyone = dict.fromkeys(parts.scenarios, "")
            draft = freeze(self.library, parts.scenarios, "now", last.made, [last], everyone)
            pairs.append((last, draft, parts.say("nå", "now")))
        return [
            screen_table(parts.revision_table(revisions(old, new), old.id, label), lang)
            for old, new, label in pairs
        ]

    def write_projections(self, path: Path, as_of: date, lang: Lang) -> tuple[Path, ...]:
        """Write the rebuilt paths as CSV, XLSX, Parquet, Stata or SPSS, by the file's name."""
        from virkestoff.reports.industry_files import write_labelled
        from virkestoff.reports.industry_outlook import projections_file

        return write_labelled(projections_file(self.library, lang), path, as_of, lang)

    def draw_projections(self, chart: Path, lang: Lang) -> list[Path]:
        """Draw the paths of each measure beside ``chart``, with the measure added to the name."""
        from virkestoff.reports.industry_parts import stand_alone

        parts = self.projections(lang)
        written = []
        for measure in parts.measures():
            spec = stand_alone(parts.path_figure(measure), lang)
            name = f"{chart.stem}-{measure.rpartition('.')[2]}{chart.suffix}"
            if chart.suffix.lower() == ".png":
                data = draw_png(spec, lang)
            else:
                data = draw_svg(spec, lang).encode()
            write_whole(chart.with_name(name), data)
            written.append(chart.with_name(name))
        return written
