"""A study's model may have modules beside it; faults name the file where they lie.

Oracle: Python's own import of a package, and line numbers counted by hand.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from virkestoff.errors import InputError
from virkestoff.studies import load_evaluate
from virkestoff.studies.output import check_same_model, hashes_of


def folder_with(tmp_path: Path, **modules: str) -> Path:
    folder = tmp_path / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


CASE = cast(Any, SimpleNamespace(alternative="today"))


def test_a_model_may_import_a_module_beside_it(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path,
        study="from .parts import answer\n\ndef evaluate(case):\n    return answer()\n",
        parts="def answer():\n    return 42\n",
    )
    assert cast(Any, load_evaluate(folder)(CASE)) == 42
    (folder / "parts.py").write_text("def answer():\n    return 'other'\n", encoding="utf-8")
    assert cast(Any, load_evaluate(folder)(CASE)) == "other"


def test_two_folders_of_one_name_keep_their_own_modules(tmp_path: Path) -> None:
    text = "from .parts import X\n\ndef evaluate(case):\n    return X\n"
    one = folder_with(tmp_path / "a", study=text, parts="X = 1\n")
    two = folder_with(tmp_path / "b", study=text, parts="X = 2\n")
    first, second = load_evaluate(one), load_evaluate(two)
    assert (cast(Any, first(CASE)), cast(Any, second(CASE))) == (1, 2)


def test_a_fault_names_the_module_and_line(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path,
        study="from .parts import answer\n\ndef evaluate(case):\n    return answer()\n",
        parts="def answer():\n    return 1 / 0\n",
    )
    with pytest.raises(InputError, match=r"demo/parts\.py:2"):
        load_evaluate(folder)(CASE)


def test_results_of_an_earlier_model_are_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, study="def evaluate(case):\n    return 1\n")
    ran = {"inputs": hashes_of(folder)}
    check_same_model(folder, ran, tmp_path)
    folder_with(tmp_path, study="def evaluate(case):\n    return 2\n", more="")
    with pytest.raises(InputError, match=r"more\.py, study\.py differ"):
        check_same_model(folder, ran, tmp_path)
