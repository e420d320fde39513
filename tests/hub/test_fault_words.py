"""Every fault that the engine can raise before a reader of the site has Norwegian words.

The faults are found in the source of the engine, so that a new one without words fails here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import virkestoff
from virkestoff.errors import Fault

ROOT = Path(virkestoff.__file__).parent
MODULES = [
    *sorted((ROOT / "facilities").glob("*.py")),
    *sorted((ROOT / "instruments").glob("profile*.py")),
    ROOT / "studies" / "changes.py", ROOT / "studies" / "combinations.py",
]  # fmt: skip
STANDS_FOR = ("x", "3", "2027-01-01")
"""What is put where a message has a value; a number where the words ask for one."""
ENGLISH = re.compile(r"\b(is|the|not|does|may|must|own|write|of|a|has|lies|one|with|and)\b")


def _text(node: ast.expr, value: str) -> str:
    """The text of a literal; empty for what is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else value
                       for p in node.values)  # fmt: skip
    if isinstance(node, ast.BinOp):
        return _text(node.left, value) + _text(node.right, value)
    return ""


def _calls():
    """Place, what and next step of each call that makes a fault."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            at = f"{path.stem}:{node.lineno}"
            step = next((k.value for k in node.keywords if k.arg == "next_step"), None)
            if name == "ValueError" and node.args:
                yield at, node.args[0], None
            elif name == "Fault" or name.endswith("faults.add"):
                yield at, node.args[1], step or (node.args[3] if len(node.args) > 3 else None)
            elif name == "self.fault":
                yield at, node.args[1], node.args[2] if len(node.args) > 2 else None


def _found(part: int) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for at, *parts in _calls():
        texts = tuple(_text(parts[part], v) for v in STANDS_FOR) if parts[part] else ()
        if any(texts):
            found.append((at, texts))
    return found


WHAT, STEPS = _found(0), _found(1)


def test_the_walk_finds_what_is_there() -> None:
    assert len(WHAT) > 40
    assert len(STEPS) > 8
    assert any("does not rise" in texts[0] for _, texts in WHAT)


@pytest.mark.parametrize(("at", "texts"), WHAT, ids=[at for at, _ in WHAT])
def test_what_is_wrong_is_told_in_norwegian(at, texts) -> None:
    from virkestoff_hub.fault_words import norwegian

    said = [norwegian(text) for text in texts]
    assert any(said), (at, texts[0])
    assert not ENGLISH.search(re.sub("«.*?»", "", next(filter(None, said)))), said


@pytest.mark.parametrize(("at", "texts"), STEPS, ids=[at for at, _ in STEPS])
def test_what_to_do_is_told_in_norwegian(at, texts) -> None:
    from virkestoff_hub.fault_words import norwegian_step

    assert any(norwegian_step(text) for text in texts), (at, texts[0])


@pytest.mark.parametrize("what", [
    "'x' is none of a, b", "'x' is no number", "3 lies outside 1 to 2 month",
    "Input should be less than or equal to 1000000000000", "Field required",
    "Input should be a valid string", "List should have at most 6 items after validation, not 7",
])  # fmt: skip
def test_what_levers_and_shapes_refuse(what) -> None:
    from virkestoff_hub.fault_words import norwegian

    assert norwegian(what)


def test_a_page_never_repeats_the_engine_in_english() -> None:
    from virkestoff_hub.fault_words import in_words, told

    unknown = "has some quite new fault"
    assert in_words(unknown, "nb") == "Er ikke gyldig."
    assert in_words(unknown, "en") == "Has some quite new fault."
    assert unknown in told(Fault("x", unknown), "nb").why  # the API loses nothing
    assert in_words("Value error, 'to' is smaller than 'from'", "nb") == (
        "Det største er mindre enn det minste.")  # fmt: skip
