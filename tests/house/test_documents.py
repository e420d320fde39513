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
from virkestoff.costbenefit import rules_on
from virkestoff.evidence import CentralParameters, load_library, read_yaml
from virkestoff.studies import load_definition, load_evaluate, run_study

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


def _below(command) -> dict:
    """The commands of a group by name; none of a command."""
    names = command.list_commands(None) if hasattr(command, "list_commands") else ()
    return {name: command.get_command(None, name) for name in names}


def _command_exists(words: list[str]) -> bool:
    """Whether the leading words after ``virkestoff`` name a command, and its options exist."""
    command = typer.main.get_command(app)
    options = {name for p in command.params for name in p.opts} | {"--help"}
    for index, word in enumerate(words):
        below = _below(command)
        if not below or word.startswith("-"):
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


def test_the_study_of_the_readme_runs(tmp_path: Path) -> None:
    """Both blocks, as a reader would copy them.

    Oracle: by hand. No stock costs nothing; 200 tonnes at p NOK a tonne cost 200 p times the share.
    """
    folder = tmp_path / "my_study"
    folder.mkdir()
    [definition_text] = _blocks(CHECKOUT / "README.md", "yaml")
    [model_text] = _blocks(CHECKOUT / "README.md", "python")
    (folder / "study.yaml").write_text(definition_text, encoding="utf-8")
    (folder / "study.py").write_text(model_text, encoding="utf-8")
    definition, library = load_definition(folder, load_library(CHECKOUT / "library"))
    rules = rules_on(library, definition.as_of)
    result = run_study(definition, library, load_evaluate(folder), rules, n_draws=16, seed=1)
    assert (result.runs["today"].outcomes["yearly_cost"] == 0).all()
    cost = result.runs["stock"].outcomes["yearly_cost"]
    storage = library.fact("supply.stock.storage_cost_share").value
    dollars = library.fact("production.material.glucose.price").value
    parameters = CentralParameters(library, definition.price_year)
    price = parameters("production.material.glucose.price", "NOK/tonne").item()
    nok_per_dollar = price / dollars[1]
    assert (200 * nok_per_dollar * dollars[0] * storage[0] <= cost).all()
    assert (cost <= 200 * nok_per_dollar * dollars[2] * storage[2]).all()
    assert cost.std() > 0


@pytest.mark.parametrize("page", PAGES, ids=_page_id)
def test_yaml_in_pages_can_be_read(page: Path, tmp_path: Path) -> None:
    for number, body in enumerate(_blocks(page, "yaml")):
        path = tmp_path / f"{number}.yaml"
        path.write_text(body, encoding="utf-8")
        assert read_yaml(path)


def test_conventions_are_ten_and_each_gives_an_example_and_a_reason() -> None:
    text = (CHECKOUT / "docs" / "conventions.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    numbered = [section for section in sections if section[0].isdigit()]
    assert [int(section.split(".")[0]) for section in numbered] == list(range(1, 11))
    for section in numbered:
        for part in ("**Principle.**", "**Example.**", "**Why.**"):
            assert part in section, f"{section.splitlines()[0]} lacks {part}"


def test_code_cites_conventions_that_exist(modules) -> None:
    cited = {int(n) for module in modules for n in re.findall(r"convention (\d+)", module.text)}
    assert cited <= set(range(1, 11))
    assert cited, "nothing cites a convention: the pattern is wrong"


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
        for name, below in _below(command).items():
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
