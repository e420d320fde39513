"""Projections in tables and figures: paths, published ends, what came, targets, revisions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from virkestoff.evidence import Library, Statistic
from virkestoff.evidence.intervals import Interval
from virkestoff.industry.projections import Base, Path, Scenario, Target, rebuild
from virkestoff.industry.rebuilt import Comparison, bounded, compare, what_came
from virkestoff.industry.rounds import Revision
from virkestoff.industry.targets import target_level, ways
from virkestoff.language import Lang, format_number
from virkestoff.reports.curves import Line
from virkestoff.reports.document import Cell, Citation, Column, Figure, Runs, Table, Words
from virkestoff.reports.statistic_words import amount, branch_name, figure, with_unit
from virkestoff.reports.year_lines import year_chart

__all__ = ["ProjectionParts"]

BILLION = 1e9


@dataclass(frozen=True)
class ProjectionParts:
    """What a report or the screen shows of a set of projections, in one language."""

    library: Library
    scenarios: Mapping[str, Scenario]
    targets: Mapping[str, Target]
    lang: Lang

    def say(self, nb: str, en: str) -> str:
        """The text in the reader's language."""
        return nb if self.lang == "nb" else en

    def _money(self, x: float | None, unit: str) -> str:
        if x is None:
            return "–"
        shown = amount(float(f"{x:.3g}"), self.lang)
        return with_unit(shown, unit, self.lang)

    def _interval(self, interval: Interval | None, unit: str) -> str:
        if interval is None:
            return "–"
        both = self._span(interval[0] / BILLION, interval[1] / BILLION, 3)
        return with_unit(f"{both} {self.say('mrd.', 'bn')}", unit, self.lang)

    def _span(self, low: float, high: float, digits: int) -> str:
        """Two ends as a range; an open end in words."""
        first, last = (format_number(x, self.lang, digits) for x in (low, high))
        if math.isinf(high):
            return self.say(f"minst {first}", f"at least {first}")
        if math.isinf(low):
            return self.say(f"høyst {last}", f"at most {last}")
        return first if first == last else f"{first}–{last}"

    def _rate_text(self, x: float | None, digits: int = 3) -> str:
        return "–" if x is None else f"{format_number(100 * x, self.lang, digits)} %"

    def _measure(self, measure: str, branch: str = "all") -> str:
        name = self.library.subjects[measure].name.in_(self.lang)
        return name if branch == "all" else f"{name}, {branch_name(branch, self.lang)}"

    def comparison_table(self) -> Table:
        """The published end of each scenario, the rebuilt one, and what explains the gap."""
        columns = (
            Column(self.say("Framskrivning", "Projection")),
            Column(self.say("År", "Year")),
            Column(self.say("Publisert", "Published")),
            Column(self.say("Gjenskapt", "Rebuilt"), align="right"),
            Column(self.say("Avvik", "Difference"), align="right"),
            Column(self.say("Forklaring", "Explanation")),
        )
        rows: list[tuple[Cell, ...]] = []
        for scenario in self.scenarios.values():
            for c in compare(self.library, scenario):
                published = figure(c.published, self.lang, self.library)
                rebuilt = self._interval(c.interval, c.unit)
                rows.append(
                    (scenario.name.in_(self.lang), str(c.year), published, rebuilt,
                     self._money(c.difference, c.unit), self._explained(c))
                )  # fmt: skip
        note = self.say(
            "Gjenskapt: grunnlag ganger oppgitt vekst, med det slingringsrom som avrundingen av "
            "de trykte tallene gir. Avvik er publisert minus midten av det gjenskapte.",
            "Rebuilt: base times stated growth, with the leeway that the rounding of the printed "
            "figures leaves. The difference is published minus the middle of the rebuilt.",
        )
        caption = self.say("Publiserte og gjenskapte framskrivninger", "Projections as published "
                           "and rebuilt")  # fmt: skip
        return Table("projection-comparison", caption, columns, tuple(rows), (note,))

    def _explained(self, c: Comparison) -> str:
        said = []
        if c.rebuilt is None:
            said.append(
                self.say(
                    "Kan ikke gjenskapes: veksten er ikke oppgitt i teksten.",
                    "Cannot be rebuilt: the text does not state the growth.",
                )
            )
            said += self._bound(c.scenario)
        elif c.stated is None:
            said.append(self.say("Det publiserte tallet er tapt i teksten.",
                                 "The published figure is lost in the text."))  # fmt: skip
        elif c.is_within:
            said.append(self.say("Avrunding er nok.", "Rounding is enough."))
        else:
            said.append(self._gap(c))
            said += [self._other(other.base, other.interval, other.is_within, c.unit)
                     for other in c.others]  # fmt: skip
        if c.scenario.note:
            said.append(c.scenario.note.in_(self.lang))
        return " ".join(said)

    def _bound(self, scenario: Scenario) -> list[str]:
        """What a path stays below whose source states only that its growth is lower."""
        most = bounded(self.library, scenario)
        if most is None:
            return []
        shown = self._money(most, self.library.subjects[scenario.measure].unit)
        return [self.say(f"Mindre enn {shown} i {scenario.until}.",
                         f"Less than {shown} in {scenario.until}.")]  # fmt: skip

    def _gap(self, c: Comparison) -> str:
        base, growth = c.implied_base, c.implied_growth
        assert base is not None and growth is not None
        rate = self._span(100 * growth[0], 100 * growth[1], 2)
        needed = self._interval(base, c.unit)
        year = c.scenario.base.year
        return self.say(
            f"Mer enn avrunding: det publiserte krever {needed} i {year}, eller {rate} % "
            "vekst per år.",
            f"More than rounding: the published figure takes {needed} in {year}, or growth of "
            f"{rate} % a year.",
        )

    def _other(self, base: Base, interval: Interval, is_within: bool, unit: str) -> str:
        name = base.name.in_(self.lang) if base.name else str(base.year)
        verdict = (self.say("som stemmer", "which fits") if is_within
                   else self.say("som ikke stemmer", "which does not fit"))  # fmt: skip
        return self.say(f"Med {name}: {self._interval(interval, unit)}, {verdict}.",
                        f"With {name}: {self._interval(interval, unit)}, {verdict}.")  # fmt: skip

    def came_table(self) -> Table:
        """What was observed after the projections were made, beside what they said."""
        columns = (
            Column(self.say("Framskrivning", "Projection")),
            Column(self.say("År", "Year")),
            Column(self.say("Sa", "Said"), align="right"),
            Column(self.say("Kom", "Came"), align="right"),
            Column(self.say("Avvik", "Deviation"), align="right"),
            Column(self.say("Kilde", "Source")),
        )
        rows: list[tuple[Cell, ...]] = []
        for scenario in self.scenarios.values():
            for came in what_came(self.library, scenario):
                s = came.observed
                source = (*self._counted(s), Citation(s.source, s.place))
                rows.append(
                    (scenario.name.in_(self.lang), str(came.year),
                     self._interval(came.interval, came.unit), figure(s, self.lang, self.library),
                     self._rate_text(came.deviation, 2), source)
                )  # fmt: skip
        note = self.say(
            "Publiserte tall for samme størrelse; de som er uenige med hverandre, står hver for "
            "seg. Avvik er observert over midten av framskrivningen, minus én.",
            "Published figures of the same quantity; those that disagree stand side by side. The "
            "deviation is observed over the middle of the projection, minus one.",
        )
        caption = self.say("Framskrivningene mot det som kom", "The projections against what came")
        return Table("projection-came", caption, columns, tuple(rows), (note,))

    def _counted(self, statistic: Statistic) -> Runs:
        """What a figure speaks of, before its source."""
        return (Words(f"{statistic.name.in_(self.lang)}; "),)

    def ways_table(self) -> Table:
        """Targets, and the growth a year that leads there from each published level."""
        columns = (
            Column(self.say("Mål", "Target")),
            Column(self.say("År", "Year")),
            Column(self.say("Nivå", "Level"), align="right"),
            Column(self.say("Fra", "From"), align="right"),
            Column(self.say("Vekst som trengs", "Growth needed"), self.say("per år", "a year"),
                   "right"),
            Column(self.say("Kilde", "Source")),
        )
        rows: list[tuple[Cell, ...]] = []
        for target in self.targets.values():
            for way in ways(self.library, target):
                s = way.observed
                start = f"{figure(s, self.lang, self.library)} ({s.year})"
                rows.append(
                    (target.name.in_(self.lang), str(target.year),
                     self._money(way.goal, way.unit), start, self._rate_text(way.growth, 2),
                     (Citation(s.source, s.place),))
                )  # fmt: skip
        caption = self.say("Veien til målene", "The way to the targets")
        return Table("projection-targets", caption, columns, tuple(rows))

    def revision_table(self, changes: Sequence[Revision], old: str, new: str) -> Table:
        """What moved from one frozen round to the next, and why."""
        columns = (
            Column(self.say("Framskrivning", "Projection")),
            Column(self.say("År", "Year")),
            Column(old, align="right"),
            Column(new, align="right"),
            Column(self.say("Endring", "Change"), align="right"),
            Column(self.say("Grunn", "Reason")),
        )
        rows: list[tuple[Cell, ...]] = [
            (self._scenario_name(r.scenario), str(r.year), self._money(r.old, r.unit),
             self._money(r.new, r.unit), self._money(r.change, r.unit), r.reason or "–")
            for r in changes
        ]  # fmt: skip
        caption = self.say(f"Revisjon fra {old} til {new}", f"Revision from {old} to {new}")
        none = self.say("Ingen tall er endret.", "No figure has changed.")
        return Table("projection-revision", caption, columns, tuple(rows), () if rows else (none,))

    def _scenario_name(self, name: str) -> str:
        found = self.scenarios.get(name)
        return found.name.in_(self.lang) if found else name

    def path_table(self, measure: str) -> Table:
        """The rebuilt paths of a measure, year by year."""
        paths = self._paths(measure)
        columns = (
            Column(self.say("År", "Year")),
            *(Column(p.scenario.name.in_(self.lang), self.say("mrd. kr", "NOK bn"), "right")
              for p in paths),
        )
        years = sorted({year for p in paths for year in p.years})
        rows = tuple((str(year), *(self._at(p, year) for p in paths)) for year in years)
        caption = self.say("Gjenskapte baner", "Rebuilt paths") + f": {self._measure(measure)}"
        return Table(f"projection-paths-{measure.rpartition('.')[2]}", caption, columns, rows)

    def _at(self, path: Path, year: int) -> str:
        if year not in path.years:
            return "–"
        return format_number(path.at(year)[1] / BILLION, self.lang, decimals=1)

    def _paths(self, measure: str) -> list[Path]:
        found = [rebuild(self.library, s) for s in self.scenarios.values() if s.measure == measure]
        return [p for p in found if p is not None and p.scenario.branch == "all"]

    def measures(self) -> list[str]:
        """The measures that at least one scenario projects, in the order of the file."""
        return list(dict.fromkeys(s.measure for s in self.scenarios.values()))

    def path_figure(self, measure: str) -> Figure:
        """The paths of a measure with published ends, observations and targets."""
        paths = self._paths(measure)
        last = max(year for p in paths for year in p.years)
        lines = [
            Line(
                self._label(p, last),
                tuple(map(float, p.years)),
                tuple(v / BILLION for v in p.middle),
                tuple(v / BILLION for v in p.low),
                tuple(v / BILLION for v in p.high),
            )
            for p in paths
        ]
        points = [
            (float(c.year), c.stated / BILLION)
            for s in self.scenarios.values()
            if s.measure == measure and s.branch == "all"
            for c in compare(self.library, s)
            if c.stated is not None
        ]
        observed = sorted({(float(s.year or 0), float(s.value) / BILLION)
                           for s in self._observed(measure)
                           if isinstance(s.value, float | int)})  # fmt: skip
        levels = [
            (float(t.year), target_level(self.library, t) / BILLION, t.name.in_(self.lang))
            for t in self.targets.values()
            if t.measure == measure
        ]
        table = self.path_table(measure)
        name = self._measure(measure)
        ends = ", ".join(
            f"{line.label}: {format_number(line.mid[-1], self.lang, 3)}" for line in lines
        )
        return Figure(
            id=f"projection-{measure.rpartition('.')[2]}",
            title=self._headline(name, lines),
            subtitle=self.say(
                "Mrd. kr, løpende priser. Bånd: avrunding. Ruter: publiserte tall. "
                "Punkter: observert.",
                "NOK bn, current prices. Bands: rounding. Diamonds: published. Dots: observed.",
            ),
            alt=self.say(f"Baner for {name.lower()} over år. Siste år: {ends}.",
                         f"Paths of {name.lower()} over years. Last year: {ends}."),
            spec=year_chart(lines, self.say("mrd. kr", "NOK bn"), points=points,
                            observed=observed, levels=levels),
            columns=table.columns,
            rows=table.rows,
            source_line="; ".join(dict.fromkeys(
                self.library.sources[p.scenario.source].title for p in paths)),
        )  # fmt: skip

    def _label(self, path: Path, last: int) -> str:
        """The name at a curve; one that ends before the others says when."""
        name, end = path.scenario.name.in_(self.lang), max(path.years)
        return name if end == last else f"{name} ({self.say('til', 'to')} {end})"

    def _headline(self, name: str, lines: Sequence[Line]) -> str:
        year = int(max(line.x[-1] for line in lines))
        ends = [line.mid[-1] for line in lines if int(line.x[-1]) == year]
        low, high = (format_number(x, self.lang, 3) for x in (min(ends), max(ends)))
        if len(ends) == 1:
            (only,) = (line.label for line in lines if int(line.x[-1]) == year)
            return self.say(
                f"{name} i {year} etter framskrivningen «{only}»: {high} mrd. kr",
                f"{name} in {year} by the projection “{only}”: NOK {high} bn",
            )
        return self.say(f"{name} i {year}: {low} til {high} mrd. kr, etter framskrivning",
                        f"{name} in {year}: NOK {low} to {high} bn, by projection")  # fmt: skip

    def _observed(self, measure: str) -> list[Statistic]:
        return [
            s
            for s in self.library.statistics.values()
            if s.subject == measure
            and (s.branch or "all") == "all"
            and not s.group
            and s.kind in ("observed", "estimate")
            and s.year is not None
        ]
