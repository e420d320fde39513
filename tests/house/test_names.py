"""Names say what a thing is.

Oracle: docs/conventions.md (convention 5 and "Words").
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

NO_NOUN = {
    "utils", "util", "helpers", "helper", "common", "misc", "tools", "manager", "base", "core",
    "models",
}  # fmt: skip
NOT_FRACTIONS = re.compile(r"(^|_)(percent|percentage|pct)(_|$)")
WRONG_COUNTS = re.compile(r"^(num|nb|nr|no_of|number_of)_")


def _names_given(tree: ast.Module) -> list[tuple[int, str]]:
    """Names of functions, arguments and annotated fields, with their lines."""
    given = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            given.append((node.lineno, node.name))
        elif isinstance(node, ast.arg):
            given.append((node.lineno, node.arg))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            given.append((node.lineno, node.target.id))
    return given


def test_every_module_is_named_by_its_noun(engine: Path) -> None:
    names = {path: {part.removesuffix(".py") for part in path.parts} for path in engine.rglob("*")}
    relative = {path.relative_to(engine) for path in names}
    assert [str(p) for p in relative if {x.removesuffix(".py") for x in p.parts} & NO_NOUN] == []


def test_names_are_ascii_snake_case_modules(engine: Path) -> None:
    wrong = [p.name for p in engine.rglob("*.py") if not re.fullmatch(r"[a-z_][a-z0-9_]*", p.stem)]
    assert wrong == []


def test_rates_are_fractions_and_counts_begin_with_n(modules) -> None:
    wrong = [
        f"{module.place}:{line} {name}"
        for module in modules
        for line, name in _names_given(module.tree)
        if NOT_FRACTIONS.search(name) or WRONG_COUNTS.search(name)
    ]
    assert wrong == []


def test_boolean_fields_read_as_statements(modules) -> None:
    """A field that is a bool begins with is_, has_ or another verb in the third person."""
    statement = re.compile(r"^_?(is|has|can|may|needs|allows|keeps|shows|marks|requires|includes)_")
    wrong = []
    for module in modules:
        if module.subject == "reports":  # there the words of HTML and Word are the field's terms
            continue
        for cls in (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)):
            for field in (node for node in cls.body if isinstance(node, ast.AnnAssign)):
                is_bool = isinstance(field.annotation, ast.Name) and field.annotation.id == "bool"
                if is_bool and isinstance(field.target, ast.Name):
                    name = field.target.id
                    if not statement.match(name):
                        wrong.append(f"{module.place}:{field.lineno} {cls.name}.{name}")
    assert wrong == []


def test_a_subject_has_one_name_everywhere(checkout: Path, engine: Path) -> None:
    """Every package with a folder of tests or numbers carries the same name there."""
    packages = {path.name for path in engine.iterdir() if path.is_dir()} - {"__pycache__"}
    ground = {path.stem for path in engine.glob("*.py")}
    tests = {p.name for p in (checkout / "tests").iterdir() if p.is_dir()} - {"__pycache__"}
    beside = {"house", "hub", "published", "ground", "acceptance"}
    assert tests - packages - ground - beside == set(), "test folders without a subject"
