"""A study's report: prose, tables and figures from results, in every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence import Library
from virkestoff.language import Lang, format_number, place_in
from virkestoff.reports.changed_inputs import changed_section, changed_subtitle
from virkestoff.reports.combination_tables import COMBINATION_FIGURES
from virkestoff.reports.decision_tables import DECISION_FIGURES, DECISION_TABLES
from virkestoff.reports.declared_tables import check_declared
from virkestoff.reports.document import Cell, Citation, Column, Document, Figure, Table
from virkestoff.reports.document_files import write_document
from virkestoff.reports.drawing import draw_png, draw_svg
from virkestoff.reports.evidence_tables import glossary_table
from virkestoff.reports.fonts import font_folder, has_renderers
from virkestoff.reports.output import write_whole
from virkestoff.reports.prose import prose_path, read_prose
from virkestoff.reports.study_brief import check_briefs, write_brief
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_figures import engine_figures, figure_builders
from virkestoff.reports.study_tables import TABLES, build_table, table_builders
from virkestoff.reports.study_workbook import write_workbook
from virkestoff.studies import Definition
from virkestoff.studies.changes import changes_of
from virkestoff.studies.workers import done as done_by_workers

__all__ = ["build_document", "check_prose", "screen_table", "summary_table", "write"]

GLOSSARY = "glossary"


def _text(folder: Path, lang: Lang) -> tuple[str, str]:
    path = prose_path(folder, lang)
    try:
        return path.read_text(encoding="utf-8"), f"{folder.name}/{path.name}"
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(
            Fault(
                f"{folder.name}/{path.name}",
                "cannot be read",
                why=str(problem),
                next_step="A study has report.nb.md and report.en.md",
            )
        ) from None


def _stand_ins(definition: Definition) -> dict[str, Any]:
    """Results with every name that prose may use, and no meaning: for the check before a run."""
    summary = {"unit": "NOK/year", "mean": 2.34e8, "p10": 1.23e8, "p50": 2.34e8, "p90": 3.45e8}
    names = [*definition.outcomes, *definition.engine_outcomes]
    return {
        "alternatives": {a: dict.fromkeys(names, summary) for a in definition.alternatives},
        "probes": {p: dict.fromkeys(names, summary) for p in definition.probes},
        "sweeps": {},
        "parts": {},
        "rankings": [
            {
                "run": run,
                "outcome": outcome,
                "n_facts": 1,
                "influences": [],
                "positions": dict.fromkeys(definition.uncertainties, 1),
            }
            for run, outcome in definition.rankings
        ],
        "marks": [],
        "unpriced": {},
        "facts": {a: [] for a in (*definition.alternatives, *definition.probes)},
        "draws": 1,
        "seed": 1,
    }


def check_prose(
    folder: Path, definition: Definition, library: Library, langs: Sequence[Lang]
) -> None:
    """Check a study's prose before the run: numbers by reference only, names that exist.

    Raises
    ------
    InputError
        lists all faults of all languages, with file, line and column.
    """
    faults = FaultCollector()
    figures = _possible_figures(definition)
    contexts = [StudyContext(definition, library, _stand_ins(definition), x) for x in langs]
    reports: dict[Lang, str] = {}
    for lang, context in zip(langs, contexts, strict=True):
        try:
            text, where = _text(folder, lang)
        except InputError as problem:
            faults.extend(problem)
            continue
        reports[lang] = text
        decided = definition.decision is not None
        tables = {
            name: Table("t", "t", (Column("c"),), ())
            for name in (*TABLES, *definition.tables)
            if (decided or name not in DECISION_TABLES)
            and (definition.combinations or name != "combinations")
        }
        try:
            read_prose(
                text,
                where,
                context.book,
                tables=tables,
                figures=figures,
                sources=tuple(library.sources),
            )
        except InputError as problem:
            faults.extend(problem)
        faults_of_sections(definition, text, where, faults)
        check_declared(context, TABLES, faults)
    check_briefs(folder, contexts, reports, figures, faults)
    faults.raise_if_any()


def _possible_figures(definition: Definition) -> dict[str, Figure]:
    """A stand-in for every figure that the study's results might fill."""
    runs = (*definition.alternatives, *definition.probes)
    names = [
        *(f"outcome_{o}" for o in (*definition.outcomes, *engine_figures(definition))),
        *(f"parts_{o}" for o in definition.outcomes),
        *(f"ranking_{run}_{outcome}" for run, outcome in definition.rankings),
        *(f"sweep_{s}" for s in definition.sweeps),
        *(f"timeline_{run}" for run in runs),
        *definition.figures,
        *(DECISION_FIGURES if definition.decision else ()),
        *(COMBINATION_FIGURES if definition.combinations else ()),
    ]
    columns, rows = (Column("c"),), ((1.0,),)
    return {name: Figure("f", name, "", "f", {}, columns, rows) for name in names}


