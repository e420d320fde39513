"""A brief as PDF: tagged (PDF/UA-1), one font, one page, dated with the study."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

from virkestoff.errors import Fault, InputError
from virkestoff.language import format_date
from virkestoff.reports.brief import SECTIONS, Brief
from virkestoff.reports.document import (
    Block,
    Bullets,
    Citation,
    CrossReference,
    Figure,
    Number,
    Paragraph,
    Runs,
    Words,
)
from virkestoff.reports.drawing import column_share, draw_svg
from virkestoff.reports.fonts import displayable
from virkestoff.reports.numbering import mark_letter
from virkestoff.reports.output import write_whole
from virkestoff.reports.pdf import Plain, Typesetter, clean, plain_run, typesetter
from virkestoff.reports.words import LOCALES, word

__all__ = [
    "FIGURE_SHARE",
    "LONG",
    "Fit",
    "brief_line",
    "check_fit",
    "fit_of",
    "render_brief_pdf",
    "section_title",
]

FIGURE_SHARE = 0.8
"""How much of its width in the report a figure keeps: its letters stay above seven points."""

LONG = 16
"""Letters of a key number above which the three are set smaller."""


@dataclass(frozen=True)
class Fit:
    """What the text of a brief fills and what one page holds, and the height of a line, in mm."""

    filled: float
    room: float
    line: float
    pages: int = 1

    @property
    def too_long(self) -> float:
        """Millimetres above one page, at least a line where there are two; zero where it fits."""
        least = self.line if self.pages > 1 else 0.0
        return max(least, self.filled - self.room)


def render_brief_pdf(brief: Brief, path: Path) -> None:
    """Write the brief as PDF/UA-1 on one A4 page.

    Raises
    ------
    InputError
        if it is longer than one page (the message says how much), if the folder cannot be written
        or the typesetter refuses the document.
    """
    with tempfile.TemporaryDirectory(prefix="virkestoff-pdf-") as name:
        setter = _prepared(brief, Path(name))
        check_fit(_fit(setter), brief)
        data = setter.pdf(brief.as_of)
    write_whole(path, data)


def fit_of(brief: Brief) -> Fit:
    """What the brief fills of its page."""
    with tempfile.TemporaryDirectory(prefix="virkestoff-pdf-") as name:
        return _fit(_prepared(brief, Path(name)))


def check_fit(fit: Fit, brief: Brief) -> None:
    """Raise InputError, with how much is too long, unless the brief fits one page."""
    if not fit.too_long:
        return
    lines = math.ceil(fit.too_long / fit.line)
    cut = f"Cut about {lines} lines" if lines > 1 else "Cut a line"
    raise InputError(
        Fault(
            brief.where,
            f"fills {fit.filled:.0f} mm, and one A4 page holds {fit.room:.0f} mm",
            why=f"it is {math.ceil(fit.too_long)} mm too long",
            next_step=f"{cut}, or leave the figure out" if brief.figure else cut,
        )
    )


def _fit(setter: Typesetter) -> Fit:
    found = setter.value("fit")
    filled, room, line = (float(found[key]) for key in ("filled", "room", "line"))
    return Fit(filled, room, line, int(found["pages"]))


def _prepared(brief: Brief, folder: Path) -> Typesetter:
    data = json.dumps(_plain(brief), ensure_ascii=False)
    (folder / "brief.json").write_text(data, encoding="utf-8")
    if brief.figure is not None:
        svg = displayable(draw_svg(brief.figure.spec, brief.lang))
        (folder / "figure.svg").write_text(svg, encoding="utf-8")
    return typesetter(folder, "brief.typ")


def brief_line(brief: Brief) -> str:
    """The line under the title: what this is, its subtitle and its date."""
    when = f"{word('as_of', brief.lang)} {format_date(brief.as_of, brief.lang)}"
    kind = word("brief", brief.lang)
    return " · ".join(part for part in (kind, brief.subtitle.rstrip("."), when) if part)


def _plain(brief: Brief) -> Plain:
    lang, day = brief.lang, brief.as_of
    question = next((b for b in brief.blocks("question") if isinstance(b, Paragraph)), None)
    longest = max(len(key.value) for key in brief.key_numbers)
    more = word("brief_more", lang).format(title=brief.report_title)
    return {
        "title": clean(brief.title),
        "author": clean(brief.author),
        "question": clean(_text(question.runs)) if question else "",
        "subtitle": clean(brief_line(brief)),
        "date": [day.year, day.month, day.day],
        "lang": lang,
        "region": LOCALES[lang][-2:],
        "key_size": 15 if longest <= LONG else 13,  # constant: points
        "foot": clean(f"{more} {word('mark_note', lang)}"),
        "keys": [
            {"value": clean(k.value), "mark": mark_letter(k.mark), "label": clean(k.label),
             "range": clean(k.range_text)}
            for k in brief.key_numbers
        ],
        "sections": [
            {"id": name, "title": section_title(name, brief),
             "blocks": [] if name == "numbers" else [
                 _block(b, brief) for b in brief.blocks(name)]}
            for name in SECTIONS
        ],
    }  # fmt: skip


def section_title(name: str, brief: Brief) -> str:
    """The fixed heading of a section."""
    key = "key_numbers" if name == "numbers" else name.replace("-", "_")
    return word(key, brief.lang)


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs if isinstance(run, Words | Number))


def _runs(runs: Runs) -> list[Plain]:
    # Citations are faults of a brief, and cross-references are words in it.
    return [plain_run(run) for run in runs if not isinstance(run, Citation | CrossReference)]


def _block(block: Block, brief: Brief) -> Plain:
    match block:
        case Paragraph(runs):
            return {"k": "paragraph", "runs": _runs(runs)}
        case Bullets(items, ordered):
            return {"k": "bullets", "ordered": ordered, "items": [_runs(i) for i in items]}
        case Figure():
            share = column_share(draw_svg(block.spec, brief.lang))
            return {
                "k": "figure",
                "title": clean(block.title),
                "sub": clean(block.subtitle),
                "alt": clean(block.alt),
                "file": "figure.svg",
                "width": share * FIGURE_SHARE * 100,
            }
        case _:
            raise TypeError(type(block).__name__)
