"""The documents are held to account by the code.

Oracle: the Makefile, the command line and the file tree as they are.
"""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import re
import shlex
from pathlib import Path

import pytest
import typer.main

from virkestoff.cli import app

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted([CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *CHECKOUT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"^\$ (virkestoff .*)$", re.MULTILINE)


def _page_id(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


def _blocks(page: Path, *languages: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [body for language, body in FENCE.findall(text) if language in languages]


def _prose(page: Path) -> str:
    """The page without its blocks, with inline code kept."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def _command_exists(words: list[str]) -> bool:
    """Whether the leading words after ``virkestoff`` name a command, and its options exist."""
    command = typer.main.get_command(app)
    options = {name for p in command.params for name in p.opts} | {"--help"}
    for index, word in enumerate(words):
        below = getattr(command, "commands", None)
        if below is None or word.startswith("-"):
            options |= {name for p in command.params for name in [*p.opts, *p.secondary_opts]}
            return all(w.split("=")[0] in options for w in words[index:] if w.startswith("-"))
        if word not in below:
            return False
        command = below[word]
    return True


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_links_lead_somewhere(page: Path) -> None:
    text = _prose(page)
    assert [x for x in LINK.findall(text) if not (page.parent / x).resolve().exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_make_targets_exist(page: Path) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`make ([a-z]+)", text) + re.findall(r"^make ([a-z]+)", text, re.MULTILINE)
    assert set(named) - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_commands_in_text_exist(page: Path) -> None:
    named = re.findall(r"`(?:\$ )?virkestoff ([a-z][^`\n]*)`", _prose(page))
    assert [words for words in named if not _command_exists(shlex.split(words))] == []


PAGES_WITH_COMMANDS = [p for p in PAGES if COMMAND.search(p.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=_page_id)
def test_commands_in_blocks_run(page: Path, tmp_path, monkeypatch, capsys) -> None:
    """Each ``$ virkestoff`` line of a page runs, in order, in one folder, and ends well."""
    monkeypatch.chdir(tmp_path)
    for block in _blocks(page, "console", "sh", "bash", ""):
        for line in COMMAND.findall(block):
            arguments = shlex.split(line, comments=True)[1:]
            result = app(arguments, standalone_mode=False, prog_name="virkestoff")
            assert result in (None, 0), line
            assert capsys.readouterr().out.strip(), f"{line} said nothing"


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_examples_in_pages_give_what_they_show(page: Path) -> None:
    found = doctest.DocTestParser().get_doctest(_prose_examples(page), {}, str(page), str(page), 0)
    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0


def _prose_examples(page: Path) -> str:
    return "\n\n".join(body for body in _blocks(page, "python", "pycon") if ">>>" in body)


def test_examples_in_docstrings_give_what_they_show(modules) -> None:
    failed = []
    for module in modules:
        if ">>>" in module.text:
            outcome = doctest.testmod(importlib.import_module(module.name))
            if outcome.failed:
                failed.append(module.place)
    assert failed == []


def test_generated_pages_are_up_to_date() -> None:
    """After a change of a command: ``make docs``."""
    reference = CHECKOUT / "docs" / "reference"
    spec = importlib.util.spec_from_file_location("generate", reference / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for name, text in generate.pages().items():
        written = (reference / name).read_text(encoding="utf-8")
        assert written == text, f"docs/reference/{name} is out of date; run: make docs"


def test_every_command_says_what_it_does() -> None:
    silent = []

    def look(command, path: str) -> None:
        if not command.help:
            silent.append(path)
        silent.extend(f"{path} {p.name}" for p in command.params if not getattr(p, "help", None))
        for name, below in getattr(command, "commands", {}).items():
            look(below, f"{path} {name}")

    look(typer.main.get_command(app), "virkestoff")
    assert silent == []


def test_every_decision_is_in_the_index() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert {name for name in records if f"({name})" not in index} == set()


def test_every_subject_with_a_model_has_a_page(engine: Path) -> None:
    models = {"production", "supply", "costbenefit"}
    present = {path.parent.name for path in engine.glob("*/__init__.py")} & models
    pages = {path.stem for path in (CHECKOUT / "docs" / "subjects").glob("*.md")}
    assert present - pages == set()


def test_the_two_commands_of_the_readme_are_what_ci_runs() -> None:
    run = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^make test$", run, re.MULTILINE)
    assert re.search(r"^make test\b", readme, re.MULTILINE)
    assert re.search(r"^make study\b", readme, re.MULTILINE)
