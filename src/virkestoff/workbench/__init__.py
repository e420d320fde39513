"""The one face of the engine: what the command line, the hub and notebooks call.

>>> from virkestoff.workbench import Workbench
>>> bench = Workbench()
>>> bench.library.fact("evidence.exchange_rate.EUR").at(2019)
9.8511
"""

from virkestoff.workbench.bench import Finished, Workbench
from virkestoff.workbench.library import ScreenTable

__all__ = ["Finished", "ScreenTable", "Workbench"]
