"""Drawings made on the server: the map of tiles, and free capacity by month.

Both stand beside a table with the same numbers; colours are classes of the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from virkestoff.facilities.geography import HOME, UNSTATED, Counties
from virkestoff.language import Lang
from virkestoff_hub.facilities.shown import Calendar, area_name

__all__ = ["month_bars", "tile_map"]

_SIDE, _GAP = 100, 6
_COLUMNS = 4
_SHADES = (0, 1, 4)
"""Up to none, one and four providers; more is the darkest shade."""


def _shade(n_providers: int) -> int:
    return sum(n_providers > limit for limit in _SHADES)


def _tile(column: int, row: int, area: str, label: str, n: int, title: str, href: str) -> str:
    x, y = column * _SIDE, row * _SIDE
    inside = (
        f'<rect x="{x + _GAP // 2}" y="{y + _GAP // 2}" width="{_SIDE - _GAP}" '
        f'height="{_SIDE - _GAP}" rx="4"/>'
        f'<text class="place" x="{x + _SIDE // 2}" y="{y + 36}">{escape(label)}</text>'
        f'<text class="count" x="{x + _SIDE // 2}" y="{y + 76}">{n}</text>'
    )
    kind = f't{_shade(n)}{" abroad" if not area.startswith(HOME) else ""}'
    if not n:
        return f'<g class="{kind}"><title>{escape(title)}</title>{inside}</g>'
    return (f'<a class="{kind}" href="{escape(href)}" aria-label="{escape(title)}">'
            f"{inside}</a>")  # fmt: skip


def tile_map(
    counts: Mapping[str, int], held: Counties, lang: Lang, address: Callable[[str], str]
) -> SafeString:
    """Norway's counties and other countries as equal tiles with the number of providers in each."""
    nb = lang == "nb"
    tiles = []
    last = 0
    for number, county in held.by_number.items():
        area = f"{HOME}-{number}"
        n = counts.get(area, 0)
        column, row = county.tile
        last = max(last, row)
        tiles.append(_tile(column, row, area, county.short or county.name, n,
                           f"{county.name}: {n}", address(area)))  # fmt: skip
    abroad = sorted(a for a in counts if not a.startswith(HOME))
    beside = [*([UNSTATED] if counts.get(UNSTATED) else []), *abroad]
    for index, area in enumerate(beside):
        n, name = counts[area], area_name(area, lang)
        label = ("Uten sted" if nb else "No place") if area == UNSTATED else area
        tiles.append(_tile(index % _COLUMNS, last + 1 + index // _COLUMNS, area, label, n,
                           f"{name}: {n}", address(area)))  # fmt: skip
    rows = last + 1 + -(-len(beside) // _COLUMNS)
    name = "Anlegg etter fylke og land" if nb else "Facilities by county and country"
    return mark_safe(
        f'<svg class="tiles" viewBox="0 0 {_COLUMNS * _SIDE} {rows * _SIDE}" role="group" '
        f'aria-label="{name}">{"".join(tiles)}</svg>'
    )


_HEIGHT, _LEFT, _BAR = 96, 8, 26
_FEW_MONTHS = 12
_QUARTER = 3


def month_bars(calendar: Calendar, lang: Lang) -> list[tuple[str, SafeString]]:
    """Bars by month for each line, with its name; each has a scale of its own, since units differ.

    The numbers stand in the table beside.
    """
    drawn = "ledig etter måned" if lang == "nb" else "free by month"
    n_months = len(calendar.months)
    width = _LEFT * 2 + _BAR * max(n_months, _FEW_MONTHS)
    found = []
    for row in calendar.rows:
        name = f"{row.name}, {row.unit}"
        bars = "".join((*_bars(row.amounts, width), *_axis(calendar.months)))
        kind = "months few" if n_months <= _FEW_MONTHS else "months many"
        found.append((name, mark_safe(
            f'<svg class="{kind}" viewBox="0 0 {width} {_HEIGHT}" role="img" '
            f'aria-label="{escape(name)}: {drawn}">{bars}</svg>'
        )))  # fmt: skip
    return found


def _bars(amounts: Sequence[Fraction | None], width: int) -> list[str]:
    highest = max((a for a in amounts if a is not None), default=Fraction(0))
    base = _HEIGHT - 26
    drawn = []
    for index, amount in enumerate(amounts):
        if not amount:
            continue
        size = float(amount / highest) * (base - 6)
        drawn.append(f'<rect class="bar" x="{_LEFT + index * _BAR + 3}" y="{base - size:.1f}" '
                     f'width="{_BAR - 6}" height="{size:.1f}"/>')  # fmt: skip
    drawn.append(f'<line class="axis" x1="{_LEFT}" y1="{base}" x2="{width - _LEFT}" y2="{base}"/>')
    return drawn


def _axis(months: Sequence[str]) -> list[str]:
    """First letters of months with the year at its first; each third month alone if many."""
    found, year = [], ""
    step = 1 if len(months) <= _FEW_MONTHS else _QUARTER
    for index, month in enumerate(months[::step]):
        name, _, own = month.rpartition(" ")
        said = name[0].upper() if own == year else f"{name[0].upper()} {own[2:]}"
        year, x = own, _LEFT + index * step * _BAR + _BAR // 2
        found.append(f'<text class="tick" x="{x}" y="{_HEIGHT - 6}">{escape(said)}</text>')
    return found
