"""``virkestoff roadmap``: needs, measures and positions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.markup import escape

from virkestoff.cli.screen import console, state
from virkestoff.language import Lang, place_in
from virkestoff.roadmap import Cited
from virkestoff.workbench import Workbench

app = typer.Typer(help="Needs, measures, and who says what of them.", no_args_is_help=True)

LangOption = Annotated[Lang, typer.Option(help="Language of texts: nb or en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the records as JSON.")]


def _print_json(records: Mapping[str, BaseModel]) -> None:
    found = [{"id": key, **record.model_dump(mode="json")} for key, record in records.items()]
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


WORDS: dict[str, str] = {  # what a Norwegian reader sees; in English the key stands
    "source": "kilde",
    "condition": "vilkår",
    "interest": "egeninteresse",
    "needs": "behov",
    "measures": "tiltak",
    "positions": "standpunkter",
    "read secondary": "gjengitt av andre",
    "recalled": "husket",
    "existing": "finnes",
    "proposed": "foreslått",
    "ended": "avsluttet",
    "for": "for",
    "for with condition": "for, på vilkår",
    "against": "imot",
    "neutral": "uten side",
    "other priority": "annet først",
}


def _word(key: str, lang: Lang) -> str:
    return WORDS.get(key, key) if lang == "nb" else key


def _print_record(head: str, lines: list[str], record: Cited, lang: Lang) -> None:
    """One record: a heading, what it says, and where that stands."""
    console.print(f"[bold]{escape(head)}[/]", soft_wrap=True)
    how = "" if record.how == "read" else f" ({_word(record.how.replace('_', ' '), lang)})"
    source = f"{record.source}, {place_in(record.place, lang)}{how}"
    for line in (*lines, f"{_word('source', lang)}: {source}"):
        console.print(f"  {escape(line)}", soft_wrap=True)


@app.command()
def needs(lang: LangOption = "nb", as_json: JsonOption = False) -> None:
    """List what parties say is lacking, with source and place."""
    found = Workbench(state.library).needs()
    if as_json:
        _print_json(found)
        return
    for key, need in found.items():
        _print_record(f"{key}  {need.name.in_(lang)}", [need.text.in_(lang)], need, lang)
    console.print(f"{len(found)} {_word('needs', lang)}")


@app.command()
def measures(lang: LangOption = "nb", as_json: JsonOption = False) -> None:
    """List what is done or proposed, by whom, and which needs it answers."""
    found = Workbench(state.library).measures()
    if as_json:
        _print_json(found)
        return
    for key, measure in found.items():
        lines = [
            f"{_word(measure.status, lang)}; {measure.responsible.in_(lang)}",
            f"{_word('needs', lang)}: {', '.join(measure.needs)}",
        ]
        _print_record(f"{key}  {measure.name.in_(lang)}", lines, measure, lang)
    console.print(f"{len(found)} {_word('measures', lang)}")


@app.command()
def positions(
    topic: Annotated[str, typer.Option(help="Only what is said of this topic.")] = "",
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """List who says what, with condition, interest, source and place."""
    found = Workbench(state.library).positions(topic)
    if as_json:
        _print_json(found)
        return
    for p in found.values():
        lines = [p.says.in_(lang)]
        if p.condition:
            lines.append(f"{_word('condition', lang)}: {p.condition.in_(lang)}")
        if p.interest:
            lines.append(f"{_word('interest', lang)}: {p.interest.in_(lang)}")
        stance = _word(p.stance.replace("_", " "), lang)
        _print_record(f"{p.topic}  {p.who}: {stance}", lines, p, lang)
    console.print(f"{len(found)} {_word('positions', lang)}")
