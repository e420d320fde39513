"""Virkestoff: how a country builds and keeps production of medicines, with evidence in one chain."""

from virkestoff.errors import Fault, InputError, RangeWarning, VirkestoffError

__all__ = ["Fault", "InputError", "RangeWarning", "VirkestoffError"]
__version__ = "0.1.0"
