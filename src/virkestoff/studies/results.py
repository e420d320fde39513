"""Results of a run: reduced, rounded to nine digits, and read back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError, suggest

__all__ = ["Summary", "dump_json", "ratio_of_means", "read_results", "rounded", "summarise"]

Array = npt.NDArray[np.float64]
DIGITS = 9
DEFINED = 0.9  # constant: share of draws that must be defined for a summary


@dataclass(frozen=True)
class Summary:
    """An outcome over all draws; draws where it is undefined are counted and left out.

    ``se`` is the standard error of the mean, ``sd / sqrt(n)``: with stratified draws it is an upper
    bound for an outcome that mostly adds up single facts. ``None`` for a single draw.
    """

    unit: str
    mean: float
    se: float | None
    p10: float
    p50: float
    p90: float
    n_undefined: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For results.json: undefined counts appear only where there are any."""
        plain: dict[str, Any] = {
            "unit": self.unit,
            "mean": self.mean,
            "p10": self.p10,
            "p50": self.p50,
            "p90": self.p90,
        }
        if self.se is not None:
            plain["se"] = self.se
        if self.n_undefined:
            plain["n_undefined"] = self.n_undefined
        return plain


def summarise(values: Array, unit: str) -> Summary | None:
    """Mean and percentiles of ``values`` (n_draws,).

    ``None`` if fewer than nine in ten draws are defined: a summary of the rest would describe only
    the draws in which all goes well.
    """
    defined = values[np.isfinite(values)]
    if defined.size < DEFINED * values.size or defined.size == 0:
        return None
    p10, p50, p90 = np.quantile(defined, [0.1, 0.5, 0.9])
    return Summary(
        unit,
        float(defined.mean()),
        float(defined.std(ddof=1) / math.sqrt(defined.size)) if defined.size > 1 else None,
        float(p10),
        float(p50),
        float(p90),
        int(values.size - defined.size),
    )


def ratio_of_means(numerator: Array, denominator: Array, unit: str) -> Summary | None:
    """The mean of one outcome over the mean of another, both (n_draws,).

    For costs per unit avoided: the mean of ratios has no finite value where some draws avoid
    nothing. It has no percentiles, so all three are the ratio itself; its standard error is that
    of ``numerator - ratio x denominator`` over the mean denominator (delta method). ``None`` where
    a draw is undefined, or the mean denominator is not above zero.
    """
    if not (np.isfinite(numerator).all() and np.isfinite(denominator).all()):
        return None
    below = float(denominator.mean())
    if below <= 0.0:
        return None
    ratio = float(numerator.mean()) / below
    n = numerator.size
    rest = numerator - ratio * denominator
    se = float(rest.std(ddof=1) / math.sqrt(n) / below) if n > 1 else None
    return Summary(unit, ratio, se, ratio, ratio, ratio)


def rounded(value: Any) -> Any:
    """``value`` with every float at nine significant digits; a float that is not finite raises."""
    if isinstance(value, Mapping):
        return {str(k): rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    if isinstance(value, np.floating | float):
        number = float(value)
        if not math.isfinite(number):
            raise InputError(Fault("results", "hold a number that is not finite"))
        return float(f"{number:.{DIGITS}g}") + 0.0  # -0.0 becomes 0.0
    if isinstance(value, np.integer):
        return int(value)
    return value


def dump_json(value: Any) -> str:
    """Rounded JSON text with fixed layout, so that equal results are equal bytes."""
    return json.dumps(rounded(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_results(path: Path) -> dict[str, Any]:
    """The results.json at ``path`` (a file, or the folder that holds it).

    Raises
    ------
    InputError
        if it is not there or is no results file.
    """
    file = path / "results.json" if path.is_dir() else path
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise InputError(
            Fault(
                str(file),
                "cannot be read",
                why=problem.strerror or "",
                next_step="Run the study first: virkestoff study run SLUG",
            )
        ) from None
    except ValueError:
        raise InputError(Fault(str(file), "is not readable JSON")) from None
    if not isinstance(data, dict) or "alternatives" not in data:
        raise InputError(Fault(str(file), "is no results file: it has no 'alternatives'"))
    return data


def outcome_of(results: Mapping[str, Any], name: str) -> tuple[str, str, Mapping[str, Any]]:
    """``alternative.outcome`` resolved in results: alternative, outcome, and its summary."""
    alternative, dot, outcome = name.partition(".")
    runs = {**results["alternatives"], **results.get("probes", {})}
    if alternative in runs and not dot:
        example = next(iter(runs[alternative]), "outcome")
        step = f"Write {alternative}.OUTCOME, such as {alternative}.{example}"
        raise InputError(Fault(f"'{name}'", "names no outcome", next_step=step))
    if alternative not in runs:
        raise InputError(
            Fault(
                f"'{name}'",
                "names no alternative of the study",
                next_step=suggest(alternative, runs) or "Write alternative.outcome",
            )
        )
    if outcome not in runs[alternative]:
        raise InputError(
            Fault(
                f"'{name}'",
                "is not an outcome of that alternative",
                next_step=suggest(outcome, runs[alternative]),
            )
        )
    return alternative, outcome, runs[alternative][outcome]
