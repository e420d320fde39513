"""Vega-Lite specifications drawn as SVG and PNG, offline, with the report's font."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from functools import cache
from typing import Any

import vl_convert

from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang
from virkestoff.reports.fonts import font_folder
from virkestoff.reports.theme import PAPER, config, format_locale

__all__ = ["column_share", "draw_png", "draw_svg", "on_paper"]

_VEGA_LITE = "6.1"
FULL_WIDTH = 670.0
"""Width in pixels of a figure that fills the column of text; a narrower one keeps its type size."""


@cache
def _register_font() -> None:
    vl_convert.register_font_directory(str(font_folder()))


@cache
def _svg(text: str, lang: Lang) -> str:
    _register_font()
    try:
        return vl_convert.vegalite_to_svg(
            json.loads(text),
            vl_version=_VEGA_LITE,
            config=config(),
            format_locale=format_locale(lang),
            allowed_base_urls=[],
        )
    except ValueError as problem:
        raise InputError(Fault("figure", "cannot be drawn", why=str(problem)[:300])) from None


def draw_svg(spec: Mapping[str, Any], lang: Lang) -> str:
    """The figure as SVG text with text as text; equal specifications give equal bytes."""
    return _svg(json.dumps(spec, ensure_ascii=False, sort_keys=False), lang)


def draw_png(spec: Mapping[str, Any], lang: Lang, scale: float = 2.0) -> bytes:
    """The figure as PNG on white, ``scale`` pixels a point."""
    return _png(on_paper(draw_svg(spec, lang)), scale)


@cache
def _png(svg: str, scale: float) -> bytes:
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def column_share(svg: str) -> float:
    """The share of a printed column of text that a drawn figure takes."""
    return min(1.0, float(ElementTree.fromstring(svg).attrib["width"]) / FULL_WIDTH)


def on_paper(svg: str) -> str:
    """A drawn figure with a white page behind, as drawing it again with a background gives it."""
    size = re.match(r'<svg [^>]*?width="([^"]+)" height="([^"]+)"[^>]*>', svg)
    if size is None:
        raise InputError(Fault("figure", "has no size"))
    page = f'<rect width="{size[1]}" height="{size[2]}" fill="{PAPER}"/>'
    return svg[: size.end()] + page + svg[size.end() :]
