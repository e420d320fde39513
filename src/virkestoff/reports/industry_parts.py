"""Statistics of the industry as tables and figures of a report, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from virkestoff.evidence import Library
from virkestoff.industry.cells import (
    EMPTY,
    INCOMPLETE,
    MEANINGLESS,
    MISSING,
    SUPPRESSED,
    Cell,
)
from virkestoff.industry.definitions import BRANCHES, SIZES, load_definitions
from virkestoff.industry.measures import DIMENSIONS, TOTAL, UNKNOWN
from virkestoff.industry.statistics import Statistics
from virkestoff.language import Lang, Text, format_number, place_in
from virkestoff.reports.axes import Spec
from virkestoff.reports.bars import bar_chart
from virkestoff.reports.curves import Line
from virkestoff.reports.document import Column, Figure, Table
from virkestoff.reports.figures import Interval
from virkestoff.reports.statistic_words import branch_name
from virkestoff.reports.year_lines import year_chart

__all__ = ["IndustryParts", "code_name", "stand_alone"]

MILLION, THOUSAND, PERCENT = 1e6, 1e3, 100.0
MOST_ACROSS = 5
"""Years that stand side by side on a screen."""
MOST_LINES = 4
"""Curves that can be told apart in one figure; more are drawn as bars of the last year."""
_CODES = {
    "small": Text(nb="små", en="small"),
    "medium": Text(nb="mellomstore", en="medium-sized"),
    "large": Text(nb="store", en="large"),
    "norwegian": Text(nb="norsk", en="Norwegian"),
    "foreign": Text(nb="utenlandsk", en="foreign"),
    UNKNOWN: Text(nb="ukjent", en="unknown"),
    TOTAL: Text(nb="alle", en="all"),
}
_UNITS = {
    "NOK": (MILLION, 0, Text(nb="mill. kr, løpende priser", en="NOK million, current prices")),
    "NOK/person": (THOUSAND, 0, Text(nb="1 000 kr per ansatt, løpende priser",
                                     en="NOK 1,000 per employee, current prices")),
    "person": (1.0, 0, Text(nb="personer", en="persons")),
    "1/year": (1 / PERCENT, 1, Text(nb="% per år", en="% a year")),
    "%": (1 / PERCENT, 1, Text(nb="%", en="%")),
    "index": (1.0, 3, Text(nb="indeks fra 0 til 1", en="index from 0 to 1")),
    "count": (1.0, 0, Text(nb="antall", en="number")),
}  # fmt: skip


_ORDER = (TOTAL, *BRANCHES, *SIZES, "norwegian", "foreign")


def _in_order(place: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """The whole first, known codes as the field orders them, others by name, unknown last."""
    last = len(_ORDER)
    return tuple((_ORDER.index(c) if c in _ORDER else last + (c == UNKNOWN), c) for c in place)


def code_name(code: str, lang: Lang) -> str:
    """A code of a dimension for readers; one without a name stands as it is."""
    return _CODES[code].in_(lang) if code in _CODES else branch_name(code, lang)


@dataclass(frozen=True)
class IndustryParts:
    """What the screen, a figure or a report shows of statistics."""

    library: Library
    lang: Lang

    def say(self, nb: str, en: str) -> str:
        """The text in the reader's language."""
        return nb if self.lang == "nb" else en

    def marked(self, text: str, is_synthetic: bool) -> str:
        """``text`` with the word synthetic where it belongs."""
        return f"{text} ({self.say('syntetisk', 'synthetic')})" if is_synthetic else text

    def _unit(self, stats: Statistics) -> tuple[float, int, str]:
        spec = stats.spec
        key = spec.unit
        if spec.kind == "count":
            key = "count"
        elif key == "1":
            key = "index" if spec.statistic in ("herfindahl", "gini") else "%"
        size, decimals, word = _UNITS[key]
        return size, decimals, word.in_(self.lang)

    def title(self, stats: Statistics) -> str:
        """What the table shows, of what, when."""
        name = stats.spec.name.in_(self.lang)
        if stats.largest:
            name = self.say(
                f"De {stats.largest} størstes andel av omsetningen",
                f"The {stats.largest} largest companies' share of turnover",
            )
        parts = [DIMENSIONS[b].in_(self.lang).lower() for b in stats.by]
        by = self.say(" etter ", " by ") + self.say(" og ", " and ").join(parts) if parts else ""
        span = stats.period or (stats.years[0], stats.years[-1])
        when = str(span[0]) if span[0] == span[1] else f"{span[0]}–{span[1]}"
        return self.marked(f"{name}{by}, {when}", stats.is_synthetic)

    def place_name(self, stats: Statistics, place: tuple[str, ...]) -> str:
        """A place for readers."""
        if not place or all(code == TOTAL for code in place):
            return self.say("I alt", "Total")
        names = [code_name(code, self.lang) for code in place if code != TOTAL]
        text = ", ".join(names)
        return text[:1].upper() + text[1:]

    def number(self, stats: Statistics, value: float | None) -> str:
        """A figure in the unit of the table."""
        size, decimals, _ = self._unit(stats)
        return "–" if value is None else format_number(value / size, self.lang, decimals=decimals)

    def _text(self, stats: Statistics, cell: Cell) -> str:
        if cell.mark == SUPPRESSED:
            return SUPPRESSED
        if cell.mark == MISSING:
            return self.say("ukjent", "unknown")
        if cell.mark == MEANINGLESS:
            return self.say("i.m.", "n.m.")
        return self.number(stats, cell.value) + (" *" if cell.mark == INCOMPLETE else "")

    def table(self, stats: Statistics, name: str = "statistics") -> Table:
        """Places down, years across; bounds and unknowns beside a single year that has them.

        Two dimensions in one year, all known, are crossed: one down, one across.
        """
        unit = self._unit(stats)[2]
        is_known = not any(c.n_unknown for c in stats.cells)
        if len(stats.by) == 2 and len(stats.years) == 1 and is_known:
            return self._crossed(stats, name, unit)
        places = sorted(dict.fromkeys(cell.place for cell in stats.cells), key=_in_order)
        head = " × ".join(DIMENSIONS[b].in_(self.lang) for b in stats.by) or self.say("Del", "Part")
        columns = [Column(head)]
        is_bounded = len(stats.years) == 1 and any(c.n_unknown for c in stats.cells)
        is_one = len(stats.years) == 1
        columns += [
            Column(str(y) if stats.period is None else "–".join(map(str, stats.period)),
                   unit if is_one else "", "right")
            for y in stats.years
        ]  # fmt: skip
        if is_bounded:
            n = self.say("antall", "number")
            columns += [Column(self.say("Ukjent", "Unknown"), n, "right"),
                        Column(self.say("Lavest", "Lowest"), unit, "right"),
                        Column(self.say("Høyest", "Highest"), unit, "right")]  # fmt: skip
        rows = []
        for place in places:
            cells = [stats.cell(place, year) for year in stats.years]
            row = [self.place_name(stats, place), *(self._text(stats, c) for c in cells)]
            if is_bounded:
                last = cells[-1]
                unknown = "–" if last.n_unknown is None else str(last.n_unknown)
                row += [unknown, self.number(stats, last.low), self.number(stats, last.high)]
            rows.append(tuple(row))
        return Table(
            name, self.title(stats) + ("" if is_one else f". {unit[:1].upper()}{unit[1:]}"),
            tuple(columns), tuple(rows), self.notes(stats),
            self.source_line(stats),
        )  # fmt: skip

    def _crossed(self, stats: Statistics, name: str, unit: str) -> Table:
        """The first dimension down and the second across, the whole last in both."""
        (year,) = stats.years
        down, across = (
            sorted({cell.place[i] for cell in stats.cells},
                   key=lambda c: (c == TOTAL, _in_order((c,))))
            for i in (0, 1)
        )  # fmt: skip
        first, second = (DIMENSIONS[b].in_(self.lang) for b in stats.by)
        columns = (
            Column(f"{first} × {second.lower()}"),
            *(Column(self.place_name(stats, (code,)), "", "right") for code in across),
        )
        rows = tuple(
            (self.place_name(stats, (code,)),
             *(self._text(stats, stats.cell((code, other), year)) for other in across))
            for code in down
        )  # fmt: skip
        caption = f"{self.title(stats)}. {unit[:1].upper()}{unit[1:]}"
        return Table(name, caption, columns, rows, self.notes(stats), self.source_line(stats))

    def tall_table(self, stats: Statistics) -> Table:
        """Years down and places across, for a narrow screen; as ``table`` where that is no gain."""
        places = sorted(dict.fromkeys(cell.place for cell in stats.cells), key=_in_order)
        if len(stats.years) <= MOST_ACROSS or len(places) >= len(stats.years):
            return self.table(stats)
        unit = self._unit(stats)[2]
        columns = (Column(self.say("År", "Year")),
                   *(Column(self.place_name(stats, p), "", "right") for p in places))  # fmt: skip
        rows = tuple(
            (str(y), *(self._text(stats, stats.cell(p, y)) for p in places)) for y in stats.years
        )
        caption = f"{self.title(stats)}. {unit[:1].upper()}{unit[1:]}"
        return Table("statistics", caption, columns, rows, self.notes(stats),
                     self.source_line(stats))  # fmt: skip

    def notes(self, stats: Statistics) -> tuple[str, ...]:
        """What the reader must know: definitions, what is hidden, what is unknown."""
        known = load_definitions()
        defined = [known[d] for d in stats.definitions]
        notes = [f"{d.name.in_(self.lang)}: {d.text.in_(self.lang)} "
                 f"({place_in(d.place, self.lang)})." for d in defined]  # fmt: skip
        marks = {cell.mark for cell in stats.cells}
        if MEANINGLESS in marks:
            notes.append(self._meaningless(stats))
        if EMPTY in marks:
            notes.append(self.say("– ingen bedrifter.", "– no companies."))
        if stats.n_suppressed:
            notes.append(
                self.say(
                    f"{SUPPRESSED} skjult av hensyn til enkeltbedrifter ({stats.n_suppressed}).",
                    f"{SUPPRESSED} hidden to protect single companies ({stats.n_suppressed}).",
                )
            )
        if stats.missing_years:
            years = ", ".join(f"{y}: {n}" for y, n in sorted(stats.missing_years.items()))
            notes.append(self.say(
                f"* bedrifter med ukjent beløp er ikke med i summen ({years}).",
                f"* companies whose amount is unknown are not in the sum ({years})."))  # fmt: skip
        if stats.is_synthetic:
            notes.append(self.say(
                "Syntetisk populasjon: bedriftene finnes ikke; bare de publiserte summene er ekte.",
                "Synthetic population: the companies do not exist; only the published totals "
                "are real."))  # fmt: skip
        return tuple(notes)

    def _meaningless(self, stats: Statistics) -> str:
        if stats.measure == "margin":
            return self.say(
                "i.m. ikke meningsfullt: omsetningen er null eller så lav at driftsresultatet er "
                "større enn den, til pluss eller minus.",
                "n.m. not meaningful: turnover is zero, or so low that the operating result "
                "exceeds it, above or below zero.",
            )
        return self.say("i.m. ikke meningsfullt: det er null å dele på.",
                        "n.m. not meaningful: there is zero to divide by.")  # fmt: skip

    def source_line(self, stats: Statistics) -> str:
        """Where the figures come from."""
        origin = stats.origin
        if stats.is_synthetic:
            nb = origin.replace("synthetic population, seed", "syntetisk populasjon, frø")
            return self.say(nb, origin)
        return self.say(origin.replace("own accounts:", "egne regnskap:"), origin)

    def figure(self, stats: Statistics, name: str, title: str = "") -> Figure | None:
        """Curves over years where there are years, else bars; None if there is nothing to draw."""
        size, _, unit = self._unit(stats)
        drawn = [c for c in stats.cells if c.value is not None]
        if not drawn:
            return None
        parts = self._parts(stats, drawn)
        if len(stats.years) > 1 and len(parts) <= MOST_LINES:
            spec = self._lines(stats, parts, size, unit)
        else:
            last = max(c.year for c in drawn)
            spec = self._bars(stats, [c for c in drawn if c.year == last], size, unit)
        table = self.table(stats)
        shown = self.marked(title, stats.is_synthetic) if title else self.title(stats)
        alt = self.say(
            f"Figur: {table.caption}. Tallene står i tabellen ved figuren.",
            f"Figure: {table.caption}. The numbers stand in the table beside it.",
        )
        return Figure(
            name, shown, unit, alt, spec, table.columns, table.rows, self.source_line(stats)
        )

    def _parts(self, stats: Statistics, drawn: Sequence[Cell]) -> list[tuple[str, ...]]:
        """The places of a figure: the parts and not the whole, where a part would be dwarfed."""
        places = sorted(dict.fromkeys(c.place for c in drawn), key=_in_order)
        inner = [p for p in places if p and TOTAL not in p]
        is_level = stats.spec.kind in ("ratio", "growth", "cagr", "concentration")
        return places if is_level or not inner else inner

    def _lines(
        self, stats: Statistics, parts: Sequence[tuple[str, ...]], size: float, unit: str
    ) -> Spec:
        lines = []
        for place in parts:
            cells = [stats.cell(place, y) for y in stats.years]
            cells = [c for c in cells if c.value is not None]
            lines.append(Line(
                self.place_name(stats, place),
                tuple(float(c.year) for c in cells),
                tuple((c.value or 0.0) / size for c in cells),
                is_reference=bool(place) and all(code == TOTAL for code in place),
            ))  # fmt: skip
        return year_chart(lines, unit)

    def _bars(self, stats: Statistics, cells: Sequence[Cell], size: float, unit: str) -> Spec:
        wanted = self._parts(stats, cells)
        rows = []
        for cell in sorted(cells, key=lambda c: _in_order(c.place)):
            if cell.place not in wanted:
                continue
            value = (cell.value or 0.0) / size
            bounds = [value if b is None else b / size for b in (cell.low, cell.high)]
            is_whole = bool(cell.place) and all(code == TOTAL for code in cell.place)
            name = self.place_name(stats, cell.place)
            rows.append(Interval(name, bounds[0], value, bounds[1], is_whole))
        return bar_chart(rows, unit, self.lang)

    def chart(self, stats: Statistics) -> Spec | None:
        """The figure with its title in the picture, for a file that stands alone."""
        figure = self.figure(stats, "chart")
        if figure is None:
            return None
        return stand_alone(figure, self.lang)


def stand_alone(figure: Figure, lang: Lang) -> Spec:
    """The chart of a figure with title, unit and source in the picture."""
    source = f"{'Kilde' if lang == 'nb' else 'Source'}: {figure.source_line}"
    under = [figure.subtitle, *([source] if figure.source_line else [])]
    head = {"text": figure.title, "subtitle": under, "anchor": "start", "offset": 14,
            "fontSize": 15, "subtitleFontSize": 12, "frame": "bounds"}  # fmt: skip
    return {**figure.spec, "title": head}
