"""Options that the commands on support schemes share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from virkestoff.cli.screen import state
from virkestoff.errors import Fault, InputError
from virkestoff.language import Lang

__all__ = ["DataOption", "DateOption", "LangOption", "day_of", "faults_in"]

LangOption = Annotated[Lang, typer.Option(help="Language: nb or en.")]
DateOption = Annotated[
    str, typer.Option("--date", metavar="DATE", help="The date of the answer (default: today).")
]
DataOption = Annotated[
    Path | None, typer.Option(help="Folder of your own data, where imported registers lie.")
]


def day_of(text: str, default: date | None = None) -> date | None:
    """The date that an option names.

    Raises
    ------
    InputError
        if it is none.
    """
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Fault(f"--date '{text[:40]}'", "is no date", next_step="Write it as 2026-11-24")
        ) from None


@contextmanager
def faults_in(lang: Lang) -> Iterator[None]:
    """Faults of a profile that arise within are told in a language."""
    from virkestoff.instruments.fault_words import in_language

    try:
        yield
    except InputError as problem:
        state.faults_in = lang
        raise in_language(problem, lang) from None
