"""``virkestoff facilities``: who can do what, a request against them, and what was not met."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from virkestoff.cli.facilities_screen import (
    print_match,
    print_provider,
    print_terms,
    print_unmet,
    unmet_yaml,
    word,
)
from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.language import Lang

if TYPE_CHECKING:
    from virkestoff.facilities import Register, Viewer
    from virkestoff.facilities.unmet import By
    from virkestoff.workbench.facilities import FacilitiesBench

app = typer.Typer(help="Facilities: who can do what, when, and what is lacking.",
                  no_args_is_help=True)  # fmt: skip

LangOption = Annotated[Lang, typer.Option(help="Language of texts: nb or en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
WindowsOption = Annotated[
    list[Path] | None,
    typer.Option(help="A file or folder with windows of capacity; may stand several times."),
]
DateOption = Annotated[
    str, typer.Option("--date", metavar="DATE", help="The day of the question (default: today).")
]


def _bench() -> FacilitiesBench:
    from virkestoff.workbench.facilities import FacilitiesBench

    return FacilitiesBench(state.library)


def _day(text: str, option: str, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise InputError(Fault(f"{option} '{text[:40]}'", "is no date",
                               next_step="Write it as 2026-11-24")) from None  # fmt: skip


def _one_of(value: str, option: str, known: Sequence[str], faults: FaultCollector) -> None:
    if value and value not in known:
        step = suggest(value, known) or f"Known: {', '.join(known)}"
        faults.add(f"{option} '{value[:60]}'", "is not known", next_step=step)


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _check_choice(register: Register, does: str, country: str, kind: str) -> None:
    from virkestoff.facilities.provider import PROVIDER_KINDS
    from virkestoff.facilities.vocabulary import DOES_FACETS

    faults = FaultCollector()
    _one_of(does, "--does", list(register.vocabulary.of_facets(DOES_FACETS)), faults)
    _one_of(country, "--country", sorted({p.country for p in register.providers.values()}), faults)
    _one_of(kind, "--kind", PROVIDER_KINDS, faults)
    faults.raise_if_any()


@app.command("list")
def list_(
    does: Annotated[str, typer.Option(help="Only those that can do this, a term.")] = "",
    country: Annotated[str, typer.Option(help="Only those in this country, such as NO.")] = "",
    kind: Annotated[str, typer.Option(help="Only of this kind, such as producer.")] = "",
    terms: Annotated[bool, typer.Option("--terms", help="List the vocabulary instead.")] = False,
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """List providers and what the sources say that they can do, or the words for it."""
    from virkestoff.facilities.answer import provider_data

    register = _bench().register()
    if terms:
        if as_json:
            found = register.vocabulary.terms
            _print_json([{"id": k, **t.model_dump(mode="json")} for k, t in found.items()])
        else:
            print_terms(register, lang)
        return
    _check_choice(register, does, country, kind)
    chosen = register.chosen(does, country, kind)
    if as_json:
        _print_json([provider_data(key, p, register) for key, p in chosen.items()])
        return
    for key in chosen:
        print_provider(key, register, lang, is_short=True)
    n_confirmed = sum(p.is_confirmed for p in chosen.values())
    console.print(f"{len(chosen)} {word('providers', lang)}, {n_confirmed} "
                  f"{word('confirmed by the provider', lang)}")  # fmt: skip


@app.command()
def show(
    provider: Annotated[str, typer.Argument(metavar="ID", help="The provider.")],
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """Show what is stated of one provider, with source and place."""
    from virkestoff.facilities.answer import provider_data

    register = _bench().register()
    found = register.provider(provider)
    if as_json:
        _print_json(provider_data(provider, found, register))
    else:
        print_provider(provider, register, lang)


@app.command("match")
def match_(
    request: Annotated[Path, typer.Argument(metavar="REQUEST", help="A request, a YAML file.")],
    windows: WindowsOption = None,
    on: DateOption = "",
    viewer: Annotated[
        str, typer.Option(help="Who asks: public, registered or broker.")
    ] = "public",
    lang: LangOption = "nb",
    as_json: JsonOption = False,
) -> None:
    """Match a request: who fits, who must be asked, who nearly fits, and why not."""
    from virkestoff.facilities.answer import answer_data
    from virkestoff.facilities.window import VIEWERS

    day = _day(on, "--date", date.today())
    faults = FaultCollector()
    _one_of(viewer, "--viewer", VIEWERS, faults)
    faults.raise_if_any()
    bench = _bench()
    register = bench.register(windows or ())
    level: Viewer = next(v for v in VIEWERS if v == viewer)
    found = bench.match(bench.request(request, register), register, day, level)
    if as_json:
        _print_json(answer_data(found, register))
    else:
        print_match(found, register, lang)


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders with windows of capacity.")
    ] = None,
    on: DateOption = "",
    lang: LangOption = "nb",
) -> None:
    """Check vocabulary, providers and windows; list windows that should be confirmed again."""
    day = _day(on, "--date", date.today())
    register = _bench().register(files or ())
    counts = (("terms", register.vocabulary.terms), ("providers", register.providers),
              ("gaps", register.gaps), ("windows", register.windows))  # fmt: skip
    for name, held in counts:
        console.print(f"{word(name, lang)}: {len(held)}")
    for key, window in register.windows.items():
        age = window.age_days(day)
        if age > register.settings.fresh_for_days:
            is_stale = age > register.settings.stale_after_days
            mark = word("no longer used" if is_stale else "should be confirmed", lang)
            line = f"{key}  {register.name(window.provider)}: {age} {word('days', lang)}, {mark}"
            console.print(escape(line), soft_wrap=True)


@app.command()
def unmet(
    outcomes: Annotated[Path, typer.Argument(metavar="OUTCOMES", help="How requests ended.")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day.")],
    by: Annotated[
        list[str] | None, typer.Option(help="outcome, product or does; may stand several times.")
    ] = None,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="Print as statistics for the library.")
    ] = False,
    lang: LangOption = "nb",
) -> None:
    """Count how requests ended, so that no requester is given away."""
    from virkestoff.facilities.unmet import BY

    faults = FaultCollector()
    for part in by or ():
        _one_of(part, "--by", BY, faults)
    faults.raise_if_any()
    parts: list[By] = [b for b in BY if b in (by or ["outcome"])]
    days = _day(first, "--from", date.today()), _day(last, "--to", date.today())
    bench = _bench()
    found = bench.unmet(outcomes, bench.register(), *days, parts)
    if as_yaml:
        typer.echo(unmet_yaml(found), nl=False)
    else:
        print_unmet(found, lang)
