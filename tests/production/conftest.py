"""The library's production and supply facts, loaded once for this folder."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from virkestoff.evidence import (
    CentralParameters,
    Library,
    SampledParameters,
    content_root,
    load_library,
)
from virkestoff.production import Processes, load_processes


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="session")
def processes(library: Library) -> Processes:
    return load_processes(library=library)


@pytest.fixture
def central(library: Library) -> CentralParameters:
    return CentralParameters(library, 2025)


@pytest.fixture
def sampled(library: Library) -> Callable[[int, int], SampledParameters]:
    """Draws of every fact, by seed and number."""

    def make(seed: int, n_draws: int) -> SampledParameters:
        generator = np.random.default_rng(seed)
        columns: dict[str, np.ndarray] = {}

        def column(fact_id: str) -> np.ndarray:
            if fact_id not in columns:
                columns[fact_id] = library.facts[fact_id].quantile(generator.random(n_draws))
            return columns[fact_id]

        return SampledParameters(library, 2025, None, column, n_draws)

    return make
