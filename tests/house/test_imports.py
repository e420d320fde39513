"""What the import contract in pyproject.toml cannot express.

Oracle: docs/architecture.md (only connectors may touch a network); lint-imports checks the layers.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


def _imported(tree: ast.Module) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_no_url_is_opened_below_connectors(modules) -> None:
    wrong = [
        f"{module.place}:{line} {name}"
        for module in modules
        if module.subject != "connectors"
        for line, name in _imported(module.tree)
        if name.startswith("urllib.request")
    ]
    assert wrong == []


def test_rules_and_numbers_are_never_code_that_is_run(modules) -> None:
    """No eval, exec or compile: a rule in the library is read, not run."""
    calls = [
        f"{module.place}:{node.lineno} {node.func.id}"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile"}
    ]
    assert calls == []


def test_subjects_take_arrays_and_never_a_case(modules) -> None:
    """Subjects know nothing of studies; a Case stops at study.py."""
    allowed = {"cli", "workbench", "reports", "studies"}
    wrong = [
        f"{module.place}:{line} {name}"
        for module in modules
        if module.subject not in allowed
        for line, name in _imported(module.tree)
        if name.split(".")[-1] == "Case"
    ]
    assert wrong == []


def _placed(checkout: Path) -> list[str]:
    """The names in the layers; in parentheses those that have no code yet."""
    settings = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))
    [layers] = [
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    return [name.strip() for line in layers for name in line.split("|")]


def test_every_package_has_its_place_in_the_layers(checkout: Path, engine: Path) -> None:
    """And a name stands in parentheses if and only if there is no such package."""
    placed = {name for name in _placed(checkout) if not name.startswith("(")}
    present = {p.stem for p in engine.glob("*.py")} | {
        p.name for p in engine.iterdir() if (p / "__init__.py").is_file()
    }
    assert present - {"__init__", "__main__"} == placed


BREACHES = {
    "upwards": ("supply.py", "from virkestoff import studies\n"),
    "sideways": ("production.py", "from virkestoff import costbenefit\n"),
    "network": ("supply.py", "import socket\n"),
    "unplaced": ("helpers.py", ""),
}
KEPT = {
    "downwards": ("supply.py", "from virkestoff import production\n"),
    "connector": ("connectors.py", "import socket\n"),
}


@pytest.mark.parametrize("case", [*BREACHES, *KEPT])
def test_the_contract_bites(case: str, checkout: Path, tmp_path: Path) -> None:
    """On a skeleton of empty modules, one forbidden import breaks the contract, others do not."""
    package = tmp_path / "virkestoff"
    package.mkdir()
    for name in ("__init__", *(n for n in _placed(checkout) if not n.startswith("("))):
        (package / f"{name}.py").write_text("")
    file_name, line = (BREACHES | KEPT)[case]
    (package / file_name).write_text(line)
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    finished = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in finished.stdout, finished.stdout + finished.stderr
    assert (finished.returncode == 0) == (case in KEPT), finished.stdout
