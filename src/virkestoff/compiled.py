"""Loops over months, draws and cells, compiled to machine code.

An array operation over the draws of a block takes a pass through memory; a month of the supply
chain is hundreds of them. The same arithmetic written as plain loops and compiled reads and writes
each number once. The compiled function does the operations in the order that is written, without
fused or reordered floating point, so a draw has the same bits in any block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

__all__ = ["compiled"]

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled when it is first called with a kind of arguments.

    What was compiled is kept on disk and used again by later processes: beside the module, or in
    the user's cache where the module's folder cannot be written, or not at all where neither can.
    A kept function does not notice a change in another file, so compiled functions call only those
    of their own module.
    """
    try:
        made = numba.njit(cache=True, fastmath=False, error_model="numpy")(function)
    except RuntimeError:  # no folder to keep it in
        made = numba.njit(fastmath=False, error_model="numpy")(function)
    return cast("Callable[P, R]", made)
