"""What every part of the workbench stands on: a library, loaded once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from virkestoff.evidence import Library, LibraryPart, library_folder, load_library, use_library

__all__ = ["Bench", "ScreenTable"]

ScreenTable = tuple[str, list[str], list[list[str]], list[str]]
"""Title, columns, rows and notes of a table for the screen."""


class Bench:
    """A library.

    Parameters
    ----------
    library : folder with the library; default the one that came along
    """

    def __init__(self, library: Path | None = None) -> None:
        use_library(library)

    @cached_property
    def library(self) -> Library:
        """The library, loaded and checked."""
        return load_library(library_folder())

    def _part(self, part: LibraryPart) -> Library:
        """What is needed of the library; all of it where that is loaded already."""
        if "library" in self.__dict__:
            return self.library
        return load_library(library_folder(), part=part)
