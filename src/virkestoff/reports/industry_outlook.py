"""Chapters of the industry report that rest on the sources alone: projections, disagreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from virkestoff.evidence import Library
from virkestoff.evidence.conflicts import conflicts_touching
from virkestoff.industry.projections import load_scenarios, load_targets, rebuild
from virkestoff.industry.rebuilt import bounded
from virkestoff.language import Lang, Text, place_in
from virkestoff.reports.blocks import Cell, Column, Paragraph, Table
from virkestoff.reports.document import Section
from virkestoff.reports.projection_parts import ProjectionParts
from virkestoff.reports.runs import Citation, Runs, Words
from virkestoff.reports.statistic_words import figure, title

if TYPE_CHECKING:
    from virkestoff.reports.industry_files import LabelledTable

__all__ = ["disagreement_section", "projection_section", "projections_file"]


def projection_section(library: Library, lang: Lang) -> Section | None:
    """The published projections rebuilt, beside what was printed and what came; or nothing."""
    parts = ProjectionParts(library, load_scenarios(library), load_targets(library), lang)
    if not parts.scenarios:
        return None
    words = Text(
        nb="Kildenes egne framskrivninger, gjenskapt fra grunnlag og vekst som de oppgir. "
        "Virkestoff lager ingen prognose og foretrekker ingen av dem. Løpende priser.",
        en="The sources' own projections, rebuilt from the base and growth that they state. "
        "Virkestoff makes no forecast and prefers none of them. Current prices.",
    )
    heading = Text(nb="Framskrivninger og mål", en="Projections and targets")
    return Section(
        "projections",
        heading.in_(lang),
        (
            Paragraph((Words(words.in_(lang)),)),
            *(parts.path_figure(measure) for measure in parts.measures()),
            parts.comparison_table(),
            parts.came_table(),
            parts.ways_table(),
        ),
    )


def disagreement_section(library: Library, names: Iterable[str], lang: Lang) -> Section | None:
    """Figures that the report uses and another figure contradicts, with the reason; or nothing."""
    used = set(names)
    rows: list[tuple[Cell, ...]] = []
    for conflict in conflicts_touching(library, used):
        chosen = [s for s in conflict.statistics if s.id in used]
        others = [s for s in conflict.statistics if s.id not in used]
        sources = _apart(Citation(s.source, s.place) for s in conflict.statistics)
        why = conflict.reason.text.in_(lang) if conflict.reason else "–"
        rows.append(
            (
                title(conflict, library, lang),
                "; ".join(figure(s, lang, library) for s in chosen),
                "; ".join(figure(s, lang, library) for s in others) or "–",
                why,
                sources,
            )
        )
    if not rows:
        return None
    heads = (
        Text(nb="Størrelse", en="Quantity"), Text(nb="Brukt her", en="Used here"),
        Text(nb="Sagt et annet sted", en="Said elsewhere"), Text(nb="Grunn", en="Reason"),
        Text(nb="Kilder", en="Sources"),
    )  # fmt: skip
    caption = Text(nb="Tall som er brukt, og tall som strider mot dem",
                   en="Figures that are used, and figures that contradict them")  # fmt: skip
    heading = Text(nb="Der kildene er uenige", en="Where the sources disagree")
    table = Table(
        "disagreement", caption.in_(lang), tuple(Column(h.in_(lang)) for h in heads), tuple(rows)
    )
    return Section("disagreement-section", heading.in_(lang), (table,))


def _apart(citations: Iterable[Citation]) -> Runs:
    """Citations with a mark between them; the same place is cited once."""
    runs: list[Citation | Words] = []
    for citation in dict.fromkeys(citations):
        runs += [Words("; "), citation] if runs else [citation]
    return tuple(runs)


def projections_file(library: Library, lang: Lang) -> LabelledTable:
    """The rebuilt paths as a table: a row a scenario and year, with the interval of rounding."""
    import polars as pl

    from virkestoff.reports.industry_files import LabelledTable

    rows: list[tuple[Any, ...]] = []
    scenarios = load_scenarios(library)
    for name, scenario in scenarios.items():
        path = rebuild(library, scenario)
        if path is None:
            most = bounded(library, scenario)
            rows.append((name, scenario.name.in_(lang), scenario.measure, scenario.branch,
                         scenario.until, None, None, most))  # fmt: skip
            continue
        for year in path.years:
            low, middle, high = path.at(year)
            rows.append((name, scenario.name.in_(lang), scenario.measure, scenario.branch,
                         year, middle, low, high))  # fmt: skip
    columns = {
        "scenario": pl.String, "name": pl.String, "measure": pl.String, "branch": pl.String,
        "year": pl.Int64, "value_nok": pl.Float64, "low_nok": pl.Float64, "high_nok": pl.Float64,
    }  # fmt: skip
    words = {
        "scenario": ("Framskrivning, id", "Projection, id"),
        "name": ("Framskrivning", "Projection"),
        "measure": ("Størrelse", "Quantity"), "branch": ("Bransje", "Branch"),
        "year": ("År", "Year"), "value_nok": ("Kr, midten", "NOK, middle"),
        "low_nok": ("Kr, laveste etter avrunding", "NOK, lowest by rounding"),
        "high_nok": ("Kr, høyeste etter avrunding", "NOK, highest by rounding"),
    }  # fmt: skip
    index = 0 if lang == "nb" else 1
    about = tuple(
        (s.name.in_(lang), f"{library.sources[s.source].title}, {place_in(s.place, lang)}")
        for s in scenarios.values()
    )
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    labels = {column: pair[index] for column, pair in words.items()}
    title = "Framskrivninger" if lang == "nb" else "Projections"
    return LabelledTable(title, frame, labels, about)
