"""Random numbers keyed by identity, never by the order of calls (convention 4).

A stream is named by a seed and words. The same name gives the same numbers whatever else has been
drawn, on any number of threads and for any block size, so that alternatives meet equal draws.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

__all__ = ["stratified", "stream", "uniforms"]


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """The generator that belongs to ``seed`` and ``key``.

    The key is hashed with SHA-256 to the 128-bit key of the counter-based generator Philox
    (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), so that streams of
    different names are independent.
    """
    name = "\x1f".join([str(seed), *(f"{type(part).__name__}:{part}" for part in key)])
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def uniforms(seed: int, *key: str | int, size: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Uniform numbers in (0, 1) of the stream ``key``, shape ``size``."""
    tiny = float(np.finfo(np.float64).tiny)
    return np.maximum(stream(seed, *key).random(size), tiny)


def stratified(seed: int, *key: str | int, n_draws: int) -> npt.NDArray[np.float64]:
    """One uniform per stratum in random order: a Latin hypercube column keyed by identity.

    ``u_i = (permutation_i + jitter_i) / n_draws``, shape (n_draws,). Each parameter has its own
    column, so adding a parameter changes no other column (McKay, Beckman and Conover 1979).
    """
    generator = stream(seed, "stratified", *key)
    order = generator.permutation(n_draws)
    jitter = np.maximum(generator.random(n_draws), np.finfo(np.float64).tiny)
    return (order + jitter) / n_draws
