"""``virkestoff search``: find what the library holds, in Norwegian or English."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text as Line

from virkestoff.cli.screen import console, state
from virkestoff.language import Lang
from virkestoff.search import Marked

__all__ = ["add_to"]


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words, in Norwegian or English.")],
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only this kind, such as scheme or term; may be repeated."),
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language of titles: nb or en.")] = "nb",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10,
) -> None:
    """Search all that the library holds: schemes, organisations, terms, needs, figures, pages.

    Forms of a word, parts of compounds, nynorsk, slips of the pen and words typed without æ, ø and
    å are understood. Each hit shows its kind and key, its title, and the words that answer.
    """
    from virkestoff.workbench.search import KIND_NAMES, search_library

    found = search_library(query, kinds=kind or (), lang=lang, limit=limit, library=state.library)
    if found.reads_as:
        text = "Leste søket som" if lang == "nb" else "Read the query as"
        console.print(Line(f"{text}: {found.reads_as}"), soft_wrap=True)
    if found.not_found and found.total:
        text = "Står ikke noe sted" if lang == "nb" else "Stands nowhere"
        console.print(Line(f"{text}: {', '.join(found.not_found)}"), soft_wrap=True)
    for hit in found.hits:
        name = KIND_NAMES[hit.document.kind].in_(lang)
        console.print(Line(""))
        console.print(_line(hit.title), Line(f" ({name})", style="dim"), soft_wrap=True, sep="")
        value = hit.document.value
        before = Line(f"  {value.in_(lang)} · " if value else "  ")
        console.print(before, _line(hit.snippet), soft_wrap=True, sep="")
        console.print(Line(f"  {hit.document.url}", style="dim"), soft_wrap=True)
    kinds = ", ".join(f"{KIND_NAMES[k].in_(lang)} {n}" for k, n in found.counts.items())
    words = f"{found.total} treff" if lang == "nb" else f"{found.total} found"
    console.print(Line(f"\n{words}" + (f" ({kinds})" if kinds else "")), soft_wrap=True)


def _line(marked: Marked) -> Line:
    line = Line()
    for piece, is_marked in marked.pieces():
        line.append(piece, style="bold" if is_marked else "")
    return line


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff``."""
    app.command()(search)
