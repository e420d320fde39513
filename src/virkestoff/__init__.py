"""Virkestoff: how a country builds and keeps production of medicines, in one chain of evidence."""

from virkestoff.errors import Fault, InputError, RangeWarning, VirkestoffError

__all__ = ["Fault", "InputError", "RangeWarning", "VirkestoffError"]
__version__ = "0.1.0"
