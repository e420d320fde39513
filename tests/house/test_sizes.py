"""Modules and functions stay small enough to be read whole.

Oracle: the size budget in docs/conventions.md, taken from measured codebases that are a pleasure
to read (import-linter has no module over 498 lines).
"""

from __future__ import annotations

import ast
from pathlib import Path

MODULE_LIMIT = 500
FUNCTION_LIMIT = 60
TEST_FILE_LIMIT = 600


def _length_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    docstring = 0
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        docstring = first.end_lineno - first.lineno + 1
    return function.end_lineno - function.lineno + 1 - docstring


def test_length_leaves_out_the_docstring() -> None:
    source = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    assert _length_without_docstring(ast.parse(source).body[0]) == 2  # def and return


def test_no_module_is_over_the_limit(modules) -> None:
    sizes = {module.place: len(module.text.splitlines()) for module in modules}
    assert {place: size for place, size in sizes.items() if size > MODULE_LIMIT} == {}


def test_no_test_file_is_over_the_limit(checkout: Path) -> None:
    sizes = {
        path.relative_to(checkout).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (checkout / "tests").rglob("*.py")
    }
    assert {place: size for place, size in sizes.items() if size > TEST_FILE_LIMIT} == {}


def test_no_function_is_over_the_limit(modules) -> None:
    long = {}
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = _length_without_docstring(node)
                if length >= FUNCTION_LIMIT:
                    long[f"{module.place}:{node.lineno} {node.name}"] = length
    assert long == {}


def test_packages_are_one_level_deep(engine: Path) -> None:
    deep = [path for path in engine.rglob("*.py") if len(path.relative_to(engine).parts) > 2]
    assert deep == []
