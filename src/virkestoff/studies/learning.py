"""What it is worth to decide in stages: nothing learned, a signal observed, everything known.

The stages are runs of the study whose further steps can be left out: the first run takes no
further step, each later one takes one step more. All values are those of the decision's outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError
from virkestoff.financing import bounds
from virkestoff.studies.decision_block import Stages

if TYPE_CHECKING:
    from virkestoff.studies.run import RunResult

__all__ = ["learning"]

Array = npt.NDArray[np.float64]


def learning(result: RunResult, stages: Stages, outcome: str, sign: float) -> dict[str, Any]:
    """Expected loss without learning, by the best rule on the signal, and with full learning.

    Parameters
    ----------
    sign : 1 where less of the outcome is better, else -1

    Raises
    ------
    InputError
        if the outcome or the signal is not defined in every draw.
    """
    values = np.stack([-sign * result.runs[run].outcomes[outcome] for run in stages.runs], axis=1)
    signal = result.runs[stages.runs[-1]].outcomes[stages.signal]
    if not (np.isfinite(values).all() and np.isfinite(signal).all()):
        where = "study.yaml: decision.stages"
        raise InputError(Fault(where, "the outcome or the signal is not defined in every draw"))
    signals = np.repeat(signal[:, None], values.shape[1] - 1, axis=1)
    found = bounds(values, signals)
    return {
        "runs": list(stages.runs),
        "signal": stages.signal,
        "fixed": stages.runs[found.fixed_steps],
        "no_learning": -sign * found.no_learning,
        "rule": -sign * found.rule,
        "full_learning": -sign * found.full_learning,
        "thresholds": [float(t) if np.isfinite(t) else None for t in found.thresholds],
    }
