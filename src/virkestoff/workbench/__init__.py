"""The one face of the engine: what the command line, the hub and notebooks call.

>>> from virkestoff.workbench import Workbench
>>> bench = Workbench()
>>> bench.library.fact("evidence.exchange_rate.EUR").at(2019)
9.8511
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virkestoff.workbench.library import ScreenTable

if TYPE_CHECKING:
    from virkestoff.workbench.bench import Finished, Workbench

__all__ = ["Finished", "ScreenTable", "Workbench"]


def __getattr__(name: str) -> Any:
    """The whole workbench is loaded when it is asked for: a part of it starts sooner alone."""
    if name in ("Finished", "Workbench"):
        from virkestoff.workbench import bench

        return getattr(bench, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
