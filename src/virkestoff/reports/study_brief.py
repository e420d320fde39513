"""A study's brief: checked before the run, written beside the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from virkestoff.errors import FaultCollector, InputError
from virkestoff.language import Lang
from virkestoff.reports.brief import (
    Brief,
    Targets,
    brief_text,
    faults_of_missing_briefs,
    read_brief,
    targets_of,
)
from virkestoff.reports.brief_docx import render_brief_docx
from virkestoff.reports.brief_pdf import check_fit, fit_of, render_brief_pdf
from virkestoff.reports.document import Document, Figure
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_figures import figure_builders

__all__ = ["build_brief", "check_briefs", "write_brief"]

_HEADING = re.compile(r"^##+\s+(?P<title>.*?)\s*\{#(?P<id>[^}]+)\}\s*$", re.MULTILINE)
_PLACED = re.compile(r"^::figure\s+(\S+)\s*$", re.MULTILINE)


def build_brief(folder: Path, context: StudyContext, report: Document) -> Brief | None:
    """The brief of a study in the context's language; ``None`` if the study has none.

    Raises
    ------
    InputError
        lists every fault of its prose.
    """
    found = brief_text(folder, context.lang)
    if found is None:
        return None
    text, where = found
    builders = figure_builders(context)
    figures = {name: builders[name](context) for name in _PLACED.findall(text) if name in builders}
    return _read(context, text, where, report.title, targets_of(report), figures)


def _read(
    context: StudyContext,
    text: str,
    where: str,
    report_title: str,
    targets: Targets,
    figures: Mapping[str, Figure],
) -> Brief:
    return read_brief(
        text,
        where,
        context.book,
        lang=context.lang,
        as_of=context.definition.as_of,
        report_title=report_title,
        targets=targets,
        figures=figures,
    )


def write_brief(
    folder: Path, context: StudyContext, report: Document, out: Path, *, plain_name: bool
) -> None:
    """Write ``brief.pdf`` and ``brief.docx`` (with the language in the name unless plain).

    Raises
    ------
    InputError
        if the brief is longer than one page, or has faults.
    """
    brief = build_brief(folder, context, report)
    if brief is None:
        return
    stem = "brief" if plain_name else f"brief.{context.lang}"
    render_brief_pdf(brief, out / f"{stem}.pdf")
    render_brief_docx(brief, out / f"{stem}.docx")


def check_briefs(
    folder: Path,
    contexts: Sequence[StudyContext],
    reports: Mapping[Lang, str],
    figures: Mapping[str, Figure],
    faults: FaultCollector,
) -> None:
    """The faults of a study's briefs before the run.

    The length is checked too, with numbers of ordinary length in place of those to come and
    without figures that only results can fill; after the run it is checked with the numbers.

    Parameters
    ----------
    folder : of the study
    contexts : one a language, with stand-ins for results
    reports : text of the full report by language; a language may be missing
    figures : a stand-in for every figure that may be placed
    """
    faults_of_missing_briefs(folder, [c.lang for c in contexts], faults)
    for context in contexts:
        try:
            found = brief_text(folder, context.lang)
            if found is None or context.lang not in reports:
                continue  # a report that cannot be read is a fault of its own
            text, where = found
            report = reports[context.lang]
            targets = {
                m["id"]: f"{m['id']} {m['title']}" for m in _HEADING.finditer(report)
            }
            title = next((t[2:] for t in report.splitlines() if t.startswith("# ")), "")
            drawn = {**figures, **_drawn(context, text)}
            brief = _read(context, text, where, title, targets, drawn)
            check_fit(fit_of(_drawable(brief)), brief)
        except InputError as problem:
            faults.extend(problem)


def _drawn(context: StudyContext, text: str) -> dict[str, Figure]:
    """The figures that stand-ins can draw, so that they take their room."""
    builders = figure_builders(context)
    found = {}
    for name in _PLACED.findall(text):
        if name in builders:
            try:
                found[name] = builders[name](context)
            except InputError:
                continue  # it needs what only a run records
    return found


def _drawable(brief: Brief) -> Brief:
    """The brief without its figure where only results can draw it."""
    if brief.figure is None or brief.figure.spec:
        return brief
    kept = tuple(
        (name, tuple(b for b in blocks if not isinstance(b, Figure)))
        for name, blocks in brief.sections
    )
    return Brief(
        brief.title, brief.subtitle, brief.lang, brief.as_of, kept, brief.key_numbers,
        brief.report_title, brief.where, brief.author,
    )  # fmt: skip
