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


PER_COUNT = 4  # constant: numbers that Philox 4x64 makes of one step of its counter


def uniforms(
    seed: int, *key: str | int, size: tuple[int, ...], rows: tuple[int, int] | None = None
) -> npt.NDArray[np.float64]:
    """Uniform numbers in (0, 1) of the stream ``key``, shape ``size``.

    With ``rows`` only rows ``rows[0]`` to ``rows[1]`` (not included) are made, with the numbers
    that they have in the whole: the counter of the generator is set forward, so that a block of
    draws never makes what belongs to others.
    """
    tiny = float(np.finfo(np.float64).tiny)
    generator = stream(seed, *key)
    if rows is None:
        return np.maximum(generator.random(size), tiny)
    first, last = rows
    passed = first * int(np.prod(size[1:], dtype=np.int64))
    bits = generator.bit_generator
    assert isinstance(bits, np.random.Philox)
    bits.advance(passed // PER_COUNT)
    generator.random(passed % PER_COUNT)
    return np.maximum(generator.random((last - first, *size[1:])), tiny)


def stratified(seed: int, *key: str | int, n_draws: int) -> npt.NDArray[np.float64]:
    """One uniform per stratum in random order: a Latin hypercube column keyed by identity.

    ``u_i = (permutation_i + jitter_i) / n_draws``, shape (n_draws,). Each parameter has its own
    column, so adding a parameter changes no other column (McKay, Beckman and Conover 1979).
    """
    generator = stream(seed, "stratified", *key)
    order = generator.permutation(n_draws)
    jitter = np.maximum(generator.random(n_draws), np.finfo(np.float64).tiny)
    return (order + jitter) / n_draws
