"""What the study is about: substances, rings of countries, and sums over them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from virkestoff.studies import Case

LEAD = "phenoxymethylpenicillin_tablet"

PRODUCTS = {
    "penv": ["phenoxymethylpenicillin"],
    "narrow": [
        "phenoxymethylpenicillin",
        "benzylpenicillin",
        "dicloxacillin",
        "cloxacillin",
        "pivmecillinam",
    ],
}
RINGS = ("norway", "nordic", "eea")


def total(amounts: Iterable[np.ndarray], case: Case) -> np.ndarray:
    """The sum, zero if there is nothing."""
    return sum(amounts, np.zeros(case.shape))
