"""Where imported registers lie, and which snapshot of a kind is the one to use."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from virkestoff.errors import Fault, MissingFact
from virkestoff.evidence.snapshots import Held, read_holdings

__all__ = ["data_folder", "held", "holdings"]

VARIABLE = "VIRKESTOFF_DATA"


def data_folder(option: Path | None) -> Path:
    """The folder of imported data, outside the repository; it need not exist yet.

    ``option`` (``--data``) wins over the environment variable ``VIRKESTOFF_DATA``, which wins over
    the user's own data folder (``$XDG_DATA_HOME/virkestoff``, else ``~/.local/share/virkestoff``).
    """
    if option is not None:
        return option.expanduser()
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "virkestoff"


def holdings(folder: Path) -> list[Held]:
    """Every snapshot under ``folder``, by kind, date and hash; faults of a manifest are raised."""
    return read_holdings(folder)


def held(folder: Path, kind: str, on: date | None = None) -> Held:
    """The newest snapshot of ``kind`` whose date is not after ``on``.

    Raises
    ------
    MissingFact
        if there is none; it names the dates that are there.
    """
    of_kind = [h for h in read_holdings(folder) if h.manifest.kind == kind]
    fitting = [h for h in of_kind if on is None or h.manifest.as_of <= on]
    if fitting:
        return max(fitting, key=lambda h: (h.manifest.as_of, h.manifest.imported_at))
    dates = ", ".join(sorted(str(h.manifest.as_of) for h in of_kind))
    raise MissingFact(
        Fault(
            str(folder),
            f"holds no snapshot of '{kind}'" + (f" dated {on} or before" if on else ""),
            f"it holds {kind} of {dates}" if dates else "none of this kind has been imported",
            f"Run: virkestoff industry import FILE --kind {kind}",
        )
    )
