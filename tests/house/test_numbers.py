"""Numbers live in library/, never in the code of a subject.

Oracle: docs/conventions.md, convention 2. Allowed in code are mathematical constants, calendar and
unit factors, and tolerances; any other number needs a comment ``constant: why`` on its line or on
the line above.
"""

from __future__ import annotations

import ast

MODEL_SUBJECTS = {
    "costbenefit", "costsharing", "facilities", "financing", "funding", "industry", "innovation",
    "instruments", "microsim", "production", "roadmap", "supply", "surveys",
}  # fmt: skip
FLOATS = {0.0, 0.5, 1.0, 2.0, 3.0, 10.0, 12.0, 24.0, 60.0, 100.0, 1000.0, 3600.0, 1e6, 1e9}
# counting, powers of ten, months, hours, minutes, days of a year, seconds
INTEGERS = {*range(-1, 11), 12, 24, 60, 100, 365, 1000, 3600, 10**6, 10**9}
TOLERANCE = 1e-6
"""A float at or below this is a tolerance of the arithmetic, not a fact about the world."""
MARK = "constant:"


def _is_excused(lines: list[str], first: int, last: int) -> bool:
    """Whether a comment on these lines (from 1) or on the line above gives the reason."""
    return any(MARK in line for line in lines[max(first - 2, 0) : last])


def _is_power_of_two(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and isinstance(node.left, ast.Constant)
        and node.left.value == 2
    )


def _bare_numbers(tree: ast.Module, text: str) -> list[tuple[int, float]]:
    lines = text.splitlines()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            if node.value not in FLOATS and abs(node.value) > TOLERANCE:
                found.append(node)
        elif _is_power_of_two(node):
            continue  # how floating point and bits are written down
        elif isinstance(node, ast.BinOp | ast.Compare):
            sides = [node.left, node.right] if isinstance(node, ast.BinOp) else node.comparators
            found += [
                side
                for side in sides
                if isinstance(side, ast.Constant)
                and type(side.value) is int
                and side.value not in INTEGERS
            ]
    return [
        (node.lineno, node.value)
        for node in found
        if not _is_excused(lines, node.lineno, node.end_lineno or node.lineno)
    ]


def test_the_scan_finds_a_yield_and_passes_a_month() -> None:
    text = "yield_share = 0.87\nmonths = years * 12\ncapacity = mass * 8000\n"
    assert _bare_numbers(ast.parse(text), text) == [(1, 0.87), (3, 8000)]


def test_the_scan_passes_a_reasoned_constant() -> None:
    text = "# constant: molar mass is defined by atomic weights\nratio = 0.9\n"
    assert _bare_numbers(ast.parse(text), text) == []


def test_subjects_hold_no_model_parameter(modules) -> None:
    bare = [
        f"{module.place}:{line} {value}"
        for module in modules
        if module.subject in MODEL_SUBJECTS
        for line, value in _bare_numbers(module.tree, module.text)
    ]
    assert bare == []
