"""A study's own model: the one function ``evaluate`` in study.py."""

from __future__ import annotations

import importlib.util
import inspect
import traceback
from collections.abc import Callable
from pathlib import Path

from virkestoff.effects import Ledger
from virkestoff.errors import Fault, InputError, VirkestoffError
from virkestoff.studies.case import Case

__all__ = ["Evaluate", "load_evaluate"]

Evaluate = Callable[[Case], Ledger]
_ENGINE = Path(__file__).resolve().parents[1]


def load_evaluate(folder: Path) -> Evaluate:
    """The function ``evaluate`` of ``study.py`` in ``folder``.

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
    # The name carries the folder so that two studies never share a module.
    spec = importlib.util.spec_from_file_location(f"virkestoff_study_{folder.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
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
    return _with_place(evaluate, path, where)


def _with_place(evaluate: Evaluate, path: Path, where: str) -> Evaluate:
    """``evaluate``, whose own errors name the line of ``study.py``; those of the engine pass."""

    model = path.resolve()

    def placed(case: Case) -> Ledger:
        try:
            return evaluate(case)
        except VirkestoffError:
            raise
        except Exception as problem:
            frames = traceback.extract_tb(problem.__traceback__)
            own = [i for i, f in enumerate(frames) if Path(f.filename).resolve() == model]
            below = frames[own[-1] + 1 :] if own else frames
            if any(Path(frame.filename).is_relative_to(_ENGINE) for frame in below):
                raise
            raise InputError(
                Fault(
                    f"{where}:{frames[own[-1]].lineno}",
                    f"{type(problem).__name__}: {problem}",
                    why=f"alternative '{case.alternative}', {frames[own[-1]].line}",
                )
            ) from problem

    return placed
