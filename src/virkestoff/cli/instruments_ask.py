"""``virkestoff instruments ask``: questions in the terminal, what decides most first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.instruments_options import day_of, faults_in
from virkestoff.cli.instruments_screen import print_lines, print_paragraphs
from virkestoff.cli.screen import console, state
from virkestoff.instruments.fault_words import message_in
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.questions import Interview
from virkestoff.instruments.vocabulary import Term
from virkestoff.instruments.written_values import Unreadable
from virkestoff.language import LANGUAGES, Lang, Text
from virkestoff.workbench.instruments import InstrumentsBench

__all__ = ["add_to"]

_WORDS: dict[str, tuple[str, ...]] = {
    "unknown": ("?", "vet ikke", "don't know", "ukjent", "unknown"),
    "skip": ("", "hopp over", "skip", "h", "s"),
    "back": ("<", "tilbake", "back", "b", "angre", "undo"),
    "stop": (".", "ferdig", "stopp", "stop", "done", "slutt", "quit", "q"),
}
_HELP = Text(
    nb="Svar, eller: ? vet ikke · Enter hopp over · < tilbake · . ferdig",
    en="Answer, or: ? don't know · Enter skip · < back · . done",
)
_HINTS: dict[str, Text] = {
    "bool": Text(nb="ja eller nei", en="yes or no"),
    "date": Text(nb="dato, måned eller år: 2021-05-01, 2021-05, 2021",
                 en="date, month or year: 2021-05-01, 2021-05, 2021"),
    "number": Text(nb="tall eller bånd: 12, 10-49, under 50, 2,5 mill.",
                   en="number or band: 12, 10-49, under 50, 2.5 million"),
    "text": Text(nb="kode", en="code"),
}  # fmt: skip


def _meant(text: str) -> str:
    """Which command a line is; empty for an answer."""
    word = text.strip().casefold()
    return next((key for key, words in _WORDS.items() if word in words), "")


def _hint(term: Term, lang: Lang) -> str:
    if term.choices:
        return "\n".join(f"{k:>4}) {words.in_(lang)}"
                         for k, words in enumerate(term.choices.values(), 1))  # fmt: skip
    unit = f" [{term.unit}]" if term.unit and term.unit != "1" else ""
    return _HINTS[term.type].in_(lang) + unit


def _numbered(term: Term, text: str) -> str:
    """Choices as their ids, from their numbers or words: ``1``, ``1, 3`` or ``Bedrift``."""
    if not term.choices:
        return text
    ids = list(term.choices)
    named = {words.in_(lang).casefold(): key
             for key, words in term.choices.items() for lang in LANGUAGES}  # fmt: skip
    if text.strip().casefold() in named:
        return named[text.strip().casefold()]
    parts = [part.strip() for part in text.split(",")]
    if all(part.isdigit() and 1 <= int(part) <= len(ids) for part in parts):
        return ", ".join(ids[int(part) - 1] for part in parts)
    return text


def _misread(term: Term, text: str, problem: Unreadable, lang: Lang) -> str:
    """Why a line is no answer; of choices their numbers, not their ids, are said."""
    if not term.choices:
        return message_in(str(problem), lang)
    shown = text.strip()[:40]
    return _say(lang, f"«{shown}» er ikke et av valgene: svar med et tall fra 1 til "
                f"{len(term.choices)}, eller flere med komma mellom.",
                f"'{shown}' is not one of the choices: answer with a number from 1 to "
                f"{len(term.choices)}, or several with commas between.")  # fmt: skip


def _line() -> str | None:
    """A line that was typed; ``None`` at the end of the input."""
    try:
        return input("> ")
    except (EOFError, KeyboardInterrupt):
        return None


def _say(lang: Lang, nb: str, en: str) -> str:
    return nb if lang == "nb" else en


def _ask_one(interview: Interview, lang: Lang) -> bool:
    """Ask until a line is understood; ``False`` to stop."""
    question = interview.question
    assert question is not None
    term, progress = question.term, interview.progress
    settled = _say(lang, f"{progress.n_settled} av {progress.n_schemes} ordninger avklart",
                   f"{progress.n_settled} of {progress.n_schemes} schemes settled")  # fmt: skip
    n, ask = len(question.schemes), term.ask.in_(lang)
    asked = _say(lang, f"{n} {'ordning' if n == 1 else 'ordninger'} spør · den som vet: {ask}",
                 f"{n} {'scheme asks' if n == 1 else 'schemes ask'} · who knows: {ask}")
    console.print(f"\n[dim]{escape(f'{settled} · {asked}')}[/]")
    console.print(f"[bold]{escape(term.question.in_(lang))}[/]")
    console.print(f"[dim]{escape(_hint(term, lang))}[/]")
    while True:
        text = _line()
        command = "stop" if text is None else _meant(text)
        match command:
            case "stop":
                return False
            case "back":
                if not interview.back():
                    console.print(_say(lang, "Dette er det første.", "This is the first."))
                    continue
            case "skip":
                interview.skip()
            case "unknown":
                interview.do_not_know()
            case _:
                try:
                    interview.reply(_numbered(term, text or ""))
                except Unreadable as problem:
                    console.print(f"[red]{escape(_misread(term, text or '', problem, lang))}[/]")
                    continue
        return True


def ask(
    start: Annotated[
        str, typer.Argument(metavar="[START]", help="A profile, or an organisation number.")
    ] = "",
    save: Annotated[
        Path | None, typer.Option(help="Keep the profile in this file; read it first if there.")
    ] = None,
    on: Annotated[
        str, typer.Option("--date", metavar="DATE", help="The date of the answer.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder for page, PDF, workbook and calendar.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of your own data, where imported registers lie.")
    ] = None,
    lang: Annotated[Lang, typer.Option(help="Language: nb or en.")] = "nb",
) -> None:
    """Answer questions, what decides most first; stop at any time and see the answer.

    Lines may also come from a file: virkestoff instruments ask < answers.txt
    """
    bench = InstrumentsBench(state.library)
    bench.schemes  # noqa: B018  faults of the library stay as they are
    with faults_in(lang):
        day = day_of(on)
        profile = _begun(bench, start, save, data)
    for note in profile.notes:
        console.print(escape(note.in_(lang)))
    for line in bench.computed_lines(bench.guide(profile, day), lang):
        console.print(escape(line))
    interview = bench.interview(profile, day)
    console.print(_HELP.in_(lang))
    while interview.question is not None and _ask_one(interview, lang):
        if save is not None:
            bench.save_profile(save, interview.profile)
    if save is not None:
        bench.save_profile(save, interview.profile)
    found = bench.guide(interview.profile, day)
    for title, lines in bench.front_lines(found, lang):
        print_lines(title, lines)
    for table, named in bench.answer_tables(found, lang):
        print_paragraphs(table, named)
    if out is not None:
        for path in bench.write_answer(out, found, (lang, *(x for x in LANGUAGES if x != lang))):
            console.print(escape(str(path)), soft_wrap=True)


def _begun(bench: InstrumentsBench, start: str, save: Path | None, data: Path | None) -> Profile:
    """The profile to begin with: the one that is kept, else the one named, else nothing."""
    if save is not None and save.is_file():
        return bench.read_profile(save, data)
    if not start:
        return Profile({})
    if Path(start).suffix in (".yaml", ".yml") or Path(start).is_file():
        return bench.read_profile(Path(start), data)
    return bench.profile_from_number(start, data)


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff instruments``."""
    app.command()(ask)
