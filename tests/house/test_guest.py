"""The hub keeps the house's limits: sizes, docstrings, both languages in every text of a template.

Oracle: docs/conventions.md; the code is parsed, not run, so that Django need not be there.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

MODULE_LIMIT, FUNCTION_LIMIT = 500, 60
SAY = re.compile(r"{%\s*say\s+(.*?)\s*%}", re.DOTALL)
TWO = re.compile(r"""("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')""")


def _trees(checkout: Path) -> list[tuple[str, str, ast.Module]]:
    found = []
    for path in sorted((checkout / "src" / "virkestoff_hub").rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text("utf-8")
            found.append((path.relative_to(checkout).as_posix(), text, ast.parse(text)))
    assert found
    return found


def test_modules_and_functions_of_the_hub_are_small(checkout: Path) -> None:
    trees = _trees(checkout)
    long = {place: n for place, text, _ in trees
            if (n := len(text.splitlines())) > MODULE_LIMIT}  # fmt: skip
    for place, _, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length >= FUNCTION_LIMIT:
                    long[f"{place} {node.name}"] = length
    assert long == {}


def test_public_names_of_the_hub_say_what_they_are(checkout: Path) -> None:
    silent = [
        f"{place} {node.name}"
        for place, _, tree in _trees(checkout)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_") and node.name not in ("Meta", "guard", "guarded")
        and node in tree.body and not ast.get_docstring(node)
    ]  # fmt: skip
    assert silent == []


def test_every_text_of_a_template_is_in_both_languages(checkout: Path) -> None:
    wrong = []
    for path in (checkout / "src" / "virkestoff_hub" / "templates").rglob("*.html"):
        for given in SAY.findall(path.read_text("utf-8")):
            two = TWO.fullmatch(given)
            if two is None or len(two[1]) < 3 or len(two[2]) < 3:
                wrong.append(f"{path.name}: {given[:60]}")
    assert wrong == []


def test_the_engine_starts_without_the_hub(checkout: Path) -> None:
    """Only the group of entry points is named in the engine, never the package."""
    for path in (checkout / "src" / "virkestoff").rglob("*.py"):
        assert "virkestoff_hub" not in path.read_text("utf-8"), path.name


def test_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is loaded without Django, and a missing package is a fault with its next step."""
    from virkestoff.errors import InputError
    from virkestoff_hub import commands

    monkeypatch.setattr(commands, "NEEDED", ("no_such_package",))
    with pytest.raises(InputError, match=r"pip install 'virkestoff\[hub\]'"):
        commands._ready(None)