def faults_of_sections(
    definition: Definition, text: str, where: str, faults: FaultCollector
) -> None:
    """A demand must not point to a section that the report lacks."""
    for demand in definition.demands:
        if demand.section and f"{{#{demand.section}}}" not in text:
            faults.add(
                f"study.yaml: demands: {demand.text.en[:50]}",
                f"names section '{demand.section}', which {where} does not have",
                next_step="Write the section, or leave the demand open",
            )


def build_document(folder: Path, context: StudyContext) -> Document:
    """The report of a study as a document tree.

    Raises
    ------
    InputError
        lists every fault of the prose, also names that the results do not hold.
    """
    text, where = _text(folder, context.lang)
    figures = {
        name: build(context)
        for name, build in figure_builders(context).items()
        if name in _placed("figure", text)
    }
    tables = _tables(context, text, figures)
    prose = read_prose(
        text,
        where,
        context.book,
        tables=tables,
        figures=figures,
        sources=tuple(context.library.sources),
    )
    cited = {s for s in context.library.sources if f"[cite:{s}" in text}
    cited |= {run.source for table in tables.values() for run in _citations(table)}
    return Document(
        prose.title,
        changed_subtitle(context) or prose.subtitle,
        context.lang,
        context.definition.as_of,
        prose.front,
        (*changed_section(context), *prose.sections),
        context.references(tuple(cited)),
    )


def _placed(kind: str, text: str) -> set[str]:
    """The names that ``::table`` or ``::figure`` lines place."""
    return set(re.findall(rf"^::{kind}\s+(\S+)\s*$", text, flags=re.MULTILINE))


def _tables(
    context: StudyContext, text: str, figures: Mapping[str, Figure]
) -> dict[str, Table]:
    """The tables that prose places; the glossary last, for it lists the words of all others."""
    placed = _placed("table", text)
    tables = {
        name: build(context)
        for name, build in table_builders(context).items()
        if name in placed and name != GLOSSARY
    }
    if GLOSSARY in placed:
        said = [text, *(f"{f.title} {f.subtitle}" for f in figures.values())]
        for table in tables.values():
            said += [table.caption, *(c.title for c in table.columns), *table.notes]
            said += [_said(cell) for row in table.rows for cell in row]
        tables[GLOSSARY] = glossary_table(context, "\n".join(said))
    return tables


def _said(cell: Cell) -> str:
    runs = cell if isinstance(cell, tuple) else (cell,)
    return "".join(r if isinstance(r, str) else getattr(r, "text", "") for r in runs)


def _citations(table: Table) -> Iterator[Citation]:
    for row in table.rows:
        for cell in row:
            for run in cell if isinstance(cell, tuple) else ():
                if isinstance(run, Citation):
                    yield run


def write(
    folder: Path,
    definition: Definition,
    library: Library,
    results: Mapping[str, Any],
    out: Path,
    langs: Sequence[Lang],
) -> None:
    """Write page, PDF, Word, workbook and figures; the first language has the plain names."""

    def in_language(i: int) -> None:
        lang = langs[i]
        context = StudyContext(definition, library, results, lang, folder)
        document = build_document(folder, context)
        stem = "report" if i == 0 else f"report.{lang}"
        write_document(document, out, stem)
        if not changes_of(results):  # a brief argues for advice on the library's values
            write_brief(folder, context, document, out, plain_name=i == 0)
        if i == 0:
            write_workbook(context, out / "results.xlsx")
            _write_figures(document, out / "figures")

    n_workers = 1 if has_renderers() else len(langs)
    font_folder()  # made here, so that it is removed when this process ends
    for _ in done_by_workers(in_language, len(langs), n_workers):
        pass


def _write_figures(document: Document, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                svg = draw_svg(block.spec, document.lang)
                write_whole(folder / f"{block.id}.svg", svg.encode("utf-8"))
                write_whole(folder / f"{block.id}.png", draw_png(block.spec, document.lang))


def summary_table(
    definition: Definition, results: Mapping[str, Any], lang: Lang
) -> tuple[str, list[str], list[list[str]], list[str]]:
    """The table of alternatives for the screen: title, columns, rows, notes."""
    # The screen needs no library: names and numbers stand in the definition and the results.
    bare = Library(Path(), {}, {}, {})
    plain = {**results, "facts": {name: [] for name in results["facts"]}}
    context = StudyContext(definition, bare, plain, lang)
    table = build_table(context, "alternatives")
    return screen_table(table, lang)


def screen_table(table: Table, lang: Lang) -> tuple[str, list[str], list[list[str]], list[str]]:
    """A table for the screen: title, columns, rows, notes."""
    columns = [f"{c.title}\n{c.unit}".strip() for c in table.columns]

    def text(cell: Any) -> str:
        if cell is None:
            return "–"
        if isinstance(cell, float):
            return format_number(cell, lang)
        if isinstance(cell, Citation):
            place = place_in(cell.place, lang)
            return f"{cell.source}, {place}" if place else cell.source
        if isinstance(cell, tuple):
            return "".join(text(run) for run in cell)
        return cell if isinstance(cell, str) else str(getattr(cell, "text", cell))

    rows = [[text(cell) for cell in row] for row in table.rows]
    return table.caption, columns, rows, list(table.notes)
