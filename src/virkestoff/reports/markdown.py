"""Markdown tokens to blocks: paragraphs, lists, callouts, strong, emphasis, links; no more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from virkestoff.errors import FaultCollector
from virkestoff.reports.document import (
    Block,
    Bullets,
    Callout,
    Figure,
    Link,
    Paragraph,
    Run,
    Runs,
    Table,
    Words,
)

__all__ = ["Place", "blocks_of"]

Place = Table | Figure
_SIGN = re.compile("\ue000(\\d+)\ue001")
_PLACE = re.compile("\ue002(\\d+)\ue003\\Z")
_CALLOUT = re.compile(r"\[(note|warning)\][ \t]*")


def blocks_of(
    markdown: MarkdownIt,
    lines: Sequence[str],
    special: Sequence[Run],
    places: Sequence[Place],
    faults: FaultCollector,
    where: str,
) -> tuple[Block, ...]:
    """The blocks of ``lines``; ``special`` and ``places`` stand where their signs are."""
    tokens = markdown.parse("\n".join(lines))
    found: list[Block] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        end = _end(tokens, i)
        inner = tokens[i : end + 1]
        match token.type:
            case "paragraph_open":
                found.append(_paragraph(inner, special, places, faults, where))
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                found.append(Bullets(_list(inner, special, faults, where), ordered))
            case "blockquote_open":
                found.append(_callout(inner, special, faults, where))
            case _:
                faults.add(
                    where,
                    f"'{token.type.removesuffix('_open')}' is not part of prose",
                    next_step="Use paragraphs, lists, > callouts and directives",
                )
        i = end + 1
    return tuple(found)


def _end(tokens: Sequence[Token], start: int) -> int:
    """The index of the token that closes the one at ``start``."""
    depth = 0
    for i in range(start, len(tokens)):
        depth += tokens[i].nesting
        if depth == 0:
            return i
    return len(tokens) - 1


def _paragraph(
    tokens: Sequence[Token],
    special: Sequence[Run],
    places: Sequence[Place],
    faults: FaultCollector,
    where: str,
) -> Block:
    placed = _PLACE.match(tokens[1].content.strip())
    if placed:
        return places[int(placed[1])]
    return Paragraph(_runs(tokens[1], special, faults, where))


def _list(
    tokens: Sequence[Token], special: Sequence[Run], faults: FaultCollector, where: str
) -> tuple[Runs, ...]:
    items: list[Runs] = []
    for i, token in enumerate(tokens):
        if token.type == "list_item_open":
            inner = tokens[i + 1 : i + _end(tokens[i:], 0)]
            if any(t.type.endswith("list_open") for t in inner):
                faults.add(where, "a list inside a list is not part of prose")
            runs: list[Run] = []
            for t in inner:
                if t.type == "inline":
                    runs += ([Words(" ")] if runs else []) + list(_runs(t, special, faults, where))
            items.append(tuple(runs))
    return tuple(items)


def _callout(
    tokens: Sequence[Token], special: Sequence[Run], faults: FaultCollector, where: str
) -> Callout:
    inline = [t for t in tokens if t.type == "inline"]
    head = inline[0].content if inline else ""
    kind = _CALLOUT.match(head)
    if kind is None:
        faults.add(where, "a callout has no kind", next_step="Start it with > [note] Title")
        return Callout("?", ())
    first = inline[0].content[kind.end() :].split("\n", 1)[0].strip()
    runs: list[Run] = []
    is_body = False
    for token in inline:
        if runs and is_body:
            runs.append(Words(" "))
        if token is inline[0]:
            children = token.children or []
            breaks = [j for j, c in enumerate(children) if c.type in ("softbreak", "hardbreak")]
            rest = children[breaks[0] + 1 :] if breaks else []
            runs += _inline(rest, special, faults, where)
        else:
            runs += _runs(token, special, faults, where)
        is_body = bool(runs)
    tone = "warning" if kind[1] == "warning" else "note"
    return Callout(_SIGN.sub("", first), tuple(runs), "warning" if tone == "warning" else "note")


def _runs(token: Token, special: Sequence[Run], faults: FaultCollector, where: str) -> Runs:
    return tuple(_inline(token.children or [], special, faults, where))


def _inline(
    children: Sequence[Token], special: Sequence[Run], faults: FaultCollector, where: str
) -> list[Run]:
    runs: list[Run] = []
    strong = emphasis = 0
    url = ""
    for child in children:
        match child.type:
            case "text":
                runs += _text(child.content, special, strong > 0, emphasis > 0, url)
            case "softbreak" | "hardbreak":
                runs.append(Words(" "))
            case "strong_open" | "strong_close":
                strong += child.nesting
            case "em_open" | "em_close":
                emphasis += child.nesting
            case "link_open":
                url = str(child.attrGet("href") or "")
            case "link_close":
                url = ""
            case _:
                faults.add(where, f"'{child.type}' is not part of prose")
    return runs


def _text(
    content: str, special: Sequence[Run], strong: bool, emphasis: bool, url: str
) -> list[Run]:
    runs: list[Run] = []
    for i, piece in enumerate(_SIGN.split(content)):
        if i % 2:
            runs.append(special[int(piece)])
        elif piece:
            runs.append(Link(piece, url) if url else Words(piece, strong, emphasis))
    return runs
