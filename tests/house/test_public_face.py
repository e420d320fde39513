"""The public face is short, sorted, importable and documented.

Oracle: docs/conventions.md, "A public face".
"""

from __future__ import annotations

import ast
import importlib

import virkestoff


def _declared(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
                return [element.value for element in node.value.elts]
    return None


def test_the_package_names_what_it_offers() -> None:
    assert virkestoff.__all__ == sorted(virkestoff.__all__)  # elsewhere ruff sorts (RUF022)
    assert [name for name in virkestoff.__all__ if not hasattr(virkestoff, name)] == []
    assert virkestoff.__version__ == "0.1.0"  # the same as in pyproject.toml, see below


def test_the_version_is_the_one_of_the_distribution(checkout) -> None:
    assert f'version = "{virkestoff.__version__}"' in (checkout / "pyproject.toml").read_text()


def test_every_package_names_what_it_offers(modules) -> None:
    silent = [
        module.place
        for module in modules
        if module.path.name == "__init__.py"
        and module.subject != "cli"
        and any(isinstance(node, ast.ImportFrom) for node in module.tree.body)
        and _declared(module.tree) is None
    ]
    assert silent == []


def test_every_declared_name_is_importable(modules) -> None:
    wrong = []
    for module in modules:
        names = _declared(module.tree)
        if names is None:
            continue
        loaded = importlib.import_module(module.name)
        if len(set(names)) != len(names):
            wrong.append(f"{module.place}: a name twice in __all__")
        wrong += [f"{module.place}: {n} is not there" for n in names if not hasattr(loaded, n)]
    assert wrong == []


def test_every_module_and_public_name_has_a_docstring(modules) -> None:
    bare = []
    for module in modules:
        if not ast.get_docstring(module.tree):
            bare.append(module.place)
        for node in module.tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                bare.append(f"{module.place}:{node.lineno} {node.name}")
    assert bare == []
