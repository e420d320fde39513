"""A study's own model: the one function ``evaluate`` in study.py, and modules beside it."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from virkestoff.effects import Ledger
from virkestoff.errors import Fault, InputError, VirkestoffError
from virkestoff.studies.case import Case

__all__ = ["Evaluate", "load_evaluate"]

Evaluate = Callable[[Case], Ledger]
_ENGINE = Path(__file__).resolve().parents[1]


def load_evaluate(folder: Path) -> Evaluate:
    """The function ``evaluate`` of ``study.py`` in ``folder``.

    A model that grows is split into modules beside ``study.py``, which it imports by
    ``from .name import ...``.

    A study's folder holds code: running a study runs it, so run only studies that you trust.

    Raises
    ------
    InputError
        if there is no such file or function, if it does not import, or takes other arguments.
    """
    path = folder / "study.py"
    where = f"{folder.name}/study.py"
    if not path.is_file():
        raise InputError(
            Fault(where, "does not exist", next_step="It must define: def evaluate(case)")
        )
    # The name carries the whole path, so that two studies of one name never share a module.
    name = f"virkestoff_study_{folder.name}_{sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(
        name, path, submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    for known in [n for n in sys.modules if n == name or n.startswith(f"{name}.")]:
        del sys.modules[known]  # a module that was edited since is read again
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        raise InputError(
            Fault(where, "cannot be loaded", why=f"{type(problem).__name__}: {problem}")
        ) from problem
    evaluate = getattr(module, "evaluate", None)
    if not callable(evaluate):
        raise InputError(Fault(where, "defines no function evaluate(case)"))
    if len(inspect.signature(evaluate).parameters) != 1:
        raise InputError(Fault(f"{where}: evaluate", "must take one argument, the case"))
    return _with_place(evaluate, path)


def _with_place(evaluate: Evaluate, path: Path) -> Evaluate:
    """``evaluate``, whose own errors name the line of the study; those of the engine pass."""

    folder = path.resolve().parent

    def placed(case: Case) -> Ledger:
        try:
            return evaluate(case)
        except VirkestoffError:
            raise
        except Exception as problem:
            frames = traceback.extract_tb(problem.__traceback__)
            files = [Path(f.filename).resolve() for f in frames]
            own = [i for i, file in enumerate(files) if file.parent == folder]
            below = frames[own[-1] + 1 :] if own else frames
            if any(Path(frame.filename).is_relative_to(_ENGINE) for frame in below):
                raise
            raise InputError(
                Fault(
                    f"{folder.name}/{files[own[-1]].name}:{frames[own[-1]].lineno}",
                    f"{type(problem).__name__}: {problem}",
                    why=f"alternative '{case.alternative}', {frames[own[-1]].line}",
                )
            ) from problem

    return placed
