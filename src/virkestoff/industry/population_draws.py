"""Random numbers of the synthetic companies, keyed by company and by what they are for.

One company more or less changes no other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.randomness import stream

__all__ = ["draws"]


def draws(seed: int, ids: list[str], purpose: str, n: int = 1) -> npt.NDArray[np.float64]:
    """Uniform numbers in (0, 1) of each company, shape (n_companies, n)."""
    rows = [stream(seed, "industry.population", i, purpose).random(n) for i in ids]
    return np.maximum(np.array(rows), np.finfo(np.float64).tiny)
