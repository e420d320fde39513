"""What a plant sells, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sales:
    """Sales of a plant, NOK (n_draws, n_years): at home, abroad, and the import it replaces.

    ``share`` is the part of the plant's market that it sells, shape (n_draws,); ``home_share`` the
    part of Norwegian need in full operation, shape (n_draws, 1).
    """

    home: np.ndarray
    abroad: np.ndarray
    replaced: np.ndarray
    share: np.ndarray
    home_share: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """At home and abroad."""
        return self.home + self.abroad
