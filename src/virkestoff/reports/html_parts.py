"""Pieces of the web page: escaped text, style, drawings that stand in the page."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from importlib.resources import files

from virkestoff.reports.document import Column, Number, Runs, Words
from virkestoff.reports.fonts import font_face_css
from virkestoff.reports.output import printable
from virkestoff.reports.theme import DARK, LIGHT

__all__ = [
    "colour_rules", "escape", "figure_rules", "inline", "of_numbers", "style_of", "title_of",
]  # fmt: skip


def escape(text: str) -> str:
    """Text that is safe inside an element or an attribute."""
    return html.escape(printable(text), quote=True)


def style_of(body: str) -> str:
    """The page's style sheet: its font cut to the characters of ``body``, colours by role."""

    css = files("virkestoff.reports").joinpath("report.css").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]*>", "", body)
    return "\n".join(
        (
            font_face_css(text),
            colour_rules(),
            css,
            figure_rules(),
        )
    )


def colour_rules() -> str:
    """The colours by role, light and dark, as custom properties."""

    def roles(scheme: dict[str, str]) -> str:
        return ";".join(f"--{name}:{colour}" for name, colour in scheme.items())

    return (
        f":root{{{roles(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{roles(DARK)}}}}}"
    )


def figure_rules() -> str:
    """Rules that let the colours of drawings in a page follow their roles."""
    return "\n".join(
        f'figure svg [{attribute}="{colour}"]{{{attribute}:var(--{name})}}'
        for name, colour in LIGHT.items()
        for attribute in ("fill", "stroke")
    )


def of_numbers(runs: Runs) -> Runs:
    """Numbers that may be divided before a bracket and nowhere else."""
    return tuple(
        replace(run, text=run.text.replace(" ", "\u00a0").replace("\u00a0(", " ("))
        if isinstance(run, Words | Number)
        else run
        for run in runs
    )


def title_of(column: Column) -> str:
    """The title of a column with its unit below, escaped."""
    unit = f'<span class="unit">{escape(column.unit)}</span>' if column.unit else ""
    return escape(column.title) + unit


def inline(svg: str, name: str, alt: str) -> str:
    """The SVG as part of the page: own identifiers, a text alternative, no name spaces."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r'(xlink:href|href)="#', rf'\1="#{name}-', svg)
    svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg)
    return re.sub(r"^<svg", f'<svg role="img" aria-label="{escape(alt)}"', svg.strip(), count=1)
